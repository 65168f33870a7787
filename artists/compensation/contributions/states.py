"""States of a contribution and of a dispute about one."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.machine import Move


class ContributionState(models.TextChoices):
    """Where a contribution stands; what became of its award is read from the award."""

    UNPAID = "unpaid", _("counted, unpaid")
    EARNED = "earned", _("earned")
    AWARDED = "awarded", _("in an award")


class DisputeState(models.TextChoices):
    """Whether somebody has answered."""

    OPEN = "open", _("waits for an answer")
    ANSWERED = "answered", _("answered")
    WITHDRAWN = "withdrawn", _("withdrawn")


_C, _D = ContributionState, DisputeState
TAKE_INTO_AWARD = Move.of("contribution.award", [_C.EARNED], _C.AWARDED)
LET_GO = Move.of("contribution.let_go", [_C.AWARDED], _C.EARNED)
ANSWER = Move.of("dispute.answer", [_D.OPEN], _D.ANSWERED)
WITHDRAW = Move.of("dispute.withdraw", [_D.OPEN], _D.WITHDRAWN)
