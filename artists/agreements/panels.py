"""What agreements add to the rail, and to the list of what is kept of somebody who leaves."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from artists.people.roles import Role
from portal.access import Actor
from portal.panels import NavItem, Panel, register_nav, register_panel

from .queries import signatures_of, unsigned_by

STAFF = frozenset({Role.STAFF, Role.OPERATOR})


def _to_sign(actor: Actor) -> int:
    return unsigned_by(actor).count()


def _kept(actor: Actor) -> dict[str, Any]:
    return {
        "what": _("What you signed, as text and PDF"),
        "count": signatures_of(actor).count(),
        "why": _("It proves to both sides what was agreed, also after the end. You can save it at any time."),
    }


register_nav(NavItem("agreement", gettext_lazy("Agreement"), "agreement", 70, frozenset({Role.ARTIST}), count=_to_sign))
register_nav(NavItem("agreements", gettext_lazy("Agreements"), "agreements", 64, STAFF))
register_panel(Panel("leave", "signatures", "program/kept.html", 10, _kept))
