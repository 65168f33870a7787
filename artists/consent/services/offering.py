"""Authors offer a use by themselves, where they decide on something else of the same work."""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from artists.consent.models import Answer, AskedWork, Consent, ConsentRequest
from artists.consent.states import SAY_YES
from artists.people.models import Person
from generation.models import Clip
from portal.audit.chain import record
from portal.machine import move
from portal.money import currencies

from .asking import folded
from .giving import give
from .refusing import CONSENT

FOR = timedelta(days=365)


@transaction.atomic
def offer_use(clip: Clip, kind: str, *, authors: Collection[Person], where: str, text: str) -> Consent | None:
    """A consent for a year, everywhere, of people who have each said yes to exactly this on another page of ours.

    The caller vouches for that: sharing does, for whoever asked and confirmed a request "for the showcase too".
    None where the same is being asked already: that question stays theirs to answer.
    """
    now = timezone.now()
    if AskedWork.objects.filter(clip=clip, kind=kind, where=folded(where), state="open").exists():
        return None
    request = ConsentRequest.objects.create(
        kind=kind,
        places=["world"],
        where=where,
        starts_at=now,
        ends_at=now + FOR,
        currency=currencies()[0],
        text=text,
        by_label=CONSENT.label,
        asked_at=now,
        answer_by=now + timedelta(days=1),
    )
    work = AskedWork.objects.create(request=request, clip=clip, kind=kind, where=folded(where))
    record("consent.offer", actor=CONSENT, subject=request, detail={"kind": kind, "work": str(clip.pk)})
    for person in authors:
        given = Answer.objects.create(work=work, person=person)
        move(given, SAY_YES, actor=person, fields={"answered_at": now})
    return give(work)
