"""The demonstration program: people, agreement, films really made. Loopback only."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.urls import reverse

from artists.agreements.models import AgreementVersion
from artists.agreements.queries import unsigned_by, versions_in_force
from artists.agreements.services import draft_version, publish_version, sign_version
from artists.people.models import Person
from artists.people.roles import Role
from artists.people.services import make_link, make_person
from portal.access import Kind, Refused, System, denied
from portal.notices.services import address
from portal.program.models import Cohort
from portal.program.queries import statements_missing, the_program
from portal.program.services import (
    join_cohort,
    make_cohort,
    make_statements,
    open_cohort,
    open_program,
    start_program,
)
from portal.program.texts import confidentiality_statement

from .demonstration_bugs import publish_tariff, report_and_triage
from .demonstration_consent import ask_and_use
from .demonstration_feedback import ask_and_answer, ask_for_takes, make_staff_film
from .demonstration_gatherings import gather_and_write
from .demonstration_notices import choose_some_mail
from .demonstration_pay import pay_some
from .demonstration_sharing import ask_for_films, share_films
from .demonstration_texts import AGREEMENT, PURPOSE, SUMMARY

DEMO = System("demonstration")


@dataclass(frozen=True, slots=True)
class Part:
    """One person of the demonstration."""

    email: str
    name: str
    roles: tuple[Role, ...]
    cohort: str = ""


PEOPLE = (
    Part("mara@demo.example", "Mara Lindqvist", (Role.STAFF, Role.OPERATOR)),
    Part("theo@demo.example", "Theo Brandt", (Role.STAFF,)),
    Part("ines@demo.example", "Ines Okafor", (Role.STAFF,)),
    Part("ruth@demo.example", "Ruth Adeyemi", (Role.REVIEWER,)),
    Part("paul@demo.example", "Paul Serrano", (Role.REVIEWER,)),
    Part("yuki@demo.example", "Yuki Tanabe", (Role.REVIEWER,)),
    Part("ada@demo.example", "Ada Moreau", (Role.ARTIST,), "harbour"),
    Part("ben@demo.example", "Ben Castell", (Role.ARTIST,), "harbour"),
    Part("lena@demo.example", "Lena Vogt", (Role.ARTIST,), "lantern"),
    Part("omar@demo.example", "Omar Haddad", (Role.ARTIST,), "lantern"),
)
COHORTS = (("harbour", "Harbour"), ("lantern", "Lantern"))


def check_allowed() -> None:
    """Demonstration people sign and sign in without a browser: never beyond this machine. Raises Refused."""
    if not (settings.VERNISSAGE_DEMO_LINKS and settings.LOOPBACK):
        words = "The demonstration runs on loopback only."
        todo = "Use `manage.py start_program` for a real program."
        raise Refused("demo", denied("demo-not-here", words, todo=todo, kind=Kind.FORBIDDEN))


def _agreement() -> AgreementVersion:
    version = versions_in_force().filter(agreement__slug="participation").first()
    if version is None:
        draft = draft_version(
            "participation",
            "Participation agreement",
            summary=SUMMARY,
            text=AGREEMENT,
            actor=DEMO,
            confidential_until=date(2027, 6, 30),
        )
        version = publish_version(draft, actor=DEMO)
    return version


def _program() -> dict[str, Cohort]:
    program = the_program() or start_program("Demonstration program", actor=DEMO, purpose=PURPOSE)
    open_program(program, actor=DEMO)
    cohorts = {}
    for slug, name in COHORTS:
        cohort = make_cohort(slug, name, daily_seconds=600, at_once=6, actor=DEMO)
        open_cohort(cohort, actor=DEMO)
        cohorts[slug] = cohort
    return cohorts


def _sign(person: Person) -> None:
    for version in unsigned_by(person):
        sign_version(
            version,
            actor=person,
            typed_name=person.name,
            read_digest=version.digest,
            address=None,
            user_agent="demonstration",
        )


def _state(reviewer: Person, cohorts: dict[str, Cohort]) -> None:
    for cohort in cohorts.values():
        words = confidentiality_statement(cohort.name)
        make_statements(cohort, actor=reviewer, typed_name=reviewer.name, conflicts="None.", confidentiality=words)


def load(*, generate: bool) -> dict[str, Person]:
    """The demonstration program, made or completed; with `generate` its films are asked for once. Raises Refused."""
    check_allowed()
    cohorts = _program()
    _agreement()
    people = {}
    for part in PEOPLE:
        person = make_person(part.email, part.name, *part.roles, actor=DEMO)
        people[part.email] = person
        # Their links prove the address as an invitation does; without it no second factor could be set up.
        EmailAddress.objects.get_or_create(user=person, email=part.email, defaults={"verified": True, "primary": True})
        if Role.REVIEWER in part.roles and statements_missing(person):
            _state(person, cohorts)
        if part.cohort:
            if not hasattr(person, "membership"):
                join_cohort(person, cohorts[part.cohort], actor=DEMO)
            _sign(person)
    _sign(make_staff_film(people))
    publish_tariff(people)
    choose_some_mail(people)
    if generate:
        ask_for_films(people)
        ask_for_takes(people)
        share_films(people)
        ask_and_use(people)
        report_and_triage(people)
        ask_and_answer(people)
        gather_and_write(people)
        pay_some(people)
    return people


def complete() -> bool:
    """Share what has been rendered since; True when nothing is left to wait for. Raises Refused."""
    check_allowed()
    people = {person.email: person for person in Person.objects.filter(email__in=[part.email for part in PEOPLE])}
    return share_films(people) and ask_and_use(people) and report_and_triage(people) and ask_and_answer(people)


def link_for(person: Person) -> str:
    """A fresh one-time sign-in link."""
    return address(reverse("sign_in_link", args=[make_link(person)]))


def sign_in_links() -> list[tuple[str, str, str]]:
    """(role, name, link) of one artist, one reviewer, one of the staff."""
    people = load(generate=False)
    chosen = (("artist", "ada@demo.example"), ("reviewer", "ruth@demo.example"), ("staff", "mara@demo.example"))
    return [(role, people[email].name, link_for(people[email])) for role, email in chosen]


def as_answer(people: dict[str, Person]) -> dict[str, Any]:
    """The answer of `manage.py demo --json`: everybody with a link."""
    answer: dict[str, Any] = {"artists": [], "reviewers": [], "staff": [], "cohorts": [slug for slug, _name in COHORTS]}
    room = {Role.ARTIST: "artists", Role.REVIEWER: "reviewers", Role.STAFF: "staff"}
    for part in PEOPLE:
        person = people[part.email]
        answer[room[part.roles[0]]].append({"email": person.email, "name": person.name, "link": link_for(person)})
    return answer
