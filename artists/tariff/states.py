"""States of a version of the tariff."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.machine import Move


class TariffState(models.TextChoices):
    """Written as a draft, then in force from its date until a later one is."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")


PUBLISH = Move.of("tariff.publish", [TariffState.DRAFT], TariffState.PUBLISHED)
