"""The program's part of `manage.py status`."""

from typing import Any

from portal.panels import register_status

from .lookout import live
from .models import Cohort, Program
from .stopping import in_force


def program_status() -> dict[str, Any]:
    """Which doors are open."""
    program = Program.objects.filter(id=1).first()
    return {
        "name": program.name if program else None,
        "state": program.state if program else "not started",
        "cohorts": {cohort.slug: cohort.state for cohort in Cohort.objects.order_by("slug")},
    }


def suspension_status() -> dict[str, Any]:
    """What is suspended now: target, since, until, why."""
    stopped = in_force().select_related("token", "artist", "cohort")
    return {
        str(one.pk): {
            "target": one.target,
            "since": one.since,
            "until": one.until,
            "reason": one.reason,
            "by": one.by_label,
        }
        for one in stopped
    }


def lookout_status() -> dict[str, Any]:
    """Processes that obey suspensions, and the newest epoch each has seen."""
    return {one.name: {"kind": one.kind, "epoch": one.epoch} for one in live()}


register_status("program", program_status)
register_status("suspensions", suspension_status)
register_status("lookouts", lookout_status)
