"""What open letters add to the rail, today, leaving, status, and to where a person stands."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from artists.agreements.standing import Ability, register_ability
from artists.people.roles import Role
from artists.people.rules import signed_in
from portal.access import Actor
from portal.panels import NavItem, Panel, register_nav, register_panel, register_status

from . import queries
from .status import letter_counts

ARTISTS = frozenset({Role.ARTIST})
STAFF = frozenset({Role.STAFF, Role.OPERATOR})


def _today(actor: Actor) -> dict[str, Any] | None:
    """Public letters that nobody has answered."""
    count = queries.unanswered_count(actor)
    return {"count": count} if count else None


def _kept(actor: Actor) -> dict[str, Any] | None:
    count = queries.letters_kept_of(actor)
    if not count:
        return None
    return {
        "what": _("Public open letters with your name"),
        "count": count,
        "why": _(
            "They stay public, for the others who signed. You can take your name off a letter you signed at any time."
        ),
    }


register_nav(NavItem("letters", gettext_lazy("Open letters"), "open_letters", 52, ARTISTS))
register_nav(
    NavItem("staff_letters", gettext_lazy("Open letters"), "staff_letters", 63, STAFF, count=queries.unanswered_count)
)
register_panel(Panel("today", "letters", "feedback/letters/today_panel.html", 35, _today))
register_panel(Panel("leave", "letters", "program/kept.html", 60, _kept))
register_status("letters", letter_counts)
register_ability(
    Ability("letters", gettext_lazy("Write and sign open letters"), 60, ARTISTS, signed_in, "open_letters")
)
