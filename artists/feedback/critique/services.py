"""Acts of critique. Writing leaves no trace of who wrote: no record, no news, no notice, no moment."""

import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from artists.feedback.models import Critique, CritiqueWeek
from artists.feedback.refusing import refusal, words_in
from artists.people.models import Person
from portal.access import Kind, System, require
from portal.audit.chain import record
from portal.machine import move

from .news import WeekPublished
from .states import PUBLISH, WeekState, Withheld
from .weeks import week_of

CRITIQUE = System("critique")
LONGEST = 4000
LONGEST_ANSWER = 4000
MOST_A_WEEK = 200


def _stir(week: CritiqueWeek, texts: list[str]) -> None:
    """Write all texts of a week anew in a random order under new numbers.

    Otherwise the place and age of its row (rowid on SQLite; ctid and xmin on PostgreSQL) would tell whoever holds the
    database when a text came in, and what else was written a moment before.
    """
    secrets.SystemRandom().shuffle(texts)
    week.texts.all().delete()
    Critique.objects.bulk_create([Critique(week=week, text=text) for text in texts])


def _locked(name: str) -> CritiqueWeek:
    CritiqueWeek.objects.get_or_create(week=name)
    return CritiqueWeek.objects.select_for_update().get(week=name)


@transaction.atomic
def write_critique(text: str, *, actor: Person) -> None:
    """Keep a text with its week, and nothing else. The same text again in a week is the same text.

    Returns nothing: not even the caller learns under which number it lies. Raises Refused critique-missing,
    critique-long, critique-full.
    """
    require("critique.write", actor)
    todo = _("Nothing was kept. What you typed is still on this page.")
    kept = words_in(text, "critique.write", "critique", LONGEST, reason=_("There are no words yet."), todo=todo)
    week = _locked(week_of())
    texts = list(week.texts.values_list("text", flat=True))
    if kept in texts:
        return
    if len(texts) >= MOST_A_WEEK:
        words = _("This week holds %(most)s texts already, and takes no more.") % {"most": MOST_A_WEEK}
        todo = _("Nothing was kept. Keep your text and send it from Monday on.")
        raise refusal("critique.write", "critique-full", words, todo, Kind.LIMIT)
    _stir(week, [*texts, kept])
    CritiqueWeek.objects.filter(pk=week.pk).update(count=len(texts) + 1)


def publish_weeks() -> int:
    """Make public what came in during weeks that are over; returns how many weeks."""
    due = CritiqueWeek.objects.filter(state=WeekState.OPEN, week__lt=week_of()).order_by("week")
    return sum(_publish(name) for name in list(due.values_list("week", flat=True)[:20]))


@transaction.atomic
def _publish(name: str) -> bool:
    week = CritiqueWeek.objects.select_for_update().get(week=name)
    if week.state != WeekState.OPEN:
        return False
    # Once more: the rows then tell the moment of this act, and of no writer.
    _stir(week, list(week.texts.values_list("text", flat=True)))
    return move(week, PUBLISH, actor=CRITIQUE, detail={"count": week.count}, news=WeekPublished(name))[1]


@transaction.atomic
def answer_critique(found: Critique, text: str, *, actor: Person) -> Critique:
    """Answer in public, under one's name; an answer can be written anew. Raises Refused answer-missing, answer-long."""
    require("critique.answer", actor, found)
    todo = _("What you typed is kept on this page.")
    kept = words_in(text, "critique.answer", "answer", LONGEST_ANSWER, reason=_("There are no words yet."), todo=todo)
    Critique.objects.filter(pk=found.pk).update(answer=kept, answered_by=actor.name[:120], answered_in=week_of())
    record("critique.answer", actor=actor, subject=found)
    return Critique.objects.get(pk=found.pk)


@transaction.atomic
def withhold_critique(found: Critique, ground: str, *, actor: Person) -> Critique:
    """Show the ground in place of the text; an empty ground shows it again. Raises Refused ground-unknown."""
    require("critique.withhold", actor, found)
    if ground not in ("", *Withheld.values):
        words = _("A text is withheld on a published ground only; criticism is none.")
        raise refusal("critique.withhold", "ground-unknown", words, _("Nothing was changed."))
    Critique.objects.filter(pk=found.pk).update(withheld=ground)
    record("critique.withhold", actor=actor, subject=found, detail={"ground": ground})
    return Critique.objects.get(pk=found.pk)
