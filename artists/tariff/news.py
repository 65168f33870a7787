"""News of the tariff."""

from dataclasses import dataclass
from typing import ClassVar

from portal.happenings import News


@dataclass(frozen=True, slots=True)
class ContributionAccepted(News):
    """Somebody's contribution was accepted; told once for each source, whoever announces it again.

    `source` names what it was ("bug:12"), `contribution` its kind, `quantity` a decimal (hours or count), `at` when it
    was made (ISO 8601), `about` a label for people. None of them carries a prompt or somebody's words.
    """

    kind: ClassVar[str] = "tariff.accepted"
    source: str
    person: int
    contribution: str
    quantity: str
    at: str
    about: str

    @property
    def key(self) -> str:
        """The source alone, so that the same contribution is never counted twice."""
        return f"{self.kind}:{self.source}"


@dataclass(frozen=True, slots=True)
class TariffPublished(News):
    """A version is published; its date may still be to come."""

    kind: ClassVar[str] = "tariff.published"
    version: int
