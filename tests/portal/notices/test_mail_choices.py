"""Choosing what is mailed and when: the acts, their refusals, the page."""

import re
from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from artists.people.models import Person
from portal.audit.models import Entry
from portal.notices.models import Letter, MailChoice, MailHours, Notice
from portal.notices.queries import deliveries_of, hours_of, kinds_for
from portal.notices.services import choose_hours, choose_mail
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import suspend
from tests.factories.notices import LEGAL, NEWS, QUIET, letters_to, told
from tests.factories.refusals import code_of
from tests.factories.together import at_once

HOURS: dict[str, Any] = {"quiet_from": None, "quiet_to": None, "digest": True, "digest_at": time(8)}


@pytest.mark.parametrize(
    ("wanted", "code"),
    [
        ({"no.such": "now"}, "kind-unknown"),
        ({NEWS: "weekly"}, "delivery-unknown"),
        ({NEWS: ""}, "delivery-unknown"),
        ({LEGAL: "never"}, "kind-binding"),
        ({LEGAL: "daily"}, "kind-binding"),
        ({NEWS: "never", LEGAL: "never"}, "kind-binding"),
    ],
)
def test_choice_that_cannot_be_is_refused_and_writes_nothing(ada: Person, wanted: dict[str, str], code: str) -> None:
    before = Entry.objects.count()
    assert (code_of(lambda: choose_mail(ada, wanted, actor=ada)), MailChoice.objects.count()) == (code, 0)
    assert Entry.objects.count() == before


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"quiet_from": time(22)}, "quiet-half"),
        ({"quiet_to": time(7)}, "quiet-half"),
        ({"quiet_from": time(7), "quiet_to": time(7)}, "quiet-empty"),
    ],
)
def test_hours_that_cannot_be_are_refused_and_write_nothing(ada: Person, changed: dict[str, Any], code: str) -> None:
    assert code_of(lambda: choose_hours(ada, actor=ada, **(HOURS | changed))) == code
    assert MailHours.objects.count() == 0


def test_nobody_chooses_for_somebody_else(ada: Person, ben: Person, sam: Person, olga: Person) -> None:
    for other in (ben, sam, olga):
        assert code_of(lambda who=other: choose_mail(ada, {NEWS: "never"}, actor=who)) == "not-yours"  # type: ignore[misc]
        assert code_of(lambda who=other: choose_hours(ada, actor=who, **HOURS)) == "not-yours"  # type: ignore[misc]


def test_choice_is_recorded_once_and_holds(ada: Person) -> None:
    assert choose_mail(ada, {NEWS: "daily", QUIET: "never"}, actor=ada) == [NEWS]
    assert choose_mail(ada, {NEWS: "daily"}, actor=ada) == []
    entries = Entry.objects.filter(action="notices.choose")
    assert [one.body["detail"] if isinstance(one.body, dict) else NEWS in one.body for one in entries] == [True]
    assert (deliveries_of(ada)[NEWS], deliveries_of(ada)[LEGAL]) == ("daily", "now")


def test_choice_of_never_takes_back_what_waits_and_keeps_what_went_out(ada: Person) -> None:
    told(ada, "a")
    Letter.objects.filter(person=ada, kind=NEWS).update(sent_at="2026-01-01T00:00Z")
    told(ada, "b")
    told(ada, "c", LEGAL)
    choose_mail(ada, {NEWS: "never"}, actor=ada)
    assert ([one.subject for one in letters_to(ada)], Notice.objects.filter(kind=NEWS).count()) == (["a", "c"], 2)


def test_binding_kind_is_mailed_whatever_the_table_says(ada: Person) -> None:
    MailChoice.objects.create(person=ada, kind=LEGAL, delivery="never")  # it was not binding once
    told(ada, "a", LEGAL)
    assert (deliveries_of(ada)[LEGAL], len(letters_to(ada))) == ("now", 1)


@pytest.mark.parametrize(
    "breach",
    [
        lambda person: MailChoice.objects.create(person=person, kind="k", delivery="weekly"),
        lambda person: MailHours.objects.create(person=person, quiet_from=time(7)),
        lambda person: MailHours.objects.create(person=person, quiet_from=time(7), quiet_to=time(7)),
        lambda person: Notice.objects.create(person=person, kind="k", key="k", title="t", url="https://example.org/"),
        lambda person: Notice.objects.create(person=person, kind="k", key="k", title="t", url="//example.org/"),
        lambda person: MailChoice.objects.bulk_create(
            [MailChoice(person=person, kind="k", delivery="now"), MailChoice(person=person, kind="k", delivery="now")]
        ),
    ],
)
def test_database_refuses_too(ada: Person, breach: Callable[[Person], object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        breach(ada)


@pytest.mark.django_db(transaction=True)
def test_choices_of_many_forms_at_once_are_one_row() -> None:
    person = Person.objects.create_user("ada@example.org", name="Ada")
    results = at_once(8, lambda number: choose_mail(person, {NEWS: ("daily", "never")[number % 2]}, actor=person))
    assert [one for one in results if isinstance(one, Exception)] == []
    assert MailChoice.objects.count() == 1


# The page.
def filled(page: str) -> dict[str, str]:
    """What a browser would send of the form of kinds as it stands."""
    found = {}
    for name, options in re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected>', options)
        found[name] = chosen[0] if chosen else re.findall(r'<option value="([^"]*)"', options)[0]
    return found


def test_page_shows_the_kinds_that_concern_one_and_saves_nothing_unchanged(
    ada: Person, sam: Person, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(ada)
    page = client.get(reverse("mail_choices")).content.decode()
    form = filled(page)
    free = {kind.name for kind in kinds_for(ada) if not kind.binding}
    assert {name for name in form if not name.startswith("all-")} == free
    assert ("invitations.asked_again" in form, "generation.ended" in form, "program.suspended" in form) == (
        False,
        True,
        False,
    )
    assert client.post(reverse("mail_choices"), form).status_code == 302
    assert MailChoice.objects.count() == 0
    desk = filled(client_of(sam).get(reverse("mail_choices")).content.decode())
    assert ("invitations.asked_again" in desk, "generation.ended" in desk) == (True, False)


def test_page_says_why_some_are_always_sent(ada: Person, client_of: Callable[[Person], Client]) -> None:
    page = client_of(ada).get(reverse("mail_choices")).content.decode()
    assert ("It decides on something that stops you." in page, page.count("always, at once") >= 7) == (True, True)


def test_family_is_chosen_at_once_and_what_was_changed_one_by_one_goes_before(
    ada: Person, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(ada)
    form = filled(client.get(reverse("mail_choices")).content.decode())
    client.post(reverse("mail_choices"), form | {"all-films": "daily", NEWS: "never"})
    chosen = deliveries_of(ada)
    assert (chosen["generation.ended"], chosen["generation.paused"], chosen[NEWS], chosen["sharing.decided"]) == (
        "daily",
        "daily",
        "never",
        "now",
    )
    assert chosen[LEGAL] == "now"


@pytest.mark.parametrize("value", ["weekly", "", "<b>"])
def test_page_with_a_choice_that_is_none_answers_422_and_saves_nothing(
    ada: Person, client_of: Callable[[Person], Client], value: str
) -> None:
    client = client_of(ada)
    form = filled(client.get(reverse("mail_choices")).content.decode())
    answer = client.post(reverse("mail_choices"), form | {NEWS: value, "generation.ended": "never"})
    assert (answer.status_code, "form-invalid" in answer.content.decode(), MailChoice.objects.count()) == (422, True, 0)


def test_times_are_saved_shown_and_refused_with_their_code(ada: Person, client_of: Callable[[Person], Client]) -> None:
    client, where = client_of(ada), reverse("mail_hours")
    good = {"quiet_from": "22:00", "quiet_to": "07:30", "digest": "on", "digest_at": "09:15"}
    assert client.post(where, good).status_code == 302
    kept = hours_of(ada)
    assert (kept.quiet_from, kept.quiet_to, kept.digest, kept.digest_at) == (time(22), time(7, 30), True, time(9, 15))
    page = client.get(reverse("mail_choices")).content.decode()
    assert ("Nothing is mailed from 22:00 to 07:30 (UTC)" in page, 'value="09:15"' in page) == (True, True)
    for wrong, code in (
        ({"quiet_to": ""}, "quiet-half"),
        ({"quiet_to": "22:00"}, "quiet-empty"),
        ({"digest_at": ""}, "form-invalid"),
        ({"quiet_from": "25:00"}, "form-invalid"),
    ):
        answer = client.post(where, good | wrong)
        assert (wrong, answer.status_code, code in answer.content.decode()) == (wrong, 422, True)
    assert hours_of(ada).quiet_to == time(7, 30)


def test_page_is_open_in_every_standing(ada: Person, sam: Person, client_of: Callable[[Person], Client]) -> None:
    suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason="A question is open.")
    client = client_of(ada)
    form = filled(client.get(reverse("mail_choices")).content.decode())
    assert client.post(reverse("mail_choices"), form | {NEWS: "never"}).status_code == 302
    assert deliveries_of(ada)[NEWS] == "never"
