"""Feedback forms along their way, by the services people use."""

from collections.abc import Sequence
from typing import Any

from artists.feedback.models import FeedbackForm, FormVersion, Question, Response
from artists.feedback.surveys import services
from artists.feedback.surveys.queries import version_in_force
from artists.feedback.surveys.services import Asked, Film, Frame, Said
from artists.people.models import Person
from artists.people.roles import Role
from artists.people.services import make_person
from generation.models import Clip
from portal.program.models import Cohort
from portal.program.services import join_cohort

from .people import SETUP, sign

SCALE = Asked("scale", "How well does it follow you?", points=5, low="not at all", high="to the letter")
CHOICE = Asked("choice", "What do you miss?", choices=("sound", "hands", "longer shots"), several=True)
WORDS = Asked("text", "What else?")
MOMENT = Asked("timecode", "Where does it break?")


def drafted(staff: Person, *asked: Asked, slug: str = "season", title: str = "The season", **frame: Any) -> FormVersion:
    """A form with these questions, not published."""
    values = {"contribution": "feedback.form"} | frame
    version = services.make_form(slug, title=title, about="So that we know.", frame=Frame(**values), actor=staff)
    for one in asked or (SCALE, WORDS):
        services.add_question(version, one, actor=staff)
    return version


def published(staff: Person, *asked: Asked, **more: Any) -> FeedbackForm:
    """A form that artists can answer."""
    return services.publish_version(drafted(staff, *asked, **more), actor=staff).form


def questions(form: FeedbackForm) -> list[Question]:
    """Those of the version in force."""
    version = version_in_force(form)
    assert version is not None
    return list(version.questions.all())


def kept(form: FeedbackForm, person: Person, *said: Said, clip: Clip | None = None) -> Response:
    """A draft with these answers, in the order of the questions."""
    answers = {one.pk: words for one, words in zip(questions(form), said, strict=False)}
    film = None if clip is None else Film(clip, 3)
    return services.keep_response(form, answers, actor=person, film=film)


def sent(form: FeedbackForm, person: Person, *said: Said, clip: Clip | None = None) -> Response:
    """The same, sent."""
    return services.send_response(kept(form, person, *said, clip=clip), actor=person)


def making_staff(cohort: Cohort, agreement: Any, name: str = "Theo") -> Person:
    """One of the staff who makes films too."""
    person = make_person(f"{name.lower()}@example.org", name, Role.STAFF, Role.ARTIST, actor=SETUP)
    join_cohort(person, cohort, actor=SETUP)
    sign(person, agreement)
    return person


def said(*values: str) -> Said:
    """A counted answer."""
    return Said(values)


def in_words(text: str) -> Said:
    """Words."""
    return Said(text=text)


def many(cohort: Cohort, count: int) -> Sequence[Person]:
    """Artists who are only there to be counted."""
    people = [make_person(f"many{n}@example.org", f"Many {n}", Role.ARTIST, actor=SETUP) for n in range(count)]
    for person in people:
        join_cohort(person, cohort, actor=SETUP)
    return people
