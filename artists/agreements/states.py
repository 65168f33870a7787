"""States of an agreement version."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.machine import Move


class VersionState(models.TextChoices):
    """A version is written as a draft, then in force from its date until a later one is."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")


PUBLISH = Move.of("agreements.publish", [VersionState.DRAFT], VersionState.PUBLISHED)
