"""`manage.py models list` and `models fetch NAME`: the registry, and the only command that downloads."""

from argparse import ArgumentParser
from typing import Any

from generation.backends.errors import EngineError
from generation.backends.registry import ModelEntry, Registry
from generation.fetching import fetch
from generation.registry import models
from portal.access import Kind, Refused, denied
from portal.console import USAGE, CommandError, ProgramCommand


class Command(ProgramCommand):
    """Which models this installation knows, and which are here."""

    help = "List the models of the registry, or bring one here."
    acts_as_person = False

    def arguments(self, parser: ArgumentParser) -> None:
        """What to do with the registry."""
        parser.add_argument("what", choices=["list", "fetch"])
        parser.add_argument("name", nargs="?", help="the model to fetch")

    def act(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        """Print the table, or fetch."""
        if (options["what"] == "fetch") != bool(options["name"]):
            raise CommandError("usage: models list | models fetch NAME", returncode=USAGE)
        try:
            registry = models()
            if options["what"] == "fetch":
                return self._fetch(registry.get(options["name"]))
        except EngineError as fault:
            raise Refused("models", denied(fault.code, fault.message, kind=Kind.UNAVAILABLE)) from fault
        return self._list(registry)

    def _fetch(self, entry: ModelEntry) -> tuple[dict[str, Any], list[str]]:
        brought = {"model": entry.name, "revision": entry.revision, **fetch(entry)}
        return brought, [f"{entry.title}: {brought['files']} files here and whole, in {brought['folder']}"]

    def _list(self, registry: Registry) -> tuple[dict[str, Any], list[str]]:
        rows = [
            {
                "name": entry.name,
                "title": entry.title,
                "kind": entry.kind,
                "licence": entry.licence,
                "revision": entry.revision,
                "present": entry.present,
                "sizes": [f"{width}x{height}" for width, height in entry.sizes],
                "seconds": [float(entry.seconds(frames)) for frames in entry.frames],
                "demonstration": entry.demonstration,
            }
            for entry in registry
        ]
        lines = [
            f"{row['name']:20} {'here' if row['present'] else 'not here':9} {row['licence']:12} {row['title']}"
            for row in rows
        ]
        return {"default": registry.default.name, "models": rows}, lines
