"""The addresses of the API that the fake knows: each with the SDK's type of its request and of its answer."""

import copy
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import stripe
import stripe.params as v1
import stripe.params.v2.core as v2
from stripe.v2.core._account import Account as AccountV2
from stripe.v2.core._account_link import AccountLink as AccountLinkV2
from stripe.v2.core._event import Event as EventV2

from . import objects
from .contract import faults_of, list_faults, read_request
from .keys import Refusal
from .objects import Told
from .world import BEYOND, SELF_SERVE, World

MOST_METADATA, LONGEST_NAME, LONGEST_VALUE = 50, 40, 500
# What the fake answers in full only without it; the SDK accepts it everywhere.
NOT_DONE = ("expand", "ending_before")


@dataclass(frozen=True)
class Asked:
    """One request, read and checked."""

    path: str
    ids: tuple[str, ...]
    params: Told
    account: str
    base: str  # the fake's own address
    skip: int = 0  # rows of a v2 list that came before


@dataclass(frozen=True)
class Route:
    """One address. `answer` is None where the SDK has no class for it."""

    method: str
    pattern: str
    request: Any
    answer: Any
    listing: bool
    act: Callable[[World, Asked], Told]


ROUTES: list[Route] = []


def route(method: str, pattern: str, request: Any, answer: Any, *, listing: bool = False) -> Callable[..., Any]:
    """Register what answers here."""

    def register(act: Callable[[World, Asked], Told]) -> Callable[[World, Asked], Told]:
        ROUTES.append(Route(method, pattern, request, answer, listing, act))
        return act

    return register


def find(method: str, path: str) -> tuple[Route, tuple[str, ...]] | None:
    """The route of a request, and the ids in its path."""
    for known in ROUTES:
        if known.method == method and (match := re.fullmatch(known.pattern, path)):
            return known, match.groups()
    return None


def read(known: Route, sent: Told, *, form: bool) -> Told:
    """What a request says. Raises Malformed, and NotImplementedError for what the fake cannot honour."""
    params = read_request(known.request, sent, form=form)
    if used := [name for name in NOT_DONE if name in params]:
        raise NotImplementedError(f"the fake does not do {used}")
    return params


def perform(known: Route, world: World, asked: Asked) -> Told:
    """The answer, checked against the SDK. Raises Refusal."""
    told = copy.deepcopy(known.act(world, asked))
    is_v2 = asked.path.startswith("/v2/")
    check = list_faults(known.answer, told, v2=is_v2) if known.listing else faults_of(known.answer, told)
    world.violations += check
    return told


# --- accounts


@route("POST", "/v2/core/accounts", v2.AccountCreateParams, AccountV2)
def create_account(world: World, asked: Asked) -> Told:
    """A recipient, with nothing known of it yet."""
    country = asked.params["identity"]["country"]
    if country not in SELF_SERVE | BEYOND:
        words = f"Accounts in {country.upper()} are not supported."
        raise Refusal(400, "country_unsupported", words, param="identity.country")
    _check_metadata(asked.params)
    id_ = world.new_id("acct")
    world.accounts[id_] = objects.account(id_, asked.params, now=world.now(), live=world.live)
    return objects.account_seen(world.accounts[id_], asked.params.get("include", []))


@route("GET", "/v2/core/accounts", v2.AccountListParams, AccountV2, listing=True)
def list_accounts(world: World, asked: Asked) -> Told:
    """Open accounts unless closed ones are asked for, newest first; never with what `include` would show."""
    closed = asked.params.get("closed", False)
    rows = [whole for whole in reversed(world.accounts.values()) if whole["closed"] == closed]
    return _v2_page(world, [objects.account_seen(whole, []) for whole in rows], asked)


@route("GET", r"/v2/core/accounts/(\w+)", v2.AccountRetrieveParams, AccountV2)
def read_account(world: World, asked: Asked) -> Told:
    """As much of it as `include` names."""
    return objects.account_seen(_account(world, asked.ids[0]), asked.params.get("include", []))


@route("POST", "/v2/core/account_links", v2.AccountLinkCreateParams, AccountLinkV2)
def create_account_link(world: World, asked: Asked) -> Told:
    """An address of the fake's own form, for one use."""
    if _account(world, asked.params["account"])["closed"]:
        raise Refusal(400, "account_closed", "The account has been closed.")
    token = world.new_id("link")
    url = f"{asked.base}/hosted/onboarding/{token}"
    world.links[token] = objects.account_link(asked.params, url, now=world.now(), live=world.live)
    return world.links[token]


@route("POST", r"/v1/accounts/(\w+)/login_links", v1.AccountLoginLinkCreateParams, stripe.LoginLink)
def create_login_link(world: World, asked: Asked) -> Told:
    """For those who completed the form."""
    account = asked.ids[0]
    if account not in world.accounts:
        words = f"The provided key does not have access to account '{account}' (or that account does not exist)."
        raise Refusal(403, "account_invalid", words)
    if account not in world.onboarded:
        raise Refusal(400, None, "Cannot create a login link for an account that has not completed onboarding.")
    return {"object": "login_link", "created": world.now(), "url": f"{asked.base}/hosted/dashboard/{account}"}


# --- money


@route("POST", "/v1/transfers", v1.TransferCreateParams, stripe.Transfer)
def create_transfer(world: World, asked: Asked) -> Told:
    """Money to an artist's balance."""
    _check_metadata(asked.params)
    return world.send(asked.params)


@route("GET", "/v1/transfers", v1.TransferListParams, stripe.Transfer, listing=True)
def list_transfers(world: World, asked: Asked) -> Told:
    """By group, destination and time, newest first. Younger ones than the lag are not seen."""
    wanted = {name: asked.params[name] for name in ("destination", "transfer_group") if name in asked.params}
    until = world.now() - world.list_lag_s
    rows = [
        told
        for told in reversed(world.transfers.values())
        if all(told[name] == value for name, value in wanted.items()) and told["created"] <= until
    ]
    return _page(rows, asked)


@route("GET", r"/v1/transfers/(\w+)", v1.TransferRetrieveParams, stripe.Transfer)
def read_transfer(world: World, asked: Asked) -> Told:
    """One of them."""
    return _transfer(world, asked.ids[0])


@route("POST", r"/v1/transfers/(\w+)/reversals", v1.TransferReversalCreateParams, stripe.TransferReversal)
def create_reversal(world: World, asked: Asked) -> Told:
    """Money back from an artist's balance."""
    _check_metadata(asked.params)
    _transfer(world, asked.ids[0])
    return world.take_back(asked.ids[0], asked.params)


@route("GET", r"/v1/transfers/(\w+)/reversals", v1.TransferReversalListParams, stripe.TransferReversal, listing=True)
def list_reversals(world: World, asked: Asked) -> Told:
    """Newest first."""
    _transfer(world, asked.ids[0])
    return _page(world.reversals[asked.ids[0]], asked)


@route("GET", "/v1/balance", v1.BalanceRetrieveParams, stripe.Balance)
def read_balance(world: World, asked: Asked) -> Told:
    """Of the program, or of the account that is named."""
    own = {currency: amount for (account, currency), amount in world.balances.items() if account == asked.account}
    return objects.balance(own, {} if asked.account else dict(world.pending), live=world.live)


# --- on to the bank


@route("GET", "/v1/payouts", v1.PayoutListParams, stripe.Payout, listing=True)
def list_payouts(world: World, asked: Asked) -> Told:
    """Of the account that is named."""
    status = asked.params.get("status")
    rows = [
        told
        for account, told in reversed(world.payouts.values())
        if account == asked.account and status in (None, told["status"])
    ]
    return _page(rows, asked)


@route("GET", r"/v1/payouts/(\w+)", v1.PayoutRetrieveParams, stripe.Payout)
def read_payout(world: World, asked: Asked) -> Told:
    """One of the account that is named; another's is not there."""
    account, told = world.payouts.get(asked.ids[0], ("-", {}))
    if account != asked.account:
        raise Refusal(404, "resource_missing", f"No such payout: '{asked.ids[0]}'", param="payout")
    return told


@route("GET", "/v1/balance_transactions", v1.BalanceTransactionListParams, stripe.BalanceTransaction, listing=True)
def list_lines(world: World, asked: Asked) -> Told:
    """Movements of one balance, those of one payout if it is named."""
    wanted = {name: asked.params[name] for name in ("type", "source", "currency") if name in asked.params}
    rows = [
        line.told
        for line in reversed(world.lines)
        if line.account == asked.account
        and asked.params.get("payout") in (None, line.payout)
        and all(line.told[name] == value for name, value in wanted.items())
    ]
    return _page(rows, asked)


# --- news


@route("GET", "/v1/events", v1.EventListParams, stripe.Event, listing=True)
def list_events(world: World, asked: Asked) -> Told:
    """Of the program, or of the account that is named; those that no endpoint took, if asked for."""
    types, delivered = asked.params.get("types"), asked.params.get("delivery_success")
    rows = [
        news.told | {"pending_webhooks": int(not news.delivered)}
        for news in reversed(world.news)
        if news.endpoint != "thin"
        and news.account == asked.account
        and (types is None or news.told["type"] in types)
        and delivered in (None, news.delivered)
    ]
    return _page(rows, asked)


class ThinEvent(EventV2):
    """A thin event in a list: the SDK has a class of its own for each type; what they add is optional here."""

    related_object: dict[str, str] | None
    data: dict[str, Any] | None


@route("GET", "/v2/core/events", v2.EventListParams, ThinEvent, listing=True)
def list_thin_events(world: World, asked: Asked) -> Told:
    """Since a moment, of some types."""
    types, since = asked.params.get("types"), asked.params.get("created", {}).get("gte", "")
    rows = [
        news.told
        for news in reversed(world.news)
        if news.endpoint == "thin"
        and (types is None or news.told["type"] in types)
        and news.told["created"][:19] >= since[:19]
    ]
    return _v2_page(world, rows, asked)


# --- what they share


def _account(world: World, account: str) -> Told:
    if account not in world.accounts:
        raise Refusal(404, "not_found", f"No such account: '{account}'")
    return world.accounts[account]


def _transfer(world: World, transfer: str) -> Told:
    if transfer not in world.transfers:
        raise Refusal(404, "resource_missing", f"No such transfer: '{transfer}'", param="id")
    return world.transfers[transfer]


def _check_metadata(params: Told) -> None:
    ours = params.get("metadata", {})
    long = [name for name, text in ours.items() if len(name) > LONGEST_NAME or len(text) > LONGEST_VALUE]
    if long or len(ours) > MOST_METADATA:
        raise Refusal(400, "metadata_invalid", "Metadata: 50 keys of 40 characters with values of 500 at most.")


def _page(rows: list[Told], asked: Asked) -> Told:
    """One page, newest first, of those made in the asked interval."""
    created = asked.params.get("created", {})
    bounds = created if isinstance(created, dict) else {"gte": created, "lte": created}
    compare = {"gt": int.__gt__, "gte": int.__ge__, "lt": int.__lt__, "lte": int.__le__}
    rows = [row for row in rows if all(compare[name](row["created"], bound) for name, bound in bounds.items())]
    if after := asked.params.get("starting_after"):
        rows = rows[[row["id"] for row in rows].index(after) + 1 :]
    limit = asked.params.get("limit", 10)
    if not 1 <= limit <= 100:
        raise Refusal(400, "parameter_invalid_integer", "limit is between 1 and 100", param="limit")
    return objects.page(rows[:limit], asked.path, more=len(rows) > limit)


def _v2_page(world: World, rows: list[Told], asked: Asked) -> Told:
    """One page of a v2 list; the next is named by its address."""
    end = asked.skip + asked.params.get("limit", 20)
    more = None
    if len(rows) > end:
        token = world.new_id("page")
        world.pages[token] = (asked.params, end)
        more = f"{asked.path}?page={token}"
    return {"data": rows[asked.skip : end], "next_page_url": more}
