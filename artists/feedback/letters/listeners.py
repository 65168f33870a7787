"""What follows from news of open letters: fellow artists hear of it here, those who signed by mail too."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from artists.feedback.models import LetterAnswer, OpenLetter
from artists.people.models import Person
from artists.people.roles import Role
from portal.happenings import listen
from portal.notices.kinds import Kind, register_kind
from portal.notices.services import tell

from .news import LetterAnswered, LetterOpened, LetterPublished, LetterWithdrawn
from .queries import artists_of_the_program, signatures_shown

register_kind(Kind("letters.opened", gettext_lazy("An open letter seeks signatures"), mailed=False))
register_kind(Kind("letters.published", gettext_lazy("An open letter that you wrote or signed is public")))
register_kind(Kind("letters.withdrawn", gettext_lazy("An open letter that you signed was taken back"), mailed=False))
register_kind(Kind("letters.answered", gettext_lazy("The program answered an open letter that you wrote or signed")))
register_kind(Kind("letters.desk", gettext_lazy("An open letter to the program is public")))


def _signers(letter: OpenLetter) -> list[Person]:
    return [one.person for one in signatures_shown(letter).select_related("person")]


def _tell(people: Iterable[Person], kind: str, letter: OpenLetter, key: str, title: str, body: str = "") -> None:
    url = reverse("open_letter", args=[letter.slug])
    for person in people:
        tell(person, kind, key=key, title=title[:200], body=body, url=url)


@listen(LetterOpened, name="letters.tell_artists")
def tell_artists(news: LetterOpened) -> None:
    """Every other artist, in the site and without its title: staff who view as an artist see inboxes. To sign is theirs."""
    letter = OpenLetter.objects.get(pk=news.letter)
    if not letter.seeks:
        return
    title = _("An open letter of a fellow artist seeks signatures")
    for person in artists_of_the_program().exclude(pk=letter.author_id):
        tell(person, "letters.opened", key=f"letter-opened:{letter.pk}", title=title, url=reverse("open_letters"))


@listen(LetterPublished, name="letters.tell_published")
def tell_published(news: LetterPublished) -> None:
    """Its author and whoever signed; and the staff, who may answer."""
    letter = OpenLetter.objects.select_related("author").get(pk=news.letter)
    key = f"letter-public:{letter.pk}"
    title = _("An open letter of yours is public")
    body = _("It has the signatures it needs. Nobody can change or remove it.")
    _tell([letter.author, *_signers(letter)], "letters.published", letter, key, title, body)
    staff = Person.objects.filter(is_active=True, grants__role__in=[Role.STAFF, Role.OPERATOR]).distinct()
    words = _("You may answer beneath it.")
    _tell(staff, "letters.desk", letter, key, _("An open letter to the program is public"), words)


@listen(LetterWithdrawn, name="letters.tell_withdrawn")
def tell_withdrawn(news: LetterWithdrawn) -> None:
    """Whoever signed it."""
    letter = OpenLetter.objects.get(pk=news.letter)
    title = _("An open letter that you signed was taken back by its author")
    for person in _signers(letter):
        url = reverse("open_letters")
        tell(person, "letters.withdrawn", key=f"letter-withdrawn:{letter.pk}", title=title, url=url)


@listen(LetterAnswered, name="letters.tell_answered")
def tell_answered(news: LetterAnswered) -> None:
    """Its author and whoever signed."""
    answer = LetterAnswer.objects.select_related("letter__author").get(pk=news.answer)
    letter = answer.letter
    title = _("The program answered an open letter of yours")
    _tell([letter.author, *_signers(letter)], "letters.answered", letter, f"letter-answer:{answer.pk}", title)
