"""People of the standard cast, made by the services that make them in production."""

from django.test import Client

from artists.agreements.models import AgreementVersion, Signature
from artists.agreements.services import draft_version, publish_version, sign_version
from artists.people.models import Person
from artists.people.roles import Role
from artists.people.services import make_person
from artists.people.views import PROVEN
from portal.access import System
from portal.program.models import Cohort, Program
from portal.program.services import (
    join_cohort,
    make_cohort,
    make_statements,
    open_cohort,
    open_program,
    start_program,
)
from portal.program.texts import confidentiality_statement

SETUP = System("tests")


def opened_program(name: str = "Northlight") -> Program:
    """The program, open."""
    program, _moved = open_program(start_program(name, actor=SETUP), actor=SETUP)
    return program


def opened_cohort(slug: str, *, daily_seconds: int = 120, at_once: int = 4) -> Cohort:
    """A cohort, open."""
    made = make_cohort(slug, slug.title(), daily_seconds=daily_seconds, at_once=at_once, actor=SETUP)
    cohort, _moved = open_cohort(made, actor=SETUP)
    for reviewer in Person.objects.filter(grants__role=Role.REVIEWER):
        state(reviewer, cohort)
    return cohort


def state(reviewer: Person, cohort: Cohort) -> None:
    """Both statements of a reviewer for a cohort."""
    make_statements(
        cohort,
        actor=reviewer,
        typed_name=reviewer.name,
        conflicts="None.",
        confidentiality=confidentiality_statement(cohort.name),
    )


def published_agreement(
    text: str = "# Terms\n\nYour films are yours.", summary: str = "Your films are yours."
) -> AgreementVersion:
    """One more version of the agreement, in force now."""
    draft = draft_version("early-access", "Early access agreement", summary=summary, text=text, actor=SETUP)
    return publish_version(draft, actor=SETUP)


def sign(person: Person, version: AgreementVersion) -> Signature:
    """The person's signature of this text."""
    return sign_version(
        version,
        actor=person,
        typed_name=person.name,
        read_digest=version.digest,
        address="127.0.0.1",
        user_agent="tests",
    )


def artist_in(cohort: Cohort, name: str, agreement: AgreementVersion | None = None) -> Person:
    """An artist of this cohort; with an agreement, one who signed it."""
    person = make_person(f"{name.lower()}@example.org", name, Role.ARTIST, actor=SETUP)
    join_cohort(person, cohort, actor=SETUP)
    if agreement is not None:
        sign(person, agreement)
    return person


def holder_of(role: Role, name: str) -> Person:
    """Somebody with this one role; a reviewer has made the statements for every cohort."""
    person = make_person(f"{name.lower()}@example.org", name, role, actor=SETUP)
    if role == Role.REVIEWER:
        for cohort in Cohort.objects.all():
            state(person, cohort)
    return person


def signed_in(person: Person, **defaults: str) -> Client:
    """A browser in which this person is signed in, second factor shown, as a demonstration link does it."""
    client = Client(**defaults)
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[PROVEN] = "demonstration link"
    session.save()
    return client
