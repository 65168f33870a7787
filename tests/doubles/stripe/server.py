"""The fake on a socket: reads a request as Stripe would, lets a fault befall it, and answers."""

import hashlib
import json
import select
import socket
import struct
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from . import pages, routes
from .contract import Malformed
from .faults import At, Fault, Kind
from .keys import Answer, Keys, Refusal
from .objects import VERSION
from .wire import read_form
from .world import World

RESET = struct.pack("ii", 1, 0)
TICK_S, MOST_TICKS = 0.02, 1500


class Answered(Exception):
    """Something made up was said, and the connection goes on."""


class GaveUp(Exception):
    """The caller has hung up, or was hung up on: there is nobody to answer."""


@dataclass(frozen=True)
class Seen:
    """One request, as it came."""

    method: str
    path: str
    key: str
    account: str
    body: str


@dataclass
class _Late:
    """A request that waits for the test to let it happen."""

    gate: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)
    dropped: bool = False


class FakeStripe:
    """Stripe, for one program with one secret key. `world` is what is there; `seen` is every request."""

    def __init__(self, *, live: bool = False) -> None:
        self.key = "sk_live_fake" if live else "sk_test_fake"
        self.forbidden: set[str] = set()  # paths that the key may not use
        self.world = World(live=live)
        self.keys = Keys()
        self.faults: list[Fault] = []
        self.seen: list[Seen] = []
        self.late: list[_Late] = []
        self.address = ""

    @property
    def violations(self) -> list[str]:
        """What either side did wrong. Empty at the end of every test."""
        return self.world.violations

    def posts(self, path: str = "/v1/transfers") -> list[Seen]:
        """The requests that ask for something to be done there."""
        return [seen for seen in self.seen if (seen.method, seen.path) == ("POST", path)]

    def go_wrong(self, kind: Kind, at: At = At.BEFORE, **more: Any) -> Fault:
        """Let a fault befall the next request that it fits."""
        fault = Fault(kind, at, **more)
        self.faults.append(fault)
        return fault

    def release(self, *, drop: bool = False) -> int:
        """Let late requests happen now, or never; how many."""
        waiting, self.late = self.late, []
        for late in waiting:
            late.dropped = drop
            late.gate.set()
            late.done.wait(10)
        return len(waiting)

    def pass_time(self, *, hours: float) -> int:
        """Later at Stripe, with the keys that are a day old forgotten; how many those were."""
        with self.world.lock:
            self.world.offset_s += int(hours * 3600)
            return self.keys.prune(self.world.now())

    # --- one request

    def handle(self, handler: "_Handler", method: str) -> None:
        """Answer one request."""
        body = handler.rfile.read(int(handler.headers.get("Content-Length") or 0)).decode()
        parts = urlsplit(handler.path)
        if parts.path.startswith("/hosted/"):
            status, to, html = pages.show(self.world, parts.path, method, body)
            handler.answer(
                status, html.encode(), {"Content-Type": "text/html; charset=utf-8"} | ({"Location": to} if to else {})
            )
            return
        heads = handler.headers
        seen = Seen(
            method, parts.path, heads.get("Idempotency-Key", ""), heads.get("Stripe-Account", ""), body or parts.query
        )
        with self.world.lock:
            self.seen.append(seen)
            fault = next((fault for fault in self.faults if fault.takes(method, parts.path)), None)
        late = None
        try:
            if fault and fault.at is At.BEFORE:
                late = self._befall(fault, handler)
            status, told, more, late = self._work(seen, handler, fault, late)
            if fault and fault.at is At.AFTER:
                self._befall(fault, handler)
            handler.answer(status, json.dumps(told).encode(), more)
        except Answered:
            pass
        except GaveUp:
            handler.close_connection = True
        except Exception:  # noqa: BLE001 - a fault of the fake must not look like one of Stripe
            self.violations.append(f"{method} {parts.path}: the fake failed\n{traceback.format_exc()}")
            handler.answer(500, b"the fake failed", {})
        finally:
            if late:
                late.done.set()

    def _befall(self, fault: Fault, handler: "_Handler") -> _Late | None:
        """Let it happen on the wire. Raises Answered or GaveUp when this was the end of it."""
        if fault.kind is Kind.STATUS:
            handler.answer(fault.status, json.dumps(fault.answer()).encode(), fault.headers)
            raise Answered
        if fault.kind is Kind.GARBAGE:
            handler.answer(200, fault.body, fault.headers)
            raise Answered
        if fault.kind is Kind.RESET:
            handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            handler.hang_up()
        if fault.kind is Kind.TIMEOUT:
            handler.wait_until_gone()
        if fault.kind is not Kind.LATE:
            raise GaveUp
        return self._park()

    def _park(self) -> _Late:
        late = _Late()
        with self.world.lock:
            self.late.append(late)
        late.gate.wait(60)
        if late.dropped or not late.gate.is_set():
            late.done.set()
            raise GaveUp
        return late

    def _work(
        self, seen: Seen, handler: "_Handler", fault: Fault | None, late: _Late | None
    ) -> tuple[int, dict[str, Any], dict[str, str], _Late | None]:
        """Status, body and headers of the answer, and whether it was late."""
        form = not seen.path.startswith("/v2/")
        slot = (seen.account, seen.key, not form)
        keyed = bool(seen.method == "POST" and seen.key)
        try:
            self._admit(handler, seen, form=form)
            known, asked = self._read(handler, seen, form=form)
        except Refusal as refusal:
            return refusal.status, refusal.body, {}, late
        try:
            print_ = hashlib.sha256(f"{seen.path} {seen.body}".encode()).hexdigest()
            if keyed:
                with self.world.lock:
                    saved = self.keys.begin(slot, print_, self.world.now())
                if saved:
                    return *saved, {"Idempotent-Replayed": "true"}, late
        except Refusal as refusal:
            return refusal.status, refusal.body, {}, late
        if fault and fault.at is At.DURING and fault.kind is Kind.LATE:
            try:
                late = self._park()
            except GaveUp:
                self.keys.drop(slot)
                raise
        with self.world.lock:
            status, told = self._perform(known, asked, fault)
            if keyed and (form or status < 400):
                saved_as = fault and fault.at is At.AFTER and fault.kind is Kind.STATUS and fault.status >= 500 and form
                self.keys.save(slot, (fault.status, fault.answer()) if fault and saved_as else (status, told))
            elif keyed:
                self.keys.drop(slot)
        return status, told, {}, late

    def _perform(self, known: routes.Route, asked: routes.Asked, fault: Fault | None) -> Answer:
        if fault and fault.at is At.DURING and fault.kind is Kind.STATUS:
            return fault.status, fault.answer()
        try:
            return 200, routes.perform(known, self.world, asked)
        except Refusal as refusal:
            return refusal.status, refusal.body

    def _admit(self, handler: "_Handler", seen: Seen, *, form: bool) -> None:
        """Key, version and kind of body."""
        heads = handler.headers
        if heads.get("Authorization") != f"Bearer {self.key}":
            raise Refusal(401, None, "Invalid API Key provided: sk_test_****")
        if heads.get("Stripe-Version") != VERSION:
            self.violations.append(
                f"{seen.path}: Stripe-Version {heads.get('Stripe-Version')} is not the pinned {VERSION}"
            )
            raise Refusal(400, None, "The fake answers to the pinned version only.")
        if seen.path in self.forbidden:
            raise Refusal(403, None, "The provided key does not have the required permissions for this endpoint.")
        wanted = "application/x-www-form-urlencoded" if form else "application/json"
        if seen.method == "POST" and heads.get("Content-Type") != wanted:
            self.violations.append(f"{seen.path}: {heads.get('Content-Type')} instead of {wanted}")
            raise Refusal(400, None, "Wrong content type.")
        if seen.account and seen.account not in self.world.accounts:
            words = (
                f"The provided key does not have access to account '{seen.account}' (or that account does not exist)."
            )
            raise Refusal(403, "account_invalid", words)

    def _read(self, handler: "_Handler", seen: Seen, *, form: bool) -> tuple[routes.Route, routes.Asked]:
        """The route and what is asked of it. What Stripe would refuse as malformed is a violation of ours."""
        found = routes.find(seen.method, seen.path)
        if found is None:
            self.violations.append(f"{seen.method} {seen.path}: no such address in the fake")
            raise Refusal(404, None, f"Unrecognized request URL ({seen.method}: {seen.path}).")
        known, ids = found
        try:
            is_json = seen.method == "POST" and not form
            sent = json.loads(seen.body or "{}") if is_json else read_form(seen.body)
            if "page" in sent and not form:
                params, skip = self.world.pages[sent["page"]]
            else:
                params, skip = routes.read(known, sent, form=not is_json), 0
        except Malformed as fault:
            self.violations.append(f"{seen.method} {seen.path}: {fault.words}")
            raise Refusal(400, fault.code, fault.words, param=fault.param) from None
        except NotImplementedError as fault:
            self.violations.append(f"{seen.method} {seen.path}: {fault}")
            raise Refusal(400, None, str(fault)) from None
        return known, routes.Asked(seen.path, ids, params, seen.account, self.address, skip)


class _Handler(BaseHTTPRequestHandler):
    """HTTP/1.1 with connections that are kept."""

    protocol_version = "HTTP/1.1"
    # Without these two an answer waits 40 ms for the caller's acknowledgement.
    disable_nagle_algorithm = True
    wbufsize = -1
    fake: FakeStripe

    def do_GET(self) -> None:
        self.fake.handle(self, "GET")

    def do_POST(self) -> None:
        self.fake.handle(self, "POST")

    def do_DELETE(self) -> None:
        self.fake.handle(self, "DELETE")

    def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        """Send it, to whoever is still there."""
        heads = {"Content-Type": "application/json", "Content-Length": str(len(body))}
        heads |= {"Request-Id": self.fake.world.new_id("req")} | headers
        try:
            self.send_response(status)
            for name, value in heads.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)
            self.wfile.flush()
        except OSError:
            self.close_connection = True

    def hang_up(self) -> None:
        """Close the socket now."""
        self.close_connection = True
        self.connection.close()

    def wait_until_gone(self) -> None:
        """Say nothing until the caller hangs up. Counted in ticks, for tests stop the clock."""
        for _ in range(MOST_TICKS):
            readable, _, _ = select.select([self.connection], [], [], TICK_S)
            if readable and not self.connection.recv(1, socket.MSG_PEEK):
                return

    def log_message(self, *args: Any) -> None:
        """Keep quiet."""


@contextmanager
def open_stripe(*, live: bool = False, port: int = 0) -> Iterator[FakeStripe]:
    """A fake that answers at its `address`."""
    fake = FakeStripe(live=live)
    server = ThreadingHTTPServer(("127.0.0.1", port), type("Handler", (_Handler,), {"fake": fake}))
    server.daemon_threads = True
    fake.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        fake.release(drop=True)
        server.shutdown()
        server.server_close()
        thread.join()
