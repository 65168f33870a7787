"""Staff's pages of sharing: what they show, what they keep when they refuse, and what leaves as a table."""

import csv
import io
from collections.abc import Callable

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from artists.people.models import Person
from artists.sharing.models import Concern, GroundWording, ShareRequest, Terms
from artists.sharing.services import Promise, publish_terms, revoke
from generation.models import Clip
from portal.access import ANONYMOUS, check
from portal.audit.models import Entry
from portal.panels import checklist, status
from portal.sheets import harmless
from tests.factories.sharing import REASON, asked_for, concerned, released


@pytest.fixture
def staff(sam: Person, client_of: Callable[[Person], Client]) -> Client:
    """Sam's browser."""
    return client_of(sam)


@pytest.fixture
def asked(ada: Person, rhea: Person, clip_of: Callable[..., Clip]) -> ShareRequest:
    """Ada's request, in review, with a reviewer there."""
    return asked_for(clip_of(ada), words="Two studies of a horizon.")


@pytest.fixture
def reported(asked: ShareRequest, rhea: Person) -> Concern:
    """About Ada's public work."""
    return concerned(released(asked, rhea))


def said(answer: object, *codes: str) -> tuple[int, list[bool]]:
    """Status, and which of the texts stand on the page."""
    page = answer.content.decode()  # type: ignore[attr-defined]
    return answer.status_code, [code in page for code in codes]  # type: ignore[attr-defined]


def test_overview_shows_the_request_and_not_its_film(staff: Client, asked: ShareRequest) -> None:
    film = reverse("review_film", args=[asked.pk])
    one = reverse("staff_share_request", args=[asked.pk])
    assert said(staff.get(reverse("staff_sharing")), one, film) == (200, [True, False])
    assert said(staff.get(one), "Two studies of a horizon.", film, "Look at the film") == (200, [True, False, False])
    assert staff.get(film).status_code == 404


def test_public_work_leads_to_asking_for_its_use(staff: Client, asked: ShareRequest, rhea: Person) -> None:
    one, builder = reverse("staff_share_request", args=[asked.pk]), f"{reverse('consent_ask')}?work={asked.clip_id}"
    before = said(staff.get(one), builder)
    released(asked, rhea)
    assert (before, said(staff.get(one), builder), said(staff.get(builder), asked.title)) == (
        (200, [False]), (200, [True]), (200, [True]),
    )  # fmt: skip


def test_overview_asks_as_little_for_twenty_requests_as_for_two(
    staff: Client, ada: Person, clip_of: Callable[..., Clip], django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    clip = clip_of(ada)
    for number in range(20):
        asked_for(clip, destination=f"Place {number}")
    staff.get(reverse("staff_sharing"))
    with django_assert_max_num_queries(60):
        assert staff.get(reverse("staff_sharing")).status_code == 200


def test_assignment_shows_what_was_left_with_its_code(
    staff: Client, asked: ShareRequest, ada: Person, rhea: Person, clip_of: Callable[..., Clip]
) -> None:
    gone = asked_for(clip_of(ada), title="Decided")
    released(gone, rhea)
    address = reverse("staff_assign")
    both = {"request": [str(asked.pk), str(gone.pk)], "reviewer": str(rhea.pk)}
    assert said(staff.post(address, both), "state-changed", "Decided") == (200, [True, True])
    fine = staff.post(f"{address}?state=in_review", {"request": str(asked.pk), "reviewer": str(rhea.pk)})
    assert (fine.status_code, fine["Location"]) == (302, "/staff/sharing/?state=in_review")


@pytest.mark.parametrize(
    ("reviewer", "code"), [("", "reviewer-missing"), ("99999", "reviewer-unknown"), ("x'", "reviewer-unknown")]
)
def test_assignment_to_nobody_keeps_what_was_ticked(
    staff: Client, asked: ShareRequest, reviewer: str, code: str
) -> None:
    answer = staff.post(reverse("staff_assign"), {"request": [str(asked.pk), "no"], "reviewer": reviewer})
    assert said(answer, code, "checked") == (422, [True, True])


def test_nothing_ticked_is_said(staff: Client, asked: ShareRequest, rhea: Person) -> None:
    answer = staff.post(reverse("staff_assign"), {"request": ["nonsense"], "reviewer": str(rhea.pk)})
    assert said(answer, "requests-missing", f'value="{rhea.pk}" selected') == (422, [True, True])


# The table.


def test_export_runs_no_formula_and_holds_no_film(
    staff: Client, ada: Person, rhea: Person, clip_of: Callable[..., Clip]
) -> None:
    title = '=HYPERLINK("http://x","y")'
    asked_for(clip_of(ada), title=title, destination="-1+1", words="Secret words")
    answer = staff.get(reverse("staff_sharing_export"), {"state": "all"})
    text = answer.content.decode()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert [(row["title"], row["where"], row["artist"], row["cohort"], row["state"]) for row in rows] == [
        (f"'{title}", "'-1+1", "Ada", "First", "in review")
    ]
    assert ("Secret words" in text, "film" in text, "prompt" in text) == (False, False, False)
    assert Entry.objects.filter(action="sharing.export").count() == 1


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", "\tx", "\rx", "\nx", "  =1"])
def test_cell_that_begins_like_a_formula_is_made_text(cell: str) -> None:
    assert (harmless(cell), harmless("1=1")) == (f"'{cell}", "1=1")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("x;=1+1", "x;'=1+1"),
        ('x; "=1+1;y', "x;' \"=1+1;y"),
        ("x\t@y", "x\t'@y"),
        ("x\r\n-1", "x\r\n'-1"),
        ("x;\n=1", "x;\n'=1"),
        ("x; y=1, a-b", "x; y=1, a-b"),
    ],
)
def test_cell_that_other_spreadsheets_would_cut_in_two_is_made_text(cell: str, text: str) -> None:
    assert harmless(cell) == text


def test_export_of_too_many_says_so(
    staff: Client, asked: ShareRequest, clip_of: Callable[..., Clip], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("artists.sharing.export.MOST_ROWS", 0)
    assert said(staff.get(reverse("staff_sharing_export")), "export-large") == (422, [True])


# Terms and grounds.


def filled(**other: object) -> dict[str, object]:
    """The form of terms as it would be sent."""
    return {
        "hours": "24",
        "consequence": "escalated",
        "working_days": ["0", "1"],
        "holidays": "",
        "zone": "UTC",
    } | other


def test_terms_are_tried_first_and_then_published(staff: Client, sam: Person) -> None:
    address = reverse("staff_terms")
    tried = staff.post(address, filled(preview="yes"))
    assert (said(tried, "A request sent now would get"), Terms.objects.filter(by=sam).count()) == ((200, [True]), 0)
    assert staff.post(address, filled(publish="yes", holidays="2026-12-25\r\n2026-12-26\r\n")).status_code == 302
    kept = Terms.objects.get(by=sam)
    assert (kept.hours, kept.working_days, kept.holidays) == (24, [0, 1], ["2026-12-25", "2026-12-26"])


@pytest.mark.parametrize(
    ("code", "wrong"),
    [
        ("hours-outside", {"hours": "9999"}),
        ("hours-outside", {"hours": "soon"}),
        ("hours-outside", {"hours": ""}),
        ("consequence-unknown", {"consequence": "refused"}),
        ("day-unknown", {"working_days": ["9"]}),
        ("zone-unknown", {"zone": "Nowhere"}),
        ("holiday-not-a-date", {"holidays": "Christmas"}),
    ],
)
def test_wrong_terms_are_said_with_their_code_and_kept(staff: Client, code: str, wrong: dict[str, object]) -> None:
    answer = staff.post(reverse("staff_terms"), filled(publish="yes", **wrong))
    typed = next(iter(wrong.values()))
    shown = str(typed) if code in {"zone-unknown", "holiday-not-a-date"} else ""
    assert said(answer, f'<span class="code">{code}</span>', shown) == (422, [True, True])


def test_ground_is_worded_on_its_page_and_criticism_is_refused_there(staff: Client) -> None:
    address = reverse("staff_ground", args=["label"])
    refused = staff.post(address, {"definition": "Criticism of us.", "example": "An essay."})
    assert said(refused, "ground-criticism", "An essay.", "Criticism of us.") == (422, [True, True, True])
    assert staff.post(address, {"definition": "The credit is wrong.", "example": ""}).status_code == 302
    assert said(staff.get(reverse("staff_grounds")), "The credit is wrong.", "your wording") == (200, [True, True])
    staff.post(reverse("staff_ground_reset", args=["label"]))
    assert GroundWording.objects.count() == 0


def test_ground_that_is_not_in_the_list_is_not_there(staff: Client) -> None:
    address = reverse("staff_ground", args=["criticism"])
    assert [staff.get(address).status_code, staff.post(address, {"definition": "x"}).status_code] == [404, 404]
    assert staff.post(reverse("staff_ground_reset", args=["criticism"])).status_code == 404


# Concerns and revocation.


def test_concern_is_answered_on_its_page(staff: Client, reported: Concern) -> None:
    address = reverse("staff_concern", args=[reported.pk])
    assert said(staff.post(address, {"text": " "}), "answer-missing") == (422, [True])
    assert staff.post(address, {"text": "We looked."}).status_code == 302
    assert said(staff.post(address, {"text": "Too late."}), "concern-answered", "Too late.") == (409, [True, True])


def test_revoking_from_a_concern_needs_a_ground_of_the_list(staff: Client, reported: Concern) -> None:
    address = reverse("staff_concern_revoke", args=[reported.pk])
    for ground, code in (("criticism", "ground-unknown"), ("", "ground-missing")):
        answer = staff.post(address, {"ground": ground, "reason": "Kept reason"})
        assert said(answer, f'<span class="code">{code}</span>', "Kept reason") == (422, [True, True])
    assert check("sharing.see_release", ANONYMOUS, reported.release).allowed
    assert staff.post(address, {"ground": "person", "reason": REASON}).status_code == 302
    assert check("sharing.see_release", ANONYMOUS, reported.release).code == "work-withdrawn"


def test_revoking_what_was_revoked_meanwhile_keeps_the_reason(staff: Client, reported: Concern, olga: Person) -> None:
    asked = reported.release.request
    revoke(asked, actor=olga, ground="rights", reason=REASON)
    answer = staff.post(reverse("staff_revoke", args=[asked.pk]), {"ground": "person", "reason": "Kept reason"})
    assert said(answer, "state-changed", "Kept reason") == (409, [True, True])


def test_own_work_is_neither_shown_nor_answered(staff: Client, reported: Concern, sam: Person) -> None:
    asked = reported.release.request
    asked.collaborators.create(person=sam)
    assert staff.get(reverse("staff_share_request", args=[asked.pk])).status_code == 404
    answer = staff.post(reverse("staff_concern", args=[reported.pk]), {"text": "Nothing is wrong."})
    assert said(answer, "own-work") == (403, [True])


# Elsewhere.


def test_today_and_the_checklist_know_of_sharing(staff: Client, reported: Concern, sam: Person) -> None:
    left = {item.name: done for item, done in checklist()}
    publish_terms(Promise(24, "approved"), actor=sam)
    done = {item.name: done for item, done in checklist()}
    assert (left["sharing"], done["sharing"], status()["sharing"]["concerns open"]) == (False, True, 1)
    assert said(staff.get(reverse("today")), "Due within a day", "Concerns open") == (200, [True, True])


def test_person_page_counts_their_requests(staff: Client, asked: ShareRequest, ada: Person) -> None:
    assert said(staff.get(reverse("person", args=[ada.pk])), "Share requests", "Refused") == (200, [True, True])


def test_rules_table_names_what_staff_may_do(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rules")
    table = capsys.readouterr().out
    wanted = ("sharing.oversee", "sharing.set_terms", "sharing.word_ground", "sharing.assign", "sharing.export")
    assert [name in table for name in wanted] == [True] * len(wanted)
