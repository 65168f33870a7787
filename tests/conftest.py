"""The standard cast: two artists in two cohorts, one who has not signed, reviewers, staff, an operator."""

import os
from collections.abc import Callable
from pathlib import Path

import freezegun
import pytest
from django.conf import settings
from django.db import connections
from django.test import Client

from artists.agreements.models import AgreementVersion
from artists.people.models import Person
from artists.people.roles import Role
from generation.models import Clip, Generation
from portal.program.models import Cohort, Program
from tests.factories import films, people
from tests.factories.emptying import empty_append_only_tables_too

# The clock is frozen in every module that is loaded; the lazy modules of these would load all they have at the look.
freezegun.configure(extend_ignore_list=["diffusers", "transformers", "torch"])

# WhiteNoise warns about a folder that is not there; nothing has been collected into it before tests.
Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """A database of this run's own: on disk for SQLite (threads share no memory), with a name of its own elsewhere."""
    test = connections["default"].settings_dict["TEST"]
    if connections["default"].vendor == "sqlite":
        test["NAME"] = str(Path(settings.VERNISSAGE_HOME) / "tests.sqlite3")
    else:
        test["NAME"] = f"test_vernissage_{os.getpid()}"
    empty_append_only_tables_too()


@pytest.fixture
def program(db: None) -> Program:
    """The program, open."""
    return people.opened_program()


@pytest.fixture
def agreement(db: None) -> AgreementVersion:
    """The version in force."""
    return people.published_agreement()


@pytest.fixture
def cohort_a(program: Program) -> Cohort:
    """Ada's and Nia's."""
    return people.opened_cohort("first")


@pytest.fixture
def cohort_b(program: Program) -> Cohort:
    """Ben's."""
    return people.opened_cohort("second")


@pytest.fixture
def ada(cohort_a: Cohort, agreement: AgreementVersion) -> Person:
    """An artist who signed."""
    return people.artist_in(cohort_a, "Ada", agreement)


@pytest.fixture
def ben(cohort_b: Cohort, agreement: AgreementVersion) -> Person:
    """An artist of the other cohort who signed."""
    return people.artist_in(cohort_b, "Ben", agreement)


@pytest.fixture
def nia(cohort_a: Cohort, agreement: AgreementVersion) -> Person:
    """An artist who has not signed."""
    return people.artist_in(cohort_a, "Nia")


@pytest.fixture
def rhea(db: None) -> Person:
    """A reviewer."""
    return people.holder_of(Role.REVIEWER, "Rhea")


@pytest.fixture
def rolf(db: None) -> Person:
    """Another reviewer."""
    return people.holder_of(Role.REVIEWER, "Rolf")


@pytest.fixture
def sam(db: None) -> Person:
    """Program staff."""
    return people.holder_of(Role.STAFF, "Sam")


@pytest.fixture
def olga(db: None) -> Person:
    """An operator."""
    return people.holder_of(Role.OPERATOR, "Olga")


@pytest.fixture
def generation_of(db: None) -> Callable[..., Generation]:
    """generation_of(person): a queued generation of theirs."""
    return films.submitted


@pytest.fixture
def clip_of(db: None) -> Callable[..., Clip]:
    """clip_of(person): a finished clip of theirs, with real files."""
    return films.finished


@pytest.fixture
def client_of(db: None) -> Callable[[Person], Client]:
    """client_of(person): a browser they are signed in with."""
    return people.signed_in
