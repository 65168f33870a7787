"""Staff build a form: its frame, its words, its questions. What is published is fixed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from artists.feedback.models import FeedbackForm, FormVersion, Question
from artists.feedback.refusing import refusal, words_in
from artists.feedback.surveys.contributions import NAMES
from artists.feedback.surveys.queries import draft_of, films_to_compare, version_in_force
from artists.feedback.surveys.rules import draft_only
from artists.feedback.surveys.states import FormState, QuestionKind
from artists.people.models import Person
from generation.models import Clip
from portal.access import Kind, Refused, require
from portal.audit.chain import record
from portal.program.models import Cohort

BUILD = "survey.build"
LONGEST_TITLE, LONGEST_ABOUT, LONGEST_QUESTION, LONGEST_CHOICE = 120, 2000, 300, 80
MOST_QUESTIONS, MOST_CHOICES, MOST_EACH = 40, 12, 200
_KEPT = "What you typed is kept."
RESERVED = frozenset({"new", "forms", "critique", "missions"})


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything about a form but its words and questions."""

    contribution: str
    about_film: bool = False
    most_each: int = 1
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    cohorts: Collection[Cohort] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """One question as staff want it."""

    kind: str
    text: str
    help: str = ""
    choices: tuple[str, ...] = ()
    several: bool = False
    points: int = 5
    low: str = ""
    high: str = ""
    first: Clip | None = None
    second: Clip | None = None


def _no(code: str, reason: str, todo: str = "", kind: Kind = Kind.INVALID) -> Refused:
    return refusal(BUILD, code, reason, todo or _(_KEPT), kind)


def _columns(frame: Frame) -> dict[str, object]:
    if frame.contribution not in NAMES:
        raise _no("contribution-unknown", _("The tariff has no such kind of contribution."))
    if frame.opens_at and frame.closes_at and frame.closes_at <= frame.opens_at:
        raise _no("window-backwards", _("A form closes after it opens."), _("Move one of the two dates."))
    if not 1 <= frame.most_each <= MOST_EACH:
        raise _no("most-each-wrong", _("Between 1 and %(most)s responses each.") % {"most": MOST_EACH})
    return {
        "contribution": frame.contribution,
        "about_film": frame.about_film,
        "most_each": frame.most_each if frame.about_film else 1,
        "opens_at": frame.opens_at,
        "closes_at": frame.closes_at,
    }


def _words(title: str, about: str) -> dict[str, str]:
    kept = words_in(
        title, BUILD, "title", LONGEST_TITLE, reason=_("A form needs a title."), todo=_("Artists choose by it.")
    )
    if len(about.strip()) > LONGEST_ABOUT:
        raise _no("about-long", _("The text has up to %(most)s characters.") % {"most": LONGEST_ABOUT})
    return {"title": kept, "about": about.strip()}


@transaction.atomic
def make_form(slug: str, *, title: str, about: str = "", frame: Frame, actor: Person) -> FormVersion:
    """A form with an empty first version, a draft that only staff see.

    Raises Refused form-slug-taken, title-missing, title-long, about-long, window-backwards, contribution-unknown.
    """
    require(BUILD, actor)
    words, columns = _words(title, about), _columns(frame)
    try:
        if slug in RESERVED:
            raise IntegrityError
        with transaction.atomic():
            form = FeedbackForm.objects.create(slug=slug, by=actor, by_label=actor.label[:200], **columns)
    except IntegrityError:
        words_ = _("There is a form “%(slug)s” already.") % {"slug": slug}
        raise _no("form-slug-taken", words_, _("Choose another short name."), Kind.CONFLICT) from None
    form.cohorts.set(frame.cohorts)
    record("survey.make", actor=actor, subject=form)
    return FormVersion.objects.create(form=form, number=1, **words)


@transaction.atomic
def set_form(form: FeedbackForm, frame: Frame, *, actor: Person) -> FeedbackForm:
    """Move the window, change whom it asks. What it pays and whether it is about a film is fixed by publishing."""
    require(BUILD, actor, form)
    fresh = FeedbackForm.objects.select_for_update().get(pk=form.pk)
    columns = _columns(frame)
    fixed = {name: columns[name] for name in ("contribution", "about_film")}
    if fresh.state != FormState.DRAFT and fixed != {name: getattr(fresh, name) for name in fixed}:
        words = _("What it pays, and whether it is about a film, was settled when it was published.")
        raise _no("form-published", words, _("Make another form."), Kind.CONFLICT)
    FeedbackForm.objects.filter(pk=form.pk).update(**columns)
    fresh.cohorts.set(frame.cohorts)
    detail = {name: str(value) for name, value in columns.items()} | {"cohorts": sorted(c.slug for c in frame.cohorts)}
    record("survey.set", actor=actor, subject=fresh, detail=detail)
    return FeedbackForm.objects.get(pk=form.pk)


def _draft(version: FormVersion) -> FormVersion:
    """The version under lock. Raises Refused version-fixed."""
    fresh = FormVersion.objects.select_for_update().get(pk=version.pk)
    decision = draft_only(fresh)
    if not decision:
        raise Refused(BUILD, decision)
    return fresh


@transaction.atomic
def write_version(version: FormVersion, *, title: str, about: str, actor: Person) -> FormVersion:
    """Title and words of a draft. Raises Refused title-missing, title-long, about-long, version-fixed."""
    require(BUILD, actor, version)
    FormVersion.objects.filter(pk=_draft(version).pk).update(**_words(title, about))
    return FormVersion.objects.get(pk=version.pk)


def _takes(asked: Asked, actor: Person) -> dict[str, Clip | None]:
    if asked.kind != QuestionKind.COMPARE:
        return {"first": None, "second": None}
    if asked.first is None or asked.second is None:
        raise _no("takes-missing", _("Choose two takes to compare."), _("You can compare films of your own."))
    if asked.first.pk == asked.second.pk:
        raise _no("takes-same", _("A and B are the same film."), _("Choose another one."))
    if films_to_compare(actor).filter(pk__in=[asked.first.pk, asked.second.pk]).count() < 2:  # noqa: PLR2004 - A and B
        words = _("Only films of your own can be shown to others here.")
        raise _no("takes-not-yours", words, _("Works of artists need their consent."))
    return {"first": asked.first, "second": asked.second}


def _question(asked: Asked, actor: Person) -> dict[str, object]:
    if asked.kind not in QuestionKind.values:
        raise _no("kind-unknown", _("There is no such kind of question."))
    text = words_in(asked.text, BUILD, "question", LONGEST_QUESTION, reason=_("A question needs words."), todo=_(_KEPT))
    choices = [one.strip() for one in asked.choices if one.strip()] if asked.kind == QuestionKind.CHOICE else []
    if asked.kind == QuestionKind.CHOICE and not 2 <= len(choices) <= MOST_CHOICES:  # noqa: PLR2004 - a choice is between two
        raise _no("choices-wrong", _("A choice has 2 to %(most)s answers, one a line.") % {"most": MOST_CHOICES})
    if len(set(choices)) < len(choices):
        raise _no("choices-same", _("Two of these answers are the same."))
    if any(len(one) > LONGEST_CHOICE for one in choices):
        raise _no("choice-long", _("An answer has up to %(most)s characters.") % {"most": LONGEST_CHOICE})
    scale = asked.kind == QuestionKind.SCALE
    if scale and not 2 <= asked.points <= 11:  # noqa: PLR2004 - as the database says
        raise _no("points-wrong", _("A scale has 2 to 11 points."))
    return {
        "kind": asked.kind,
        "text": text,
        "help": asked.help.strip()[:300],
        "choices": choices,
        "several": asked.several and asked.kind == QuestionKind.CHOICE,
        "points": asked.points if scale else 5,
        "low": asked.low.strip()[:60] if scale else "",
        "high": asked.high.strip()[:60] if scale else "",
        **_takes(asked, actor),
    }


@transaction.atomic
def add_question(version: FormVersion, asked: Asked, *, actor: Person) -> Question:
    """Put a question at the end of a draft. Raises Refused version-fixed, questions-many, and what is wrong with it."""
    require(BUILD, actor, version)
    draft = _draft(version)
    columns = _question(asked, actor)
    if draft.questions.count() >= MOST_QUESTIONS:
        raise _no("questions-many", _("A form has up to %(most)s questions.") % {"most": MOST_QUESTIONS})
    last = draft.questions.aggregate(last=Max("position"))["last"] or 0
    return Question.objects.create(version=draft, position=last + 1, **columns)


@transaction.atomic
def change_question(question: Question, asked: Asked, *, actor: Person) -> Question:
    """Write a question of a draft anew. Raises Refused version-fixed, and what is wrong with it."""
    require(BUILD, actor, question)
    _draft(question.version)
    Question.objects.filter(pk=question.pk).update(**_question(asked, actor))
    return Question.objects.get(pk=question.pk)


@transaction.atomic
def remove_question(question: Question, *, actor: Person) -> None:
    """Take a question out of a draft. Raises Refused version-fixed."""
    require(BUILD, actor, question)
    _draft(question.version)
    Question.objects.filter(pk=question.pk).delete()


@transaction.atomic
def move_question(question: Question, by: int, *, actor: Person) -> None:
    """Change places with the neighbour above (-1) or below (1). Raises Refused version-fixed."""
    require(BUILD, actor, question)
    order = list(_draft(question.version).questions.values_list("pk", flat=True))
    here = order.index(question.pk)
    there = min(max(here + (1 if by > 0 else -1), 0), len(order) - 1)
    order[here], order[there] = order[there], order[here]
    for position, pk in enumerate(order, start=1):
        Question.objects.filter(pk=pk).update(position=position)


@transaction.atomic
def draft_version(form: FeedbackForm, *, actor: Person) -> FormVersion:
    """A new version with the words and questions of the one in force; the draft there is, if there is one."""
    require(BUILD, actor, form)
    FeedbackForm.objects.select_for_update().get(pk=form.pk)
    known, last = draft_of(form), version_in_force(form)
    if known is not None:
        return known
    assert last is not None  # noqa: S101 - a form without a draft was published
    fresh = FormVersion.objects.create(form=form, number=last.number + 1, title=last.title, about=last.about)
    copies = list(last.questions.all())
    for one in copies:
        one.pk, one.version = None, fresh
    Question.objects.bulk_create(copies)
    record("survey.draft", actor=actor, subject=form, detail={"number": fresh.number})
    return fresh
