"""`python -m tests.doubles.stripe`: a Stripe to click through on this machine. It forgets everything when it ends.

What happens there is told to the portal by signed webhooks, once a second.
"""

import argparse
import time
from urllib.error import URLError

from .outbox import Outbox, over_http
from .server import FakeStripe, open_stripe

GIVE_UP_AFTER = 20


def deliver(outbox: Outbox, url: str, tries: dict[str, int]) -> int:
    """Post what waits; an event that was refused again and again is given up, as Stripe gives up after days. How many went out."""
    waiting = [news for news in outbox.waiting() if tries.get(news.told["id"], 0) < GIVE_UP_AFTER]
    for news in waiting:
        tries[news.told["id"]] = tries.get(news.told["id"], 0) + 1
    try:
        return sum(200 <= status < 300 for _id, status in outbox.deliver(over_http(url), waiting))
    except (URLError, OSError):
        return 0


def lines(fake: FakeStripe, outbox: Outbox) -> list[str]:
    """What to give the portal, and where to click."""
    return [
        f"VERNISSAGE_STRIPE_KEY={fake.key}",
        f"VERNISSAGE_STRIPE_API_BASE={fake.address}",
        f"VERNISSAGE_STRIPE_WEBHOOK_SECRET={','.join(outbox.secrets.values())}",
        f"Stripe's side: {fake.address}/hosted/desk/",
    ]


def main() -> None:
    """Until Control-C."""
    read = argparse.ArgumentParser(prog="python -m tests.doubles.stripe", description=__doc__)
    read.add_argument("--port", type=int, default=8421)
    read.add_argument("--to", metavar="URL", default="http://127.0.0.1:8000/payments/stripe/", help="where webhooks go")
    read.add_argument("--funds", type=int, default=10_000_00, help="the program's balance, in cents of EUR")
    asked = read.parse_args()
    with open_stripe(port=asked.port) as fake:
        fake.world.top_up(asked.funds)
        outbox, tries = Outbox(fake.world), dict[str, int]()
        print("\n".join(lines(fake, outbox)), flush=True)  # noqa: T201 - a command
        try:
            while True:
                deliver(outbox, asked.to, tries)
                time.sleep(1)
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
