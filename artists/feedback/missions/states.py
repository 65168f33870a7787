"""States of a mission and of the places in it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.machine import Move


class MissionKind(models.TextChoices):
    """What is asked for."""

    TEST = "test", _("a test mission")
    INTERVIEW = "interview", _("an interview")


class MissionState(models.TextChoices):
    """Whether staff look for people; that its time is over is read from its date."""

    DRAFT = "draft", _("draft")
    POSTED = "posted", _("posted")
    ENDED = "ended", _("ended")


class PlaceState(models.TextChoices):
    """One artist's place."""

    TAKEN = "taken", _("taken")
    DELIVERED = "delivered", _("delivered")
    ANSWERED = "answered", _("answered, yours again")
    ACCEPTED = "accepted", _("accepted")
    GIVEN_BACK = "given_back", _("given back")


_M, _P = MissionState, PlaceState
POST = Move.of("mission.post", [_M.DRAFT], _M.POSTED)
END = Move.of("mission.end", [_M.POSTED], _M.ENDED)
DELIVER = Move.of("mission.deliver", [_P.TAKEN, _P.ANSWERED], _P.DELIVERED)
ANSWER = Move.of("mission.answer", [_P.DELIVERED], _P.ANSWERED)
ACCEPT = Move.of("mission.accept", [_P.DELIVERED], _P.ACCEPTED)
GIVE_BACK = Move.of("mission.give_back", [_P.TAKEN, _P.ANSWERED], _P.GIVEN_BACK)
HELD = (_P.TAKEN, _P.DELIVERED, _P.ANSWERED, _P.ACCEPTED)
