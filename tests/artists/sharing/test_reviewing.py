"""What reviewers do before they decide: notes, drafts, conflicts, taking, time at the film."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from freezegun import freeze_time

from artists.people.models import Person
from artists.people.roles import Role
from artists.people.services import grant_role
from artists.sharing.models import Conflict, DecisionDraft, Note, ShareRequest, Sitting, Terms
from artists.sharing.queries import conflict_of, draft_of, notes_seen_by, precedents_seen_by
from artists.sharing.reviewing.figures import figures_of, lately
from artists.sharing.reviewing.listing import queue_of
from artists.sharing.services import (
    add_note,
    approve,
    beat,
    give_back,
    keep_draft,
    question,
    refuse,
    remove_note,
    run_out,
    stand_back,
    take,
    take_back,
    tell_now,
    withdraw,
)
from artists.sharing.services.deciding import Frames
from generation.models import Clip
from portal.access import check
from portal.appeals.models import Appeal
from portal.appeals.services import appeal, decide
from portal.happenings.delivery import sweep
from portal.notices.models import Notice
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.suspending import suspend
from tests.factories.people import SETUP, holder_of
from tests.factories.refusals import code_of
from tests.factories.sharing import REASON, asked_for, refused, released
from tests.factories.together import at_once


@pytest.fixture
def asked(ada: Person, clip_of: Callable[..., Clip]) -> ShareRequest:
    """Ada's request."""
    return asked_for(clip_of(ada))


def has_it(request: ShareRequest) -> int | None:
    """Who has it now."""
    return ShareRequest.objects.get(pk=request.pk).assigned_to_id


def test_note_keeps_whole_frames_and_the_rate_as_it_is_in_the_file(asked: ShareRequest, rhea: Person) -> None:
    last = asked.clip.frames - 1
    note = add_note(asked, actor=rhea, frames=Frames(2, last), text=" A sign. ")
    rate = (asked.clip.fps_numerator, asked.clip.fps_denominator)
    kept = Note.objects.values_list("first_frame", "last_frame", "fps_numerator", "fps_denominator", "text").get()
    assert (kept, note.reviewer_id) == ((2, last, *rate, "A sign."), rhea.pk)


def test_note_outside_the_film_or_without_words_is_refused(asked: ShareRequest, rhea: Person) -> None:
    tried = {
        "frames-outside": lambda: add_note(asked, actor=rhea, frames=Frames(10_000, 10_000), text="x"),
        "note-missing": lambda: add_note(asked, actor=rhea, frames=Frames(0, 0), text="  "),
        "note-long": lambda: add_note(asked, actor=rhea, frames=Frames(0, 0), text="x" * 4001),
    }
    assert ({code: code_of(act) for code, act in tried.items()}, Note.objects.count()) == (
        {code: code for code in tried},
        0,
    )


def test_notes_of_others_are_hidden_until_ones_own_view_is_in(asked: ShareRequest, rhea: Person, rolf: Person) -> None:
    note = add_note(asked, actor=rhea, frames=Frames(1, 1), text="A sign.")
    assert ([*notes_seen_by(rhea, asked)], [*notes_seen_by(rolf, asked)]) == ([note], [])
    assert code_of(lambda: remove_note(note, actor=rolf)) == "not-your-note"
    refuse(asked, actor=rolf, ground="person", reason=REASON)
    assert [*notes_seen_by(rolf, asked)] == [note]
    remove_note(note, actor=rhea)
    assert Note.objects.count() == 0


def test_note_on_a_request_that_was_taken_back_is_refused(asked: ShareRequest, ada: Person, rhea: Person) -> None:
    withdraw(asked, actor=ada)
    assert code_of(lambda: add_note(asked, actor=rhea, frames=Frames(0, 0), text="x")) == "state-changed"


def test_draft_is_kept_field_by_field_and_in_every_state(asked: ShareRequest, ada: Person, rhea: Person) -> None:
    keep_draft(asked, actor=rhea, values={"outcome": "refuse", "reason": "Too", "unknown": "x"})
    withdraw(asked, actor=ada)
    keep_draft(asked, actor=rhea, values={"reason": "Too dark"})
    kept = draft_of(rhea, asked)
    assert kept is not None
    assert kept.values == {"outcome": "refuse", "reason": "Too dark"}
    assert code_of(lambda: keep_draft(asked, actor=rhea, values={"reason": "x" * 20_001})) == "draft-long"
    keep_draft(asked, actor=rhea, values={"outcome": "", "reason": " "})
    assert DecisionDraft.objects.count() == 0


def test_decision_ends_its_draft_and_undoing_brings_its_words_back(asked: ShareRequest, rhea: Person) -> None:
    keep_draft(asked, actor=rhea, values={"reason": "Half"})
    refuse(asked, actor=rhea, ground="rights", reason=REASON, frames=Frames(1, 3))
    assert draft_of(rhea, asked) is None
    assert take_back(asked, actor=rhea).state == "in_review"
    draft = draft_of(rhea, asked)
    assert draft is not None
    wanted = {"outcome": "refuse", "ground": "rights", "reason": REASON, "first_frame": "1", "last_frame": "3"}
    assert draft.values == wanted


def test_taking_has_one_winner_and_giving_back_frees(asked: ShareRequest, rhea: Person, rolf: Person) -> None:
    take(asked, actor=rhea)
    assert (code_of(lambda: take(asked, actor=rolf)), has_it(asked)) == ("taken-already", rhea.pk)
    give_back(asked, actor=rolf)
    assert has_it(asked) == rhea.pk
    give_back(ShareRequest.objects.get(pk=asked.pk), actor=rhea)
    assert has_it(asked) is None


@pytest.mark.django_db(transaction=True)
def test_two_who_take_at_once_have_one_winner(asked: ShareRequest, rhea: Person, rolf: Person) -> None:
    people = [rhea, rolf] * 2
    results = at_once(4, lambda number: take(asked, actor=people[number]))
    winner = has_it(asked)
    lost = [getattr(getattr(one, "decision", None), "code", "") for one in results]
    assert (winner in {rhea.pk, rolf.pk}, sorted(lost)) == (True, ["", "", "taken-already", "taken-already"])


def test_conflict_goes_to_the_free_reviewer_with_the_least_open_work(
    asked: ShareRequest, ada: Person, ben: Person, rhea: Person, rolf: Person, clip_of: Callable[..., Clip]
) -> None:
    busy = asked_for(clip_of(ada))
    take(busy, actor=rolf)
    ruth = holder_of(Role.REVIEWER, "Ruth")
    unstated = Person.objects.create_user("new@example.org", name="New")
    grant_role(unstated, Role.REVIEWER, actor=SETUP)
    grant_role(ben, Role.REVIEWER, actor=SETUP)
    asked.collaborators.create(person=ben, state="confirmed")
    assert (stand_back(asked, actor=rhea, words=" A friend. "), has_it(asked)) == (ruth, ruth.pk)
    sweep()
    told = Notice.objects.get(person=ruth, title="A share request is yours now")
    assert (str(asked.pk) in told.url, check("sharing.approve", rhea, asked).code) == (True, "conflict-declared")
    assert (check("sharing.review_film", rhea, asked).code, check("sharing.review_film", ruth, asked).allowed) == (
        "conflict-declared", True,
    )  # fmt: skip
    kept = conflict_of(rhea, asked)
    assert kept is not None
    assert (kept.words, [row.request.pk for row in queue_of(rhea).rows]) == ("A friend.", [busy.pk])
    assert stand_back(asked, actor=ruth) == rolf
    assert (stand_back(asked, actor=rolf), has_it(asked)) == (None, None)


def test_conflict_without_anybody_left_goes_to_the_staff(asked: ShareRequest, rhea: Person, sam: Person) -> None:
    assert stand_back(asked, actor=rhea) is None
    sweep()
    assert Notice.objects.filter(person=sam, title="No reviewer is left for a share request").count() == 1


def test_conflict_of_somebody_else_leaves_it_where_it_is(asked: ShareRequest, rhea: Person, rolf: Person) -> None:
    take(asked, actor=rolf)
    assert (stand_back(asked, actor=rhea), has_it(asked), stand_back(asked, actor=rhea)) == (rolf, rolf.pk, rolf)
    assert Conflict.objects.count() == 1


def test_conflict_after_a_view_or_a_decision_is_refused(asked: ShareRequest, rhea: Person, rolf: Person) -> None:
    refuse(asked, actor=rhea, ground="person", reason=REASON)
    assert code_of(lambda: stand_back(asked, actor=rhea)) == "decided-before"
    released(asked, rolf)
    ruth = holder_of(Role.REVIEWER, "Ruth")
    assert code_of(lambda: stand_back(asked, actor=ruth)) == "already-decided"


def test_hours_count_what_passed_and_at_most_a_minute_for_a_beat(asked: ShareRequest, rhea: Person) -> None:
    start = timezone.now()
    steps = [(0, False, 0), (30, False, 30), (60, False, 60), (60, False, 60), (1000, False, 120), (5000, True, 120), (5031, False, 151)]  # fmt: skip
    seen = []
    for after, begins, _total in steps:
        with freeze_time(start + timedelta(seconds=after)):
            seen.append(beat(asked, actor=rhea, begins=begins).seconds)
    assert seen == [total for _after, _begins, total in steps]


def test_two_windows_do_not_count_twice(asked: ShareRequest, rhea: Person) -> None:
    start = timezone.now()
    for after in range(0, 61, 10):
        for window in (0, 5):
            with freeze_time(start + timedelta(seconds=after + window)):
                beat(asked, actor=rhea, begins=after == 0)
    assert Sitting.objects.get().seconds == 65


def test_figures_count_ones_own_and_what_did_not_stand(
    ada: Person, rhea: Person, rolf: Person, clip_of: Callable[..., Clip]
) -> None:
    film = clip_of(ada)
    with freeze_time(timezone.now() - timedelta(days=60)):
        old = asked_for(film)
        refused(old, rhea)
    quick, asked_about = asked_for(clip_of(ada)), asked_for(clip_of(ada))
    with freeze_time(quick.asked_at + timedelta(hours=2)):
        released(quick, rhea)
        question(asked_about, actor=rhea, text="Whose boat?")
    sent = appeal("share", str(old.decisions.get().pk), actor=ada, text="It is my own work.")
    decide(Appeal.objects.get(pk=sent.pk), actor=rolf, overturned=True, answer="It is.")
    ever, month, his = figures_of(rhea), lately(rhea), figures_of(rolf)
    assert (ever.approved, ever.refused, ever.appealed, ever.overturned, ever.overturn_percent) == (1, 1, 1, 1, 100)
    assert (month.decisions, month.questions, month.median_seconds, month.overturn_percent) == (1, 1, 7200.0, None)
    assert (his.decisions, his.overturned, his.median_seconds) == (0, 0, None)


def test_queue_stands_by_the_clock_and_its_filters_count(
    ada: Person, ben: Person, rhea: Person, rolf: Person, sam: Person, clip_of: Callable[..., Clip]
) -> None:
    start = timezone.now()
    Terms.objects.create(since=start - timedelta(days=9), consequence="escalated", by_label="tests")
    films = [clip_of(ada), clip_of(ada)]
    with freeze_time(start - timedelta(hours=80)):
        late = asked_for(films[0])
    with freeze_time(start - timedelta(hours=65)):
        soon = asked_for(films[1])
    assert run_out() == 1
    fresh, stopped = asked_for(clip_of(ada)), asked_for(clip_of(ben))
    take(fresh, actor=rhea)
    suspend(Target(Scope.ARTIST, artist=ben), actor=sam, reason="A question.")
    queue = queue_of(rhea)
    assert [row.request.pk for row in queue.rows] == [late.pk, soon.pk, fresh.pk, stopped.pk]
    assert [(tab.name, tab.count) for tab in queue.tabs] == [
        ("", 4), ("mine", 1), ("free", 3), ("soon", 1), ("late", 1),
    ]  # fmt: skip
    places = [queue.place(one.pk) for one in (late, soon, fresh, stopped)]
    after = [getattr(queue.after(one.pk), "pk", None) for one in (late, stopped)]
    assert (places, after, queue_of(rhea, "mine").after(fresh.pk)) == ([1, 2, 3, 4], [soon.pk, late.pk], None)
    assert [row.request.pk for row in queue_of(sam).rows] == [late.pk]
    assert [tab.name for tab in queue_of(sam).tabs] == ["", "mine", "late"]


def test_precedents_are_of_the_same_artist_and_openable(
    ada: Person, ben: Person, rhea: Person, clip_of: Callable[..., Clip]
) -> None:
    earlier, now, others = asked_for(clip_of(ada)), asked_for(clip_of(ada)), asked_for(clip_of(ben))
    stack = now.clip.stack
    Clip.objects.filter(pk__in=[earlier.clip_id, others.clip_id]).update(stack=stack)
    refused(earlier, rhea)
    refused(others, rhea)
    found = precedents_seen_by(rhea, now)
    assert [(one.pk, [told.ground for told in tolds]) for one, tolds in found] == [(earlier.pk, ["rights"])]
    grant_role(ada, Role.REVIEWER, actor=SETUP)
    assert precedents_seen_by(Person.objects.get(pk=ada.pk), now) == []


def test_staff_look_at_a_film_only_to_answer_its_appeal_or_when_it_is_late(
    asked: ShareRequest, ada: Person, rhea: Person, sam: Person
) -> None:
    looks = lambda: bool(check("sharing.review_film", sam, ShareRequest.objects.get(pk=asked.pk)))  # noqa: E731
    before = looks()
    refused(asked, rhea)
    after = looks()
    sent = appeal("share", str(asked.decisions.get().pk), actor=ada, text="It is my own work.")
    during = looks()
    decide(Appeal.objects.get(pk=sent.pk), actor=sam, overturned=False, answer="No.")
    assert (before, after, during, looks()) == (False, False, True, False)


def test_tell_now_after_undo_tells_only_the_second_decision(asked: ShareRequest, ada: Person, rhea: Person) -> None:
    refuse(asked, actor=rhea, ground="rights", reason=REASON)
    take_back(asked, actor=rhea)
    approve(asked, actor=rhea, conditions="With its label.")
    tell_now(asked, actor=rhea)
    sweep()
    titles = list(Notice.objects.filter(person=ada, kind="sharing.decided").values_list("title", flat=True))
    assert titles == ["Your share request was approved"]
