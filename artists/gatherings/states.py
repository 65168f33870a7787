"""States of a gathering and of somebody's seat at it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.machine import Move


class GatheringState(models.TextChoices):
    """That it is over needs no state: it is read from its end."""

    PLANNED = "planned", _("planned")
    CANCELLED = "cancelled", _("cancelled")


class SeatState(models.TextChoices):
    """Where one person stands."""

    WAITING = "waiting", _("on the waiting list")
    SEATED = "seated", _("has a seat")
    GIVEN_UP = "given_up", _("given up")


_S = SeatState
CANCEL = Move.of("gatherings.cancel", [GatheringState.PLANNED], GatheringState.CANCELLED)
SEAT = Move.of("gatherings.seat", [_S.WAITING], _S.SEATED)
GIVE_UP = Move.of("gatherings.give_up", [_S.WAITING, _S.SEATED], _S.GIVEN_UP)
ASK_AGAIN = Move.of("gatherings.ask_again", [_S.GIVEN_UP], _S.WAITING)
