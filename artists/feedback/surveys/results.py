"""What artists answered, counted: shares of choices, means of scales, which take won; and as a table."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Count
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from artists.feedback.models import Answer, FormVersion, Question, Response
from artists.feedback.refusing import refusal
from artists.people.models import Person
from portal.access import require
from portal.audit.chain import record
from portal.sheets import as_table, harmless

from .labels import labels_of
from .queries import questions_of, responses_sent, words_of
from .states import QuestionKind, ResponseState

NEWEST_WORDS = 200
MOST_ROWS = 20_000
FEW = 5  # below it counts would show who said what; artists read none


@dataclass(frozen=True, slots=True)
class Row:
    """One possible answer: how many gave it, and which share of those who answered the question."""

    label: str
    count: int
    share: int


@dataclass(slots=True)
class Result:
    """One question with what was answered; `words` are texts with their response."""

    question: Question
    answered: int
    rows: list[Row] = field(default_factory=list)
    mean: float | None = None
    outcome: str = ""
    words: list[Answer] = field(default_factory=list)

    @property
    def most(self) -> int:
        """The highest count; what bars are drawn against."""
        return max((row.count for row in self.rows), default=0) or 1


def _winner(counts: dict[str, int]) -> str:
    a, b = counts.get("a", 0), counts.get("b", 0)
    if not a and not b:
        return _("Nobody preferred one of the two.")
    if a == b:
        return ngettext("A and B are level: %(n)d each.", "A and B are level: %(n)d each.", a) % {"n": a}
    first, more, less = ("A", a, b) if a > b else ("B", b, a)
    words = _("%(take)s is preferred: %(more)d to %(less)d of those who chose one.")
    return words % {"take": first, "more": more, "less": less}


def _result(one: Question, counts: dict[str, int], answered: int) -> Result:
    rows = [
        Row(str(label), counts.get(value, 0), round(100 * counts.get(value, 0) / answered) if answered else 0)
        for value, label in labels_of(one)
    ]
    found = Result(one, answered, rows)
    if one.kind == QuestionKind.SCALE and answered:
        found.mean = sum(int(value) * count for value, count in counts.items()) / answered
    if one.kind == QuestionKind.COMPARE:
        found.outcome = _winner(counts)
    return found


def results_of(version: FormVersion, *, words: bool) -> list[Result]:
    """Counts of every question over what was sent; with `words` the newest texts and frames too."""
    sent = Answer.objects.filter(response__version=version, response__state=ResponseState.SENT)
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    for pk, value, count in sent.exclude(value="").values_list("question", "value").annotate(Count("pk")).order_by():
        counts[pk][value] = count
    people = dict(sent.values_list("question").annotate(n=Count("response", distinct=True)).order_by())
    found = [_result(one, counts[one.pk], people.get(one.pk, 0)) for one in questions_of(version)]
    if words:
        by_question = {one.question.pk: one for one in found}
        said = sent.exclude(text="", frame=None).select_related("response__person", "response__clip")
        for answer in said.order_by("-response__sent_at", "-pk")[:NEWEST_WORDS]:
            by_question[answer.question_id].words.append(answer)
    return found


def sent_count(version: FormVersion) -> int:
    """How many responses were sent to a version."""
    return Response.objects.filter(version=version, state=ResponseState.SENT).count()


def results_for_artists(version: FormVersion | None) -> list[Result] | None:
    """Counts without anybody's words; None where so few answered that counts would show who said what."""
    if version is None or sent_count(version) < FEW:
        return None
    return [one for one in results_of(version, words=False) if one.rows]


def _cell(answers: Sequence[Answer]) -> str:
    return "; ".join(words for answer in answers for words in words_of(answer))


def _line(questions: list[Question], one: Response) -> list[str]:
    given: dict[int, list[Answer]] = defaultdict(list)
    for answer in one.answers.all():
        given[answer.question_id].append(answer)
    membership = getattr(one.person, "membership", None)
    return [
        str(one.pk),
        one.person.name,
        membership.cohort.name if membership else "",
        one.sent_at.isoformat(timespec="seconds") if one.sent_at else "",
        str(one.version.number),
        str(one.clip_id or ""),
        one.model,
        "" if one.frame is None else str(one.frame),
        *(_cell(given[question.pk]) for question in questions),
    ]


def export_results(version: FormVersion, *, actor: Person) -> str:
    """Everything that was sent to a version, as CSV; recorded. Raises Refused export-large."""
    require("survey.export", actor, version)
    rows = list(responses_sent(actor, version).select_related("version")[: MOST_ROWS + 1])
    if len(rows) > MOST_ROWS:
        words = _("These are more than %(most)s responses.") % {"most": MOST_ROWS}
        raise refusal("survey.export", "export-large", words, _("Nothing is left out silently; ask an operator."))
    questions = questions_of(version)
    head = ["response", "artist", "cohort", "sent", "version", "film", "model", "frame", *(harmless(one.text) for one in questions)]  # fmt: skip
    record("survey.export", actor=actor, subject=version, detail={"rows": len(rows)})
    return as_table(head, (_line(questions, one) for one in rows))
