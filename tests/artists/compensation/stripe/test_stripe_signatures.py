"""Which webhooks are believed: forged, old, of the wrong mode, of a secret that is being changed, and doubled by the outbox."""

import json
import time
from collections.abc import Callable, Sequence

import pytest
import stripe

from artists.compensation.stripe.facts import Event
from artists.compensation.stripe.gateway import Gateway
from artists.compensation.stripe.signatures import NotFromStripe, read_webhook
from tests.doubles.stripe import FakeStripe, Outbox
from tests.doubles.stripe.outbox import SECRETS

BODY = json.dumps(
    {"id": "evt_1", "object": "event", "type": "payout.paid", "account": "acct_1", "created": 1_790_000_000, "livemode": False}
    | {"data": {"object": {"id": "po_1", "object": "payout", "destination": "ba_secret"}}}
)  # fmt: skip


def header_of(body: str = BODY, secret: str = "whsec_now", age_s: int = 0) -> str:
    """A signature by the SDK."""
    return stripe.WebhookSignature.generate_signature_header(body, secret, int(time.time()) - age_s)


def read(body: bytes, header: str | None, secrets: Sequence[str] = ("whsec_now",), *, live: bool = False) -> str:
    """The event's id, or why it was not believed."""
    try:
        return read_webhook(body, header, secrets=secrets, live=live).id
    except NotFromStripe as fault:
        assert "po_1" not in str(fault)
        return fault.code


def test_signed_event_is_a_hint_and_no_copy() -> None:
    event = read_webhook(BODY.encode(), header_of(), secrets=["whsec_now"], live=False)
    assert event == Event("evt_1", "payout.paid", "acct_1", "po_1", live=False, made_at=event.made_at)
    assert int(event.made_at.timestamp()) == 1_790_000_000


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (lambda: None, "signature-missing"),
        (lambda: "", "signature-missing"),
        (lambda: "nonsense", "signature-wrong"),
        (lambda: "t=,v1=", "signature-wrong"),
        (lambda: "t=1,v1=é", "signature-wrong"),
        (lambda: f"t={int(time.time())},v1={'0' * 64}", "signature-wrong"),
        (lambda: header_of().replace("v1=", "v0="), "signature-wrong"),
        (lambda: header_of(secret="whsec_other"), "signature-wrong"),
        (lambda: header_of(BODY.replace("po_1", "po_2")), "signature-wrong"),
    ],
    ids=["none", "empty", "nonsense", "no-values", "not-ascii", "zeros", "other-scheme", "other-secret", "other-body"],
)
def test_forged_signature_is_refused(header: Callable[[], str | None], said: str) -> None:
    assert read(BODY.encode(), header()) == said


def test_body_changed_by_a_space_is_refused() -> None:
    # Verified over the bytes as they came, not over what they mean.
    assert read(BODY.replace(": ", ":").encode(), header_of()) == "signature-wrong"


@pytest.mark.parametrize(
    ("age_s", "said"), [(0, "evt_1"), (290, "evt_1"), (310, "signature-old"), (86_400, "signature-old")]
)
def test_old_signature_is_refused(age_s: int, said: str) -> None:
    assert read(BODY.encode(), header_of(age_s=age_s)) == said


def test_replay_within_five_minutes_is_the_same_event() -> None:
    # A replay carries a true signature: only the event's id, kept once, tells it from the first.
    header = header_of()
    assert [read(BODY.encode(), header) for _ in range(2)] == ["evt_1", "evt_1"]


def test_old_and_new_secret_hold_while_one_is_changed() -> None:
    old, new = header_of(secret="whsec_old"), header_of(secret="whsec_new")
    assert [
        [read(BODY.encode(), header, secrets) for header in (old, new)]
        for secrets in (["whsec_old"], ["whsec_old", "whsec_new"], ["whsec_new"])
    ] == [["evt_1", "signature-wrong"], ["evt_1", "evt_1"], ["signature-wrong", "evt_1"]]


def test_old_signature_by_the_old_secret_is_old_and_not_wrong() -> None:
    header = header_of(secret="whsec_old", age_s=400)
    assert read(BODY.encode(), header, ["whsec_new", "whsec_old"]) == "signature-old"


def test_header_with_the_signatures_of_two_secrets_holds() -> None:
    both = f"{header_of(secret='whsec_old')},{header_of(secret='whsec_new').partition(',')[2]}"
    assert read(BODY.encode(), both, ["whsec_new"]) == "evt_1"


@pytest.mark.parametrize("secrets", [[], [""], ["  "]])
def test_nothing_is_believed_without_a_secret(secrets: list[str]) -> None:
    assert read(BODY.encode(), header_of(secret=" "), secrets) == "signature-wrong"


@pytest.mark.parametrize(
    ("said_live", "we_live", "said"), [(True, False, "mode-wrong"), (False, True, "mode-wrong"), (True, True, "evt_1")]
)
def test_event_of_the_other_mode_is_refused(said_live: bool, we_live: bool, said: str) -> None:
    body = json.dumps(json.loads(BODY) | {"livemode": said_live})
    assert read(body.encode(), header_of(body), live=we_live) == said


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "7",
        "null",
        '{"object": "event"}',
        '{"object": "charge", "id": "ch_1"}',
        BODY.replace("false", '"false"'),
    ],
)
def test_signed_body_that_is_no_event_is_refused(body: str) -> None:
    assert read(body.encode(), header_of(body)) == "body-unreadable"


def test_body_that_is_no_text_is_refused() -> None:
    assert read(b"\xff\xfe", header_of()) == "body-unreadable"


def test_type_we_do_not_know_is_believed_all_the_same() -> None:
    body = BODY.replace("payout.paid", "teapot.boiled")
    event = read_webhook(body.encode(), header_of(body), secrets=["whsec_now"], live=False)
    assert (event.type, event.object) == ("teapot.boiled", "po_1")


def busy_world(fake: FakeStripe, gateway: Gateway) -> str:
    """Some news of every kind; the account it is of."""
    account = gateway.create_account(artist="ada", name="Ada", email="a@example.org", country="FR", key="account-ada-1")
    fake.world.onboard(account.id)
    fake.world.transfer_by_hand(account.id, 5_00)
    fake.world.move_payout(fake.world.pay_out(account.id)[0], "paid")
    return account.id


def test_outbox_brings_all_three_kinds(fake: FakeStripe, gateway: Gateway) -> None:
    account = busy_world(fake, gateway)
    taken: list[Event] = []

    def post(body: bytes, header: str) -> int:
        taken.append(read_webhook(body, header, secrets=list(SECRETS.values()), live=False))
        return 200

    done = Outbox(fake.world).deliver(post)
    assert [(event.type, event.account) for event in taken] == [
        ("v2.core.account[requirements].updated", account),
        ("v2.core.account[configuration.recipient].capability_status_updated", account),
        ("v2.core.account_link.returned", account),
        ("transfer.created", ""),
        ("payout.created", account),
        ("payout.paid", account),
    ]
    assert ([status for _, status in done], Outbox(fake.world).waiting()) == ([200] * 6, [])


def test_outbox_shuffles_doubles_and_loses(fake: FakeStripe, gateway: Gateway) -> None:
    busy_world(fake, gateway)
    outbox, all_ids = Outbox(fake.world), [news.told["id"] for news in fake.world.news]
    refused = outbox.deliver(lambda body, header: 500)
    assert [event for event, _ in refused] == all_ids
    done = [event for event, _ in outbox.deliver(lambda body, header: 200, shuffle=True, duplicate=0.5, drop=0.3)]
    assert (outbox.lost != set(), set(done) | outbox.lost, len(done) > len(set(done))) == (True, set(all_ids), True)
    assert [event for event in all_ids if event in done] != done
    assert (outbox.deliver(lambda body, header: 200), set(done) & outbox.lost) == ([], set())


def test_outbox_forges(fake: FakeStripe, gateway: Gateway) -> None:
    busy_world(fake, gateway)
    outbox, said = Outbox(fake.world), []

    def post(body: bytes, header: str) -> int:
        said.append(read(body, header, list(SECRETS.values())))
        return 400

    for more in ({"secret": "whsec_forged"}, {"age_s": 400}, {"wrong_mode": True}):
        outbox.deliver(post, outbox.waiting()[:1], **more)  # type: ignore[arg-type]
    assert (said, len(outbox.waiting())) == (["signature-wrong", "signature-old", "mode-wrong"], 6)
