"""Who may build, publish and read forms, and who may answer them."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from artists.feedback.models import FeedbackForm, FormVersion, Question, Response
from artists.people.roles import Role
from artists.people.rules import holding
from generation.models import Clip
from generation.rules import not_deleted
from portal.access import ALLOWED, Actor, Decision, Kind, denied, rule
from portal.program.models import Membership
from portal.storage.exit import Purpose, register_purpose

from .states import FormState, ResponseState, VersionState

NOT_THERE = denied("not-found", _("There is nothing here under this address."), kind=Kind.MISSING)
KEPT = _("Nothing is lost: what you wrote is kept as your draft.")


def staff(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Program staff and operators."""
    return holding(actor, Role.STAFF, Role.OPERATOR)


for _action, _who in (
    ("survey.build", "staff, operators"),
    ("survey.publish", "staff, operators"),
    ("survey.publish_form", "staff, operators"),
    ("survey.end", "staff, operators"),
    ("survey.reopen", "staff, operators"),
    ("survey.tell", "staff, operators"),
    ("survey.oversee", "staff, operators"),
    ("survey.export", "staff, operators"),
):
    rule(_action, who=_who)(staff)


def draft_only(version: FormVersion) -> Decision:
    """What is published is fixed; the database says so too."""
    if version.state == VersionState.DRAFT:
        return ALLOWED
    words = _("This version is published: its words and questions never change.")
    return denied("version-fixed", words, todo=_("Begin a new version."), kind=Kind.CONFLICT)


def within(actor: Actor, form: FeedbackForm) -> Decision:
    """Artists whom a form asks: of its cohorts, or of any where it names none."""
    first = holding(actor, Role.ARTIST)
    if not first:
        return first
    asked = set(form.cohorts.values_list("pk", flat=True))
    if asked and not Membership.objects.filter(person_id=actor.pk, cohort__in=asked).exists():
        return NOT_THERE
    return NOT_THERE if form.state == FormState.DRAFT else ALLOWED


def open_now(form: FeedbackForm) -> Decision:
    """Whether a response can be sent at this moment."""
    now = timezone.now()
    if form.opens_at is not None and now < form.opens_at:
        words = _("This form is not open yet.")
        return denied("form-not-yet", words, todo=_("Come back when it opens: what you wrote is kept as your draft."), kind=Kind.CONFLICT)  # fmt: skip
    if form.state != FormState.OPEN or (form.closes_at is not None and now >= form.closes_at):
        return denied("form-closed", _("This form was closed before you sent it."), todo=KEPT, kind=Kind.CONFLICT)
    return ALLOWED


@rule("survey.see", who="artists whom the form asks; staff, operators")
def see(actor: Actor, form: FeedbackForm) -> Decision:
    """Reading the questions, and what became of the answers."""
    return staff(actor, form) or within(actor, form)


@rule("survey.keep", who="artists whom the form asks, in every standing; a draft is theirs alone")
def keep(actor: Actor, form: FeedbackForm) -> Decision:
    """Writing a draft, also after the form was closed: what somebody wrote is not taken from them."""
    return within(actor, form)


@rule("survey.send", who="artists, their own draft, while the form is open; in every standing")
def send(actor: Actor, response: Response) -> Decision:
    """Being suspended takes nobody's voice."""
    if response.person_id != actor.pk:
        return NOT_THERE
    return within(actor, response.form) and open_now(response.form)


@rule("survey.forget", who="artists, their own draft")
def forget(actor: Actor, response: Response) -> Decision:
    """Throwing a draft away; what was sent stays."""
    own = response.person_id == actor.pk and response.state == ResponseState.DRAFT
    return holding(actor, Role.ARTIST) and (ALLOWED if own else NOT_THERE)


@rule("survey.see_question", who="artists whom its form asks, once it is published; staff, operators")
def see_question(actor: Actor, question: Question) -> Decision:
    """A draft is for staff alone."""
    if question.version.state == VersionState.DRAFT:
        return staff(actor, question)
    return see(actor, question.version.form)


@rule("survey.see_film", who="artists whom the form asks; staff, operators; while the film is not deleted")
def see_film(actor: Actor, shown: tuple[Clip, FeedbackForm]) -> Decision:
    """One take of a question, with the form that shows it."""
    clip, form = shown
    return see(actor, form) and not_deleted(clip)


register_purpose(Purpose("feedback", "survey.see_film"))
