"""The roadmap: items, what they came from, and "you asked, we shipped", told to each author exactly once."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from artists.feedback.bugs.services import merge_bug
from artists.feedback.models import RoadmapItem, RoadmapSource
from artists.feedback.roadmap.queries import items_asked_by, people_of
from artists.feedback.roadmap.services import Step, add_item, drop_source, edit_item, move_item, name_source
from artists.feedback.roadmap.states import STEPS, ItemState
from artists.people.models import Person
from portal.audit.models import Entry
from portal.happenings.delivery import sweep
from portal.notices.models import Letter, Notice
from tests.factories.bugs import reported
from tests.factories.refusals import code_of

ClientOf = Callable[[Person], Client]
WHY = {"dropped": {"answer": "Another way was found."}, "shipped": {"shipped_in": "1.4"}}


@pytest.fixture
def item(sam: Person) -> RoadmapItem:
    return add_item("Steadier horizons", "No more jumps between shots.", actor=sam)


def put(item: RoadmapItem, state: str, staff: Person) -> RoadmapItem:
    return move_item(item, Step(state, **WHY.get(state, {})), actor=staff)


def told() -> list[tuple[str, int]]:
    """(name, how often) of everybody who was told that something they asked for was shipped."""
    sweep()
    names = (
        Notice.objects.filter(kind="roadmap.shipped").order_by("person__name").values_list("person__name", flat=True)
    )
    return [(name, list(names).count(name)) for name in dict.fromkeys(names)]


# You asked, we shipped.


def test_each_author_is_told_once_that_it_is_there(
    item: RoadmapItem, ada: Person, ben: Person, nia: Person, sam: Person
) -> None:
    first = reported(ada)
    merge_bug(reported(ben), first, actor=sam)
    for bug in (first, reported(ada)):
        name_source(item, "bug", bug.pk, actor=sam)
    put(item, "shipped", sam)
    assert told() == [("Ada", 1), ("Ben", 1)]
    for state in ("considered", "shipped"):
        put(item, state, sam)
    assert told() == [("Ada", 1), ("Ben", 1)]


def test_whoever_is_named_after_it_was_shipped_is_told_then(
    item: RoadmapItem, ada: Person, ben: Person, sam: Person
) -> None:
    name_source(item, "bug", reported(ada).pk, actor=sam)
    put(item, "shipped", sam)
    assert told() == [("Ada", 1)]
    name_source(item, "bug", reported(ben).pk, actor=sam)
    assert told() == [("Ada", 1), ("Ben", 1)]


def test_nobody_is_told_before_it_is_shipped(item: RoadmapItem, ada: Person, sam: Person) -> None:
    name_source(item, "bug", reported(ada).pk, actor=sam)
    for state in ("planned", "under_way", "dropped"):
        put(item, state, sam)
    assert told() == []


def test_shipped_and_taken_back_at_once_is_no_news(item: RoadmapItem, ada: Person, sam: Person) -> None:
    name_source(item, "bug", reported(ada).pk, actor=sam)
    put(item, "shipped", sam)
    put(item, "considered", sam)
    assert told() == []


def test_notice_and_mail_carry_no_words_of_the_report(item: RoadmapItem, ada: Person, sam: Person) -> None:
    name_source(item, "bug", reported(ada, title="A secret title").pk, actor=sam)
    put(item, "shipped", sam)
    sweep()
    texts = [*Notice.objects.values_list("title", "body"), *Letter.objects.values_list("text", "html")]
    assert [one for pair in texts for one in pair if "secret" in one] == []
    assert Notice.objects.get(kind="roadmap.shipped").url == f"{reverse('roadmap')}#item-{item.pk}"


# Sources.


@pytest.mark.parametrize(("kind", "key"), [("bug", 999_999), ("nonsense", 1), ("", 1)])
def test_source_that_is_not_there_is_refused(item: RoadmapItem, sam: Person, kind: str, key: int) -> None:
    assert code_of(lambda: name_source(item, kind, key, actor=sam)) == "source-unknown"


def test_source_named_twice_is_named_once(item: RoadmapItem, ada: Person, sam: Person) -> None:
    bug = reported(ada)
    assert name_source(item, "bug", bug.pk, actor=sam) == name_source(item, "bug", bug.pk, actor=sam)


def test_source_is_taken_off(item: RoadmapItem, ada: Person, sam: Person) -> None:
    row = name_source(item, "bug", reported(ada).pk, actor=sam)
    drop_source(item, row.pk, actor=sam)
    drop_source(item, row.pk, actor=sam)
    assert (people_of(item), Entry.objects.filter(action="roadmap.drop_source").count()) == (set(), 1)


def test_whoever_reported_the_same_asked_for_it_too(
    item: RoadmapItem, ada: Person, ben: Person, nia: Person, sam: Person
) -> None:
    first, second = reported(ada), reported(ben)
    merge_bug(second, first, actor=sam)
    name_source(item, "bug", second.pk, actor=sam)
    assert [items_asked_by(person) for person in (ada, ben, nia)] == [{item.pk}, {item.pk}, set()]


# Items.


@pytest.mark.parametrize(
    ("title", "text", "code"),
    [(" ", "", "title-missing"), ("x" * 161, "", "title-long"), ("t", "x" * 4001, "text-long")],
)
def test_item_has_words_and_an_end(item: RoadmapItem, sam: Person, title: str, text: str, code: str) -> None:
    assert code_of(lambda: add_item(title, text, actor=sam)) == code
    assert code_of(lambda: edit_item(item, title, text, actor=sam)) == code


@pytest.mark.parametrize(
    ("step", "code"),
    [
        (Step("dropped"), "reason-missing"),
        (Step("shipped", shipped_in="x" * 81), "version-long"),
        (Step("dropped", answer="x" * 4001), "text-long"),
        (Step("sold"), "item-state-unknown"),
        (Step("considered"), "item-state"),
    ],
)
def test_step_that_lacks_something_is_refused(item: RoadmapItem, sam: Person, step: Step, code: str) -> None:
    assert code_of(lambda: move_item(item, step, actor=sam)) == code


@pytest.mark.parametrize("begin", ItemState.values)
def test_items_go_only_where_the_table_says(sam: Person, begin: str) -> None:
    found = set()
    for end in ItemState.values:
        one = add_item("One", actor=sam)
        if begin != "considered":
            put(one, begin, sam)
        if begin in STEPS[ItemState(end)].sources:
            found.add(put(one, end, sam).state)
        else:
            assert code_of(lambda: put(one, end, sam)) == "item-state"  # noqa: B023 - called at once
    assert found == {str(end) for end, step in STEPS.items() if begin in step.sources}


def test_artist_writes_nothing(item: RoadmapItem, ada: Person) -> None:
    acts = (
        lambda: add_item("Mine", actor=ada),
        lambda: edit_item(item, "Mine", "", actor=ada),
        lambda: put(item, "shipped", ada),
        lambda: name_source(item, "bug", 1, actor=ada),
        lambda: drop_source(item, 1, actor=ada),
    )
    assert [code_of(act) for act in acts] == ["role"] * 5


@pytest.mark.parametrize("values", [{"state": "sold"}, {"state": "shipped"}, {"state": "dropped", "ended_at": "now"}])
def test_database_refuses_an_item_that_says_two_things(item: RoadmapItem, values: dict[str, str]) -> None:
    wrong = {name: timezone.now() if value == "now" else value for name, value in values.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        RoadmapItem.objects.filter(pk=item.pk).update(**wrong)


# Pages.


def test_artist_sees_what_they_asked_for_first(
    item: RoadmapItem, ada: Person, ben: Person, sam: Person, client_of: ClientOf
) -> None:
    name_source(item, "bug", reported(ada).pk, actor=sam)
    planned = put(add_item("<b>Sound</b>", actor=sam), "planned", sam)
    put(item, "shipped", sam)
    page = client_of(ada).get(reverse("roadmap"))
    text = page.content.decode()
    assert ("You asked, we shipped" in text, "Since 1.4" in text, "&lt;b&gt;Sound" in text) == (True, True, True)
    assert [group["items"] for group in page.context["groups"] if group["items"]] == [[planned]]
    assert "You asked, we shipped" not in client_of(ben).get(reverse("roadmap")).content.decode()


def test_staff_write_name_move_on_the_pages(ada: Person, sam: Person, client_of: ClientOf) -> None:
    staff, bug = client_of(sam), reported(ada)
    added = staff.post(reverse("staff_roadmap_new"), {"title": "Sound", "kind": "bug", "key": bug.pk})
    item = RoadmapItem.objects.get()
    assert (added.url, item.sources.get().key) == (reverse("staff_roadmap_item", args=[item.pk]), bug.pk)
    assert "Sound" in staff.get(reverse("staff_bug", args=[bug.pk])).content.decode()
    staff.post(added.url, {"title": "Sound at last", "text": "More"})
    wrong = staff.post(reverse("staff_roadmap_source", args=[item.pk]), {"kind": "bug", "key": 999_999})
    refused = staff.post(reverse("staff_roadmap_move", args=[item.pk]), {"state": "dropped", "answer": ""})
    assert (wrong.status_code, "source-unknown" in wrong.content.decode()) == (404, True)
    assert (refused.status_code, "reason-missing" in refused.content.decode()) == (422, True)
    staff.post(reverse("staff_roadmap_move", args=[item.pk]), {"state": "shipped", "shipped_in": "1.4"})
    staff.post(reverse("staff_roadmap_source", args=[item.pk]), {"drop": item.sources.get().pk})
    staff.post(reverse("staff_roadmap_source", args=[item.pk]), {"drop": "x"})
    item.refresh_from_db()
    assert (item.title, item.state, item.sources.count(), told()) == ("Sound at last", "shipped", 0, [])


def test_roadmap_takes_the_same_queries_for_few_and_many(ada: Person, sam: Person, client_of: ClientOf) -> None:
    mine, staff = client_of(ada), client_of(sam)
    seen: list[list[int]] = []
    for number in (1, 14):
        for _one in range(number):
            bug = reported(ada)
            for state in ("considered", "planned", "shipped", "dropped"):
                one = add_item(f"Item {state}", actor=sam)
                name_source(one, "bug", bug.pk, actor=sam)
                if state != "considered":
                    put(one, state, sam)
        counts = []
        last = reverse("staff_roadmap_item", args=[RoadmapItem.objects.earliest("pk").pk])
        for browser, address in ((mine, reverse("roadmap")), (staff, reverse("staff_roadmap")), (staff, last)):
            browser.get(address)
            with CaptureQueriesContext(connection) as queries:
                browser.get(address)
            counts.append(len(queries))
        seen.append(counts)
    assert (seen[0], RoadmapSource.objects.count()) == (seen[1], 60)
