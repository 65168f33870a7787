"""Read what an artist asks for, and refuse what cannot be made: always with a code, before anything is written."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NoReturn

from django.utils.translation import gettext_lazy as _

from generation.backends.errors import EngineError
from generation.backends.looks import Look
from generation.backends.registry import ModelEntry
from portal.access import Kind, Refused, denied

from .limits import LARGEST_SEED, LONGEST_FILM_MS, LONGEST_PROMPT, MOST_SHOTS
from .models import Follows, ReferenceImage


@dataclass(frozen=True, slots=True)
class ShotAsked:
    """One shot as asked; `seconds` None means the model's own length."""

    prompt: str
    seconds: float | None = None
    seed: int | None = None
    follows: str = Follows.CUT
    reference: ReferenceImage | None = None


@dataclass(frozen=True, slots=True)
class ShotPlanned:
    """One shot as it will be rendered; `prompt` is what the model is given, `typed` what the artist wrote."""

    prompt: str
    typed: str
    frames: int
    milliseconds: int
    seed: int
    follows: str
    reference: ReferenceImage | None

    def snapshot(self) -> dict[str, Any]:
        """The shot as the generation keeps it."""
        return {
            "prompt": self.prompt,
            "typed": self.typed,
            "frames": self.frames,
            "seed": self.seed,
            "follows": str(self.follows),
            "reference": self.reference.pk if self.reference else None,
        }


class ShotRefused(Refused):
    """What is wrong with one shot: said at its card. `number` counts from 1."""

    def __init__(self, number: int, code: str, reason: Any, todo: Any) -> None:
        super().__init__("generation.submit", denied(code, reason, todo=todo, kind=Kind.INVALID))
        self.number = number


def _refuse(code: str, reason: Any, todo: Any) -> NoReturn:
    raise Refused("generation.submit", denied(code, reason, todo=todo, kind=Kind.INVALID))


def plan_look(looks: Sequence[Look], name: str | None) -> Look | None:
    """The look of this name among those offered with the model. Raises Refused look-not-offered."""
    if not name:
        return None
    for look in looks:
        if look.name == name:
            return look
    _refuse("look-not-offered", _("This model is not offered with this look."), _("Choose another look, or none."))


def plan_size(entry: ModelEntry, size: str | None) -> tuple[int, int]:
    """(width, height) out of the model's ladder. `size` reads "WxH"; None is the first. Raises Refused size-not-offered."""
    if not size:
        return entry.sizes[0]
    for width, height in entry.sizes:
        if size.lower().replace("×", "x").replace(" ", "") == f"{width}x{height}":
            return width, height
    offered = ", ".join(f"{width}x{height}" for width, height in entry.sizes)
    _refuse(
        "size-not-offered",
        _("%(model)s does not make films of this size.") % {"model": entry.title},
        _("It makes %(sizes)s.") % {"sizes": offered},
    )


def _plan_shot(entry: ModelEntry, number: int, asked: ShotAsked, look: Look | None) -> ShotPlanned:
    def refuse(code: str, reason: Any, todo: Any) -> NoReturn:
        raise ShotRefused(number, code, reason, todo)

    typed = asked.prompt.strip()
    if not typed:
        refuse("prompt-empty", _("Shot %(n)s has no prompt.") % {"n": number}, _("Describe what is seen."))
    if len(typed) > LONGEST_PROMPT:
        refuse(
            "prompt-too-long",
            _("The prompt of shot %(n)s has %(count)s characters.") % {"n": number, "count": len(typed)},
            _("Keep it under %(most)s.") % {"most": LONGEST_PROMPT},
        )
    seed = secrets.randbelow(LARGEST_SEED + 1) if asked.seed is None else asked.seed
    if not 0 <= seed <= LARGEST_SEED:
        refuse("seed-out-of-range", _("This seed is out of range."), _("Use 0 to %(most)s.") % {"most": LARGEST_SEED})
    if asked.follows not in Follows.values:
        refuse("follows-unknown", _("A shot follows by cut or by continue."), _("Choose one of the two."))
    needs_picture = asked.reference is not None or asked.follows == Follows.CONTINUE
    if needs_picture and not entry.takes_reference:
        refuse(
            "reference-not-taken",
            _("%(model)s starts from words only: it takes no reference image and cannot continue a shot.")
            % {"model": entry.title},
            _("Remove the image and let the shot follow by a cut, or choose another model."),
        )
    if number == 1 and asked.follows == Follows.CONTINUE:
        refuse("nothing-to-continue", _("The first shot has no shot before it."), _("Let it begin with a cut."))
    if asked.follows == Follows.CONTINUE and asked.reference is not None:
        refuse(
            "reference-and-continue",
            _("Shot %(n)s continues the shot before it: its first picture is given.") % {"n": number},
            _("Remove its reference image, or let it follow by a cut."),
        )
    try:
        frames = entry.default_frames if asked.seconds is None else entry.frames_for(asked.seconds)
    except EngineError as fault:
        refuse(fault.code, fault.message, _("Change the length of shot %(n)s.") % {"n": number})
    milliseconds = round(entry.seconds(frames) * 1000)
    prompt = look.applied(typed) if look else typed
    return ShotPlanned(prompt, typed, frames, milliseconds, seed, asked.follows, asked.reference)


def plan_shots(entry: ModelEntry, asked: Sequence[ShotAsked], look: Look | None = None) -> list[ShotPlanned]:
    """The shots as they will be rendered. Raises Refused for everything that cannot be made."""
    if not asked:
        _refuse("shot-missing", _("There is no shot."), _("Add at least one."))
    if len(asked) > MOST_SHOTS:
        _refuse("shots-too-many", _("A storyboard has at most %(n)s shots.") % {"n": MOST_SHOTS}, _("Remove some."))
    wanted = sum(shot.seconds or 0 for shot in asked) * 1000
    if wanted > LONGEST_FILM_MS:
        _too_long(wanted)
    planned = [_plan_shot(entry, number, shot, look) for number, shot in enumerate(asked, start=1)]
    total = sum(shot.milliseconds for shot in planned)
    if total > LONGEST_FILM_MS:
        _too_long(total)
    return planned


def _too_long(milliseconds: float) -> NoReturn:
    _refuse(
        "film-too-long",
        _("This film would last %(seconds)s s; the longest is %(most)s s.")
        % {"seconds": f"{milliseconds / 1000:g}", "most": LONGEST_FILM_MS // 1000},
        _("Shorten or remove shots."),
    )
