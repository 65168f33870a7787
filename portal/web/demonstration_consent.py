"""Consents of the demonstration: one given within limits and used, one that waits for an answer, through the services."""

from collections.abc import Mapping
from datetime import timedelta

from django.utils import timezone

from artists.consent.queries import answers_of, answers_waiting, consents_of, uses_of
from artists.consent.services import Wanted, ask_consent, record_use, say_yes
from artists.consent.services.answering import Limits
from artists.consent.services.register import Happened
from artists.people.models import Person
from artists.sharing.queries import releases_public
from portal.access import Refused

ARTIST, STAFF, TITLE = "ada@demo.example", "theo@demo.example", "Tide table"
A_DAY = timedelta(days=1)


def ask_and_use(people: Mapping[str, Person]) -> bool:
    """Asked once, however often this runs; True when nothing is left to wait for."""
    release = releases_public().filter(request__title=TITLE).first()
    if release is None:  # a visitor took it back
        return True
    ada, theo, clip = people[ARTIST], people[STAFF], release.request.clip
    now = timezone.now()
    asked = {answer.work.kind for answer in answers_of(ada)}
    try:
        if "social" not in asked:
            text = "We would like to open the season with it: one post, the whole film, your name first."
            wanted = Wanted("social", "The program's account", text, now, now + 365 * A_DAY, fee=15_000)
            ask_consent([clip], wanted, actor=theo)
        if "screening" not in asked:
            text = "An evening of twelve films from the program, with a talk afterwards. You are invited."
            begins = now + 20 * A_DAY
            wanted = Wanted(
                "screening", "Harbour Film Night, Leith", text, begins, begins + 2 * A_DAY, ("GB",), fee=8_000
            )
            ask_consent([clip], wanted, actor=theo)
        waiting = answers_waiting(ada).filter(work__kind="social").first()
        if waiting is not None:
            limits = Limits(ends_at=now + 180 * A_DAY, conditions="Not beside advertising.")
            say_yes(waiting, actor=ada, limits=limits)
        consent = consents_of(ada).filter(kind="social").first()
        if consent is not None and not uses_of(ada).filter(kind="social").exists():
            posted = Happened(timezone.now(), "Opening post", url="https://example.org/opening", reach=1840, fee=15_000)
            record_use(consent, posted, actor=theo)
    except Refused:  # a visitor was faster: what they left stands
        return True
    return True
