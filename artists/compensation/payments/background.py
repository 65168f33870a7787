"""Calls to a rail take seconds: the sweep that begins them goes on meanwhile. One thread for each name in a process."""

import logging
import threading
from collections.abc import Callable

from django.db import connection

log = logging.getLogger(__name__)
_RUNNING: dict[str, threading.Thread] = {}
_LOCK = threading.Lock()


def in_background(name: str, act: Callable[[], object]) -> bool:
    """Run `act` beside whoever asks, unless the last one of this name still runs. A process that dies in it loses nothing."""

    def run() -> None:
        try:
            act()
        except Exception:
            log.exception("%s failed; it is tried again", name)
        finally:
            connection.close()

    with _LOCK:
        running = _RUNNING.get(name)
        if running is not None and running.is_alive():
            return False
        _RUNNING[name] = threading.Thread(target=run, name=name, daemon=True)
        _RUNNING[name].start()
    return True
