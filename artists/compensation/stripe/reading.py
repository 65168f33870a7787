"""From Stripe's answers and webhooks, as plain dicts, to facts. What is missing or of another kind raises."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from .facts import Account, Content, Event, Funds, Link, Need, Payout, Reversal, Transfer

Told = Mapping[str, Any]
# What reading an answer of another shape raises.
MISREAD = (AttributeError, IndexError, KeyError, TypeError, ValueError, OverflowError)


def account_of(told: Told) -> Account:
    """An account that was asked for with its configuration and requirements: without them nothing can be said."""
    configuration, closed = told["configuration"], bool(told.get("closed"))
    if configuration is None and not closed:
        raise ValueError("an account without its configuration")
    recipient = (configuration or {}).get("recipient") or {}
    balance = (recipient.get("capabilities") or {}).get("stripe_balance") or {}
    transfers, payouts = balance.get("stripe_transfers") or {}, balance.get("payouts") or {}
    entries = (told.get("requirements") or {}).get("entries") or []
    return Account(
        id=_text(told["id"]),
        artist=(told.get("metadata") or {}).get("artist", ""),
        closed=closed,
        live=bool(told["livemode"]),
        transfers=transfers.get("status"),
        payouts=payouts.get("status"),
        reasons=tuple((part["code"], part["resolution"]) for part in transfers.get("status_details") or []),
        needs=tuple(_need_of(entry) for entry in entries),
    )


def _need_of(told: Told) -> Need:
    return Need(
        about=_text(told["description"]),
        due=_text(told["minimum_deadline"]["status"]),
        of_artist=told["awaiting_action_from"] == "user",
        errors=tuple(error["code"] for error in told["errors"]),
    )


def link_of(told: Told) -> Link:
    """An onboarding or dashboard link."""
    until = told.get("expires_at")
    return Link(url=_text(told["url"]), expires_at=_moment(until) if until else None)


def transfer_of(told: Told) -> Transfer:
    """A transfer."""
    ours = told["metadata"]
    return Transfer(
        id=_text(told["id"]),
        amount=_whole(told["amount"]),
        currency=_currency(told),
        destination=_id(told["destination"]),
        group=told["transfer_group"] or "",
        payment=ours.get("payment", ""),
        attempt=ours.get("attempt", ""),
        came_back=_whole(told["amount_reversed"]),
        arrived_as=_id(told["destination_payment"]),
        live=bool(told["livemode"]),
        made_at=_moment(told["created"]),
    )


def reversal_of(told: Told) -> Reversal:
    """Money that was taken back."""
    return Reversal(
        id=_text(told["id"]),
        transfer=_id(told["transfer"]),
        amount=_whole(told["amount"]),
        currency=_currency(told),
        made_at=_moment(told["created"]),
    )


def payout_of(told: Told, account: str) -> Payout:
    """A payout of `account`, which the payout itself does not name."""
    return Payout(
        id=_text(told["id"]),
        account=account,
        amount=_whole(told["amount"]),
        currency=_currency(told),
        status=_text(told["status"]),
        automatic=bool(told["automatic"]),
        failure=told["failure_code"] or "",
        arrives_at=_moment(told["arrival_date"]),
        made_at=_moment(told["created"]),
    )


def content_of(told: Told) -> Content:
    """One line of a payout."""
    return Content(
        id=_text(told["id"]),
        type=_text(told["type"]),
        source=_id(told["source"]),
        amount=_whole(told["net"]),
        currency=_currency(told),
    )


def funds_of(told: Told) -> tuple[Funds, ...]:
    """A balance, currency by currency."""
    pending = {part["currency"]: _whole(part["amount"]) for part in told["pending"]}
    available = {part["currency"]: _whole(part["amount"]) for part in told["available"]}
    return tuple(
        Funds(currency=name.upper(), available=available.get(name, 0), pending=pending.get(name, 0))
        for name in sorted({*available, *pending})
    )


def event_of(told: Told) -> Event:
    """An event of either kind: with a copy of its object (`event`), or thin (`v2.core.event`). The copy is not kept."""
    if told["object"] == "event":
        about = told["data"]["object"]
        account, thing = told.get("account") or "", about.get("id") or ""
    elif told["object"] == "v2.core.event":
        related = told.get("related_object") or {}
        thing = related.get("id") or (told.get("data") or {}).get("account_id") or ""
        account = thing if thing.startswith("acct_") else ""
    else:
        raise ValueError("no event")
    return Event(
        id=_text(told["id"]),
        type=_text(told["type"]),
        account=account,
        object=_text(thing),
        live=_flag(told["livemode"]),
        made_at=_moment(told["created"]),
    )


def _id(told: Any) -> str:
    """The id of what may be given whole, as an id, or not at all."""
    return "" if told is None else _text(told if isinstance(told, str) else told["id"])


def _text(told: Any) -> str:
    if not isinstance(told, str):
        raise TypeError("no text")
    return told


def _whole(told: Any) -> int:
    if not isinstance(told, int) or isinstance(told, bool):
        raise TypeError("no whole number")
    return told


def _flag(told: Any) -> bool:
    if not isinstance(told, bool):
        raise TypeError("neither true nor false")
    return told


def _currency(told: Told) -> str:
    return _text(told["currency"]).upper()


def _moment(told: Any) -> datetime:
    """Seconds since 1970 (v1) or ISO 8601 (v2)."""
    if isinstance(told, str):
        moment = parse_datetime(told)
        if moment is None or moment.tzinfo is None:
            raise ValueError("no moment")
        return moment
    return datetime.fromtimestamp(_whole(told), tz=UTC)
