"""`manage.py status`: queue, workers, doors, mail."""

from datetime import datetime
from typing import Any

from django.utils.timezone import localtime

from portal.console import ProgramCommand
from portal.panels import status


def said(value: Any) -> str:
    """A value as a person reads it: moments to the second with their zone, parts in brackets."""
    if isinstance(value, datetime):
        return f"{localtime(value):%Y-%m-%d %H:%M:%S %Z}"
    if isinstance(value, dict):
        return f"({', '.join(f'{key} {said(one)}' for key, one in value.items())})" if value else "none"
    if isinstance(value, list | tuple | set | frozenset):
        return " ".join(said(one) for one in value) or "none"
    return str(value)


class Command(ProgramCommand):
    """What every subject says of itself."""

    help = "Queue, workers, doors, mail."
    acts_as_person = False

    def act(self, **options: Any) -> tuple[dict[str, Any], list[str]]:  # noqa: ARG002 - argparse's values
        """Print all parts."""
        parts = status()
        lines = [
            f"{name}: " + (", ".join(f"{key} {said(value)}" for key, value in part.items()) or "none")
            for name, part in parts.items()
        ]
        return dict(parts), lines
