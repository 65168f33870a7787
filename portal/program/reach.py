"""What a suspension touches: each subject registers how it counts its part, and how it stops it."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from artists.people.models import AccessToken, Person
from artists.people.roles import Role
from artists.people.states import TokenState

from .models import Cohort, Suspension
from .states import Scope


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be stopped: a scope, and the one thing it names (none for the whole program)."""

    scope: Scope
    token: AccessToken | None = None
    artist: Person | None = None
    cohort: Cohort | None = None
    model: str = ""

    @property
    def label(self) -> str:
        """In words, for a person who is about to stop it. Also what they type to confirm."""
        if self.token is not None:
            return self.token.prefix
        if self.artist is not None:
            return self.artist.email
        if self.cohort is not None:
            return self.cohort.slug
        return self.model or _("everything")

    def artists(self) -> QuerySet[Person]:
        """The artists it stops. A model stops nobody's other work: none."""
        everybody = Person.objects.filter(is_active=True, grants__role=Role.ARTIST)
        if self.token is not None:
            return everybody.filter(pk=self.token.person_id)
        if self.artist is not None:
            return Person.objects.filter(pk=self.artist.pk)
        if self.cohort is not None:
            return everybody.filter(membership__cohort=self.cohort)
        return everybody if self.scope == Scope.PROGRAM else everybody.none()


def target_of(suspension: Suspension) -> Target:
    """What a suspension stops."""
    return Target(Scope(suspension.scope), suspension.token, suspension.artist, suspension.cohort, suspension.model)


@dataclass(frozen=True, slots=True)
class Reach:
    """One subject's part. `counts` names what is hit; `stop` brings it to rest and may run twice."""

    name: str
    counts: Callable[[Target], dict[str, int]]
    stop: Callable[[Suspension], object] | None = None


_REACHES: dict[str, Reach] = {}


def register_reach(reach: Reach) -> None:
    """Add a subject's part."""
    _REACHES[reach.name] = reach


def reaches() -> list[Reach]:
    """All parts, by name."""
    return [_REACHES[name] for name in sorted(_REACHES)]


def reach_of(target: Target) -> dict[str, int]:
    """Who and what is hit, counted now. Payments are in no subject's part: money owed survives."""
    total: Counter[str] = Counter()
    for reach in reaches():
        total.update(reach.counts(target))
    return dict(total)


def _people_and_tokens(target: Target) -> dict[str, int]:
    artists = target.artists()
    if target.token is not None:
        return {"people": artists.count(), "tokens": 1}
    tokens = AccessToken.objects.filter(person__in=artists, state=TokenState.LIVE)
    return {"people": artists.count(), "tokens": tokens.count()}


register_reach(Reach("people", _people_and_tokens))
