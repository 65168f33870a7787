"""Films over the API: price, ask, watch, stop, look and save; the same gate, quota and exit as the site."""

import uuid
from datetime import datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from ninja import File, Header, Query, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field

from artists.people.bearer import TokenActor, caller
from artists.people.states import TokenScope
from portal.access import Decision, check
from portal.api.bearer import Bearer
from portal.api.frame import FAULTS, register_router
from portal.api.paces import FILES, MAKE, READ
from portal.program.queries import cohort_of
from portal.storage.exit import hand_out

from . import queries, services
from .backends.registry import ModelEntry
from .estimates import price
from .gate import Asked
from .models import Clip, Follows, Generation, Take
from .quota import left_today
from .registry import model_called, models
from .states import GenerationState
from .storyboards import ShotAsked, plan_look, plan_shots, plan_size

PAGE = 50
router = Router()
register_router("Films", router)
READING, MAKING, ACCOUNT, SAVING = (
    Bearer(TokenScope.READ, READ),
    Bearer(TokenScope.MAKE, MAKE),
    Bearer(TokenScope.ACCOUNT, READ),
    Bearer(TokenScope.READ, FILES),
)


class ModelSaid(Schema):
    """A model that can be asked for."""

    name: str
    title: str
    tier: str
    licence: str
    sizes: list[str]
    seconds: list[float]
    fps: float
    takes_reference: bool


class ShotIn(Schema):
    """One shot: seconds None is the model's own length, seed None is drawn by lot."""

    prompt: str
    seconds: float | None = None
    seed: int | None = None
    follows: Follows = Follows.CUT
    reference: int | None = None


class FilmIn(Schema):
    """A storyboard to render."""

    shots: list[ShotIn]
    model: str | None = None
    size: str | None = Field(None, description="WxH, one of the model's")
    title: str = ""
    look: str | None = Field(None, description="one of the model's looks")


class ShotSaid(Schema):
    """Where one shot stands: `step` of `steps` is how far its `phase` is, denoising steps first, then frames."""

    prompt: str
    seconds: float
    seed: int
    follows: str
    state: str
    phase: str
    step: int
    steps: int


class FilmSaid(Schema):
    """One generation. `clip` is there once it is done; `code` and `reason` say why it paused or ended without one."""

    id: uuid.UUID
    title: str
    model: str
    size: str
    seconds: float
    state: GenerationState
    code: str
    reason: str
    made_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    clip: uuid.UUID | None
    shots: list[ShotSaid]


class ClipSaid(Schema):
    """A finished film; `film` and `poster` are addresses that take the same token."""

    id: uuid.UUID
    generation: uuid.UUID
    title: str
    width: int
    height: int
    frames: int
    fps: str
    seconds: float
    made_at: datetime
    film: str
    poster: str


class FilmPage(Schema):
    """Newest first; `next` is the value of `after` for the page behind, None on the last one."""

    items: list[FilmSaid]
    next: uuid.UUID | None


class ClipPage(Schema):
    """Newest first; `next` as with generations."""

    items: list[ClipSaid]
    next: uuid.UUID | None


class PriceSaid(Schema):
    """What it would cost. Seconds of film; waits in seconds, None while no worker is here."""

    seconds: float
    fits: bool
    left_seconds: float
    wait_low: int | None
    wait_high: int | None


class QuotaSaid(Schema):
    """Today's quota in seconds of film."""

    limit: float
    held: float
    spent: float
    free: float
    resets_at: datetime


class StandingSaid(Schema):
    """Whether a film could be asked for now, and why not."""

    allowed: bool
    code: str
    message: str
    action: str


class AccountSaid(Schema):
    """Who calls and what is possible now."""

    name: str
    cohort: str | None
    standing: StandingSaid
    quota: QuotaSaid


class ReferenceSaid(Schema):
    """A picture that shots can start from."""

    id: int
    width: int
    height: int


def _shots(film: FilmIn, actor: TokenActor) -> list[ShotAsked]:
    wanted = {shot.reference for shot in film.shots if shot.reference is not None}
    pictures = queries.references_visible_to(actor).in_bulk(list(wanted))
    if len(pictures) < len(wanted):
        raise Http404
    return [
        ShotAsked(shot.prompt, shot.seconds, shot.seed, shot.follows, pictures.get(shot.reference or 0))
        for shot in film.shots
    ]


def _said_shot(take: Take, generation: Generation) -> dict[str, Any]:
    seconds = float(take.frames / generation.fps)
    return {name: getattr(take, name) for name in ("prompt", "seed", "follows", "state", "phase", "step", "steps")} | {
        "seconds": seconds
    }


def _said(generation: Generation) -> dict[str, Any]:
    clip = getattr(generation, "clip", None)
    takes = sorted(generation.takes.all(), key=lambda take: take.position)
    return {
        "id": generation.pk,
        "title": generation.title,
        "model": generation.model,
        "size": f"{generation.width}x{generation.height}",
        "seconds": generation.seconds,
        "state": generation.state,
        "code": generation.state_code,
        "reason": generation.state_reason,
        "made_at": generation.made_at,
        "started_at": generation.started_at,
        "ended_at": generation.ended_at,
        "clip": clip and clip.pk,
        "shots": [_said_shot(take, generation) for take in takes],
    }


def _said_clip(clip: Clip) -> dict[str, Any]:
    return {
        "id": clip.pk,
        "generation": clip.generation_id,
        "title": clip.title,
        "width": clip.width,
        "height": clip.height,
        "frames": clip.frames,
        "fps": str(clip.fps),
        "seconds": clip.seconds,
        "made_at": clip.made_at,
        "film": reverse("api:clip_film", args=[clip.pk]),
        "poster": reverse("api:clip_poster", args=[clip.pk]),
    }


def _found(rows: Any, pk: uuid.UUID) -> Any:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _page(rows: Any, after: uuid.UUID | None) -> tuple[list[Any], uuid.UUID | None]:
    """Behind the row `after`: a page costs the same however many come before it."""
    if after is not None:
        last = _found(rows, after)
        rows = queries.behind(rows, "made_at", last.made_at, last.pk)
    shown = list(rows.order_by("-made_at", "-pk")[: PAGE + 1])
    return shown[:PAGE], shown[PAGE - 1].pk if len(shown) > PAGE else None


@router.get("/models", auth=ACCOUNT, response={200: list[ModelSaid], **FAULTS})
def list_models(request: HttpRequest) -> list[dict[str, Any]]:
    """Models that can be run now."""
    del request
    offered = queries.models_offered()

    def said(entry: ModelEntry) -> dict[str, Any]:
        return {
            "name": entry.name,
            "title": entry.title,
            "tier": entry.tier,
            "licence": entry.licence,
            "sizes": [f"{width}x{height}" for width, height in entry.sizes],
            "seconds": [float(entry.seconds(frames)) for frames in entry.frames],
            "fps": float(entry.fps),
            "takes_reference": entry.takes_reference,
        }

    return [said(entry) for entry in models() if entry.name in offered]


@router.get("/account", auth=ACCOUNT, response={200: AccountSaid, **FAULTS})
def account(request: HttpRequest) -> dict[str, Any]:
    """Standing and quota of the artist whose token calls."""
    actor = caller(request)
    cohort = cohort_of(actor)
    left = left_today(actor.person, cohort)
    standing: Decision = check("generation.submit", actor.person, Asked(token=actor.token))
    return {
        "name": actor.person.name,
        "cohort": cohort and cohort.slug,
        "standing": {
            "allowed": bool(standing),
            "code": standing.code,
            "message": str(standing.reason),
            "action": str(standing.todo),
        },
        "quota": {
            "limit": left.limit_ms / 1000,
            "held": left.held_ms / 1000,
            "spent": left.spent_ms / 1000,
            "free": left.free_seconds,
            "resets_at": left.resets_at,
        },
    }


@router.post("/price", auth=ACCOUNT, response={200: PriceSaid, **FAULTS})
def price_film(request: HttpRequest, film: FilmIn) -> dict[str, Any]:
    """What a film would cost and when it could be ready; nothing is asked for."""
    actor = caller(request)
    entry = model_called(film.model)
    plan_size(entry, film.size)
    look = plan_look(models().looks_for(entry.name), film.look)
    found = price(entry, plan_shots(entry, _shots(film, actor), look), actor.person)
    return {
        "seconds": found.seconds,
        "fits": found.fits,
        "left_seconds": found.left.free_seconds,
        "wait_low": found.wait and round(found.wait.low),
        "wait_high": found.wait and round(found.wait.high),
    }


@router.post("/generations", auth=MAKING, response={201: FilmSaid, **FAULTS})
def ask_for_film(
    request: HttpRequest,
    film: FilmIn,
    idempotency_key: Annotated[str, Header(max_length=200, description="asked twice with one key is asked once")] = "",
) -> Status:
    """Ask for a film. Quota and the token's budget are held now and charged only when it is delivered."""
    actor = caller(request)
    asked = services.submit(
        _shots(film, actor),
        actor=actor.person,
        model=film.model,
        size=film.size,
        title=film.title,
        look=film.look,
        key=idempotency_key and f"api:{idempotency_key}",
        token=actor.token,
    )
    return Status(201, _said(asked))


@router.get("/generations", auth=READING, response={200: FilmPage, **FAULTS})
def list_generations(
    request: HttpRequest, state: GenerationState | None = None, after: uuid.UUID | None = None
) -> dict[str, Any]:
    """One's own generations, 50 a page."""
    rows = queries.generations_visible_to(caller(request)).select_related("clip").prefetch_related("takes")
    shown, more = _page(rows if state is None else rows.filter(state=state), after)
    return {"items": [_said(row) for row in shown], "next": more}


@router.get("/generations/{uuid:pk}", auth=READING, response={200: FilmSaid, **FAULTS})
def read_generation(request: HttpRequest, pk: uuid.UUID) -> dict[str, Any]:
    """Where one stands."""
    return _said(_found(queries.generations_visible_to(caller(request)).select_related("clip"), pk))


@router.post("/generations/{uuid:pk}/cancel", auth=MAKING, response={200: FilmSaid, **FAULTS})
def stop_generation(request: HttpRequest, pk: uuid.UUID) -> dict[str, Any]:
    """Stop it for good; what was held is free again. One that has ended stays as it is."""
    actor = caller(request)
    stopped, _moved = services.cancel(_found(queries.generations_visible_to(actor), pk), actor=actor)
    return _said(stopped)


@router.post("/references", auth=MAKING, response={201: ReferenceSaid, **FAULTS})
def keep_reference(request: HttpRequest, image: Annotated[UploadedFile, File()]) -> Status:
    """Keep a picture (PNG, JPEG, WebP) that shots can start from; its metadata is removed."""
    return Status(201, services.keep_reference(image, actor=caller(request).person))


@router.get("/clips", auth=READING, response={200: ClipPage, **FAULTS})
def list_clips(request: HttpRequest, after: Annotated[uuid.UUID | None, Query()] = None) -> dict[str, Any]:
    """One's own finished films, 50 a page."""
    shown, more = _page(queries.clips_visible_to(caller(request)), after)
    return {"items": [_said_clip(clip) for clip in shown], "next": more}


@router.get("/clips/{uuid:pk}", auth=READING, response={200: ClipSaid, **FAULTS})
def read_clip(request: HttpRequest, pk: uuid.UUID) -> dict[str, Any]:
    """One finished film."""
    return _said_clip(_found(queries.clips_visible_to(caller(request)), pk))


@router.get("/clips/{uuid:pk}/film", auth=SAVING, url_name="clip_film", response=FAULTS)
def save_film(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """The film itself, with HTTP Range; that it was saved is in the record."""
    actor = caller(request)
    clip = _found(queries.clips_visible_to(actor).select_related("film"), pk)
    return hand_out(request, clip.film, actor=actor, purpose="download", subject=clip)


@router.get("/clips/{uuid:pk}/poster", auth=SAVING, url_name="clip_poster", response=FAULTS)
def see_poster(request: HttpRequest, pk: uuid.UUID) -> HttpResponseBase:
    """Its poster."""
    actor = caller(request)
    clip = _found(queries.clips_visible_to(actor).select_related("poster"), pk)
    return hand_out(request, clip.poster, actor=actor, purpose="poster", subject=clip)
