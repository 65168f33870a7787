"""What one may see of open letters. Public ones stand in the order of their publication, and nothing else orders them."""

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from artists.feedback.models import Cosignature, LetterAnswer, OpenLetter
from artists.people.models import Person
from artists.people.roles import Role
from portal.access import Actor, check
from portal.program.queries import the_program

from .states import LetterState, SignatureState

DEFAULT_NUMBER = 10
PROGRAM = (Role.STAFF, Role.OPERATOR)


def promised() -> int:
    """The number of signatures that makes a letter public, as the program promises it now."""
    program = the_program()
    return program.letter_signatures if program is not None else DEFAULT_NUMBER


def artists_of_the_program() -> QuerySet[Person]:
    """Everybody who could write or sign: artists, and of them nobody who is staff too."""
    staff = Person.objects.filter(grants__role__in=PROGRAM)
    return Person.objects.filter(is_active=True, grants__role=Role.ARTIST).exclude(pk__in=staff)


def of_the_program(actor: Actor) -> bool:
    """Whether somebody holds an office of the program that letters are written to."""
    return any(actor.holds(role) for role in PROGRAM)


def _counted(rows: QuerySet[OpenLetter]) -> QuerySet[OpenLetter]:
    signed = Q(signatures__state=SignatureState.SIGNED)
    return rows.annotate(
        signed=Count("signatures", filter=signed), answered=Exists(LetterAnswer.objects.filter(letter=OuterRef("pk")))
    )


def public_letters() -> QuerySet[OpenLetter]:
    """All public letters, the newest first; for everybody."""
    return _counted(OpenLetter.objects.filter(state=LetterState.PUBLIC)).order_by("-number")


def _themselves(actor: Actor) -> bool:
    """Whether somebody is here as themselves: staff who view as an artist read no letter that is not public."""
    return bool(actor.pk) and not getattr(actor, "only_looks", False)


def _among_artists(actor: Actor) -> bool:
    return _themselves(actor) and actor.holds(Role.ARTIST) and not of_the_program(actor)


def letters_visible_to(actor: Actor) -> QuerySet[OpenLetter]:
    """Public ones; for artists also those that seek signatures; one's own in every state."""
    seen = Q(state=LetterState.PUBLIC)
    if _themselves(actor):
        seen |= Q(author_id=actor.pk)
    if _among_artists(actor):
        seen |= Q(state=LetterState.SEEKING)
    return _counted(OpenLetter.objects.filter(seen)).select_related("author")


def letters_seeking(actor: Actor) -> QuerySet[OpenLetter]:
    """Letters of others that seek signatures, the newest first, `mine`: whether one signed; for artists."""
    if not _among_artists(actor):
        return OpenLetter.objects.none()
    mine = Cosignature.objects.filter(letter=OuterRef("pk"), person_id=actor.pk, state=SignatureState.SIGNED)
    rows = _counted(OpenLetter.objects.filter(state=LetterState.SEEKING).exclude(author_id=actor.pk))
    return rows.annotate(mine=Exists(mine)).order_by("-opened_at", "-pk")


def letters_written_by(actor: Actor) -> QuerySet[OpenLetter]:
    """One's own that are not public, the latest first."""
    own = OpenLetter.objects.filter(author_id=actor.pk).exclude(state=LetterState.PUBLIC)
    return _counted(own if _themselves(actor) else own.none()).order_by("-changed_at", "-pk")


def signatures_shown(letter: OpenLetter) -> QuerySet[Cosignature]:
    """Names that stand under a letter, in the order they were given."""
    return letter.signatures.filter(state=SignatureState.SIGNED).order_by("signed_at", "pk")


def taken_back_since(letter: OpenLetter) -> QuerySet[Cosignature]:
    """Signatures taken back after it was public: counted and dated, without their names."""
    if letter.published_at is None:
        return Cosignature.objects.none()
    return letter.signatures.filter(state=SignatureState.TAKEN_BACK, ended_at__gte=letter.published_at)


def signature_of(actor: Actor, letter: OpenLetter) -> Cosignature | None:
    """One's own signature, standing or taken back."""
    if not actor.pk:
        return None
    return Cosignature.objects.select_related("letter").filter(letter=letter, person_id=actor.pk).first()


def answers_to(letter: OpenLetter) -> QuerySet[LetterAnswer]:
    """What the program said, in its order."""
    return letter.answers.order_by("at", "pk")


def unanswered(actor: Actor) -> QuerySet[OpenLetter]:
    """Public letters without an answer; for staff."""
    rows = public_letters().filter(answered=False)
    return rows if check("letters.oversee", actor) else rows.none()


def unanswered_count(actor: Actor) -> int:
    """How many public letters the program has not answered."""
    return unanswered(actor).order_by().count()


def letters_kept_of(actor: Actor) -> int:
    """How many public letters carry one's name."""
    if not actor.pk:
        return 0
    signed = Q(signatures__person_id=actor.pk, signatures__state=SignatureState.SIGNED)
    return OpenLetter.objects.filter(Q(author_id=actor.pk) | signed, state=LetterState.PUBLIC).distinct().count()
