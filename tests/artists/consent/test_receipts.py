"""The receipt: the fields of the standard, and a history that follows the consent."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from artists.consent.models import Consent
from artists.consent.receipts import receipt_of
from artists.consent.services import pause_consents, record_use, resume_consents, withdraw_consent
from artists.consent.services.register import Happened
from artists.people.models import Person
from generation.models import Clip
from tests.factories.consent import given

SCHEMA = json.loads((Path(__file__).parents[3] / "artists/consent/receipt.schema.json").read_text())
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FormatChecker())


@pytest.fixture
def consent(ada: Person, sam: Person, clip_of: Callable[..., Clip]) -> Consent:
    """Ada's."""
    return given(clip_of(ada), sam, fee=5000, places=("DE", "FR"))


def test_receipt_has_the_fields_of_the_standard(consent: Consent) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    receipt = json.loads(json.dumps(receipt_of(consent)))
    VALIDATOR.validate(receipt)
    assert receipt["header"]["receipt_id"] == str(consent.pk)
    # Co-authors and staff hold it too: nobody's address is in it.
    assert consent.grants.get().person.email not in json.dumps(receipt)
    assert receipt["vernissage"]["fee"] == {"amount": 5000, "currency": "EUR"}
    assert receipt["processing"]["purposes"][0]["jurisdiction"] == ["DE", "FR"]


@pytest.mark.parametrize("part", ["header", "processing", "parties", "events"])
def test_receipt_without_a_part_does_not_pass(consent: Consent, part: str) -> None:
    receipt = json.loads(json.dumps(receipt_of(consent)))
    del receipt[part]
    with pytest.raises(ValidationError):
        VALIDATOR.validate(receipt)


def test_history_of_a_receipt_only_grows(consent: Consent, ada: Person, sam: Person) -> None:
    record_use(consent, Happened(timezone.now(), "A post", "FR"), actor=sam)
    before = receipt_of(consent)["events"]
    pause = pause_consents(actor=ada, until=timezone.now() + timedelta(days=1))
    resume_consents(pause, actor=ada)
    withdraw_consent(consent, actor=ada)
    after = receipt_of(Consent.objects.get(pk=consent.pk))
    VALIDATOR.validate(json.loads(json.dumps(after)))
    assert after["events"][: len(before)] == before
    assert [event["event_state"] for event in after["events"]] == ["given", "given", "suspended", "given", "withdrawn"]
    assert {event["entity_id"] for event in after["events"]} == {ada.label, sam.label}
