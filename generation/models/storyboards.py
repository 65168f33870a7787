"""What an artist writes: a storyboard of shots."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.storage.models import StoredFile


class Follows(models.TextChoices):
    """How a shot follows the one before it."""

    CUT = "cut", _("cut")
    CONTINUE = "continue", _("continue from its last frame")


class ReferenceImage(models.Model):
    """A picture an artist gave as the first frame of a shot; re-encoded by us, metadata removed."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reference_images")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    made_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"reference image {self.pk}"


class Storyboard(models.Model):
    """An ordered list of shots, as last written."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="storyboards")
    title = models.CharField(max_length=160, blank=True)
    model = models.CharField(max_length=80, blank=True, help_text="empty: the program's default")
    size = models.CharField(max_length=20, blank=True, help_text='"WxH"; empty: the model\'s first')
    look = models.CharField(max_length=80, blank=True)
    version = models.PositiveIntegerField(default=1, help_text="grows with each change: a late writer has an old one")
    saved_by = models.CharField(max_length=64, blank=True, help_text="which open page wrote it last")
    made_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-changed_at", "-pk"]
        constraints = [
            # An open page that asks twice to keep its first text (the answer was lost) means one storyboard.
            models.UniqueConstraint(
                fields=["owner", "saved_by"],
                condition=~models.Q(saved_by=""),
                name="generation_one_page_one_storyboard",
            )
        ]
        indexes = [
            models.Index(fields=["owner", "-changed_at"], name="generation_storyboards_newest"),
            models.Index(
                fields=["deleted_at"],
                condition=models.Q(deleted_at__isnull=False),
                name="generation_storyboards_deleted",
            ),
        ]

    def __str__(self) -> str:
        return f"storyboard {self.pk}"


class Shot(models.Model):
    """One shot: what is seen, for how long, and how it follows the one before."""

    storyboard = models.ForeignKey(Storyboard, on_delete=models.CASCADE, related_name="shots")
    position = models.PositiveSmallIntegerField()
    prompt = models.TextField()
    milliseconds = models.PositiveIntegerField()
    seed = models.BigIntegerField(null=True, blank=True, help_text="kept for every film; empty: drawn anew")
    drawn = models.BigIntegerField(null=True, blank=True, help_text="the seed of the last film made from it")
    follows = models.CharField(max_length=10, choices=Follows.choices, default=Follows.CUT)
    reference = models.ForeignKey(ReferenceImage, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["storyboard", "position"], name="generation_shot_in_place"),
            models.CheckConstraint(condition=models.Q(follows__in=Follows.values), name="generation_follows_known"),
        ]

    def __str__(self) -> str:
        return f"shot {self.position} of {self.storyboard_id}"
