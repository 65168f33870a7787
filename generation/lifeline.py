"""A rendering process whose supervisor was killed ends too: it would otherwise go on unseen, beside its successor."""

import os
import signal
import threading
import time
from typing import Any

from celery.signals import worker_process_init, worker_ready

LOOK_EVERY = 1.0


def _watch(supervisor: int) -> None:
    while os.getppid() == supervisor:
        time.sleep(LOOK_EVERY)
    os.killpg(os.getpgid(0), signal.SIGKILL)  # takes are safe: their lease runs out


@worker_ready.connect
def hold_on(**kwargs: Any) -> None:
    """Watch the supervisor from the moment the worker is ready."""
    del kwargs
    supervisor = os.environ.get("VERNISSAGE_SUPERVISOR")
    if supervisor:
        threading.Thread(target=_watch, args=(int(supervisor),), name="lifeline", daemon=True).start()


@worker_process_init.connect
def look_out(**kwargs: Any) -> None:
    """Obey suspensions in the process that renders, and say so."""
    del kwargs
    from generation.runner import obey, owner_name
    from portal.program import lookout

    lookout.hear(obey)
    lookout.watch("worker", owner_name())
