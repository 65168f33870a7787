"""What the portal itself knows of a report: versions, model, seeds, size, error code. Never a prompt."""

import re
from typing import Any

from generation.models import Clip, Generation, Take
from portal.version import VERSION

_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+){0,8}")
LONGEST = 200


def film_of(generation: Generation | None) -> Clip | None:
    """The finished film of a generation, while it is not deleted."""
    clip: Clip | None = getattr(generation, "clip", None)
    return clip if clip is not None and clip.deleted_at is None else None


def code_in(text: str) -> str:
    """An error code as it stands in an address; anything else is none."""
    return text if len(text) <= 60 and _CODE.fullmatch(text) else ""  # noqa: PLR2004 - codes are short


def page_in(text: str) -> str:
    """A path of this site, without what follows a question mark: it may carry what somebody typed."""
    path = text.partition("?")[0][:LONGEST]
    return path if path.startswith("/") and not path.startswith("//") else ""


def gather(generation: Generation | None, take: Take | None, *, code: str, page: str, browser: str) -> dict[str, Any]:
    """Plain values in the order they are shown; what is not known is left out."""
    known: dict[str, Any] = {"portal": VERSION}
    if generation is not None:
        seeds = [take.seed] if take is not None else [shot["seed"] for shot in generation.snapshot["shots"]]
        known |= {
            "model": generation.model,
            "revision": generation.revision,
            "generation": str(generation.pk),
            "shot": take and take.position,
            "seed": ", ".join(str(seed) for seed in seeds),
            "size": f"{generation.width}x{generation.height}",
            "fps": f"{float(generation.fps):g}",
            "state": generation.state,
            "error code": (take and take.error_code) or generation.state_code,
        }
    known["error code"] = code_in(code) or known.get("error code", "")
    known |= {"page": page_in(page), "browser": browser[:LONGEST]}
    return {name: value for name, value in known.items() if value}
