"""What sharing adds to the rail, to where a person stands, to what a suspension touches, and to what works are called."""

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from artists.agreements.standing import Ability, register_ability
from artists.consent.authors import register_authors
from artists.consent.works import MOST, register_titles
from artists.people.roles import Role
from artists.people.rules import signed_in
from portal.access import Actor
from portal.panels import NavItem, register_nav
from portal.program.reach import Reach, Target, register_reach
from portal.program.stopping import not_suspended
from portal.sweeps import register_sweep

from .models import Release
from .queries import authors_known, releases_public, requests_to_review
from .services import expire, record_shown, run_out, tell_rested
from .states import ReleaseState


def _waiting(actor: Actor) -> int:
    return requests_to_review(actor).count()


def _public_works(target: Target) -> dict[str, int]:
    """Works that are public are closed as long as what is suspended, and open again with its end: nothing is decided anew."""
    live = Release.objects.filter(state=ReleaseState.LIVE)
    if target.model:
        return {"releases": live.filter(request__clip__generation__model=target.model).count()}
    if target.token is not None:
        return {"releases": 0}
    return {"releases": live.filter(request__artist__in=target.artists()).count()}


def _titles(words: str, clips: Collection[UUID] | None) -> dict[UUID, str]:
    """Public works by what anybody reads on their pages."""
    rows = releases_public()
    if clips is not None:
        rows = rows.filter(request__clip__in=clips)
    if words:
        named = Q(request__title__icontains=words) | Q(request__credit__icontains=words)
        rows = rows.filter(named | Q(request__artist__name__icontains=words))
    return dict(rows.values_list("request__clip_id", "request__title")[:MOST])


ARTISTS = frozenset({Role.ARTIST})
register_reach(Reach("sharing", _public_works))
register_ability(Ability("share", _("Ask to share a work"), 20, ARTISTS, not_suspended, "sharing"))
register_ability(Ability("withdraw", _("Withdraw a public work"), 30, ARTISTS, signed_in, "sharing"))
register_nav(NavItem("sharing", _("Sharing"), "sharing", 30, ARTISTS))
register_nav(NavItem("review", _("Review"), "review_queue", 40, frozenset({Role.REVIEWER}), count=_waiting))
register_titles("sharing", _titles)
register_authors("sharing", authors_known)
register_sweep("sharing.tell_rested", tell_rested)
register_sweep("sharing.record_shown", record_shown)
register_sweep("sharing.run_out", run_out)
register_sweep("sharing.expire", expire)
