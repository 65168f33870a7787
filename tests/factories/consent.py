"""Consents along their way, by the services people use."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from artists.consent.models import Answer, AskedWork, Consent
from artists.consent.services import Wanted, ask_consent, say_yes
from artists.people.models import Person
from generation.models import Clip

YEAR = timedelta(days=365)
SHOWCASE = {"kind": "showcase", "text": "To show what artists make here."}


def wanted(**more: Any) -> Wanted:
    """A year on the program's own account, everywhere, from now on."""
    now = timezone.now()
    values = {
        "kind": "social",
        "where": "The program's account",
        "text": "A film of the week.",
        "starts_at": now,
        "ends_at": now + YEAR,
    }
    return Wanted(**(values | more))


def asked_of(clip: Clip, staff: Person, **more: Any) -> AskedWork:
    """One work, asked for."""
    return ask_consent([clip], wanted(**more), actor=staff).works.get()


def answer_of(work: AskedWork, person: Person) -> Answer:
    """This author's answer."""
    return work.answers.get(person=person)


def given(clip: Clip, staff: Person, **more: Any) -> Consent:
    """Asked, and agreed to by all authors."""
    work = asked_of(clip, staff, **more)
    for one in work.answers.select_related("person"):
        say_yes(one, actor=one.person)
    return Consent.objects.get(asked=work)


def asked_authors(clip: Clip, *, by: Person, **more: Any) -> list[Answer]:
    """What the authors of this clip are asked, in the order of their numbers: the showcase, unless said otherwise."""
    work = asked_of(clip, by, **(SHOWCASE | more))
    return list(work.answers.select_related("person").order_by("person_id"))


def consented(clip: Clip, *, by: Person, **more: Any) -> Consent:
    """A consent of everybody who made it: to the showcase, unless said otherwise."""
    return given(clip, by, **(SHOWCASE | more))
