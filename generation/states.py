"""States of a generation, a take and a reservation, and every way between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.machine import Move


class GenerationState(models.TextChoices):
    """One request to render a storyboard."""

    QUEUED = "queued", _("queued")
    RENDERING = "rendering", _("rendering")
    PAUSED = "paused", _("paused")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    REFUSED = "refused", _("refused")
    CANCELLED = "cancelled", _("cancelled")


class TakeState(models.TextChoices):
    """One rendered shot: the row that a worker claims."""

    WAITING = "waiting", _("waiting for the shot before it")
    QUEUED = "queued", _("queued")
    RENDERING = "rendering", _("rendering")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")


class ReservationState(models.TextChoices):
    """Quota held for a generation."""

    HELD = "held", _("held")
    SETTLED = "settled", _("settled")
    RETURNED = "returned", _("returned")


_G, _T, _R = GenerationState, TakeState, ReservationState
UNDER_WAY = (_G.QUEUED, _G.RENDERING, _G.PAUSED)
ENDED = (_G.DONE, _G.FAILED, _G.REFUSED, _G.CANCELLED)

START = Move.of("generation.start", [_G.QUEUED], _G.RENDERING)
PAUSE = Move.of("generation.pause", [_G.QUEUED, _G.RENDERING], _G.PAUSED)
RESUME = Move.of("generation.resume", [_G.PAUSED], _G.QUEUED)
FINISH = Move.of("generation.finish", [_G.QUEUED, _G.RENDERING], _G.DONE)
FAIL = Move.of("generation.fail", UNDER_WAY, _G.FAILED)
REFUSE = Move.of("generation.refuse", UNDER_WAY, _G.REFUSED)
CANCEL = Move.of("generation.cancel", UNDER_WAY, _G.CANCELLED)

# Takes move many times a minute; the generation they belong to is what the record keeps.
CLAIM_TAKE = Move.of("generation.claim_take", [_T.QUEUED], _T.RENDERING, recorded=False)
READY_TAKE = Move.of("generation.ready_take", [_T.WAITING], _T.QUEUED, recorded=False)
HAND_BACK_TAKE = Move.of("generation.hand_back_take", [_T.RENDERING], _T.QUEUED, recorded=False)
FINISH_TAKE = Move.of("generation.finish_take", [_T.RENDERING], _T.DONE, recorded=False)
FAIL_TAKE = Move.of("generation.fail_take", [_T.RENDERING], _T.FAILED, recorded=False)
DROP_TAKE = Move.of("generation.drop_take", [_T.WAITING, _T.QUEUED, _T.RENDERING], _T.CANCELLED, recorded=False)

SETTLE = Move.of("generation.settle", [_R.HELD], _R.SETTLED, recorded=False)
RETURN = Move.of("generation.return", [_R.HELD], _R.RETURNED, recorded=False)


class TrainingTerms(models.TextChoices):
    """What a work's files say about training, in the words of CAWG's training and data mining assertion."""

    NOT_ALLOWED = "notAllowed", _("not allowed")
    CONSTRAINED = "constrained", _("allowed under conditions")
    ALLOWED = "allowed", _("allowed")
