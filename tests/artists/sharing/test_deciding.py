"""Deciding: on a published ground, with a reason, never on one's own; it rests, and has one winner."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from freezegun import freeze_time

from artists.people.models import Person
from artists.people.roles import Role
from artists.people.services import grant_role
from artists.sharing.models import Decision, GroundWording, Release, ShareRequest
from artists.sharing.queries import decisions_told, requests_to_review, views_of
from artists.sharing.services import approve, question, refuse, revoke, tell_now, tell_rested, undo, withdraw
from artists.sharing.services.deciding import Frames, rest
from artists.sharing.standing import standing
from generation.models import Clip
from portal.access import ANONYMOUS, Kind, Refused, check
from portal.notices.models import Notice
from tests.factories.people import SETUP
from tests.factories.refusals import code_of
from tests.factories.sharing import REASON, asked_for, refused, released
from tests.factories.together import at_once

SECOND = timedelta(seconds=1)


@pytest.fixture
def asked(ada: Person, clip_of: Callable[..., Clip]) -> ShareRequest:
    """Ada's request."""
    return asked_for(clip_of(ada))


def state_of(request: ShareRequest) -> str:
    """Its state now."""
    return ShareRequest.objects.get(pk=request.pk).state


def test_refusal_needs_a_published_ground_a_reason_and_frames_of_the_film(asked: ShareRequest, rhea: Person) -> None:
    last = asked.clip.frames - 1
    tried = {
        "ground-missing": lambda: refuse(asked, actor=rhea, ground="", reason=REASON),
        "ground-unknown": lambda: refuse(asked, actor=rhea, ground="criticism", reason=REASON),
        "reason-missing": lambda: refuse(asked, actor=rhea, ground="rights", reason=" "),
        "reason-long": lambda: refuse(asked, actor=rhea, ground="rights", reason="x" * 4001),
        "frames-outside": lambda: refuse(asked, actor=rhea, ground="rights", reason=REASON, frames=Frames(0, last + 1)),
        "end-past": lambda: approve(asked, actor=rhea, ends_at=timezone.now() - SECOND),
    }
    assert {code: code_of(act) for code, act in tried.items()} == {code: code for code in tried}
    assert (state_of(asked), Decision.objects.count()) == ("in_review", 0)


def test_criticism_is_no_ground_for_the_database_either(asked: ShareRequest, rhea: Person) -> None:
    rows = [
        Decision(request=asked, reviewer=rhea, outcome="refused", ground="criticism", reason="x"),
        Decision(request=asked, reviewer=rhea, outcome="refused", ground="", reason="x"),
        Decision(request=asked, reviewer=rhea, outcome="refused", ground="rights", reason=""),
        Decision(request=asked, reviewer=None, outcome="refused", ground="rights", reason="x"),
        GroundWording(ground="criticism", definition="It speaks ill of the model.", by_label="x"),
        GroundWording(ground="label", definition="Criticism of the program.", by_label="x"),
        GroundWording(ground="label", definition="x", example="A CRITIQUE of the model", by_label="x"),
    ]
    for row in rows:
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()


def test_own_work_and_that_of_collaborators_is_decided_by_nobody_of_them(
    asked: ShareRequest, ada: Person, ben: Person, clip_of: Callable[..., Clip], rhea: Person
) -> None:
    for person in (ada, ben):
        grant_role(person, Role.REVIEWER, actor=SETUP)
    ada_too, ben_too = (Person.objects.get(pk=person.pk) for person in (ada, ben))
    asked.collaborators.create(person=ben, state="confirmed")
    codes = [code_of(lambda one=one: approve(asked, actor=one)) for one in (ada_too, ben_too)]
    assert (codes, [list(requests_to_review(one)) for one in (ada_too, ben_too)]) == (["own-work"] * 2, [[], []])
    assert list(requests_to_review(rhea)) == [asked]


def test_decision_rests_and_nobody_is_told_until_it_has(asked: ShareRequest, ada: Person, rhea: Person) -> None:
    approve(asked, actor=rhea, reason="Clear.")
    asked.refresh_from_db()
    told = Notice.objects.filter(person=ada, kind="sharing.decided")
    assert (standing(asked)["name"], decisions_told(asked), told.count()) == ("in_review", [], 0)
    with freeze_time(timezone.now() + rest() - SECOND):
        assert (tell_rested(), state_of(asked), Release.objects.count()) == (0, "resting", 0)
    with freeze_time(timezone.now() + rest() + SECOND):
        assert (tell_rested(), tell_rested(), state_of(asked)) == (1, 0, "approved")
        assert check("sharing.see_release", ANONYMOUS, Release.objects.get()).allowed
    assert [one.reason for one in decisions_told(asked)] == ["Clear."]


def test_undone_refusal_was_never_told_and_leaves_the_request_as_it_was(
    asked: ShareRequest, ada: Person, rhea: Person, rolf: Person
) -> None:
    due = asked.due_at
    refuse(asked, actor=rhea, ground="rights", reason=REASON)
    assert code_of(lambda: undo(asked, actor=rolf)) == "not-your-decision"
    undo(asked, actor=rhea)
    asked.refresh_from_db()
    assert (asked.state, asked.due_at, asked.outcome, decisions_told(asked)) == ("in_review", due, "", [])
    released(asked, rolf)
    assert code_of(lambda: undo(asked, actor=rolf)) == "already-told"
    assert [one.outcome for one in decisions_told(asked)] == ["approved"]


def test_ground_that_judges_people_needs_two_who_do_not_know_each_other(
    asked: ShareRequest, rhea: Person, rolf: Person
) -> None:
    refuse(asked, actor=rhea, ground="person", reason=REASON)
    assert (state_of(asked), list(requests_to_review(rhea)), list(requests_to_review(rolf))) == (
        "in_review",
        [],
        [asked],
    )
    assert ([one.reviewer_id for one in views_of(rhea, asked)], views_of(rolf, asked)) == ([rhea.pk], [])
    assert code_of(lambda: refuse(asked, actor=rhea, ground="rights", reason=REASON)) == "decided-before"
    refuse(asked, actor=rolf, ground="hate", reason=REASON)
    tell_now(asked, actor=rolf)
    assert (state_of(asked), [one.ground for one in decisions_told(asked)]) == ("refused", ["person", "hate"])


def test_second_reviewer_who_approves_lets_it_out(asked: ShareRequest, rhea: Person, rolf: Person) -> None:
    refuse(asked, actor=rhea, ground="deception", reason=REASON)
    assert released(asked, rolf).request.state == "approved"


def test_first_of_two_views_can_be_undone(asked: ShareRequest, rhea: Person) -> None:
    refuse(asked, actor=rhea, ground="person", reason=REASON)
    undo(asked, actor=rhea)
    assert (state_of(asked), list(requests_to_review(rhea))) == ("in_review", [asked])


def test_withdrawn_work_is_gone_at_once(asked: ShareRequest, ada: Person, rhea: Person) -> None:
    release = released(asked, rhea)
    assert check("sharing.see_release", ANONYMOUS, release).allowed
    assert [withdraw(asked, actor=ada)[1] for _time in range(2)] == [True, False]
    decision = check("sharing.see_release", ANONYMOUS, release)
    assert (decision.code, decision.kind) == ("work-withdrawn", Kind.GONE)


def test_withdrawn_while_the_decision_rests_is_never_told(asked: ShareRequest, ada: Person, rhea: Person) -> None:
    approve(asked, actor=rhea)
    withdraw(asked, actor=ada)
    assert code_of(lambda: tell_now(asked, actor=rhea)) == "state-changed"
    with freeze_time(timezone.now() + rest() + SECOND):
        assert (tell_rested(), Release.objects.count(), decisions_told(asked)) == (0, 0, [])


def test_decision_on_what_was_withdrawn_is_refused_with_the_truth(
    asked: ShareRequest, ada: Person, rhea: Person
) -> None:
    withdraw(asked, actor=ada)
    with pytest.raises(Refused) as too_late:
        approve(asked, actor=rhea)
    assert (too_late.value.decision.code, "withdrawn" in str(too_late.value.decision.reason)) == (
        "already-decided",
        True,
    )
    assert code_of(lambda: question(asked, actor=rhea, text="Where?")) == "already-decided"


def test_film_that_changed_after_the_approval_is_not_shown(
    asked: ShareRequest, rhea: Person, clip_of: Callable[..., Clip], ada: Person
) -> None:
    release = released(asked, rhea)
    Clip.objects.filter(pk=asked.clip_id).update(film=clip_of(ada, title="Another").poster)
    assert check("sharing.see_release", ANONYMOUS, release).code == "work-changed"


def test_embargo_and_end_are_kept_to_the_second(ada: Person, rhea: Person, clip_of: Callable[..., Clip]) -> None:
    now = timezone.now()
    opens, ends = now + timedelta(days=2), now + timedelta(days=9)
    asked = asked_for(clip_of(ada), embargo_until=opens)
    release = released(asked, rhea, ends_at=ends)
    seen = {}
    for moment in (now, opens - SECOND, opens, ends - SECOND, ends):
        with freeze_time(moment):
            seen[moment] = check("sharing.see_release", ANONYMOUS, release).code
    assert list(seen.values()) == ["not-found", "not-found", "", "", "approval-ended"]


def test_revoked_approval_closes_the_page_and_needs_a_ground(
    asked: ShareRequest, ada: Person, rhea: Person, sam: Person
) -> None:
    release = released(asked, rhea)
    assert code_of(lambda: revoke(asked, actor=rhea, ground="rights", reason=REASON)) == "role"
    assert code_of(lambda: revoke(asked, actor=sam, ground="criticism", reason=REASON)) == "ground-unknown"
    revoke(asked, actor=sam, ground="rights", reason=REASON)
    assert (state_of(asked), check("sharing.see_release", ANONYMOUS, release).code) == ("refused", "work-withdrawn")
    assert [(one.outcome, one.revokes) for one in decisions_told(asked)] == [("approved", False), ("refused", True)]


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_at_once_have_one_winner(asked: ShareRequest, rhea: Person, rolf: Person) -> None:
    acts = [lambda: approve(asked, actor=rhea), lambda: refuse(asked, actor=rolf, ground="rights", reason="No.")]
    results = at_once(2, lambda number: acts[number]())
    lost = [result for result in results if isinstance(result, Refused)]
    assert [one.decision.code for one in lost] == ["already-decided"]
    assert (Decision.objects.count(), ShareRequest.objects.get().state) == (1, "resting")


@pytest.mark.django_db(transaction=True)
def test_undo_and_telling_at_once_have_one_winner(asked: ShareRequest, rhea: Person) -> None:
    refuse(asked, actor=rhea, ground="rights", reason=REASON)
    acts = [lambda: undo(asked, actor=rhea), lambda: tell_now(asked, actor=rhea)]
    at_once(2, lambda number: acts[number]())
    left = ShareRequest.objects.get()
    told = len(decisions_told(left))
    assert (left.state, told) in {("in_review", 0), ("refused", 1)}


def test_refused_request_may_be_asked_again(asked: ShareRequest, rhea: Person) -> None:
    refused(asked, rhea)
    assert asked_for(asked.clip).state == "in_review"
    assert code_of(lambda: asked_for(asked.clip)) == "share-open"
    assert asked_for(asked.clip, destination="Somewhere else").state == "in_review"
