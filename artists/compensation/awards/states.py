"""States of an award, of a grant round and of an application in it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.machine import Move


class AwardKind(models.TextChoices):
    """What is promised."""

    GRANT = "grant", _("a grant")
    FEE = "fee", _("a fee")
    BATCH = "batch", _("contributions")


class Purpose(models.TextChoices):
    """What the money is for, as tax offices ask it; the program says which, the portal never decides it."""

    GRANT = "grant", _("grant")
    WORK = "work", _("fee for work")
    EXPENSES = "expenses", _("expenses")


class AwardState(models.TextChoices):
    """Whose turn it is."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("waits for approval")
    APPROVED = "approved", _("approved")
    WITHDRAWN = "withdrawn", _("withdrawn")
    DECLINED = "declined", _("declined")
    VOID = "void", _("ended; what was not paid went back")
    CLOSED = "closed", _("paid in full")


class Verdict(models.TextChoices):
    """What an approver says."""

    YES = "yes", _("approved")
    NO = "no", _("declined")


class RoundState(models.TextChoices):
    """Where a grant round stands; that its time is over is read from its date."""

    DRAFT = "draft", _("draft")
    OPEN = "open", _("open")
    DECIDED = "decided", _("decided")
    CANCELLED = "cancelled", _("cancelled")


class ApplicationState(models.TextChoices):
    """One artist's application."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("handed in")
    WITHDRAWN = "withdrawn", _("withdrawn")
    GRANTED = "granted", _("chosen")
    DECLINED = "declined", _("not chosen")


_A, _R, _P = AwardState, RoundState, ApplicationState
SUBMIT = Move.of("award.submit", [_A.DRAFT], _A.SUBMITTED)
RETURN = Move.of("award.change", [_A.SUBMITTED], _A.DRAFT)
WITHDRAW = Move.of("award.withdraw", [_A.DRAFT, _A.SUBMITTED], _A.WITHDRAWN)
DECLINE = Move.of("award.decline", [_A.SUBMITTED], _A.DECLINED)
APPROVE = Move.of("award.approve", [_A.SUBMITTED], _A.APPROVED)
VOID = Move.of("award.void", [_A.APPROVED], _A.VOID)
CLOSE = Move.of("award.close", [_A.APPROVED], _A.CLOSED)
REOPEN = Move.of("award.reopen", [_A.CLOSED], _A.APPROVED)
OPEN_ROUND = Move.of("round.open", [_R.DRAFT], _R.OPEN)
DECIDE_ROUND = Move.of("round.decide", [_R.OPEN], _R.DECIDED)
CANCEL_ROUND = Move.of("round.cancel", [_R.DRAFT, _R.OPEN], _R.CANCELLED)
HAND_IN = Move.of("application.hand_in", [_P.DRAFT, _P.WITHDRAWN], _P.SUBMITTED)
TAKE_BACK = Move.of("application.take_back", [_P.SUBMITTED], _P.WITHDRAWN)
CHOOSE = Move.of("application.choose", [_P.SUBMITTED], _P.GRANTED)
LEAVE_OUT = Move.of("application.leave_out", [_P.SUBMITTED], _P.DECLINED)
# Until the round is decided nobody was told, and a choice can be made anew.
RECONSIDER = Move.of("application.reconsider", [_P.GRANTED, _P.DECLINED], _P.SUBMITTED)
