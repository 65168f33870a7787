"""What critique adds to staff's today, to status and to the sweep. Everything counts weeks that are over."""

from typing import Any

from artists.feedback.models import Critique, CritiqueWeek
from artists.people.roles import Role
from portal.access import Actor
from portal.panels import Panel, register_panel, register_status
from portal.sweeps import register_sweep

from .queries import texts_public, unanswered
from .services import publish_weeks


def _today(actor: Actor) -> dict[str, Any] | None:
    """Texts that wait for a public answer."""
    if not (actor.holds(Role.STAFF) or actor.holds(Role.OPERATOR)):
        return None
    count = unanswered(actor)
    return {"count": count} if count else None


def critique_counts() -> dict[str, Any]:
    """How many texts are public, how many of them have an answer, in how many weeks."""
    public: Any = texts_public()
    return {
        "texts": public.count(),
        "answered": public.exclude(answer="").count(),
        "withheld": public.exclude(withheld="").count(),
        "weeks": CritiqueWeek.objects.filter(pk__in=Critique.objects.values("week")).exclude(state="open").count(),
    }


register_panel(Panel("today", "critique", "feedback/critique/today_panel.html", 70, _today))
register_status("critique", critique_counts)
register_sweep("critique.publish", publish_weeks)
