"""Notices and letters of the standard cast, told as subjects tell them."""

from typing import Any

from artists.people.models import Person
from portal.notices.kinds import FILMS, Delivery, Kind, Sample, register_kind
from portal.notices.models import Letter, Notice
from portal.notices.services import tell

NEWS, LEGAL, ALARM, QUIET = "tests.told", "tests.legal", "tests.alarm", "tests.quiet"
TEST_KINDS = (
    Kind(NEWS, "News", family=FILMS, sample=Sample("News")),
    Kind(LEGAL, "Law", family=FILMS, binding=True, why="It is the law.", sample=Sample("Law")),
    Kind(ALARM, "Alarm", family=FILMS, binding=True, why="It burns.", urgent=True, sample=Sample("Alarm")),
    Kind(QUIET, "Whisper", family=FILMS, default=Delivery.NEVER, sample=Sample("Whisper")),
)
for one in TEST_KINDS:
    register_kind(one)


def told(person: Person, key: str, kind: str = NEWS, **more: Any) -> Notice:
    """A notice of this kind; `key` is its title too."""
    return tell(person, kind, key=key, **({"title": key, "url": "/library/"} | more))


def in_zone(person: Person, zone: str, language: str = "en") -> Person:
    """The same person in this time zone, read anew."""
    Person.objects.filter(pk=person.pk).update(time_zone=zone, language=language)
    return Person.objects.get(pk=person.pk)


def letters_to(person: Person) -> list[Letter]:
    """What was written to this person about kinds of the tests or as digest, oldest first."""
    return list(Letter.objects.filter(person=person, kind__regex=r"^(tests\.|notices\.)").order_by("pk"))
