"""Staff publish a form, close it, and say what became of it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.feedback.models import FeedbackForm, FormVersion
from artists.feedback.refusing import refusal, words_in
from artists.feedback.surveys.news import OutcomeTold
from artists.feedback.surveys.states import END, PUBLISH, PUBLISH_FORM, REOPEN
from artists.people.models import Person
from portal import happenings
from portal.access import Kind, require
from portal.audit.chain import record
from portal.machine import move

LONGEST_OUTCOME = 4000


@transaction.atomic
def publish_version(version: FormVersion, *, actor: Person) -> FormVersion:
    """Its questions are fixed from now on, and it is the one that is answered. Raises Refused questions-missing, version-fixed."""
    require("survey.publish", actor, version)
    FormVersion.objects.select_for_update().get(pk=version.pk)
    if not version.questions.exists():
        words = _("This version asks nothing yet.")
        raise refusal("survey.publish", "questions-missing", words, _("Add a question first."))
    published, moved = move(version, PUBLISH, actor=actor, fields={"published_at": timezone.now()})
    if not moved:
        words = _("This version is published already.")
        raise refusal("survey.publish", "version-fixed", words, _("Nothing was changed."), Kind.CONFLICT)
    published.form, _opened = move(published.form, PUBLISH_FORM, actor=actor)
    return published


def end_form(form: FeedbackForm, *, actor: Person) -> tuple[FeedbackForm, bool]:
    """Take no more responses. Drafts stay where they are: they are their writers'."""
    return move(form, END, actor=actor)


def reopen_form(form: FeedbackForm, *, actor: Person) -> tuple[FeedbackForm, bool]:
    """Take responses again, inside its window."""
    return move(form, REOPEN, actor=actor)


@transaction.atomic
def tell_outcome(form: FeedbackForm, text: str, *, actor: Person) -> FeedbackForm:
    """Say to those who answered what became of it. Raises Refused outcome-missing, outcome-long."""
    require("survey.tell", actor, form)
    reason, todo = _("Say what became of it."), _("What you typed is kept.")
    kept = words_in(text, "survey.tell", "outcome", LONGEST_OUTCOME, reason=reason, todo=todo)
    now = timezone.now()
    FeedbackForm.objects.filter(pk=form.pk).update(outcome=kept, outcome_at=now)
    record("survey.tell", actor=actor, subject=form)
    happenings.announce(OutcomeTold(form.pk, now.isoformat()))
    return FeedbackForm.objects.get(pk=form.pk)
