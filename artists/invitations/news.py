"""News of invitations."""

from dataclasses import dataclass
from typing import ClassVar

from portal.happenings import News


@dataclass(frozen=True, slots=True)
class InvitationAnswered(News):
    """Somebody accepted or declined."""

    kind: ClassVar[str] = "invitations.answered"
    invitation: int
    state: str


@dataclass(frozen=True, slots=True)
class NewInvitationAsked(News):
    """The holder of an expired link would like a new one."""

    kind: ClassVar[str] = "invitations.asked_again"
    invitation: int
    at: str
