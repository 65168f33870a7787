"""A bug report with its thread. bugs/triggers.py lets no report stand for one that itself stands for another."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from artists.feedback.bugs.states import OPEN, BugState, Severity
from generation.models import Clip, Generation, Take
from portal.storage.models import StoredFile


class BugReport(models.Model):
    """What somebody met, on which film and frames; what of it is the program's to know was gathered by the portal."""

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bugs")
    title = models.CharField(max_length=160)
    happened = models.TextField()
    expected = models.TextField(blank=True)
    severity = models.CharField(max_length=10, choices=Severity.choices, default=Severity.WRONG)
    state = models.CharField(max_length=12, choices=BugState.choices, default=BugState.RECEIVED)
    generation = models.ForeignKey(Generation, on_delete=models.PROTECT, null=True, related_name="bugs")
    clip = models.ForeignKey(Clip, on_delete=models.PROTECT, null=True, related_name="bugs")
    take = models.ForeignKey(Take, on_delete=models.SET_NULL, null=True, related_name="bugs")
    first_frame = models.PositiveIntegerField(null=True, help_text="of the film, else of the shot; counted from 0")
    last_frame = models.PositiveIntegerField(null=True)
    may_look = models.BooleanField(default=False, help_text="staff may look at the film and read its prompts")
    screenshot = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    model = models.CharField(max_length=80, blank=True)
    context = models.JSONField(default=dict, help_text="versions, seed, size, error code, page; never a prompt")
    fixed_in = models.CharField(max_length=80, blank=True, help_text="the version it is fixed in")
    answer = models.TextField(blank=True, help_text="why it will not be fixed, or what else its author should know")
    duplicate_of = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="duplicates")
    changes = models.PositiveIntegerField(default=0, help_text="how often its state changed, so that each is told once")
    accepted_at = models.DateTimeField(null=True, help_text="counted as a contribution since")
    accepted_as = models.CharField(max_length=60, blank=True, help_text="the kind of contribution in the tariff")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=BugState.values), name="feedback_bug_state_known"),
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="feedback_bug_severity_known"),
            models.CheckConstraint(
                condition=Q(state=BugState.DUPLICATE, duplicate_of__isnull=False)
                | (~Q(state=BugState.DUPLICATE) & Q(duplicate_of=None)),
                name="feedback_bug_duplicate_names_it",
            ),
            models.CheckConstraint(
                condition=Q(duplicate_of=None) | ~Q(duplicate_of=F("pk")), name="feedback_bug_not_its_own"
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, ended_at=None) | (~Q(state__in=OPEN) & Q(ended_at__isnull=False)),
                name="feedback_bug_end_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(state=BugState.FIXED) | ~Q(fixed_in=""), name="feedback_bug_fixed_somewhere"
            ),
            models.CheckConstraint(
                condition=~Q(state=BugState.WONT_FIX) | ~Q(answer=""), name="feedback_bug_refusal_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(first_frame=None, last_frame=None) | Q(first_frame__lte=F("last_frame")),
                name="feedback_bug_frames_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["-made_at", "-id"], name="feedback_bug_newest"),
            # Literal, so that SQLite knows it too; equality on the end would not keep PostgreSQL from sorting.
            models.Index(fields=["-made_at", "-id"], condition=Q(ended_at__isnull=True), name="feedback_bug_open"),
            models.Index(fields=["state", "-made_at", "-id"], name="feedback_bug_by_state"),
            models.Index(fields=["author", "-made_at", "-id"], name="feedback_bug_of_author"),
        ]

    def __str__(self) -> str:
        return f"bug {self.pk}"


class BugMessage(models.Model):
    """One message between the author of a report and staff."""

    bug = models.ForeignKey(BugReport, on_delete=models.PROTECT, related_name="messages")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    from_staff = models.BooleanField()
    text = models.TextField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["bug", "at"], name="feedback_bug_thread")]

    def __str__(self) -> str:
        return f"message {self.pk} on bug {self.bug_id}"
