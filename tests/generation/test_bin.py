"""Deletion with undo for thirty days: at once out of sight and out of hand, back with one act, then gone for good."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.storage import storages
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from freezegun import freeze_time

from artists.people.models import Person
from artists.sharing.models import ShareRequest
from artists.sharing.services import request_share, withdraw
from generation.bin import delete_clip, empty_bins, erase_clip, restore_clip
from generation.models import Clip, ClipText, Collected
from generation.queue.claim import WORKER_ACTOR
from generation.queue.sweep import PARTS, erase_deleted
from generation.shelves import collect_clips, make_collection
from portal.access import Refused
from portal.audit.models import Entry
from portal.storage.models import HandOut, StoredFile
from portal.storage.shelf import SHELF
from tests.factories.sharing import refused, released
from tests.factories.together import at_once

Clips = Callable[..., Clip]
Clients = Callable[[Person], Client]
FILES = ("clip_film", "clip_filmstrip", "clip_download")


def code_of(act: Callable[..., object]) -> str:
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.decision.code


def test_deleted_film_is_handed_out_to_nobody_and_comes_back_as_it_was(
    ada: Person, clip_of: Clips, client_of: Clients
) -> None:
    clip, client = clip_of(ada), client_of(ada)
    Clip.objects.filter(pk=clip.pk).update(starred=True)
    collect_clips(make_collection("Sea", actor=ada), [clip], actor=ada)

    def statuses() -> list[int]:
        return [client.get(reverse(name, args=[clip.pk])).status_code for name in (*FILES, "clip_poster", "clip")]

    page = client.post(reverse("library_bulk"), {"act": "delete", "clip": clip.pk}, follow=True)
    assert ([one.pk for one in page.context["lately"]], page.context["rows"]) == ([clip.pk], [])
    assert statuses() == [410, 410, 410, 200, 302]
    assert client.get(reverse("share_new", args=[clip.pk])).status_code == 404
    shelf = client.get(reverse("library_bin")).context["rows"]
    assert [row["until"] - row["clip"].deleted_at for row in shelf] == [timedelta(days=30)]
    client.post(reverse("library_restore"), {"clip": clip.pk})
    fresh = Clip.objects.get(pk=clip.pk)
    assert (statuses(), fresh.starred, fresh.collections.get().name) == ([200] * 5, True, "Sea")
    actions = Entry.objects.filter(action__endswith="_clip").values_list("action", flat=True)
    assert list(actions) == ["generation.delete_clip", "generation.restore_clip"]


def test_deleting_and_restoring_twice_is_once(ada: Person, clip_of: Clips) -> None:
    clip = clip_of(ada)
    did = [act(clip, actor=ada) for act in (delete_clip, delete_clip, restore_clip, restore_clip)]
    assert did == [True, False, True, False]


def test_film_in_review_or_public_is_not_deleted_until_withdrawn(
    ada: Person, rhea: Person, clip_of: Clips, client_of: Clients
) -> None:
    clip = clip_of(ada)
    asked = request_share(clip, actor=ada, title="Sea", destination="A festival")
    codes = [code_of(lambda: delete_clip(clip, actor=ada))]
    released(asked, rhea)
    codes.append(code_of(lambda: delete_clip(clip, actor=ada)))
    page = client_of(ada).post(reverse("library_bulk"), {"act": "delete", "clip": clip.pk}, follow=True)
    assert (codes, "clip-public" in page.content.decode()) == (["clip-in-review", "clip-public"], True)
    withdraw(asked, actor=ada)
    assert delete_clip(clip, actor=ada)


def test_deleted_film_cannot_be_shared_and_is_not_shown_to_reviewers(
    ada: Person, rhea: Person, clip_of: Clips, client_of: Clients
) -> None:
    clip = clip_of(ada)
    asked = request_share(clip, actor=ada, title="Sea", destination="A festival")
    refused(asked, rhea)
    stale = Clip.objects.get(pk=clip.pk)
    delete_clip(clip, actor=ada)
    assert code_of(lambda: request_share(stale, actor=ada, title="Sea", destination="A festival")) == "clip-deleted"
    reviewer = client_of(rhea)
    names = ("review", "review_film", "review_poster")
    assert [reviewer.get(reverse(name, args=[asked.pk])).status_code for name in names] == [200, 410, 410]


@pytest.mark.django_db(transaction=True)
def test_deleting_and_sharing_at_the_same_moment_never_both_happen(ada: Person, clip_of: Clips) -> None:
    for _round in range(4):
        clip = clip_of(ada)

        def act(number: int, clip: Clip = clip) -> object:
            if number:
                return request_share(clip, actor=ada, title="Sea", destination="A festival")
            return delete_clip(clip, actor=ada)

        at_once(2, act)
        deleted = Clip.objects.get(pk=clip.pk).deleted_at is not None
        assert deleted != ShareRequest.objects.filter(clip=clip).exists()


def test_only_the_artist_deletes_and_restores(ada: Person, ben: Person, sam: Person, clip_of: Clips) -> None:
    clip = clip_of(ada)
    codes = []
    for who in (ben, sam):
        codes.append(code_of(lambda who=who: delete_clip(clip, actor=who)))
        codes.append(code_of(lambda who=who: restore_clip(clip, actor=who)))
    assert codes == ["not-found"] * 4
    assert code_of(lambda: erase_clip(clip, actor=ada)) == "worker-only"


def test_files_are_erased_after_thirty_days_and_not_before(ada: Person, clip_of: Clips, client_of: Clients) -> None:
    clip, kept, client = clip_of(ada), clip_of(ada), client_of(ada)
    collect_clips(make_collection("Sea", actor=ada), [clip], actor=ada)
    client.get(reverse("clip_film", args=[clip.pk]))
    files = [clip.film, clip.poster, clip.filmstrip, *(take.film for take in clip.generation.takes.all())]
    delete_clip(clip, actor=ada)
    now = timezone.now()
    with freeze_time(now + timedelta(days=29, hours=23)):
        assert empty_bins(actor=WORKER_ACTOR) == 0
        assert restore_clip(clip, actor=ada)
        assert delete_clip(clip, actor=ada)
        again = timezone.now()
    with freeze_time(again + timedelta(days=30, seconds=1)):
        assert (erase_deleted in PARTS, erase_deleted()) == (True, 1)
    there = [storages[SHELF].exists(file.key) for file in [*files, kept.film]]
    assert there == [False] * len(files) + [True]
    assert (ClipText.objects.filter(clip=clip).exists(), Collected.objects.count()) == (False, 0)
    assert HandOut.objects.filter(file=clip.film, purpose="clip").count() == 1
    assert code_of(lambda: restore_clip(clip, actor=ada)) == "clip-erased"
    gone = client.get(reverse("clip", args=[clip.pk]))
    assert (gone.status_code, client.get(reverse("clip_poster", args=[clip.pk])).status_code) == (410, 410)
    assert client.get(reverse("library_bin")).context["rows"] == []
    assert empty_bins(actor=WORKER_ACTOR) == 0


def test_erasing_that_fails_is_tried_again(ada: Person, clip_of: Clips, monkeypatch: pytest.MonkeyPatch) -> None:
    clip = clip_of(ada)
    delete_clip(clip, actor=ada)
    shelf = storages[SHELF]

    def away(_key: str) -> None:
        raise OSError("storage is away")

    with freeze_time(timezone.now() + timedelta(days=31)):
        with monkeypatch.context() as broken:
            broken.setattr(type(shelf), "delete", lambda _self, key: away(key))
            assert empty_bins(actor=WORKER_ACTOR) == 0
        before = Clip.objects.get(pk=clip.pk).erased_at, StoredFile.objects.exclude(erased_at=None).count()
        assert (before, empty_bins(actor=WORKER_ACTOR)) == ((None, 0), 1)


def test_database_refuses_an_erased_clip_that_was_not_deleted(ada: Person, clip_of: Clips) -> None:
    clip = clip_of(ada)
    with pytest.raises(IntegrityError), transaction.atomic():
        Clip.objects.filter(pk=clip.pk).update(erased_at=timezone.now())
