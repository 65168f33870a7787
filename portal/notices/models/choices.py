"""What a person chooses about mail: per kind, and when."""

from datetime import time

from django.conf import settings
from django.db import models

from portal.notices.hours import Quiet
from portal.notices.kinds import Delivery

MORNING = time(8)


class MailChoice(models.Model):
    """How one kind of notice is mailed to one person; without a row, as its kind was registered."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_choices")
    kind = models.CharField(max_length=60)
    delivery = models.CharField(max_length=10, choices=Delivery.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="notices_one_choice_per_kind"),
            models.CheckConstraint(condition=models.Q(delivery__in=Delivery.values), name="notices_delivery_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}: {self.delivery}"


class MailHours(models.Model):
    """When mail reaches one person, by the clock of their zone; without a row, as the fields begin."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mail_hours")
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_to = models.TimeField(null=True, blank=True)
    digest = models.BooleanField(default=True, help_text="whether the daily digest is sent at all")
    digest_at = models.TimeField(default=MORNING)
    digest_due_at = models.DateTimeField(null=True, blank=True, help_text="when the next one is looked for")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(quiet_from=None, quiet_to=None)
                | (
                    models.Q(quiet_from__isnull=False, quiet_to__isnull=False)
                    & ~models.Q(quiet_from=models.F("quiet_to"))
                ),
                name="notices_quiet_hours_whole",
            ),
        ]
        indexes = [models.Index(fields=["digest_due_at"], name="notices_digest_due")]

    def __str__(self) -> str:
        return f"mail hours of {self.person_id}"

    @property
    def quiet(self) -> Quiet | None:
        """Its quiet hours, if there are any."""
        if self.quiet_from is None or self.quiet_to is None:
            return None
        return Quiet(self.quiet_from, self.quiet_to)
