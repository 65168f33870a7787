"""States of a bug report, in words a person understands, and every way between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.machine import Move


class BugState(models.TextChoices):
    """From received to an answer; whatever has ended can come back."""

    RECEIVED = "received", _("received")
    REPRODUCED = "reproduced", _("reproduced")
    PLANNED = "planned", _("planned")
    FIXED = "fixed", _("fixed")
    WONT_FIX = "wont_fix", _("will not be fixed")
    DUPLICATE = "duplicate", _("reported before")


class Severity(models.TextChoices):
    """What it does to whoever meets it."""

    BLOCKS = "blocks", _("I cannot go on")
    WRONG = "wrong", _("The result is wrong")
    HINDERS = "hinders", _("There is a way around it")
    LOOKS = "looks", _("It only looks wrong")


_B = BugState
OPEN = (_B.RECEIVED, _B.REPRODUCED, _B.PLANNED)
ENDED = (_B.FIXED, _B.WONT_FIX, _B.DUPLICATE)
# Found to be a bug: from here on it counts as a contribution.
ACCEPTED = (_B.REPRODUCED, _B.PLANNED, _B.FIXED)

REPRODUCE = Move.of("bugs.reproduce", [_B.RECEIVED, _B.PLANNED], _B.REPRODUCED)
PLAN = Move.of("bugs.plan", [_B.RECEIVED, _B.REPRODUCED], _B.PLANNED)
FIX = Move.of("bugs.fix", OPEN, _B.FIXED)
DECLINE = Move.of("bugs.decline", OPEN, _B.WONT_FIX)
MERGE = Move.of("bugs.merge", [*OPEN, _B.WONT_FIX], _B.DUPLICATE)
REOPEN = Move.of("bugs.reopen", ENDED, _B.RECEIVED)

# What staff choose on the board; merging needs the other report and has a form of its own.
STEPS = {_B.RECEIVED: REOPEN, _B.REPRODUCED: REPRODUCE, _B.PLANNED: PLAN, _B.FIXED: FIX, _B.WONT_FIX: DECLINE}
