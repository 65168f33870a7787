"""Files that appear whole or not at all: hidden beside the target, synced, then renamed."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from generation.media.errors import MediaError, write_failed

PART_SUFFIX = ".part"


class PartFile:
    """A file on its way to `target`. Write to `path`, then `land()` or `drop()`.

    The part lies in the folder of the target because a rename is atomic only within one file system. Its name is drawn
    anew each time: two workers with the same take (one fenced off, but not aware of it yet) must not share a part.
    """

    def __init__(self, target: Path) -> None:
        """Create the empty part at once, so that a missing or read-only folder shows before any work is spent."""
        self.target = target.absolute()
        self.path = self.target.with_name(f".{self.target.name}.{secrets.token_hex(6)}{PART_SUFFIX}")
        try:
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        except OSError as error:
            raise write_failed(error, self.target) from error

    def land(self) -> None:
        """Make the part the target, on disk and for good; on any error nothing is left and MediaError is raised."""
        try:
            _sync(self.path)
            self.path.replace(self.target)
            _sync(self.target.parent)
        except OSError as error:
            self.drop()
            raise write_failed(error, self.target) from error

    def drop(self) -> None:
        """Remove the part; nothing happens when it is gone already."""
        self.path.unlink(missing_ok=True)


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """Give a path to write to that becomes `target` when the block ends well, and vanishes when it does not.

    An OSError of the block becomes a MediaError (`disk-full` or `film-unwritten`).
    """
    part = PartFile(target)
    try:
        yield part.path
    except MediaError:
        part.drop()
        raise
    except OSError as error:
        part.drop()
        raise write_failed(error, part.target) from error
    except BaseException:
        part.drop()
        raise
    part.land()


def _sync(path: Path) -> None:
    """Have the kernel put a file, or a folder's list of names, on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
