"""Forms that keep the refusal of a service, so that its code stands above them and everything typed stays."""

from portal.access import Decision, Refused
from portal.program.forms import Saying


class Refusable(Saying):
    """Puts a refusal at its field and above the form."""

    refusal: Decision | None = None

    def say(self, refused: Refused) -> None:
        """At its field, and above."""
        self.refusal = refused.decision
        super().say(refused)

    @property
    def status(self) -> int:
        """The status of the page that shows it."""
        if self.refusal is not None:
            return self.refusal.kind.value
        return 422 if self.errors else 200
