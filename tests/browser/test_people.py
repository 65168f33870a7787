"""From an invitation to a signed agreement and a first film, and a new version of the agreement, as people do it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import House, Visitor
from tests.browser.people import MINUTE, PASSWORD, answer_all, invite, join, link_of, make_cohort, publish
from tests.factories.codes import one_time_code

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("width", ["wide", "phone"])
def test_from_an_invitation_to_a_first_film_and_a_new_version(
    house: House, visit: Callable[..., Visitor], width: str
) -> None:
    slug = f"people-{width}"
    staff = visit(width)
    staff.page.set_default_timeout(MINUTE)
    staff.go(link_of(house, "staff"))
    make_cohort(staff, slug)
    publish(staff, slug, "# Quiet\n\nYou keep it to yourself.", new=True)
    url = invite(staff, f"nour-{width}@example.org", slug)

    guest = visit(width)
    page = guest.page
    page.set_default_timeout(MINUTE)
    join(guest, url)
    expect(page.locator(".state-line-state")).to_have_text("An agreement waits for your answer")
    guest.look()
    guest.go("/agreement/")
    guest.look()
    page.get_by_role("button", name="Decline").first.click()
    expect(page.get_by_text("You declined. Your account")).to_be_visible()
    guest.look()
    guest.go("/studio/")
    expect(page.get_by_text("You have not signed the agreement.").first).to_be_visible()
    guest.go("/agreement/")
    page.get_by_label("Type your name to sign").first.fill("Somebody Else")
    page.keyboard.press("Enter")
    expect(page.get_by_text("signature-name-other")).to_be_visible()
    guest.complaints.clear()  # Chromium reports the refusal's status, which is meant
    guest.go("/agreement/")
    answer_all(page)
    page.get_by_role("link", name="Your copy").first.click()
    guest.look()

    guest.go("/studio/")
    page.get_by_label("Prompt for shot 1").fill("a red ball rises over a blue sea")
    page.get_by_role("button", name=re.compile("Generate")).click()
    expect(page.locator(".job-card, .take-card").first).to_be_visible()

    publish(staff, slug, "# Quiet\n\nYou keep it to yourself for a year.", new=False, grace="2099-01-01T00:00")
    guest.go("/agreement/")
    expect(page.get_by_role("heading", name="What changed since you signed")).to_be_visible()
    expect(page.locator(".diff ins")).to_have_text(["yourself for a year."])
    guest.look()
    answer_all(page)
    expect(page.locator(".state-line-state")).to_have_text("Everything is answered")

    for path in ("/me/profile/", "/me/cohort/", "/me/leave/"):
        guest.go(path)
        guest.look()
    page.get_by_role("button", name="Leave").click()
    expect(page.locator(".state-line-state")).to_have_text("You are leaving")
    guest.look()
    page.get_by_role("button", name="Stay after all").click()
    expect(page.get_by_text("You stay.")).to_be_visible()

    for path in ("/staff/invitations/", f"/staff/agreements/{slug}/", f"/staff/cohorts/{slug}/"):
        staff.go(path)
        staff.look()


def test_reviewer_sets_up_a_second_factor_and_states_before_anything_else(
    house: House, visit: Callable[..., Visitor]
) -> None:
    url = house.manage("invite", "rev@example.org", "--role", "reviewer", "--name", "Nour Test")["url"]
    reviewer = visit("phone")
    page = reviewer.page
    page.set_default_timeout(MINUTE)
    page.goto(url)
    page.get_by_role("button", name="Accept").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/accounts/second-factor/")
    reviewer.go("/review/")
    assert "/accounts/second-factor/" in page.url
    expect(page.locator(".state-line-state")).to_have_text("Your role needs a second factor")
    reviewer.look()
    page.get_by_role("link", name="One-time codes of an app").click()
    page.locator("input[name=code]").fill(one_time_code(page.locator("code.wrap").inner_text()))
    page.get_by_role("button", name="Activate").click()
    page.wait_for_url("**/recovery-codes/")
    assert reviewer.go("/review/") == 200
    reviewer.go("/me/statements/")
    reviewer.look()
    page.get_by_role("link", name="Harbour").click()
    page.get_by_label("Artists of this cohort").fill("None.")
    page.get_by_label("Type your name under both").fill("Nour Test")
    reviewer.look()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Stated for Harbour.")).to_be_visible()
