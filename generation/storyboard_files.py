"""A storyboard as a file of JSON: written, and read back with a clear sentence for everything that is wrong."""

import json
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from .drafts import Draft, DraftShot
from .limits import LARGEST_SEED, LONGEST_FILM_MS, LONGEST_TITLE, MOST_SHOTS
from .models import Follows

FORMAT = "vernissage-storyboard"
VERSION = 1
LARGEST = 512 * 1024  # bytes: thirty prompts of any sensible length
MOST_SAID = 10
LONGEST_KEPT = 10_000  # characters: more than can be rendered, so that a long text can be brought and then cut


class ImportRefused(Exception):
    """A file that is not taken; `said` are sentences, `code` is stable."""

    def __init__(self, code: str, said: list[str | Promise]) -> None:
        super().__init__(code)
        self.code = code
        self.said = said


def write_file(draft: Draft) -> dict[str, Any]:
    """The storyboard as it is exported. Reference images stay here: pictures leave by their own door."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "title": draft.title,
        "model": draft.model,
        "size": draft.size,
        "look": draft.look,
        "shots": [
            {
                "prompt": shot.prompt,
                "seconds": shot.milliseconds / 1000 if shot.milliseconds else None,
                "seed": shot.seed,
                "follows": str(shot.follows),
                "has_reference": shot.reference_id is not None,
            }
            for shot in draft.shots
        ],
    }


def read_file(upload: UploadedFile | None) -> tuple[Draft, int]:
    """(storyboard, how many of its shots had a reference image). Raises ImportRefused; nothing is guessed."""
    if upload is None:
        raise ImportRefused("import-missing", [_("Choose a file first.")])
    data = upload.read(LARGEST + 1)
    if len(data) > LARGEST:
        words = _("The file is larger than %(kb)s kB; a storyboard is a small text.") % {"kb": LARGEST // 1024}
        raise ImportRefused("import-too-large", [words])
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, RecursionError):
        raise ImportRefused("import-not-json", [_("The file is not JSON in UTF-8.")]) from None
    except json.JSONDecodeError as fault:
        words = _("The file is not JSON: line %(line)s, column %(column)s.") % {
            "line": fault.lineno,
            "column": fault.colno,
        }
        raise ImportRefused("import-not-json", [words]) from None
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        words = _('This is not a storyboard of ours: it does not say "format": "%(format)s".') % {"format": FORMAT}
        raise ImportRefused("import-not-a-storyboard", [words])
    if found.get("version") != VERSION:
        words = _("The file has version %(theirs)s; this program reads version %(ours)s.") % {
            "theirs": str(found.get("version"))[:20],
            "ours": VERSION,
        }
        raise ImportRefused("import-other-version", [words])
    reader = _Reader()
    draft = reader.draft(found)
    if reader.said:
        raise ImportRefused("import-wrong", reader.said[:MOST_SAID])
    return draft, sum(bool(shot.get("has_reference")) for shot in found["shots"])


class _Reader:
    """Reads the values of one file and collects a sentence for each that is wrong."""

    def __init__(self) -> None:
        self.said: list[str | Promise] = []

    def draft(self, found: dict[str, Any]) -> Draft:
        for key in sorted(set(found) - {"format", "version", "title", "model", "size", "look", "shots"}):
            self.said.append(_("%(key)s is not part of a storyboard.") % {"key": key[:60]})
        shots = found.get("shots")
        if not isinstance(shots, list) or not 1 <= len(shots) <= MOST_SHOTS:
            self.said.append(_("shots is a list of 1 to %(most)s shots.") % {"most": MOST_SHOTS})
            shots = []
        return Draft(
            title=self._text(found, "title", LONGEST_TITLE, "title"),
            model=self._text(found, "model", 80, "model"),
            size=self._text(found, "size", 20, "size"),
            look=self._text(found, "look", 80, "look"),
            shots=tuple(self._shot(shot, number) for number, shot in enumerate(shots, start=1)),
        )

    def _shot(self, shot: Any, number: int) -> DraftShot:
        where = _("Shot %(n)s") % {"n": number}
        if not isinstance(shot, dict):
            self.said.append(_("%(where)s is not an object.") % {"where": where})
            return DraftShot()
        for key in sorted(set(shot) - {"prompt", "seconds", "seed", "follows", "has_reference"}):
            self.said.append(_("%(where)s: %(key)s is not part of a shot.") % {"where": where, "key": key[:60]})
        prompt = self._text(shot, "prompt", LONGEST_KEPT, f"{where}: prompt")
        seconds, seed, follows = shot.get("seconds"), shot.get("seed"), shot.get("follows", "cut")
        if seconds is not None and not (_is_number(seconds) and 0 < seconds * 1000 <= LONGEST_FILM_MS):
            most = LONGEST_FILM_MS // 1000
            self.said.append(
                _("%(where)s: seconds is a number up to %(most)s, or null.") % {"where": where, "most": most}
            )
            seconds = None
        if seed is not None and not (isinstance(seed, int) and _is_number(seed) and 0 <= seed <= LARGEST_SEED):
            self.said.append(
                _("%(where)s: seed is a whole number up to %(most)s, or null.") % {"where": where, "most": LARGEST_SEED}
            )
            seed = None
        if follows not in Follows.values:
            self.said.append(_("%(where)s: follows is cut or continue.") % {"where": where})
            follows = Follows.CUT
        return DraftShot(prompt, round(seconds * 1000) if seconds else 0, seed, None, follows, None)

    def _text(self, found: dict[str, Any], key: str, longest: int, where: str) -> str:
        value = found.get(key, "")
        if not isinstance(value, str) or "\0" in value:
            self.said.append(_("%(where)s is a text.") % {"where": where})
            return ""
        if len(value) > longest:
            self.said.append(
                _("%(where)s has %(count)s characters; at most %(most)s are taken.")
                % {"where": where, "count": len(value), "most": longest}
            )
            return ""
        return value


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
