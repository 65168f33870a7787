"""Where a work may be shown."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """Kinds of places a work is shown at; an artist names one or more."""

    OWN_SITE = "own_site", _("My own site or portfolio")
    SOCIAL = "social", _("Social media")
    FESTIVAL = "festival", _("A festival or screening")
    EXHIBITION = "exhibition", _("An exhibition")
    PRESS = "press", _("Press or a talk")
    TEACHING = "teaching", _("Teaching or research")
    CLIENT = "client", _("A commission for a client")
    OTHER = "other", _("Somewhere else")


def scope_of(channels: list[str], destination: str) -> str:
    """One key for the same places, in whatever order and case they were named: a clip is asked for once per scope."""
    return f"{','.join(sorted(set(channels)))}|{' '.join(destination.casefold().split())}"[:400]
