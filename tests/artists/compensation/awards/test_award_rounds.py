"""Grant rounds: call, applications that only their artist reads until they are handed in, a decision with reasons, awards."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from artists.agreements.models import AgreementVersion
from artists.compensation.awards import services
from artists.compensation.awards.queries import (
    applications_of,
    applications_overseen_by,
    awards_waiting_for,
    rounds_overseen_by,
    rounds_visible_to,
)
from artists.compensation.awards.services import Wish
from artists.compensation.models import Application, Award, Fund, Payment, Round
from artists.people.bearer import TokenActor
from artists.people.looks import Viewer, begin_look
from artists.people.models import AccessToken, Person
from artists.people.models.looks import LookKind
from artists.people.roles import Role
from artists.people.services import make_person
from portal.access import check
from portal.notices.models import Notice
from portal.program.models import Cohort
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import suspend
from portal.web.record import entries_visible_to, trail_of
from tests.factories.awards import REASONS, applied, call, chosen, closed, left_out, opened, yes
from tests.factories.pay import funded
from tests.factories.people import SETUP
from tests.factories.refusals import code_of
from tests.factories.surveys import making_staff
from tests.factories.together import at_once

ClientOf = Callable[[Person], Client]


@pytest.mark.django_db(transaction=True)
def test_round_from_call_to_promised_grants(
    ada: Person, ben: Person, nia: Person, sam: Person, tess: Person, olga: Person
) -> None:
    fund = funded(sam)
    found = opened(fund, by=sam)
    mine, his, hers = applied(found, ada), applied(found, ben, 20_000), applied(found, nia)
    found = closed(found)
    assert [code_of(lambda: services.decide_round(found, actor=sam))] == ["applications-undecided"]
    chosen(mine, by=sam, amount=10_001)
    left_out(his, by=tess)
    chosen(hers, by=tess)
    assert Notice.objects.filter(kind="grants.decided").count() == 0
    awards = services.decide_round(found, actor=sam, parts=2)
    assert [(one.payee.name, one.amount, one.kind, one.purpose, one.state) for one in awards] == [
        ("Ada", 10_001, "grant", "grant", "submitted"),
        ("Nia", 15_000, "grant", "grant", "submitted"),
    ]
    assert (Round.objects.get().state, len(services.decide_round(found, actor=tess))) == ("decided", 2)
    assert code_of(lambda: yes(awards[0], sam)) == "own-proposal"
    for who in (tess, olga):
        yes(awards[0], who)
    assert list(Payment.objects.order_by("number").values_list("amount", flat=True)) == [5001, 5000]
    told = {(one.kind, one.person.name) for one in Notice.objects.filter(kind__startswith="grants.")}
    assert told == {("grants.opened", name) for name in ("Ada", "Ben", "Nia")} | {
        ("grants.decided", name) for name in ("Ada", "Ben", "Nia")
    }
    texts = "".join(one.title + one.body for one in Notice.objects.all())
    assert ("rain" in texts, "10,001" in texts, "100.01" in texts) == (False, False, False)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"title": " "}, "title-missing"),
        ({"call": ""}, "call-missing"),
        ({"call": "x" * 6001}, "call-long"),
        ({"criteria": []}, "criteria-wrong"),
        ({"criteria": ["x"] * 11}, "criteria-wrong"),
        ({"criteria": ["x" * 201]}, "criteria-wrong"),
        ({"most_each": 0}, "amount-wrong"),
        ({"grants": 0}, "grants-wrong"),
        ({"closes_at": timezone.now() - timedelta(days=2)}, "closes-past"),
        ({"opens_at": timezone.now() + timedelta(days=9)}, "closes-past"),
        ({"decided_by": timezone.now() + timedelta(days=1)}, "decided-early"),
    ],
)
def test_call_that_cannot_be_made_is_refused(more: dict[str, Any], code: str, sam: Person, fund: Fund) -> None:
    assert (code_of(lambda: services.make_round(call(fund, **more), actor=sam)), Round.objects.count()) == (code, 0)


def test_call_promises_no_more_than_there_is(sam: Person) -> None:
    small = funded(sam, 30_000, name="Small")
    draft = services.make_round(call(small), actor=sam)
    assert code_of(lambda: services.open_round(draft, actor=sam)) == "beyond-budget"
    changed = services.change_round(draft, call(small, grants=1), actor=sam)
    assert services.open_round(changed, actor=sam).state == "open"
    assert services.open_round(changed, actor=sam).state == "open"
    assert code_of(lambda: services.change_round(draft, call(small), actor=sam)) == "round-moved"


def test_application_is_kept_handed_in_taken_back(ada: Person, sam: Person, fund: Fund) -> None:
    found = opened(fund, by=sam)
    draft = services.keep_application(found, Wish("A film"), actor=ada)
    again = services.keep_application(found, Wish("A film about rain.", ["https://example.org/rain"], 100), actor=ada)
    assert (draft.pk, again.text, again.links, again.amount, again.state) == (
        again.pk,
        "A film about rain.",
        ["https://example.org/rain"],
        100,
        "draft",
    )
    assert [*applications_overseen_by(sam, found)] == []
    done = services.hand_in(again, actor=ada)
    assert (done.state, services.hand_in(again, actor=ada).state, [*applications_overseen_by(sam, found)]) == (
        "submitted",
        "submitted",
        [done],
    )
    assert code_of(lambda: services.keep_application(found, Wish("Another"), actor=ada)) == "application-moved"
    back = services.take_back(done, actor=ada)
    assert (back.state, [*applications_overseen_by(sam, found)]) == ("withdrawn", [])
    services.keep_application(found, Wish("Another", (), 200), actor=ada)
    assert services.hand_in(back, actor=ada).text == "Another"


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        (Wish("x" * 8001), "text-long"),
        (Wish("x", ["javascript:alert(1)"]), "link-wrong"),
        (Wish("x", [f"https://example.org/{n}" for n in range(11)]), "links-many"),
        (Wish("x", (), 0), "amount-wrong"),
        (Wish("x", (), -5), "amount-wrong"),
        (Wish(" ", (), 100), "text-missing"),
        (Wish("x"), "amount-missing"),
        (Wish("x", (), 20_001), "amount-more"),
    ],
)
def test_application_that_cannot_be_taken_is_refused(
    wish: Wish, code: str, ada: Person, sam: Person, fund: Fund
) -> None:
    found = opened(fund, by=sam)
    assert code_of(lambda: services.hand_in(services.keep_application(found, wish, actor=ada), actor=ada)) == code
    assert Application.objects.filter(state="submitted").count() == 0


def test_nothing_is_handed_in_or_taken_back_outside_of_the_time(
    ada: Person, ben: Person, sam: Person, fund: Fund
) -> None:
    later = opened(fund, by=sam, opens_at=timezone.now() + timedelta(days=1))
    early = services.keep_application(later, Wish("x", (), 100), actor=ada)
    assert code_of(lambda: services.hand_in(early, actor=ada)) == "round-not-yet"
    found = opened(fund, by=sam)
    done, draft = applied(found, ada), services.keep_application(found, Wish("x", (), 100), actor=ben)
    over = closed(found)
    done, draft = (Application.objects.select_related("round__fund").get(pk=one.pk) for one in (done, draft))
    assert [
        code_of(act)
        for act in (lambda: services.take_back(done, actor=ada), lambda: services.hand_in(draft, actor=ben))
    ] == ["round-over"] * 2
    assert services.keep_application(over, Wish("kept", (), 100), actor=ben).text == "kept"


def test_round_is_for_whom_it_asks_and_words_are_their_authors(
    ada: Person, ben: Person, rhea: Person, sam: Person, cohort_a: Cohort, fund: Fund
) -> None:
    draft = services.make_round(call(fund, cohorts=[cohort_a]), actor=sam)
    assert [*rounds_visible_to(ada)] == []
    found = services.open_round(draft, actor=sam)
    assert [[*rounds_visible_to(who)] for who in (ada, ben, rhea)] == [[found], [], []]
    assert [[*rounds_overseen_by(who)] for who in (ada, rhea, sam)] == [[], [], [found]]
    mine = services.keep_application(found, Wish("x", (), 100), actor=ada)
    token = TokenActor(ada, AccessToken(person=ada, prefix="x"))
    viewer = Viewer(ada, sam, begin_look(ada, LookKind.PAGES, reason="Why not.", actor=sam))
    acts: list[Callable[[], object]] = [
        lambda: services.keep_application(found, Wish("x"), actor=ben),
        lambda: services.hand_in(mine, actor=ben),
        lambda: services.keep_application(found, Wish("x"), actor=sam),
        lambda: services.hand_in(mine, actor=viewer),  # type: ignore[arg-type]
        lambda: chosen(mine, by=ada),
        lambda: services.decide_round(found, actor=ada),
        lambda: services.cancel_round(found, actor=token, reason="x"),  # type: ignore[arg-type]
        lambda: services.make_round(call(fund), actor=ada),
    ]
    assert [code_of(act) for act in acts] == [
        "not-found",
        "not-found",
        "role",
        "viewing-only",
        "role",
        "role",
        "role",
        "role",
    ]


def test_suspended_artist_applies_all_the_same(ada: Person, sam: Person, fund: Fund) -> None:
    found = opened(fund, by=sam)
    suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason="A question.")
    assert applied(found, ada).state == "submitted"


def test_choice_has_reasons_and_limits(ada: Person, ben: Person, nia: Person, sam: Person, fund: Fund) -> None:
    found = opened(fund, by=sam, grants=1)
    mine, his = applied(found, ada), applied(found, ben)
    closed(found)
    base: dict[str, Any] = {"actor": sam, "reasons": REASONS, "answer": "Yes.", "amount": 100}
    refused = {
        "reasons-missing": {"reasons": ["Only one."]},
        "reasons-long": {"reasons": ["x" * 401, "y"]},
        "answer-missing": {"answer": " "},
        "amount-wrong": {"amount": 0},
        "amount-more": {"amount": 20_001},
    }
    assert {
        code: code_of(lambda more=more: services.choose(mine, **(base | more))) for code, more in refused.items()
    } == {code: code for code in refused}
    chosen(mine, by=sam)
    assert code_of(lambda: chosen(his, by=sam)) == "grants-all-given"
    assert code_of(lambda: left_out(mine, by=sam)) == "application-moved"
    assert services.reconsider(mine, actor=sam).granted is None
    assert chosen(his, by=sam).granted == 15_000


def test_round_is_decided_after_it_closed_and_never_by_who_applied(
    ada: Person, sam: Person, tess: Person, cohort_a: Cohort, agreement: AgreementVersion, fund: Fund
) -> None:
    theo = making_staff(cohort_a, agreement)
    found = opened(fund, by=sam)
    mine = applied(found, ada)
    applied(found, theo)
    twin = make_person(theo.email.replace("@", "+two@"), "Theodor", Role.STAFF, actor=SETUP)
    assert code_of(lambda: services.decide_round(found, actor=sam)) == "round-open"
    acts = [
        lambda who=who, act=act: act(who)
        for who in (theo, twin)
        for act in (
            lambda who: chosen(mine, by=who),
            lambda who: left_out(mine, by=who),
            lambda who: services.decide_round(closed(found), actor=who),
        )
    ]
    assert [code_of(act) for act in acts] == ["own-round"] * 6


def test_record_tells_nobody_of_the_round_they_wrote_for_before_it_is_decided(
    ada: Person, sam: Person, tess: Person, cohort_a: Cohort, agreement: AgreementVersion, fund: Fund
) -> None:
    theo = making_staff(cohort_a, agreement)
    twin = make_person(theo.email.replace("@", "+two@"), "Theodor", Role.STAFF, actor=SETUP)
    found = opened(fund, by=sam)
    rival, own = applied(found, ada), applied(found, theo)
    found = closed(found)
    chosen(rival, by=sam)
    left_out(own, by=sam)

    def seen(who: Person) -> list[tuple[str, str, bool]]:
        told = trail_of(sam, who) | trail_of(ada, who) | trail_of(theo, who)
        assert {entry.number for entry in told} <= {entry.number for entry in entries_visible_to(who)}
        acts = told.filter(action__startswith="application.").order_by("number")
        return [(entry.action, entry.actor_label, entry.subject_id == str(rival.pk)) for entry in acts]

    everything = [(act, who.label, about_rival) for act, who, about_rival in (
        ("application.hand_in", ada, True), ("application.hand_in", theo, False),
        ("application.choose", sam, True), ("application.leave_out", sam, False),
    )]  # fmt: skip
    assert (seen(tess), seen(theo), seen(twin)) == (everything, everything[1:2], [])
    services.decide_round(found, actor=sam)
    assert (seen(theo), seen(twin)) == (everything, everything)


@pytest.mark.parametrize("wrote", ["draft", "submitted"])
def test_who_wrote_for_a_round_reads_nothing_of_it_as_staff(
    wrote: str, ada: Person, sam: Person, cohort_a: Cohort, agreement: AgreementVersion, fund: Fund, client_of: ClientOf
) -> None:
    theo = making_staff(cohort_a, agreement)
    twin = make_person(theo.email.replace("@", "+two@"), "Theodor", Role.STAFF, actor=SETUP)
    found = opened(fund, by=sam)
    rival = applied(found, ada)
    own = services.keep_application(found, Wish("x", (), 100), actor=theo)
    if wrote == "submitted":
        services.hand_in(own, actor=theo)
    found = closed(found)
    chosen(rival, by=sam)
    assert [[*applications_overseen_by(who, found)] for who in (theo, twin)] == [[], []]
    assert code_of(lambda: services.reconsider(rival, actor=theo)) == "own-round"
    for who in (theo, twin):
        client = client_of(who)
        texts = [client.get(reverse("staff_application", args=[one.pk])) for one in (rival, own)]
        assert [(one.status_code, b"own-round" in one.content) for one in texts] == [(403, True)] * 2
        desk = client.get(reverse("staff_round", args=[found.pk]))
        assert (desk.status_code, b"own-round" in desk.content, b"Ada" in desk.content) == (200, True, False)
    assert client_of(sam).get(reverse("staff_application", args=[rival.pk])).status_code == 200


def test_staff_whom_a_round_asks_read_nothing_of_it_while_they_can_write(
    ada: Person,
    sam: Person,
    tess: Person,
    cohort_a: Cohort,
    cohort_b: Cohort,
    agreement: AgreementVersion,
    fund: Fund,
    client_of: ClientOf,
) -> None:
    theo = making_staff(cohort_a, agreement)
    twin = make_person(theo.email.replace("@", "+two@"), "Theodor", Role.STAFF, actor=SETUP)
    found, elsewhere = opened(fund, by=sam), opened(fund, by=sam, cohorts=[cohort_b], grants=1)
    rival = applied(found, ada)
    page, one = reverse("staff_round", args=[found.pk]), reverse("staff_application", args=[rival.pk])

    def seen(who: Person) -> tuple[Any, ...]:
        desk, answer = client_of(who).get(page), client_of(who).get(one)
        recorded = entries_visible_to(who).filter(action="application.hand_in").count()
        texts = [desk.content.decode(), answer.content.decode()]
        told = [(name in text) for text in texts for name in ("round-asks-you", "Ada")]
        return [*applications_overseen_by(who, found)], recorded, desk.status_code, answer.status_code, told

    nothing, everything = [], [rival]
    assert [seen(who) for who in (theo, twin, tess)] == [
        (nothing, 0, 200, 403, [True, False, True, False]),
        (nothing, 0, 200, 403, [True, False, True, False]),
        (everything, 1, 200, 200, [False, True, False, True]),
    ]
    assert [bool(check("application.read", who, elsewhere)) for who in (theo, twin, tess)] == [True] * 3
    found = closed(found)
    assert [seen(who) for who in (theo, twin)] == [(everything, 1, 200, 200, [False, True, False, True])] * 2


def test_whoever_views_as_an_artist_reads_no_application_before_the_round_is_decided(
    ada: Person, sam: Person, fund: Fund, client_of: ClientOf
) -> None:
    found = opened(fund, by=sam)
    mine = applied(found, ada, text="A film about rain.")
    page = reverse("grant_round", args=[found.pk])
    viewer = Viewer(ada, sam, begin_look(ada, LookKind.PAGES, reason="Why not.", actor=sam))
    assert ([*applications_of(viewer)], [*applications_of(ada)]) == ([], [mine])
    client = client_of(sam)
    client.post(reverse("person_view", args=[ada.pk]), {"reason": "Why not."})

    def told(by: Client) -> list[bool]:
        text = by.get(page).content.decode()
        return [words in text for words in ("A film about rain.", "is not shown to whoever views")]

    assert [told(by) for by in (client_of(ada), client)] == [[True, False], [False, True]]
    found = closed(found)
    left_out(Application.objects.get(pk=mine.pk), by=sam)
    assert told(client) == [False, True]
    services.decide_round(found, actor=sam)
    assert ([*applications_of(viewer)], told(client)) == ([mine], [True, False])


def test_nobody_is_answered_while_somebody_may_still_hand_in(ada: Person, sam: Person, fund: Fund) -> None:
    found = opened(fund, by=sam)
    mine = applied(found, ada)
    acts: list[Callable[[], object]] = [
        lambda: chosen(mine, by=sam),
        lambda: left_out(mine, by=sam),
        lambda: services.reconsider(mine, actor=sam),
    ]
    assert [code_of(act) for act in acts] == ["round-open"] * 3
    assert services.take_back(mine, actor=ada).state == "withdrawn"


def test_who_chose_an_artist_does_not_approve_the_money(
    ada: Person, sam: Person, tess: Person, umar: Person, olga: Person, fund: Fund
) -> None:
    found = opened(fund, by=sam)
    mine = applied(found, ada)
    found = closed(found)
    chosen(mine, by=tess)
    [award] = services.decide_round(found, actor=sam)
    twin = make_person("tess+two@example.org", "Theresa", Role.STAFF, actor=SETUP)
    assert [code_of(lambda who=who: yes(award, who)) for who in (tess, twin)] == ["own-choice"] * 2
    assert [[*awards_waiting_for(who)] for who in (sam, tess, umar)] == [[], [], [award]]
    assert [yes(award, who).state for who in (umar, olga)] == ["submitted", "approved"]


def test_decided_round_is_over(ada: Person, sam: Person, tess: Person, fund: Fund) -> None:
    found = opened(fund, by=sam)
    mine = applied(found, ada)
    found = closed(found)
    left_out(mine, by=sam)
    services.decide_round(found, actor=sam)
    mine = Application.objects.select_related("round__fund").get()
    acts = [
        lambda: services.reconsider(mine, actor=tess),
        lambda: services.take_back(mine, actor=ada),
        lambda: services.cancel_round(found, actor=sam, reason="x"),
    ]
    assert [code_of(act) for act in acts] == ["round-over", "application-moved", "round-moved"]
    assert Award.objects.count() == 0


def test_award_of_a_round_is_declined_with_a_reason_and_never_withdrawn(
    ada: Person, sam: Person, tess: Person, fund: Fund
) -> None:
    found = opened(fund, by=sam)
    mine = applied(found, ada)
    found = closed(found)
    chosen(mine, by=sam)
    [award] = services.decide_round(found, actor=sam)
    assert code_of(lambda: services.withdraw_award(award, actor=sam)) == "award-of-round"
    assert services.decline_award(award, actor=tess, digest=award.digest, reason="Too early.").state == "declined"


@pytest.mark.django_db(transaction=True)
def test_cancelled_round_tells_everybody_who_wrote(ada: Person, ben: Person, nia: Person, sam: Person) -> None:
    found = opened(funded(sam), by=sam)
    applied(found, ada)
    services.keep_application(found, Wish("x"), actor=ben)
    assert code_of(lambda: services.cancel_round(found, actor=sam, reason=" ")) == "reason-missing"
    assert services.cancel_round(found, actor=sam, reason="The budget was cut.").state == "cancelled"
    assert {one.person.name for one in Notice.objects.filter(kind="grants.cancelled")} == {"Ada", "Ben"}


@pytest.mark.django_db(transaction=True)
def test_last_grant_has_one_winner(ada: Person, ben: Person, sam: Person, tess: Person) -> None:
    found = opened(funded(sam), by=sam, grants=1)
    applications = [applied(found, ada), applied(found, ben)]
    closed(found)
    at_once(2, lambda n: chosen(applications[n], by=(sam, tess)[n]))
    assert Application.objects.filter(state="granted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_answer_is_not_taken_back_while_its_round_is_decided(ada: Person, sam: Person, tess: Person) -> None:
    found = opened(funded(sam), by=sam)
    mine = applied(found, ada)
    found = closed(found)
    chosen(mine, by=tess)
    locked, told = threading.Event(), threading.Event()

    def act(number: int) -> object:
        if number:
            locked.wait(10)
            try:
                return services.reconsider(mine, actor=tess)
            finally:
                told.set()
        with transaction.atomic():
            Round.objects.select_for_update().get(pk=found.pk)
            locked.set()
            told.wait(1)
            return services.decide_round(found, actor=sam)

    awards, refused = at_once(2, act)
    assert ([one.amount for one in awards], refused.decision.code) == ([15_000], "round-over")
    assert (Application.objects.get().state, Round.objects.get().state) == ("granted", "decided")


@pytest.mark.django_db(transaction=True)
def test_one_artist_in_two_windows_has_one_application(ada: Person, sam: Person) -> None:
    found = opened(funded(sam), by=sam)
    results = at_once(4, lambda n: services.keep_application(found, Wish(f"draft {n}"), actor=ada).pk)
    assert (Application.objects.count(), len(set(results))) == (1, 1)
