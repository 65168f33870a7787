"""Gatherings and open letters of the demonstration: seats, a waiting list, a public letter with an answer, one that seeks names."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

from artists.feedback.letters.queries import letters_visible_to
from artists.feedback.letters.services import answer_letter, open_letter, sign_letter, write_letter
from artists.feedback.models import OpenLetter
from artists.gatherings.queries import gatherings_visible_to
from artists.gatherings.services import Plan, make_gathering, take_seat
from artists.people.models import Person
from portal.access import Refused
from portal.program.letters import promise_letters
from portal.program.models import Cohort

STAFF, ADA, BEN, LENA, OMAR = (f"{name}@demo.example" for name in ("theo", "ada", "ben", "lena", "omar"))
SCREENING, CALL = "Twelve films on a wet wall", "What the next version should do"
HOST = "Europe/London"
PUBLIC, SEEKING = "Testing is work", "Say what changed in the model"

SCREENING_TEXT = """An evening of twelve films from the program, on the wall of the old ice house, with a talk afterwards.

Bring a coat. *Whoever comes shows nothing and owes nothing.*"""
CALL_TEXT = "An hour on what you would change first. We take notes, and they are on the roadmap the next day."
PUBLIC_TEXT = """Dear program,

we make films here because we want to. We also find your faults for you, and that is **work**.

We ask for three things:

1. pay for every report that is new, as the tariff says, within thirty days;
2. say which of our reports became a fix;
3. never make access depend on any of it."""
SEEKING_TEXT = """Dear program,

since last week faces look different, and nobody told us. Publish what changed with every version of the model, before we
find it in our films."""
ANSWER = """Thank you. The first two are in the tariff and on the roadmap from this month on; the third has been a rule of the house
since the first day, and a test proves it."""


def _evening(days: int, hour: int) -> datetime:
    """That hour on the host's clock, some days ahead."""
    day = timezone.localtime(timezone.now() + timedelta(days=days), ZoneInfo(HOST)).date()
    return datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo(HOST))


def _gather(people: Mapping[str, Person]) -> None:
    staff = people[STAFF]
    known = set(gatherings_visible_to(staff).values_list("title", flat=True))
    if SCREENING not in known:
        starts = _evening(12, 19)
        plan = Plan(
            "screening", SCREENING, starts, starts + timedelta(hours=3), HOST, 2, SCREENING_TEXT, "The ice house, Leith"
        )
        made = make_gathering(plan, actor=staff)
        for email in (ADA, BEN, LENA):
            take_seat(made, actor=people[email])
    if CALL not in known:
        starts = _evening(5, 16)
        invited = tuple(Cohort.objects.filter(slug="harbour"))
        link = "https://call.example.org/next-version"
        make_gathering(
            Plan(
                "call",
                CALL,
                starts,
                starts + timedelta(hours=1),
                HOST,
                12,
                CALL_TEXT,
                "",
                link,
                "gathering.call",
                invited,
            ),
            actor=staff,
        )


def _sign(letter: OpenLetter, person: Person) -> None:
    letter.refresh_from_db()
    sign_letter(letter, actor=person, shown_as="name", read_digest=letter.digest or letter.text_digest)


def _write(people: Mapping[str, Person]) -> None:
    staff = people[STAFF]
    if OpenLetter.objects.exists():
        return
    promise_letters(2, actor=staff)
    first = open_letter(write_letter(PUBLIC, PUBLIC_TEXT, shown_as="name", actor=people[ADA]), actor=people[ADA])[0]
    for email in (BEN, LENA):
        _sign(first, people[email])
    found = letters_visible_to(staff).filter(title=PUBLIC).first()
    if found is not None:
        answer_letter(found, actor=staff, text=ANSWER)
    open_letter(write_letter(SEEKING, SEEKING_TEXT, shown_as="name", actor=people[OMAR]), actor=people[OMAR])


def gather_and_write(people: Mapping[str, Person]) -> None:
    """Once, however often this runs; what a visitor did stands."""
    try:
        _gather(people)
        _write(people)
    except Refused:  # a visitor was faster, or stopped somebody
        return
