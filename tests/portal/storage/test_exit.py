"""The one exit for bytes: asked, counted, recorded."""

from collections.abc import Callable

import pytest
from django.core.files.storage import storages
from django.http import HttpRequest
from django.test import RequestFactory

from artists.people.models import Person
from generation.models import Clip
from portal.access import ANONYMOUS, Kind, Refused
from portal.audit.models import Entry
from portal.storage.exit import hand_out
from portal.storage.models import HandOut
from portal.storage.shelf import SHELF


@pytest.fixture
def clip(ada: Person, clip_of: Callable[..., Clip]) -> Clip:
    """Ada's film."""
    return clip_of(ada)


def get(**headers: str) -> HttpRequest:
    """A request for the film."""
    return RequestFactory().get("/film/", headers=headers)


def test_exit_hands_out_every_byte_and_counts(clip: Clip, ada: Person) -> None:
    response = hand_out(get(), clip.film, actor=ada, purpose="clip", subject=clip)
    assert (response.status_code, len(b"".join(response))) == (200, clip.film.size)
    assert list(HandOut.objects.values_list("person_id", "purpose", "times")) == [(ada.pk, "clip", 1)]


def test_exit_counts_a_viewing_once_however_many_ranges(clip: Clip, ada: Person) -> None:
    statuses = [
        hand_out(get(Range=wanted), clip.film, actor=ada, purpose="clip", subject=clip).status_code
        for wanted in ("bytes=0-99", "bytes=100-199", "bytes=200-299")
    ]
    assert (statuses, HandOut.objects.get().times) == ([206, 206, 206], 1)


def test_exit_refuses_everybody_else_and_counts_nothing(
    clip: Clip, ben: Person, sam: Person, olga: Person, rhea: Person
) -> None:
    kinds = []
    for actor in (ben, sam, olga, rhea, ANONYMOUS):
        with pytest.raises(Refused) as refused:
            hand_out(get(), clip.film, actor=actor, purpose="clip", subject=clip)
        kinds.append(refused.value.decision.kind)
    assert (kinds, HandOut.objects.count()) == ([Kind.MISSING] * 4 + [Kind.FORBIDDEN], 0)


def test_exit_records_what_is_saved(clip: Clip, ada: Person) -> None:
    response = hand_out(get(), clip.film, actor=ada, purpose="download", subject=clip)
    entry = Entry.objects.last()
    assert (response["Content-Disposition"], entry.action, entry.actor_id) == (
        'attachment; filename="film.mp4"',
        "storage.download",
        ada.pk,
    )


def test_exit_says_that_a_file_is_missing(clip: Clip, ada: Person) -> None:
    storages[SHELF].delete(clip.film.key)
    with pytest.raises(Refused) as refused:
        hand_out(get(), clip.film, actor=ada, purpose="clip", subject=clip)
    assert (refused.value.decision.code, HandOut.objects.count()) == ("file-missing", 0)


def test_exit_for_an_unknown_purpose_is_a_mistake(clip: Clip, ada: Person) -> None:
    with pytest.raises(KeyError):
        hand_out(get(), clip.film, actor=ada, purpose="curiosity", subject=clip)
