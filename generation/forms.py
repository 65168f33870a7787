"""What the studio's dock sends: kept as typed, read as a draft and as shots asked for."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from django.utils.translation import gettext as _

from generation.backends.looks import Look
from generation.backends.registry import ModelEntry

from .drafts import Draft, DraftShot
from .limits import LARGEST_SEED, LONGEST_FILM_MS, MOST_SHOTS
from .models import Follows, ReferenceImage
from .storyboards import ShotAsked, ShotRefused

Pictures = Mapping[int, ReferenceImage]


@dataclass(slots=True)
class ShotFields:
    """One shot card as typed: everything is kept as text, so that nothing typed is lost on an error."""

    number: int
    prompt: str = ""
    length: str = ""
    seed: str = ""
    follow: str = ""
    drawn: str = ""
    reference: str = ""
    errors: list[str] = field(default_factory=list)

    @property
    def reference_id(self) -> int | None:
        """The number of its reference image, whoever's it may be."""
        return _whole(self.reference)

    def asked(self, pictures: Pictures) -> ShotAsked:
        """The shot asked for. Raises ShotRefused length-invalid, seed-invalid, reference-missing."""
        picture = pictures.get(self.reference_id) if self.reference_id is not None else None
        if self.reference and picture is None:
            words = _("The reference image of shot %(n)s is not there any more.") % {"n": self.number}
            raise ShotRefused(self.number, "reference-missing", words, _("Remove it, or add it again."))
        return ShotAsked(
            prompt=self.prompt,
            seconds=self._number(
                self.length, "length-invalid", _("The length of a shot is a number of seconds."), float
            ),
            seed=self._number(self.seed, "seed-invalid", _("A seed is a whole number."), int),
            follows=self.follow or Follows.CUT,
            reference=picture,
        )

    def _number(self, text: str, code: str, words: str, kind: "type[Number]") -> "Number | None":
        if not text.strip():
            return None
        try:
            found = kind(text)
            if not abs(found) <= 10 * LARGEST_SEED:  # not a number, endless, or too large to compute with
                raise ValueError
        except ValueError:
            todo = _("Nothing was asked for; correct it and try again.")
            raise ShotRefused(self.number, code, words, todo) from None
        return found

    def draft(self, pictures: Pictures) -> DraftShot:
        """The shot as kept; what cannot be kept as a number falls back to the model's length and any seed."""
        seconds = _decimal(self.length)
        known = self.reference_id if self.reference_id in pictures else None
        follows = self.follow if self.follow in Follows.values else Follows.CUT
        return DraftShot(
            prompt=self.prompt.replace("\r\n", "\n").replace("\0", ""),
            milliseconds=min(LONGEST_FILM_MS, round(seconds * 1000)) if seconds > 0 else 0,
            seed=_seed(self.seed),
            drawn=_seed(self.drawn),
            follows=follows,
            reference_id=known,
        )


@dataclass(slots=True)
class DockForm:
    """The dock as typed. `key` names the open page: one key and one text make one film."""

    title: str
    model: str
    size: str
    key: str
    shots: list[ShotFields]
    look: str = ""
    storyboard: str = ""
    version: int = 0
    theirs: int = 0  # the version of the text in another window that this one may replace

    @classmethod
    def of(cls, data: Mapping[str, str]) -> "DockForm":
        """Read a POST; shots without a prompt behind the last written one are only empty cards."""
        count = max(0, min(_whole(data.get("shots-TOTAL_FORMS", "1")) or 0, 4 * MOST_SHOTS)) or 1

        def of_shot(number: int, name: str) -> str:
            return data.get(f"shots-{number - 1}-{name}", "")

        shots = [
            ShotFields(
                number,
                of_shot(number, "prompt"),
                of_shot(number, "length"),
                of_shot(number, "seed"),
                of_shot(number, "follow"),
                of_shot(number, "drawn"),
                "" if of_shot(number, "unpicture") else of_shot(number, "reference"),
            )
            for number in range(1, count + 1)
        ]
        while len(shots) > 1 and not (shots[-1].prompt.strip() or shots[-1].reference):
            shots.pop()
        get = data.get
        return cls(
            title=get("title", ""),
            model=get("model", ""),
            size=get("size", ""),
            key=get("key", "")[:64],
            shots=shots,
            look=get("look", ""),
            storyboard=get("storyboard", ""),
            version=_whole(get("version", "")) or 0,
            theirs=_whole(get("theirs", "")) or 0,
        )

    @classmethod
    def of_draft(cls, draft: Draft, key: str, *, storyboard: str = "", version: int = 0) -> "DockForm":
        """A dock in which this draft stands."""
        shots = [
            ShotFields(
                number,
                shot.prompt,
                f"{shot.milliseconds / 1000:g}" if shot.milliseconds else "",
                "" if shot.seed is None else str(shot.seed),
                shot.follows,
                "" if shot.drawn is None else str(shot.drawn),
                "" if shot.reference_id is None else str(shot.reference_id),
            )
            for number, shot in enumerate(draft.shots or (DraftShot(),), start=1)
        ]
        return cls(draft.title, draft.model, draft.size, key, shots, draft.look, storyboard, version)

    @property
    def storyboard_id(self) -> int | None:
        """The number of the storyboard it is, whoever's it may be."""
        return _whole(self.storyboard)

    @property
    def reference_ids(self) -> list[int]:
        """The numbers of the reference images it names."""
        return [shot.reference_id for shot in self.shots if shot.reference_id is not None]

    @property
    def order_key(self) -> str:
        """One page asking twice for the same is one order; after a change it is another one."""
        same = [self.title, self.model, self.size, self.look]
        same += [repr((shot.prompt, shot.length, shot.seed, shot.follow, shot.reference)) for shot in self.shots]
        return f"{self.key}:{hashlib.sha256(repr(same).encode()).hexdigest()}"

    def asked(self, pictures: Pictures) -> list[ShotAsked]:
        """The shots asked for. Raises ShotRefused."""
        return [shot.asked(pictures) for shot in self.shots]

    def draft(self, pictures: Pictures) -> Draft:
        """What is kept as a storyboard: everything typed, makeable or not."""
        shots = tuple(shot.draft(pictures) for shot in self.shots)
        title = self.title.replace("\0", "").strip()
        return Draft(title[:160], self.model[:80], self.size[:20], self.look[:80], shots)

    def fit(self, entry: ModelEntry, looks: list[Look], chosen: Look | None = None) -> None:
        """Move what a model does not offer to the nearest it does: length, size, look. `chosen` sets what it brings."""
        sizes = [f"{width}x{height}" for width, height in entry.sizes]
        if chosen is not None and chosen.size is not None:
            self.size = f"{chosen.size[0]}x{chosen.size[1]}"
        if self.size not in sizes:
            self.size = sizes[0]
        if self.look not in {look.name for look in looks}:
            self.look = ""
        lengths = [f"{float(entry.seconds(frames)):g}" for frames in entry.frames]
        default = f"{float(entry.seconds(entry.default_frames)):g}"
        for shot in self.shots:
            if chosen is not None and chosen.seconds is not None:
                shot.length = f"{chosen.seconds:g}"
            elif shot.length not in lengths:
                wanted = _decimal(shot.length)
                shot.length = min(lengths, key=lambda one: abs(float(one) - wanted)) if wanted else default


Number = TypeVar("Number", int, float)


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None  # noqa: PLR2004 - 64 bits


def _decimal(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        return 0.0
    return found if 0 < found < 1e6 else 0.0  # noqa: PLR2004 - far beyond the longest film


def _seed(text: str) -> int | None:
    found = _whole(text.strip())
    return found if found is not None and found <= LARGEST_SEED else None
