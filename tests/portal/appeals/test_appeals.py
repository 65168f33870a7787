"""Appeals: one for each act, by whoever it stops, answered by somebody else, with a clock that is heard."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from artists.people.models import Person
from artists.people.roles import Role
from generation.models import Generation
from generation.queue.claim import claim
from generation.queue.endings import fail_take
from portal.access import Refused
from portal.appeals.models import Appeal
from portal.appeals.panels import appeal_counts
from portal.appeals.queries import acts_open_to, appeals_visible_to, to_decide
from portal.appeals.services import ANSWER_WITHIN, appeal, decide, tell_overdue, withdraw
from portal.audit.models import Entry
from portal.happenings.delivery import sweep
from portal.notices.models import Letter, Notice
from portal.program.models import Suspension
from portal.program.reach import Target
from portal.program.states import Scope
from portal.program.stopping import in_force, not_suspended
from portal.program.suspending import resume, suspend
from tests.factories import films, people
from tests.factories.together import at_once

ClientOf = Callable[[Person], Client]
WHY = "I was on a train: the address belongs to the railway."


def stopped(ada: Person, sam: Person) -> Suspension:
    return suspend(Target(Scope.ARTIST, artist=ada), actor=sam, reason="Two countries in an hour.")


def appealed(ada: Person, sam: Person) -> Appeal:
    return appeal("suspension", str(stopped(ada, sam).pk), actor=ada, text=WHY)


def code_of(act: Callable[[], object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.decision.code


def test_suspended_artist_appeals_and_everybody_but_the_decider_is_told(ada: Person, sam: Person, olga: Person) -> None:
    made = appealed(ada, sam)
    assert (made.act_reason, made.made_by, made.due_at - made.asked_at) == (
        "Two countries in an hour.",
        sam,
        ANSWER_WITHIN,
    )
    sweep()
    assert list(Notice.objects.filter(kind="appeals.asked").values_list("person__name", flat=True)) == ["Olga"]
    assert [letter for letter in Letter.objects.all() if WHY in letter.text + letter.html] == []


def test_overturned_appeal_ends_the_suspension_in_the_same_act(ada: Person, sam: Person, olga: Person) -> None:
    made = appealed(ada, sam)
    assert not not_suspended(ada)
    ended = decide(made, actor=olga, overturned=True, answer="You are right; we asked the railway.")
    assert (ended.state, ended.decided_by, bool(not_suspended(ada))) == ("overturned", olga, True)
    assert Suspension.objects.get().ended_by_label == olga.label
    sweep()
    assert Notice.objects.filter(person=ada, kind="appeals.answered").count() == 1
    assert list(
        Entry.objects.filter(action__startswith="appeals.").order_by("pk").values_list("action", flat=True)
    ) == [
        "appeals.make",
        "appeals.overturn",
    ]


def test_upheld_appeal_leaves_the_suspension(ada: Person, sam: Person, olga: Person) -> None:
    decide(appealed(ada, sam), actor=olga, overturned=False, answer="The film was posted from there.")
    assert (in_force().count(), appeal_counts()) == (1, {"open": 0, "late": 0, "answered": 1, "overturned": 0})


def test_suspension_that_ended_meanwhile_can_still_be_overturned(ada: Person, sam: Person, olga: Person) -> None:
    made = appealed(ada, sam)
    resume(Suspension.objects.get(), actor=olga)
    assert decide(made, actor=olga, overturned=True, answer="It was wrong.").state == "overturned"


def test_nobody_answers_their_own_decision_or_their_own_appeal(
    ada: Person, sam: Person, olga: Person, rhea: Person
) -> None:
    made = appealed(ada, sam)
    own = appeal(
        "suspension", str(suspend(Target(Scope.ARTIST, artist=olga), actor=sam, reason="x").pk), actor=olga, text=WHY
    )
    refusals = [
        code_of(lambda: decide(made, actor=sam, overturned=False, answer="No.")),
        code_of(lambda: decide(own, actor=olga, overturned=True, answer="Yes.")),
        code_of(lambda: decide(made, actor=rhea, overturned=True, answer="Yes.")),
    ]
    assert (refusals, list(to_decide(sam)), list(to_decide(olga)), list(appeals_visible_to(rhea))) == (
        ["own-decision", "own-appeal", "role"],
        [],
        [made],
        [],
    )


@pytest.mark.parametrize("field", ["person", "made_by"])
def test_database_refuses_an_answer_by_the_same_person(ada: Person, sam: Person, olga: Person, field: str) -> None:
    made = appealed(ada, sam)
    decided = decide(made, actor=olga, overturned=False, answer="No.")
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.filter(pk=decided.pk).update(decided_by=getattr(decided, field))
    with pytest.raises(IntegrityError), transaction.atomic():
        Appeal.objects.filter(pk=decided.pk).update(answer="")


def test_one_appeal_for_each_act(ada: Person, sam: Person) -> None:
    made = appealed(ada, sam)
    again = code_of(lambda: appeal(made.kind, made.key, actor=ada, text=WHY))
    withdraw(made, actor=ada)
    assert (again, code_of(lambda: appeal(made.kind, made.key, actor=ada, text=WHY)), acts_open_to(ada)) == (
        "already-appealed",
        "already-appealed",
        [],
    )


@pytest.mark.parametrize(
    ("kind", "key", "text", "code"),
    [
        ("suspension", None, " ", "text-missing"),
        ("suspension", None, "x" * 5001, "text-long"),
        ("suspension", "999", WHY, "appeal-nothing"),
        ("nothing", "1", WHY, "appeal-nothing"),
    ],
)
def test_appeal_of_bad_input_is_refused(
    ada: Person, sam: Person, kind: str, key: str | None, text: str, code: str
) -> None:
    pk = str(stopped(ada, sam).pk)
    assert (code_of(lambda: appeal(kind, key or pk, actor=ada, text=text)), Appeal.objects.count()) == (code, 0)


def test_suspension_of_somebody_else_is_not_mine_to_appeal(ada: Person, ben: Person, sam: Person) -> None:
    pk = str(stopped(ada, sam).pk)
    assert code_of(lambda: appeal("suspension", pk, actor=ben, text=WHY)) == "appeal-nothing"


def test_refused_prompt_is_appealed_and_shown_to_whoever_answers(ada: Person, ben: Person, olga: Person) -> None:
    generation = films.submitted(ada)
    films.submitted(ben)
    take = claim("tests", {films.MODEL})
    assert take is not None and take.generation_id == generation.pk
    fail_take(take, "prompt-refused", "The word is on the model's list.", retry=False, refused=True)
    assert Generation.objects.get(pk=generation.pk).state == "refused"
    [act] = acts_open_to(ada)
    made = appeal(act.kind, act.key, actor=ada, text="It is a balloon.")
    assert (made.made_by, "a red ball rises" in made.act_reason, acts_open_to(ben)) == (None, True, [])
    assert decide(made, actor=olga, overturned=True, answer="Ask again.").state == "overturned"


def test_late_appeal_is_told_to_both_sides_once(ada: Person, sam: Person, olga: Person) -> None:
    made = appealed(ada, sam)
    with freeze_time(timezone.now() + ANSWER_WITHIN + timedelta(minutes=1)):
        assert (tell_overdue(), tell_overdue(), appeal_counts()["late"]) == (1, 0, 1)
        sweep()
        assert sorted(Notice.objects.filter(key__contains="overdue").values_list("person__name", flat=True)) == [
            "Ada",
            "Olga",
        ]
        decide(made, actor=olga, overturned=False, answer="We are sorry for the delay.")
        assert (tell_overdue(), appeal_counts()["late"]) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_have_one_winner() -> None:
    people.opened_program()
    ada = people.artist_in(people.opened_cohort("first"), "Ada", people.published_agreement())
    sam, olga, otto = (people.holder_of(Role.STAFF, name) for name in ("Sam", "Olga", "Otto"))
    made = appealed(ada, sam)
    staff = [olga, otto]
    results = at_once(2, lambda number: decide(made, actor=staff[number], overturned=bool(number), answer="So."))
    lost = [one.decision.code for one in results if isinstance(one, Refused)]
    won = [one for one in results if isinstance(one, Appeal)]
    assert (lost, len(won), Appeal.objects.get().state) == (["appeal-over"], 1, won[0].state)


def test_pages_from_the_stop_to_the_answer(ada: Person, sam: Person, olga: Person, client_of: ClientOf) -> None:
    pk = stopped(ada, sam).pk
    artist, decider = client_of(ada), client_of(olga)
    new = reverse("appeal_new", args=["suspension", pk])
    assert new in artist.get(reverse("appeals")).content.decode()
    blank = artist.post(new, {"text": "  "})
    assert (blank.status_code, Appeal.objects.count()) == (422, 0)
    sent = artist.post(new, {"text": WHY}, follow=True)
    assert WHY in sent.content.decode()
    made = Appeal.objects.get()
    desk = reverse("appeal_decide", args=[made.pk])
    assert desk in decider.get(reverse("appeals_desk")).content.decode()
    unanswered = decider.post(desk, {"outcome": "overturn", "answer": ""})
    assert (unanswered.status_code, Appeal.objects.get().state) == (422, "open")
    decider.post(desk, {"outcome": "overturn", "answer": "You are right."})
    late = client_of(people.holder_of(Role.STAFF, "Otto")).post(desk, {"outcome": "uphold", "answer": "Kept words."})
    assert (late.status_code, "Kept words." in late.content.decode()) == (409, True)
    assert "You are right." in artist.get(reverse("appeal", args=[made.pk])).content.decode()
    assert client_of(sam).get(desk).status_code == 200


def test_appeal_of_somebody_else_is_not_there(ada: Person, ben: Person, sam: Person, client_of: ClientOf) -> None:
    made = appealed(ada, sam)
    client = client_of(ben)
    answers = [
        client.get(reverse("appeal", args=[made.pk])).status_code,
        client.post(reverse("appeal_withdraw", args=[made.pk])).status_code,
        client.post(reverse("appeal_decide", args=[made.pk]), {"outcome": "overturn", "answer": "x"}).status_code,
    ]
    assert (answers, Appeal.objects.get().state) == ([404, 404, 403], "open")
