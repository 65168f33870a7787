"""The fake's ruler: the SDK's own types refuse what Stripe would refuse, and name what an answer has wrong."""

import copy
from typing import Any, Literal, get_args

import pytest
import stripe
import stripe.params as v1
import stripe.params.v2.core as v2
import typing_extensions as te
from stripe._stripe_object import StripeObject
from stripe.events._event_classes import get_v2_event_notification_class
from stripe.v2.core._event import UnknownEventNotification

from artists.compensation.stripe.gateway import CURRENCIES, WATCHED, WATCHED_OF_ACCOUNTS
from portal.money import EXPONENTS
from tests.doubles.stripe import objects
from tests.doubles.stripe.contract import OPTIONS, Malformed, faults_of, fields_of, list_faults, read_request, resolved
from tests.doubles.stripe.routes import ROUTES
from tests.doubles.stripe.wire import read_form

TRANSFER = objects.transfer(
    "tr_1",
    {"amount": 5, "currency": "eur", "destination": "acct_1"},
    line="txn_1",
    arrived_as="py_1",
    now=1_790_000_000,
    live=False,
)


def test_sdk_is_the_pinned_one() -> None:
    # A new major changes shapes of money twice a year: it comes with a reading of its changelog, not by itself.
    assert (stripe.VERSION, stripe.api_version) == ("16.1.0", "2026-10-28.endive")


def test_form_is_read_as_it_was_meant() -> None:
    text = "amount=5&metadata[payment]=7&types[0]=a&types[1]=b&created[gte]=9&empty="
    told = {"amount": "5", "metadata": {"payment": "7"}, "types": ["a", "b"], "created": {"gte": "9"}, "empty": ""}
    assert (read_form(text), read_form("")) == (told, {})


@pytest.mark.parametrize(
    ("shape", "sent", "said"),
    [
        (v1.TransferCreateParams, {"amount": "5", "currency": "eur", "destination": "a"}, {"amount": 5}),
        (v1.EventListParams, {"delivery_success": "false", "types": ["x"]}, {"delivery_success": False}),
        (v1.PayoutListParams, {"created": {"gte": "7"}}, {"created": {"gte": 7}}),
        (v1.PayoutListParams, {"created": "7"}, {"created": 7}),
        (v1.TransferReversalCreateParams, {"metadata": ""}, {"metadata": ""}),
    ],
)
def test_good_request_is_read(shape: Any, sent: dict[str, Any], said: dict[str, Any]) -> None:
    read = read_request(shape, sent, form=True)
    assert {name: read[name] for name in said} == said


ONBOARDING = {"refresh_url": "https://x/", "return_url": "https://x/"}


@pytest.mark.parametrize(
    ("shape", "sent", "param", "code"),
    [
        (v1.TransferCreateParams, {"amount": "5", "currency": "eur"}, "destination", "parameter_missing"),
        (
            v1.TransferCreateParams,
            {"amount": "10.00", "currency": "eur", "destination": "a"},
            "amount",
            "parameter_invalid_integer",
        ),
        (
            v1.TransferCreateParams,
            {"currency": "eur", "destination": "a", "memo": "x"},
            "memo",
            "parameter_unknown",
        ),
        # An option of the call, sent as if it were a parameter.
        (
            v1.TransferCreateParams,
            {"currency": "eur", "destination": "a", "idempotency_key": "k"},
            "idempotency_key",
            "parameter_unknown",
        ),
        (
            v1.TransferCreateParams,
            {"currency": "eur", "destination": "a", "source_type": "gold"},
            "source_type",
            "parameter_invalid",
        ),
        (v2.AccountCreateParams, {"dashboard": "expresso"}, "dashboard", "parameter_invalid"),
        (v2.AccountCreateParams, {"include": ["everything"]}, "include[0]", "parameter_invalid"),
        (
            v2.AccountCreateParams,
            {"configuration": {"recipient": {"capabilities": {"stripe_balance": {"stripe_transfer": {}}}}}},
            "configuration.recipient.capabilities.stripe_balance.stripe_transfer",
            "parameter_unknown",
        ),
        # Required by the version before this one, unknown to this one.
        (
            v2.AccountLinkCreateParams,
            {"account": "a", "use_case": {"type": "account_onboarding", "account_onboarding": ONBOARDING | {"configurations": ["recipient"]}}},
            "use_case.account_onboarding.configurations",
            "parameter_unknown",
        ),
        (v2.AccountListParams, {"limit": "20"}, "limit", "parameter_invalid_integer"),
    ],
)  # fmt: skip
def test_bad_request_is_named(shape: Any, sent: dict[str, Any], param: str, code: str) -> None:
    with pytest.raises(Malformed) as caught:
        read_request(shape, sent, form=shape.__module__.startswith("stripe.params._"))
    assert (caught.value.param, caught.value.code) == (param, code)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({}, None),
        ({"amount": "5"}, "Transfer.amount: <class 'int'> wanted, '5'"),
        ({"amount": True}, "Transfer.amount: <class 'int'> wanted, True"),
        ({"amount": None}, "Transfer.amount: <class 'int'> wanted, None"),
        ({"memo": "x"}, "Transfer.memo: unknown to the SDK"),
        ({"object": "payout"}, "Transfer.object: one of ('transfer',), 'payout'"),
        ({"metadata": {"payment": 7}}, "Transfer.metadata[payment]: <class 'str'> wanted, 7"),
        ({"reversals": {"data": []}}, "list of TransferReversal: has ['data']"),
    ],
)
def test_damaged_answer_is_named(change: dict[str, Any], fault: str | None) -> None:
    assert faults_of(stripe.Transfer, TRANSFER | change) == ([fault] if fault else [])


def test_answer_that_lacks_something_is_named() -> None:
    told = {name: value for name, value in TRANSFER.items() if name not in ("reversed", "description")}
    assert faults_of(stripe.Transfer, told) == ["Transfer.reversed: missing"]


def test_fault_deep_inside_an_account_is_named() -> None:
    asked = {
        "identity": {"country": "fr"},
        "defaults": {"responsibilities": {"fees_collector": "application", "losses_collector": "application"}},
    }
    account = objects.account("acct_1", asked, now=1_790_000_000, live=False)
    shape = next(known.answer for known in ROUTES if known.pattern == "/v2/core/accounts")
    damaged = copy.deepcopy(account)
    damaged["configuration"]["recipient"]["capabilities"]["stripe_balance"]["stripe_transfers"]["status"] = "enabled"
    damaged["requirements"]["entries"][0]["impact"] = {}
    words = ("active", "pending", "rejected", "restricted", "unsupported")
    at = "Account.configuration.recipient.capabilities.stripe_balance.stripe_transfers.status"
    assert (faults_of(shape, account), faults_of(shape, damaged)) == ([], [f"{at}: one of {words}, 'enabled'"])


def test_pages_of_both_versions_are_told_apart() -> None:
    v1_page, v2_page = objects.page([TRANSFER], "/v1/transfers"), {"data": [TRANSFER], "next_page_url": None}
    assert [
        list_faults(stripe.Transfer, page, v2=is_v2) for page, is_v2 in ((v1_page, False), (v2_page, True), (v2_page, False))
    ] == [[], [], ["list of Transfer: has ['data', 'next_page_url']"]]  # fmt: skip


def shapes_within(part: Any, module: str) -> list[Any]:
    """The part itself, resolved, and whatever it is made of."""
    shape = resolved(part, module)
    inner = [] if te.get_origin(shape) is Literal else [a for a in get_args(shape) if a is not type(None)]
    return [shape] + [found for one in inner for found in shapes_within(one, module)]


def test_every_type_of_a_request_can_be_resolved() -> None:
    # A name that cannot be found raises; nothing counts as "anything" because it was not understood.
    todo, known = [route.request for route in ROUTES], set()
    while todo:
        shape = todo.pop()
        parts = {name: part for name, part in shape.__annotations__.items() if name not in OPTIONS}
        found = {
            one for part in parts.values() for one in shapes_within(part, shape.__module__) if te.is_typeddict(one)
        }
        todo += found - known
        known |= found
    assert (len(ROUTES), len(known) > 100, Any in known) == (16, True, False)


def test_every_type_of_an_answer_can_be_resolved() -> None:
    todo, known = [route.answer for route in ROUTES], set()
    while todo:
        for part, module in fields_of(todo.pop()).values():
            found = {one for one in shapes_within(part, module) if isinstance(one, type)}
            inner = {one for one in found if issubclass(one, StripeObject) and one.__module__ == module}
            todo += inner - known
            known |= found
    assert len(known) > 100


def test_events_we_ask_for_exist_in_this_version() -> None:
    known = get_args(fields_of(stripe.Event)["type"][0])
    unknown = [name for name in WATCHED if name not in known]
    thin = [name for name in WATCHED_OF_ACCOUNTS if get_v2_event_notification_class(name) is UnknownEventNotification]
    assert (unknown, thin, "transfer.failed" in known) == ([], [], False)


def test_currencies_are_those_counted_alike() -> None:
    # Stripe wants ISK in hundredths, and the third digit of these to be 0: amounts of ours would be wrong a hundredfold.
    assert {code for code in EXPONENTS if code not in CURRENCIES} == {"BHD", "ISK", "JOD", "KWD", "OMR", "TND"}
    assert {code for code in CURRENCIES if EXPONENTS[code] not in (0, 2)} == set()
