"""States of a week of critique, and the closed list of grounds for which a text is withheld."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.machine import Move


class WeekState(models.TextChoices):
    """While a week runs its texts are read by nobody; when it is over they are public together."""

    OPEN = "open", _("running")
    OVER = "over", _("over")


class Withheld(models.TextChoices):
    """Why a text is not shown. Criticism of the program or the model is never among them."""

    PERSON = "person", _("It attacks or exposes a private person")
    LAW = "law", _("Publishing it would be against the law")
    SPAM = "spam", _("It is advertising or says nothing")


PUBLISH = Move.of("critique.publish", [WeekState.OPEN], WeekState.OVER)
