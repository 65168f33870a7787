"""Who comes, and who waits for a seat."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from artists.gatherings.states import SeatState

from .gatherings import Gathering


class Seat(models.Model):
    """One person's answer. Whoever has a seat has a chair of their own, so that no two can have the last one."""

    gathering = models.ForeignKey(Gathering, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="seats")
    state = models.CharField(max_length=8, choices=SeatState.choices, default=SeatState.WAITING)
    chair = models.PositiveSmallIntegerField(null=True, help_text="1 to the capacity, each once; empty: no seat")
    asked_at = models.DateTimeField(help_text="whoever asked first is next")
    seated_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    day_told_for = models.DateTimeField(null=True, help_text="the beginning of which they were reminded a day before")
    hour_told_for = models.DateTimeField(null=True, help_text="likewise an hour before")
    attended = models.BooleanField(null=True, help_text="whether they came; empty: nobody has said")
    attended_by_label = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=SeatState.values), name="gatherings_seat_state_known"),
            models.UniqueConstraint(fields=["gathering", "person"], name="gatherings_one_seat_each"),
            models.UniqueConstraint(fields=["gathering", "chair"], name="gatherings_chair_once"),
            models.CheckConstraint(
                condition=Q(state=SeatState.SEATED, chair__isnull=False, chair__gte=1)
                | (~Q(state=SeatState.SEATED) & Q(chair__isnull=True)),
                name="gatherings_seated_on_a_chair",
            ),
            models.CheckConstraint(
                condition=Q(attended__isnull=True) | Q(state=SeatState.SEATED), name="gatherings_seated_came"
            ),
        ]
        indexes = [
            models.Index(fields=["gathering", "state", "asked_at"], name="gatherings_next_in_line"),
            models.Index(fields=["person", "state"], name="gatherings_seats_of"),
        ]

    def __str__(self) -> str:
        return f"seat of {self.person_id}: {self.state}"
