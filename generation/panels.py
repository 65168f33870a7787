"""What generation adds to the rail, to what cohorts may be allowed, and to what is kept of somebody who leaves."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from artists.agreements.standing import Ability, register_ability
from artists.people.roles import Role
from artists.people.rules import signed_in
from portal.access import Actor
from portal.panels import NavItem, Panel, register_nav, register_panel
from portal.program.catalogue import Offer, register_offers

from .gate import may_generate
from .queries import clips_visible_to
from .registry import models

ARTISTS = frozenset({Role.ARTIST})
register_ability(Ability("make", _("Make films"), 0, ARTISTS, may_generate, "studio"))
register_ability(Ability("keep", _("Look at my works and save them"), 10, ARTISTS, signed_in, "library"))
register_nav(NavItem("studio", _("Studio"), "studio", 10, ARTISTS))
register_nav(NavItem("library", _("Library"), "library", 20, ARTISTS))


def _offers() -> list[Offer]:
    return [Offer(one.name, one.title, tuple(f"{width}x{height}" for width, height in one.sizes)) for one in models()]


def _kept(actor: Actor) -> dict[str, Any]:
    return {
        "what": gettext("Your films and what they were made from"),
        "count": clips_visible_to(actor).count(),
        "why": gettext("They are yours: only you see them, and you can save them also after you left."),
    }


register_offers("generation", _offers)
register_panel(Panel("leave", "films", "program/kept.html", 20, _kept))
