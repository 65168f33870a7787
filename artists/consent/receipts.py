"""The receipt of a consent, with the fields of ISO/IEC TS 27560:2023 as the W3C's DPV guide to it names them.

Source: W3C Data Privacy Vocabularies and Controls CG, "Guide for implementing ISO/IEC TS 27560 with DPV". What the standard has
no field for (work, place, fee, credit, conditions) stands under "vernissage".
"""

from typing import Any

from django.conf import settings

from portal.program.queries import the_program

from .kinds import CANNOT_BE_UNDONE, SAYS, STOPS_WITHIN_DAYS, UseKind
from .models import Consent, ConsentEvent, EventKind

SCHEMA_VERSION = "ISO-27560-2023"
STATES = {
    EventKind.GIVEN: "given",
    EventKind.USED: "given",
    EventKind.PAUSED: "suspended",
    EventKind.RESUMED: "given",
    EventKind.WITHDRAWN: "withdrawn",
}


def _address(path: str) -> str:
    return settings.VERNISSAGE_BASE_URL.rstrip("/") + path


def _parties(consent: Consent) -> list[dict[str, Any]]:
    program = the_program()
    controller = {
        "party_id": "controller",
        "party_type": "controller",
        "party_name": program.name if program else "",
        "party_address": settings.VERNISSAGE_BASE_URL,
        "party_contact": (program.contact if program else "") or settings.DEFAULT_FROM_EMAIL,
    }
    people = [grant.person for grant in consent.grants.select_related("person").order_by("pk")]
    return [controller] + [
        {
            "party_id": f"principal-{person.pk}",
            "party_type": "data_subject",
            "party_name": person.name,
            "party_address": settings.VERNISSAGE_BASE_URL,
            # Co-authors and staff hold this receipt too: people are reached through the program.
            "party_contact": controller["party_contact"],
        }
        for person in people
    ]


def _event(event: ConsentEvent, consent: Consent) -> dict[str, Any]:
    return {
        "event_time": event.at.isoformat(),
        "validity_duration": f"{consent.starts_at.isoformat()}/{consent.ends_at.isoformat()}",
        "entity_id": event.by_label,
        "event_type": event.kind,
        "event_state": STATES[EventKind(event.kind)],
        "detail": event.detail,
    }


def receipt_of(consent: Consent) -> dict[str, Any]:
    """The whole receipt as plain values for JSON; moments are ISO 8601, amounts minor units."""
    kind = UseKind(consent.kind)
    people = list(consent.grants.order_by("pk").values_list("person_id", flat=True))
    return {
        "header": {
            "schema_version": SCHEMA_VERSION,
            "record_id": str(consent.asked_id),
            "receipt_id": str(consent.pk),
            "pii_principal_id": [f"principal-{pk}" for pk in people],
        },
        "processing": {
            "privacy_notice": _address("/grounds/"),
            "language": "en",
            "purposes": [
                {
                    "purpose": str(kind.label),
                    "purpose_type": kind.value,
                    "description": str(SAYS[kind]),
                    "lawful_basis": "consent",
                    "pii_information": [
                        {"pii_type": "film", "pii_optional": True},
                        {"pii_type": "credit line", "pii_optional": True},
                    ],
                    "pii_controllers": ["controller"],
                    "storage_locations": [settings.VERNISSAGE_BASE_URL],
                    "retention_period": consent.ends_at.isoformat(),
                    "jurisdiction": consent.places,
                    "recipient_third_parties": [consent.where],
                    "withdrawal_method": _address(f"/me/uses/consents/{consent.pk}/"),
                }
            ],
        },
        "parties": _parties(consent),
        "events": [_event(event, consent) for event in consent.events.order_by("number")],
        "vernissage": {
            "work": {"clip": str(consent.clip_id), "title": consent.clip.title},
            "use": kind.value,
            "where": consent.where,
            "places": consent.places,
            "starts_at": consent.starts_at.isoformat(),
            "ends_at": consent.ends_at.isoformat(),
            "fee": {"amount": consent.fee, "currency": consent.currency},
            "credit_line": consent.credit_line,
            "conditions": consent.conditions,
            "state": consent.state,
            "withdrawal": {
                "stops_within_days": STOPS_WITHIN_DAYS[kind],
                "cannot_be_undone": str(CANNOT_BE_UNDONE[kind]),
            },
        },
    }
