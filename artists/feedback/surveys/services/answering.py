"""Artists answer: a draft is kept while they write, and sent when they say so."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.feedback.models import Answer, FeedbackForm, FormVersion, Question, Response
from artists.feedback.refusing import refusal
from artists.feedback.surveys.labels import labels_of
from artists.feedback.surveys.news import ResponseSent
from artists.feedback.surveys.queries import version_in_force
from artists.feedback.surveys.states import SEND, QuestionKind, ResponseState
from artists.people.models import Person
from artists.tariff.services import accept_contribution
from generation.models import Clip, Take
from generation.queries import clips_visible_to
from portal.access import Kind, Refused, require
from portal.machine import move

KEEP = "survey.keep"
LONGEST_ANSWER = 4000


@dataclass(frozen=True, slots=True)
class Said:
    """What was answered to one question: the counted values, words, and a frame."""

    values: tuple[str, ...] = ()
    text: str = ""
    frame: int | None = None


@dataclass(frozen=True, slots=True)
class Film:
    """The film of one's own that is spoken of, and where it stood."""

    clip: Clip
    frame: int | None = None


def _no(code: str, reason: str, todo: str = "", kind: Kind = Kind.INVALID) -> Refused:
    return refusal(KEEP, code, reason, todo or _("What you typed is kept on this page."), kind)


def _rows(response: Response, question: Question, said: Said) -> list[Answer]:
    """Rows of one answer; nothing said is no row. Raises Refused answer-unknown, answer-long, frame-outside."""
    text = said.text.strip()
    if len(text) > LONGEST_ANSWER:
        raise _no("answer-long", _("An answer has up to %(most)s characters.") % {"most": LONGEST_ANSWER})
    values = tuple(dict.fromkeys(said.values))
    if not set(values) <= {value for value, _words in labels_of(question)} or (
        len(values) > 1 and not question.several
    ):
        raise _no("answer-unknown", _("This is none of the answers to “%(text)s”.") % {"text": question.text[:80]})
    frame = said.frame if question.kind == QuestionKind.TIMECODE else None
    if frame is not None and response.clip is not None and frame >= response.clip.frames:
        raise _no("frame-outside", _("This film has %(n)s frames.") % {"n": response.clip.frames})
    if question.kind in {QuestionKind.SCALE, QuestionKind.CHOICE}:
        text = ""
    if not values:
        return [Answer(response=response, question=question, text=text, frame=frame)] if text or frame is not None else []  # fmt: skip
    return [
        Answer(response=response, question=question, value=value, text=text if number == 0 else "")
        for number, value in enumerate(values)
    ]


def _take_at(clip: Clip, frame: int | None) -> Take | None:
    """Which shot shows this frame; the first where no frame is said."""
    left = frame or 0
    for take in clip.generation.takes.order_by("position"):
        if left < take.frames:
            return take
        left -= take.frames
    return None


def _context(film: Film | None) -> dict[str, object]:
    """Columns of the film: the shot that shows the frame, and what rendered it."""
    if film is None:
        return {}
    clip, frame = film.clip, film.frame
    inside = frame if frame is not None and frame < clip.frames else None
    return {"clip": clip, "frame": inside, "take": _take_at(clip, inside), "model": clip.generation.model}


def _begun(film: Film | None, form: FeedbackForm, seen: FormVersion | None, actor: Person) -> Response:
    """One's response under lock, begun if it is not there. Raises Refused film-missing, film-needless."""
    clip = film and film.clip
    if form.about_film and clip is None:
        raise _no("film-missing", _("This form is about one film."), _("Open it from the page of a film."))
    if not form.about_film and clip is not None:
        raise _no("film-needless", _("This form is about no film."))
    if clip is not None and not clips_visible_to(actor).filter(pk=clip.pk).exists():
        raise _no("not-found", _("There is nothing here under this address."), kind=Kind.MISSING)
    mine = Response.objects.select_for_update(of=("self",)).filter(form=form, person=actor, clip=clip)
    known = mine.select_related("clip", "version").first()
    if known is not None:
        return known
    # The version that was on the page: a newer one that came meanwhile asks other questions.
    version = seen if seen is not None and seen.form_id == form.pk and seen.published_at else version_in_force(form)
    assert version is not None  # noqa: S101 - the rule has just said that it is published
    try:
        with transaction.atomic():
            return Response.objects.create(form=form, version=version, person=actor, **_context(film))
    except IntegrityError:  # the other window was faster
        return mine.select_related("clip", "version").get()


@transaction.atomic
def keep_response(
    form: FeedbackForm,
    answers: Mapping[int, Said],
    *,
    actor: Person,
    film: Film | None = None,
    version: FormVersion | None = None,
) -> Response:
    """Keep what was written so far; `answers` by number of the question, those not named stay. Also after the form closed.

    `version` is the one that was on the page; the one in force if it is not said.

    Raises Refused answer-sent, answer-unknown, answer-long, frame-outside, film-missing, film-needless.
    """
    require(KEEP, actor, form)
    response = _begun(film, form, version, actor)
    if response.state == ResponseState.SENT:
        words = _("You have sent this already.")
        raise _no("answer-sent", words, _("What you sent stays as it is."), Kind.CONFLICT)
    questions = {one.pk: one for one in response.version.questions.all()}
    rows = [row for pk, said in answers.items() if pk in questions for row in _rows(response, questions[pk], said)]
    Answer.objects.filter(response=response, question__in=[pk for pk in answers if pk in questions]).delete()
    Answer.objects.bulk_create(rows)
    Response.objects.filter(pk=response.pk).update(changed_at=timezone.now())
    return Response.objects.select_related("form", "version", "clip").get(pk=response.pk)


def _check_enough(response: Response) -> None:
    """Room for one more of the responses a form takes from one artist, asked under the form's lock."""
    form = FeedbackForm.objects.select_for_update().get(pk=response.form_id)
    sent = Response.objects.filter(form=form, person_id=response.person_id, state=ResponseState.SENT)
    if form.about_film and sent.count() >= form.most_each:
        words = _("You have answered this form for as many films as it takes: %(n)s.") % {"n": form.most_each}
        raise refusal("survey.send", "answers-enough", words, _("Your draft is kept."), Kind.LIMIT)


@transaction.atomic
def send_response(response: Response, *, actor: Person) -> Response:
    """Send a draft; that is enough for what the form pays, whatever it says.

    Raises Refused form-closed, form-not-yet, answer-empty, answers-enough, answer-sent.
    """
    require("survey.send", actor, response)
    if not response.answers.exists():
        words = _("Nothing is answered yet.")
        raise refusal("survey.send", "answer-empty", words, _("Answer at least one question, or leave it be: it is optional."))  # fmt: skip
    if response.state == ResponseState.DRAFT:
        _check_enough(response)
    now = timezone.now()
    sent, moved = move(response, SEND, actor=actor, fields={"sent_at": now}, news=ResponseSent(response.pk))
    if not moved:
        words = _("You have sent this already.")
        raise refusal("survey.send", "answer-sent", words, _("What you sent stays as it is."), Kind.CONFLICT)
    accept_contribution(
        source=f"response:{sent.pk}",
        person=actor,
        kind=sent.form.contribution,
        quantity=Decimal(1),
        at=now,
        about=sent.version.title,
    )
    return sent


def forget_draft(response: Response, *, actor: Person) -> None:
    """Throw one's draft away."""
    require("survey.forget", actor, response)
    Response.objects.filter(pk=response.pk, state=ResponseState.DRAFT).delete()
