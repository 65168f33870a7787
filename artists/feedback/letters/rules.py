"""Who may write, sign, take back and answer. Nobody has a rule for editing, removing or reordering a public letter."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from artists.feedback.models import Cosignature, OpenLetter
from artists.people.roles import Role
from artists.people.rules import holding, signed_in
from portal.access import ALLOWED, Actor, Decision, Kind, System, denied, rule

from .queries import of_the_program
from .states import LetterState

NOT_THERE = denied("not-found", _("There is nothing here under this address."), kind=Kind.MISSING)
PUBLIC = denied(
    "letter-public",
    _("This letter is public: nothing of it changes any more."),
    todo=_("Write another letter."),
    kind=Kind.CONFLICT,
)
CLOSED = denied(
    "letter-withdrawn", _("Its author took this letter back."), todo=_("Nothing was changed."), kind=Kind.GONE
)


def by_person(actor: Actor) -> Decision:
    """By the person themselves: no command and nobody who views as an artist writes or signs for them."""
    first = signed_in(actor)
    if first and getattr(actor, "only_looks", False):
        return denied("viewing-only", _("Whoever views as an artist looks, and answers nothing."))
    return first


def _artist(actor: Actor) -> Decision:
    """An artist in every standing: being suspended takes nobody's voice."""
    return by_person(actor) and holding(actor, Role.ARTIST)


def _among_artists(actor: Actor) -> Decision:
    """Whoever is of the program too neither reads nor signs what artists write to it before it is public."""
    first = _artist(actor)
    if first and of_the_program(actor):
        words = _("You are of the program's staff: letters to the program are among its artists.")
        return denied("letter-staff", words, todo=_("You may answer public letters."), kind=Kind.FORBIDDEN)
    return first


@rule("letters.write", who="artists who are not staff too, themselves, in every standing")
def write(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """Beginning a letter."""
    return _among_artists(actor)


def _own(actor: Actor, letter: OpenLetter) -> Decision:
    first = _artist(actor) and (ALLOWED if letter.author_id == actor.pk else NOT_THERE)
    if first and letter.is_public:
        return PUBLIC
    if first and letter.state == LetterState.WITHDRAWN:
        return CLOSED
    return first


@rule("letters.edit", who="its author, until the first signature")
def edit(actor: Actor, letter: OpenLetter) -> Decision:
    """Changing words that nobody has signed."""
    first = _own(actor, letter)
    if first and letter.digest:
        words = _("Somebody has signed exactly this text: it never changes again.")
        todo = _("Take the letter back and write another, or leave it as it is.")
        return denied("letter-signed", words, todo=todo, kind=Kind.CONFLICT)
    return first


@rule("letters.open", who="its author; a draft")
def open_(actor: Actor, letter: OpenLetter) -> Decision:
    """Showing it to the other artists."""
    return _own(actor, letter)


@rule("letters.withdraw", who="its author, until it is public")
def withdraw(actor: Actor, letter: OpenLetter) -> Decision:
    """Taking it back whole."""
    return _own(actor, letter)


@rule(
    "letters.sign",
    who="artists who are not staff too, other than its author, themselves, in every standing; seeking signatures, or public",
)
def sign(actor: Actor, letter: OpenLetter) -> Decision:
    """One's name under it."""
    first = _among_artists(actor)
    if not first:
        return first
    if letter.author_id == actor.pk:
        words = _("This letter is yours: your name stands under it already.")
        return denied("letter-own", words, todo=_("Nothing was changed."), kind=Kind.CONFLICT)
    if letter.state == LetterState.WITHDRAWN:
        return CLOSED
    return ALLOWED if letter.seeks or letter.is_public else NOT_THERE


@rule("letters.sign_again", who="whoever took their signature back before it was public")
def sign_again(actor: Actor, signature: Cosignature) -> Decision:
    """A name taken back from a public letter does not come back."""
    first = sign(actor, signature.letter) if signature.person_id == actor.pk else NOT_THERE
    if first and signature.letter.is_public:
        words = _("You took your signature back after this letter was public; it does not come back.")
        return denied("signature-gone", words, todo=_("Write a letter of your own."), kind=Kind.CONFLICT)
    return first


@rule("letters.take_back", who="whoever signed, at any time, in every standing")
def take_back(actor: Actor, signature: Cosignature) -> Decision:
    """No longer standing by it."""
    return _artist(actor) and (ALLOWED if signature.person_id == actor.pk else NOT_THERE)


@rule("letters.publish", who="the system, when it has the signatures it needs")
def publish(actor: Actor, letter: OpenLetter) -> Decision:  # noqa: ARG001 - the table's signature
    """Nobody decides this."""
    return ALLOWED if isinstance(actor, System) else denied("signatures-only", _("Only signatures make it public."))


@rule("letters.oversee", who="staff, operators; public letters only")
def oversee(actor: Actor, subject: Any) -> Decision:  # noqa: ARG001 - the table's signature
    """The desk. Letters that seek signatures are among artists."""
    return holding(actor, Role.STAFF, Role.OPERATOR)


@rule("letters.answer", who="staff, operators, themselves; beneath a public letter")
def answer(actor: Actor, letter: OpenLetter) -> Decision:
    """Speaking for the program."""
    first = oversee(actor, letter) and by_person(actor)
    return first and (ALLOWED if letter.is_public else NOT_THERE)
