"""Stripe's side by hand: a page with accounts, transfers and payouts, and a button for everything that happens there without us."""

from collections.abc import Callable, Iterable
from html import escape
from urllib.parse import parse_qs

from .world import PLATFORM, World

Act = Callable[[World, str], object]
ACTS: dict[str, tuple[str, Act]] = {
    "top_up": ("Put in 1000.00", lambda world, code: world.top_up(1000_00, code)),
    "pay_out": ("Send to the bank", lambda world, account: world.pay_out(account)),
    "complete": ("Complete the form", lambda world, account: world.onboard(account)),
    "review": ("Under review", lambda world, account: world.review(account)),
    "ask": ("Ask for a document", lambda world, account: world.ask_again(account)),
    "reject": ("Reject", lambda world, account: world.reject(account)),
    "close": ("Close", lambda world, account: world.close(account)),
    "in_transit": ("In transit", lambda world, payout: world.move_payout(payout, "in_transit")),
    "paid": ("Paid", lambda world, payout: world.move_payout(payout, "paid")),
    "failed": ("Failed", lambda world, payout: world.move_payout(payout, "failed")),
    "reverse": ("Reverse", lambda world, transfer: world.reverse_by_hand(transfer)),
    "stray": ("Transfer 7.00 by hand", lambda world, account: world.transfer_by_hand(account, 700)),
}
OF_ACCOUNT = ("complete", "review", "ask", "reject", "close", "pay_out", "stray")
OF_PAYOUT = ("in_transit", "paid", "failed")


def do(world: World, body: str) -> str:
    """Press one of the buttons; what came of it."""
    asked = parse_qs(body)
    name, about = asked.get("act", [""])[0], asked.get("about", [""])[0]
    if name not in ACTS:
        return "There is no such button."
    words, act = ACTS[name]
    try:
        act(world, about)
    except Exception as fault:  # noqa: BLE001 - whoever plays with it reads what was wrong
        return f"{words}: {type(fault).__name__}: {fault}"
    return f"{words}: done."


def show(world: World, said: str = "") -> str:
    """The whole page."""
    own = {code: amount for (account, code), amount in world.balances.items() if account == PLATFORM}
    accounts = (
        (whole["id"], f"{world.capability(id_)['status']}{', closed' if whole['closed'] else ''}; {_sums(world, id_)}", OF_ACCOUNT)
        for id_, whole in world.accounts.items()
    )  # fmt: skip
    transfers = (
        (id_, f"{told['amount']} {told['currency']} to {told['destination']}, came back {told['amount_reversed']}", ("reverse",))
        for id_, told in world.transfers.items()
    )  # fmt: skip
    payouts = (
        (id_, f"{told['amount']} {told['currency']} of {account}: {told['status']}", OF_PAYOUT)
        for id_, (account, told) in world.payouts.items()
    )
    balances = ((code, str(amount), ("top_up",)) for code, amount in sorted(own.items()) or [("eur", 0)])
    undelivered = sum(not news.delivered for news in world.news)
    parts = [
        f"<p>{escape(said)}</p>" if said else "",
        f"<p>{len(world.news)} events, {undelivered} of them not delivered.</p>",
        _table("The program's balance", balances),
        _table("Accounts", accounts),
        _table("Transfers", transfers),
        _table("Payouts", payouts),
    ]
    head = "<!doctype html><html lang=en><title>A double of Stripe</title><meta name=viewport content='width=device-width'>"
    return f"{head}<body><main><h1>A double of Stripe</h1><p>Nothing is real here.</p>{''.join(parts)}</main></body></html>"


def _sums(world: World, account: str) -> str:
    own = [f"{amount} {code}" for (owner, code), amount in sorted(world.balances.items()) if owner == account]
    return ", ".join(own) or "empty"


def _table(title: str, rows: Iterable[tuple[str, str, tuple[str, ...]]]) -> str:
    lines = "".join(
        f"<tr><th scope=row>{escape(id_)}<td>{escape(words)}<td><form method=post><input type=hidden name=about value='{escape(id_)}'>"
        + " ".join(f"<button name=act value={act}>{escape(ACTS[act][0])}</button>" for act in acts)
        + "</form>"
        for id_, words, acts in rows
    )
    return f"<h2>{escape(title)}</h2><table>{lines or '<tr><td>none'}</table>"
