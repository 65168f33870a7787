"""The uses a program may ask for, and the places they may be at."""

import re

from django.db import models
from django.utils.translation import gettext_lazy as _

WORLD = "world"
_COUNTRY = re.compile(r"[A-Z]{2}")


class UseKind(models.TextChoices):
    """One consent is for one of these; nothing else is ever implied."""

    CREDIT = "credit", _("Name the artist")
    SHOWCASE = "showcase", _("Show on the program's own site")
    SOCIAL = "social", _("Show on social media")
    PRESS = "press", _("Give to the press")
    SCREENING = "screening", _("Show at a screening")
    RESEARCH = "research", _("Use in research and publications")
    TRAINING = "training", _("Train a model with it")


SAYS = {
    UseKind.CREDIT: _("The program names you as one of its artists, with the credit line you choose."),
    UseKind.SHOWCASE: _(
        "The film plays on the program's own showcase page. Withdrawn, it is gone at the next request."
    ),
    UseKind.SOCIAL: _("The film, or parts of it, are posted on accounts of the program."),
    UseKind.PRESS: _("The film, or stills of it, are given to journalists to print and show."),
    UseKind.SCREENING: _("The film is shown in a room, with an audience, by the program or its partners."),
    UseKind.RESEARCH: _("The film, its prompts and figures about them may appear in papers and talks."),
    UseKind.TRAINING: _("The film and its prompts may be among the data a model learns from."),
}

# What a withdrawal cannot reach, said before anybody agrees and again when they withdraw.
CANNOT_BE_UNDONE = {
    UseKind.CREDIT: _("What was printed or quoted by others stays as it is."),
    UseKind.SHOWCASE: _("Copies that visitors saved cannot be called back."),
    UseKind.SOCIAL: _("The program deletes its posts within 7 days; what others copied or shared stays with them."),
    UseKind.PRESS: _(
        "What was printed or broadcast stays; the program asks for removal of what is online within 7 days."
    ),
    UseKind.SCREENING: _("Screenings that have taken place cannot be undone; announced ones are called off."),
    UseKind.RESEARCH: _("Published papers stay as they are; nothing new is published with it."),
    UseKind.TRAINING: _(
        "A model that has learned from it cannot unlearn it; no training that begins later includes it."
    ),
}

# Days within which what is still reachable stops after a withdrawal; 0 is the next request.
STOPS_WITHIN_DAYS = {
    UseKind.CREDIT: 7,
    UseKind.SHOWCASE: 0,
    UseKind.SOCIAL: 7,
    UseKind.PRESS: 7,
    UseKind.SCREENING: 1,
    UseKind.RESEARCH: 1,
    UseKind.TRAINING: 0,
}


def places_valid(places: list[str]) -> bool:
    """Whether this is the world, or countries by their two letters (ISO 3166-1 alpha-2)."""
    if places == [WORLD]:
        return True
    return bool(places) and all(_COUNTRY.fullmatch(one) for one in places)


def covers(places: list[str], place: str) -> bool:
    """Whether somewhere lies inside these places. The world is only inside the world."""
    return WORLD in places or place in places


def both(one: list[str], other: list[str]) -> list[str]:
    """Where both hold; empty where they never do."""
    if WORLD in one:
        return sorted(other)
    if WORLD in other:
        return sorted(one)
    return sorted(set(one) & set(other))
