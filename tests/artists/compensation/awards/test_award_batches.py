"""Batches: a dry run that changes nothing, then exactly what it showed, once, for others only."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from artists.agreements.models import AgreementVersion
from artists.compensation.awards import services
from artists.compensation.awards.queries import awards_waiting_for
from artists.compensation.awards.standing import deciders_of, still_approved
from artists.compensation.contributions.services import answer_dispute, open_dispute
from artists.compensation.ledger.books import balance_of, books_balance
from artists.compensation.ledger.services import freeze_fund
from artists.compensation.ledger.states import Side
from artists.compensation.models import Approval, Award, Batch, Contribution, Fund, Payment, PayProfile
from artists.people.models import Person
from generation.models import Clip
from portal.access import Refused
from portal.notices.models import Notice
from portal.program.models import Cohort
from tests.factories.awards import promise, shown, yes
from tests.factories.consent import given
from tests.factories.pay import earned, funded
from tests.factories.refusals import code_of
from tests.factories.surveys import making_staff
from tests.factories.together import at_once

SOON = timedelta(minutes=1)


def made(fund: Fund, by: Person, *people: Person, title: str = "October") -> Batch:
    until = timezone.now() + SOON
    plan = services.plan_batch(fund, until, actor=by)
    return services.make_batch(fund, until, actor=by, title=title, seen=plan.digest, people=[one.pk for one in people])


def test_dry_run_shows_sums_and_readiness_and_changes_nothing(
    ada: Person, ben: Person, sam: Person, fund: Fund
) -> None:
    for number, (person, amount) in enumerate([(ada, 2500), (ada, 700), (ben, 4000)]):
        earned(person, amount, source=f"test:{number}")
    earned(ben, 9000, source="other", currency="USD")
    PayProfile.objects.create(person=ada, country="DE", rail="manual")
    plan = services.plan_batch(fund, timezone.now() + SOON, actor=sam)
    assert [
        (line.person.name, line.amount, len(line.contributions), line.ready.ok, line.ready.code) for line in plan.lines
    ] == [
        ("Ada", 3200, 2, True, "by-hand"),
        ("Ben", 4000, 1, False, "no-profile"),
    ]
    assert (plan.total, plan.free, plan.fits, Award.objects.count(), Batch.objects.count()) == (
        7200,
        100_000,
        True,
        0,
        0,
    )
    assert services.plan_batch(fund, timezone.now() - timedelta(days=1), actor=sam).lines == ()


def test_batch_is_one_award_each_and_contributions_are_in_it(
    ada: Person, ben: Person, sam: Person, tess: Person, olga: Person, fund: Fund
) -> None:
    for number, (person, amount) in enumerate([(ada, 2500), (ada, 700), (ben, 4000)]):
        earned(person, amount, source=f"test:{number}")
    batch = made(fund, sam, ada, ben)
    awards = {one.payee.name: one for one in Award.objects.all()}
    assert {name: (one.amount, one.kind, one.purpose, one.state, one.batch_id) for name, one in awards.items()} == {
        "Ada": (3200, "batch", "work", "submitted", batch.pk),
        "Ben": (4000, "batch", "work", "submitted", batch.pk),
    }
    assert set(Contribution.objects.values_list("state", flat=True)) == {"awarded"}
    seen = {one.pk: one.digest for one in awards.values()}
    for who in (tess, olga):
        assert [why for _award, why in services.approve_several(seen, actor=who, proof=shown())] == [None, None]
    assert (Payment.objects.count(), balance_of(Side.OWED, "EUR", person=ben), books_balance()) == (2, 4000, [])
    assert services.plan_batch(fund, timezone.now() + SOON, actor=sam).lines == ()


def test_what_is_made_is_what_was_seen(ada: Person, sam: Person, fund: Fund) -> None:
    earned(ada, 2500, source="one")
    until = timezone.now() + SOON
    plan = services.plan_batch(fund, until, actor=sam)
    earned(ada, 100, source="two")
    again = {"actor": sam, "title": "October", "people": [ada.pk]}
    assert code_of(lambda: services.make_batch(fund, until, seen=plan.digest, **again)) == "plan-changed"
    assert (Award.objects.count(), Batch.objects.count(), Contribution.objects.filter(state="earned").count()) == (
        0,
        0,
        2,
    )


def test_batch_for_nobody_without_title_beyond_budget_or_frozen_is_refused(ada: Person, sam: Person) -> None:
    small = funded(sam, 1000, name="Small")
    earned(ada, 2500)
    assert code_of(lambda: made(small, sam, ada)) == "beyond-budget"
    assert code_of(lambda: made(small, sam)) == "batch-empty"
    assert code_of(lambda: made(small, sam, ada, title=" ")) == "title-missing"
    frozen = freeze_fund(small, actor=sam, reason="Under review.")
    assert code_of(lambda: made(frozen, sam, ada)) == "fund-frozen"
    assert code_of(lambda: services.plan_batch(small, timezone.now(), actor=ada)) == "role"
    assert (Award.objects.count(), Contribution.objects.get().state) == (0, "earned")


def test_nobody_pays_their_own_work(
    ada: Person, cohort_a: Cohort, agreement: AgreementVersion, sam: Person, fund: Fund
) -> None:
    theo = making_staff(cohort_a, agreement)
    earned(ada, 2500, source="a")
    earned(theo, 4000, source="b")
    plan = services.plan_batch(fund, timezone.now() + SOON, actor=theo)
    assert ({line.person.name: line.may.code for line in plan.lines}, plan.total) == (
        {"Ada": "", theo.name: "own-money"},
        2500,
    )
    assert code_of(lambda: made(fund, theo, ada, theo)) == "own-money"
    assert Award.objects.count() == 0
    made(fund, theo, ada)
    assert Award.objects.get().payee == ada


def test_contributions_are_free_again_when_an_award_ends_unpaid(
    ada: Person, ben: Person, sam: Person, tess: Person, olga: Person, fund: Fund
) -> None:
    earned(ada, 2500, source="a")
    earned(ben, 4000, source="b")
    made(fund, sam, ada, ben)
    one, two = Award.objects.order_by("payee__name")
    services.withdraw_award(one, actor=sam)
    services.decline_award(two, actor=tess, digest=two.digest, reason="Counted twice.")
    assert list(Contribution.objects.values_list("state", "award")) == [("earned", None)] * 2
    made(fund, sam, ada, title="Again")
    third = Award.objects.get(title="Again")
    yes(third, tess)
    yes(third, olga)
    services.void_award(third, actor=sam, reason="Paid in cash.")
    assert Contribution.objects.filter(state="earned").count() == 2


def test_contributions_stay_in_an_award_of_which_something_was_paid(
    ada: Person, sam: Person, tess: Person, olga: Person, fund: Fund
) -> None:
    earned(ada, 2500)
    made(fund, sam, ada)
    award = Award.objects.get()
    yes(award, tess)
    yes(award, olga)
    Payment.objects.update(state="partly_reversed")
    services.void_award(award, actor=sam, reason="The rest came back.")
    assert Contribution.objects.get().state == "awarded"


def test_who_answered_a_dispute_does_not_approve_what_it_added(
    ada: Person, sam: Person, tess: Person, umar: Person, olga: Person, fund: Fund
) -> None:
    asked = open_dispute(None, actor=ada, text="One is missing.")
    answer_dispute(asked, actor=tess, answer="Yes.", amount=50_000, currency="EUR")
    made(fund, sam, ada)
    award = Award.objects.get()
    assert (code_of(lambda: yes(award, tess)), [*awards_waiting_for(tess)]) == ("own-choice", [])
    assert [yes(award, who).state for who in (umar, olga)] == ["submitted", "approved"]
    assert bool(still_approved(Award.objects.select_related("fund").get()))


def test_who_set_the_fee_of_a_consent_does_not_approve_what_pays_it(
    django_capture_on_commit_callbacks: Callable[..., object],
    clip_of: Callable[..., Clip],
    django_assert_num_queries: Callable[..., AbstractContextManager[object]],
    ada: Person,
    ben: Person,
    sam: Person,
    tess: Person,
    umar: Person,
    olga: Person,
    fund: Fund,
) -> None:
    sams, umars = clip_of(ada), clip_of(ben)
    with django_capture_on_commit_callbacks(execute=True):
        given(sams, sam, fee=20_000, currency="EUR")
        given(umars, umar, fee=10_000, currency="EUR")
    made(fund, tess, ada, ben)
    hers, his = (Award.objects.get(payee=one) for one in (ada, ben))
    refused = [code_of(lambda pair=pair: yes(*pair)) for pair in ((hers, sam), (his, umar))]
    assert (refused, [[*awards_waiting_for(who)] for who in (sam, umar)]) == (["own-choice"] * 2, [[his], [hers]])
    assert deciders_of([hers, his]) == {hers.pk: {sam.pk}, his.pk: {umar.pk}}
    for awards in ([hers], [hers, his]):
        with django_assert_num_queries(4):
            deciders_of(awards)
    said = {"digest": hers.digest, "verdict": "yes", "at": timezone.now()}
    Approval.objects.create(award=hers, by=sam, by_label="Sam", **said)  # past the portal
    assert [yes(hers, who).state for who in (umar, olga)] == ["submitted", "approved"]


def test_sum_of_a_batch_is_not_changed_its_terms_are(ada: Person, sam: Person, fund: Fund) -> None:
    earned(ada, 2500)
    made(fund, sam, ada)
    award = Award.objects.get()
    kept = {"title": "October", "kind": "batch"}
    assert code_of(lambda: services.change_award(award, promise(ada, fund, 9000, **kept), actor=sam)) == "award-fixed"
    done = services.change_award(award, promise(ada, fund, 2500, **kept, terms="For bugs."), actor=sam)
    assert (done.state, done.terms, done.amount) == ("draft", "For bugs.", 2500)


def test_contribution_added_past_the_portal_voids_what_was_read(
    ada: Person, sam: Person, tess: Person, fund: Fund
) -> None:
    earned(ada, 2500, source="one")
    made(fund, sam, ada)
    award = Award.objects.get()
    extra = earned(ada, 100, source="two")
    Contribution.objects.filter(pk=extra.pk).update(state="awarded", award=award)
    assert (code_of(lambda: yes(award, tess)), Approval.objects.count()) == ("award-altered", 0)


@pytest.mark.django_db(transaction=True)
def test_award_of_a_batch_that_was_changed_is_told_again(
    ada: Person, ben: Person, sam: Person, tess: Person, olga: Person
) -> None:
    fund = funded(sam)
    earned(ada, 2500, source="a")
    earned(ben, 4000, source="b")
    made(fund, sam, ada, ben)
    told = Notice.objects.filter(kind="pay.award_waiting", person=tess)
    assert told.count() == 1
    award = Award.objects.get(payee=ada)
    changed = services.change_award(award, promise(ada, fund, 2500, title="Bugs", kind="batch"), actor=sam)
    services.submit_award(changed, actor=sam)
    assert {one.url for one in told} == {
        reverse("staff_batch", args=[award.batch_id]),
        reverse("staff_award", args=[award.pk]),
    }


@pytest.mark.django_db(transaction=True)
def test_two_batches_at_once_pay_a_contribution_once(ada: Person, sam: Person, tess: Person) -> None:
    fund = funded(sam)
    earned(ada, 2500)
    until = timezone.now() + SOON
    seen = services.plan_batch(fund, until, actor=sam).digest

    def act(number: int) -> Batch:
        who = (sam, tess)[number]
        return services.make_batch(fund, until, actor=who, title="October", seen=seen, people=[ada.pk])

    results = at_once(2, act)
    lost = [one.decision.code for one in results if isinstance(one, Refused)]
    assert (Award.objects.count(), len(lost), set(lost) <= {"plan-changed", "contribution-elsewhere"}) == (1, 1, True)
    assert {one.title for one in Notice.objects.filter(kind="pay.award_waiting")} == {
        "A batch of awards waits for approval"
    }
