"""The public result of an approved request, and what the public reports about it."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils import timezone

from artists.sharing.states import ConcernState, ReleaseState

from .requests import ShareRequest


class Release(models.Model):
    """Has a page, an address and downloads. Whether it is seen is asked anew at every request, see rules.py."""

    request = models.OneToOneField(ShareRequest, on_delete=models.PROTECT, related_name="release")
    slug = models.SlugField(max_length=80, unique=True)
    state = models.CharField(max_length=10, choices=ReleaseState.choices, default=ReleaseState.LIVE)
    released_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-released_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReleaseState.values), name="sharing_release_state_known")
        ]
        indexes = [models.Index(fields=["state", "-released_at"], name="sharing_newest_public")]

    def __str__(self) -> str:
        return self.slug


def concern_key() -> str:
    """What nobody can guess: the address under which a report's answer is read."""
    return secrets.token_urlsafe(18)


class Concern(models.Model):
    """Somebody of the public says what is wrong with a release. They need no account; the answer is under `key`."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="concerns")
    key = models.CharField(max_length=40, unique=True, default=concern_key)
    text = models.TextField()
    email = models.EmailField(blank=True, help_text="only to be told of the answer")
    state = models.CharField(max_length=10, choices=ConcernState.choices, default=ConcernState.OPEN)
    at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by_label = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ConcernState.values), name="sharing_concern_state_known"),
            models.CheckConstraint(condition=~Q(text=""), name="sharing_concern_says_something"),
            models.CheckConstraint(
                condition=Q(state=ConcernState.OPEN, answered_at=None)
                | (Q(state=ConcernState.ANSWERED, answered_at__isnull=False) & ~Q(answer="")),
                name="sharing_concern_answered_with_words",
            ),
        ]
        indexes = [models.Index(fields=["at"], condition=Q(state=ConcernState.OPEN), name="sharing_concerns_open")]

    def __str__(self) -> str:
        return f"concern {self.pk} about {self.release_id}"
