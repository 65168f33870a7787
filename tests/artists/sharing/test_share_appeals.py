"""An appeal against a refusal: free, one per decision, by another person; overturned, the work is public."""

from collections.abc import Callable

import pytest

from artists.people.models import Person
from artists.sharing.models import Release, ShareRequest
from artists.sharing.queries import last_told
from artists.sharing.services import refuse, revoke, tell_now, withdraw
from generation.models import Clip
from portal.access import ANONYMOUS, check
from portal.appeals.models import Appeal
from portal.appeals.queries import to_decide
from portal.appeals.services import appeal, decide
from portal.appeals.services import withdraw as withdraw_appeal
from tests.factories.refusals import code_of
from tests.factories.sharing import REASON, asked_for, refused, released


@pytest.fixture
def asked(ada: Person, rhea: Person, clip_of: Callable[..., Clip]) -> ShareRequest:
    """Refused by Rhea."""
    return refused(asked_for(clip_of(ada)), rhea)


def appealed(request: ShareRequest, person: Person) -> Appeal:
    """Against the decision that stands."""
    told = last_told(request)
    assert told is not None
    return appeal("share", str(told.pk), actor=person, text="It is my own photograph.")


def state_of(request: ShareRequest) -> str:
    """Its state now."""
    return ShareRequest.objects.get(pk=request.pk).state


def test_appeal_is_answered_by_another_reviewer_and_overturning_opens_the_page(
    asked: ShareRequest, ada: Person, rhea: Person, rolf: Person
) -> None:
    made = appealed(asked, ada)
    assert (state_of(asked), made.made_by_label, made.act_reason) == (
        "in_appeal", "a reviewer", f"Uses the work of others. {REASON}\n\nWhere: A festival",
    )  # fmt: skip
    assert (list(to_decide(rhea)), list(to_decide(rolf))) == ([], [made])
    assert code_of(lambda: decide(made, actor=rhea, overturned=True, answer="x")) == "own-decision"
    decide(made, actor=rolf, overturned=True, answer="It is hers.")
    release = Release.objects.get()
    assert (state_of(asked), check("sharing.see_release", ANONYMOUS, release).allowed) == ("approved", True)


def test_appeal_twice_is_refused_and_a_stranger_has_nothing_to_appeal(
    asked: ShareRequest, ada: Person, ben: Person
) -> None:
    appealed(asked, ada)
    assert code_of(lambda: appealed(asked, ada)) == "already-appealed"
    assert code_of(lambda: appealed(asked, ben)) == "appeal-nothing"


def test_refusal_stands_when_it_is_upheld_or_the_appeal_is_taken_back(
    asked: ShareRequest, ada: Person, rhea: Person, rolf: Person, clip_of: Callable[..., Clip]
) -> None:
    decide(appealed(asked, ada), actor=rolf, overturned=False, answer="It is not.")
    other = refused(asked_for(clip_of(ada)), rhea)
    withdraw_appeal(appealed(other, ada), actor=ada)
    assert (state_of(asked), state_of(other), Release.objects.count()) == ("refused", "refused", 0)


def test_both_of_two_reviewers_are_kept_from_the_appeal(
    ada: Person, rhea: Person, rolf: Person, sam: Person, clip_of: Callable[..., Clip]
) -> None:
    asked = asked_for(clip_of(ada))
    refuse(asked, actor=rhea, ground="person", reason=REASON)
    refuse(asked, actor=rolf, ground="person", reason=REASON)
    tell_now(asked, actor=rolf)
    made = appealed(asked, ada)
    assert [list(to_decide(person)) for person in (rhea, rolf, sam)] == [[], [], [made]]
    assert code_of(lambda: decide(made, actor=rhea, overturned=False, answer="x")) == "own-decision"


def test_revoked_approval_comes_back_with_its_address(
    ada: Person, rhea: Person, rolf: Person, sam: Person, clip_of: Callable[..., Clip]
) -> None:
    asked = asked_for(clip_of(ada))
    release = released(asked, rhea)
    revoke(asked, actor=sam, ground="rights", reason=REASON)
    made = appealed(asked, ada)
    assert [list(to_decide(person)) for person in (sam, rhea, rolf)] == [[], [], [made]]
    decide(made, actor=rolf, overturned=True, answer="It is hers.")
    assert check("sharing.see_release", ANONYMOUS, release).allowed


def test_request_withdrawn_in_appeal_stays_withdrawn(asked: ShareRequest, ada: Person, rolf: Person) -> None:
    made = appealed(asked, ada)
    withdraw(asked, actor=ada)
    decide(made, actor=rolf, overturned=True, answer="It is hers.")
    assert (state_of(asked), Release.objects.count()) == ("withdrawn", 0)


def test_asking_again_first_must_be_withdrawn_before_an_appeal(asked: ShareRequest, ada: Person) -> None:
    again = asked_for(asked.clip)
    assert code_of(lambda: appealed(asked, ada)) == "share-open"
    withdraw(again, actor=ada)
    assert appealed(asked, ada).is_open
