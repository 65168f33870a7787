"""Cohorts, and who is in which."""

from django.conf import settings
from django.db import models

from portal.program.states import Doors


class Cohort(models.Model):
    """A group of artists with its own doors and quota."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=120)
    state = models.CharField(max_length=10, choices=Doors.choices, default=Doors.CLOSED)
    state_reason = models.CharField(max_length=300, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True, help_text="nothing is made before; empty: at once")
    ends_at = models.DateTimeField(null=True, blank=True, help_text="nothing is made after; empty: no end set")
    allowed_models = models.JSONField(default=list, blank=True, help_text="names of the models; empty: all")
    allowed_sizes = models.JSONField(default=list, blank=True, help_text="sizes, as 448x256; empty: all")
    daily_seconds = models.PositiveIntegerField(default=120, help_text="seconds of film per artist and day (UTC)")
    total_seconds = models.PositiveIntegerField(null=True, blank=True, help_text="seconds of film per artist in all")
    daily_gpu_seconds = models.PositiveIntegerField(null=True, blank=True, help_text="GPU-seconds per artist and day")
    total_gpu_seconds = models.PositiveIntegerField(null=True, blank=True, help_text="GPU-seconds per artist in all")
    at_once = models.PositiveSmallIntegerField(default=4, help_text="generations one artist may have under way")
    wall = models.BooleanField(default=False, help_text="artists of the cohort may show their works to each other")
    pay = models.CharField(max_length=300, blank=True, help_text="what is paid and what is not, in one sentence")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(state__in=Doors.values), name="cohort_state_known"),
            models.CheckConstraint(
                condition=models.Q(starts_at__isnull=True)
                | models.Q(ends_at__isnull=True)
                | models.Q(ends_at__gt=models.F("starts_at")),
                name="cohort_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """That an artist is in a cohort; one cohort at a time."""

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="membership")
    cohort = models.ForeignKey(Cohort, on_delete=models.PROTECT, related_name="memberships")
    since = models.DateTimeField(auto_now_add=True)
    daily_seconds = models.PositiveIntegerField(
        null=True, blank=True, help_text="instead of the cohort's; empty: as it"
    )
    on_wall = models.BooleanField(default=False, help_text="shows works to the artists of the same cohort")

    def __str__(self) -> str:
        return f"{self.person_id} in {self.cohort_id}"
