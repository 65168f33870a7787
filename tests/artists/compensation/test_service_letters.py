"""Letters of service: frozen facts under a code nobody guesses, checked by anybody without a cookie, withdrawn for good."""

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time
from pypdf import PdfReader

from artists.compensation.models import Fund, ServiceLetter
from artists.compensation.statements import services
from artists.compensation.statements.letters import LENGTH, SIGNS, digest_of, grouped, mint, read_code
from artists.compensation.statements.paper import letter_paper
from artists.people.models import Person
from portal.audit.models import Entry as Recorded
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import suspend
from tests.factories import pay
from tests.factories.ledger import came_back, paid_by_hand, promised, sent
from tests.factories.people import published_agreement, sign
from tests.factories.refusals import code_of
from tests.factories.service_letters import made
from tests.factories.tariff import in_force

ClientOf = Callable[[Person], Client]
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def fund(sam: Person) -> Fund:
    """With 1,000.00 EUR in it."""
    return pay.funded(sam)


def today() -> date:
    return timezone.now().date()


def worked(person: Person, fund: Fund) -> None:
    """Two works shown, one bug, 25.00 EUR paid by hand and 10.00 EUR that came back."""
    for number in range(2):
        pay.counted(person, "share.approved", source=f"test:{person.pk}:{number}")
    pay.earned(person, source=f"test:{person.pk}:bug")
    paid_by_hand(promised(fund, person, 2500)[0])
    came_back(sent(promised(fund, person, 1000, purpose="grant")[0]))


def checked(letter: ServiceLetter, client: Client | None = None) -> Any:
    return (client or Client()).get(reverse("service_letter_check", args=[grouped(letter.code)]))


def test_letter_says_what_was_done_and_paid_in_its_period(ada: Person, ben: Person, sam: Person, fund: Fund) -> None:
    in_force(sam)
    worked(ada, fund)
    worked(ben, fund)
    with freeze_time(timezone.now() - timedelta(days=40)):
        pay.earned(ada, source="test:long ago")
    letter = made(ada)
    assert letter.facts == {
        "program": "Northlight",
        "name": "Ada",
        "signed": True,
        "since": (today() - timedelta(days=10)).isoformat(),
        "until": today().isoformat(),
        "zone": "UTC",
        "made_on": today().isoformat(),
        "work": [
            {"kind": "pay.correction", "label": "Added after a dispute", "count": 1, "quantity": "1", "unit": "times"},
            {"kind": "share.approved", "label": "A work approved for the public", "count": 2, "quantity": "2", "unit": "times"},
        ],
        "paid": [
            {"purpose": "grant", "currency": "EUR", "amount": "10.00", "came_back": "10.00"},
            {"purpose": "fee for work", "currency": "EUR", "amount": "25.00", "came_back": ""},
        ],
    }  # fmt: skip
    assert (letter.digest, letter.person_id) == (digest_of(letter.facts), ada.pk)
    assert "paid" not in made(ada, sums=False).facts


def test_public_page_says_the_frozen_facts_and_nothing_else(ada: Person, sam: Person, fund: Fund) -> None:
    in_force(sam)
    worked(ada, fund)
    letter = made(ada)
    pay.earned(ada, source="test:later", about="Not in the letter")
    Person.objects.filter(pk=ada.pk).update(name="Somebody else")
    answer = checked(letter)
    told = answer.content.decode()
    facts = letter.facts
    wanted = [
        "Northlight confirms that this person did the following for it from", facts["since"], facts["until"], letter.digest,
        '<strong>For:</strong> <span class="wrap">Ada</span></p>',
        "A work approved for the public", "25.00 EUR", "10.00 EUR", "This letter is real", grouped(letter.code),
    ]  # fmt: skip
    assert (answer.status_code, [words for words in wanted if words not in told]) == (200, [])
    assert [words in told for words in ("Somebody else", "Not in the letter", ada.email, "<script", "<form")] == [
        False
    ] * 5


def test_public_page_sets_no_cookie_runs_no_script_and_is_not_found_by_search(
    ada: Person, sam: Person, fund: Fund
) -> None:
    in_force(sam)
    worked(ada, fund)
    letter = made(ada)
    pages = [
        checked(letter), Client().get(reverse("service_letter")), Client().get("/service-letter/?code=no"),
        Client().get("/service-letter/ABCD/"),
    ]  # fmt: skip
    assert [one.status_code for one in pages] == [200, 200, 422, 404]
    for one in pages:
        told = one.content.decode()
        assert (dict(one.cookies), "<script" in told, 'content="noindex, nofollow"' in told) == ({}, False, True)
        assert "no-store" in one["Cache-Control"]
        assert not re.findall(r'(?:src|href|action)="(?!/)[^"]+"', told)


def test_code_is_read_as_people_type_it(ada: Person, sam: Person, fund: Fund) -> None:
    in_force(sam)
    worked(ada, fund)
    letter = made(ada)
    path = reverse("service_letter_check", args=[grouped(letter.code)])
    typed = [letter.code, letter.code.lower(), grouped(letter.code).lower(), f" {grouped(letter.code)} "]
    assert [Client().get("/service-letter/", {"code": one}).headers.get("Location") for one in typed] == [path] * 4
    assert Client().get(f"/service-letter/{letter.code.lower()}/").status_code == 200
    assert [read_code(one) for one in ("", "x" * 500, "O" * LENGTH, letter.code[:-1], HOSTILE)] == [""] * 5


def test_codes_are_unguessable() -> None:
    codes = {mint() for _number in range(500)}
    assert (len(codes), {len(one) for one in codes}, len(SIGNS) ** LENGTH >= 2**100) == (500, {LENGTH}, True)
    assert set("".join(codes)) == set(SIGNS)


@pytest.mark.django_db
def test_unknown_code_is_said_and_shows_what_was_typed_as_text() -> None:
    answer = Client().get("/service-letter/", {"code": HOSTILE})
    assert (answer.status_code, HOSTILE in answer.content.decode()) == (422, False)


@pytest.mark.django_db
def test_unknown_code_is_404_in_words() -> None:
    answer = Client().get(reverse("service_letter_check", args=[grouped(mint())]))
    assert (answer.status_code, "There is no letter with this code" in answer.content.decode()) == (404, True)


@pytest.mark.django_db
def test_many_codes_from_one_place_are_slowed_down() -> None:
    client, other = Client(REMOTE_ADDR="198.51.100.7"), Client(REMOTE_ADDR="198.51.100.8")
    with freeze_time("2026-11-20T12:00:00Z"):
        codes = [client.get(f"/service-letter/{grouped(mint())}/").status_code for _number in range(22)]
        last = client.get("/service-letter/ABCD/")
        assert (codes, other.get("/service-letter/ABCD/").status_code) == ([404] * 20 + [429] * 2, 404)
    told = last.content.decode()
    assert (last.status_code, last["Retry-After"], "Ask again in 3 seconds" in told) == (429, "3", True)
    assert (dict(last.cookies), "<script" in told) == ({}, False)


def test_withdrawn_letter_says_so_and_nothing_of_what_it_said(ada: Person, sam: Person, fund: Fund, client_of: ClientOf) -> None:  # fmt: skip
    in_force(sam)
    worked(ada, fund)
    letter = made(ada)
    client = client_of(ada)
    path = reverse("service_letter_withdraw", args=[letter.pk])
    assert [client.post(path).status_code for _twice in range(2)] == [302, 302]
    answer = checked(letter)
    told = answer.content.decode()
    assert (answer.status_code, "This letter was withdrawn" in told) == (410, True)
    assert [words in told for words in ("Ada", "Northlight", "25.00", letter.digest)] == [False] * 4
    assert Recorded.objects.filter(action="letter.withdraw").count() == 1
    mine = client.get(reverse("service_letters")).content.decode()
    assert ("withdrawn" in mine, "Save as PDF" in mine) == (True, False)


def test_facts_of_a_letter_cannot_be_changed_nor_its_withdrawal_undone(ada: Person, sam: Person, fund: Fund) -> None:
    in_force(sam)
    worked(ada, fund)
    letter = made(ada)
    rows = ServiceLetter.objects.filter(pk=letter.pk)
    changes: list[dict[str, Any]] = [
        {"facts": {"name": "Eve"}}, {"digest": "0" * 64}, {"code": "A" * 20}, {"since": date(2020, 1, 1)},
        {"until": date(2030, 1, 1)}, {"person": sam},
    ]  # fmt: skip
    services.withdraw_letter(letter, actor=ada)
    for change in [*changes, {"withdrawn_at": None}]:
        with pytest.raises(DatabaseError, match="pay-"), transaction.atomic():
            rows.update(**change)
    with pytest.raises(DatabaseError, match="pay-serviceletter-kept"), transaction.atomic():
        rows.delete()
    assert rows.get().facts == letter.facts


def test_letter_is_read_before_it_is_made(ada: Person, sam: Person, fund: Fund, client_of: ClientOf) -> None:
    in_force(sam)
    worked(ada, fund)
    client, path = client_of(ada), reverse("service_letters")
    chosen = {"since": (today() - timedelta(days=10)).isoformat(), "until": today().isoformat(), "sums": "on"}
    preview = client.post(path, chosen | {"act": "preview"})
    seen = preview.context["drawn"].digest
    assert (preview.status_code, ServiceLetter.objects.count(), "What it would say" in preview.content.decode()) == (
        200, 0, True,
    )  # fmt: skip
    pay.earned(ada, source="test:meanwhile")
    changed = client.post(path, chosen | {"act": "make", "seen": seen})
    assert (changed.status_code, ServiceLetter.objects.count(), "letter-changed" in changed.content.decode()) == (
        409, 0, True,
    )  # fmt: skip
    again = client.post(path, chosen | {"act": "make", "seen": changed.context["drawn"].digest})
    letter = ServiceLetter.objects.get()
    assert (again.status_code, letter.person_id, "paid" in letter.facts) == (302, ada.pk, True)
    assert grouped(letter.code) in client.get(path).content.decode()


@pytest.mark.parametrize(
    ("since", "until", "code"),
    [
        (5, 10, "period-backwards"),
        (-1, -2, "period-future"),
        (366 * 21, 0, "period-long"),
        (3000, 2900, "letter-empty"),
    ],
)
def test_period_that_says_nothing_is_refused_and_stays_typed(
    ada: Person, sam: Person, fund: Fund, client_of: ClientOf, since: int, until: int, code: str
) -> None:
    worked(ada, fund)
    days = [today() - timedelta(days=since), today() - timedelta(days=until)]
    assert code_of(lambda: services.draw_letter(*days, actor=ada, sums=True)) == code
    typed = {"since": days[0].isoformat(), "until": days[1].isoformat(), "act": "preview"}
    answer = client_of(ada).post(reverse("service_letters"), typed)
    told = answer.content.decode()
    assert (answer.status_code, code in told, f'value="{typed["since"]}"' in told) == (422, True, True)


def test_day_to_come_has_nothing_to_say(ada: Person, sam: Person, fund: Fund) -> None:
    worked(ada, fund)
    drawn = services.draw_letter(today(), today() + timedelta(days=90), actor=ada, sums=False)
    assert (drawn.until, drawn.facts["until"]) == (today(), today().isoformat())


def test_letters_are_not_made_without_end(ada: Person, fund: Fund, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_LIVE", 2)
    worked(ada, fund)
    first = made(ada)
    made(ada)
    assert code_of(lambda: made(ada)) == "letters-many"
    services.withdraw_letter(first, actor=ada)
    assert made(ada).pk > first.pk


def test_letters_are_one_s_own_in_every_standing(ada: Person, ben: Person, sam: Person, fund: Fund, client_of: ClientOf) -> None:  # fmt: skip
    worked(ada, fund)
    letter = made(ada)
    suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason="A check.")
    paper, withdraw = (reverse(f"service_letter_{name}", args=[letter.pk]) for name in ("paper", "withdraw"))
    assert [client_of(who).get(paper).status_code for who in (ada, ben, sam)] == [200, 404, 404]
    assert [client_of(who).post(withdraw).status_code for who in (ben, sam)] == [404, 404]
    assert code_of(lambda: services.withdraw_letter(letter, actor=ben)) == "not-found"
    assert made(ada).person_id == ada.pk
    assert client_of(ada).post(withdraw).status_code == 302


def test_paper_says_the_facts_the_code_and_where_to_check(ada: Person, sam: Person, fund: Fund, settings: Any) -> None:
    settings.VERNISSAGE_BASE_URL = "https://northlight.example"
    in_force(sam)
    worked(ada, fund)
    letter = made(ada)
    data = letter_paper(letter)
    said = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())
    wanted = (
        "Letter of service", "For: Ada Northlight confirms that this person did the following for it", letter.facts["since"],
        "A work approved for the public 2", "fee for work 25.00 EUR", "came back: 10.00", grouped(letter.code),
        f"https://northlight.example/service-letter/{grouped(letter.code)}/", letter.digest,
    )  # fmt: skip
    assert [words for words in wanted if words not in said] == []
    assert letter_paper(ServiceLetter.objects.get(pk=letter.pk)) == data


UNCOMPARED = "has not compared this name with a signature"


def printed(letter: ServiceLetter) -> str:
    pages = PdfReader(io.BytesIO(letter_paper(letter))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


@pytest.mark.parametrize("name", ["Ada, director of research of Northlight", "Ada M.", "Eve", "Adam", ""])
def test_letter_is_made_under_the_name_that_was_signed_and_not_a_word_more(
    ada: Person, sam: Person, fund: Fund, client_of: ClientOf, name: str
) -> None:
    in_force(sam)
    worked(ada, fund)
    Person.objects.filter(pk=ada.pk).update(name=name)
    ada.refresh_from_db()
    assert (code_of(lambda: made(ada)), ServiceLetter.objects.count()) == ("letter-name", 0)
    typed = {"since": today().isoformat(), "until": today().isoformat(), "act": "preview"}
    told = client_of(ada).post(reverse("service_letters"), typed)
    text = told.content.decode()
    assert [words in text for words in ("letter-name", typed["since"], reverse("profile"))] == [True] * 3
    assert (told.status_code, "What it would say" in text) == (422, False)


def test_name_is_that_of_the_newest_signature(ada: Person, sam: Person, fund: Fund) -> None:
    worked(ada, fund)
    Person.objects.filter(pk=ada.pk).update(name="Ada Lovelace")
    ada.refresh_from_db()
    assert code_of(lambda: made(ada)) == "letter-name"
    with freeze_time(timezone.now() + timedelta(minutes=1)):
        sign(ada, published_agreement("# Terms\n\nOnce more."))
    letter = made(ada)
    assert (letter.facts["name"], letter.facts["signed"]) == ("Ada Lovelace", True)
    Person.objects.filter(pk=ada.pk).update(name="LOVELACE, A.")
    ada.refresh_from_db()
    assert made(ada).facts["name"] == "LOVELACE, A."


def test_name_of_whoever_signed_nothing_is_not_confirmed(nia: Person, sam: Person, fund: Fund) -> None:
    worked(nia, fund)
    letter = made(nia)
    told = [checked(letter).content.decode(), printed(letter)]
    assert (letter.facts["signed"], [UNCOMPARED in one for one in told]) == (False, [True, True])


def test_letter_made_before_says_its_name_on_a_line_of_its_own(ada: Person, sam: Person, fund: Fund) -> None:
    name = "Ada was paid 1,000,000 EUR, and that she"
    facts = {
        "program": "Northlight", "name": name, "since": "2026-01-01", "until": "2026-02-01", "zone": "UTC",
        "made_on": "2026-02-01", "work": [],
    }  # fmt: skip
    days = {"since": date(2026, 1, 1), "until": date(2026, 2, 1), "made_at": timezone.now()}
    letter = ServiceLetter.objects.create(code=mint(), person=ada, facts=facts, digest=digest_of(facts), **days)
    answer = checked(letter)
    told = " ".join(re.sub(r"<[^>]+>", "", answer.content.decode()).split()), printed(letter)
    assert (answer.status_code, [letter.digest in one for one in told]) == (200, [True, True])
    assert [f"confirms that {name}" in one for one in told] == [False, False]
    assert [f"For: {name}" in one and UNCOMPARED in one for one in told] == [True, True]


def test_period_is_of_the_artist_s_own_days(ada: Person, fund: Fund) -> None:
    Person.objects.filter(pk=ada.pk).update(time_zone="Pacific/Auckland")
    ada.refresh_from_db()
    with freeze_time("2026-10-31T12:00:00Z"):  # the first of November in Auckland
        pay.earned(ada, source="test:edge")
    with freeze_time("2026-11-20T12:00:00Z"):
        november = services.draw_letter(date(2026, 11, 1), date(2026, 11, 1), actor=ada, sums=False)
        october = code_of(lambda: services.draw_letter(date(2026, 10, 1), date(2026, 10, 31), actor=ada, sums=False))
    assert (november.facts["zone"], [line["count"] for line in november.facts["work"]], october) == (
        "Pacific/Auckland", [1], "letter-empty",
    )  # fmt: skip
