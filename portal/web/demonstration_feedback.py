"""Forms, missions and critique of the demonstration: two takes of staff compared, a film spoken of, a mission under way."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from artists.feedback.missions.queries import missions_overseen_by
from artists.feedback.missions.services import Wanted, Work, deliver_work, make_mission, post_mission, take_place
from artists.feedback.surveys.queries import forms_overseen_by, questions_of, version_in_force
from artists.feedback.surveys.services import (
    Asked,
    Frame,
    Said,
    add_question,
    keep_response,
    make_form,
    publish_version,
    send_response,
)
from artists.people.models import Person
from artists.people.roles import Role
from artists.people.services import grant_role
from generation.models import Clip
from generation.queries import clips_visible_to, generations_visible_to
from generation.services import submit
from generation.states import ENDED
from generation.storyboards import ShotAsked
from portal.access import Refused, System
from portal.program.queries import cohorts
from portal.program.services import join_cohort

DEMO = System("demonstration")
STAFF, COHORT = "theo@demo.example", "lantern"
TAKES = (("Take, short tier", 11), ("Take, long tier", 12))
MONTH = timedelta(days=30)


def make_staff_film(people: Mapping[str, Person]) -> Person:
    """One of the staff makes films too: only films of their own can be shown to others in a form."""
    theo = people[STAFF]
    grant_role(theo, Role.ARTIST, actor=DEMO)
    if not hasattr(theo, "membership"):
        join_cohort(theo, cohorts().get(slug=COHORT), actor=DEMO)
    return theo


def ask_for_takes(people: Mapping[str, Person]) -> None:
    """Both takes, asked for once. Raises Refused."""
    for title, seed in TAKES:
        shot = ShotAsked("a paper boat crosses a grey canal", seed=seed)
        submit([shot], actor=people[STAFF], title=title, key=f"demonstration:{title}")


def ask_and_answer(people: Mapping[str, Person]) -> bool:
    """Forms and a mission, made once; True when nothing is left to wait for."""
    theo = people[STAFF]
    if forms_overseen_by(theo).exists():
        return True
    asked = list(generations_visible_to(theo).filter(title__in=[title for title, _seed in TAKES]))
    takes = list(clips_visible_to(theo).filter(generation__in=asked).order_by("made_at"))
    if len(takes) < len(TAKES):
        return bool(asked) and all(one.state in ENDED for one in asked)
    try:
        _forms(people, theo, takes)
        _missions(people, theo)
    except Refused:  # a visitor was faster: what they left stands
        return True
    return True


def _forms(people: Mapping[str, Person], theo: Person, takes: list[Clip]) -> None:
    season = make_form(
        "tiers", title="Two tiers, one boat",
        about="Which of the two we keep as the default. We say here in June what was decided, and why.",
        frame=Frame("feedback.form", closes_at=timezone.now() + MONTH), actor=theo,
    )  # fmt: skip
    add_question(season, Asked("compare", "Which take holds together?", first=takes[0], second=takes[1]), actor=theo)
    add_question(season, Asked("scale", "How much does the difference matter to you?", low="not at all", high="it decides"), actor=theo)  # fmt: skip
    missed = ("sound", "hands", "longer shots", "colour control")
    add_question(season, Asked("choice", "What do you miss most?", choices=missed, several=True), actor=theo)
    add_question(season, Asked("text", "What else should we know?"), actor=theo)
    form = publish_version(season, actor=theo).form
    film = make_form(
        "film", title="About this film", about="Where it breaks, and where it does not.",
        frame=Frame("feedback.note", about_film=True, most_each=10), actor=theo,
    )  # fmt: skip
    add_question(film, Asked("timecode", "Where does it break?"), actor=theo)
    add_question(film, Asked("scale", "How far does it follow your words?", low="not at all", high="to the letter"), actor=theo)  # fmt: skip
    add_question(film, Asked("text", "What did you want to see?"), actor=theo)
    publish_version(film, actor=theo)
    version = version_in_force(form)
    assert version is not None  # noqa: S101 - it was just published
    which, matters, _missed, _else = questions_of(version)
    for name, side, words in (("omar", "b", "The water stays water."), ("lena", "b", ""), ("ben", "a", "")):
        said = {which.pk: Said((side,), words), matters.pk: Said(("4",))}
        person = people[f"{name}@demo.example"]
        send_response(keep_response(form, said, actor=person), actor=person)


def _missions(people: Mapping[str, Person], theo: Person) -> None:
    if missions_overseen_by(theo).exists():
        return
    wanted = Wanted(
        "test", "Ten shots with hands", "Make ten shots with hands in them; say in which of them they hold, and where not.",
        Decimal(3), "mission.hour", 3, timezone.now() + MONTH,
    )  # fmt: skip
    mission, _posted = post_mission(make_mission(wanted, actor=theo), actor=theo)
    work = Work("Seven of ten hold; the other three melt where fingers cross.", Decimal("2.5"))
    lena = people["lena@demo.example"]
    deliver_work(take_place(mission, actor=lena), work, actor=lena)
    talk = Wanted(
        "interview", "An hour about storyboards", "A video call, on a day that suits you; we record nothing without asking.",
        Decimal(1), "interview.hour", 2, timezone.now() + MONTH,
    )  # fmt: skip
    post_mission(make_mission(talk, actor=theo), actor=theo)
