"""A walk over every page that can be reached by a link, for everybody, in both lights, wide and on phones."""

import time
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.browser.house import House

pytestmark = pytest.mark.browser
# Answers that are no pages, and one that ends the walk.
NO_PAGES = (
    "film",
    "paper",
    "poster",
    "filmstrip",
    "download",
    "healthz",
    "logout",
    "sign_in",
    "export",
    "media",
    "receipt",
    "csv",
    "proof",
    "ics",
    "screenshot",
)
ACCOUNT = (
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/2fa/",
    "/accounts/2fa/totp/activate/",
    "/accounts/2fa/webauthn/add/",
    "/accounts/2fa/recovery-codes/generate/",
)
ACCOUNT_WALKED_BY = {"", "ada@demo.example"}
OUTSIDE = (
    "/accounts/login/",
    "/accounts/password/reset/",
    "/accounts/signup/",
    "/nowhere/",
    "/accounts/2fa/webauthn/login/",
)
LINKS = "[...document.querySelectorAll('a[href]')].map(a => a.href)"
WALKS = {
    "": ("/", "/status/", *OUTSIDE),
    "ada@demo.example": ("/", "/sharing/", "/inbox/", "/agreement/", "/library/", "/bugs/", "/roadmap/", *ACCOUNT),
    "lena@demo.example": ("/sharing/", "/studio/"),
    "ruth@demo.example": ("/", "/review/", "/inbox/"),
    "mara@demo.example": ("/", "/staff/", "/staff/ui/", "/staff/bugs/?state=all", "/staff/roadmap/", "/staff/tariff/"),
}
LEAST = {  # pages of today: the walk must not quietly shrink
    "": {"home", "status", "account_login", "account_reset_password", "open_letters", "open_letter"},
    "ada@demo.example": {
        "home", "studio", "library", "clip", "share_new", "sharing", "share_request", "share_withdraw", "release", "agreement",
        "inbox", "mail_choices", "account_email", "account_change_password", "mfa_index", "uses", "consent_choices", "union",
        "gatherings", "gathering", "gathering_calendar", "open_letters", "open_letter", "letter_new",
        "bugs", "bug", "bug_new", "roadmap", "tariff", "feedback", "missions", "critique",
        "ledger", "ledger_lines", "service_letters",
    },
    "lena@demo.example": {"share_request"},
    "ruth@demo.example": {"review_queue", "review", "review_outbox", "review_me"},
    "mara@demo.example": {
        "today", "components", "outbox", "letter", "mails", "mail", "consent_desk", "consent_ask", "consent_register",
        "staff_gatherings", "staff_gathering", "staff_gathering_new", "staff_gathering_edit", "staff_letters",
        "staff_bugs", "staff_bug", "staff_roadmap", "staff_roadmap_item",
        "staff_roadmap_new", "staff_tariff", "tariff", "tariff_version", "staff_feedback", "staff_missions", "critique_desk",
        "staff_money_books",
    },
}  # fmt: skip


def kind_of(url: str) -> str:
    """The name of an address of ours; one page of a kind is walked, and nothing that is no page."""
    path = urlsplit(url).path
    try:
        name = resolve(path).view_name or path
    except Resolver404:
        return path if path == "/nowhere/" else ""
    return "" if any(part in name for part in NO_PAGES) else name


def wait_until_shared(visitor: Visitor) -> None:
    """The demonstration shares its films as they are rendered; whoever waited is signed out then."""
    end = time.monotonic() + 120
    while visitor.go("/sharing/") != 200 or not visitor.page.get_by_text("Refused", exact=True).count():
        assert time.monotonic() < end, "the demonstration did not complete itself"
        time.sleep(1)
    visitor.page.goto("about:blank")  # a page that hears that it is signed out goes to the door by itself
    visitor.page.context.clear_cookies()


@pytest.mark.parametrize("who", WALKS)
def test_every_page_is_whole_in_every_light_and_width(house: House, visit: Callable[..., Visitor], who: str) -> None:
    visitor = visit("wide", calm=True)
    if who:
        visitor.go(house.link("lena@demo.example"))
        wait_until_shared(visitor)
        visitor.go(house.link(who))
    ahead, seen, found = [house.url + path for path in WALKS[who]], set(), []
    while ahead:
        url = ahead.pop(0)
        kind = kind_of(url)
        if not kind or kind in seen or not url.startswith(house.url + "/"):
            continue
        if who not in ACCOUNT_WALKED_BY and kind.startswith(("account_", "mfa_")):
            continue  # the same for everybody who is signed in
        seen.add(kind)
        status = visitor.go(url)
        found += [f"{url} answers {status}"] if status >= 500 else []
        ahead += visitor.page.evaluate(LINKS)
        found += visitor.look_closely()
    assert ("\n".join(found), sorted(LEAST[who] - seen)) == ("", [])
    print(f"\n{who or 'public'}: {len(seen)} pages: {', '.join(sorted(seen))}")


def test_pages_stand_still_and_keep_their_edges_when_asked(house: House, visit: Callable[..., Visitor]) -> None:
    visitor = visit("wide", calm=True)
    visitor.go(house.link("mara@demo.example"))
    visitor.page.emulate_media(forced_colors="active")
    visitor.go("/staff/ui/")
    moving = visitor.page.evaluate("document.getAnimations().filter(a => a.playState === 'running').length")
    bare = visitor.page.evaluate(
        "[...document.querySelectorAll('.gallery .button:not([data-kind=quiet]), .gallery .chip, .gallery input')]"
        ".filter(e => e.checkVisibility() && getComputedStyle(e).borderTopWidth === '0px' && !['checkbox', 'file', 'range'].includes(e.type)"
        " && e.type !== 'hidden').map(e => e.outerHTML.slice(0, 160))"
    )
    assert (moving, bare, visitor.complaints) == (0, [], [])


def test_a_chosen_light_comes_with_the_page(house: House, visit: Callable[..., Visitor]) -> None:
    visitor = visit("wide")
    visitor.go("/")
    visitor.page.get_by_role("button", name="light", exact=True).click()
    page = visitor.page.request.get(house.url + "/").text()
    assert 'data-theme="light"' in page
    expect(visitor.page.locator("body")).to_have_css("background-color", "rgb(247, 245, 241)")
