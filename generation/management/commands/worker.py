"""`manage.py worker`: a generation worker with the right options for this machine."""

from typing import Any

from generation.registry import models
from generation.runner import offers
from generation.supervisor import Supervisor
from portal.access import Kind, Refused, denied
from portal.console import ProgramCommand


class Command(ProgramCommand):
    """Run until stopped; restarts its rendering process when that dies."""

    help = "Render what waits in the queue, until stopped."
    acts_as_person = False

    def act(self, **options: Any) -> tuple[dict[str, Any], list[str]]:
        """Say what is offered, then work."""
        offered = offers()
        if not offered:
            missing = ", ".join(entry.name for entry in models())
            reason = f"None of the registry's models is on this machine ({missing})."
            todo = "Bring one, or point VERNISSAGE_MODELS at another registry."
            raise Refused("worker", denied("worker-without-model", reason, todo=todo, kind=Kind.UNAVAILABLE))
        supervisor = Supervisor()
        if not options["json"]:
            self.stdout.write(f"Worker {supervisor.name} offers {', '.join(offered)}.")
            self.stdout.flush()
        supervisor.run()
        return {"worker": supervisor.name, "offers": offered}, [
            "Worker stopped; what it had begun is back in the queue."
        ]
