"""`manage.py export_training`: works with a live training consent of all authors, and what proves it."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from artists.consent.kinds import WORLD
from artists.consent.services.training import check_manifest, export_training
from portal.console import CommandError, ProgramCommand, acting_person


class Command(ProgramCommand):
    """--out writes films and a manifest; --check lists what may no longer be used of an earlier one (exit 1 if any)."""

    help = "Export the works that may train a model, or check an earlier export."

    def arguments(self, parser: ArgumentParser) -> None:
        """One of the two."""
        parser.add_argument("--out", type=Path, metavar="DIR", help="a new folder for films and manifest.json")
        parser.add_argument("--check", type=Path, metavar="MANIFEST", help="the manifest.json of an earlier export")
        parser.add_argument(
            "--place", default=WORLD, help="where the training happens: a country's two letters (default: world)"
        )

    def act(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        """Export, or check."""
        if (options["out"] is None) == (options["check"] is None):
            message = "name either --out DIR or --check MANIFEST"
            raise CommandError(message, returncode=2)
        if options["check"] is not None:
            answer = check_manifest(options["check"])
            lines = [f"{one['code']}: {one['file']} {one['since']}".rstrip() for one in answer["gone"]]
            return answer | {"_exit": int(bool(answer["gone"]))}, [
                *lines,
                f"{answer['works']} works, {len(lines)} no longer allowed",
            ]
        answer = export_training(options["out"], actor=acting_person(options["actor"]), place=options["place"])
        left = [f"{one['code']}: {one['clip']}" for one in answer["refused"]]
        return answer, [*left, f"{answer['works']} works in {answer['manifest']}"]
