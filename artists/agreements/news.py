"""News of agreements."""

from dataclasses import dataclass
from typing import ClassVar

from portal.happenings import News


@dataclass(frozen=True, slots=True)
class AgreementPublished(News):
    """A version is published; its date may still be to come."""

    kind: ClassVar[str] = "agreements.published"
    version: int


@dataclass(frozen=True, slots=True)
class AgreementSigned(News):
    """Somebody signed."""

    kind: ClassVar[str] = "agreements.signed"
    signature: int
