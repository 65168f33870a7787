"""What holds a clip where it is: subjects above register what they do with clips, for example show them in public."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Exists, QuerySet

from portal.access import Decision

from .models import Clip


@dataclass(frozen=True, slots=True)
class Hold:
    """While `held` (an Exists over OuterRef("pk")) is true for a clip, `refusal` is the answer to deleting it."""

    name: str
    label: str
    tone: str
    held: Callable[[], Exists]
    refusal: Decision


_HOLDS: dict[str, Hold] = {}


def register_hold(hold: Hold) -> None:
    """Let a subject say what it holds clips for."""
    _HOLDS[hold.name] = hold


def holds() -> list[Hold]:
    """All of them, by name."""
    return [_HOLDS[name] for name in sorted(_HOLDS)]


def with_holds(clips: QuerySet[Clip]) -> QuerySet[Clip]:
    """With `held_NAME` for each, so that a page can say it of every clip in one query."""
    return clips.annotate(**{f"held_{hold.name}": hold.held() for hold in holds()})


def hold_of(clip: Clip) -> Hold | None:
    """The first thing that holds this clip, asked anew."""
    row = with_holds(Clip.objects.filter(pk=clip.pk)).first()
    return None if row is None else next((hold for hold in holds() if getattr(row, f"held_{hold.name}")), None)


def held_for(clips: QuerySet[Clip], name: str) -> QuerySet[Clip]:
    """The clips one subject holds; "none": those nobody holds."""
    if name == "none":
        for hold in holds():
            clips = clips.filter(~hold.held())
        return clips
    hold = _HOLDS.get(name)
    return clips if hold is None else clips.filter(hold.held())
