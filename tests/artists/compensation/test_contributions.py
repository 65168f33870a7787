"""Contributions: counted once from wherever they are announced, at the price of their day; disputed, answered, added to."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from artists.agreements.models import AgreementVersion
from artists.compensation.contributions import services
from artists.compensation.contributions.queries import contributions_of, earned_for, earned_in_all, earned_of
from artists.compensation.models import Contribution, Dispute
from artists.feedback.missions.services import accept_work
from artists.people.models import Person
from artists.sharing.models import ShareRequest
from artists.sharing.services import withdraw
from artists.tariff.services import accept_contribution
from generation.models import Clip
from portal.access import Refused
from portal.audit.models import Entry as Recorded
from portal.notices.models import Notice
from portal.program.models import Cohort
from tests.factories.consent import given
from tests.factories.missions import delivered, posted
from tests.factories.pay import counted, drafted_award, earned, funded
from tests.factories.people import artist_in
from tests.factories.refusals import code_of
from tests.factories.sharing import asked_for, released
from tests.factories.tariff import in_force
from tests.factories.together import at_once

ClientOf = Callable[[Person], Client]
pytestmark = pytest.mark.django_db


def sums(person: Person) -> list[tuple[str, int, str]]:
    return list(contributions_of(person).order_by("pk").values_list("kind", "amount", "state"))


def test_price_is_that_of_the_day_it_was_made_on(ada: Person, sam: Person) -> None:
    day = timezone.now()
    in_force(sam, {"mission.hour": 2500, "bug.new": 1000})
    in_force(sam, {"mission.hour": 9900})
    before = counted(ada, "mission.hour", "1", source="a", at=day - timedelta(days=3))
    now = counted(ada, "mission.hour", "1.5", source="b")
    assert [(one.amount, one.unit_price, one.tariff, one.state) for one in (before, now)] == [
        (0, 0, None, "unpaid"),
        (14_850, 9900, 2, "earned"),
    ]
    assert earned_of(ada) == {"EUR": 14_850}


def test_half_a_minor_unit_is_rounded_up(ada: Person, sam: Person) -> None:
    in_force(sam, {"mission.hour": 333})
    assert [counted(ada, "mission.hour", hours, source=hours).amount for hours in ("0.5", "0.25", "1.01")] == [
        167,
        83,
        336,
    ]


def test_accepted_mission_is_a_contribution_and_twice_delivered_is_once(
    django_capture_on_commit_callbacks: Callable[..., object], agreement: AgreementVersion, ada: Person, sam: Person
) -> None:
    in_force(sam, {"mission.hour": 2000})
    place = delivered(posted(sam), ada)
    with django_capture_on_commit_callbacks(execute=True):
        accept_work(place, actor=sam)
        accept_contribution(
            source=f"mission:{place.pk}",
            person=ada,
            kind="mission.hour",
            quantity=Decimal(9),
            at=timezone.now(),
            about="!",
        )
    assert sums(ada) == [("mission.hour", 3000, "earned")]
    again, new = services.count_by_tariff(
        source=f"mission:{place.pk}", person=ada, kind="mission.hour", quantity=Decimal(9), at=timezone.now(), about="!"
    )
    assert (new, again.amount, Contribution.objects.count()) == (False, 3000, 1)
    assert Notice.objects.filter(person=ada, kind="pay.counted").count() == 1
    assert Recorded.objects.filter(action="contribution.count").count() == 1


def test_fee_of_a_consent_is_shared_among_its_authors(
    django_capture_on_commit_callbacks: Callable[..., object], clip_of: Callable[..., Clip], ada: Person, sam: Person
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        given(clip_of(ada), sam, fee=10_001, currency="EUR")
    assert sums(ada) == [("consent.fee", 10_001, "earned")]
    assert services.split(10_001, 3) == [3334, 3334, 3333]
    with pytest.raises(ValueError, match="nobody"):
        services.split(5, 0)


def test_work_that_is_approved_counts_unpaid_unless_the_tariff_says_otherwise(
    django_capture_on_commit_callbacks: Callable[..., object],
    clip_of: Callable[..., Clip],
    ada: Person,
    rhea: Person,
    sam: Person,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        released(asked_for(clip_of(ada)), rhea)
    assert sums(ada) == [("share.approved", 0, "unpaid")]
    assert Notice.objects.filter(person=ada, kind="pay.counted").count() == 0


def test_work_counts_once_at_however_many_places_it_is_approved(
    django_capture_on_commit_callbacks: Callable[..., object],
    clip_of: Callable[..., Clip],
    ada: Person,
    rhea: Person,
    sam: Person,
) -> None:
    in_force(sam, {"share.approved": 2500})
    clip = clip_of(ada)
    with django_capture_on_commit_callbacks(execute=True):
        first = released(asked_for(clip, destination="Festival A"), rhea).request
        released(asked_for(clip, destination="Festival B"), rhea)
        withdraw(first, actor=ada)
        released(asked_for(clip, destination="Festival A"), rhea)
        released(asked_for(clip_of(ada), destination="Festival A"), rhea)
    assert ShareRequest.objects.filter(clip=clip).count() == 3
    assert sums(ada) == [("share.approved", 2500, "earned")] * 2


def test_work_that_was_counted_by_its_request_is_not_counted_by_its_clip(
    django_capture_on_commit_callbacks: Callable[..., object],
    clip_of: Callable[..., Clip],
    ada: Person,
    ben: Person,
    rhea: Person,
    sam: Person,
) -> None:
    in_force(sam, {"share.approved": 2500})
    clip = clip_of(ada)
    earlier = released(asked_for(clip, destination="Festival A"), rhea).request
    for person in (ada, ben):
        counted(person, "share.approved", source=f"share:{earlier.pk}:{person.pk}")
    with django_capture_on_commit_callbacks(execute=True):
        released(asked_for(clip, destination="Festival B"), rhea)
    assert [sums(person) for person in (ada, ben)] == [[("share.approved", 2500, "earned")]] * 2
    Contribution.objects.get(person=ada, source=f"share:{earlier.pk}:{ada.pk}")


def test_taken_into_one_award_and_let_go(ada: Person, ben: Person, sam: Person) -> None:
    fund = funded(sam)
    mine, other, theirs = earned(ada, 100, source="a"), earned(ada, 200, source="b"), earned(ben, 300, source="c")
    award = drafted_award(fund, ada, 300)
    assert services.take_into_award([mine, other], award=award, actor=sam) == 300
    second = drafted_award(fund, ada, 100)
    assert code_of(lambda: services.take_into_award([mine], award=second, actor=sam)) == "contribution-elsewhere"
    assert code_of(lambda: services.take_into_award([theirs], award=second, actor=sam)) == "contribution-unfit"
    assert [one.pk for one in earned_for(fund, timezone.now() + timedelta(hours=1))] == [theirs.pk]
    assert (services.let_go(award, actor=sam), services.let_go(award, actor=sam)) == (2, 0)
    assert earned_in_all(sam) == [("EUR", 600, 2)]
    assert (earned_in_all(ada), earned_for(fund, mine.at - timedelta(days=1)).count()) == ([], 0)


def test_staff_take_nothing_of_their_own_into_an_award(sam: Person) -> None:
    own = earned(sam, 100)
    award = drafted_award(funded(sam), sam, 100)
    assert code_of(lambda: services.take_into_award([own], award=award, actor=sam)) == "own-money"


def test_what_was_priced_never_changes(ada: Person) -> None:
    earned(ada, 100)
    for sql in ("UPDATE compensation_contribution SET amount = 7", "DELETE FROM compensation_contribution"):
        with (
            pytest.raises(DatabaseError, match="pay-contribution"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)
    assert Contribution.objects.get().amount == 100


@pytest.mark.django_db(transaction=True)
def test_counted_once_by_six_workers(ada: Person) -> None:
    at_once(6, lambda _: earned(ada, 100, source="same"))
    assert sums(ada) == [("pay.correction", 100, "earned")]


def test_dispute_is_answered_with_a_contribution_of_its_own(
    django_capture_on_commit_callbacks: Callable[..., object], ada: Person, ben: Person, sam: Person
) -> None:
    mine = earned(ada, 1000)
    assert code_of(lambda: services.open_dispute(mine, actor=ben, text="Mine!")) == "not-found"
    assert code_of(lambda: services.open_dispute(mine, actor=ada, text="  ")) == "text-missing"
    with django_capture_on_commit_callbacks(execute=True):
        asked = services.open_dispute(mine, actor=ada, text="It took two hours.")
    assert code_of(lambda: services.open_dispute(mine, actor=ada, text="Again.")) == "dispute-open"
    assert code_of(lambda: services.answer_dispute(asked, actor=ada, answer="Yes.")) == "role"
    assert code_of(lambda: services.answer_dispute(asked, actor=sam, answer="")) == "answer-missing"
    with django_capture_on_commit_callbacks(execute=True):
        done = services.answer_dispute(asked, actor=sam, answer="You are right.", amount=1000, currency="EUR")
    assert (done.state, done.added.amount if done.added else None) == ("answered", 1000)
    assert (earned_of(ada), Contribution.objects.get(pk=mine.pk).amount) == ({"EUR": 2000}, 1000)
    assert (
        code_of(lambda: services.answer_dispute(asked, actor=sam, answer="Once more.", amount=5, currency="EUR"))
        == "dispute-over"
    )
    assert (earned_of(ada), code_of(lambda: services.withdraw_dispute(asked, actor=ada))) == (
        {"EUR": 2000},
        "dispute-over",
    )
    told = set(Notice.objects.filter(kind__startswith="pay.dispute").values_list("person__email", "kind"))
    assert told >= {(sam.email, "pay.dispute_opened"), (ada.email, "pay.dispute_answered")}


def test_nobody_answers_a_dispute_of_their_own_other_account(sam: Person, cohort_a: Cohort) -> None:
    before, _at, host = sam.email.partition("@")
    other = artist_in(cohort_a, "Sam, too")
    Person.objects.filter(pk=other.pk).update(email=f"{before}+films@{host}")
    asked = services.open_dispute(None, actor=other, text="My bug of March.")
    refused = code_of(lambda: services.answer_dispute(asked, actor=sam, answer="Yes.", amount=5_000_00, currency="EUR"))
    assert (refused, Contribution.objects.filter(person=other).exists()) == ("own-money", False)


def test_something_missing_is_asked_about_and_withdrawn(ada: Person) -> None:
    asked = services.open_dispute(None, actor=ada, text="My bug of March.")
    assert services.withdraw_dispute(asked, actor=ada).state == "withdrawn"
    with pytest.raises(Refused):
        services.open_dispute(None, actor=ada, text="x" * 2001)


def test_eleventh_question_of_a_day_waits_for_tomorrow(client_of: ClientOf, ada: Person, ben: Person) -> None:
    mine, page = earned(ada, 1000), reverse("dispute_missing")
    for number in range(10):
        asked = services.open_dispute(None, actor=ada, text=f"Bug {number}.")
        services.withdraw_dispute(asked, actor=ada)
    answer = client_of(ada).post(page, {"text": "And the one of May."})
    told = answer.content.decode()
    assert (answer.status_code, "disputes-many" in told, "And the one of May." in told) == (429, True, True)
    assert [
        services.open_dispute(about, actor=who, text="One.").pk > 0 for about, who in ((mine, ada), (None, ben))
    ] == [True] * 2
    with freeze_time(timezone.now() + timedelta(hours=25)):
        assert services.open_dispute(None, actor=ada, text="And the one of May.").state == "open"


def test_same_contribution_is_asked_about_ten_times_a_day(ada: Person) -> None:
    mine = earned(ada, 1000)
    for number in range(10):
        services.withdraw_dispute(services.open_dispute(mine, actor=ada, text=f"{number}."), actor=ada)
    assert code_of(lambda: services.open_dispute(mine, actor=ada, text="Again.")) == "disputes-many"


def test_desk_of_disputes_has_pages_and_keeps_what_was_typed_on_any(
    client_of: ClientOf, ada: Person, ben: Person, nia: Person, sam: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("artists.compensation.contributions.views.A_PAGE", 2)
    asked = [services.open_dispute(None, actor=who, text=f"Of {who.name}.") for who in (ada, ben, nia)]
    staff, desk = client_of(sam), reverse("staff_disputes")

    def shown(answer: Any) -> list[bool]:
        return [one.text in answer.content.decode() for one in asked]

    pages = [staff.get(desk), staff.get(desk, {"waits": "2"})]
    assert [shown(one) for one in pages] == [[True, True, False], [False, False, True]]
    assert ["3 questions wait" in one.content.decode() for one in pages] == [True, True]
    assert ["?waits=2" in pages[0].content.decode(), "?waits=1" in pages[1].content.decode()] == [True, True]
    last = asked[2].pk
    form = {f"{last}-answer": "Right.", f"{last}-amount": "10.005", f"{last}-currency": "EUR"}
    wrong = staff.post(reverse("staff_dispute_answer", args=[last]), form)
    assert (wrong.status_code, shown(wrong), "10.005" in wrong.content.decode()) == (422, [True] * 3, True)


def test_pages_of_disputes(client_of: ClientOf, ada: Person, ben: Person, sam: Person, cohort_a: Cohort) -> None:
    mine = earned(ada, 1000, about="<b>bold</b>")
    artist, staff = client_of(ada), client_of(sam)
    about = reverse("dispute_about", args=[mine.pk])
    assert client_of(ben).get(about).status_code == 404
    assert artist.post(about, {"text": ""}).status_code == 422
    assert artist.post(about, {"text": "Two hours."}).status_code == 302
    again = artist.post(about, {"text": "And more words."})
    assert (again.status_code, "dispute-open" in again.content.decode(), "And more words." in again.content.decode()) == (
        409, True, True,
    )  # fmt: skip
    asked = Dispute.objects.get()
    desk = staff.get(reverse("staff_disputes")).content.decode()
    assert ("Two hours." in desk, "<b>bold</b>" in desk) == (True, False)
    answer = reverse("staff_dispute_answer", args=[asked.pk])
    form = {f"{asked.pk}-answer": "Right.", f"{asked.pk}-amount": "10.005", f"{asked.pk}-currency": "EUR"}
    wrong = staff.post(answer, form)
    assert (wrong.status_code, "amount-unreadable" in wrong.content.decode(), "Right." in wrong.content.decode()) == (
        422, True, True,
    )  # fmt: skip
    assert staff.post(answer, form | {f"{asked.pk}-amount": "10"}).status_code == 302
    assert artist.post(reverse("dispute_missing"), {"text": "One is missing."}).status_code == 302
    page = artist.get(reverse("disputes")).content.decode()
    assert ("Right." in page, "One is missing." in page) == (True, True)
    assert "bold" in staff.get(reverse("staff_contributions")).content.decode()
    assert artist.get(reverse("staff_contributions")).status_code == 403
    assert staff.get(reverse("disputes")).status_code == 403
