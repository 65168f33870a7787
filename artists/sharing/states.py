"""States of a share request, of a release and of a concern, and every way between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.machine import Move


class RequestState(models.TextChoices):
    """An artist asks; collaborators confirm; reviewers decide inside the clock; the artist may take it back at any time."""

    DRAFT = "draft", _("draft")
    WAITING = "waiting", _("waiting for collaborators")
    IN_REVIEW = "in_review", _("in review")
    QUESTION = "question", _("a question for the artist")
    ESCALATED = "escalated", _("late, with the program staff")
    RESTING = "resting", _("decided, not told yet")
    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")
    IN_APPEAL = "in_appeal", _("in appeal")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")


class CollaboratorState(models.TextChoices):
    """Nobody is credited, and nothing is sent to review, before everybody has confirmed."""

    ASKED = "asked", _("asked")
    CONFIRMED = "confirmed", _("confirmed")
    DECLINED = "declined", _("declined")


class ReleaseState(models.TextChoices):
    """The public result."""

    LIVE = "live", _("public")
    WITHDRAWN = "withdrawn", _("closed")


class ConcernState(models.TextChoices):
    """What somebody of the public reported about a release."""

    OPEN = "open", _("open")
    ANSWERED = "answered", _("answered")


_Q, _C, _R, _N = RequestState, CollaboratorState, ReleaseState, ConcernState

# A reviewer may decide on these; one open request per clip and scope is in one of OPEN.
DECIDABLE = (_Q.IN_REVIEW, _Q.ESCALATED)
OPEN = (
    _Q.DRAFT, _Q.WAITING, _Q.IN_REVIEW, _Q.QUESTION, _Q.ESCALATED, _Q.RESTING, _Q.APPROVED, _Q.IN_APPEAL,
)  # fmt: skip
# Somebody of the program works on these: the film is kept for them.
UNDER_REVIEW = (_Q.IN_REVIEW, _Q.QUESTION, _Q.ESCALATED, _Q.RESTING, _Q.IN_APPEAL)

SEND = Move.of("sharing.send", [_Q.DRAFT], _Q.WAITING)
ENTER = Move.of("sharing.enter", [_Q.DRAFT, _Q.WAITING], _Q.IN_REVIEW)
BACK_TO_DRAFT = Move.of("sharing.rewrite", [_Q.WAITING], _Q.DRAFT)
ASK_ARTIST = Move.of("sharing.question", [_Q.IN_REVIEW], _Q.QUESTION)
ANSWER = Move.of("sharing.answer", [_Q.QUESTION], _Q.IN_REVIEW)
REST_YES = Move.of("sharing.approve", DECIDABLE, _Q.RESTING)
REST_NO = Move.of("sharing.refuse", DECIDABLE, _Q.RESTING)
UNDO = Move.of("sharing.undo", [_Q.RESTING], _Q.IN_REVIEW)
UNDO_LATE = Move.of("sharing.undo", [_Q.RESTING], _Q.ESCALATED)
TELL_YES = Move.of("sharing.tell", [_Q.RESTING], _Q.APPROVED)
TELL_NO = Move.of("sharing.tell", [_Q.RESTING], _Q.REFUSED)
CLOCK_APPROVES = Move.of("sharing.clock", [_Q.IN_REVIEW], _Q.APPROVED)
CLOCK_ESCALATES = Move.of("sharing.clock", [_Q.IN_REVIEW], _Q.ESCALATED)
APPEAL = Move.of("sharing.appeal", [_Q.REFUSED], _Q.IN_APPEAL)
APPEAL_ENDED = Move.of("sharing.uphold", [_Q.IN_APPEAL], _Q.REFUSED)
OVERTURN = Move.of("sharing.overturn", [_Q.IN_APPEAL], _Q.APPROVED)
REVOKE = Move.of("sharing.revoke", [_Q.APPROVED], _Q.REFUSED)
WITHDRAW = Move.of("sharing.withdraw", OPEN, _Q.WITHDRAWN)
EXPIRE = Move.of("sharing.expire", [_Q.WAITING, _Q.QUESTION, _Q.APPROVED], _Q.EXPIRED)

CONFIRM = Move.of("sharing.confirm", [_C.ASKED], _C.CONFIRMED)
DECLINE = Move.of("sharing.decline", [_C.ASKED], _C.DECLINED)
ASK_ANEW = Move.of("sharing.ask_anew", [_C.CONFIRMED, _C.DECLINED], _C.ASKED)
TAKE_DOWN = Move.of("sharing.take_down", [_R.LIVE], _R.WITHDRAWN)
PUT_BACK = Move.of("sharing.put_back", [_R.WITHDRAWN], _R.LIVE)
ANSWER_CONCERN = Move.of("sharing.answer_concern", [_N.OPEN], _N.ANSWERED)
