"""States of an open letter and of a signature under it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.machine import Move


class LetterState(models.TextChoices):
    """Public is final: there is no move out of it."""

    DRAFT = "draft", _("draft")
    SEEKING = "seeking", _("seeks signatures")
    PUBLIC = "public", _("public")
    WITHDRAWN = "withdrawn", _("taken back")


class SignatureState(models.TextChoices):
    """Whether the name stands."""

    SIGNED = "signed", _("signed")
    TAKEN_BACK = "taken_back", _("taken back")


class ShownAs(models.TextChoices):
    """Under which of their names somebody signs."""

    NAME = "name", _("my name")
    CREDIT = "credit", _("my credit name")


_L, _S = LetterState, SignatureState
# What artists do among themselves is in the record without their names: the acts write it, not the machine.
OPEN = Move.of("letters.open", [_L.DRAFT], _L.SEEKING, recorded=False)
PUBLISH = Move.of("letters.publish", [_L.SEEKING], _L.PUBLIC)
WITHDRAW = Move.of("letters.withdraw", [_L.DRAFT, _L.SEEKING], _L.WITHDRAWN, recorded=False)
TAKE_BACK = Move.of("letters.take_back", [_S.SIGNED], _S.TAKEN_BACK, recorded=False)
SIGN_AGAIN = Move.of("letters.sign_again", [_S.TAKEN_BACK], _S.SIGNED, recorded=False)
