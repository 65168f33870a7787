"""Open letters along their way, by the services people use."""

from artists.feedback.letters.services import open_letter, sign_letter, write_letter
from artists.feedback.models import Cosignature, OpenLetter
from artists.people.models import Person
from portal.program.letters import promise_letters

TEXT = "Dear program,\n\nwe are *not* your free testers."


def written(author: Person, title: str = "To the program", text: str = TEXT, shown_as: str = "name") -> OpenLetter:
    """A draft."""
    return write_letter(title, text, shown_as=shown_as, actor=author)


def seeking(author: Person, **more: str) -> OpenLetter:
    """Open for signatures."""
    return open_letter(written(author, **more), actor=author)[0]


def signed(letter: OpenLetter, *people: Person, shown_as: str = "name") -> list[Cosignature]:
    """Signed by them, as they read it now."""
    found = []
    for person in people:
        letter.refresh_from_db()
        digest = letter.digest or letter.text_digest
        found.append(sign_letter(letter, actor=person, shown_as=shown_as, read_digest=digest))
    letter.refresh_from_db()
    return found


def published(author: Person, *people: Person, staff: Person, **more: str) -> OpenLetter:
    """Public with the signatures of these people."""
    promise_letters(len(people), actor=staff)
    letter = seeking(author, **more)
    signed(letter, *people)
    assert letter.is_public
    return letter
