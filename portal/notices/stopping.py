"""The signed address in a mail that stops mail of its kind, for whoever holds it: no sign-in, no end date (RFC 8058)."""

from dataclasses import dataclass

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from .kinds import DIGEST, known_kind

_SIGNER = Signer(salt="portal.notices.stopping")


@dataclass(frozen=True, slots=True)
class Stop:
    """Whose mail, and of which kind: the name of one, or the digest."""

    person: int
    kind: str


def stoppable(kind: str) -> bool:
    """Whether mail of this kind can be stopped: the digest, and every kind that is not binding."""
    known = known_kind(kind)
    return kind == DIGEST or (known is not None and not known.binding)


def stop_path(stop: Stop) -> str:
    """The path of the page that stops it."""
    return reverse("mail_stop", args=[_SIGNER.sign_object([stop.person, stop.kind])])


def read_stop(signed: str) -> Stop | None:
    """What this address stops; None when we did not write it."""
    try:
        person, kind = _SIGNER.unsign_object(signed)
    except (BadSignature, ValueError, TypeError):
        return None
    return Stop(person, kind)
