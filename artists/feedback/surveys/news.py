"""News of feedback forms."""

from dataclasses import dataclass
from typing import ClassVar

from portal.happenings import News


@dataclass(frozen=True, slots=True)
class ResponseSent(News):
    """An artist answered a form."""

    kind: ClassVar[str] = "survey.sent"
    response: int


@dataclass(frozen=True, slots=True)
class OutcomeTold(News):
    """Staff said what became of a form; `at` sets two tellings apart."""

    kind: ClassVar[str] = "survey.outcome"
    form: int
    at: str
