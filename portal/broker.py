"""The embedded broker: kombu's filesystem transport with atomic writes, in folders of our own.

The stock transport opens a message under its final name before it writes: a consumer can take it empty, which loses the
message and ends a Celery worker (kombu issue 1551). Here a message appears whole or not at all, and a deleted folder is
made again.
"""

import os
import time
import uuid
from contextlib import suppress
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem
from kombu.utils.encoding import bytes_to_str, str_to_bytes
from kombu.utils.json import dumps, loads


def _write_whole(path: Path, data: bytes) -> None:
    """Write under a hidden name no consumer looks at, then rename."""
    hidden = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    descriptor = os.open(hidden, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    hidden.replace(path)


class Channel(filesystem.Channel):
    """One connection's view of the message folder."""

    def _folder(self) -> Path:
        folder = Path(self.data_folder_out)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # noqa: ARG002 - kombu's signature
        # Wall clock, not monotonic(): the order must hold across a reboot.
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}.msg"
        _write_whole(self._folder() / name, str_to_bytes(dumps(payload)))

    def _waiting(self, queue: str) -> list[Path]:
        with suppress(FileNotFoundError):
            return sorted(
                path for path in self._folder().iterdir() if path.name.endswith(f".{queue}.msg") and path.name[0] != "."
            )
        return []

    def _get(self, queue: str) -> Any:
        for path in self._waiting(queue):
            taken = path.with_name(f".taken.{uuid.uuid4().hex}")
            try:
                path.rename(taken)  # one consumer wins
                data = taken.read_bytes()
            except FileNotFoundError:
                continue
            taken.unlink(missing_ok=True)
            return loads(bytes_to_str(data))
        raise Empty

    def _purge(self, queue: str) -> int:
        count = 0
        for path in self._waiting(queue):
            with suppress(FileNotFoundError):
                path.unlink()
                count += 1
        return count

    def _size(self, queue: str) -> int:
        return len(self._waiting(queue))

    def _table_file(self, exchange: str) -> Path:
        folder = Path(self.control_folder)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder / f"{exchange}.exchange"

    def get_table(self, exchange: str) -> list[Any]:
        """Which queues an exchange feeds."""
        try:
            table = loads(bytes_to_str(self._table_file(exchange).read_bytes()))
        except (FileNotFoundError, ValueError):
            return []
        return [filesystem.exchange_queue_t(*row) for row in table]

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        binding = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        table = self.get_table(exchange)
        if binding not in table:
            _write_whole(self._table_file(exchange), str_to_bytes(dumps([*table, binding])))

    def _delete(self, queue: str, exchange: str, routing_key: str, pattern: str, *args: Any, **kwargs: Any) -> None:  # noqa: ARG002 - kombu's signature
        self._purge(queue)
        binding = filesystem.exchange_queue_t(routing_key or "", pattern or "", queue or "")
        table = self.get_table(exchange)
        if binding in table:
            rest = [row for row in table if row != binding]
            _write_whole(self._table_file(exchange), str_to_bytes(dumps(rest)))


class Transport(filesystem.Transport):
    """What CELERY_BROKER_TRANSPORT names."""

    Channel = Channel
