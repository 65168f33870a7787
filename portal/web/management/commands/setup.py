"""`manage.py setup`: the database and what stands beside it, ready for this version of the code."""

from typing import Any

from django.conf import settings
from django.core.management import call_command

from portal.console import ProgramCommand


class Command(ProgramCommand):
    """Idempotent; seconds when nothing changed."""

    help = "Bring database, cache table and static files up to date."
    acts_as_person = False
    migrates = True

    def act(self, **options: Any) -> tuple[dict[str, Any], list[str]]:  # noqa: ARG002 - argparse's values
        """Migrate, make the cache table, collect static files."""
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        call_command("collectstatic", verbosity=0, interactive=False)
        return {"home": str(settings.VERNISSAGE_HOME)}, [f"Ready in {settings.VERNISSAGE_HOME}."]
