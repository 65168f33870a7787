"""The kinds of notices, in a few families: each subject registers its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from artists.people.roles import Role
from portal.panels import Words

ARTISTS = frozenset({Role.ARTIST})
DESKS = frozenset({Role.REVIEWER, Role.STAFF, Role.OPERATOR})
EVERYBODY = frozenset(Role)
# Mail of no kind of notice: the digest, which can be stopped as a whole.
DIGEST = "notices.digest"


class Delivery(models.TextChoices):
    """How a notice also goes out as mail; the inbox has it in every case."""

    NOW = "now", _("at once")
    DAILY = "daily", _("in the daily digest")
    NEVER = "never", _("not by mail")


@dataclass(frozen=True, slots=True)
class Family:
    """Kinds that are chosen together; `roles` says whom they concern, where a kind does not say it itself."""

    name: str
    label: Words
    order: int
    roles: frozenset[str]


FILMS = Family("films", _("Your films"), 10, ARTISTS)
SHARING = Family("sharing", _("Showing your works in public"), 20, ARTISTS)
CONSENT = Family("consent", _("Uses of your works"), 30, ARTISTS)
PAY = Family("pay", _("What you earn and are paid"), 35, ARTISTS)
VOICE = Family("voice", _("Feedback, bugs, letters and gatherings"), 40, EVERYBODY)
STANDING = Family("standing", _("Your access, agreements and appeals"), 50, EVERYBODY)
DESK = Family("desk", _("What waits for you to act on"), 60, DESKS)
OTHER = Family("other", _("Everything else"), 90, EVERYBODY)


@dataclass(frozen=True, slots=True)
class Sample:
    """What a notice of a kind says, for the preview and its test; the words of the real one with made-up names."""

    title: Words
    body: Words = ""
    url: str = "/inbox/"
    button: Words = ""
    fill: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of notice.

    `default` holds until a person chooses. A `binding` kind is always mailed at once and says `why`; an `urgent` one does not
    wait for the end of quiet hours. `concerns` says whom, where it differs from the family.
    """

    name: str
    label: Words
    family: Family = OTHER
    default: Delivery = Delivery.NOW
    binding: bool = False
    why: Words = ""
    urgent: bool = False
    concerns: frozenset[str] | None = None
    sample: Sample | None = None

    @property
    def roles(self) -> frozenset[str]:
        """Whom it concerns."""
        return self.family.roles if self.concerns is None else self.concerns


_KINDS: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Add a kind of notice."""
    _KINDS[kind.name] = kind


def kind_called(name: str) -> Kind:
    """The kind of this name. Raises KeyError: telling something unregistered is a mistake in the code."""
    return _KINDS[name]


def known_kind(name: str) -> Kind | None:
    """The kind of this name as somebody sent it; None when there is none."""
    return _KINDS.get(name)


def kinds() -> list[Kind]:
    """All kinds, by name."""
    return [_KINDS[name] for name in sorted(_KINDS)]


def families(of: list[Kind]) -> list[tuple[Family, list[Kind]]]:
    """These kinds by their families, both in their order."""
    found: dict[Family, list[Kind]] = {}
    for kind in sorted(of, key=lambda one: (one.family.order, one.family.name)):
        found.setdefault(kind.family, []).append(kind)
    return list(found.items())
