"""Feedback forms, their versions and questions, and what artists answer."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from artists.feedback.surveys.states import FormState, QuestionKind, ResponseState, VersionState
from generation.models import Clip, Take
from portal.program.models import Cohort


class FeedbackForm(models.Model):
    """What staff ask for, of whom, and until when. Its words and questions are in its versions."""

    slug = models.SlugField(max_length=60, unique=True)
    state = models.CharField(max_length=10, choices=FormState.choices, default=FormState.DRAFT)
    contribution = models.CharField(
        max_length=60, help_text="kind of contribution in the tariff; what it pays is there"
    )
    about_film = models.BooleanField(default=False, help_text="answered for a film of one's own, once for each")
    most_each = models.PositiveSmallIntegerField(default=1, help_text="responses one artist may send")
    opens_at = models.DateTimeField(null=True, blank=True, help_text="empty: when it is published")
    closes_at = models.DateTimeField(null=True, blank=True, help_text="empty: until staff close it")
    cohorts = models.ManyToManyField(Cohort, blank=True, related_name="+", help_text="none: every cohort")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_label = models.CharField(max_length=200)
    made_at = models.DateTimeField(auto_now_add=True)
    outcome = models.TextField(blank=True, help_text="what became of it, for those who answered")
    outcome_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=FormState.values), name="feedback_form_state_known"),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True) | Q(closes_at__isnull=True) | Q(closes_at__gt=F("opens_at")),
                name="feedback_form_closes_after_it_opens",
            ),
            models.CheckConstraint(
                condition=Q(most_each__gte=1) & (Q(about_film=True) | Q(most_each=1)),
                name="feedback_form_once_or_per_film",
            ),
            models.CheckConstraint(
                condition=Q(outcome_at__isnull=True) | ~Q(outcome=""), name="feedback_outcome_has_words"
            ),
        ]
        indexes = [models.Index(fields=["state", "about_film"], name="feedback_forms_by_state")]

    def __str__(self) -> str:
        return f"feedback form {self.slug}"


class FormVersion(models.Model):
    """Title, words and questions as they were published; the database lets nobody change them afterwards."""

    form = models.ForeignKey(FeedbackForm, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=VersionState.choices, default=VersionState.DRAFT)
    title = models.CharField(max_length=120)
    about = models.TextField(blank=True, help_text="what it is for, and what becomes of the answers")
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=VersionState.values), name="feedback_version_state_known"),
            models.UniqueConstraint(fields=["form", "number"], name="feedback_version_number_once"),
            models.UniqueConstraint(
                fields=["form"], condition=Q(state=VersionState.DRAFT), name="feedback_one_draft_of_a_form"
            ),
            models.CheckConstraint(
                condition=Q(state=VersionState.DRAFT) | Q(published_at__isnull=False),
                name="feedback_version_published_when",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, version {self.number}"


class Question(models.Model):
    """One question of a version; none of them has to be answered."""

    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="questions")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=QuestionKind.choices)
    text = models.CharField(max_length=300)
    help = models.CharField(max_length=300, blank=True)
    choices = models.JSONField(default=list, help_text="of a choice: its words in order")
    several = models.BooleanField(default=False, help_text="of a choice: more than one may be ticked")
    points = models.PositiveSmallIntegerField(default=5, help_text="of a scale: from 1 to this")
    low = models.CharField(max_length=60, blank=True, help_text="of a scale: what 1 means")
    high = models.CharField(max_length=60, blank=True, help_text="of a scale: what the last point means")
    first = models.ForeignKey(Clip, on_delete=models.PROTECT, null=True, related_name="+", help_text="take A")
    second = models.ForeignKey(Clip, on_delete=models.PROTECT, null=True, related_name="+", help_text="take B")

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=QuestionKind.values), name="feedback_question_kind_known"),
            models.CheckConstraint(condition=~Q(text=""), name="feedback_question_asks"),
            models.CheckConstraint(condition=Q(points__gte=2, points__lte=11), name="feedback_scale_of_2_to_11"),
            models.CheckConstraint(
                condition=Q(kind=QuestionKind.COMPARE, first__isnull=False, second__isnull=False)
                & ~Q(first=F("second"))
                | ~Q(kind=QuestionKind.COMPARE) & Q(first__isnull=True, second__isnull=True),
                name="feedback_two_takes_to_compare",
            ),
        ]

    def __str__(self) -> str:
        return f"question {self.position} of version {self.version_id}"


class Response(models.Model):
    """What one artist answers to a form, for a film of theirs where the form is about films."""

    form = models.ForeignKey(FeedbackForm, on_delete=models.PROTECT, related_name="responses")
    version = models.ForeignKey(FormVersion, on_delete=models.PROTECT, related_name="responses")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="feedback_responses")
    state = models.CharField(max_length=10, choices=ResponseState.choices, default=ResponseState.DRAFT)
    clip = models.ForeignKey(Clip, on_delete=models.PROTECT, null=True, related_name="+")
    take = models.ForeignKey(Take, on_delete=models.SET_NULL, null=True, related_name="+")
    frame = models.PositiveIntegerField(null=True, help_text="where the film stood, counted from 0")
    model = models.CharField(max_length=80, blank=True, help_text="what rendered the film")
    begun_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-begun_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ResponseState.values), name="feedback_response_state_known"),
            models.CheckConstraint(
                condition=Q(state=ResponseState.DRAFT) | Q(sent_at__isnull=False), name="feedback_response_sent_when"
            ),
            models.UniqueConstraint(
                fields=["form", "person"], condition=Q(clip__isnull=True), name="feedback_one_response_each"
            ),
            models.UniqueConstraint(
                fields=["form", "person", "clip"],
                condition=Q(clip__isnull=False),
                name="feedback_one_response_for_a_film",
            ),
        ]
        indexes = [
            models.Index(fields=["version", "state", "-sent_at", "-id"], name="feedback_responses_newest"),
            models.Index(fields=["person", "-begun_at"], name="feedback_responses_of"),
        ]

    def __str__(self) -> str:
        return f"response {self.pk} to form {self.form_id}"


class Answer(models.Model):
    """One answer. `value` is what is counted: a point, the number of a choice, a or b; `text` are words beside it."""

    response = models.ForeignKey(Response, on_delete=models.CASCADE, related_name="answers")
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    value = models.CharField(max_length=10, blank=True)
    text = models.TextField(blank=True)
    frame = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["response", "question", "value"], name="feedback_answer_once"),
            models.CheckConstraint(
                condition=~Q(value="") | ~Q(text="") | Q(frame__isnull=False), name="feedback_answer_says_something"
            ),
        ]
        indexes = [models.Index(fields=["question", "value"], name="feedback_answers_counted")]

    def __str__(self) -> str:
        return f"answer to question {self.question_id}"
