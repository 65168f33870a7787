"""What cohorts add to the rail, and to the list of what is kept of somebody who leaves."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from artists.people.roles import Role
from portal.access import Actor
from portal.panels import NavItem, Panel, register_nav, register_panel

from .queries import statements_missing


def _record(actor: Actor) -> dict[str, Any]:
    del actor
    return {
        "what": _("The record of who did what"),
        "why": _(
            "Each entry proves the one before it; taking one out would show as tampering. It holds no prompt and no film."
        ),
    }


STAFF = frozenset({Role.STAFF, Role.OPERATOR})
register_nav(NavItem("cohorts", gettext_lazy("Cohorts"), "cohorts", 61, STAFF))
register_nav(
    NavItem(
        "statements",
        gettext_lazy("Statements"),
        "statements",
        72,
        frozenset({Role.REVIEWER}),
        count=statements_missing,
    )
)
register_nav(NavItem("my_cohort", gettext_lazy("My cohort"), "my_cohort", 74, frozenset({Role.ARTIST})))
register_panel(Panel("leave", "record", "program/kept.html", 90, _record))
