"""The ledger of an artist: every line says where it stands and the one next step; sums agree with the books; nobody else reads it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from artists.compensation.ledger.books import balance_of
from artists.compensation.ledger.states import EntryKind, Side
from artists.compensation.models import Award, Contribution, Fund, Payment, PayProfile
from artists.compensation.payments.queries import next_step
from artists.compensation.statements.queries import sums_of
from artists.people.looks import begin_look
from artists.people.models import Person
from artists.people.models.looks import LookKind
from portal.panels import status
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import suspend
from tests.factories import pay
from tests.factories.ledger import (
    attempted,
    came_back,
    moved,
    on_the_way_to_a_bank,
    paid_by_hand,
    payable,
    promised,
    refused,
    sent,
)
from tests.factories.tariff import in_force

ClientOf = Callable[[Person], Client]
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def fund(sam: Person) -> Fund:
    """With 1,000.00 EUR in it."""
    return pay.funded(sam)


def page(client: Client, name: str, *args: object, query: str = "") -> str:
    answer = client.get(reverse(name, args=args) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def parts(client: Client) -> dict[str, list[tuple[str, str, str]]]:
    """By part: (what, state, step) of each line, as the page was given them."""
    answer = client.get(reverse("ledger"))
    assert answer.status_code == 200
    return {
        str(title): [(line.what, str(line.stands.state), str(line.stands.step)) for line in lines]
        for title, _part, lines, _more in answer.context["sections"]
        if lines
    }


def test_ledger_of_nobody_yet_is_one_sentence_and_one_action(ada: Person, client_of: ClientOf) -> None:
    told = page(client_of(ada), "ledger")
    assert ("Nothing was counted yet." in told, reverse("tariff") in told, sums_of(ada)) == (True, True, [])


def test_every_state_has_its_part_and_its_step(ada: Person, fund: Fund, client_of: ClientOf) -> None:
    payable(ada)
    later = timezone.now().date() + timedelta(days=30)
    promised(fund, ada, title="Ready")
    promised(fund, ada, title="Later", due=later)
    Payment.objects.filter(pk=promised(fund, ada, title="Held")[0].pk).update(
        held_reason="We check a name.", held_by_label="Sam"
    )
    attempted(promised(fund, ada, title="Sending")[0])
    unknown = attempted(promised(fund, ada, title="Unknown")[0])
    Payment.objects.filter(pk=unknown.payment_id).update(state="unknown")
    human = attempted(promised(fund, ada, title="Human")[0])
    Payment.objects.filter(pk=human.payment_id).update(state="needs_human")
    refused(promised(fund, ada, title="Refused")[0])
    sent(promised(fund, ada, title="At Stripe")[0])
    on_the_way_to_a_bank(sent(promised(fund, ada, title="At the bank")[0]), "in_transit", arrives=later)
    on_the_way_to_a_bank(sent(promised(fund, ada, title="Bounced")[0]), "failed", failure="account_closed")
    on_the_way_to_a_bank(sent(promised(fund, ada, title="Arrived")[0]), "paid")
    paid_by_hand(promised(fund, ada, title="By hand")[0])
    came_back(sent(promised(fund, ada, title="Back")[0]))
    dead = promised(fund, ada, title="Cancelled")[0]
    Payment.objects.filter(pk=dead.pk).update(state="cancelled", end_reason="The festival was called off.")
    day = f"{later:%-d} {later:%b %Y}"
    assert parts(client_of(ada)) == {
        "Needs you": [
            ("Bounced", "Your bank sent it back: account closed", "Correct your bank details at Stripe; then it is sent to the bank again by itself."),
        ],
        "Payable": [
            ("Ready", "Payable", "The program sends it next. Nothing is needed of you."),
            ("Held", "Sam holds it: We check a name.", "They, or somebody else of the staff, let it go again."),
            ("Refused", "Refused: the program's account at Stripe has too little money", "The program looks at it and sends it again. The money is still yours."),
            ("Later", "Payable", f"It is sent from {day} on."),
        ],
        "On its way": [
            ("Sending", "Being sent", "This takes a moment. Nothing is needed of you."),
            ("Unknown", "Sent, not confirmed yet", "We ask again until it is known. It cannot be paid twice, and nothing is needed of you."),
            ("Human", "Being looked at", "Somebody of the program looks at it. The money is set aside for you."),
            ("At Stripe", "On its way", "Stripe has it, and sends it on to your bank by itself."),
            ("At the bank", "On its way", f"Expected at your bank on {day}."),
        ],
        "Paid": [
            ("By hand", "Paid", "Paid by hand under the reference “NL-7”. Look for it at your bank."),
            ("Arrived", "Paid", "It has arrived. Nothing is needed of you."),
        ],
        "Returned": [
            ("Cancelled", "Not paid", "The festival was called off."),
            ("Back", "Came back", "It is payable again; the program decides how it is sent. The account was closed"),
        ],
    }  # fmt: skip
    told = page(client_of(ada), "ledger")
    assert ("1 payment needs you" in told, "Yours to do; the step is beside it" in told) == (True, True)


def test_what_holds_a_payment_is_said_to_its_artist(ada: Person, fund: Fund, client_of: ClientOf) -> None:
    made = promised(fund, ada)[0]

    def told() -> tuple[str, str, str]:
        ((part, lines),) = parts(client_of(ada)).items()
        page_ = page(client_of(ada), "ledger_payment", made.pk)
        assert (lines[0][1] in page_, lines[0][2] in page_) == (True, True)
        return part, lines[0][1], lines[0][2]

    profiles = PayProfile.objects.filter(person=ada)
    assert told() == (
        "Needs you", "We do not know yet how to pay you",
        "Say in which country and how you want to be paid, and finish what is asked there.",
    )  # fmt: skip
    payable(ada)
    assert told() == ("Payable", "Payable", "The program sends it next. Nothing is needed of you.")
    profiles.update(rail="stripe_connect", country="KP")
    assert told() == (
        "Needs you", "Stripe cannot send this to you", "Choose to be paid by bank transfer instead."
    )  # fmt: skip
    profiles.update(rail="manual", changed_at=timezone.now())
    assert told()[1:] == (
        "You changed how you are paid, so it waits for three days",
        "Nothing, if it was you. If it was not: tell the program staff now.",
    )
    profiles.update(changed_at=None)
    Fund.objects.filter(pk=fund.pk).update(asks_tax=True)
    assert told()[1] == "Your tax information is not confirmed"
    Fund.objects.filter(pk=fund.pk).update(asks_tax=False, state="frozen", state_reason="We move banks.")
    assert told()[1] == "The fund “Autumn” is frozen: We move banks."


def test_contributions_count_paid_or_not(ada: Person, sam: Person, fund: Fund, client_of: ClientOf) -> None:
    in_force(sam)
    pay.counted(ada, "share.approved", source="test:unpaid")
    pay.earned(ada, 700, source="test:earned", about="A crash on export")
    waiting = pay.earned(ada, 900, source="test:waiting", about="A frozen clip")
    done = pay.earned(ada, 1100, source="test:done", about="An old one")
    award = pay.drafted_award(fund, ada, 900, by=sam)
    Contribution.objects.filter(pk=waiting.pk).update(state="awarded", award=award)
    approved = promised(fund, ada, 1100)[0].award
    Contribution.objects.filter(pk=done.pk).update(state="awarded", award=approved)
    found = parts(client_of(ada))
    assert (found["Earned"], found["Counted, unpaid"]) == (
        [
            ("A frozen clip", "In an award", "Two people approve the award “Fee” next."),
            ("A crash on export", "Earned", "The program puts it into an award next."),
        ],
        [("Work", "Counted, unpaid", "The tariff paid nothing for it when you made it.")],
    )
    assert [(one.currency, one.earned, one.payable) for one in sums_of(ada)] == [("EUR", 1600, 1100)]
    told = page(client_of(ada), "ledger")
    assert (told.count(">unpaid<"), reverse("dispute_about", args=[waiting.pk]) in told) == (1, True)


def test_sums_are_those_of_the_books_in_every_currency(ada: Person, ben: Person, sam: Person, fund: Fund, settings: Any) -> None:  # fmt: skip
    settings.VERNISSAGE_CURRENCIES = ["EUR", "JPY"]
    yen = pay.funded(sam, 50_000, name="Yen", currency="JPY")
    promised(fund, ada, 100)
    attempted(promised(fund, ada, 200)[0])
    sent(promised(fund, ada, 400)[0])
    on_the_way_to_a_bank(sent(promised(fund, ada, 800)[0]), "paid")
    paid_by_hand(promised(yen, ada, 1250)[0])
    paid_by_hand(promised(yen, ben, 77)[0])
    told = [(one.currency, one.earned, one.payable, one.travelling, one.paid) for one in sums_of(ada)]
    assert told == [("EUR", 0, 100, 600, 800), ("JPY", 0, 0, 0, 1250)]
    books = [balance_of(side, "EUR", person=ada) for side in (Side.OWED, Side.FLIGHT, Side.PAID)]
    assert sum(books) == sum(told[0][2:])


def test_yen_has_no_fraction_and_html_is_text(ada: Person, sam: Person, client_of: ClientOf, settings: Any) -> None:
    settings.VERNISSAGE_CURRENCIES = ["JPY"]
    yen = pay.funded(sam, 50_000, name="Yen", currency="JPY")
    made = promised(yen, ada, 12_500, title=HOSTILE)[0]
    told, one = page(client_of(ada), "ledger"), page(client_of(ada), "ledger_payment", made.pk)
    assert ("12,500\N{NO-BREAK SPACE}JPY" in told, "12,500\N{NO-BREAK SPACE}JPY" in one) == (True, True)
    assert (HOSTILE in told, HOSTILE in one, "&lt;script&gt;alert(1)" in one) == (False, False, True)


def test_payment_tells_what_happened_with_dates_and_numbers(ada: Person, fund: Fund, client_of: ClientOf) -> None:
    first, second = promised(fund, ada, 5000, title="A long film", parts=2)
    refused(first)
    back = came_back(on_the_way_to_a_bank(sent(second), "paid"), "You asked for it")
    told = client_of(ada).get(reverse("ledger_payment", args=[back.pk]))
    entries = list(back.entries.order_by("number").values_list("number", flat=True))
    assert [(one.words, one.number) for one in told.context["story"]] == [
        ("Approved by two people: 25.00 EUR of it is this payment", f"award {back.award_id}"),
        ("25.00 EUR left for the rail", f"entry {entries[0]}"),
        ("The rail took 25.00 EUR", f"entry {entries[1]}, {back.transfer}"),
        ("It arrived at your bank", f"po_{back.pk.hex[:12]}"),
        ("25.00 EUR came back: You asked for it", f"entry {entries[2]}, trr_{back.pk.hex[:12]}"),
    ]
    page_ = told.content.decode()
    assert ("A long film, 2 of 2" in page_, str(back.pk) in page_, str(back.award_id) in page_) == (True, True, True)
    other = client_of(ada).get(reverse("ledger_payment", args=[first.pk]))
    why = "The rail refused it: the program's account at Stripe has too little money"
    assert why in [one.words for one in other.context["story"]]


@pytest.mark.parametrize(
    ("code", "state", "step"),
    [
        ("resource_missing", "Refused: Stripe does not know your account there any more",
         "Open another account at Stripe; then the program sends it again."),
        ("insufficient_capabilities_for_transfer", "Refused: your account at Stripe cannot take money now",
         "Answer what Stripe asks of you; then the program sends it again."),
        ("made_up_tomorrow", "Refused: Stripe says “made_up_tomorrow”",
         "The program looks at it and sends it again. The money is still yours."),
    ],
)  # fmt: skip
def test_refused_payment_says_whose_step_is_next(
    ada: Person, fund: Fund, client_of: ClientOf, code: str, state: str, step: str
) -> None:
    made = refused(promised(fund, ada, title="Refused")[0], code)
    theirs = code in {"resource_missing", "insufficient_capabilities_for_transfer"}
    assert parts(client_of(ada)) == {"Needs you" if theirs else "Payable": [("Refused", state, step)]}
    told = page(client_of(ada), "ledger_payment", made.pk)
    assert ("No such destination" in told, step in told) == (False, True)
    assert next_step(made).startswith("Its artist" if theirs else "Clear the cause")


def test_rest_of_what_came_back_in_part_goes_its_own_way(ada: Person, fund: Fund, client_of: ClientOf) -> None:
    def partly(title: str, arrival: str) -> None:
        made = on_the_way_to_a_bank(sent(promised(fund, ada, 2500, title=title)[0]), arrival, failure="account_closed")
        moved(EntryKind.REVERSE, 1000, made.award, key=f"reverse-{made.pk}", payment=made, memo="trr_1")
        Payment.objects.filter(pk=made.pk).update(state="partly_reversed", came_back=1000, end_reason="Sent too much.")

    for title, arrival in (("Sent", "pending"), ("Bounced", "failed"), ("There", "paid")):
        partly(title, arrival)
    assert parts(client_of(ada)) == {
        "Needs you": [
            ("Bounced", "10.00 EUR came back; the rest: Your bank sent it back: account closed",
             "Correct your bank details at Stripe; then it is sent to the bank again by itself. Sent too much."),
        ],
        "On its way": [
            ("Sent", "10.00 EUR came back; the rest: On its way",
             "Stripe has sent it to your bank; it says no day yet. Sent too much."),
        ],
        "Returned": [("There", "10.00 EUR came back", "The rest stays paid. Sent too much.")],
    }  # fmt: skip
    [sums] = sums_of(ada)
    assert (sums.payable, sums.travelling, sums.paid) == (3000, 3000, 1500)
    lines = [line for part in client_of(ada).get(reverse("ledger")).context["sections"] for line in part[2]]
    assert {line.amount for line in lines} == {1500}


def test_nobody_else_reads_it(ada: Person, ben: Person, sam: Person, rhea: Person, fund: Fund, client_of: ClientOf) -> None:  # fmt: skip
    made = promised(fund, ada, title="Ada's own")[0]
    pay.earned(ada, about="Ada's bug")
    path = reverse("ledger_payment", args=[made.pk])
    answers = {who.name: client_of(who).get(path).status_code for who in (ada, ben, sam, rhea)}
    assert answers == {"Ada": 200, "Ben": 404, "Sam": 404, "Rhea": 404}
    own = page(client_of(ben), "ledger") + page(client_of(ben), "ledger_lines", "contributions")
    assert ("Ada" in own, sums_of(ben)) == (False, [])
    assert Client().get(path).status_code == 302


def test_pages_of_a_part_hang_together_and_know_no_strangers(
    ada: Person, ben: Person, fund: Fund, client_of: ClientOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("artists.compensation.statements.views.artist.A_PAGE", 2)
    for number in range(5):
        paid_by_hand(promised(fund, ada, 100 + number, title=f"P{number}")[0])
    foreign = paid_by_hand(promised(fund, ben)[0])
    client, seen, query = client_of(ada), [], ""
    while True:
        answer = client.get(reverse("ledger_lines", args=["paid"]) + query)
        seen.append([line.what for line in answer.context["lines"]])
        query = answer.context["older"]
        if not query:
            break
    assert seen == [["P4", "P3"], ["P2", "P1"], ["P0"]]
    wrong = [f"?after={key}" for key in (foreign.pk, "nonsense", "7")]
    assert [client.get(reverse("ledger_lines", args=["paid"]) + one).status_code for one in wrong] == [404] * 3
    assert client.get(reverse("ledger_lines", args=["nothing"])).status_code == 404


@pytest.mark.parametrize("part", ["earned", "contributions", "unpaid", "payable", "travelling", "paid", "returned"])
def test_every_part_has_its_page(ada: Person, fund: Fund, client_of: ClientOf, part: str) -> None:
    client = client_of(ada)
    assert "There is nothing here." in page(client, "ledger_lines", part)
    pay.earned(ada)
    came_back(sent(promised(fund, ada)[0]))
    sent(promised(fund, ada)[0])
    paid_by_hand(promised(fund, ada)[0])
    promised(fund, ada)
    shown = {"earned": 1, "contributions": 1, "unpaid": 0, "payable": 1, "travelling": 1, "paid": 1, "returned": 1}
    assert len(client.get(reverse("ledger_lines", args=[part])).context["lines"]) == shown[part]


def test_number_of_queries_does_not_grow(ada: Person, fund: Fund, client_of: ClientOf) -> None:
    def one_of_each(number: int) -> None:
        promised(fund, ada, 100)
        sent(promised(fund, ada, 100)[0])
        paid_by_hand(promised(fund, ada, 100)[0])
        came_back(sent(promised(fund, ada, 100)[0]))
        pay.earned(ada, 100, source=f"many:{number}")

    def asked(path: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        return len(seen)

    client = client_of(ada)
    paths = [
        reverse("ledger"), reverse("home"), reverse("ledger_lines", args=["paid"]),
        reverse("ledger_lines", args=["contributions"]), reverse("ledger_lines", args=["payable"]),
    ]  # fmt: skip
    one_of_each(0)
    few = [asked(path) for path in paths]
    for number in range(1, 4):
        one_of_each(number)
    assert [asked(path) for path in paths] == few


def test_suspended_and_left_artists_still_read(ada: Person, sam: Person, fund: Fund, client_of: ClientOf) -> None:
    made = paid_by_hand(promised(fund, ada, title="Kept")[0])
    suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason="A check.")
    names = [("ledger",), ("ledger_months",), ("service_letters",), ("ledger_payment", made.pk)]
    client = client_of(ada)
    assert [client.get(reverse(name, args=args)).status_code for name, *args in names] == [200] * 4
    ada.membership.delete()
    ada.grants.all().delete()
    client = client_of(Person.objects.get(pk=ada.pk))
    assert [client.get(reverse(name, args=args)).status_code for name, *args in names] == [200] * 4
    assert "Kept" in page(client, "ledger")


def test_staff_who_view_as_an_artist_read_and_are_known(
    ada: Person, sam: Person, fund: Fund, client_of: ClientOf
) -> None:
    promised(fund, ada, title="Ada's own")
    client = client_of(sam)
    begin_look(ada, LookKind.PAGES, reason="She asked us to.", actor=sam)
    client.post(reverse("person_view", args=[ada.pk]), {"reason": "She asked us to."})
    assert "Ada&#x27;s own" in page(client, "ledger")
    answer = client.post(reverse("service_letters"), {"since": "2026-01-01", "until": "2026-12-31", "act": "preview"})
    assert answer.status_code == 403


def test_home_says_what_was_earned_and_what_needs_one(
    ada: Person, ben: Person, fund: Fund, client_of: ClientOf
) -> None:
    before = page(client_of(ada), "home")
    promised(fund, ada, 2500)
    on_the_way_to_a_bank(sent(promised(fund, ada, title="Bounced")[0]), "failed")
    after, others = page(client_of(ada), "home"), page(client_of(ben), "home")
    words = "payable 25.00\N{NO-BREAK SPACE}EUR"
    assert [words in one for one in (before, after, others)] == [False, True, False]
    assert ("needs you" in after, "Bounced" in after) == (True, True)


def test_staff_read_sums_on_the_page_of_a_person(ada: Person, sam: Person, fund: Fund, client_of: ClientOf) -> None:
    made = paid_by_hand(promised(fund, ada, 2500)[0])
    promised(fund, ada, 300)
    told = page(client_of(sam), "person", ada.pk)
    words = "earned 0.00 EUR, payable 3.00 EUR, on its way 0.00 EUR, paid 25.00 EUR"
    assert (words in told, f"Last payment {str(made.pk)[:8]}" in told) == (True, True)


def test_status_says_what_is_owed(ada: Person, ben: Person, fund: Fund) -> None:
    assert status()["money_owed"] == {
        "minor_units": {}, "people": 0, "due": 0, "due_since": None, "held": 0, "stuck": 0,
    }  # fmt: skip
    promised(fund, ada, 2500)
    Payment.objects.filter(pk=promised(fund, ben, 100)[0].pk).update(held_reason="A check.")
    refused(promised(fund, ben, 30)[0])
    paid_by_hand(promised(fund, ben, 7)[0])
    promised(fund, ben, 1, due=timezone.now().date() + timedelta(days=3))
    assert status()["money_owed"] == {
        "minor_units": {"EUR": 2631}, "people": 2, "due": 2, "due_since": timezone.now().date(), "held": 1, "stuck": 1,
    }  # fmt: skip


def test_award_nobody_approved_is_promised_to_nobody(ada: Person, sam: Person, fund: Fund, client_of: ClientOf) -> None:
    Award.objects.filter(pk=pay.drafted_award(fund, ada, by=sam).pk).update(state="submitted", title="A secret plan")
    assert "A secret plan" not in page(client_of(ada), "ledger")
