"""Storyboards as they are written: nothing is lost between two windows, nothing is anybody else's, deletion can be undone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from artists.people.models import Person
from generation.drafts import (
    Draft,
    DraftShot,
    StoryboardChanged,
    delete_storyboard,
    draft_of,
    duplicate_storyboard,
    forget_old_drafts,
    new_storyboard,
    restore_storyboard,
    save_storyboard,
)
from generation.models import Generation, ReferenceImage, Shot, Storyboard
from generation.queries import deleted_storyboards_of, open_storyboards_of
from portal.access import Kind, Refused
from portal.audit.models import Entry
from portal.storage.models import StoredFile
from tests.factories import films
from tests.factories.together import at_once


def text(*prompts: str, title: str = "Sea") -> Draft:
    return Draft(title, "card", "640x360", "", tuple(DraftShot(prompt, 2000) for prompt in prompts))


def test_storyboard_reads_back_as_it_was_written(ada: Person) -> None:
    picture = films.pictured(ada)
    draft = Draft(
        "Sea",
        "card",
        "640x360",
        "upright",
        (DraftShot("a", 2000, 7, 9, "cut", picture.pk), DraftShot("", 0), DraftShot("b", 3000, follows="continue")),
    )
    kept = new_storyboard(draft, actor=ada, page="one")
    assert (draft_of(Storyboard.objects.get(pk=kept.pk)), kept.version) == (draft, 1)


def test_save_counts_versions_and_the_same_text_is_no_change(ada: Person) -> None:
    kept = new_storyboard(text("a"), actor=ada, page="one")
    versions = [
        save_storyboard(kept, draft, actor=ada, version=version, page="one").version
        for draft, version in ((text("a"), 1), (text("b"), 1), (text("c", "d"), 2))
    ]
    assert (versions, [shot.prompt for shot in kept.shots.all()]) == ([1, 2, 3], ["c", "d"])


def test_save_from_another_window_is_told_and_writes_nothing(ada: Person) -> None:
    kept = new_storyboard(text("mine"), actor=ada, page="one")
    save_storyboard(kept, text("theirs"), actor=ada, version=1, page="two")
    with pytest.raises(StoryboardChanged) as told:
        save_storyboard(kept, text("mine, longer"), actor=ada, version=1, page="one")
    decision = told.value.decision
    assert (decision.code, decision.kind) == ("storyboard-changed", Kind.CONFLICT)
    assert (draft_of(told.value.theirs), told.value.theirs.version) == (text("theirs"), 2)
    assert draft_of(kept) == text("theirs")


def test_both_texts_of_a_conflict_can_be_kept_or_one_put_in_place(ada: Person) -> None:
    kept = new_storyboard(text("mine"), actor=ada, page="one")
    save_storyboard(kept, text("theirs"), actor=ada, version=1, page="two")
    copy = new_storyboard(text("mine, longer"), actor=ada, page="one")
    assert (copy.pk == kept.pk, draft_of(copy), draft_of(kept)) == (False, text("mine, longer"), text("theirs"))
    save_storyboard(kept, text("instead"), actor=ada, version=2, page="three")
    assert draft_of(kept) == text("instead")


def test_window_that_wrote_last_may_write_with_an_old_number(ada: Person) -> None:
    kept = new_storyboard(text("a"), actor=ada, page="one")
    save_storyboard(kept, text("b"), actor=ada, version=1, page="one")
    again = save_storyboard(kept, text("c"), actor=ada, version=1, page="one")
    assert (again.version, draft_of(kept)) == (3, text("c"))


def test_first_save_asked_twice_is_one_storyboard(ada: Person, ben: Person) -> None:
    first, second = (new_storyboard(text(word), actor=ada, page="one") for word in ("a", "b"))
    other = new_storyboard(text("c"), actor=ben, page="one")
    assert (first.pk, draft_of(first), Storyboard.objects.count()) == (second.pk, text("b"), 2)
    assert other.owner_id == ben.pk


@pytest.mark.django_db(transaction=True)
def test_first_save_at_the_same_moment_is_one_storyboard(ada: Person) -> None:
    results = at_once(4, lambda number: new_storyboard(text(str(number)), actor=ada, page="one").pk)
    assert results == [Storyboard.objects.get().pk] * 4


@pytest.mark.django_db(transaction=True)
def test_saves_of_many_windows_at_the_same_moment_let_one_through(ada: Person) -> None:
    kept = new_storyboard(text("a"), actor=ada)
    results = at_once(
        4, lambda number: save_storyboard(kept, text(str(number)), actor=ada, version=1, page=f"page {number}").version
    )
    told = [one for one in results if isinstance(one, StoryboardChanged)]
    assert (len(told), [one for one in results if one not in told]) == (3, [2])
    assert (Shot.objects.count(), Storyboard.objects.get().version) == (1, 2)


def test_storyboard_of_another_artist_is_not_there(ada: Person, ben: Person) -> None:
    kept = new_storyboard(text("a"), actor=ada)
    for act in (
        lambda: save_storyboard(kept, text("b"), actor=ben, version=1),
        lambda: duplicate_storyboard(kept, actor=ben),
        lambda: delete_storyboard(kept, actor=ben),
        lambda: restore_storyboard(kept, actor=ben),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.decision.kind is Kind.MISSING
    assert (draft_of(kept), Storyboard.objects.get().deleted_at) == (text("a"), None)


def test_duplicate_is_a_second_one_that_goes_its_own_way(ada: Person) -> None:
    kept = new_storyboard(text("a", "b"), actor=ada, page="one")
    copy = duplicate_storyboard(kept, actor=ada)
    save_storyboard(copy, text("c"), actor=ada, version=copy.version)
    assert (draft_of(kept), copy.title) == (text("a", "b"), "Sea (copy)")


def test_deleted_storyboard_comes_back_whole_and_goes_after_thirty_days(ada: Person) -> None:
    kept = new_storyboard(text("a"), actor=ada)
    assert [delete_storyboard(kept, actor=ada) for _time in range(2)] == [True, False]
    assert (list(open_storyboards_of(ada)), list(deleted_storyboards_of(ada))) == ([], [kept])
    assert [restore_storyboard(kept, actor=ada) for _time in range(2)] == [True, False]
    assert (list(open_storyboards_of(ada)), draft_of(kept)) == ([kept], text("a"))
    actions = list(Entry.objects.filter(action__contains="storyboard").values_list("action", flat=True))
    assert actions == ["generation.delete_storyboard", "generation.restore_storyboard"]
    delete_storyboard(kept, actor=ada)
    assert forget_old_drafts() == 0
    Storyboard.objects.update(deleted_at=timezone.now() - timedelta(days=31))
    assert (forget_old_drafts(), Storyboard.objects.count(), Shot.objects.count()) == (1, 0, 0)


def test_writing_in_a_deleted_storyboard_brings_it_back(ada: Person) -> None:
    kept = new_storyboard(text("a"), actor=ada, page="one")
    delete_storyboard(kept, actor=ada)
    save_storyboard(kept, text("a"), actor=ada, version=1, page="one")
    assert list(open_storyboards_of(ada)) == [kept]


def test_films_outlive_their_storyboard(ada: Person) -> None:
    film = films.submitted(ada)
    Storyboard.objects.get(pk=film.storyboard_id).delete()
    assert Generation.objects.get(pk=film.pk).storyboard_id is None


def test_pictures_nobody_uses_go_after_thirty_days(ada: Person) -> None:
    unused, used = films.pictured(ada), films.pictured(ada)
    new_storyboard(Draft(shots=(DraftShot("a", reference_id=used.pk),)), actor=ada)
    assert forget_old_drafts() == 0
    ReferenceImage.objects.update(made_at=timezone.now() - timedelta(days=31))
    assert (forget_old_drafts(), list(ReferenceImage.objects.all())) == (1, [used])
    assert list(StoredFile.objects.filter(pk=unused.file_id)) == []
