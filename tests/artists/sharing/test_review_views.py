"""The review room by its addresses: who sees what, what is kept on a no, and that nobody learns who decided."""

import re
from collections.abc import Callable

import pytest
from django.contrib.auth import SESSION_KEY
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoAssertNumQueries

from artists.people.models import Person
from artists.sharing.models import Decision, DecisionDraft, Note, Question, ShareRequest, Sitting
from artists.sharing.queries import draft_of
from artists.sharing.services import add_note, approve, keep_draft, refuse, withdraw
from artists.sharing.services.deciding import Frames
from generation.models import Clip
from portal.appeals.services import appeal
from portal.audit.models import Entry
from tests.factories.sharing import REASON, asked_for, refused, released

Sign = Callable[[Person], Client]
# PostgreSQL holds off suspensions by a statement of its own; SQLite's writers take turns anyway.
HELD_OFF = int(connection.vendor == "postgresql")
QUEUE, OUTBOX = 16, 14
WORDS = "A sign on the door can be read."


@pytest.fixture
def asked(ada: Person, clip_of: Callable[..., Clip]) -> ShareRequest:
    """Ada's request."""
    return asked_for(clip_of(ada), title="Harbour", words="For the wall.", alt_text="A harbour at night.")


def at(name: str, request: ShareRequest, *more: object) -> str:
    """An address of the room."""
    return reverse(name, args=[request.pk, *more])


def state_of(request: ShareRequest) -> str:
    """Its state now."""
    return ShareRequest.objects.get(pk=request.pk).state


def codes(page: str) -> list[str]:
    """The codes of the errors on a page."""
    return re.findall(r'class="code">([^<]+)<', page)


WRONG = {
    "outcome-missing": {},
    "ground-missing": {"outcome": "refuse"},
    "ground-unknown": {"outcome": "refuse", "ground": "criticism"},
    "reason-missing": {"outcome": "refuse", "ground": "rights", "reason": " ", "conditions": WORDS},
    "reason-long": {"outcome": "approve", "reason": WORDS * 200},
    "frames-outside": {"outcome": "refuse", "ground": "rights", "first_frame": "0", "last_frame": "10000"},
    "frames-unreadable": {"outcome": "refuse", "ground": "rights", "first_frame": "two"},
    "end-unreadable": {"outcome": "conditions", "ends_at": "next week"},
    "end-past": {"outcome": "conditions", "ends_at": "2001-01-01T10:00"},
    "conditions-missing": {"outcome": "conditions", "conditions": " "},
    "question-missing": {"outcome": "question", "question": " "},
}


@pytest.mark.parametrize("code", WRONG)
def test_wrong_decision_says_its_code_and_loses_nothing(
    code: str, asked: ShareRequest, rhea: Person, client_of: Sign
) -> None:
    sent = {"reason": WORDS} | WRONG[code]
    client = client_of(rhea)
    answer = client.post(at("review", asked), sent)
    page = answer.content.decode()
    assert (answer.status_code, codes(page), WORDS in page) == (422, [code], True)
    assert (state_of(asked), Decision.objects.count(), Question.objects.count()) == ("in_review", 0, 0)
    draft = draft_of(rhea, asked)
    assert draft is not None
    assert WORDS in "".join(draft.values.values())
    assert WORDS in client.get(at("review", asked)).content.decode()


def test_note_on_frame_ten_thousand_is_refused_and_kept(asked: ShareRequest, rhea: Person, client_of: Sign) -> None:
    keep_draft(asked, actor=rhea, values={"outcome": "refuse", "reason": "So far"})
    sent = {"note": WORDS, "note_first": "10000", "note_last": "10000"}
    answer = client_of(rhea).post(at("review_note", asked), sent)
    page = answer.content.decode()
    assert (answer.status_code, codes(page), Note.objects.count()) == (422, ["frames-outside"], 0)
    assert [words in page for words in (WORDS, 'value="10000"', "So far")] == [True] * 3


def test_note_without_frames_is_about_the_first_and_can_be_removed(
    asked: ShareRequest, rhea: Person, client_of: Sign
) -> None:
    client = client_of(rhea)
    answer = client.post(at("review_note", asked), {"note": WORDS, "note_first": "", "note_last": ""})
    note = Note.objects.get()
    page = client.get(at("review", asked)).content.decode()
    assert (answer.url, note.first_frame, note.last_frame) == (f"{at('review', asked)}#notes", 0, 0)
    assert (f'href="#note-{note.pk}"' in page, f'id="note-{note.pk}"' in page) == (True, True)
    client.post(at("review_note_remove", asked, note.pk))
    assert (Note.objects.count(), client.post(at("review_note_remove", asked, note.pk)).status_code) == (0, 404)


def test_decision_on_a_withdrawn_request_says_so_and_keeps_the_text(
    asked: ShareRequest, ada: Person, rhea: Person, client_of: Sign
) -> None:
    withdraw(asked, actor=ada)
    answer = client_of(rhea).post(at("review", asked), {"outcome": "refuse", "ground": "rights", "reason": WORDS})
    page = answer.content.decode()
    assert (answer.status_code, codes(page), WORDS in page, state_of(asked)) == (
        409,
        ["already-decided"],
        True,
        "withdrawn",
    )


def test_session_that_ended_while_writing_loses_nothing(asked: ShareRequest, rhea: Person, client_of: Sign) -> None:
    client = client_of(rhea)
    client.post(at("review_draft", asked), {"outcome": "refuse", "reason": WORDS})
    session = client.session
    del session[SESSION_KEY]
    session.save()
    for name in ("review", "review_note"):
        answer = client.post(at(name, asked), {"outcome": "refuse", "reason": WORDS, "note": WORDS})
        page = answer.content.decode()
        assert (answer.status_code, codes(page), WORDS in page, asked.title in page) == (401, ["sign-in"], True, False)
    assert (state_of(asked), WORDS in client_of(rhea).get(at("review", asked)).content.decode()) == ("in_review", True)


def test_draft_survives_a_faster_colleague_and_can_be_discarded(
    asked: ShareRequest, rhea: Person, rolf: Person, client_of: Sign
) -> None:
    client = client_of(rhea)
    kept = client.post(at("review_draft", asked), {"outcome": "refuse", "reason": WORDS}).json()
    approve(asked, actor=rolf)
    page = client.get(at("review", asked)).content.decode()
    assert (kept["at"] is not None, WORDS in page, "What you had written" in page) == (True, True, True)
    client.post(at("review_discard", asked))
    assert (DecisionDraft.objects.count(), WORDS in client.get(at("review", asked)).content.decode()) == (0, False)


def test_drafts_of_others_are_not_shown(asked: ShareRequest, rhea: Person, rolf: Person, client_of: Sign) -> None:
    keep_draft(asked, actor=rhea, values={"reason": WORDS})
    assert WORDS not in client_of(rolf).get(at("review", asked)).content.decode()


def test_saving_goes_on_with_the_next_and_shows_undo(
    asked: ShareRequest, ada: Person, rhea: Person, clip_of: Callable[..., Clip], client_of: Sign
) -> None:
    other = asked_for(clip_of(ada))
    client = client_of(rhea)
    answer = client.post(f"{at('review', asked)}?show=free", {"outcome": "approve", "then": "next"})
    assert (answer.url, state_of(asked)) == (f"{at('review', other)}?show=free", "resting")
    page = client.get(answer.url).content.decode()
    assert [at(name, asked) in page for name in ("review_undo", "review_tell")] == [True, True]
    back = client.post(at("review_undo", asked))
    assert (back.url, state_of(asked)) == (at("review", asked), "in_review")
    last = client.post(at("review", asked), {"outcome": "approve", "then": "queue"})
    told = client.post(at("review_tell", asked))
    assert (last.url, told.url, state_of(asked)) == (reverse("review_queue"), reverse("review_queue"), "approved")
    late = client.post(at("review_undo", asked))
    assert (late.status_code, codes(late.content.decode())) == (409, ["already-told"])


def test_refusal_that_needs_a_second_says_so_and_hides_it_from_them(
    asked: ShareRequest, rhea: Person, rolf: Person, client_of: Sign
) -> None:
    first = client_of(rhea)
    enough = first.post(at("review", asked), {"outcome": "refuse", "ground": "rights", "reason": WORDS}, follow=True)
    assert "needs a second reviewer" not in enough.content.decode()
    first.post(at("review_undo", asked))
    sent = {"outcome": "refuse", "ground": "person", "reason": WORDS}
    said = first.post(at("review", asked), sent, follow=True).content.decode()
    assert ("needs a second reviewer" in said, state_of(asked)) == (True, "in_review")
    assert at("review_undo", asked) in first.get(reverse("review_outbox")).content.decode()
    second = client_of(rolf)
    assert WORDS not in second.get(at("review", asked)).content.decode()
    second.post(at("review", asked), sent | {"reason": "A face."})
    assert (state_of(asked), WORDS in second.get(at("review", asked)).content.decode()) == ("resting", True)


def test_question_stops_the_clock_in_sight(asked: ShareRequest, rhea: Person, client_of: Sign) -> None:
    client = client_of(rhea)
    client.post(at("review", asked), {"outcome": "question", "question": "Whose boat is it?"})
    page = client.get(at("review", asked)).content.decode()
    assert [words in page for words in ("Whose boat is it?", "The clock stands until the artist answers")] == [True] * 2


def test_taking_conflict_and_sitting_by_their_addresses(
    asked: ShareRequest, rhea: Person, rolf: Person, client_of: Sign
) -> None:
    client = client_of(rhea)
    client.post(at("review_take", asked), {"act": "take"})
    mine = ShareRequest.objects.get(pk=asked.pk).assigned_to
    refused_page = client_of(rolf).post(at("review_take", asked), {"act": "take"})
    assert (mine, codes(refused_page.content.decode())) == (rhea, ["taken-already"])
    assert (client.post(at("review_sitting", asked)).status_code, Sitting.objects.count()) == (204, 1)
    long = client.post(at("review_conflict", asked), {"words": "x" * 301})
    assert codes(long.content.decode()) == ["conflict-long"]
    gone = client.post(at("review_conflict", asked), {"words": "A friend.", "then": "next"})
    assert (gone.url, ShareRequest.objects.get(pk=asked.pk).assigned_to) == (reverse("review_queue"), rolf)


def test_earlier_decisions_and_compare_are_of_this_work_alone(
    asked: ShareRequest, ada: Person, ben: Person, rhea: Person, clip_of: Callable[..., Clip], client_of: Sign
) -> None:
    earlier, others = asked_for(clip_of(ada), title="Harbour, first"), asked_for(clip_of(ben), title="Hill")
    Clip.objects.filter(pk__in=[earlier.clip_id, others.clip_id]).update(stack=asked.clip.stack)
    refused(earlier, rhea)
    refused(others, rhea)
    client = client_of(rhea)
    page = client.get(at("review", asked)).content.decode()
    assert [words in page for words in ("Harbour, first", REASON, "Hill")] == [True, True, False]
    both = client.get(at("review_compare", asked, earlier.pk))
    films = [at("review_film", one) in both.content.decode() for one in (asked, earlier)]
    assert (both.status_code, films) == (200, [True, True])
    assert [client.get(at("review_compare", asked, one.pk)).status_code for one in (others, asked)] == [404, 404]


def test_room_says_where_the_film_comes_from_and_what_is_not_there_yet(
    asked: ShareRequest, rhea: Person, client_of: Sign
) -> None:
    page = client_of(rhea).get(at("review", asked)).content.decode()
    words = (
        asked.clip.film.sha256,
        "the one that was asked for",
        "Not written yet",
        "draft tier",
        "A harbour at night.",
    )
    assert [one in page for one in words] == [True] * 5


def test_room_of_a_deleted_film_says_so_and_shows_no_player(
    asked: ShareRequest, ada: Person, rhea: Person, client_of: Sign
) -> None:
    from django.utils import timezone

    withdraw(asked, actor=ada)
    Clip.objects.filter(pk=asked.clip_id).update(deleted_at=timezone.now())
    page = client_of(rhea).get(at("review", asked)).content.decode()
    assert (codes(page), at("review_film", asked) in page) == (["clip-deleted"], False)


@pytest.mark.parametrize("name", ["review_note", "review_draft", "review_discard", "review_sitting", "review_take", "review_conflict", "review_undo", "review_tell"])  # fmt: skip
def test_acts_of_the_room_are_nobody_elses(
    name: str, asked: ShareRequest, ada: Person, ben: Person, sam: Person, client_of: Sign
) -> None:
    sent = {"note": WORDS, "reason": WORDS, "words": WORDS}
    assert [client_of(who).post(at(name, asked), sent).status_code for who in (ada, ben, sam)] == [404] * 3
    assert (Note.objects.count(), DecisionDraft.objects.count(), Sitting.objects.count()) == (0, 0, 0)


def test_who_reviewed_is_on_no_page_of_an_artist_or_the_public(
    asked: ShareRequest, ada: Person, ben: Person, rhea: Person, clip_of: Callable[..., Clip], client_of: Sign
) -> None:
    add_note(asked, actor=rhea, frames=Frames(0, 0), text=WORDS)
    work = released(asked, rhea, conditions="With its label.")
    no = refused(asked_for(clip_of(ada), title="Hill"), rhea)
    sent = appeal("share", str(no.decisions.get().pk), actor=ada, text="It is my own.")
    own = [
        at("share_request", asked), at("share_request", no), at("share_withdraw", asked), reverse("sharing"),
        reverse("appeals"), reverse("appeal", args=[sent.pk]), reverse("inbox"), reverse("clip", args=[asked.clip_id]),
        reverse("library"), reverse("home"),
    ]  # fmt: skip
    open_to_all = [reverse("release", args=[work.slug]), reverse("status"), reverse("api_schema")]
    found = {}
    for who in (ada, ben, None):
        client = client_of(who) if who else Client()
        for address in own + open_to_all:
            answer = client.get(address, headers={"accept": "*/*"})
            page = answer.content.decode().lower()
            found |= {f"{who} {address}": page} if "rhea" in page or "review room" in page else {}
    assert list(found) == []


def test_appeal_shows_the_film_to_whoever_may_answer(
    asked: ShareRequest, ada: Person, rhea: Person, rolf: Person, sam: Person, olga: Person, client_of: Sign
) -> None:
    refuse(asked, actor=rhea, ground="rights", reason=REASON, frames=Frames(1, 2))
    client_of(rhea).post(at("review_tell", asked))
    sent = appeal("share", str(asked.decisions.get().pk), actor=ada, text="It is my own.")
    page = reverse("appeal_decide", args=[sent.pk])
    shown = {
        who.name: at("review_film", asked) in client_of(who).get(page).content.decode() for who in (rolf, sam, olga)
    }
    films = [client_of(who).get(at("review_film", asked)).status_code for who in (rolf, sam, olga)]
    assert (shown, films) == ({"Rolf": True, "Sam": True, "Olga": True}, [200, 200, 200])
    client_of(sam).get(at("review", asked))
    assert Entry.objects.filter(action="sharing.review", actor_id=sam.pk).count() == 1


def test_queue_asks_as_many_questions_for_three_as_for_one(
    asked: ShareRequest,
    ada: Person,
    ben: Person,
    rhea: Person,
    clip_of: Callable[..., Clip],
    client_of: Sign,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_of(rhea)
    client.get(reverse("review_queue"))
    with django_assert_num_queries(QUEUE + HELD_OFF):
        client.get(reverse("review_queue"))
    asked_for(clip_of(ada))
    asked_for(clip_of(ben))
    with django_assert_num_queries(QUEUE + HELD_OFF):
        page = client.get(reverse("review_queue"))
    assert page.content.decode().count('class="queue-row"') == 3


def test_outbox_asks_as_many_questions_for_three_as_for_one(
    asked: ShareRequest,
    ada: Person,
    rhea: Person,
    clip_of: Callable[..., Clip],
    client_of: Sign,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    approve(asked, actor=rhea)
    client = client_of(rhea)
    client.get(reverse("review_outbox"))
    with django_assert_num_queries(OUTBOX + HELD_OFF):
        client.get(reverse("review_outbox"))
    for _number in range(2):
        approve(asked_for(clip_of(ada)), actor=rhea)
    with django_assert_num_queries(OUTBOX + HELD_OFF):
        page = client.get(reverse("review_outbox"))
    assert page.content.decode().count('class="queue-row"') == 3


def test_queue_that_is_empty_says_what_to_do_next(rhea: Person, asked: ShareRequest, client_of: Sign) -> None:
    approve(asked, actor=rhea)
    page = client_of(rhea).get(reverse("review_queue")).content.decode()
    assert ("All clear." in page, reverse("review_outbox") in page) == (True, True)


def test_own_figures_say_that_hours_need_javascript(rhea: Person, sam: Person, client_of: Sign) -> None:
    page = client_of(rhea).get(reverse("review_me"))
    assert (page.status_code, "pages with JavaScript" in page.content.decode()) == (200, True)
    assert client_of(sam).get(reverse("review_me")).status_code == 404
