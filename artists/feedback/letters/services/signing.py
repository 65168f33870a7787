"""Artists sign a letter, and with the last signature it needs it is public in the same moment, for good."""

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.feedback.letters.news import LetterPublished
from artists.feedback.letters.refusing import COUNT, note, refusal
from artists.feedback.letters.states import PUBLISH, SIGN_AGAIN, TAKE_BACK, SignatureState
from artists.feedback.models import Cosignature, OpenLetter
from artists.people.models import Person
from portal.access import Kind, require
from portal.machine import move
from portal.program.models import Program

from .writing import locked, name_shown


@transaction.atomic
def sign_letter(letter: OpenLetter, *, actor: Person, shown_as: str, read_digest: str) -> Cosignature:
    """One's name under exactly the text that was read.

    Raises Refused letter-changed, letter-own, letter-withdrawn, signed-already, signature-gone, shown-as-unknown.
    """
    fresh = locked(letter)
    require("letters.sign", actor, fresh)
    name = name_shown(actor, shown_as)
    digest = fresh.digest or fresh.text_digest
    if read_digest != digest:
        words = _("Its author has changed this letter since you opened the page.")
        raise refusal("letters.sign", "letter-changed", words, _("Read it again, then sign."), Kind.CONFLICT)
    now = timezone.now()
    if not fresh.digest:
        OpenLetter.objects.filter(pk=fresh.pk, digest="").update(digest=digest)
    signature = Cosignature.objects.filter(letter=fresh, person=actor).first()
    if signature is None:
        signature = Cosignature.objects.create(
            letter=fresh, person=actor, shown_as=shown_as, name=name, digest=digest, signed_at=now
        )
    elif signature.state == SignatureState.SIGNED:
        words = _("You have signed this letter.")
        raise refusal("letters.sign", "signed-already", words, _("Once is enough; nothing was changed."), Kind.CONFLICT)
    else:
        fields = {"name": name, "shown_as": shown_as, "signed_at": now, "ended_at": None}
        signature = move(signature, SIGN_AGAIN, actor=actor, fields=fields)[0]
    note("letters.sign", fresh, digest=digest)
    _publish_when_due(fresh)
    return signature


def _publish_when_due(letter: OpenLetter) -> bool:
    """The promise: nobody is asked. The letter is locked by the caller."""
    signed = Cosignature.objects.filter(letter=letter, state=SignatureState.SIGNED).count()
    if not letter.seeks or letter.needed is None or signed < letter.needed:
        return False
    Program.objects.select_for_update().filter(id=1).first()  # numbers are given one at a time
    last = OpenLetter.objects.aggregate(last=Max("number"))["last"] or 0
    fields = {"number": last + 1, "published_at": timezone.now()}
    detail = {"number": last + 1, "signatures": signed}
    return move(letter, PUBLISH, actor=COUNT, fields=fields, detail=detail, news=LetterPublished(letter.pk))[1]


@transaction.atomic
def take_back_signature(signature: Cosignature, *, actor: Person) -> bool:
    """No longer standing by it. Before publication it no longer counts; after, its name goes and the letter stays.

    True for the call that did.
    """
    letter = locked(signature.letter)
    moved = move(signature, TAKE_BACK, actor=actor, fields={"ended_at": timezone.now()})[1]
    if moved:
        note("letters.take_back", letter)
    return moved
