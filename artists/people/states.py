"""States of an access token."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.machine import Move


class TokenState(models.TextChoices):
    """Whether it may be used at all; expiry, budget and suspension are asked besides."""

    LIVE = "live", _("live")
    REVOKED = "revoked", _("revoked")


REVOKE = Move.of("people.revoke_token", [TokenState.LIVE], TokenState.REVOKED)


class TokenScope(models.TextChoices):
    """What a token may be used for; it never carries another role than the artist's."""

    MAKE = "films.make", _("make films")
    READ = "films.read", _("read and save films")
    ACCOUNT = "account.read", _("read quota and standing")
    SHARE = "works.share", _("ask to share films, and take them back")
    LEDGER = "ledger.read", _("read what is earned and paid")
