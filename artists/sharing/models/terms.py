"""The terms under which requests are decided: the clock and its consequence, and how the grounds are worded."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from artists.sharing.grounds import Ground

MOST_HOURS = 24 * 30


class Consequence(models.TextChoices):
    """What happens when the clock runs out before anybody decided."""

    APPROVED = "approved", _("the work is approved")
    ESCALATED = "escalated", _("it goes to the program staff, and both sides are told")


class Terms(models.Model):
    """One published version; the newest holds for requests sent from then on, never for those sent before."""

    hours = models.PositiveSmallIntegerField(default=72, help_text="of the clock")
    consequence = models.CharField(max_length=10, choices=Consequence.choices, default=Consequence.APPROVED)
    working_days = models.JSONField(default=list, help_text="0 is Monday; an empty list counts every day")
    holidays = models.JSONField(default=list, help_text="days that do not count, as 2026-12-25")
    zone = models.CharField(max_length=60, default="UTC", help_text="in which a day begins and ends")
    since = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_label = models.CharField(max_length=200)

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(consequence__in=Consequence.values), name="sharing_consequence_known"),
            models.CheckConstraint(condition=Q(hours__gte=1, hours__lte=MOST_HOURS), name="sharing_clock_runs"),
        ]

    def __str__(self) -> str:
        return f"terms {self.pk}: {self.hours} h, then {self.consequence}"

    @property
    def days_in_words(self) -> str:
        """The days that count, by name."""
        if not self.working_days:
            return str(_("every day"))
        return ", ".join(str(WEEKDAYS[day]) for day in sorted(self.working_days))


class GroundWording(models.Model):
    """How this program words a ground of the closed list. There is no row that could add one."""

    ground = models.CharField(max_length=20, choices=Ground.choices, unique=True)
    definition = models.TextField()
    example = models.TextField(blank=True)
    by_label = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ground__in=Ground.values), name="sharing_wording_of_a_ground"),
            models.CheckConstraint(condition=~Q(definition=""), name="sharing_wording_says_something"),
            models.CheckConstraint(
                condition=~Q(definition__icontains="critici")
                & ~Q(definition__icontains="critiq")
                & ~Q(example__icontains="critici")
                & ~Q(example__icontains="critiq"),
                name="sharing_criticism_is_no_ground",
            ),
        ]

    def __str__(self) -> str:
        return self.ground
