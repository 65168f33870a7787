"""How a take and a generation end: delivered, failed or refused; always settled once."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from generation import quota
from generation.limits import MOST_ATTEMPTS
from generation.media.errors import MediaError
from generation.models import Clip, Generation, Take
from generation.news import GenerationEnded
from generation.search import index_clip
from generation.services import end_takes
from generation.stacks import stack_of
from generation.states import (
    FAIL,
    FAIL_TAKE,
    FINISH,
    FINISH_TAKE,
    HAND_BACK_TAKE,
    READY_TAKE,
    REFUSE,
    GenerationState,
    TakeState,
)
from portal.access import Refused
from portal.machine import Move, move
from portal.storage.models import StoredFile
from portal.storage.shelf import fetch_file, store_file, throw_away

from .claim import WORKER_ACTOR, pause

if TYPE_CHECKING:
    from generation.media.film import FilmFacts
    from generation.media.stills import FilmstripFacts


def workroom() -> Path:
    """Where half-made files lie while they are made; nothing in it is ever shown."""
    room = Path(settings.VERNISSAGE_HOME) / "work"
    room.mkdir(parents=True, exist_ok=True, mode=0o700)
    return room


@transaction.atomic
def _record_film(take: Take, film: StoredFile, work_ms: int) -> bool:
    fields = {
        "film": film,
        "ended_at": timezone.now(),
        "lease_until": None,
        "work_ms": work_ms,
        "error_code": "",
        "error_reason": "",
    }
    finished, moved = move(
        take, FINISH_TAKE, actor=WORKER_ACTOR, fields=fields, where={"fence": take.fence, "owner": take.owner}
    )
    if moved:
        after = Take.objects.filter(
            generation=finished.generation_id, position=finished.position + 1, state=TakeState.WAITING
        )
        for following in after:
            move(following, READY_TAKE, actor=WORKER_ACTOR)
    return moved


def finish_take(take: Take, film: Path, work_ms: int) -> bool:
    """Keep the film of a take. False for a late worker: its fence is old, its file is thrown away."""
    stored = store_file(film, folder="takes", name="take.mp4", content_type="video/mp4")
    moved = _record_film(take, stored, work_ms)
    if not moved:
        throw_away(stored)
    return moved


@transaction.atomic
def end_generation(generation: Generation, step: Move, code: str, reason: str) -> bool:
    """No film: the other takes stop, quota is free again, the artist is told. True for the call that ended it."""
    ended, moved = move(
        generation,
        step,
        actor=WORKER_ACTOR,
        fields={"ended_at": timezone.now(), "state_code": code[:60], "state_reason": reason[:400]},
        detail={"code": code},
        news=GenerationEnded(str(generation.pk), step.target),
    )
    if moved:
        end_takes(ended, actor=WORKER_ACTOR)
        quota.give_back(ended, actor=WORKER_ACTOR)
    return moved


@transaction.atomic
def fail_take(take: Take, code: str, reason: str, *, retry: bool, refused: bool = False) -> bool:
    """A take went wrong: once more where that may help, else its generation ends with this reason."""
    mine = {"fence": take.fence, "owner": take.owner}
    said = {"error_code": code[:60], "error_reason": reason[:400], "lease_until": None}
    if retry and take.attempts < MOST_ATTEMPTS:
        _row, moved = move(take, HAND_BACK_TAKE, actor=WORKER_ACTOR, fields=said | {"owner": ""}, where=mine)
        return moved
    failed, moved = move(take, FAIL_TAKE, actor=WORKER_ACTOR, fields=said | {"ended_at": timezone.now()}, where=mine)
    if moved:
        words = _("Shot %(n)s: %(reason)s") % {"n": failed.position, "reason": reason}
        end_generation(failed.generation, REFUSE if refused else FAIL, code, words)
    return moved


def ready_to_assemble() -> list[Generation]:
    """Generations whose takes are all done and that have no clip yet: also after a crash between the two."""
    unfinished = Count("takes", filter=~Q(takes__state=TakeState.DONE))
    going = Generation.objects.filter(state__in=[GenerationState.RENDERING, GenerationState.QUEUED])
    return list(
        going.annotate(all=Count("takes"), unfinished=unfinished)
        .filter(all__gt=0, unfinished=0)
        .select_related("artist")
    )


def assemble(generation: Generation) -> bool:
    """Join the takes into the clip and hand it over: the gate is asked a last time. Two at once have one winner."""
    takes = list(generation.takes.select_related("film").order_by("position"))
    if not takes or any(take.state != TakeState.DONE for take in takes):
        return False
    # PyAV and numpy are 27 MB, and the web process ends generations but never joins a film.
    from generation.media.join import join_takes
    from generation.media.stills import write_filmstrip, write_poster

    with tempfile.TemporaryDirectory(dir=workroom()) as folder:
        room = Path(folder)
        try:
            parts = [fetch_file(take.film, room / f"{take.position}.mp4") for take in takes if take.film]
            facts = join_takes(parts, room / "film.mp4")
            write_poster(room / "film.mp4", room / "poster.webp")
            strip = write_filmstrip(room / "film.mp4", room / "filmstrip.webp")
        except MediaError as fault:
            return end_generation(generation, FAIL, fault.code, fault.message)
        files = (
            store_file(room / "film.mp4", folder="clips", name="film.mp4", content_type="video/mp4"),
            store_file(room / "poster.webp", folder="posters", name="poster.webp", content_type="image/webp"),
            store_file(room / "filmstrip.webp", folder="filmstrips", name="filmstrip.webp", content_type="image/webp"),
        )
    try:
        delivered = _deliver(generation, files, facts, strip)
    except Refused as refused:
        pause(generation, refused.decision)
        delivered = False
    if not delivered:
        for file in files:
            throw_away(file)
    return delivered


@transaction.atomic
def _deliver(
    generation: Generation,
    files: tuple[StoredFile, StoredFile, StoredFile],
    facts: "FilmFacts",
    strip: "FilmstripFacts",
) -> bool:
    now = timezone.now()
    fields = {"ended_at": now, "state_code": "", "state_reason": ""}
    news = GenerationEnded(str(generation.pk), GenerationState.DONE)
    done, moved = move(generation, FINISH, actor=WORKER_ACTOR, fields=fields, news=news)
    if not moved:
        return False
    film, poster, filmstrip = files
    clip = Clip.objects.create(
        generation=done,
        artist_id=done.artist_id,
        title=done.title,
        stack=stack_of(done),
        film=film,
        poster=poster,
        filmstrip=filmstrip,
        filmstrip_columns=strip.columns,
        filmstrip_every=strip.every,
        width=facts.width,
        height=facts.height,
        frames=facts.frames,
        fps_numerator=facts.fps.numerator,
        fps_denominator=facts.fps.denominator,
    )
    index_clip(clip)
    quota.settle(done, actor=WORKER_ACTOR)
    return True
