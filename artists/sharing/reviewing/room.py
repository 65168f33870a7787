"""Everything one page of the review room shows of a request, as this reviewer may see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.people.roles import Role
from artists.sharing import queries
from artists.sharing.clock import Clock, clock_of
from artists.sharing.models import Decision as View
from artists.sharing.models import Note, ShareRequest
from artists.sharing.places import Channel
from artists.sharing.services.reviewing import AT_WORK
from artists.sharing.states import DECIDABLE, RequestState
from generation.models import Clip
from generation.registry import model_called
from portal.access import Actor, Decision, Refused, check

from .listing import Queue, queue_of


@dataclass(frozen=True, slots=True)
class Stand:
    """First line of the page: state, who acts next, and the clock."""

    tone: str
    state: str
    next: str
    yours: bool = False


@dataclass(frozen=True, slots=True)
class Provenance:
    """What is known of how a film came to be. `same`: the file is still the one that was asked for."""

    model: str
    tier: str
    revision: str
    made_at: datetime
    sha256: str
    same: bool


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields, and what was wrong with it; `form` is the one it was typed into."""

    values: Mapping[str, str]
    refusal: Decision | None = None
    form: str = ""


def provenance_of(request: ShareRequest) -> Provenance:
    """Of the film of a request; a model that is no longer registered keeps its name."""
    clip = request.clip
    made = clip.generation
    try:
        entry = model_called(made.model)
        title, tier = entry.title, entry.tier
    except Refused:
        title, tier = made.model, ""
    film = clip.film
    return Provenance(title, tier, made.revision, clip.made_at, film.sha256, film.sha256 == request.film_sha256)


def stand_of(actor: Actor, request: ShareRequest, mine: View | None, *, stood_back: bool) -> Stand:
    """Where a request stands for this reviewer."""
    state = RequestState(request.state)
    label = str(state.label).capitalize()
    late = state == RequestState.ESCALATED
    if state in DECIDABLE and stood_back:
        return Stand("plain", label, _("You stood back; another reviewer decides"))
    if state in DECIDABLE and mine is not None:
        return Stand("info", _("Your view is in"), _("A second reviewer decides next; the clock runs on"))
    if state in DECIDABLE and request.assigned_to_id not in {None, actor.pk}:
        return Stand("warn" if late else "info", label, _("Another reviewer has it; you may decide it too"))
    if state in DECIDABLE:
        return Stand("warn" if late else "yours", label, _("Yours to decide"), yours=True)
    nexts = {
        RequestState.QUESTION: _("The artist answers next; the clock stands"),
        RequestState.RESTING: _("You may undo it until it is told")
        if mine is not None
        else _("It rests, then its artist is told"),
        RequestState.IN_APPEAL: _("Somebody other than who decided answers the appeal"),
        RequestState.WITHDRAWN: _("Those who made it took it back; nothing is left to decide"),
    }
    tone = "info" if state in {RequestState.QUESTION, RequestState.RESTING, RequestState.IN_APPEAL} else "plain"
    return Stand(tone, label, nexts.get(state, _("Nothing is left to decide")))


def pins_of(notes: list[Note]) -> list[dict[str, Any]]:
    """Notes as marks on the filmstrip."""
    return [
        {
            "frame": note.first_frame,
            "label": _("Frame %(frame)s: %(text)s") % {"frame": note.first_frame, "text": note.text[:80]},
            "href": f"#note-{note.pk}",
        }
        for note in notes
    ]


def addresses_of(request: ShareRequest) -> dict[str, str]:
    """Where its film, poster and filmstrip are handed out for review."""
    names = {"film": "review_film", "poster": "review_poster", "strip": "review_filmstrip"}
    return {name: reverse(address, args=[request.pk]) for name, address in names.items()}


def _decisions(actor: Actor, request: ShareRequest) -> dict[str, Any]:
    mine = queries.view_of(actor, request)
    conflict = queries.conflict_of(actor, request)
    others = [view for view in queries.views_of(actor, request) if view.reviewer_id != actor.pk]
    may = check("sharing.refuse", actor, request)
    return {
        "mine": mine,
        "others": others,
        "conflict": conflict,
        "may_decide": request.state in DECIDABLE and mine is None and may.allowed,
        "may_approve": check("sharing.approve", actor, request),
        "may_undo": mine is not None
        and request.state in {*DECIDABLE, RequestState.RESTING}
        and check("sharing.undo", actor, request).allowed,
        "may_note": request.state in AT_WORK and conflict is None,
        "may_question": request.state == RequestState.IN_REVIEW,
        "stand": stand_of(actor, request, mine, stood_back=conflict is not None),
    }


def _clock(request: ShareRequest) -> tuple[Clock | None, str]:
    """The clock, and why it stands, in words."""
    clock = clock_of(request, timezone.now()) if request.state in AT_WORK else None
    why = {
        "question": _("The clock stands until the artist answers"),
        "suspension": _("The clock stands while its artist is suspended"),
    }
    return clock, why.get(clock.stopped_by, "") if clock is not None else ""


def _written() -> list[tuple[str, str]]:
    return [("reason", _("Reason")), ("conditions", _("Conditions")), ("question", _("Question"))]


def _wrong(typed: Typed | None) -> dict[str, Any]:
    """Which form was wrong, and whether by its frames."""
    code = typed.refusal.code if typed is not None and typed.refusal is not None else ""
    form = typed.form if typed is not None else ""
    frames = code in {"frames-outside", "frames-unreadable"}
    return {
        "refusal": typed.refusal if typed is not None else None,
        "wrong": form,
        "wrong_frames": frames and form == "decision",
        "wrong_note_frames": frames and form == "note",
    }


def room(actor: Actor, request: ShareRequest, show: str = "", typed: Typed | None = None) -> dict[str, Any]:
    """The context of the page. Without `typed` the fields hold the draft that was kept."""
    queue: Queue = queue_of(actor, show)
    draft = queries.draft_of(actor, request)
    values = {**(draft.values if draft is not None else {}), **(typed.values if typed is not None else {})}
    notes = list(queries.notes_seen_by(actor, request))
    clock, stands = _clock(request)
    clip: Clip = request.clip
    resting = list(queries.resting_of(actor))
    film = check("sharing.review_film", actor, request)
    return {
        **_decisions(actor, request),
        "asked": request,
        "clip": clip,
        "shows_film": film.allowed,
        "no_film": film,
        "urls": addresses_of(request),
        "clock": clock,
        "clock_stands": stands,
        "queue": queue,
        "place": queue.place(request.pk),
        "after": queue.after(request.pk),
        "show": queue.show,
        "notes": notes,
        "pins": pins_of(notes),
        "channels": [str(Channel(name).label) for name in request.channels if name in Channel.values],
        "made_with": list(queries.collaborators_of(request)),
        "grounds": [(one, str(one.ground) in request.checked) for one in queries.grounds()],
        "questions": list(queries.questions_of(request)),
        "precedents": [
            {"request": one, "told": told, "film": one.clip.deleted_at is None, "same": one.clip_id == request.clip_id}
            for one, told in queries.precedents_seen_by(actor, request)
        ],
        "made": provenance_of(request),
        "values": values,
        "written": [(name, values[key]) for key, name in _written() if values.get(key)],
        "last_frame": clip.frames - 1,
        **_wrong(typed),
        "drafted": draft is not None,
        "resting": resting,
        "reviews": actor.holds(Role.REVIEWER),
    }
