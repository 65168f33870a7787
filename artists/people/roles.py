"""The four roles of a program."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """A person may hold several; what each may do is in the rules."""

    ARTIST = "artist", _("artist")
    REVIEWER = "reviewer", _("reviewer")
    STAFF = "staff", _("program staff")
    OPERATOR = "operator", _("operator")
