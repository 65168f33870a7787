"""What follows from news of open letters: fellow artists hear of it here, those who signed by mail too."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from artists.feedback.models import LetterAnswer, OpenLetter
from artists.people.models import Person
from artists.people.roles import Role
from portal.happenings import listen
from portal.notices.kinds import ARTISTS, DESK, VOICE, Delivery, Kind, Sample, register_kind
from portal.notices.services import tell
from portal.panels import Words

from .news import LetterAnswered, LetterOpened, LetterPublished, LetterWithdrawn
from .queries import artists_of_the_program, signatures_shown

OPENED = _("An open letter of a fellow artist seeks signatures")
PUBLIC = _("An open letter of yours is public")
FOR_GOOD = _("It has the signatures it needs. Nobody can change or remove it.")
TAKEN_BACK = _("An open letter that you signed was taken back by its author")
ANSWERED = _("The program answered an open letter of yours")
TO_ANSWER = _("An open letter to the program is public")
BENEATH = _("You may answer beneath it.")


def _kind(name: str, label: Words, sample: Sample, default: Delivery = Delivery.NOW) -> None:
    register_kind(Kind(name, label, family=VOICE, concerns=ARTISTS, default=default, sample=sample))


_kind("letters.opened", _("An open letter seeks signatures"), Sample(OPENED, url="/letters/"), Delivery.NEVER)
_kind(
    "letters.published", _("An open letter that you wrote or signed is public"), Sample(PUBLIC, FOR_GOOD, "/letters/")
)
_kind(
    "letters.withdrawn",
    _("An open letter that you signed was taken back"),
    Sample(TAKEN_BACK, url="/letters/"),
    Delivery.NEVER,
)
_kind(
    "letters.answered",
    _("The program answered an open letter that you wrote or signed"),
    Sample(ANSWERED, url="/letters/"),
)
register_kind(Kind("letters.desk", TO_ANSWER, family=DESK, sample=Sample(TO_ANSWER, BENEATH, "/letters/")))


def _signers(letter: OpenLetter) -> list[Person]:
    return [one.person for one in signatures_shown(letter).select_related("person")]


def _tell(people: Iterable[Person], kind: str, letter: OpenLetter, key: str, title: Words, body: Words = "") -> None:
    url = reverse("open_letter", args=[letter.slug])
    for person in people:
        tell(person, kind, key=key, title=title, body=body, url=url)


@listen(LetterOpened, name="letters.tell_artists")
def tell_artists(news: LetterOpened) -> None:
    """Every other artist, in the site and without its title: staff who view as an artist see inboxes. To sign is theirs."""
    letter = OpenLetter.objects.get(pk=news.letter)
    if not letter.seeks:
        return
    for person in artists_of_the_program().exclude(pk=letter.author_id):
        tell(person, "letters.opened", key=f"letter-opened:{letter.pk}", title=OPENED, url=reverse("open_letters"))


@listen(LetterPublished, name="letters.tell_published")
def tell_published(news: LetterPublished) -> None:
    """Its author and whoever signed; and the staff, who may answer."""
    letter = OpenLetter.objects.select_related("author").get(pk=news.letter)
    key = f"letter-public:{letter.pk}"
    _tell([letter.author, *_signers(letter)], "letters.published", letter, key, PUBLIC, FOR_GOOD)
    staff = Person.objects.filter(is_active=True, grants__role__in=[Role.STAFF, Role.OPERATOR]).distinct()
    _tell(staff, "letters.desk", letter, key, TO_ANSWER, BENEATH)


@listen(LetterWithdrawn, name="letters.tell_withdrawn")
def tell_withdrawn(news: LetterWithdrawn) -> None:
    """Whoever signed it."""
    letter = OpenLetter.objects.get(pk=news.letter)
    for person in _signers(letter):
        url = reverse("open_letters")
        tell(person, "letters.withdrawn", key=f"letter-withdrawn:{letter.pk}", title=TAKEN_BACK, url=url)


@listen(LetterAnswered, name="letters.tell_answered")
def tell_answered(news: LetterAnswered) -> None:
    """Its author and whoever signed."""
    answer = LetterAnswer.objects.select_related("letter__author").get(pk=news.answer)
    letter = answer.letter
    _tell([letter.author, *_signers(letter)], "letters.answered", letter, f"letter-answer:{answer.pk}", ANSWERED)
