"""The program answers beneath a public letter. That is all it can do to it."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.feedback.letters.news import LetterAnswered
from artists.feedback.letters.refusing import refusal
from artists.feedback.models import LetterAnswer, OpenLetter
from artists.people.models import Person
from portal import happenings
from portal.access import require
from portal.audit.chain import record

from .writing import LONGEST_TEXT, locked


@transaction.atomic
def answer_letter(letter: OpenLetter, *, actor: Person, text: str) -> LetterAnswer:
    """Say something beneath it, for good. Raises Refused answer-empty, text-long."""
    fresh = locked(letter)
    require("letters.answer", actor, fresh)
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise refusal("letters.answer", "answer-empty", _("An answer needs its words."))
    if len(words) > LONGEST_TEXT:
        long = _("This has more than %(most)s characters.") % {"most": LONGEST_TEXT}
        raise refusal("letters.answer", "text-long", long, _("Shorten it; what you typed is kept."))
    answer = LetterAnswer.objects.create(
        letter=fresh, text=words, by=actor, name=(actor.name or actor.label)[:120], at=timezone.now()
    )
    record("letters.answer", actor=actor, subject=fresh, detail={"answer": answer.pk})
    happenings.announce(LetterAnswered(answer.pk))
    return answer
