"""The objects of Stripe's API as JSON, with every field that the SDK knows as required."""

from datetime import UTC, datetime
from typing import Any

import stripe

Told = dict[str, Any]
VERSION = stripe.api_version
# What a fresh account is asked for, before money can be sent to it.
FIRST_NEEDS = ("identity.individual.given_name", "identity.individual.address", "defaults.payout_methods")
PARTS = ("configuration.customer", "configuration.merchant", "configuration.recipient")
PARTS += ("defaults", "future_requirements", "identity", "requirements")


def iso(seconds: int) -> str:
    """A moment as v2 writes it."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def capability(status: str, code: str = "", resolution: str = "provide_info") -> Told:
    """A capability's status with its reason."""
    return {"status": status, "status_details": [{"code": code, "resolution": resolution}] if code else []}


def need(about: str, *, due: str = "currently_due", of_artist: bool = True, errors: tuple[str, ...] = ()) -> Told:
    """One entry of an account's requirements."""
    restricts = {
        "capability": "stripe_balance.stripe_transfers",
        "configuration": "recipient",
        "deadline": {"status": due},
    }
    return {
        "awaiting_action_from": "user" if of_artist else "stripe",
        "description": about,
        "errors": [{"code": code, "description": code.replace("_", " ")} for code in errors],
        "impact": {"restricts_capabilities": [restricts]},
        "minimum_deadline": {"status": due},
        "reference": None,
        "requested_reasons": [{"code": "routine_onboarding"}],
    }


def account(id_: str, asked: Told, *, now: int, live: bool) -> Told:
    """A v2 account, whole. What a caller sees of it is `account_seen`."""
    waiting = capability("restricted", "requirements_past_due")
    return {
        "id": id_,
        "object": "v2.core.account",
        "applied_configurations": ["recipient"],
        "closed": False,
        "configuration": {
            "customer": None,
            "merchant": None,
            "recipient": {
                "applied": True,
                "capabilities": {"stripe_balance": {"payouts": dict(waiting), "stripe_transfers": dict(waiting)}},
            },
        },
        "contact_email": asked.get("contact_email"),
        "contact_phone": None,
        "created": iso(now),
        "dashboard": asked.get("dashboard"),
        "defaults": {
            "currency": None,
            "locales": None,
            "profile": None,
            "responsibilities": {
                "fees_collector": asked["defaults"]["responsibilities"]["fees_collector"],
                "losses_collector": asked["defaults"]["responsibilities"]["losses_collector"],
                "requirements_collector": "stripe",
            },
        },
        "display_name": asked.get("display_name"),
        "future_requirements": {"entries": [], "summary": None},
        "identity": {"country": asked["identity"]["country"], "entity_type": asked["identity"].get("entity_type")},
        "livemode": live,
        "metadata": asked.get("metadata", {}),
        "requirements": {
            "entries": [need(about) for about in FIRST_NEEDS],
            "summary": {"minimum_deadline": {"status": "currently_due", "time": None}},
        },
    }


def account_seen(whole: Told, include: list[str]) -> Told:
    """The account with null for whatever was not asked for: Stripe's trap."""
    seen = {name: value for name, value in whole.items() if name not in ("configuration", *PARTS)}
    seen |= {name: whole[name] if name in include else None for name in PARTS if "." not in name}
    wanted = [part.partition(".")[2] for part in include if part.startswith("configuration.")]
    kept = {name: whole["configuration"][name] if name in wanted else None for name in whole["configuration"]}
    return seen | {"configuration": kept if wanted else None}


def account_link(asked: Told, url: str, *, now: int, live: bool) -> Told:
    """A link to the form of an account."""
    return {
        "object": "v2.core.account_link",
        "account": asked["account"],
        "created": iso(now),
        "expires_at": iso(now + 300),
        "livemode": live,
        "url": url,
        "use_case": asked["use_case"],
    }


def transfer(id_: str, asked: Told, *, line: str, arrived_as: str, now: int, live: bool) -> Told:
    """A transfer, not reversed."""
    return {
        "id": id_,
        "object": "transfer",
        "amount": asked["amount"],
        "amount_reversed": 0,
        "balance_transaction": line,
        "created": now,
        "currency": asked["currency"],
        "description": asked.get("description"),
        "destination": asked["destination"],
        "destination_payment": arrived_as,
        "livemode": live,
        "metadata": asked.get("metadata", {}),
        "reversals": page([], f"/v1/transfers/{id_}/reversals"),
        "reversed": False,
        "source_transaction": None,
        "source_type": "card",
        "transfer_group": asked.get("transfer_group"),
    }


def reversal(id_: str, of: Told, asked: Told, amount: int, *, line: str, refund: str, now: int) -> Told:
    """A reversal of a transfer."""
    return {
        "id": id_,
        "object": "transfer_reversal",
        "amount": amount,
        "balance_transaction": line,
        "created": now,
        "currency": of["currency"],
        "destination_payment_refund": refund,
        "metadata": asked.get("metadata", {}),
        "source_refund": None,
        "transfer": of["id"],
    }


def payout(id_: str, amount: int, currency: str, *, line: str, now: int, live: bool) -> Told:
    """An automatic payout, just begun."""
    return {
        "id": id_,
        "object": "payout",
        "amount": amount,
        "application_fee": None,
        "application_fee_amount": None,
        "arrival_date": now + 2 * 86400,
        "automatic": True,
        "balance_transaction": line,
        "created": now,
        "currency": currency,
        "description": "STRIPE PAYOUT",
        "destination": "ba_00000001",
        "failure_balance_transaction": None,
        "failure_code": None,
        "failure_message": None,
        "livemode": live,
        "metadata": {},
        "method": "standard",
        "original_payout": None,
        "payout_method": None,
        "reconciliation_status": "in_progress",
        "reversed_by": None,
        "source_type": "card",
        "statement_descriptor": None,
        "status": "pending",
        "trace_id": None,
        "type": "bank_account",
    }


def line(id_: str, kind: str, amount: int, currency: str, source: str, *, now: int) -> Told:
    """A balance transaction: one movement of one balance."""
    category = {"payment_refund": "refund", "payout_failure": "payout_reversal", "payment": "charge"}.get(kind, kind)
    return {
        "id": id_,
        "object": "balance_transaction",
        "amount": amount,
        "available_on": now,
        "balance_type": "payments",
        "created": now,
        "currency": currency,
        "description": None,
        "exchange_rate": None,
        "fee": 0,
        "fee_details": [],
        "net": amount,
        "reporting_category": category,
        "source": source,
        "status": "available",
        "type": kind,
    }


def balance(available: dict[str, int], pending: dict[str, int], *, live: bool) -> Told:
    """A balance: what can be sent, and what comes within days."""
    currencies = sorted({*available, *pending})

    def parts(sums: dict[str, int]) -> list[Told]:
        return [
            {"amount": sums.get(code, 0), "currency": code, "source_types": {"card": sums.get(code, 0)}}
            for code in currencies
        ]

    return {"object": "balance", "available": parts(available), "livemode": live, "pending": parts(pending)}


def page(rows: list[Told], url: str, *, more: bool = False) -> Told:
    """A page of a v1 list."""
    return {"object": "list", "data": rows, "has_more": more, "url": url}


def event(id_: str, kind: str, about: Told, *, account: str, now: int, live: bool) -> Told:
    """A snapshot event: a copy of its object as it was."""
    told = {
        "id": id_,
        "object": "event",
        "api_version": VERSION,
        "created": now,
        "data": {"object": about},
        "livemode": live,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
    }
    return told | ({"account": account} if account else {})


def thin_event(id_: str, kind: str, account: str, *, now: int, live: bool) -> Told:
    """A thin event: it names what changed, and says nothing of it."""
    told: Told = {"id": id_, "object": "v2.core.event", "created": iso(now), "livemode": live, "type": kind}
    if kind == "v2.core.account_link.returned":
        use = {"account_id": account, "configurations": ["recipient"], "use_case": "account_onboarding"}
        return told | {"data": use}
    about = {"id": account, "type": "v2.core.account", "url": f"/v2/core/accounts/{account}"}
    return told | {"related_object": about}
