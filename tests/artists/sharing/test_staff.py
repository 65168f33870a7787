"""What staff do: assign, publish terms, word grounds, answer concerns, revoke; each no with its code."""

import json
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from artists.people.models import Person
from artists.people.roles import Role
from artists.sharing.grounds import Ground, names_criticism
from artists.sharing.models import Concern, Conflict, GroundWording, ShareRequest, Terms
from artists.sharing.oversight import Filters, loads, overseen, risks, share_counts
from artists.sharing.queries import grounds, requests_overseen_by, terms_in_force
from artists.sharing.services import (
    Promise,
    answer_concern,
    approve,
    assign,
    publish_terms,
    question,
    refuse,
    reset_ground,
    revoke,
    run_out,
    tell_now,
    terms_of,
    word_ground,
)
from generation.models import Clip
from portal.access import check
from portal.appeals.services import appeal, decide
from portal.audit.models import Entry
from portal.happenings import delivery
from portal.notices.models import Letter, Notice
from tests.factories.people import holder_of
from tests.factories.refusals import code_of
from tests.factories.sharing import REASON, asked_for, concerned, refused, released

HOUR = timedelta(hours=1)
LAST = {"sharing.assign", "sharing.set_terms", "sharing.word_ground", "sharing.answer_concern"}


@pytest.fixture
def asked(ada: Person, rhea: Person, clip_of: Callable[..., Clip]) -> ShareRequest:
    """Ada's request, in review, with a reviewer there."""
    return asked_for(clip_of(ada))


def recorded() -> list[str]:
    """What the record says of staff's acts, in order."""
    return list(Entry.objects.filter(action__in=LAST).order_by("number").values_list("action", flat=True))


# Assignment.


def test_requests_are_handed_to_a_reviewer_who_is_told_once_for_all(
    asked: ShareRequest, ada: Person, rhea: Person, sam: Person, clip_of: Callable[..., Clip]
) -> None:
    other = asked_for(clip_of(ada))
    result = assign([asked, other], actor=sam, reviewer=rhea)
    delivery.sweep()
    told = Notice.objects.filter(person=rhea, kind="sharing.assigned")
    assert ({one.pk for one in result.done}, result.left) == ({asked.pk, other.pk}, [])
    assert [(one.title, one.url) for one in told] == [("2 share requests were assigned to you", "/review/")]
    assert set(ShareRequest.objects.values_list("assigned_to", flat=True)) == {rhea.pk}
    assert recorded() == ["sharing.assign", "sharing.assign"]


def test_request_is_set_free_again(asked: ShareRequest, rhea: Person, sam: Person) -> None:
    assign([asked], actor=sam, reviewer=rhea)
    assert (len(assign([asked], actor=sam, reviewer=None).done), ShareRequest.objects.get().assigned_to) == (1, None)


def test_what_cannot_be_theirs_is_left_with_the_reason(
    ada: Person, ben: Person, rhea: Person, rolf: Person, sam: Person, clip_of: Callable[..., Clip]
) -> None:
    fine, conflicted, seen, decided = (asked_for(clip_of(ada)) for _number in range(4))
    Conflict.objects.create(request=conflicted, reviewer=rolf)
    refuse(seen, actor=rolf, ground="person", reason=REASON)
    approve(decided, actor=rhea)
    own = asked_for(clip_of(ben))
    own.collaborators.create(person=rolf)
    result = assign([fine, conflicted, seen, decided, own], actor=sam, reviewer=rolf)
    assert ([one.pk for one in result.done], {one.pk: why.code for one, why in result.left}) == (
        [fine.pk],
        {
            conflicted.pk: "conflict-declared",
            seen.pk: "decided-before",
            decided.pk: "state-changed",
            own.pk: "own-work",
        },
    )


def test_reviewer_without_statements_is_not_given_a_request(asked: ShareRequest, sam: Person) -> None:
    unstated = holder_of(Role.ARTIST, "Una")
    late = asked
    assert [why.code for _one, why in assign([late], actor=sam, reviewer=unstated).left] == ["role"]
    rita = holder_of(Role.REVIEWER, "Rita")
    rita.statements.all().delete()
    assert [why.code for _one, why in assign([late], actor=sam, reviewer=rita).left] == ["statement-missing"]


def test_nothing_chosen_and_too_many_are_refused(asked: ShareRequest, ada: Person, rhea: Person, sam: Person) -> None:
    assert code_of(lambda: assign([], actor=sam, reviewer=rhea)) == "requests-missing"
    assert code_of(lambda: assign([asked] * 101, actor=sam, reviewer=rhea)) == "requests-many"
    assert [code_of(lambda who=who: assign([asked], actor=who, reviewer=rhea)) for who in (ada, rhea)] == ["role"] * 2


# Terms.


def test_terms_hold_for_requests_sent_afterwards(
    asked: ShareRequest, ada: Person, sam: Person, clip_of: Callable[..., Clip]
) -> None:
    made = publish_terms(Promise(10, "escalated", [0, 1, 2, 3, 4], ["2026-12-25"], "Europe/Berlin"), actor=sam)
    later = asked_for(clip_of(ada))
    asked.refresh_from_db()
    assert (asked.terms.hours, later.terms, terms_in_force(), made.by_label) == (72, made, made, sam.label)
    entry = Entry.objects.get(action="sharing.set_terms")
    detail = json.loads(entry.body)["detail"]
    assert (entry.actor_id, detail["hours"], detail["holidays"]) == (sam.pk, 10, ["2026-12-25"])


MONDAYS = [(date(2026, 1, 5) + timedelta(days=7 * number)).isoformat() for number in range(400)]


@pytest.mark.parametrize(
    ("code", "promise"),
    [
        ("hours-outside", Promise(0, "approved")),
        ("hours-outside", Promise(721, "approved")),
        ("consequence-unknown", Promise(1, "refused")),
        ("day-unknown", Promise(1, "approved", [7])),
        ("zone-unknown", Promise(1, "approved", zone="Mars/Olympus")),
        ("zone-unknown", Promise(1, "approved", zone="../etc/passwd")),
        ("holiday-not-a-date", Promise(1, "approved", holidays=["25.12.2026"])),
        ("holidays-many", Promise(1, "approved", holidays=[*MONDAYS, "2026-12-25"])),
        ("no-day-counts", Promise(1, "approved", [0], MONDAYS)),
    ],
)
def test_terms_that_cannot_be_kept_are_refused(sam: Person, code: str, promise: Promise) -> None:
    assert (code_of(lambda: publish_terms(promise, actor=sam)), Terms.objects.count()) == (code, 0)


def test_terms_tried_are_not_published_and_the_same_are_not_published_twice(
    sam: Person, rhea: Person, ada: Person
) -> None:
    assert (terms_of(Promise(1, "approved", range(7))).working_days, Terms.objects.count()) == ([], 0)
    publish_terms(Promise(1, "approved"), actor=sam)
    assert code_of(lambda: publish_terms(Promise(1, "approved", range(7)), actor=sam)) == "terms-same"
    assert [code_of(lambda who=who: publish_terms(Promise(2, "approved"), actor=who)) for who in (rhea, ada)] == [
        "role", "role",
    ]  # fmt: skip


# Grounds.


def test_ground_is_worded_and_reset(sam: Person) -> None:
    word_ground("rights", actor=sam, definition="  Music of others. ", example="A song.")
    said = {one.ground: (one.definition, one.example) for one in grounds()}
    assert (said[Ground.RIGHTS], len(said)) == (("Music of others.", "A song."), len(Ground))
    assert (reset_ground("rights", actor=sam), reset_ground("rights", actor=sam)) == (True, False)
    assert next(one for one in grounds() if one.ground == "rights").definition.startswith("A recognisable work")
    assert recorded() == ["sharing.word_ground", "sharing.word_ground"]


@pytest.mark.parametrize(
    ("code", "ground", "definition", "example"),
    [
        ("ground-unknown", "criticism", "It is unkind.", ""),
        ("definition-missing", "rights", "  ", "A song."),
        ("wording-long", "rights", "x" * 601, ""),
        ("wording-long", "rights", "x", "x" * 601),
        ("ground-criticism", "rights", "Criticism of the model.", ""),
        ("ground-criticism", "rights", "Fine.", "A film that critiques us."),
        ("ground-criticism", "rights", "Criti\N{SOFT HYPHEN}cism.", ""),
        ("ground-criticism", "rights", "ＣＲＩＴＩＣＩＳＭ", ""),
        ("ground-criticism", "rights", "Kritik am Programm.", ""),
    ],
)
def test_wording_that_is_no_ground_is_refused(
    sam: Person, code: str, ground: str, definition: str, example: str
) -> None:
    refused_as = code_of(lambda: word_ground(ground, actor=sam, definition=definition, example=example))
    assert (refused_as, GroundWording.objects.count()) == (code, 0)


def test_database_refuses_criticism_past_every_service(sam: Person) -> None:
    for row in (
        {"ground": "criticism", "definition": "x"},
        {"ground": "rights", "definition": "Criticism."},
        {"ground": "rights", "definition": "x", "example": "A CRITIQUE"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            GroundWording.objects.create(by_label="shell", **row)
    assert [names_criticism(text) for text in ("A critic sings", "A crisis")] == [True, False]


def test_nobody_but_staff_words_a_ground(ada: Person, rhea: Person) -> None:
    codes = [code_of(lambda who=who: word_ground("rights", actor=who, definition="x")) for who in (ada, rhea)]
    assert codes == ["role", "role"]


# Concerns.


@pytest.fixture
def reported(asked: ShareRequest, rhea: Person) -> Concern:
    """About Ada's public work, by somebody who left an address."""
    return concerned(released(asked, rhea), email="public@example.org")


def test_concern_is_answered_once_and_its_reporter_gets_a_letter_without_the_words(
    reported: Concern, sam: Person, olga: Person
) -> None:
    answered = answer_concern(reported, actor=sam, text=" We looked: it is hers. ")
    delivery.sweep()
    letter = Letter.objects.get(to="public@example.org")
    assert (answered.state, answered.answer, answered.answered_by_label) == (
        "answered", "We looked: it is hers.", sam.label,
    )  # fmt: skip
    assert (letter.subject, "hers" in letter.text, "Sam" in letter.text) == ("Your report was answered", False, False)
    assert code_of(lambda: answer_concern(reported, actor=olga, text="Again")) == "concern-answered"
    assert recorded() == ["sharing.answer_concern"]


def test_concern_without_an_address_is_answered_without_a_letter(reported: Concern, sam: Person) -> None:
    silent = concerned(reported.release)
    answer_concern(silent, actor=sam, text="Thank you.")
    delivery.sweep()
    assert Letter.objects.filter(key__startswith="concern:").count() == 0


def test_answer_needs_words_and_somebody_of_the_staff(
    reported: Concern, ada: Person, rhea: Person, sam: Person
) -> None:
    assert [code_of(lambda text=text: answer_concern(reported, actor=sam, text=text)) for text in (" ", "x" * 4001)] == [
        "answer-missing", "answer-long",
    ]  # fmt: skip
    assert [code_of(lambda who=who: answer_concern(reported, actor=who, text="x")) for who in (ada, rhea)] == [
        "role", "role",
    ]  # fmt: skip
    reported.release.request.collaborators.create(person=sam)
    assert code_of(lambda: answer_concern(reported, actor=sam, text="x")) == "own-work"


def test_revoking_on_criticism_is_refused(reported: Concern, sam: Person) -> None:
    asked = reported.release.request
    assert code_of(lambda: revoke(asked, actor=sam, ground="criticism", reason=REASON)) == "ground-unknown"
    assert check("sharing.see_release", sam, reported.release).allowed


# What staff see.


def test_staff_see_the_film_only_where_a_request_is_late_or_in_appeal(
    asked: ShareRequest, ada: Person, rhea: Person, sam: Person, clip_of: Callable[..., Clip]
) -> None:
    before = check("sharing.review_film", sam, asked).code
    no = refused(asked, rhea)
    after = check("sharing.review_film", sam, no).code
    appeal("share", str(no.decisions.get().pk), actor=ada, text="It is mine.")
    no.refresh_from_db()
    assert (before, after, check("sharing.review_film", sam, no).allowed) == ("role", "role", True)
    assert code_of(lambda: approve(no, actor=sam)) == "already-decided"


def test_risks_name_late_due_open_and_resting(
    ada: Person, rhea: Person, sam: Person, clip_of: Callable[..., Clip]
) -> None:
    late, soon, open_, resting, _calm = (asked_for(clip_of(ada)) for _number in range(5))
    now = timezone.now()
    publish_terms(Promise(1, "escalated"), actor=sam)
    ShareRequest.objects.filter(pk=late.pk).update(
        terms=terms_in_force(), clock_left=3600, clock_from=now - 2 * HOUR, due_at=now - HOUR
    )
    run_out()
    ShareRequest.objects.filter(pk=soon.pk).update(due_at=now + 23 * HOUR)
    question(open_, actor=rhea, text="Where?")
    approve(resting, actor=rhea)
    assert {one.name: [row.pk for row in one.rows] for one in risks(sam)} == {
        "late": [late.pk], "soon": [soon.pk], "question": [open_.pk], "resting": [resting.pk],
    }  # fmt: skip
    assert (risks(rhea), [one.count for one in risks(sam, shown=0)]) == ([], [1, 1, 1, 1])
    assert share_counts() == {"open": 5, "late": 1, "by clock": 0, "overturned": 0, "concerns open": 0}


def test_load_counts_open_decided_hours_and_overturned(
    ada: Person, rhea: Person, rolf: Person, sam: Person, clip_of: Callable[..., Clip]
) -> None:
    mine, first, second = (asked_for(clip_of(ada)) for _number in range(3))
    assign([mine], actor=sam, reviewer=rhea)
    ShareRequest.objects.filter(pk=first.pk).update(asked_at=timezone.now() - 4 * HOUR)
    first.refresh_from_db()
    released(first, rhea)
    refuse(second, actor=rhea, ground="person", reason=REASON)
    refuse(second, actor=rolf, ground="person", reason=REASON)
    tell_now(second, actor=rolf)
    made = appeal("share", str(second.decisions.last().pk), actor=ada, text="It is me.")
    decide(made, actor=sam, overturned=True, answer="It is.")
    told = {one.person.name: (one.assigned, one.decided, round(one.hours or 0), one.overturned) for one in loads(sam)}
    assert told == {"Rhea": (1, 2, 2, 1), "Rolf": (0, 1, 0, 1)}
    assert (loads(ada), share_counts()["overturned"]) == ([], 1)


def test_own_work_is_left_out_of_what_staff_see(asked: ShareRequest, ada: Person, sam: Person) -> None:
    asked.collaborators.create(person=sam)
    assert (requests_overseen_by(sam).count(), requests_overseen_by(ada).count()) == (0, 0)


def test_filters_take_what_is_a_choice_and_leave_the_rest(
    asked: ShareRequest, ada: Person, ben: Person, rhea: Person, sam: Person, clip_of: Callable[..., Clip]
) -> None:
    other = asked_for(clip_of(ben), title="Harbour")
    released(other, rhea)

    def found(**choice: str) -> list[str]:
        return [one.title for one in overseen(sam, Filters.of(choice))]

    assert found() == ["Sea"]
    assert found(state="approved") == ["Harbour"]
    assert found(state="all") == ["Harbour", "Sea"]
    assert found(state="nonsense", reviewer="x; drop", since="never") == ["Sea"]
    assert found(state="all", reviewer=str(rhea.pk)) == ["Harbour"]
    assert found(state="all", reviewer="nobody") == ["Sea"]
    assert found(state="all", q="harb") == ["Harbour"]
    assert found(state="all", q="ada") == ["Sea"]
    assert found(state="all", since=(timezone.localdate() + timedelta(days=1)).isoformat()) == []


def test_dossier_of_an_artist_counts_their_requests(asked: ShareRequest, ada: Person, ben: Person, sam: Person) -> None:
    from artists.sharing.staff_panels import _requests

    assert ([one.value for one in _requests(sam, ada)], [one.value for one in _requests(sam, ben)]) == (
        [1, 0, 0],
        [0, 0, 0],
    )
