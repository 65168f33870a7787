"""What can go wrong with a film, as a code to act on and a sentence to show."""

import errno
from pathlib import Path

# EDQUOT and EFBIG are the same news as ENOSPC for whoever reads the message: no more bytes fit here.
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


class MediaError(Exception):
    """A film could not be written, read or joined.

    `code` is stable and kebab-case; `message` is a sentence a person can act on; `retry` says whether the same call can
    succeed later without anybody changing anything.
    """

    def __init__(self, code: str, message: str, *, retry: bool = False) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.retry = retry

    def __reduce__(self) -> tuple[object, ...]:
        """Survive the way between processes; the default would call the class with one argument."""
        return (_restored, (self.code, self.message, self.retry))


def _restored(code: str, message: str, retry: bool) -> MediaError:  # noqa: FBT001 - called by pickle, by position
    return MediaError(code, message, retry=retry)


def write_failed(error: BaseException, target: Path) -> MediaError:
    """Name an `error` met while writing `target`: `disk-full`, or `film-unwritten` (which may be retried)."""
    # The folder stays out of the sentence: artists read it. The error behind this one has it, for the log.
    if getattr(error, "errno", None) in _NO_ROOM:
        message = f"The disk is full, {target.name} was not written. Ask the operator to free space, then try again."
        return MediaError("disk-full", message)
    reason = getattr(error, "strerror", None) or error
    message = f"{target.name} could not be written: {reason}. Try again; if it stays, tell the operator."
    return MediaError("film-unwritten", message, retry=True)


def film_broken(path: Path, what: str) -> MediaError:
    """Name a file that cannot be used as a film: `film-broken`; `what` completes "The film NAME ..."."""
    return MediaError("film-broken", f"The film {path.name} {what}. Render it again, or bring it back from a backup.")
