"""The finished film of a generation: what can be shared."""

import uuid
from fractions import Fraction

from django.conf import settings
from django.db import models

from generation.states import TrainingTerms
from portal.storage.models import StoredFile

from .generations import Generation


class Clip(models.Model):
    """One file, with its poster and filmstrip. `film` is the private unmarked master."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    generation = models.OneToOneField(Generation, on_delete=models.PROTECT, related_name="clip")
    artist = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="clips")
    title = models.CharField(max_length=160)
    film = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    poster = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    filmstrip = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    filmstrip_columns = models.PositiveSmallIntegerField()
    filmstrip_every = models.PositiveSmallIntegerField(help_text="frames between two tiles")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    frames = models.PositiveIntegerField()
    fps_numerator = models.PositiveIntegerField()
    fps_denominator = models.PositiveIntegerField(default=1)
    stack = models.UUIDField(default=uuid.uuid4, help_text="films of one storyboard lie in one stack, see stacks.py")
    starred = models.BooleanField(default=False)
    training = models.CharField(
        max_length=12,
        choices=TrainingTerms.choices,
        default=TrainingTerms.NOT_ALLOWED,
        help_text="what files that leave from now on say about training; consent decides it",
    )
    made_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, help_text="in the bin since; restored until it is erased")
    erased_at = models.DateTimeField(null=True, help_text="its files are gone for good since; the row is what is left")

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | models.Q(deleted_at__isnull=False),
                name="generation_erased_was_deleted",
            ),
            models.CheckConstraint(
                condition=models.Q(training__in=TrainingTerms.values), name="generation_training_known"
            ),
        ]
        indexes = [
            models.Index(fields=["artist", "deleted_at", "-made_at", "-id"], name="generation_clips_newest"),
            models.Index(fields=["artist", "starred", "-made_at", "-id"], name="generation_clips_starred"),
            models.Index(fields=["artist", "stack", "deleted_at", "-made_at", "-id"], name="generation_clips_stack"),
            models.Index(fields=["erased_at", "deleted_at"], name="generation_clips_in_bin"),
            models.Index(
                fields=["training"],
                condition=~models.Q(training=TrainingTerms.NOT_ALLOWED),
                name="generation_clips_trainable",
            ),
        ]

    def __str__(self) -> str:
        return f"clip {str(self.pk)[:8]}"

    @property
    def fps(self) -> Fraction:
        """Frames per second, exactly."""
        return Fraction(self.fps_numerator, self.fps_denominator)

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.frames * self.fps_denominator / self.fps_numerator
