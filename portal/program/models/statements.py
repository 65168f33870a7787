"""What reviewers state for a cohort."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .cohorts import Cohort


class StatementKind(models.TextChoices):
    """What a reviewer states before seeing the requests of a cohort."""

    CONFIDENTIALITY = "confidentiality", _("confidentiality")
    CONFLICTS = "conflicts", _("conflicts of interest")


class Statement(models.Model):
    """What a reviewer stated for a cohort, in their own typed words and under their typed name. The newest one holds."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="statements")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="statements")
    kind = models.CharField(max_length=16, choices=StatementKind.choices)
    words = models.TextField(help_text="the exact text that was agreed to or typed")
    typed_name = models.CharField(max_length=160)
    stated_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-stated_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=StatementKind.values), name="statement_kind_known"),
            models.CheckConstraint(
                condition=~models.Q(words="") & ~models.Q(typed_name=""), name="statement_has_words_and_name"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} statement {self.pk}"
