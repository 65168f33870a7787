"""Webhooks under the test's hand: shuffled, doubled, lost, old, forged. Signed by the SDK's own function."""

import json
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import stripe

from .world import News, World

Post = Callable[[bytes, str], int]  # (body, Stripe-Signature) -> status
SECRETS = {"account": "whsec_account", "connect": "whsec_connect", "thin": "whsec_thin"}


@dataclass
class Outbox:
    """The endpoints of one world. `secrets` are theirs; a test may change one."""

    world: World
    secrets: dict[str, str] = field(default_factory=lambda: dict(SECRETS))
    seed: int = 7
    lost: set[str] = field(default_factory=set)

    def waiting(self) -> list[News]:
        """Events that no endpoint has taken and that are not lost, oldest first."""
        return [news for news in self.world.news if not news.delivered and news.told["id"] not in self.lost]

    def deliver(
        self,
        post: Post,
        news: Iterable[News] | None = None,
        *,
        shuffle: bool = False,
        duplicate: float = 0.0,
        drop: float = 0.0,
        age_s: int = 0,
        secret: str = "",
        wrong_mode: bool = False,
    ) -> list[tuple[str, int]]:
        """Post what is waiting, or `news`; (event id, status) in the order it went out. What was refused goes out again next time."""
        chance = random.Random(self.seed)
        todo = list(self.waiting() if news is None else news)
        lost = [one for one in todo if chance.random() < drop]
        self.lost |= {one.told["id"] for one in lost}
        todo = [one for one in todo if one not in lost]
        todo += [one for one in todo if chance.random() < duplicate]
        if shuffle:
            chance.shuffle(todo)
        done = []
        for one in todo:
            body, header = self.signed(one, age_s=age_s, secret=secret, wrong_mode=wrong_mode)
            status = post(body, header)
            one.delivered = one.delivered or 200 <= status < 300
            done.append((one.told["id"], status))
        return done

    def signed(self, news: News, *, age_s: int = 0, secret: str = "", wrong_mode: bool = False) -> tuple[bytes, str]:
        """Body and signature of one event."""
        told: dict[str, Any] = news.told | ({"livemode": not news.told["livemode"]} if wrong_mode else {})
        text = json.dumps(told)
        with_secret = secret or self.secrets[news.endpoint]
        header = stripe.WebhookSignature.generate_signature_header(text, with_secret, int(time.time()) - age_s)
        return text.encode(), header


def over_http(url: str) -> Post:
    """A post to a running server."""

    def post(body: bytes, header: str) -> int:
        heads = {"Stripe-Signature": header, "Content-Type": "application/json"}
        try:
            with urlopen(Request(url, body, heads), timeout=10) as answer:
                return answer.status
        except HTTPError as fault:
            fault.close()
            return fault.code

    return post
