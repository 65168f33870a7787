"""An appeal, with both texts and the clock."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from .states import DECIDED, AppealState


class Appeal(models.Model):
    """One person's appeal against one act. What the act said is copied: it stays readable when the act has changed."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="appeals")
    kind = models.CharField(max_length=40, help_text="the subject that registered what can be appealed")
    key = models.CharField(max_length=80, help_text="the act, as its subject names it")
    act = models.CharField(max_length=300, help_text="what was decided, in words")
    act_reason = models.TextField(blank=True, help_text="the reason that was given")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    made_by_label = models.CharField(max_length=200, help_text="who decided, as the record names them")
    text = models.TextField(help_text="why it is wrong")
    state = models.CharField(max_length=12, choices=AppealState.choices, default=AppealState.OPEN)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    overdue_told_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AppealState.values), name="appeals_state_known"),
            models.UniqueConstraint(fields=["person", "kind", "key"], name="appeals_one_for_each_act"),
            models.CheckConstraint(condition=~Q(text=""), name="appeals_says_why"),
            models.CheckConstraint(
                condition=(Q(state__in=DECIDED, decided_by__isnull=False, decided_at__isnull=False) & ~Q(answer=""))
                | (~Q(state__in=DECIDED) & Q(decided_by=None)),
                name="appeals_decided_with_an_answer",
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None)
                | (~Q(decided_by=F("person")) & (Q(made_by=None) | ~Q(decided_by=F("made_by")))),
                name="appeals_decided_by_somebody_else",
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(state=AppealState.OPEN), name="appeals_open")]

    def __str__(self) -> str:
        return f"appeal {self.pk}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self.state == AppealState.OPEN

    @property
    def is_overdue(self) -> bool:
        """Whether the promised time has passed without an answer."""
        return self.is_open and self.due_at < timezone.now()
