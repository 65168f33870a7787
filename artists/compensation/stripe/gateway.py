"""The calls to Stripe: one thin function each, facts out. What may be repeated freely raises NotDone; what moves money answers with how it ended.

The SDK repeats calls by itself where that is harmless. It never repeats one that moves money: each end of such a call is written into the books
before the same key is used again, so a refusal that comes after a lost answer is never taken for proof that nothing happened.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar

import stripe
import stripe.params as v1
import stripe.params.v2.core as v2
from django.conf import settings
from stripe import RequestOptions

from . import reading
from .facts import Account, Content, Event, Funds, Link, Order, Payout, Reversal, Transfer, group_of
from .outcomes import Accepted, DefinitelyRefused, NotDone, Unknown, classify
from .reading import MISREAD

T = TypeVar("T")

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 25.0
# Three tries of 30 seconds end before the two minutes after which a sweep takes an attempt for lost.
RETRIES = 2
PAGE = 100
# Currencies whose smallest unit is the same at Stripe as in ISO 4217. It counts ISK in hundredths, and wants the last of three digits to be 0.
CURRENCIES = frozenset(
    {"AUD", "BRL", "CAD", "CHF", "CLP", "CZK", "DKK", "EUR", "GBP", "INR", "JPY"}
    | {"KRW", "MXN", "NOK", "NZD", "PLN", "SEK", "USD", "VND", "ZAR"}
)
# News about money that we ask for again when a webhook was lost. Each type exists in the pinned version.
WATCHED = [
    *("transfer.created", "transfer.updated", "transfer.reversed"),
    *("payout.created", "payout.updated", "payout.paid", "payout.failed", "payout.canceled"),
    "payout.reconciliation_completed",
]
WATCHED_OF_ACCOUNTS = [
    "v2.core.account.closed",
    "v2.core.account[configuration.recipient].capability_status_updated",
    "v2.core.account[requirements].updated",
    "v2.core.account_link.returned",
]

# The SDK tells its log, at its lower levels, all it sends and receives: bank data among it. And it reports on its host unless told not to.
logging.getLogger("stripe").setLevel(logging.WARNING)
stripe.enable_telemetry = False


class Gateway:
    """Stripe under one key. Usable by several threads at once."""

    def __init__(
        self, key: str, *, base: str = "", seconds: float = ANSWER_SECONDS, connect_seconds: float = CONNECT_SECONDS
    ) -> None:
        self.live = is_live(key)
        self._http = stripe.RequestsClient(timeout=(connect_seconds, seconds))
        self._client = stripe.StripeClient(
            key,
            http_client=self._http,
            max_network_retries=RETRIES,
            base_addresses={"api": base} if base else None,
        )

    def __repr__(self) -> str:
        return f"Gateway({'live' if self.live else 'test'})"

    def close(self) -> None:
        """Hang up this thread's connection."""
        self._http.close()

    # --- accounts

    def create_account(self, *, artist: str, name: str, email: str, country: str, key: str) -> Account:
        """An account that can take transfers, empty. `key` is kept by the caller: with it the same account comes back after a crash."""
        asked: v2.AccountCreateParams = {
            "contact_email": email,
            "display_name": name,
            "dashboard": "express",
            "identity": {"country": country.lower(), "entity_type": "individual"},
            "configuration": {
                "recipient": {"capabilities": {"stripe_balance": {"stripe_transfers": {"requested": True}}}}
            },
            "defaults": {"responsibilities": {"fees_collector": "application", "losses_collector": "application"}},
            "metadata": {"artist": artist},
            "include": ["configuration.recipient", "requirements"],
        }
        accounts = self._client.v2.core.accounts
        return self._ask(lambda: accounts.create(asked, {"idempotency_key": key}), reading.account_of)

    def read_account(self, account: str) -> Account:
        """The account as it stands. Without `include` Stripe leaves out what matters."""
        accounts = self._client.v2.core.accounts
        return self._ask(
            lambda: accounts.retrieve(account, {"include": ["configuration.recipient", "requirements"]}),
            reading.account_of,
        )

    def find_accounts(self, artist: str) -> list[str]:
        """Ids of the open accounts made for one artist: what a crash between Stripe's answer and our row leaves behind."""
        accounts = self._client.v2.core.accounts

        def look() -> Iterable[dict[str, Any]]:
            return self._pages(accounts.list({"applied_configurations": ["recipient"], "limit": PAGE}))

        found = self._ask_all(look, lambda told: (told["id"], (told.get("metadata") or {}).get("artist", "")))
        return [account for account, of in found if of == artist]

    def account_link(self, account: str, *, refresh: str, back: str) -> Link:
        """Where the artist completes the account at Stripe. Made on the click and never mailed: it is used once, within minutes."""
        options: v2.AccountLinkCreateParamsUseCaseAccountOnboarding = {
            "refresh_url": refresh,
            "return_url": back,
            "collection_options": {"fields": "eventually_due"},
        }
        asked: v2.AccountLinkCreateParams = {
            "account": account,
            "use_case": {"type": "account_onboarding", "account_onboarding": options},
        }
        return self._ask(lambda: self._client.v2.core.account_links.create(asked), reading.link_of)

    def login_link(self, account: str) -> Link:
        """The artist's own page at Stripe."""
        return self._ask(lambda: self._client.v1.accounts.login_links.create(account), reading.link_of)

    # --- money

    def send_transfer(self, order: Order, *, repeated: bool) -> Accepted[Transfer] | DefinitelyRefused | Unknown:
        """Send once. `repeated` says that this very key was used before and nobody knows how that ended."""
        if order.currency not in CURRENCIES:
            words = f"Stripe does not count {order.currency} in the units of our books."
            return DefinitelyRefused("currency-not-by-stripe", words)
        asked: v1.TransferCreateParams = {
            "amount": order.amount,
            "currency": order.currency.lower(),
            "destination": order.destination,
            "description": order.about,
            "transfer_group": order.group,
            "metadata": {"payment": order.payment, "attempt": str(order.attempt)},
        }
        transfers = self._client.v1.transfers
        ended = self._move(
            lambda options: transfers.create(asked, options), reading.transfer_of, key=order.key, repeated=repeated
        )
        if isinstance(ended, Accepted) and not _answers(ended.fact, order):
            words = f"Stripe's transfer {ended.fact.id} is not the one we asked for."
            return Unknown("answer-differs", words, alarm=True, request=ended.request)
        return ended

    def reverse(
        self, transfer: str, *, amount: int, payment: str, key: str, repeated: bool
    ) -> Accepted[Reversal] | DefinitelyRefused | Unknown:
        """Take `amount` back, in the transfer's currency. Refused where the artist's balance no longer holds it."""
        asked: v1.TransferReversalCreateParams = {"amount": amount, "metadata": {"payment": payment}}
        reversals = self._client.v1.transfers.reversals
        return self._move(
            lambda options: reversals.create(transfer, asked, options), reading.reversal_of, key=key, repeated=repeated
        )

    def read_transfer(self, transfer: str) -> Transfer:
        """One transfer as it stands."""
        return self._ask(lambda: self._client.v1.transfers.retrieve(transfer), reading.transfer_of)

    def find_transfers(self, payment: str) -> list[Transfer]:
        """Every transfer of one payment: the only safe way to learn what a call of unknown end did."""
        return self._transfers({"transfer_group": group_of(payment), "limit": PAGE})

    def transfers_since(self, moment: datetime) -> list[Transfer]:
        """Every transfer made since, whoever made it; newest first."""
        return self._transfers({"created": {"gte": int(moment.timestamp())}, "limit": PAGE})

    def reversals_of(self, transfer: str) -> list[Reversal]:
        """What was taken back of one transfer, by us or by hand."""
        reversals = self._client.v1.transfers.reversals
        return self._ask_all(lambda: self._pages(reversals.list(transfer, {"limit": PAGE})), reading.reversal_of)

    def balance(self) -> tuple[Funds, ...]:
        """What the program has at Stripe. A look beforehand: whether it suffices is said by the transfer alone."""
        return self._ask(self._client.v1.balance.retrieve, reading.funds_of)

    # --- on to the bank

    def payouts(self, account: str, *, since: datetime) -> list[Payout]:
        """What Stripe sent from the artist's balance to the bank since then, newest first."""
        asked: v1.PayoutListParams = {"created": {"gte": int(since.timestamp())}, "limit": PAGE}
        payouts = self._client.v1.payouts
        return self._ask_all(
            lambda: self._pages(payouts.list(asked, _of(account))), lambda told: reading.payout_of(told, account)
        )

    def read_payout(self, payout: str, account: str) -> Payout:
        """One payout as it stands."""
        payouts = self._client.v1.payouts
        return self._ask(
            lambda: payouts.retrieve(payout, None, _of(account)), lambda told: reading.payout_of(told, account)
        )

    def payout_contents(self, payout: str, account: str) -> list[Content]:
        """What a payout holds: transfers by their `arrived_as`, and earlier payouts that came back. Its own line is left out."""
        lines = self._client.v1.balance_transactions
        asked: v1.BalanceTransactionListParams = {"payout": payout, "limit": PAGE}
        found = self._ask_all(lambda: self._pages(lines.list(asked, _of(account))), reading.content_of)
        return [line for line in found if line.source != payout]

    # --- news

    def events_since(self, moment: datetime, *, account: str = "", undelivered: bool = False) -> list[Event]:
        """News of the program's own money, or of one account's, oldest first. Stripe keeps 30 days."""
        asked: v1.EventListParams = {"created": {"gte": int(moment.timestamp())}, "types": WATCHED, "limit": PAGE}
        if undelivered:
            asked["delivery_success"] = False
        events = self._client.v1.events
        return _oldest_first(self._ask_all(lambda: self._pages(events.list(asked, _of(account))), reading.event_of))

    def account_events_since(self, moment: datetime) -> list[Event]:
        """News of what accounts may do, oldest first. Stripe keeps 30 days."""
        asked: v2.EventListParams = {
            "created": {"gte": moment.isoformat()},
            "types": WATCHED_OF_ACCOUNTS,
            "limit": PAGE,
        }
        events = self._client.v2.core.events
        return _oldest_first(self._ask_all(lambda: self._pages(events.list(asked)), reading.event_of))

    # --- how

    def _transfers(self, asked: v1.TransferListParams) -> list[Transfer]:
        transfers = self._client.v1.transfers
        return self._ask_all(lambda: self._pages(transfers.list(asked)), reading.transfer_of)

    @staticmethod
    def _pages(first: Any) -> Iterator[dict[str, Any]]:
        """Every row of a list, page by page, as plain dicts."""
        return (row.to_dict() for row in first.auto_paging_iter())

    def _ask(self, call: Callable[[], Any], read: Callable[[Any], T]) -> T:
        """The fact that `call` brings. Raises NotDone."""
        return self._ask_all(lambda: [call().to_dict()], read)[0]

    @staticmethod
    def _ask_all(call: Callable[[], Iterable[Any]], read: Callable[[Any], T]) -> list[T]:
        """The facts that `call` brings. Raises NotDone; what Stripe said stays out of it, for it may name a bank."""
        try:
            return [read(row) for row in call()]
        except stripe.StripeError as fault:
            raise NotDone(classify(fault, repeated=False)) from None
        except MISREAD as fault:
            raise NotDone(_unreadable(fault)) from None

    @staticmethod
    def _move(
        call: Callable[[RequestOptions], Any], read: Callable[[Any], T], *, key: str, repeated: bool
    ) -> Accepted[T] | DefinitelyRefused | Unknown:
        """Make one HTTP request that moves money, and say how it ended; whatever happens, it ends in one of the three."""
        try:
            told = call({"idempotency_key": key, "max_network_retries": 0})
            answer = told.last_response
            replayed = answer.headers.get("Idempotent-Replayed") == "true"
            return Accepted(read(told.to_dict()), replayed, answer.request_id or "")
        except MISREAD as fault:
            return _unreadable(fault)
        except Exception as fault:  # noqa: BLE001 - whatever it was, the money may have gone
            return classify(fault, repeated=repeated)


def _oldest_first(events: list[Event]) -> list[Event]:
    # Stripe lists the newest first, and several in one second.
    events.reverse()
    events.sort(key=lambda event: event.made_at)
    return events


def _unreadable(fault: Exception) -> Unknown:
    return Unknown("unreadable", f"Stripe's answer was of another shape ({type(fault).__name__}).", alarm=True)


def _of(account: str) -> RequestOptions:
    """On behalf of an account, or of the program where none is named."""
    return {"stripe_account": account or None}


def _answers(transfer: Transfer, order: Order) -> bool:
    """Whether this is the transfer that was asked for."""
    got = (transfer.amount, transfer.currency, transfer.destination, transfer.group)
    return got == (order.amount, order.currency, order.destination, order.group)


def is_live(key: str) -> bool:
    """Whether a key moves real money."""
    return key.startswith(("sk_live_", "rk_live_"))


def configured() -> bool:
    """Whether this installation can pay by Stripe."""
    return bool(settings.VERNISSAGE_STRIPE_KEY)


def open_gateway() -> Gateway:
    """The gateway of this installation's settings. Only where `configured`."""
    if not configured():
        raise RuntimeError("There is no VERNISSAGE_STRIPE_KEY.")
    return _gateway(
        settings.VERNISSAGE_STRIPE_KEY, settings.VERNISSAGE_STRIPE_API_BASE, settings.VERNISSAGE_STRIPE_SECONDS
    )


@lru_cache(maxsize=4)
def _gateway(key: str, base: str, seconds: float) -> Gateway:
    return Gateway(key, base=base, seconds=seconds)
