"""That staff looked at what is an artist's own: for a reason, for an hour, and never in secret."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .people import Person


class LookKind(models.TextChoices):
    """What is looked at."""

    PROMPTS = "prompts", _("prompts")
    PAGES = "pages", _("your pages, as you see them")


class Look(models.Model):
    """One look. The artist reads it on a page of their own, and was told when it began."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="looks")
    kind = models.CharField(max_length=10, choices=LookKind.choices)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    by_label = models.CharField(max_length=200)
    reason = models.CharField(max_length=300)
    at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=LookKind.values), name="people_look_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="people_look_has_reason"),
            models.CheckConstraint(condition=~Q(by=F("person")), name="people_look_by_another"),
            models.CheckConstraint(condition=Q(until__gt=F("at")), name="people_look_ends"),
        ]

    def __str__(self) -> str:
        return f"look {self.pk} at {self.kind}"
