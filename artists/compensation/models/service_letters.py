"""Letters of service: what somebody did for the program, as it stood on a day, for visas, grants and tax."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class ServiceLetter(models.Model):
    """One letter; whoever has its code can check that it is ours and what it says."""

    code = models.CharField(max_length=20, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="service_letters")
    since = models.DateField()
    until = models.DateField()
    facts = models.JSONField(help_text="what the letter says; the page that checks it shows the same")
    digest = models.CharField(max_length=64, help_text="of the facts")
    made_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(condition=Q(until__gte=F("since")), name="pay_letter_of_a_period"),
        ]

    def __str__(self) -> str:
        return f"letter {self.code}"
