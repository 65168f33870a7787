"""One rendered shot: the unit of work, of resume after a crash, and of re-rendering."""

from django.conf import settings
from django.db import models

from generation.states import TakeState
from portal.storage.models import StoredFile

from .generations import Generation
from .storyboards import Follows, ReferenceImage


class Take(models.Model):
    """The row a worker claims: by compare-and-set, with a lease that runs out and a fence that only grows."""

    generation = models.ForeignKey(Generation, on_delete=models.CASCADE, related_name="takes")
    position = models.PositiveSmallIntegerField()
    model = models.CharField(max_length=80, help_text="copied from the generation: a worker claims what it can render")
    artist = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prompt = models.TextField()
    frames = models.PositiveIntegerField()
    seed = models.BigIntegerField()
    follows = models.CharField(max_length=10, choices=Follows.choices, default=Follows.CUT)
    reference = models.ForeignKey(ReferenceImage, on_delete=models.PROTECT, null=True, related_name="+")

    state = models.CharField(max_length=10, choices=TakeState.choices, default=TakeState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    fence = models.PositiveIntegerField(default=0, help_text="grows with each claim: a late writer has an old one")
    owner = models.CharField(max_length=120, blank=True)
    lease_until = models.DateTimeField(null=True)
    phase = models.CharField(max_length=20, blank=True)
    step = models.PositiveIntegerField(default=0)
    steps = models.PositiveIntegerField(default=0)

    film = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    work_ms = models.PositiveIntegerField(default=0, help_text="how long the finishing attempt worked")
    error_code = models.CharField(max_length=60, blank=True)
    error_reason = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering = ["generation_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["generation", "position"], name="generation_take_in_place"),
            models.CheckConstraint(condition=models.Q(state__in=TakeState.values), name="generation_take_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state=TakeState.DONE) | models.Q(film__isnull=False),
                name="generation_take_done_has_film",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=TakeState.RENDERING) | models.Q(lease_until__isnull=False),
                name="generation_take_rendering_has_lease",
            ),
        ]
        # Not partial: SQLite cannot tell that a bound parameter meets the condition of a partial index.
        indexes = [
            models.Index(fields=["state", "artist"], name="generation_takes_by_state"),
            models.Index(fields=["model", "state", "-ended_at"], name="generation_takes_by_model"),
        ]

    def __str__(self) -> str:
        return f"take {self.position} of {str(self.generation_id)[:8]}"


class Turn(models.Model):
    """When an artist was last given a worker: what makes the queue fair."""

    artist = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    served_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"turn of {self.artist_id}"
