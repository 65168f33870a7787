"""A payment that somebody made at the bank, written down with its reference and, where there is one, a proof."""

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.compensation.awards.services import settle_award
from artists.compensation.ledger.books import About, enter
from artists.compensation.ledger.states import EntryKind
from artists.compensation.models import Entry, Payment
from artists.compensation.payments.holds import OF_THE_WAY
from artists.compensation.payments.news import PaymentSent
from artists.compensation.payments.states import RECORD, PaymentState, Rail
from artists.compensation.refusing import refusal
from artists.people.models import Person
from artists.people.proofs import require_recent
from portal.access import require
from portal.machine import move
from portal.storage.models import StoredFile
from portal.storage.shelf import store_bytes, throw_away

from .sending import check_held, moved_on
from .settling import locked

ACT = "payment.record"
LONGEST_REFERENCE = 120
LARGEST_PAPER = 5 * 1024 * 1024
FOLDER = "payment-proofs"
_PDF, _PDF_END = b"%PDF-", b"%%EOF"


def _reference_in(text: str) -> str:
    kept = " ".join(text.split())
    if not kept:
        words = _("A payment by hand has a reference: the words by which its artist finds it at the bank.")
        raise refusal(ACT, "reference-missing", words, _("Nothing was written down."))
    if len(kept) > LONGEST_REFERENCE:
        words = _("It has up to %(most)s characters.") % {"most": LONGEST_REFERENCE}
        raise refusal(ACT, "reference-long", words, _("Shorten it; what you typed is kept."))
    return kept


def _proof_in(upload: "UploadedFile[Any]") -> StoredFile:
    """A PDF as it is, saved and never shown in a browser; a picture drawn anew, so that nothing else is in it."""
    head = upload.read(len(_PDF))
    if head != _PDF:
        # Decoders are for whoever sends a picture: every other process starts and stays without.
        from portal.storage.images import ImageRefused, read_reference

        try:
            image = read_reference(upload)
        except ImageRefused as refused:
            words = _("The proof is a PDF, or a picture as PNG, JPEG or WebP.")
            raise refusal(ACT, "proof-unreadable", words, str(refused.message)) from None
        return store_bytes(image.png, folder=FOLDER, name="proof.png", content_type="image/png")
    upload.seek(0)
    data = upload.read(LARGEST_PAPER + 1)
    if len(data) > LARGEST_PAPER or _PDF_END not in data[-2048:]:
        words = _("This PDF is damaged, or larger than 5 MB.")
        raise refusal(ACT, "proof-unreadable", words, _("Save it again; nothing was written down."))
    return store_bytes(data, folder=FOLDER, name="proof.pdf", content_type="application/pdf")


def record_by_hand(
    payment: Payment, *, actor: Person, proof: datetime | None, reference: str, file: "UploadedFile[Any] | None" = None
) -> Payment:
    """Write down that it was paid outside of the portal, with a second factor shown at `proof`. What the way to Stripe would hold does not count.

    Raises Refused role, own-money, second-factor-old, reference-missing, reference-long, proof-unreadable, payment-moved, or with the
    code of what holds it.
    """
    require(ACT, actor, payment)
    require_recent(ACT, proof)
    kept = _reference_in(reference)
    stored = None if file is None else _proof_in(file)
    try:
        return _record(payment, actor, kept, "" if stored is None else stored.key)
    except Exception:
        if stored is not None:
            throw_away(stored)
        raise


@transaction.atomic
def _record(payment: Payment, actor: Person, reference: str, proof: str) -> Payment:
    fresh = locked(payment)
    if fresh.state != PaymentState.READY:
        raise moved_on(fresh, ACT)
    check_held(fresh, ACT, beside=OF_THE_WAY)
    number = Entry.objects.filter(payment=fresh, kind=EntryKind.HAND).count() + 1
    done, moved = move(
        fresh,
        RECORD,
        actor=actor,
        fields={"rail": Rail.MANUAL, "reference": reference, "proof": proof, "sent_at": timezone.now()},
        where={"held_reason": ""},
        detail={"reference": reference},
        news=PaymentSent(str(fresh.pk), -number),
    )
    if not moved:
        raise moved_on(done, ACT)
    enter(
        EntryKind.HAND,
        fresh.amount,
        key=f"hand-{fresh.pk}" if number == 1 else f"hand-{fresh.pk}-{number}",
        actor=actor,
        currency=fresh.currency,
        person=fresh.payee,
        about=About(award=fresh.award, payment=fresh, memo=reference),
    )
    settle_award(fresh.award, actor=actor)
    return done


def proof_of(payment: Payment) -> StoredFile | None:
    """The file kept with a payment by hand."""
    return StoredFile.objects.filter(key=payment.proof).first() if payment.proof else None
