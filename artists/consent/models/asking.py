"""What the program asks for, and what each author answers."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from artists.consent.kinds import UseKind
from artists.consent.states import AnswerState, AskedState
from generation.models import Clip


class ConsentRequest(models.Model):
    """One use, at some places, for a period, for one or more works. Nothing of it changes once it was asked."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=UseKind.choices)
    places = models.JSONField(help_text="[world], or countries by their two letters")
    where = models.CharField(max_length=300, help_text="the very site, account, paper, festival or data set")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    fee = models.PositiveBigIntegerField(default=0, help_text="for each work, in minor units; 0: none")
    currency = models.CharField(max_length=3)
    credit_line = models.CharField(max_length=160, blank=True, help_text="empty: as the artist is credited")
    text = models.TextField(help_text="what for, in the program's own words")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    by_label = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField(help_text="no answer until then is a no")

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=UseKind.values), name="consent_request_kind_known"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="consent_request_ends"),
            models.CheckConstraint(condition=~Q(text="") & ~Q(where=""), name="consent_request_says_what_for"),
        ]
        indexes = [models.Index(fields=["-asked_at", "-id"], name="consent_requests_newest")]

    def __str__(self) -> str:
        return f"consent request {str(self.pk)[:8]}"


class AskedWork(models.Model):
    """One work of a request; given only when all its authors say yes."""

    request = models.ForeignKey(ConsentRequest, on_delete=models.PROTECT, related_name="works")
    clip = models.ForeignKey(Clip, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=UseKind.choices)
    where = models.CharField(max_length=300, help_text="as its request says, folded: one open question per place")
    state = models.CharField(max_length=10, choices=AskedState.choices, default=AskedState.OPEN)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AskedState.values), name="consent_asked_state_known"),
            models.UniqueConstraint(fields=["request", "clip"], name="consent_work_once_per_request"),
            models.UniqueConstraint(
                fields=["clip", "kind", "where"],
                condition=Q(state=AskedState.OPEN),
                name="consent_asked_once_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["state", "request"], name="consent_open_works")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.clip_id}"


class Answer(models.Model):
    """What one author says. Limits only ever narrow what was asked. Who said no is named only if they allow it."""

    work = models.ForeignKey(AskedWork, on_delete=models.PROTECT, related_name="answers")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="consent_answers")
    state = models.CharField(max_length=8, choices=AnswerState.choices, default=AnswerState.WAITING)
    places = models.JSONField(null=True, help_text="only there; empty: as asked")
    ends_at = models.DateTimeField(null=True, help_text="only until then; empty: as asked")
    conditions = models.CharField(max_length=600, blank=True)
    credit_line = models.CharField(max_length=160, blank=True)
    may_name = models.BooleanField(default=False, help_text="the other authors may know that it was this person's no")
    by_choice_of = models.DateTimeField(null=True, help_text="answered by a choice made before, then")
    question = models.TextField(blank=True)
    asked_at = models.DateTimeField(null=True)
    reply = models.TextField(blank=True)
    replied_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=AnswerState.values), name="consent_answer_state_known"),
            models.UniqueConstraint(fields=["work", "person"], name="consent_one_answer_each"),
        ]
        indexes = [models.Index(fields=["person", "state"], name="consent_answers_of")]

    def __str__(self) -> str:
        return f"answer of {self.person_id}: {self.state}"
