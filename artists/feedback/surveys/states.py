"""States of feedback forms, their versions and responses."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.machine import Move


class FormState(models.TextChoices):
    """A form; whether its window is open is read from its dates."""

    DRAFT = "draft", _("draft")
    OPEN = "open", _("published")
    ENDED = "ended", _("closed")


class VersionState(models.TextChoices):
    """The questions; once published they never change."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")


class ResponseState(models.TextChoices):
    """What one artist answered; a draft is read by nobody else."""

    DRAFT = "draft", _("draft")
    SENT = "sent", _("sent")


class QuestionKind(models.TextChoices):
    """What sort of answer a question takes."""

    SCALE = "scale", _("a scale")
    CHOICE = "choice", _("a choice")
    TEXT = "text", _("words")
    COMPARE = "compare", _("two takes, A or B")
    TIMECODE = "timecode", _("a moment of the film")


_F, _V, _R = FormState, VersionState, ResponseState
PUBLISH_FORM = Move.of("survey.publish_form", [_F.DRAFT], _F.OPEN)
PUBLISH = Move.of("survey.publish", [_V.DRAFT], _V.PUBLISHED)
END = Move.of("survey.end", [_F.OPEN], _F.ENDED)
REOPEN = Move.of("survey.reopen", [_F.ENDED], _F.OPEN)
SEND = Move.of("survey.send", [_R.DRAFT], _R.SENT)
