"""The address of webhooks, as Stripe reaches it."""

from dataclasses import dataclass
from typing import Any

from django.test import Client

from tests.doubles.stripe import Outbox


@dataclass
class Hook:
    """The address of webhooks, with what it answered last."""

    outbox: Outbox
    code: str = ""

    def post(self, body: bytes, header: str, **more: Any) -> int:
        """Without cookies, as Stripe does it; the status."""
        answer = Client(enforce_csrf_checks=True).post(
            "/payments/stripe/", body, content_type="application/json", headers={"Stripe-Signature": header} | more
        )
        assert answer.cookies == {}
        self.code = answer.json()["code"]
        return answer.status_code

    def deliver(self, *args: Any, **more: Any) -> list[int]:
        """Let the outbox post what waits; the statuses."""
        return [status for _id, status in self.outbox.deliver(self.post, *args, **more)]
