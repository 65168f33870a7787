"""What an artist does: keep a reference image, ask for a generation, stop it."""

import hashlib
import uuid
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from artists.people.models import AccessToken, Person
from generation.backends.registry import ModelEntry
from portal.access import Actor, Kind, Refused, denied, require
from portal.audit.chain import record
from portal.machine import move
from portal.program.queries import cohort_of
from portal.storage.shelf import store_bytes
from portal.tasks import ring

from . import quota
from .drafts import note_seeds
from .estimates import work
from .gate import Asked
from .limits import LONGEST_TITLE
from .models import Clip, Follows, Generation, ReferenceImage, Shot, Storyboard, Take
from .news import GenerationEnded
from .prompts import remember_prompts
from .queries import models_offered, under_way_of
from .registry import model_called, models
from .states import CANCEL, DROP_TAKE, GenerationState, TakeState, TrainingTerms
from .storyboards import ShotAsked, ShotPlanned, plan_look, plan_shots, plan_size
from .tasks import render


def keep_reference(upload: UploadedFile, *, actor: Person) -> ReferenceImage:
    """Check, re-encode and keep a reference image. Raises Refused with the image's own code."""
    require("generation.submit", actor, None)
    # Decoders are for whoever sends a picture: every other process starts and stays without.
    from portal.storage.images import ImageRefused, read_reference

    try:
        image = read_reference(upload)
    except ImageRefused as fault:
        raise Refused("generation.submit", denied(fault.code, fault.message, kind=Kind.INVALID)) from fault
    # Decoding takes its time: it is done, and the gate was asked, outside of any transaction.
    file = store_bytes(image.png, folder="references", name="reference.png", content_type="image/png")
    return ReferenceImage.objects.create(owner=actor, file=file, width=image.width, height=image.height)


def _check_offered(entry: ModelEntry) -> None:
    """A model nobody here can run is refused now, not after an hour in the queue."""
    if entry.name in models_offered():
        return
    words = _("The files of %(model)s are not on this machine, and no worker offers it.") % {"model": entry.title}
    todo = _("Choose another model; operators bring it with `manage.py models fetch %(name)s`.") % {"name": entry.name}
    raise Refused("generation.submit", denied("model-missing", words, todo=todo, kind=Kind.UNAVAILABLE))


def _write_storyboard(
    artist: Person,
    title: str,
    made_with: tuple[str, str, str],
    asked: Sequence[ShotAsked],
    shots: Sequence[ShotPlanned],
) -> Storyboard:
    """What was asked for outside of the studio, so that it can be opened there."""
    model, size, look = made_with
    storyboard = Storyboard.objects.create(owner=artist, title=title, model=model, size=size, look=look)
    Shot.objects.bulk_create(
        Shot(
            storyboard=storyboard,
            position=number,
            prompt=shot.typed,
            milliseconds=shot.milliseconds,
            seed=wanted.seed,
            drawn=shot.seed,
            follows=shot.follows,
            reference=shot.reference,
        )
        for number, (wanted, shot) in enumerate(zip(asked, shots, strict=True), start=1)
    )
    return storyboard


def _queue_takes(generation: Generation, shots: Sequence[ShotPlanned]) -> None:
    Take.objects.bulk_create(
        Take(
            generation=generation,
            position=number,
            model=generation.model,
            artist_id=generation.artist_id,
            prompt=shot.prompt,
            frames=shot.frames,
            seed=shot.seed,
            follows=shot.follows,
            reference=shot.reference,
            state=TakeState.WAITING if shot.follows == Follows.CONTINUE else TakeState.QUEUED,
        )
        for number, shot in enumerate(shots, start=1)
    )


def _own_key(artist: Person, key: str) -> str:
    """The key as it is stored: one artist's keys never meet another's, and any length fits."""
    return hashlib.sha256(f"{artist.pk}:{key}".encode()).hexdigest()


def submit(
    shots: Sequence[ShotAsked],
    *,
    actor: Person,
    model: str | None = None,
    size: str | None = None,
    title: str = "",
    key: str = "",
    look: str | None = None,
    storyboard: Storyboard | None = None,
    token: AccessToken | None = None,
) -> Generation:
    """Ask for a film: gate, checks, quota and queue in one transaction, then the doorbell.

    `key` makes a repeated request (a reload, a retry) the same request; `storyboard` is the one it was written in, else
    one is made; `token` is the access token that asks, whose own budget is held besides the quota. Raises Refused; then
    nothing is written.
    """
    wanted = _own_key(actor, key or uuid.uuid4().hex)
    known = Generation.objects.filter(key=wanted).first()
    if known is not None:
        return known
    entry = model_called(model)
    asked = Asked(entry.name, token)
    require("generation.submit", actor, asked)
    width, height = plan_size(entry, size)
    chosen = plan_look(models().looks_for(entry.name), look)
    planned = plan_shots(entry, shots, chosen)
    _check_offered(entry)
    cohort = cohort_of(actor)
    if cohort is None:  # the gate has just seen one: it was left in between
        raise Refused("generation.submit", denied("no-cohort", _("You are in no cohort of this program.")))
    name = (title.strip() or planned[0].typed)[:LONGEST_TITLE]
    snapshot: dict[str, Any] = {"shots": [shot.snapshot() for shot in planned], "steps": entry.steps}
    if chosen is not None:
        snapshot["look"] = {"name": chosen.name, "title": chosen.title}
    if entry.native is not None:
        snapshot["drawn"] = {"width": entry.native[0], "height": entry.native[1], "frames": entry.drawn}
    with transaction.atomic():
        # The allowance's lock puts one artist's requests in order: the same key a moment ago is found here.
        quota.lock(actor)
        known = Generation.objects.filter(key=wanted).first()
        if known is not None:
            return known
        # Asked again inside the transaction: a stop that commits first is obeyed.
        require("generation.submit", actor, asked)
        expected = sum(work(entry, shot.frames).high for shot in planned) if token else 0
        if storyboard is None:
            made_with = (entry.name, f"{width}x{height}", look or "")
            storyboard = _write_storyboard(actor, name, made_with, shots, planned)
        else:
            note_seeds(storyboard, [shot.seed for shot in planned])
        remember_prompts((shot.typed for shot in planned), owner=actor)
        generation = Generation.objects.create(
            artist=actor,
            token=token,
            token_ms=round(expected * 1000),
            storyboard=storyboard,
            key=wanted,
            title=name,
            model=entry.name,
            revision=entry.revision or "",
            width=width,
            height=height,
            fps_numerator=entry.fps.numerator,
            fps_denominator=entry.fps.denominator,
            snapshot=snapshot,
            milliseconds=sum(shot.milliseconds for shot in planned),
        )
        quota.hold(generation, cohort, actor)
        quota.hold_token(generation)
        _queue_takes(generation, planned)
        detail = {"model": entry.name, "milliseconds": generation.milliseconds, "shots": len(planned)}
        record("generation.submit", actor=actor, subject=generation, detail=detail)
        transaction.on_commit(lambda: ring(render), robust=True)
    return generation


@transaction.atomic
def end_takes(generation: Generation, *, actor: Actor) -> None:
    """Drop every take that is not finished; a worker on one of them notices at its next step."""
    for take in generation.takes.exclude(state__in=[TakeState.DONE, TakeState.FAILED, TakeState.CANCELLED]):
        move(take, DROP_TAKE, actor=actor, fields={"lease_until": None, "ended_at": timezone.now()})


@transaction.atomic
def cancel(generation: Generation, *, actor: Actor) -> tuple[Generation, bool]:
    """Stop a generation for good; its quota is free again. (generation, True) for the call that stopped it."""
    stopped, moved = move(
        generation,
        CANCEL,
        actor=actor,
        fields={"ended_at": timezone.now(), "state_code": "cancelled", "state_reason": ""},
        news=GenerationEnded(str(generation.pk), GenerationState.CANCELLED),
    )
    if moved:
        end_takes(stopped, actor=actor)
        quota.give_back(stopped, actor=actor)
    return stopped, moved


def cancel_all(*, actor: Person) -> int:
    """Stop everything of one's own that is under way, each by its own act; how many were stopped by this call."""
    return sum(cancel(generation, actor=actor)[1] for generation in under_way_of(actor))


def set_training_terms(clip: Clip, terms: TrainingTerms) -> bool:
    """What files of this clip that leave from now on say about training. Called by consent; True when it changed."""
    return bool(Clip.objects.filter(pk=clip.pk).exclude(training=terms).update(training=terms))
