"""States of the program and of a cohort."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.machine import Move


class Doors(models.TextChoices):
    """Whether new work may begin."""

    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


OPEN_PROGRAM = Move.of("program.open", [Doors.CLOSED], Doors.OPEN)
CLOSE_PROGRAM = Move.of("program.close", [Doors.OPEN], Doors.CLOSED)
OPEN_COHORT = Move.of("program.open_cohort", [Doors.CLOSED], Doors.OPEN)
CLOSE_COHORT = Move.of("program.close_cohort", [Doors.OPEN], Doors.CLOSED)


class LeavingState(models.TextChoices):
    """Leaving becomes final by its date; until then it can be undone, and later only an invitation brings back."""

    ASKED = "asked", _("leaving")
    UNDONE = "undone", _("undone")
    RETURNED = "returned", _("came back")


UNDO_LEAVING = Move.of("program.undo_leaving", [LeavingState.ASKED], LeavingState.UNDONE)
RETURN_TO_PROGRAM = Move.of("program.return", [LeavingState.ASKED], LeavingState.RETURNED)


class Scope(models.TextChoices):
    """What a suspension stops, from the narrowest to the widest."""

    TOKEN = "token", _("an access token")
    ARTIST = "artist", _("an artist")
    COHORT = "cohort", _("a cohort")
    MODEL = "model", _("a model")
    PROGRAM = "program", _("the whole program")


class Running(models.TextChoices):
    """What becomes of films that are being made."""

    FINISH = "finish", _("let them finish")
    STOP = "stop", _("stop them")


class SuspensionState(models.TextChoices):
    """Whether it stops anybody."""

    IN_FORCE = "in_force", _("in force")
    ENDED = "ended", _("ended")


class SuspensionEnd(models.TextChoices):
    """How it came to its end."""

    RESUMED = "resumed", _("ended by a person")
    EXPIRED = "expired", _("its date came")
    UNRATIFIED = "unratified", _("no second person ratified it in time")
    UNCONFIRMED = "unconfirmed", _("nobody confirmed it for a day")


_S = SuspensionState
RESUME = Move.of("program.resume", [_S.IN_FORCE], _S.ENDED)
EXPIRE = Move.of("program.expire", [_S.IN_FORCE], _S.ENDED)
