"""What forms add to the rail, home, what is kept of somebody who leaves, and status."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from artists.agreements.standing import Ability, register_ability
from artists.feedback.missions.queries import yours_to_deliver
from artists.feedback.models import FeedbackForm, Response
from artists.people.roles import Role
from artists.people.rules import signed_in
from artists.tariff.queries import price_of
from portal.access import Actor
from portal.panels import NavItem, Panel, register_nav, register_panel, register_status

from .queries import forms_waiting_for, open_forms, responses_of
from .states import ResponseState

ARTISTS = frozenset({Role.ARTIST})
STAFF = frozenset({Role.STAFF, Role.OPERATOR})
SHOWN = 3


def _missions_taken(actor: Actor) -> int:
    """Missions lie behind the same line of the rail, and wait for a delivery; forms are optional and wait for nobody."""
    return yours_to_deliver(actor).count()


def _home(actor: Actor) -> dict[str, Any] | None:
    """Open forms, each said to be optional with what it pays."""
    waiting = list(forms_waiting_for(actor)[:SHOWN]) if actor.holds(Role.ARTIST) else []
    return {"rows": [(one, price_of(one.contribution)) for one in waiting]} if waiting else None


def _kept(actor: Actor) -> dict[str, Any]:
    return {
        "what": gettext("What you answered to feedback forms"),
        "count": responses_of(actor).count(),
        "why": gettext("The program keeps what you sent. Drafts stay yours. Anonymous critique cannot be found again."),
    }


def survey_counts() -> dict[str, Any]:
    """How many forms are open, and how many responses were sent."""
    return {
        "open_forms": open_forms(FeedbackForm.objects.all()).count(),
        "responses": Response.objects.filter(state=ResponseState.SENT).count(),
    }


register_nav(NavItem("feedback", _("Feedback"), "feedback", 40, ARTISTS, count=_missions_taken))
register_nav(NavItem("staff_feedback", _("Feedback"), "staff_feedback", 62, STAFF))
register_panel(Panel("home", "feedback_forms", "feedback/surveys/home_panel.html", 80, _home))
register_panel(Panel("leave", "feedback", "program/kept.html", 60, _kept))
register_status("feedback_forms", survey_counts)
register_ability(
    Ability("feedback", _("Answer feedback forms, all of them optional"), 45, ARTISTS, signed_in, "feedback")
)
