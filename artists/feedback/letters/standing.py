"""How a letter stands, in words: the first line of its page."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from artists.feedback.models import OpenLetter
from portal.access import Actor

from .states import LetterState


@dataclass(frozen=True, slots=True)
class Stands:
    """State, whose turn, tone."""

    state: str
    next: str
    tone: str
    yours: bool = False


def _signatures(count: int) -> str:
    return ngettext("%(n)d signature", "%(n)d signatures", count) % {"n": count}


def stands(letter: OpenLetter, actor: Actor, *, signed: int) -> Stands:
    """The first line of its page."""
    own = actor.pk is not None and letter.author_id == actor.pk
    if letter.state == LetterState.PUBLIC:
        return Stands(
            _("Public, with %(signatures)s") % {"signatures": _signatures(signed)},
            _("Nobody can change or remove it"),
            "ok",
        )
    if letter.state == LetterState.WITHDRAWN:
        return Stands(_("You took it back"), _("Nobody else reads it"), "plain")
    if letter.state == LetterState.DRAFT:
        return Stands(_("A draft that only you read"), _("Yours to finish"), "yours", own)
    words = _("%(n)d of %(needed)d signatures") % {"n": signed, "needed": letter.needed or 0}
    if own:
        return Stands(words, _("The other artists read it; with the last one it is public"), "info")
    return Stands(words, _("Among artists until then. Signing is yours to decide"), "info")
