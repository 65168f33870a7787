"""Seconds of film: how much an artist has used today, and what is held for a generation."""

from django.conf import settings
from django.db import models

from generation.states import ReservationState

from .generations import Generation


class Allowance(models.Model):
    """One artist's day (UTC). The limit itself belongs to the cohort."""

    artist = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="allowances")
    day = models.DateField()
    held_ms = models.PositiveBigIntegerField(default=0)
    spent_ms = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["artist", "day"], name="generation_one_allowance_a_day"),
            models.CheckConstraint(
                condition=models.Q(held_ms__gte=0, spent_ms__gte=0), name="generation_allowance_not_negative"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.artist_id} on {self.day}"


class Reservation(models.Model):
    """What a generation holds of an allowance: settled or given back exactly once."""

    generation = models.OneToOneField(Generation, on_delete=models.PROTECT, related_name="reservation")
    allowance = models.ForeignKey(Allowance, on_delete=models.PROTECT, related_name="reservations")
    amount_ms = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=ReservationState.choices, default=ReservationState.HELD)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=ReservationState.values), name="generation_reservation_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount_ms} ms for {self.generation_id}"
