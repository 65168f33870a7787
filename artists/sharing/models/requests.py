"""What an artist asks, and who made the work with them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from artists.sharing.places import Channel
from artists.sharing.states import DECIDABLE, OPEN, CollaboratorState, RequestState
from generation.models import Clip

from .terms import Terms


class ShareRequest(models.Model):
    """An artist asks to share a clip at some places.

    The clock: `clock_left` working seconds were left at `clock_from`; `due_at` is when they end if nothing stops them
    (suspensions since then move the true end, see clock.py). While the clock is stopped both moments are empty.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    clip = models.ForeignKey(Clip, on_delete=models.PROTECT, related_name="share_requests")
    artist = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="share_requests")
    title = models.CharField(max_length=160)
    credit = models.CharField(max_length=160)
    channels = models.JSONField(default=list, help_text="kinds of places, see places.Channel")
    destination = models.CharField(max_length=300, help_text="where it will be shown, in words")
    url = models.URLField(max_length=500, blank=True, help_text="where it will be found")
    embargo_until = models.DateTimeField(null=True, help_text="not public before this moment, even when approved")
    words = models.TextField(blank=True, help_text="the text that goes with it")
    alt_text = models.CharField(max_length=300, blank=True, help_text="what is seen, for people who cannot see it")
    checked = models.JSONField(default=list, help_text="grounds that its artist looked at and found not to apply")
    showcase = models.BooleanField(default=False, help_text="its artist wants it on the program's own showcase")
    scope = models.CharField(max_length=400, default="", help_text="one key for its places, see places.scope_of")
    film_sha256 = models.CharField(max_length=64, default="", help_text="the very film that was asked for")
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.DRAFT)
    asked_at = models.DateTimeField(default=timezone.now, help_text="begun, then: sent")
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, null=True, related_name="+")
    clock_from = models.DateTimeField(null=True)
    clock_left = models.PositiveIntegerField(null=True, help_text="working seconds at clock_from, or while it stands")
    due_at = models.DateTimeField(null=True)
    late_at = models.DateTimeField(null=True, help_text="the clock ran out, and it went to the staff")
    assigned_to = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(max_length=10, blank=True, help_text="of the decision that rests or stands")
    tell_at = models.DateTimeField(null=True, help_text="until then the decision rests and can be undone")
    conditions = models.TextField(blank=True, help_text="under which it was approved")
    ends_at = models.DateTimeField(null=True, help_text="the approval ends here; empty: no end")
    ended_at = models.DateTimeField(null=True)
    ended_how = models.CharField(max_length=20, blank=True, help_text="of an expired one: which time ran out")

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=RequestState.values), name="sharing_state_known"),
            models.UniqueConstraint(
                fields=["clip", "scope"], condition=Q(state__in=OPEN), name="sharing_one_open_request_per_scope"
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.RESTING)
                | Q(tell_at__isnull=False, outcome__in=["approved", "refused"]),
                name="sharing_resting_has_an_outcome",
            ),
            models.CheckConstraint(
                condition=~Q(state=RequestState.IN_REVIEW)
                | Q(due_at__isnull=False, clock_from__isnull=False, clock_left__isnull=False, terms__isnull=False),
                name="sharing_review_has_a_clock",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gt=F("asked_at")), name="sharing_approval_ends_later"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="sharing_due"),
            models.Index(fields=["state", "tell_at"], name="sharing_to_tell"),
            models.Index(fields=["state", "ends_at"], name="sharing_ending"),
            models.Index(fields=["assigned_to", "due_at"], condition=Q(state__in=DECIDABLE), name="sharing_mine"),
            models.Index(fields=["artist", "-asked_at"], name="sharing_newest_of_artist"),
            models.Index(fields=["artist", "state", "-asked_at"], name="sharing_of_artist_by_state"),
            models.Index(fields=["state", "-asked_at"], name="sharing_newest_of_state"),
            models.Index(fields=["-asked_at"], name="sharing_newest"),
            models.Index(fields=["clip", "state"], name="sharing_of_clip"),  # what holds a clip
        ]

    def __str__(self) -> str:
        return f"share request {str(self.pk)[:8]}"

    @property
    def channel_labels(self) -> list[str]:
        """The kinds of places, in words."""
        return [str(Channel(name).label) for name in self.channels if name in Channel.values]


class Collaborator(models.Model):
    """Somebody else who made the work: credited, and asked, before anything is sent to review."""

    request = models.ForeignKey(ShareRequest, on_delete=models.CASCADE, related_name="collaborators")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=CollaboratorState.choices, default=CollaboratorState.ASKED)
    asked_at = models.DateTimeField(default=timezone.now)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=CollaboratorState.values), name="sharing_collaborator_known"),
            models.UniqueConstraint(fields=["request", "person"], name="sharing_collaborator_once"),
        ]

    def __str__(self) -> str:
        return f"collaborator {self.person_id} of {self.request_id}"
