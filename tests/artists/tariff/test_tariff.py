"""The tariff: drafted, published once, never changed, and what is accepted under it."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from artists.people.models import Person
from artists.tariff import kinds, queries
from artists.tariff.kinds import ContributionKind, Unit, register_contribution
from artists.tariff.models import TariffPrice, TariffVersion
from artists.tariff.news import ContributionAccepted
from artists.tariff.services import accept_contribution, draft_version, edit_draft, publish_version
from portal.audit.models import Entry
from portal.happenings.models import Happening
from portal.panels import status
from tests.factories.refusals import code_of
from tests.factories.tariff import drafted, in_force
from tests.factories.together import at_once
from tests.portal.api.test_api import Caller

ClientOf = Callable[[Person], Client]
WORK, TALK = "test.work", "test.talk"


@pytest.fixture(autouse=True)
def priced_kinds() -> Iterator[None]:
    """Two kinds of this file's own: one for each, one for an hour."""
    register_contribution(ContributionKind(WORK, "A work <b>like</b> this", Unit.EACH))
    register_contribution(ContributionKind(TALK, "A talk", Unit.HOUR))
    yield
    for name in (WORK, TALK):
        del kinds._KINDS[name]


@pytest.fixture
def staff(sam: Person, client_of: ClientOf) -> Client:
    return client_of(sam)


# What something pays.


@pytest.mark.django_db
def test_without_a_tariff_everything_is_unpaid_and_says_so() -> None:
    price = queries.price_of(WORK)
    assert (price.amount, price.currency, price.unit, price.words, price.version) == (
        0, "EUR", Unit.EACH, "optional, unpaid", None,
    )  # fmt: skip


def test_price_is_said_for_each_and_for_an_hour(sam: Person) -> None:
    in_force(sam, {WORK: 2500, TALK: 4050})
    assert [queries.price_of(kind).words for kind in (WORK, TALK)] == [
        "optional, pays EUR 25.00",
        "optional, pays EUR 40.50 an hour",
    ]
    assert queries.price_of(WORK).version == 1


def test_price_of_an_earlier_moment_stays(sam: Person) -> None:
    with freeze_time("2026-05-01 12:00"):
        in_force(sam, {WORK: 1000})
    with freeze_time("2026-06-01 12:00"):
        in_force(sam, {WORK: 2000})
        moments = [timezone.now() - timedelta(days=days) for days in (60, 20, 0)]
        assert [queries.price_of(WORK, at).amount for at in moments] == [0, 1000, 2000]


def test_announced_version_waits_for_its_date(sam: Person) -> None:
    with freeze_time("2026-05-01 12:00"):
        in_force(sam, {WORK: 1000})
        in_force(sam, {WORK: 2000}, at=timezone.now() + timedelta(days=10))
        now, then = queries.price_of(WORK), queries.price_of(WORK, timezone.now() + timedelta(days=10))
        assert (now.amount, then.amount, status()["tariff"]["announced"]) == (1000, 2000, 1)


def test_unknown_kind_is_a_mistake_in_the_code() -> None:
    with pytest.raises(KeyError):
        queries.price_of("test.nothing")


# Drafting and publishing.


def test_new_draft_begins_with_the_last_prices(sam: Person) -> None:
    in_force(sam, {WORK: 2500})
    draft = draft_version(actor=sam)
    assert (draft.number, draft.prices.get(kind=WORK).amount, draft.prices.get(kind=TALK).amount) == (2, 2500, 0)


def test_there_is_one_draft(sam: Person, olga: Person) -> None:
    draft_version(actor=sam)
    assert code_of(lambda: draft_version(actor=olga)) == "tariff-draft-exists"


@pytest.mark.django_db(transaction=True)
def test_two_who_draft_at_once_make_one_draft(sam: Person) -> None:
    results = at_once(2, lambda _number: draft_version(actor=sam).number)
    assert (TariffVersion.objects.count(), [1 for one in results if one == 1]) == (1, [1])


@pytest.mark.parametrize(
    ("prices", "more", "code"),
    [
        ({"test.nothing": 1}, {}, "contribution-unknown"),
        ({WORK: -1}, {}, "price-wrong"),
        ({WORK: 10**12}, {}, "price-wrong"),
        ({WORK: 1}, {"currency": "XXX"}, "currency-unused"),
        ({WORK: 1}, {"note": "x" * 2001}, "note-long"),
    ],
)
def test_draft_refuses_what_is_no_price(sam: Person, prices: dict[str, int], more: dict[str, str], code: str) -> None:
    draft = draft_version(actor=sam)
    assert code_of(lambda: edit_draft(draft, prices, actor=sam, **({"currency": "EUR"} | more))) == code
    assert set(TariffPrice.objects.values_list("amount", flat=True)) == {0}


def test_published_version_is_not_edited(sam: Person) -> None:
    version = in_force(sam, {WORK: 2500})
    assert code_of(lambda: edit_draft(version, {WORK: 1}, actor=sam, currency="EUR")) == "tariff-published"
    assert code_of(lambda: publish_version(version, actor=sam, seen=version.edits)) == "tariff-published"


def test_artist_neither_drafts_nor_publishes(ada: Person, sam: Person) -> None:
    draft = drafted(sam)
    acts = (
        lambda: draft_version(actor=ada),
        lambda: edit_draft(draft, {WORK: 1}, actor=ada, currency="EUR"),
        lambda: publish_version(draft, actor=ada, seen=draft.edits),
    )
    assert [code_of(act) for act in acts] == ["role"] * 3


def test_only_what_was_read_is_published(sam: Person, olga: Person) -> None:
    draft = drafted(sam, {WORK: 1000})
    edit_draft(draft, {WORK: 9000}, actor=olga, currency="EUR")
    assert code_of(lambda: publish_version(draft, actor=sam, seen=draft.edits)) == "draft-changed"
    assert queries.version_at() is None


def test_date_that_has_passed_is_refused(sam: Person) -> None:
    draft = drafted(sam)
    past = timezone.now() - timedelta(hours=1)
    assert code_of(lambda: publish_version(draft, actor=sam, seen=draft.edits, at=past)) == "date-past"


def test_version_before_an_announced_one_is_refused(sam: Person) -> None:
    in_force(sam, at=timezone.now() + timedelta(days=10))
    draft = drafted(sam)
    assert code_of(lambda: publish_version(draft, actor=sam, seen=draft.edits)) == "tariff-before-announced"


def test_kind_registered_since_the_draft_is_published_as_unpaid(sam: Person) -> None:
    draft = drafted(sam, {WORK: 1000})
    register_contribution(ContributionKind("test.late", "Late", Unit.EACH))
    try:
        version = publish_version(draft, actor=sam, seen=draft.edits)
    finally:
        del kinds._KINDS["test.late"]
    assert version.prices.get(kind="test.late").amount == 0


def test_what_staff_did_is_in_the_record(sam: Person) -> None:
    in_force(sam, {WORK: 2500})
    acts = list(Entry.objects.filter(action__startswith="tariff.").order_by("number").values_list("action", flat=True))
    assert acts == ["tariff.draft", "tariff.edit", "tariff.publish"]


# The database itself.


def _refused(act: Callable[[], object]) -> bool:
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        act()
    return True


def test_database_keeps_what_is_published(sam: Person) -> None:
    version = in_force(sam, {WORK: 2500})
    draft = drafted(sam)
    prices, row = TariffPrice.objects.filter(version=version), TariffVersion.objects.filter(pk=version.pk)
    acts = (
        lambda: prices.update(amount=1),
        lambda: prices.update(version=draft),
        prices.delete,
        lambda: TariffPrice.objects.create(version=version, kind="test.more", amount=1),
        lambda: TariffPrice.objects.filter(version=draft, kind=WORK).update(version=version, kind="test.moved"),
        lambda: row.update(note="Other"),
        lambda: row.update(currency="USD"),
        lambda: row.update(in_force_from=timezone.now() + timedelta(days=9)),
        lambda: row._raw_delete(row.db),
    )
    assert [_refused(act) for act in acts] == [True] * len(acts)
    assert queries.price_of(WORK).amount == 2500


def test_draft_can_go_and_change(sam: Person) -> None:
    draft = drafted(sam, {WORK: 1})
    draft.prices.all().delete()
    draft.delete()
    assert TariffVersion.objects.count() == 0


# What is accepted.


def test_accepted_contribution_is_announced_once(ada: Person, ben: Person) -> None:
    at = timezone.now()
    for person in (ada, ben):
        accept_contribution(source="test:1", person=person, kind=WORK, quantity=Decimal(1), at=at, about="Work 1")
    told = Happening.objects.get(kind=ContributionAccepted.kind)
    assert told.values == {
        "source": "test:1", "person": ada.pk, "contribution": WORK, "quantity": "1", "at": at.isoformat(), "about": "Work 1",
    }  # fmt: skip


def test_acceptance_falls_with_the_callers_transaction(ada: Person) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        accept_contribution(
            source="test:2", person=ada, kind=WORK, quantity=Decimal(1), at=timezone.now(), about="Work"
        )
        raise RuntimeError
    assert not Happening.objects.filter(kind=ContributionAccepted.kind).exists()


@pytest.mark.parametrize("quantity", ["0", "-1", "NaN", "Infinity"])
def test_no_quantity_is_no_contribution(ada: Person, quantity: str) -> None:
    with pytest.raises(ValueError, match="no quantity"):
        accept_contribution(
            source="test:3", person=ada, kind=TALK, quantity=Decimal(quantity), at=timezone.now(), about="Talk"
        )


# Pages.


def test_public_page_shows_prices_and_every_version(sam: Person, client: Client) -> None:
    in_force(sam, {WORK: 1000})
    in_force(sam, {WORK: 2500, TALK: 4000})
    in_force(sam, {WORK: 3000}, at=timezone.now() + timedelta(days=5))
    page = client.get(reverse("tariff")).content.decode()
    wanted = ("EUR 25.00", "EUR 40.00 an hour", "Announced", "Version 1", "A work &lt;b&gt;like&lt;/b&gt; this")
    assert [one in page for one in wanted] == [True] * len(wanted)
    assert "EUR 30.00" not in page
    earlier = client.get(reverse("tariff_version", args=[1])).content.decode()
    assert ("EUR 10.00" in earlier, "Replaced" in earlier) == (True, True)


def test_draft_is_nobody_elses(sam: Person, client: Client) -> None:
    draft = drafted(sam, {WORK: 12345})
    assert client.get(reverse("tariff_version", args=[draft.number])).status_code == 404
    assert "123.45" not in client.get(reverse("tariff")).content.decode()


def test_staff_draft_preview_and_publish(staff: Client) -> None:
    staff.post(reverse("staff_tariff_new"))
    names = [kind.name for kind in kinds.contributions()]
    prices = {f"price-{name}": "0" for name in names} | {f"price-{WORK}": "25", f"price-{TALK}": "40.50"}
    kept = staff.post(reverse("staff_tariff_draft"), prices | {"currency": "EUR", "note": "<i>First</i>"})
    assert kept.url == reverse("staff_tariff_publish")
    preview = staff.get(kept.url)
    assert ("EUR 40.50 an hour" in preview.content.decode(), "&lt;i&gt;First" in preview.content.decode()) == (
        True,
        True,
    )
    done = staff.post(kept.url, {"seen": preview.context["draft"].edits})
    assert (done.url, queries.price_of(WORK).amount) == (reverse("staff_tariff"), 2500)


@pytest.mark.parametrize(
    ("text", "code"), [("free", "amount-unreadable"), ("1.234", "amount-unreadable"), ("-5", "amount-unreadable")]
)
def test_unreadable_price_is_said_with_its_code_and_kept(staff: Client, text: str, code: str) -> None:
    staff.post(reverse("staff_tariff_new"))
    prices = {f"price-{kind.name}": "0" for kind in kinds.contributions()} | {f"price-{WORK}": text, "currency": "EUR"}
    answer = staff.post(reverse("staff_tariff_draft"), prices)
    page = answer.content.decode()
    assert (answer.status_code, code in page, f'value="{text}"' in page) == (422, True, True)


def test_page_that_was_overtaken_publishes_nothing(staff: Client, sam: Person) -> None:
    draft = drafted(sam, {WORK: 1000})
    edit_draft(draft, {WORK: 9000}, actor=sam, currency="EUR")
    for posted in ({"seen": draft.edits}, {}):
        answer = staff.post(reverse("staff_tariff_publish"), posted)
        assert (answer.status_code, "draft-changed" in answer.content.decode()) == (409, True)
    assert queries.version_at() is None


def test_pages_take_the_same_queries_for_few_and_many(sam: Person, staff: Client, client: Client) -> None:
    in_force(sam)
    counted = []
    for more in (0, 4):
        for _number in range(more):
            in_force(sam)
        for browser, name in ((client, "tariff"), (staff, "staff_tariff")):
            browser.get(reverse(name))
            with CaptureQueriesContext(connection) as seen:
                browser.get(reverse(name))
            counted.append(len(seen))
    assert counted[:2] == counted[2:]


def test_api_says_the_tariff(ada: Person, sam: Person) -> None:
    in_force(sam, {WORK: 2500})
    told = Caller(ada).get("/tariff").json()
    assert (told["version"], [one for one in told["prices"] if one["kind"] == WORK]) == (
        1,
        [{"kind": WORK, "label": "A work <b>like</b> this", "unit": "each", "amount": 2500, "currency": "EUR", "words": "optional, pays EUR 25.00"}],
    )  # fmt: skip
