"""What reviewers do with a request: questions, notes on frames, drafts, conflicts, and the decision."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from artists.sharing.grounds import Ground

from .requests import ShareRequest

_FRAMES = Q(first_frame=None, last_frame=None) | Q(first_frame__isnull=False, last_frame__gte=F("first_frame"))


class Outcome(models.TextChoices):
    """Yes or no."""

    APPROVED = "approved", _("approved")
    REFUSED = "refused", _("refused")


class Decision(models.Model):
    """One reviewer's view; two are needed to refuse on some grounds. Without a reviewer it is the clock's.

    `stands`: it was not undone. The artist reads it once the request is told; never who decided.
    """

    request = models.ForeignKey(ShareRequest, on_delete=models.PROTECT, related_name="decisions")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="decisions"
    )
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    ground = models.CharField(max_length=20, choices=Ground.choices, blank=True)
    reason = models.TextField(blank=True)
    conditions = models.TextField(blank=True)
    ends_at = models.DateTimeField(null=True)
    first_frame = models.PositiveIntegerField(null=True)
    last_frame = models.PositiveIntegerField(null=True)
    stands = models.BooleanField(default=True)
    revokes = models.BooleanField(default=False, help_text="takes back an approval that was in force")
    decided_at = models.DateTimeField(default=timezone.now)
    undone_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["decided_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome__in=Outcome.values), name="sharing_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.APPROVED, ground="")
                | (Q(outcome=Outcome.REFUSED, ground__in=Ground.values) & ~Q(reason="")),
                name="sharing_refusal_on_a_ground",
            ),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=False) | Q(outcome=Outcome.APPROVED), name="sharing_clock_never_refuses"
            ),
            models.CheckConstraint(condition=_FRAMES, name="sharing_decision_frames"),
            models.UniqueConstraint(
                fields=["request", "reviewer"], condition=Q(stands=True, revokes=False), name="sharing_one_view_each"
            ),
        ]
        indexes = [
            models.Index(fields=["reviewer", "-decided_at"], name="sharing_decided_by"),
            # Whether somebody's view is in: else a queue walks through all they ever decided.
            models.Index(fields=["request", "reviewer"], name="sharing_view_of"),
        ]

    def __str__(self) -> str:
        return f"{self.outcome} {self.request_id}"

    @property
    def ground_label(self) -> str:
        """The ground's short name."""
        return str(Ground(self.ground).label) if self.ground else ""


class Question(models.Model):
    """A reviewer asks the artist; the clock stands until the answer."""

    request = models.ForeignKey(ShareRequest, on_delete=models.PROTECT, related_name="questions")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="sharing_question_asks"),
            models.UniqueConstraint(
                fields=["request"], condition=Q(answered_at=None), name="sharing_one_open_question"
            ),
        ]
        indexes = [models.Index(fields=["asked_at"], condition=Q(answered_at=None), name="sharing_unanswered")]

    def __str__(self) -> str:
        return f"question {self.pk} on {self.request_id}"


class Note(models.Model):
    """A remark on frames of the film. Frames are counted from 0; the rate is kept beside them as it was in the file."""

    request = models.ForeignKey(ShareRequest, on_delete=models.CASCADE, related_name="notes")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    first_frame = models.PositiveIntegerField()
    last_frame = models.PositiveIntegerField()
    fps_numerator = models.PositiveIntegerField()
    fps_denominator = models.PositiveIntegerField()
    text = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["first_frame", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="sharing_note_says_something"),
            models.CheckConstraint(condition=Q(last_frame__gte=F("first_frame")), name="sharing_note_frames"),
        ]

    def __str__(self) -> str:
        return f"note {self.pk} on {self.request_id}"


class DecisionDraft(models.Model):
    """What a reviewer is writing, kept while they write: nothing is lost with a session or a faster colleague."""

    request = models.ForeignKey(ShareRequest, on_delete=models.CASCADE, related_name="drafts")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    values = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "reviewer"], name="sharing_one_draft_each")]

    def __str__(self) -> str:
        return f"draft of {self.reviewer_id} on {self.request_id}"


class Conflict(models.Model):
    """A reviewer stands back from one request, in their own words; it goes to somebody else."""

    request = models.ForeignKey(ShareRequest, on_delete=models.PROTECT, related_name="conflicts")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "reviewer"], name="sharing_conflict_once")]

    def __str__(self) -> str:
        return f"conflict of {self.reviewer_id} with {self.request_id}"


class Sitting(models.Model):
    """How long one reviewer had one request open and in view, counted by the page's own signs of life."""

    request = models.ForeignKey(ShareRequest, on_delete=models.CASCADE, related_name="sittings")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    began_at = models.DateTimeField(default=timezone.now)
    seen_at = models.DateTimeField(default=timezone.now)
    seconds = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "reviewer"], name="sharing_one_sitting_each")]

    def __str__(self) -> str:
        return f"sitting of {self.reviewer_id} on {self.request_id}"
