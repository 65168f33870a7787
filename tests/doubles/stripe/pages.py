"""The pages at Stripe that a person is sent to: the form of an account, and the artist's own page. Plain HTML."""

from html import escape
from urllib.parse import parse_qs

from . import desk
from .objects import iso
from .world import World

PAGE = "<!doctype html><html lang=en><title>{title}</title><meta name=viewport content='width=device-width'>"
PAGE += "<body><main><h1>{title}</h1>{body}</main></body></html>"
Answer = tuple[int, str, str]  # status, address to go to, HTML


def show(world: World, path: str, method: str, body: str) -> Answer:
    """What is at one of these addresses, or where its button leads."""
    with world.lock:
        parts = path.strip("/").split("/")
        if parts[1:] == ["desk"]:
            return 200, "", desk.show(world, desk.do(world, body) if method == "POST" else "")
        if parts[1:2] == ["dashboard"] and len(parts) == 3 and parts[2] in world.accounts:
            return 200, "", _dashboard(world, parts[2])
        if parts[1:2] == ["onboarding"] and len(parts) == 3 and parts[2] in world.links:
            return _onboarding(world, parts[2], method, parse_qs(body).get("act", [""])[0])
    return 404, "", PAGE.format(title="Not found", body="")


def _onboarding(world: World, token: str, method: str, act: str) -> Answer:
    link = world.links[token]
    options = next(part for name, part in link["use_case"].items() if name != "type" and part)
    if token in world.used_links or link["expires_at"] < iso(world.now()):
        return 303, options["refresh_url"], ""
    if method == "GET":
        buttons = "".join(
            f"<button name=act value={name}>{words}</button> "
            for name, words in (("complete", "Complete"), ("review", "Complete, to be checked"), ("leave", "Leave"))
        )
        what = f"<p>Account {escape(link['account'])}. A double of Stripe: nothing is real here.</p>"
        return 200, "", PAGE.format(title="Get paid", body=f"{what}<form method=post>{buttons}</form>")
    world.used_links.add(token)
    if act == "complete":
        world.onboard(link["account"])
    if act == "review":
        world.review(link["account"])
    return 303, options["return_url"], ""


def _dashboard(world: World, account: str) -> str:
    own = {currency: amount for (owner, currency), amount in world.balances.items() if owner == account}
    rows = "".join(f"<li>{escape(currency)} {amount}</li>" for currency, amount in sorted(own.items()))
    return PAGE.format(title="Your balance", body=f"<p>Account {escape(account)}</p><ul>{rows}</ul>")
