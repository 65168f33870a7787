"""Fills a database with consents and uses of the films that are there; rows only, written in bulk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.db import transaction
from django.utils import timezone

from artists.consent.kinds import WORLD, UseKind
from artists.consent.models import AskedWork, Consent, ConsentEvent, ConsentRequest, EventKind, Grant, Use
from artists.consent.states import AskedState
from artists.people.models import Person
from artists.sharing.models import Release
from generation.models import Clip

PER_REQUEST = 40
BATCH = 50  # requests at a time
KINDS = [UseKind.SOCIAL, UseKind.PRESS, UseKind.SCREENING, UseKind.RESEARCH, UseKind.CREDIT]
LIVE = 3  # requests for other uses that are in force; what is in force does not grow with the past
A_DAY = timedelta(days=1)


def consent_to(count: int, ada: Person, sam: Person) -> None:
    """`count` consents of one artist, most of them over, each used once; the newest are the showcase's, in force."""
    clips = [release.request.clip for release in Release.objects.select_related("request__clip")[:PER_REQUEST]]
    now = timezone.now()
    requests = _requests(-(-count // len(clips)), sam, now)
    while batch := list(islice(requests, BATCH)):
        _given(ConsentRequest.objects.bulk_create(batch), clips, ada)


def _requests(count: int, sam: Person, now: datetime) -> Iterator[ConsentRequest]:
    for number in range(count):
        age = count - number
        given = now - 40 * A_DAY - timedelta(hours=age)
        newest = age == 1
        yield ConsentRequest(
            kind=UseKind.SHOWCASE if newest else KINDS[number % len(KINDS)],
            places=[WORLD],
            where="/showcase/" if newest else f"Place {number}",
            starts_at=given,
            ends_at=now + 300 * A_DAY if age <= LIVE else given + 30 * A_DAY,
            currency="EUR",
            fee=number % 3 * 5000,
            text="What for.",
            by=sam,
            by_label=sam.label,
            asked_at=given - A_DAY,
            answer_by=given + A_DAY,
        )


@transaction.atomic
def _given(requests: list[ConsentRequest], clips: list[Clip], ada: Person) -> None:
    pairs = [(request, clip) for request in requests for clip in clips]
    works = AskedWork.objects.bulk_create(
        AskedWork(request=request, clip=clip, kind=request.kind, where=request.where.casefold(), state=AskedState.GIVEN)
        for request, clip in pairs
    )
    consents = Consent.objects.bulk_create(
        Consent(
            asked=work,
            clip=clip,
            kind=request.kind,
            places=request.places,
            where=request.where,
            starts_at=request.starts_at,
            ends_at=request.ends_at,
            fee=request.fee,
            currency=request.currency,
            credit_line="Ada",
            given_at=request.starts_at,
        )
        for work, (request, clip) in zip(works, pairs, strict=True)
    )
    Grant.objects.bulk_create(Grant(consent=consent, person=ada, given_at=consent.given_at) for consent in consents)
    ConsentEvent.objects.bulk_create(
        ConsentEvent(consent=consent, number=1, kind=EventKind.GIVEN, at=consent.given_at, by_label=ada.label)
        for consent in consents
    )
    Use.objects.bulk_create(
        Use(
            consent=consent,
            clip_id=consent.clip_id,
            kind=consent.kind,
            at=consent.given_at + A_DAY,
            place=WORLD,
            where=consent.where,
            currency="EUR",
            reach=number,
            recorded_at=consent.given_at + A_DAY,
            recorded_by_label="Sam",
        )
        for number, consent in enumerate(consents)
    )
