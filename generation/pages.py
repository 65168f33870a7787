"""What job cards and film pages show, as plain values."""

from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from generation.backends.registry import ModelEntry

from .estimates import Line, Place, Span, place
from .models import Generation, Take
from .registry import models
from .states import ENDED, GenerationState, TakeState

MINUTE = 60
TONES = {
    GenerationState.QUEUED: "info",
    GenerationState.RENDERING: "info",
    GenerationState.PAUSED: "warn",
    GenerationState.DONE: "ok",
    GenerationState.FAILED: "stop",
    GenerationState.REFUSED: "stop",
    GenerationState.CANCELLED: "plain",
}


def shot_pins(shots: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Marks on a film where its shots begin, from a generation's snapshot; nothing to mark in a film of one shot."""
    starts = accumulate((shot["frames"] for shot in shots), initial=0)
    pins = [
        {
            "frame": start,
            "label": _("Shot %(n)d begins at frame %(frame)d") % {"n": n, "frame": start},
            "href": f"#shot-{n}",
        }
        for n, (start, _shot) in enumerate(zip(starts, shots, strict=False), start=1)
    ]
    return pins if len(pins) > 1 else []


def span_words(span: Span) -> str:
    """A range as people say it: "10 to 25 s", "1 to 3 min"; never more exact than it is."""
    low, high = max(1, round(span.low)), max(2, round(span.high))
    if high < 2 * MINUTE:
        step = 5 if high > 20 else 1  # noqa: PLR2004 - a range in single seconds only where they count
        low, high = max(1, low // step * step), -(-high // step) * step
        return _("%(low)s to %(high)s s") % {"low": low, "high": high}
    low, high = max(1, low // MINUTE), -(-high // MINUTE)
    if low == high:
        return _("about %(high)s min") % {"high": high}
    return _("%(low)s to %(high)s min") % {"low": low, "high": high}


def _shot_row(take: Take) -> dict[str, Any]:
    states = {TakeState.DONE: "done", TakeState.FAILED: "failed", TakeState.RENDERING: "running"}
    if take.state == TakeState.RENDERING and take.steps:
        words = f"{take.phase} {take.step}/{take.steps}"
    else:
        words = take.get_state_display()
    done = 100 if take.state == TakeState.DONE else round(100 * take.step / take.steps) if take.steps else 0
    return {
        "label": take.prompt,
        "state": states.get(TakeState(take.state), "waiting"),
        "words": words,
        "done": done,
        "of": 100,
    }


def _position(where: Place) -> str:
    """What comes first, and why."""
    parts = []
    if where.own:
        parts.append(ngettext("%(n)s shot of your own", "%(n)s shots of your own", where.own) % {"n": where.own})
    if where.others:
        shots = ngettext("at most %(n)s shot", "at most %(n)s shots", where.others) % {"n": where.others}
        artists = ngettext("of %(n)s other artist", "of %(n)s other artists", where.artists) % {"n": where.artists}
        parts.append(_("%(shots)s %(artists)s, who take turns with you") % {"shots": shots, "artists": artists})
    if not parts:
        return _("It is next.")
    return _("Before it: %(what)s.") % {"what": _(" and ").join(parts)}


def _said(generation: Generation, takes: list[Take], lines: Mapping[str, Line]) -> str:
    if generation.state == GenerationState.PAUSED:
        return _("%(reason)s Finished shots are kept; it goes on by itself.") % {"reason": generation.state_reason}
    left = [take for take in takes if take.state != TakeState.DONE]
    entry = _entry(generation.model)
    line = lines.get(generation.model) or Line.of(generation.model)
    if not line.workers:
        return _("No worker is here now; it waits in the queue. You can close this page, we will write.")
    if entry is None:
        return _("You can close this page, we will write.")
    where = place(entry, generation, left, line)
    going = any(take.state == TakeState.RENDERING for take in left)
    position = "" if going or not left else f" {_position(where)}"
    if where.wait is None or not left:
        return _("It is being put together. You can close this page, we will write.")
    wait = _("Ready in %(span)s.") % {"span": span_words(where.wait)}
    return _("%(wait)s%(position)s You can close this page, we will write.") % {"wait": wait, "position": position}


def _entry(model: str) -> ModelEntry | None:
    return next((one for one in models() if one.name == model), None)


def job(generation: Generation, lines: Mapping[str, Line] | None = None) -> dict[str, Any]:
    """A job card."""
    takes = sorted(generation.takes.all(), key=lambda take: take.position)
    ended = generation.state in ENDED
    page = reverse("generation", args=[generation.pk])
    return {
        "id": f"job-{generation.pk}",
        "title": generation.title,
        "href": page,
        "tone": TONES[GenerationState(generation.state)],
        "state": generation.get_state_display(),
        "said": "" if ended else _said(generation, takes, lines or {}),
        "shots": [_shot_row(take) for take in takes],
        "poll": "" if ended else f"{page}?card",
        "stop_url": "" if ended else reverse("generation_cancel", args=[generation.pk]),
    }


def jobs(generations: QuerySet[Generation]) -> list[dict[str, Any]]:
    """Job cards of what is under way; the line of each model is read once."""
    found = list(generations)
    lines = {model: Line.of(model) for model in {generation.model for generation in found}}
    return [job(generation, lines) for generation in found]
