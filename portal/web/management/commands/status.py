"""`manage.py status`: queue, workers, doors, mail."""

from typing import Any

from portal.console import ProgramCommand
from portal.panels import said, status


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
