"""Triage: states, merging with credit for everybody, many at once, the board, its table, and what authors hear."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from artists.feedback.bugs.queries import authors_of
from artists.feedback.bugs.services import Verdict, merge_bug, move_bug, move_bugs
from artists.feedback.bugs.states import BugState
from artists.feedback.models import BugReport
from artists.people.models import Person
from artists.tariff.news import ContributionAccepted
from generation.models import Clip
from portal.audit.models import Entry
from portal.happenings.delivery import sweep
from portal.happenings.models import Delivery, Happening
from portal.notices.models import Notice
from portal.panels import status
from tests.factories.bugs import WORDS, moved, reported
from tests.factories.refusals import code_of
from tests.factories.tariff import in_force
from tests.factories.together import at_once
from tests.portal.api.test_api import Caller

ClientOf = Callable[[Person], Client]


@pytest.fixture
def staff(sam: Person, client_of: ClientOf) -> Client:
    return client_of(sam)


def counted() -> list[tuple[str, int, str]]:
    """(source, person, kind) of what was accepted, in order."""
    told = Happening.objects.filter(kind=ContributionAccepted.kind).order_by("pk")
    return [(one.values["source"], one.values["person"], one.values["contribution"]) for one in told]


def heard(person: Person) -> list[str]:
    """What this person was told of their bugs, in order."""
    sweep()
    return list(
        Notice.objects.filter(person=person, kind="bugs.changed").order_by("pk").values_list("title", flat=True)
    )


# States.


WAYS = {
    "received": {"reproduced", "planned", "fixed", "wont_fix", "duplicate"},
    "reproduced": {"planned", "fixed", "wont_fix", "duplicate"},
    "planned": {"reproduced", "fixed", "wont_fix", "duplicate"},
    "fixed": {"received"},
    "wont_fix": {"received", "duplicate"},
    "duplicate": {"received"},
}


def put(bug: BugReport, state: str, other: BugReport, staff: Person) -> BugReport:
    return merge_bug(bug, other, actor=staff) if state == "duplicate" else moved(bug, state, staff)


@pytest.mark.parametrize("begin", BugState.values)
def test_every_way_is_there_and_no_other(ada: Person, ben: Person, sam: Person, begin: str) -> None:
    found = set()
    for end in BugState.values:
        other, bug = reported(ben), reported(ada)
        if begin != "received":
            bug = put(bug, begin, other, sam)
        try:
            with transaction.atomic():
                bug = put(bug, end, other, sam)
        except Exception as refused:  # noqa: BLE001 - its code is what is asserted
            assert refused.decision.code == "bug-state"  # type: ignore[attr-defined]
        else:
            found.add(bug.state)
    assert found == WAYS[begin]


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (Verdict("fixed"), "version-missing"),
        (Verdict("fixed", fixed_in="x" * 81), "version-long"),
        (Verdict("wont_fix", answer="  "), "reason-missing"),
        (Verdict("planned", answer="x" * 4001), "answer-long"),
        (Verdict("duplicate"), "bug-state-unknown"),
        (Verdict("forgotten"), "bug-state-unknown"),
    ],
)
def test_verdict_that_lacks_something_is_refused(ada: Person, sam: Person, verdict: Verdict, code: str) -> None:
    bug = reported(ada)
    assert code_of(lambda: move_bug(bug, verdict, actor=sam)) == code
    bug.refresh_from_db()
    assert (bug.state, bug.changes) == ("received", 0)


def test_artist_does_not_triage(ada: Person, ben: Person) -> None:
    bug, other = reported(ada), reported(ben)
    acts = (
        lambda: moved(bug, "planned", ada),
        lambda: merge_bug(bug, other, actor=ada),
        lambda: move_bugs([bug], Verdict("planned"), actor=ada),
    )
    assert [code_of(act) for act in acts] == ["role"] * 3


def test_reopened_report_forgets_where_it_was_fixed(ada: Person, sam: Person) -> None:
    bug = moved(moved(reported(ada), "fixed", sam), "received", sam)
    assert (bug.state, bug.fixed_in, bug.ended_at, bug.changes) == ("received", "", None, 2)


# Credit.


@pytest.mark.parametrize("state", ["reproduced", "planned", "fixed"])
def test_report_counts_once_it_is_found_to_be_one(ada: Person, sam: Person, state: str) -> None:
    bug = reported(ada)
    assert counted() == []
    moved(bug, state, sam)
    assert counted() == [(f"bug:{bug.pk}", ada.pk, "bug.new")]
    told = Happening.objects.get(kind=ContributionAccepted.kind).values
    assert (told["quantity"], told["at"], told["about"]) == ("1", bug.made_at.isoformat(), f"Bug report {bug.pk}")


def test_report_counts_once_however_often_it_moves(ada: Person, sam: Person) -> None:
    bug = reported(ada)
    for state in ("reproduced", "planned", "fixed", "received", "reproduced"):
        moved(bug, state, sam)
    assert len(counted()) == 1


def test_what_will_not_be_fixed_does_not_count(ada: Person, sam: Person) -> None:
    moved(reported(ada), "wont_fix", sam)
    assert counted() == []


def test_what_staff_report_is_their_work(sam: Person, olga: Person) -> None:
    bug = moved(reported(sam), "fixed", olga)
    assert (counted(), bug.accepted_at) == ([], None)


def test_duplicate_is_credited_too(ada: Person, ben: Person, sam: Person) -> None:
    first = moved(reported(ada), "reproduced", sam)
    second = merge_bug(reported(ben), first, actor=sam)
    assert (second.state, second.duplicate_of, first.author, second.author) == ("duplicate", first, ada, ben)
    assert counted() == [(f"bug:{first.pk}", ada.pk, "bug.new"), (f"bug:{second.pk}", ben.pk, "bug.duplicate")]


def test_nobody_is_credited_twice_for_one_bug(ada: Person, ben: Person, sam: Person) -> None:
    first = moved(reported(ada), "reproduced", sam)
    for author in (ada, ben, ben):
        merge_bug(reported(author), first, actor=sam)
    assert [(person, kind) for _source, person, kind in counted()] == [(ada.pk, "bug.new"), (ben.pk, "bug.duplicate")]


def test_credit_is_that_of_the_day_it_was_sent(ada: Person, sam: Person, client_of: ClientOf) -> None:
    in_force(sam, {"bug.new": 2500})
    bug = moved(reported(ada), "reproduced", sam)
    in_force(sam, {"bug.new": 100})
    page = client_of(ada).get(reverse("bug", args=[bug.pk])).content.decode()
    assert ("optional, pays EUR 25.00" in page, "EUR 1.00" in page) == (True, False)


# Merging.


def test_report_is_not_merged_into_itself(ada: Person, sam: Person) -> None:
    bug = reported(ada)
    assert code_of(lambda: merge_bug(bug, bug, actor=sam)) == "merge-itself"


def test_reports_are_not_merged_in_a_circle(ada: Person, ben: Person, sam: Person) -> None:
    first, second = reported(ada), reported(ben)
    merge_bug(second, first, actor=sam)
    assert code_of(lambda: merge_bug(first, second, actor=sam)) == "merge-circle"


def test_merging_into_a_duplicate_finds_the_first(ada: Person, ben: Person, nia: Person, sam: Person) -> None:
    first, second, third = reported(ada), reported(ben), reported(nia)
    merge_bug(second, first, actor=sam)
    assert merge_bug(third, second, actor=sam).duplicate_of == first


def test_what_was_merged_goes_along(ada: Person, ben: Person, nia: Person, sam: Person) -> None:
    first, second, third = reported(ada), reported(ben), reported(nia)
    merge_bug(third, second, actor=sam)
    merge_bug(second, first, actor=sam)
    assert set(first.duplicates.values_list("pk", flat=True)) == {second.pk, third.pk}
    assert authors_of([third.pk])[third.pk] == {ada.pk, ben.pk, nia.pk}


@pytest.mark.django_db(transaction=True)
def test_two_who_merge_two_reports_into_each_other_make_no_circle(ada: Person, ben: Person, sam: Person) -> None:
    one, other = reported(ada), reported(ben)
    results = at_once(2, lambda n: merge_bug(*((one, other) if n else (other, one)), actor=sam))
    assert sorted(isinstance(result, BugReport) for result in results) == [False, True]
    assert BugReport.objects.exclude(duplicate_of=None).count() == 1


@pytest.mark.parametrize(
    "rows",
    [
        lambda one, other: one.update(**{"state": "duplicate", "duplicate_of": one.get(), "ended_at": timezone.now()}),  # noqa: PIE804 - a state is written here on purpose
        lambda one, other: one.update(**{"state": "duplicate", "ended_at": timezone.now()}),  # noqa: PIE804
        lambda one, other: one.update(duplicate_of=other.get()),
        lambda one, other: one.update(**{"state": "fixed", "ended_at": timezone.now()}),  # noqa: PIE804
        lambda one, other: one.update(**{"state": "wont_fix", "ended_at": timezone.now()}),  # noqa: PIE804
        lambda one, other: one.update(**{"state": "lost"}),  # noqa: PIE804
        lambda one, other: one.update(ended_at=timezone.now()),
        lambda one, other: one.update(first_frame=4, last_frame=2),
    ],
)
def test_database_refuses_a_row_that_says_two_things(ada: Person, ben: Person, rows: Callable[..., Any]) -> None:
    one, other = (BugReport.objects.filter(pk=reported(person).pk) for person in (ada, ben))
    with pytest.raises(IntegrityError), transaction.atomic():
        rows(one, other)


def test_database_refuses_a_circle(ada: Person, ben: Person, sam: Person) -> None:
    first, second = reported(ada), reported(ben)
    merge_bug(second, first, actor=sam)
    ended = {"state": "duplicate", "ended_at": timezone.now()}
    for pk, to in ((first.pk, second.pk), (reported(ada).pk, second.pk)):
        with pytest.raises(DatabaseError, match="merge-circle"), transaction.atomic():
            BugReport.objects.filter(pk=pk).update(duplicate_of=to, **ended)


# What authors hear.


def test_everybody_who_reported_it_hears_what_becomes_of_it(
    ada: Person, ben: Person, sam: Person, client_of: ClientOf
) -> None:
    first, second = reported(ada), reported(ben, title="Bens own words")
    merge_bug(second, first, actor=sam)
    moved(first, "planned", sam)
    moved(first, "fixed", sam)
    assert heard(ada) == [f"Bug {first.pk}: planned", f"Bug {first.pk}: fixed"]
    assert heard(ben) == [f"Bug {second.pk}: reported before", f"Bug {second.pk}: planned", f"Bug {second.pk}: fixed"]
    page = client_of(ben).get(reverse("bug", args=[second.pk])).content.decode()
    assert ("Fixed in 1.4" in page, "Bens own words" in page, WORDS["title"] in page) == (True, True, False)


def test_news_heard_twice_is_told_once(ada: Person, sam: Person) -> None:
    moved(reported(ada), "planned", sam)
    sweep()
    Delivery.objects.update(heard_at=None, due_at=timezone.now())
    assert len(heard(ada)) == 1


# Many at once.


def test_many_are_moved_and_what_cannot_be_is_named(ada: Person, sam: Person, staff: Client) -> None:
    good, over = [reported(ada) for _number in range(3)], moved(reported(ada), "fixed", sam)
    posted = {"bug": [bug.pk for bug in [*good, over]], "state": "planned"}
    answer = staff.post(reverse("staff_bugs_move") + "?state=all", posted)
    page = answer.content.decode()
    assert ("bug-state" in page, f'value="{over.pk}" aria-label="Choose {over.pk}" checked' in page) == (True, True)
    assert sorted(BugReport.objects.values_list("state", flat=True)) == ["fixed", "planned", "planned", "planned"]
    assert Entry.objects.filter(action="bugs.plan").count() == 3


@pytest.mark.parametrize(
    ("posted", "code"),
    [
        ({"state": "planned"}, "bugs-none"),
        ({"state": "planned", "bug": ["x", "-1", "9" * 30]}, "bugs-none"),
        ({"state": "fixed", "bug": ["1"]}, "version-missing"),
        ({"state": "wont_fix", "bug": ["1"]}, "reason-missing"),
    ],
)
def test_move_of_many_that_lacks_something_keeps_what_was_ticked(
    ada: Person, staff: Client, posted: dict[str, Any], code: str
) -> None:
    bug = reported(ada)
    posted["bug"] = [str(bug.pk) if key == "1" else key for key in posted.get("bug", [])]
    answer = staff.post(reverse("staff_bugs_move"), posted)
    page = answer.content.decode()
    kept = f'aria-label="Choose {bug.pk}" checked' in page
    assert (answer.status_code, code in page, kept) == (422, True, str(bug.pk) in posted["bug"])


def test_no_more_than_two_hundred_at_once(ada: Person, sam: Person) -> None:
    bug = reported(ada)
    assert code_of(lambda: move_bugs([bug] * 201, Verdict("planned"), actor=sam)) == "bugs-too-many"


# The board.


def test_board_shows_what_was_asked_for(
    ada: Person, ben: Person, sam: Person, staff: Client, clip_of: Callable[..., Clip]
) -> None:
    one = reported(ada, title="Red horizon", severity="blocks")
    two = reported(ben, title="Blue horizon", clip=clip_of(ben))
    three = moved(reported(ben, title="Green sea"), "fixed", sam)

    def shown(query: str) -> list[int]:
        return [row["bug"].pk for row in staff.get(f"{reverse('staff_bugs')}?{query}").context["rows"]]

    assert [
        shown(query)
        for query in (
            "", "state=all", "state=fixed", "severity=blocks", "model=card", "q=horizon", "q=Ben", f"q=%23{one.pk}",
            "state=nonsense&severity=x&model=x&page=0", "page=9999", "page=99999999999", "q=%00",
        )
    ] == [
        [two.pk, one.pk], [three.pk, two.pk, one.pk], [three.pk], [one.pk], [two.pk], [two.pk, one.pk], [two.pk], [one.pk],
        [two.pk, one.pk], [], [two.pk, one.pk], [two.pk, one.pk],
    ]  # fmt: skip


def test_board_and_pages_take_the_same_queries_for_few_and_many(
    ada: Person, ben: Person, sam: Person, staff: Client, client_of: ClientOf
) -> None:
    first, mine = reported(ada), client_of(ada)
    merge_bug(reported(ben), first, actor=sam)
    pages = (
        (staff, f"{reverse('staff_bugs')}?state=all"),
        (staff, reverse("staff_bug", args=[first.pk])),
        (mine, reverse("bugs")),
        (mine, reverse("bug", args=[first.pk])),
    )
    seen: list[list[int]] = []
    for more in (0, 29):
        for _number in range(more):
            reported(ada)
            if more and _number % 10 == 0:
                merge_bug(reported(ben), first, actor=sam)
        counts = []
        for browser, address in pages:
            browser.get(address)
            with CaptureQueriesContext(connection) as queries:
                browser.get(address)
            counts.append(len(queries))
        seen.append(counts)
    assert seen[0] == seen[1]


def test_board_is_paged(ada: Person, staff: Client) -> None:
    begun = timezone.now() - timedelta(days=2)
    BugReport.objects.bulk_create(
        BugReport(author=ada, title=f"Bug {n}", happened="h", made_at=begun + timedelta(seconds=n)) for n in range(120)
    )
    numbers = [
        [row["bug"].title for row in staff.get(f"{reverse('staff_bugs')}?page={page}").context["rows"]]
        for page in (1, 3)
    ]
    assert numbers == [[f"Bug {n}" for n in range(119, 69, -1)], [f"Bug {n}" for n in range(19, -1, -1)]]


def test_staff_merge_and_decide_on_the_page(ada: Person, ben: Person, staff: Client) -> None:
    first, second = reported(ada), reported(ben)
    wrong = staff.post(reverse("staff_bug_merge", args=[second.pk]), {"into": 999_999})
    itself = staff.post(reverse("staff_bug_merge", args=[second.pk]), {"into": second.pk})
    assert (wrong.status_code, itself.status_code, "merge-itself" in itself.content.decode()) == (404, 422, True)
    staff.post(reverse("staff_bug_merge", args=[second.pk]), {"into": first.pk})
    refused = staff.post(reverse("staff_bug_verdict", args=[first.pk]), {"state": "wont_fix", "answer": ""})
    assert (refused.status_code, "reason-missing" in refused.content.decode()) == (422, True)
    staff.post(reverse("staff_bug_verdict", args=[first.pk]), {"state": "fixed", "fixed_in": "1.4"})
    assert list(BugReport.objects.order_by("pk").values_list("state", flat=True)) == ["fixed", "duplicate"]


def test_status_and_today_know_of_reports(ada: Person, sam: Person, staff: Client) -> None:
    reported(ada)
    moved(reported(ada), "planned", sam)
    assert status()["bugs"] == {"received": 1, "reproduced": 0, "planned": 1}
    assert "reported, and not looked into yet" in staff.get(reverse("today")).content.decode()


# The table.


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =HYPERLINK(1)", "\r=1"])
def test_table_runs_nothing_where_it_is_opened(ada: Person, staff: Client, cell: str) -> None:
    reported(ada, happened=f"x{cell}", title="t")
    BugReport.objects.update(happened=cell, title=cell, expected=cell, answer=cell, model=cell)
    answer = staff.get(reverse("staff_bugs_csv"))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode())))
    names = ("title", "what happened", "expected", "answer", "model")
    # Where a spreadsheet begins a new cell within ours, that one is no formula either.
    safe = {"\t=1": "'\t'=1", "\r=1": "'\r'=1"}.get(cell, f"'{cell}")
    assert [rows[0][name] for name in names] == [safe] * 5
    assert answer["Content-Type"] == "text/csv; charset=utf-8"


def test_table_is_what_the_board_shows_and_is_recorded(ada: Person, sam: Person, staff: Client) -> None:
    bug = moved(reported(ada, title='Quotes "and", commas\nand lines'), "planned", sam)
    moved(reported(ada), "fixed", sam)
    rows = list(csv.DictReader(io.StringIO(staff.get(reverse("staff_bugs_csv")).content.decode(), newline="")))
    assert [(row["report"], row["title"], row["counted as"]) for row in rows] == [(str(bug.pk), bug.title, "bug.new")]
    assert Entry.objects.filter(action="bugs.export").count() == 1


# Over the API.


def test_api_reads_ones_own_and_nobody_elses(ada: Person, ben: Person, sam: Person) -> None:
    first = moved(reported(ada), "fixed", sam)
    second = merge_bug(reported(ben), first, actor=sam)
    mine = Caller(ben)
    listed = mine.get("/bugs").json()
    assert ([one["id"] for one in listed["items"]], listed["next"]) == ([second.pk], None)
    one = mine.get(f"/bugs/{second.pk}").json()
    assert (one["state"], one["duplicate"], one["fixed_in"], one["counted"]) == ("fixed", True, "1.4", True)
    assert [mine.get(f"/bugs/{pk}").status_code for pk in (first.pk, 999_999)] == [404, 404]
    assert mine.get("/bugs?after=999999").status_code == 404
