"""Error pages and mails: a code, no dead end, one hand, nothing that follows anybody."""

import html
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from django.core import mail
from django.test import Client, override_settings
from django.urls import reverse

from artists.people.models import Person
from portal.notices.services import write_letter
from portal.program.models import Program
from portal.web.errors import PAGES, broken

BUTTONS = re.compile(r'<a href="([^"]+)" class="button"')


@pytest.mark.parametrize(("path", "code"), [("/nowhere/", "not-found")])
def test_error_page_has_a_code_a_way_on_and_a_way_to_report(program: Program, path: str, code: str) -> None:
    Program.objects.update(contact="desk@example.org")
    said = Client().get(path).content.decode()
    assert (f'<span class="code">{code}</span>' in said, BUTTONS.findall(said)) == (True, ["/", "/status/"])
    assert f"mailto:desk@example.org?subject={code}+%2Fnowhere%2F" in said


def test_error_page_without_a_contact_offers_no_empty_report(program: Program) -> None:
    assert "mailto:" not in Client().get("/nowhere/").content.decode()


def test_error_of_whoever_is_signed_in_becomes_a_bug_report(ada: Person, client_of: Callable[[Person], Client]) -> None:
    browser = client_of(ada)
    for path, code in (("/nowhere/", "not-found"), (reverse("today"), "role")):
        link = f"{reverse('bug_new')}?code={code}&amp;page={quote(path, safe='')}"
        assert link in browser.get(path).content.decode()
        form = browser.get(html.unescape(link)).content.decode()
        assert (f'name="code" value="{code}"' in form, f'name="page" value="{path}"' in form) == (True, True)


def test_fault_page_needs_no_database() -> None:
    answer = broken(None)  # type: ignore[arg-type]
    assert (answer.status_code, BUTTONS.findall(answer.content.decode())) == (500, ["/", "/status/"])


def test_form_from_elsewhere_says_what_to_do(program: Program) -> None:
    answer = Client(enforce_csrf_checks=True).post(reverse("theme"))
    assert (answer.status_code, str(PAGES["form-outdated"][3]) in answer.content.decode()) == (403, True)


def test_refusal_has_its_code_and_a_way_on(ada: Person, client_of: Callable[[Person], Client]) -> None:
    said = client_of(ada).get(reverse("today")).content.decode()
    assert ('<span class="code">' in said, BUTTONS.findall(said)) == (True, ["/", "/status/"])


def test_letter_carries_one_link_and_no_picture(ada: Person) -> None:
    letter = write_letter(ada.email, key="k", subject="Your film", body="It is ready.", url="/library/", button="Look")
    assert set(re.findall(r'(?:href|src)="([^"]+)"', letter.html)) == {"http://127.0.0.1:8000/library/"}
    assert re.findall(r"<(?:img|script|link|iframe)|url\(", letter.html) == []
    assert letter.text.splitlines()[0] == "Your film"


@override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
def test_mail_of_the_accounts_comes_in_our_frame(ada: Person, program: Program) -> None:
    Client().post(reverse("account_reset_password"), {"email": ada.email})
    sent = mail.outbox[0]
    page = sent.alternatives[0][0]  # type: ignore[attr-defined]
    links = [link for link in re.findall(r'href="([^"]+)"', page) if "/accounts/" in link]
    assert (len(mail.outbox), len(links), re.findall(r"<img|url\(", page)) == (1, 1, [])
    assert ("no tracking" in sent.body, "Hello from" in sent.body, sent.subject.startswith("[")) == (True, False, False)


@pytest.mark.parametrize("path", ["/accounts/signup/", "/accounts/password/reset/done/"])
def test_account_page_without_a_form_has_a_way_on(program: Program, path: str) -> None:
    assert BUTTONS.findall(Client().get(path).content.decode()) != []
