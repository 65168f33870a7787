"""The double by hand: every button does what it says, and what happens is told to the portal."""

from urllib.parse import urlencode
from urllib.request import urlopen

from artists.compensation.stripe.gateway import Gateway
from tests.doubles.stripe import FakeStripe, Outbox
from tests.doubles.stripe.__main__ import GIVE_UP_AFTER, deliver, lines
from tests.doubles.stripe.desk import ACTS


def press(fake: FakeStripe, act: str, about: str) -> str:
    """Press a button; the page that comes."""
    data = urlencode({"act": act, "about": about}).encode()
    with urlopen(f"{fake.address}/hosted/desk/", data, timeout=5) as answer:
        return str(answer.read().decode())


def test_every_button_does_what_it_says(fake: FakeStripe, gateway: Gateway) -> None:
    account = gateway.create_account(artist="ada", name="Ada", email="a@example.org", country="FR", key="k").id
    for act in ("review", "ask", "complete", "stray", "pay_out"):
        assert f"{ACTS[act][0]}: done." in press(fake, act, account), act
    assert "done." in press(fake, "top_up", "eur")
    [(payout, (_account, told))] = fake.world.payouts.items()
    seen = []
    for act in ("in_transit", "paid", "failed"):
        press(fake, act, payout)
        seen.append(told["status"])
    [transfer] = fake.world.transfers
    assert (seen, "Reverse: done." in press(fake, "reverse", transfer)) == (["in_transit", "paid", "failed"], True)
    press(fake, "reject", account)
    assert gateway.read_account(account).transfers == "rejected"
    assert "closed" in press(fake, "close", account)
    assert "There is no such button." in press(fake, "explode", account)
    assert "KeyError" in press(fake, "paid", "po_nowhere")


def test_portal_is_told_until_it_is_given_up(fake: FakeStripe, gateway: Gateway) -> None:
    gateway.create_account(artist="ada", name="Ada", email="a@example.org", country="FR", key="k")
    press(fake, "complete", next(iter(fake.world.accounts)))
    outbox, tries = Outbox(fake.world), dict[str, int]()
    # Nobody is at home there.
    assert {deliver(outbox, "http://127.0.0.1:9/", tries) for _ in range(GIVE_UP_AFTER + 1)} == {0}
    assert set(tries.values()) == {GIVE_UP_AFTER}
    assert lines(fake, outbox)[0] == f"VERNISSAGE_STRIPE_KEY={fake.key}"
