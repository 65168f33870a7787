"""Two people approve exactly what they read, neither proposer nor payee by any route; the last one promises the money."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from artists.agreements.models import AgreementVersion
from artists.compensation.awards import services
from artists.compensation.awards.digest import equal_parts
from artists.compensation.awards.rules import own_money
from artists.compensation.awards.standing import counting, still_approved
from artists.compensation.ledger.books import About, balance_of, books_balance, enter
from artists.compensation.ledger.services import change_fund, freeze_fund
from artists.compensation.ledger.states import EntryKind, Side
from artists.compensation.models import Approval, Award, Entry, Fund, Payment, RailAccount
from artists.compensation.payments.queries import next_step
from artists.people.bearer import TokenActor
from artists.people.looks import Viewer, begin_look
from artists.people.models import AccessToken, Person, RoleGrant
from artists.people.models.looks import LookKind
from artists.people.proofs import RECENT
from artists.people.roles import Role
from artists.people.sameness import mailbox
from artists.people.services import grant_role, make_person
from portal.access import Refused, System
from portal.audit.models import Entry as Recorded
from portal.notices.models import Notice
from portal.program.models import Cohort
from tests.factories.awards import approved, promise, proposed, shown, submitted, yes
from tests.factories.pay import funded
from tests.factories.people import SETUP
from tests.factories.refusals import code_of
from tests.factories.surveys import making_staff
from tests.factories.together import at_once

ClientOf = Callable[[Person], Client]


def free(fund: Fund) -> int:
    return balance_of(Side.FUND, fund.currency, fund=fund)


def owed(person: Person, currency: str = "EUR") -> int:
    return balance_of(Side.OWED, currency, person=person)


def losing(person: Person, role: Role) -> Person:
    RoleGrant.objects.filter(person=person, role=role).delete()
    return Person.objects.get(pk=person.pk)


def test_two_people_approve_and_the_money_is_promised(
    ada: Person, sam: Person, tess: Person, olga: Person, fund: Fund
) -> None:
    award = submitted(ada, fund, by=sam)
    first = yes(award, tess, note="As agreed.")
    assert (first.state, free(fund), owed(ada), Payment.objects.count()) == ("submitted", 100_000, 0, 0)
    done = yes(award, olga)
    assert (done.state, free(fund), owed(ada), books_balance()) == ("approved", 70_000, 30_000, [])
    payment = Payment.objects.get()
    assert (payment.number, payment.payee_id, payment.amount, payment.currency, payment.state) == (
        1,
        ada.pk,
        30_000,
        "EUR",
        "ready",
    )
    assert Entry.objects.get(award=award).key == f"reserve-{award.pk}"
    assert [(one.by.name, one.verdict, one.digest == done.digest) for one in Approval.objects.all()] == [
        ("Tess", "yes", True),
        ("Olga", "yes", True),
    ]
    assert bool(still_approved(done))


@pytest.mark.parametrize("mail", ["ada@example.org", "ADA+sister@example.org"])
def test_nobody_proposes_for_themselves_under_any_address(
    mail: str, ada: Person, cohort_a: Cohort, agreement: AgreementVersion, fund: Fund
) -> None:
    if mail == "ada@example.org":
        me = grant_role(ada, Role.STAFF, actor=SETUP).person
    else:
        me = make_person(mail, "Adina", Role.STAFF, actor=SETUP)
    assert code_of(lambda: proposed(ada, fund, by=me)) == "own-money"
    assert Award.objects.count() == 0


def test_proposer_never_approves_under_any_role_or_address(ada: Person, sam: Person, tess: Person, fund: Fund) -> None:
    award = submitted(ada, fund, by=sam)
    grant_role(sam, Role.OPERATOR, actor=SETUP)
    operator_now = losing(sam, Role.STAFF)
    other = make_person("sam+two@example.org", "Samuel", Role.STAFF, actor=SETUP)
    third = make_person("another@example.org", "Nobody", Role.OPERATOR, actor=SETUP)
    EmailAddress.objects.create(user=third, email="Sam@example.org", verified=True)
    assert [code_of(lambda who=who: yes(award, who)) for who in (sam, operator_now, other, third)] == [
        "own-proposal"
    ] * 4
    assert (Approval.objects.count(), yes(award, tess).state) == (0, "submitted")


def test_payee_never_approves_under_any_role_or_address(
    ada: Person, sam: Person, cohort_a: Cohort, agreement: AgreementVersion, fund: Fund
) -> None:
    payee = making_staff(cohort_a, agreement)
    award = submitted(payee, fund, by=sam)
    other = make_person(payee.email.replace("@", "+x@"), "Theodora", Role.STAFF, actor=SETUP)
    grant_role(ada, Role.STAFF, actor=SETUP)
    EmailAddress.objects.create(user=ada, email=payee.email.upper(), verified=True)
    assert [code_of(lambda who=who: yes(award, who)) for who in (payee, other, Person.objects.get(pk=ada.pk))] == [
        "own-money"
    ] * 3
    assert [
        code_of(lambda who=who: services.decline_award(award, actor=who, digest=award.digest, reason="No."))
        for who in (payee, other)
    ] == ["own-money"] * 2


def test_address_that_nobody_verified_makes_nobody_the_same(
    ada: Person, sam: Person, tess: Person, olga: Person, fund: Fund
) -> None:
    for who in (sam, tess, olga):
        EmailAddress.objects.create(user=ada, email=who.email.replace("@", "+x@"), verified=False)
    award = submitted(ada, fund, by=sam)
    yes(award, tess)
    EmailAddress.objects.create(user=tess, email=olga.email.replace("@", "+y@"), verified=False)
    done = yes(award, olga)
    assert (done.state, bool(still_approved(done)), own_money(sam, ada.pk).code) == ("approved", True, "")


def test_one_person_with_two_accounts_counts_once(
    ada: Person, sam: Person, tess: Person, olga: Person, fund: Fund
) -> None:
    award = submitted(ada, fund, by=sam)
    twin = make_person("tess+again@example.org", "Theresa", Role.OPERATOR, actor=SETUP)
    yes(award, tess)
    assert (code_of(lambda: yes(award, twin)), yes(award, olga).state) == ("same-person", "approved")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("ada@example.org", "Ada+tag@Example.org", True),
        ("a.da@gmail.com", "ada@googlemail.com", True),
        ("a.da+x@gmail.com", "ad.a@gmail.com", True),
        ("a.da@example.org", "ada@example.org", False),
        ("ada@example.org", "ada@example.com", False),
    ],
)
def test_mailboxes_are_told_apart_where_they_can_be(one: str, other: str, same: bool) -> None:
    assert (mailbox(one) == mailbox(other)) == same


def test_account_at_a_rail_belongs_to_one_person(ada: Person, ben: Person) -> None:
    RailAccount.objects.create(person=ada, rail="stripe_connect", country="DE", account="acct_1")
    with pytest.raises(IntegrityError), transaction.atomic():
        RailAccount.objects.create(person=ben, rail="stripe_connect", country="DE", account="acct_1")


def test_artists_reviewers_tokens_machines_and_viewers_are_refused(
    ada: Person, ben: Person, rhea: Person, sam: Person, tess: Person, fund: Fund
) -> None:
    award = submitted(ada, fund, by=sam)
    grant_role(ben, Role.STAFF, actor=SETUP)
    staff_too = Person.objects.get(pk=ben.pk)
    token = TokenActor(staff_too, AccessToken(person=staff_too, prefix="x"))
    viewer = Viewer(staff_too, sam, begin_look(staff_too, LookKind.PAGES, reason="Why not.", actor=sam))
    tess.is_active = False
    actors: list[Any] = [rhea, token, viewer, System("command"), tess]
    codes = [
        code_of(lambda who=who: services.approve_award(award, actor=who, digest=award.digest, proof=shown()))
        for who in actors
    ]
    assert codes == ["role", "role", "viewing-only", "sign-in", "account-stopped"]
    proposals = [code_of(lambda who=who: services.propose_award(promise(ada, fund), actor=who)) for who in actors]
    assert proposals == codes
    assert Approval.objects.count() == 0


@pytest.mark.parametrize("proof", [None, RECENT + timedelta(seconds=5), -timedelta(hours=1)])
def test_second_factor_is_recent(proof: timedelta | None, ada: Person, sam: Person, tess: Person, fund: Fund) -> None:
    award = submitted(ada, fund, by=sam)
    shown_at = None if proof is None else timezone.now() - proof
    assert code_of(lambda: yes(award, tess, proof=shown_at)) == "second-factor-old"
    assert (
        code_of(lambda: services.approve_several({award.pk: award.digest}, actor=tess, proof=shown_at))
        == "second-factor-old"
    )
    assert Approval.objects.count() == 0


def test_edit_voids_approvals_also_where_it_is_undone(
    ada: Person, sam: Person, tess: Person, olga: Person, fund: Fund
) -> None:
    award = submitted(ada, fund, by=sam)
    yes(award, tess)
    services.change_award(award, promise(ada, fund, 40_000), actor=sam)
    assert Award.objects.get().state == "draft"
    services.change_award(award, promise(ada, fund, 30_000), actor=sam)
    again = services.submit_award(award, actor=sam)
    assert (again.amount, again.digest == award.digest, counting(again)) == (award.amount, False, [])
    assert (yes(award, olga).state, yes(award, tess).state) == ("submitted", "approved")


@pytest.mark.parametrize(
    "more",
    [
        {"amount": 30_001},
        {"terms": "Another."},
        {"title": "Another"},
        {"purpose": "expenses"},
        {"kind": "grant"},
    ],
)
def test_stale_digest_is_refused_whatever_changed(
    more: dict[str, Any], ada: Person, sam: Person, tess: Person, fund: Fund
) -> None:
    award = submitted(ada, fund, by=sam)
    services.change_award(award, promise(ada, fund, **more), actor=sam)
    services.submit_award(award, actor=sam)
    assert code_of(lambda: yes(award, tess, digest=award.digest)) == "digest-stale"
    assert (
        code_of(lambda: services.decline_award(award, actor=tess, digest=award.digest, reason="No.")) == "digest-stale"
    )


def test_award_changed_past_the_portal_is_refused(ada: Person, sam: Person, tess: Person, fund: Fund) -> None:
    award = submitted(ada, fund, by=sam)
    Award.objects.filter(pk=award.pk).update(amount=90_000)
    assert (code_of(lambda: yes(award, tess)), Approval.objects.count()) == ("award-altered", 0)


def test_only_the_proposer_changes_and_nobody_after_approval(
    ada: Person, ben: Person, sam: Person, tess: Person, olga: Person, fund: Fund
) -> None:
    award = submitted(ada, fund, by=sam)
    assert code_of(lambda: services.change_award(award, promise(ada, fund, 1), actor=tess)) == "not-yours"
    yes(award, tess)
    yes(award, olga)
    assert code_of(lambda: services.change_award(award, promise(ada, fund, 1), actor=sam)) == "award-moved"
    changes: dict[str, Any] = {
        "amount": 1,
        "payee": ben,
        "digest": "0" * 64,
        "title": "Another",
        "instalments": [],
        "proposer": olga,
    }
    for column, value in (*changes.items(), ("proposer", None)):
        with pytest.raises(DatabaseError, match="pay-award-fixed"), transaction.atomic():
            Award.objects.filter(pk=award.pk).update(**{column: value})
    with pytest.raises(DatabaseError, match="pay-payment-fixed"), transaction.atomic():
        Payment.objects.filter(award=award).update(due_on=date(2026, 1, 1))


def test_double_click_is_one_approval(ada: Person, sam: Person, tess: Person, olga: Person, fund: Fund) -> None:
    award = submitted(ada, fund, by=sam)
    assert [yes(award, tess).state for _ in range(2)] == ["submitted"] * 2
    assert [yes(award, olga).state for _ in range(2)] == ["approved"] * 2
    assert (
        Approval.objects.count(),
        Payment.objects.count(),
        Entry.objects.filter(award=award).count(),
        owed(ada),
    ) == (2, 1, 1, 30_000)


def test_fund_of_three_people_waits_for_the_third(
    ada: Person, sam: Person, tess: Person, umar: Person, olga: Person
) -> None:
    careful = funded(sam, name="Careful", approvals=3)
    award = submitted(ada, careful, by=sam)
    assert [yes(award, who).state for who in (tess, umar, olga)] == ["submitted", "submitted", "approved"]


def test_fund_that_grows_stricter_asks_it_of_what_is_not_approved(
    ada: Person, sam: Person, tess: Person, umar: Person, olga: Person, fund: Fund
) -> None:
    before = approved(ada, fund, by=sam, approvers=[tess, olga], amount=100)
    award = submitted(ada, fund, by=sam)
    yes(award, tess)
    change_fund(fund, actor=sam, about="", approvals=3, daily_most=None, asks_tax=False)
    assert [yes(award, who).state for who in (olga, umar)] == ["submitted", "approved"]
    assert bool(still_approved(Award.objects.get(pk=before.pk)))


@pytest.mark.parametrize("how", ["role", "account"])
def test_approver_who_left_before_the_last_word_does_not_count(
    how: str, ada: Person, sam: Person, tess: Person, umar: Person, olga: Person, fund: Fund
) -> None:
    award = submitted(ada, fund, by=sam)
    yes(award, tess)
    if how == "role":
        losing(tess, Role.STAFF)
    else:
        Person.objects.filter(pk=tess.pk).update(is_active=False)
    assert [yes(award, who).state for who in (olga, umar)] == ["submitted", "approved"]


def test_approver_who_leaves_before_payment_is_replaced(
    ada: Person, sam: Person, tess: Person, umar: Person, olga: Person, fund: Fund
) -> None:
    award = approved(ada, fund, by=sam, approvers=[tess, olga])
    assert code_of(lambda: yes(award, umar)) == "award-moved"
    losing(tess, Role.STAFF)
    assert still_approved(Award.objects.get()).code == "approvals-lapsed"
    assert code_of(lambda: yes(award, sam)) == "own-proposal"
    done = yes(award, umar)
    assert (bool(still_approved(done)), Payment.objects.count(), owed(ada)) == (True, 1, 30_000)


def test_nothing_is_promised_from_a_frozen_fund(
    ada: Person, sam: Person, tess: Person, olga: Person, fund: Fund
) -> None:
    award, draft = submitted(ada, fund, by=sam), proposed(ada, fund, by=sam)
    yes(award, tess)
    freeze_fund(fund, actor=olga, reason="Under review.")
    frozen = Fund.objects.get()
    acts: list[Callable[[], object]] = [
        lambda: yes(award, olga),
        lambda: services.submit_award(draft, actor=sam),
        lambda: proposed(ada, frozen, by=sam),
    ]
    assert [code_of(act) for act in acts] == ["fund-frozen"] * 3
    assert (Award.objects.get(pk=award.pk).state, Approval.objects.count(), owed(ada)) == ("submitted", 1, 0)


def test_beyond_budget_is_refused_at_every_step(
    ada: Person, ben: Person, sam: Person, tess: Person, olga: Person
) -> None:
    small = funded(sam, 50_000, name="Small")
    draft = proposed(ada, small, by=sam, amount=50_001)
    assert code_of(lambda: services.submit_award(draft, actor=sam)) == "beyond-budget"
    one, two = submitted(ada, small, by=sam), submitted(ben, small, by=sam)
    for award in (one, two):
        yes(award, tess)
    yes(one, olga)
    assert code_of(lambda: yes(two, olga)) == "beyond-budget"
    # The whole of the last approval is undone with it.
    assert (Approval.objects.filter(award=two).count(), Payment.objects.count(), free(small), owed(ben)) == (
        1,
        1,
        20_000,
        0,
    )


@pytest.mark.django_db(transaction=True)
def test_two_approvers_at_once_on_the_last_budget(
    ada: Person, ben: Person, sam: Person, tess: Person, olga: Person, umar: Person
) -> None:
    small = funded(sam, 50_000, name="Small")
    awards = [submitted(ada, small, by=sam), submitted(ben, small, by=sam)]
    for award in awards:
        yes(award, tess)
    results = at_once(2, lambda n: yes(awards[n], (olga, umar)[n]).state)
    lost = [one.decision.code for one in results if isinstance(one, Refused)]
    assert (results.count("approved"), lost, free(small), Payment.objects.count(), books_balance()) == (
        1,
        ["beyond-budget"],
        20_000,
        1,
        [],
    )


@pytest.mark.django_db(transaction=True)
def test_two_approvers_at_once_on_one_award_are_both_counted(
    ada: Person, sam: Person, tess: Person, olga: Person
) -> None:
    fund = funded(sam)
    award = submitted(ada, fund, by=sam)
    results = at_once(2, lambda n: yes(award, (tess, olga)[n]).state)
    assert (sorted(results), Award.objects.get().state, Payment.objects.count(), owed(ada)) == (
        ["approved", "submitted"],
        "approved",
        1,
        30_000,
    )
    told = {(one.kind, one.person.name) for one in Notice.objects.filter(kind__startswith="pay.award")}
    # Ada has not said how to be paid: what she is told says so.
    assert told == {("pay.award_waiting", "Tess"), ("pay.award_waiting", "Olga"), ("pay.award_needs_you", "Ada")}


def test_one_no_ends_it_and_what_was_said_stays(
    ada: Person, sam: Person, tess: Person, olga: Person, fund: Fund
) -> None:
    award = submitted(ada, fund, by=sam)
    yes(award, tess)
    assert (
        code_of(lambda: services.decline_award(award, actor=olga, digest=award.digest, reason=" ")) == "reason-missing"
    )
    assert (
        code_of(lambda: services.decline_award(award, actor=sam, digest=award.digest, reason="No.")) == "own-proposal"
    )
    done = services.decline_award(award, actor=olga, digest=award.digest, reason="The film is not ours to pay.")
    assert (done.state, done.end_reason) == ("declined", "The film is not ours to pay.")
    assert [(one.by.name, one.verdict) for one in Approval.objects.all()] == [("Tess", "yes"), ("Olga", "no")]
    assert code_of(lambda: yes(award, tess, digest="0" * 64)) == "award-moved"


def test_approvals_are_never_changed_or_deleted(ada: Person, sam: Person, tess: Person, fund: Fund) -> None:
    yes(submitted(ada, fund, by=sam), tess)
    for act in (lambda: Approval.objects.update(verdict="no"), lambda: Approval.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
    assert Approval.objects.get().verdict == "yes"


def test_void_gives_back_what_is_not_paid(ada: Person, sam: Person, tess: Person, olga: Person, fund: Fund) -> None:
    award = approved(ada, fund, by=sam, approvers=[tess, olga])
    assert code_of(lambda: services.void_award(award, actor=sam, reason="")) == "reason-missing"
    done = services.void_award(award, actor=sam, reason="The project was called off together.")
    again = services.void_award(award, actor=tess, reason="Twice.")
    payment = Payment.objects.get()
    assert (done.state, again.end_reason, payment.state) == (
        "void",
        "The project was called off together.",
        "cancelled",
    )
    assert (free(fund), owed(ada), books_balance()) == (100_000, 0, [])
    assert Entry.objects.filter(kind="release").get().key == f"release-{award.pk}-1"


def test_what_comes_back_of_an_ended_award_is_freed_by_ending_it_again(
    ada: Person, sam: Person, tess: Person, olga: Person, fund: Fund, client_of: ClientOf,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    parts = equal_parts(30_000, 2, timezone.now().date())
    award = approved(ada, fund, by=sam, approvers=[tess, olga], instalments=parts)
    rail = System("rail")
    first = Payment.objects.get(number=1)
    about = About(award=award, payment=first)
    enter(EntryKind.HAND, 15_000, key="hand", actor=rail, currency="EUR", person=ada, about=about)
    Payment.objects.filter(pk=first.pk).update(state="sent")
    services.void_award(award, actor=sam, reason="Called off.")
    assert (free(fund), owed(ada), [*Payment.objects.order_by("number").values_list("state", flat=True)]) == (
        85_000,
        0,
        ["sent", "cancelled"],
    )
    enter(EntryKind.REVERSE, 15_000, key="reverse", actor=rail, currency="EUR", person=ada, about=about)
    Payment.objects.filter(pk=first.pk).update(state="reversed", came_back=15_000)
    page = client_of(tess).get(reverse("staff_award", args=[award.pk])).content.decode()
    assert ("End it once more" in page, "150.00" in page) == (True, True)
    assert next_step(Payment.objects.get(pk=first.pk)).startswith("End its award once more")
    with django_capture_on_commit_callbacks(execute=True):
        for _twice in range(2):
            services.void_award(award, actor=tess, reason="The bank sent it back.")
    assert (free(fund), owed(ada), books_balance()) == (100_000, 0, [])
    assert Award.objects.get().end_reason == "The bank sent it back."
    ends = Recorded.objects.filter(action="award.void").values_list("actor_id", flat=True)
    assert list(ends) == [sam.pk, tess.pk]
    assert Notice.objects.filter(person=ada, kind="pay.award_ended").count() == 1
    assert [one.key for one in Entry.objects.filter(kind="release")] == [f"release-{award.pk}-{n}" for n in (1, 2)]


def test_void_waits_for_a_payment_that_is_on_its_way(
    ada: Person, sam: Person, tess: Person, olga: Person, fund: Fund
) -> None:
    award = approved(ada, fund, by=sam, approvers=[tess, olga])
    Payment.objects.update(state="unknown")
    assert code_of(lambda: services.void_award(award, actor=sam, reason="No.")) == "payment-under-way"
    assert (Award.objects.get().state, owed(ada)) == ("approved", 30_000)


def test_award_closes_when_all_is_paid_and_opens_when_something_comes_back(
    ada: Person, sam: Person, tess: Person, olga: Person, fund: Fund
) -> None:
    award, rail = approved(ada, fund, by=sam, approvers=[tess, olga]), System("rail")
    states = []
    for state in ("ready", "sent", "sent", "reversed"):
        Payment.objects.update(state=state)
        states.append(services.settle_award(award, actor=rail).state)
    assert states == ["approved", "closed", "closed", "approved"]


def test_own_money_is_asked_in_one_place(ada: Person, ben: Person) -> None:
    assert (own_money(ada, ada.pk).code, bool(own_money(ada, ben.pk)), bool(own_money(ada, None))) == (
        "own-money",
        True,
        True,
    )
