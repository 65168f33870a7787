"""`manage.py suspend`: stop a token, an artist, a cohort, a model or the program."""

from argparse import ArgumentParser
from typing import Any

from portal.access import require
from portal.console import ProgramCommand, acting_person
from portal.program.lookout import wait_until_obeyed
from portal.program.naming import moment, target_called
from portal.program.reach import reach_of
from portal.program.states import Running, Scope
from portal.program.suspending import check_words, suspend

COUNTS = ("people", "generations_running", "generations_queued", "tokens", "releases")


class Command(ProgramCommand):
    """Takes effect at once; the whole program also needs a second person, on the page “Safety”."""

    help = "Stop a token, an artist, a cohort, a model or the whole program."

    def arguments(self, parser: ArgumentParser) -> None:
        """What, why, until when, and what becomes of running films."""
        scope = parser.add_mutually_exclusive_group(required=True)
        scope.add_argument("--token", metavar="PREFIX")
        scope.add_argument("--artist", metavar="EMAIL")
        scope.add_argument("--cohort", metavar="SLUG")
        scope.add_argument("--model", metavar="NAME")
        scope.add_argument("--program", action="store_true")
        parser.add_argument("--reason", required=True, metavar="TEXT", help="those it stops read it")
        parser.add_argument("--until", default="", metavar="ISO", help="when it ends by itself")
        running = parser.add_mutually_exclusive_group()
        running.add_argument("--finish", action="store_true", help="films that are being made may end")
        running.add_argument("--stop", action="store_true", help="pause them too (default)")
        parser.add_argument("--preview", action="store_true", help="only say who would be hit")

    def act(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        """Stop, then wait until every live process has seen it."""
        actor = acting_person(options["actor"])
        scope = next(scope for scope in Scope if options[scope])
        target = target_called(scope, "" if scope == Scope.PROGRAM else options[scope])
        until = moment(options["until"])
        require("program.suspend", actor, target)
        check_words(options["reason"], until)
        hit = dict.fromkeys(COUNTS, 0) | reach_of(target)
        lines = [f"{target.label}: " + ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in hit.items())]
        if options["preview"]:
            return {"suspension": None, **hit, "effective_ms": None}, [*lines, "Nothing was stopped: a preview."]
        running = Running.FINISH if options["finish"] else Running.STOP
        suspension = suspend(target, actor=actor, reason=options["reason"], until=until, running=running)
        seen = wait_until_obeyed(suspension)
        answer = {
            "suspension": str(suspension.pk),
            **hit,
            "effective_ms": seen.milliseconds,
            "processes": seen.processes,
            "missing": seen.missing,
        }
        lines.append(
            f"Suspension {suspension.pk} is in force; {seen.processes} processes obeyed within {seen.milliseconds} ms."
        )
        if seen.missing:
            self.stderr.write(
                f"No answer yet from {', '.join(seen.missing)}; what they are asked is refused all the same."
            )
        if scope == Scope.PROGRAM:
            lines.append("A second person has to ratify it on /staff/safety/ within ten minutes, or it ends by itself.")
        return answer, lines
