"""Missions and interviews, and the places artists take in them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from artists.feedback.missions.states import HELD, MissionKind, MissionState, PlaceState
from portal.program.models import Cohort


class Mission(models.Model):
    """What is to be done, how long it takes, what it pays, for how many, until when."""

    kind = models.CharField(max_length=10, choices=MissionKind.choices)
    state = models.CharField(max_length=10, choices=MissionState.choices, default=MissionState.DRAFT)
    title = models.CharField(max_length=120)
    about = models.TextField(help_text="what is to be done, and what is to be delivered")
    hours = models.DecimalField(max_digits=5, decimal_places=2, help_text="how long it takes at most")
    contribution = models.CharField(max_length=60, help_text="kind of contribution in the tariff")
    places = models.PositiveSmallIntegerField()
    closes_at = models.DateTimeField(help_text="until then a place can be taken")
    cohorts = models.ManyToManyField(Cohort, blank=True, related_name="+", help_text="none: every cohort")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_label = models.CharField(max_length=200)
    made_at = models.DateTimeField(auto_now_add=True)
    posted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=MissionKind.values), name="feedback_mission_kind_known"),
            models.CheckConstraint(condition=Q(state__in=MissionState.values), name="feedback_mission_state_known"),
            models.CheckConstraint(condition=Q(places__gte=1, places__lte=500), name="feedback_mission_has_places"),
            models.CheckConstraint(condition=Q(hours__gt=0, hours__lte=200), name="feedback_mission_hours"),
            models.CheckConstraint(
                condition=Q(state=MissionState.DRAFT) | Q(posted_at__isnull=False), name="feedback_mission_posted_when"
            ),
        ]
        indexes = [models.Index(fields=["state", "closes_at"], name="feedback_missions_open")]

    def __str__(self) -> str:
        return f"mission {self.pk}"


class MissionPlace(models.Model):
    """One place: who took it, what was delivered, in how many hours, and what staff said. Seats are numbered from 1."""

    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="taken")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="mission_places")
    seat = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=PlaceState.choices, default=PlaceState.TAKEN)
    text = models.TextField(blank=True)
    links = models.JSONField(default=list)
    hours = models.DecimalField(max_digits=5, decimal_places=2, null=True, help_text="as the artist recorded them")
    accepted_hours = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    reply = models.TextField(blank=True)
    taken_at = models.DateTimeField()
    delivered_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["taken_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PlaceState.values), name="feedback_place_state_known"),
            models.CheckConstraint(condition=Q(seat__gte=1), name="feedback_place_counted_from_1"),
            models.UniqueConstraint(
                fields=["mission", "seat"], condition=Q(state__in=HELD), name="feedback_one_person_on_a_seat"
            ),
            models.UniqueConstraint(
                fields=["mission", "person"], condition=Q(state__in=HELD), name="feedback_one_seat_for_a_person"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PlaceState.DELIVERED, PlaceState.ACCEPTED])
                | Q(delivered_at__isnull=False, hours__isnull=False),
                name="feedback_place_delivered_when",
            ),
        ]
        indexes = [models.Index(fields=["state", "delivered_at"], name="feedback_places_waiting")]

    def __str__(self) -> str:
        return f"place {self.seat} in mission {self.mission_id}"
