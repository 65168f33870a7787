"""States of what is asked, answered and given."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.machine import Move


class AskedState(models.TextChoices):
    """One work in a consent request."""

    OPEN = "open", _("waiting for an answer")
    GIVEN = "given", _("given")
    DECLINED = "declined", _("declined")
    LAPSED = "lapsed", _("no answer, so no")
    WITHDRAWN = "withdrawn", _("no longer asked")


class AnswerState(models.TextChoices):
    """What one author said."""

    WAITING = "waiting", _("no answer yet")
    YES = "yes", _("yes")
    NO = "no", _("no")


class ConsentState(models.TextChoices):
    """Whether it was taken back. That its time has come or is over needs no state: it is read from its dates."""

    GIVEN = "given", _("given")
    WITHDRAWN = "withdrawn", _("withdrawn")


_A, _S, _C = AskedState, AnswerState, ConsentState
SAY_YES = Move.of("consent.say_yes", [_S.WAITING], _S.YES)
SAY_NO = Move.of("consent.say_no", [_S.WAITING], _S.NO)
GIVE = Move.of("consent.give", [_A.OPEN], _A.GIVEN)
DECLINE = Move.of("consent.decline", [_A.OPEN], _A.DECLINED)
NARROW_OUT = Move.of("consent.narrow_out", [_A.OPEN], _A.DECLINED)
LAPSE = Move.of("consent.lapse", [_A.OPEN], _A.LAPSED)
TAKE_BACK = Move.of("consent.take_back", [_A.OPEN], _A.WITHDRAWN)
WITHDRAW = Move.of("consent.withdraw", [_C.GIVEN], _C.WITHDRAWN)
