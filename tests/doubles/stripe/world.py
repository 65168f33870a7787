"""What is at Stripe: accounts, balances, transfers, payouts, news; and what happens there without us."""

import copy
import itertools
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import stripe
from stripe.events._event_classes import get_v2_event_notification_class
from stripe.v2.core._account import Account as AccountV2
from stripe.v2.core._event import UnknownEventNotification

from . import objects
from .contract import faults_of
from .keys import Refusal
from .objects import Told

PLATFORM = ""
EEA = frozenset({"at", "be", "bg", "cy", "cz", "de", "dk", "ee", "es", "fi", "fr", "gr", "hr", "hu", "ie", "is"})
EEA |= {"it", "li", "lt", "lu", "lv", "mt", "nl", "no", "pl", "pt", "ro", "se", "si", "sk"}
# Where a platform may send by itself, and where an account can be made but nothing sent without Stripe's approval.
SELF_SERVE = frozenset({"us", "gb", "ca", "ch", *EEA})
BEYOND = frozenset({"au", "br", "in", "jp", "mx", "nz"})
SHAPES = {"transfer": stripe.Transfer, "payout": stripe.Payout, "transfer_reversal": stripe.TransferReversal}


@dataclass
class Line:
    """One movement of a balance, and the payout that took it along."""

    account: str
    told: Told
    payout: str = ""


@dataclass
class News:
    """An event, and whether any endpoint has taken it."""

    told: Told
    account: str
    endpoint: str  # "account", "connect" or "thin"
    delivered: bool = False


@dataclass
class World:
    """All of it, in memory. Hold `lock` to look at several things at once."""

    live: bool = False
    lock: threading.RLock = field(default_factory=threading.RLock)
    offset_s: int = 0
    list_lag_s: int = 0  # transfers younger than this are not in lists yet
    minimum_payout: int = 100
    accounts: dict[str, Told] = field(default_factory=dict)
    # Account -> (currency, rate): it holds this currency, and what comes in another is exchanged.
    settles: dict[str, tuple[str, Decimal]] = field(default_factory=dict)
    balances: Counter[tuple[str, str]] = field(default_factory=Counter)
    pending: Counter[str] = field(default_factory=Counter)  # the program's own, on its way from its bank
    lines: list[Line] = field(default_factory=list)
    transfers: dict[str, Told] = field(default_factory=dict)
    reversals: dict[str, list[Told]] = field(default_factory=dict)
    payouts: dict[str, tuple[str, Told]] = field(default_factory=dict)
    links: dict[str, Told] = field(default_factory=dict)
    used_links: set[str] = field(default_factory=set)
    onboarded: set[str] = field(default_factory=set)
    pages: dict[str, tuple[Told, int]] = field(default_factory=dict)
    news: list[News] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def now(self) -> int:
        """Seconds since 1970, at Stripe."""
        return int(time.time()) + self.offset_s

    def new_id(self, prefix: str) -> str:
        """An id that was not used before."""
        return f"{prefix}_{next(self.numbers):08d}"

    def balance(self, account: str, currency: str) -> int:
        """What an account, or the program (PLATFORM), has."""
        return self.balances[account, currency.lower()]

    def top_up(self, amount: int, currency: str = "eur", *, delayed: bool = False) -> None:
        """Money from the program's bank; `delayed`: it takes days, and can be seen but not sent until then."""
        if delayed:
            self.pending[currency] += amount
        else:
            self.post(PLATFORM, "topup", amount, currency, self.new_id("tu"))

    def top_ups_arrive(self) -> None:
        """What was on its way from the program's bank is there."""
        there = dict(self.pending)
        self.pending.clear()
        for currency, amount in there.items():
            self.top_up(amount, currency)

    def post(self, account: str, kind: str, amount: int, currency: str, source: str) -> Line:
        """Move a balance; the line that says so."""
        line = Line(account, objects.line(self.new_id("txn"), kind, amount, currency, source, now=self.now()))
        self.violations += faults_of(stripe.BalanceTransaction, line.told)
        self.lines.append(line)
        self.balances[account, currency] += amount
        return line

    def tell(self, kind: str, about: Told, account: str = PLATFORM) -> None:
        """A snapshot event."""
        told = objects.event(
            self.new_id("evt"), kind, copy.deepcopy(about), account=account, now=self.now(), live=self.live
        )
        self.violations += faults_of(stripe.Event, told) + faults_of(SHAPES[about["object"]], about)
        self.news.append(News(told, account, "connect" if account else "account"))

    def hint(self, kind: str, account: str) -> None:
        """A thin event."""
        told = objects.thin_event(self.new_id("evt"), kind, account, now=self.now(), live=self.live)
        if get_v2_event_notification_class(kind) is UnknownEventNotification:
            self.violations.append(f"{kind}: no thin event of this name")
        self.news.append(News(told, account, "thin"))

    # --- money

    def send(self, asked: Told) -> Told:
        """A transfer, with the checks that Stripe makes once it has begun. Raises Refusal."""
        to, amount, currency = asked["destination"], asked.get("amount", 0), asked["currency"]
        whole = self.accounts.get(to)
        if whole is None or whole["closed"]:
            raise Refusal(400, "resource_missing", f"No such destination: '{to}'", param="destination")
        if self.capability(to)["status"] != "active":
            words = (
                "Your destination account needs to have at least one of the following capabilities enabled: transfers"
            )
            raise Refusal(400, "insufficient_capabilities_for_transfer", words)
        country = whole["identity"]["country"]
        if country not in SELF_SERVE:
            words = f"Funds can't be sent to accounts located in {country.upper()} under the `full` service agreement."
            raise Refusal(400, None, words)
        if self.balance(PLATFORM, currency) < amount:
            raise Refusal(400, "balance_insufficient", "You have insufficient available funds in your Stripe account.")
        return self.move(asked)

    def move(self, asked: Told) -> Told:
        """A transfer without a question asked."""
        id_, arrived, to = self.new_id("tr"), self.new_id("py"), asked["destination"]
        line = self.post(PLATFORM, "transfer", -asked["amount"], asked["currency"], id_)
        self.post(to, "payment", *self.exchanged(to, asked["amount"], asked["currency"]), arrived)
        told = objects.transfer(id_, asked, line=line.told["id"], arrived_as=arrived, now=self.now(), live=self.live)
        self.transfers[id_] = told
        self.reversals[id_] = []
        self.tell("transfer.created", told)
        return told

    def take_back(self, transfer: str, asked: Told) -> Told:
        """A reversal. Raises Refusal where the artist no longer has it."""
        told = self.transfers[transfer]
        left = told["amount"] - told["amount_reversed"]
        amount = asked.get("amount", left)
        if not 1 <= amount <= left:
            words = f"Amount to reverse ({amount}) is greater than the unreversed amount on transfer ({left})."
            raise Refusal(400, "amount_too_large", words, param="amount")
        to = told["destination"]
        there, currency = self.exchanged(to, amount, told["currency"])
        if self.balance(to, currency) < there:
            raise Refusal(400, "balance_insufficient", f"Insufficient funds in the Stripe account {to}.")
        id_, refund = self.new_id("trr"), self.new_id("pyr")
        self.post(to, "payment_refund", -there, currency, refund)
        line = self.post(PLATFORM, "transfer_refund", amount, told["currency"], id_)
        back = objects.reversal(id_, told, asked, amount, line=line.told["id"], refund=refund, now=self.now())
        self.violations += faults_of(stripe.TransferReversal, back)
        self.reversals[transfer].insert(0, back)
        told["amount_reversed"] += amount
        told["reversed"] = told["amount_reversed"] == told["amount"]
        told["reversals"] = objects.page(self.reversals[transfer][:10], f"/v1/transfers/{transfer}/reversals")
        self.tell("transfer.reversed", told)
        return back

    def exchanged(self, account: str, amount: int, currency: str) -> tuple[int, str]:
        """What becomes of money in an account that settles in another currency."""
        own, rate = self.settles.get(account, (currency, Decimal(1)))
        return (
            (amount, currency) if own == currency else (int((amount * rate).quantize(Decimal(1), ROUND_HALF_UP)), own)
        )

    # --- what people and banks do

    def capability(self, account: str, name: str = "stripe_transfers") -> Told:
        """A capability of an account, to be read or changed."""
        recipient = self.accounts[account]["configuration"]["recipient"]
        return recipient["capabilities"]["stripe_balance"][name]

    def set_state(
        self, account: str, status: str, *needs: Told, code: str = "", resolution: str = "provide_info"
    ) -> None:
        """Give an account a status, with a reason and with what is asked for, and say so."""
        whole = self.accounts[account]
        for name in ("stripe_transfers", "payouts"):
            self.capability(account, name).update(objects.capability(status, code, resolution))
        whole["requirements"] = {"entries": list(needs), "summary": None}
        self.violations += faults_of(AccountV2, whole)
        self.hint("v2.core.account[requirements].updated", account)
        self.hint("v2.core.account[configuration.recipient].capability_status_updated", account)

    def onboard(self, account: str) -> None:
        """The artist completes the form, and Stripe is content."""
        self.onboarded.add(account)
        self.set_state(account, "active")
        self.hint("v2.core.account_link.returned", account)

    def review(self, account: str) -> None:
        """The artist completes the form, and Stripe looks into it."""
        self.onboarded.add(account)
        entry = objects.need("identity.individual.verification", of_artist=False)
        self.set_state(account, "pending", entry, code="requirements_pending_verification", resolution="no_resolution")

    def ask_again(self, account: str, about: str = "identity.individual.documents") -> None:
        """Something is past due; until it is there nothing can be sent."""
        entry = objects.need(about, due="past_due", errors=("verification_document_expired",))
        self.set_state(account, "restricted", entry, code="requirements_past_due")

    def reject(self, account: str) -> None:
        """Stripe will not have this person."""
        self.set_state(account, "rejected", code="rejected_other", resolution="contact_stripe")

    def close(self, account: str) -> None:
        """The account is closed."""
        self.accounts[account]["closed"] = True
        self.hint("v2.core.account.closed", account)

    def pay_out(self, account: str) -> list[str]:
        """Stripe's daily run: what lies in the balance goes to the bank. Ids of the payouts."""
        made = []
        if self.capability(account, "payouts")["status"] != "active":
            return made
        for currency in sorted({code for owner, code in self.balances if owner == account}):
            amount = self.balance(account, currency)
            if amount < self.minimum_payout:
                continue
            id_ = self.new_id("po")
            for line in self.lines:
                if line.account == account and line.told["currency"] == currency and not line.payout:
                    line.payout = id_
            line = self.post(account, "payout", -amount, currency, id_)
            line.payout = id_
            told = objects.payout(id_, amount, currency, line=line.told["id"], now=self.now(), live=self.live)
            self.payouts[id_] = (account, told)
            self.tell("payout.created", told, account)
            made.append(id_)
        return made

    def move_payout(self, payout: str, status: str, failure: str = "account_closed") -> None:
        """The bank's word. A payout that was paid may still fail; its money is then back in the artist's balance."""
        account, told = self.payouts[payout]
        told["status"] = status
        if status == "failed":
            line = self.post(account, "payout_failure", told["amount"], told["currency"], payout)
            told["failure_balance_transaction"] = line.told["id"]
            told["failure_code"], told["failure_message"] = failure, f"The bank said: {failure.replace('_', ' ')}."
            entry = objects.need("defaults.payout_methods", due="past_due")
            self.capability(account, "payouts").update(objects.capability("restricted", "requirements_past_due"))
            self.accounts[account]["requirements"] = {"entries": [entry], "summary": None}
            self.hint("v2.core.account[requirements].updated", account)
        if status == "paid":
            told["reconciliation_status"] = "completed"
        self.tell({"in_transit": "payout.updated"}.get(status, f"payout.{status}"), told, account)

    def transfer_by_hand(self, account: str, amount: int, currency: str = "eur", **more: Any) -> str:
        """Somebody sends money in Stripe's dashboard, past us."""
        return self.move({"destination": account, "amount": amount, "currency": currency, **more})["id"]

    def reverse_by_hand(self, transfer: str, amount: int | None = None) -> str:
        """Somebody takes a transfer back in Stripe's dashboard."""
        return self.take_back(transfer, {} if amount is None else {"amount": amount})["id"]
