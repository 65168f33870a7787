"""An artist writes a letter, changes it while nobody has signed it, shows it to the others, or takes it back."""

import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from artists.feedback.letters.news import LetterOpened, LetterWithdrawn
from artists.feedback.letters.queries import artists_of_the_program, promised
from artists.feedback.letters.refusing import note, refusal
from artists.feedback.letters.states import OPEN, WITHDRAW, LetterState, ShownAs
from artists.feedback.models import OpenLetter
from artists.people.models import Person
from portal.access import Kind, Refused, require
from portal.machine import move

LONGEST_TITLE, LONGEST_TEXT = 160, 20_000
MOST_OPEN = 3
MOST_DRAFTS = 20


def _no(code: str, reason: str, todo: str = "", kind: Kind = Kind.INVALID) -> Refused:
    return refusal("letters.write", code, reason, todo or _("Nothing was changed; what you typed is kept."), kind)


def name_shown(person: Person, shown_as: str) -> str:
    """The name somebody signs with. Raises Refused shown-as-unknown, name-missing."""
    if shown_as not in ShownAs.values:
        raise _no("shown-as-unknown", _("Choose your name or your credit name."))
    found = (person.credit if shown_as == ShownAs.CREDIT else person.name).strip()
    if not found:
        raise _no("name-missing", _("Your account has no name yet."), _("Write it on the page “Profile” first."))
    return found[:120]


def _checked(title: str, text: str) -> tuple[str, str]:
    line, words = " ".join(title.split()), text.replace("\r\n", "\n").strip()
    for value, most, missing in (
        (line, LONGEST_TITLE, _("A letter needs a title.")),
        (words, LONGEST_TEXT, _("A letter needs its text.")),
    ):
        if not value:
            raise _no("letter-empty", missing)
        if len(value) > most:
            raise _no("text-long", _("This has more than %(most)s characters.") % {"most": most}, _("Shorten it."))
    return line, words


def locked(letter: OpenLetter) -> OpenLetter:
    """The row, held until the transaction ends: text and signatures of one letter change one at a time."""
    return OpenLetter.objects.select_for_update().get(pk=letter.pk)


def _slug(title: str) -> str:
    # The tail makes every address free: it can never be taken beforehand, and never collides with a page.
    return f"{slugify(title)[:60].strip('-') or 'letter'}-{secrets.token_hex(3)}"


@transaction.atomic
def write_letter(title: str, text: str, *, shown_as: str, actor: Person) -> OpenLetter:
    """Begin a letter that nobody else reads yet. Raises Refused letter-empty, text-long, letters-many, name-missing."""
    require("letters.write", actor)
    line, words = _checked(title, text)
    Person.objects.select_for_update().get(pk=actor.pk)  # one beginning at a time
    if OpenLetter.objects.filter(author=actor, state=LetterState.DRAFT).count() >= MOST_DRAFTS:
        words = _("You have %(most)s drafts.") % {"most": MOST_DRAFTS}
        raise _no("letters-many", words, _("Finish one, or take one back."), Kind.LIMIT)
    now = timezone.now()
    letter = OpenLetter.objects.create(
        slug=_slug(line),
        author=actor,
        shown_as=shown_as,
        name=name_shown(actor, shown_as),
        title=line,
        text=words,
        made_at=now,
        changed_at=now,
    )
    note("letters.write", letter)
    return letter


@transaction.atomic
def edit_letter(letter: OpenLetter, title: str, text: str, *, shown_as: str, actor: Person) -> OpenLetter:
    """Other words, while nobody has signed. Raises Refused letter-signed, letter-public, letter-withdrawn, letter-empty."""
    fresh = locked(letter)
    require("letters.edit", actor, fresh)
    line, words = _checked(title, text)
    OpenLetter.objects.filter(pk=fresh.pk, digest="").update(
        title=line,
        text=words,
        shown_as=shown_as,
        name=name_shown(actor, shown_as),
        changed_at=timezone.now(),
    )
    fresh.refresh_from_db()
    note("letters.edit", fresh, digest=fresh.text_digest)
    return fresh


@transaction.atomic
def open_letter(letter: OpenLetter, *, actor: Person) -> tuple[OpenLetter, bool]:
    """Let the other artists read and sign it; the number promised now holds for it. Raises Refused letters-many.

    Where a program has fewer artists than it promised signatures, all the others make it public.
    """
    require("letters.open", actor, locked(letter))
    Person.objects.select_for_update().get(pk=actor.pk)  # one opening at a time
    if OpenLetter.objects.filter(author=actor, state=LetterState.SEEKING).exclude(pk=letter.pk).count() >= MOST_OPEN:
        words = _("%(most)s letters of yours seek signatures.") % {"most": MOST_OPEN}
        raise _no("letters-many", words, _("Wait for one of them, or take one back."), Kind.LIMIT)
    others = artists_of_the_program().exclude(pk=actor.pk).count()
    fields = {"needed": max(1, min(promised(), others)), "opened_at": timezone.now()}
    done, moved = move(letter, OPEN, actor=actor, fields=fields, news=LetterOpened(letter.pk))
    if moved:
        note("letters.open", done, needed=fields["needed"], digest=done.text_digest)
    return done, moved


@transaction.atomic
def withdraw_letter(letter: OpenLetter, *, actor: Person) -> tuple[OpenLetter, bool]:
    """Take it back before it is public. Raises Refused letter-public."""
    fresh = locked(letter)
    require("letters.withdraw", actor, fresh)
    news = LetterWithdrawn(fresh.pk) if fresh.seeks else None
    done, moved = move(fresh, WITHDRAW, actor=actor, fields={"ended_at": timezone.now()}, news=news)
    if moved:
        note("letters.withdraw", done)
    return done, moved
