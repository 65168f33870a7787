"""Named collections of clips; a clip may lie in several."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower

from generation.limits import LONGEST_NAME

from .clips import Clip


class Collection(models.Model):
    """One artist's own, under a name."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="collections")
    name = models.CharField(max_length=LONGEST_NAME)
    clips = models.ManyToManyField(Clip, through="Collected", related_name="collections")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = [Lower("name"), "pk"]
        constraints = [models.UniqueConstraint("owner", Lower("name"), name="generation_one_collection_per_name")]

    def __str__(self) -> str:
        return f"collection {self.pk}"


class Collected(models.Model):
    """That a clip lies in a collection."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="collected")
    clip = models.ForeignKey(Clip, on_delete=models.CASCADE, related_name="collected")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["collection", "clip"], name="generation_collected_once")]

    def __str__(self) -> str:
        return f"{self.clip_id} in {self.collection_id}"
