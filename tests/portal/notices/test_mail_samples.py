"""Every kind of mail with sample data: as it was found right, pure, the same as text and as HTML; and the page that shows it."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import resolve, reverse

from artists.people.models import Person
from portal.notices.kinds import DIGEST, Delivery, kinds
from portal.notices.letters import address
from portal.notices.models import Letter, Notice
from portal.notices.samples import NO_STOP, Shown, sample_of, samples
from portal.notices.services import choose_mail, send_letters, tell
from tests.portal.notices.snapshots import KEPT, rendered_now

LOADS = re.compile(
    r"<(?:img|script|link|iframe|object|embed|video|audio|source|form|input|svg|base)\b|url\(|@import|\bon\w+=",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"""[a-z][a-z0-9+.-]*://[^\s"'<>]+""", re.IGNORECASE)
FILMS = re.compile(r"\.(?:mp4|webm|gif|mov|webp|png|jpe?g)\b|/film/|/poster/", re.IGNORECASE)


def every() -> list[Shown]:
    """Kinds of the product; those of tests are not its mail."""
    return [one for one in samples() if not one.name.startswith("tests.")]


class Words(HTMLParser):
    """What somebody reads of a mail; a link with words of its own is "words: address"."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[str] = []
        self.address = ""
        self.skip = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.skip += tag in {"style", "title"}
        if tag == "a":
            self.address = dict(attrs).get("href") or ""

    def handle_endtag(self, tag: str) -> None:
        self.skip -= tag in {"style", "title"}

    def handle_data(self, data: str) -> None:
        if self.skip or not data.strip():
            return
        words = " ".join(data.split())
        self.read.append(f"{words}: {self.address}" if self.address and words != self.address else words)
        self.address = ""


def words_of_html(html: str) -> list[str]:
    """Line by line, without the name above and the address that is printed below its own button."""
    parser = Words()
    parser.feed(html)
    read = parser.read
    assert read.pop(0) == "Vernissage"
    return " ".join(
        line for number, line in enumerate(read) if not (number and read[number - 1].endswith(f": {line}"))
    ).split()


def words_of_text(text: str) -> list[str]:
    return " ".join(line for line in text.splitlines() if line != "--").split()


def test_every_kind_is_as_it_was_found_right() -> None:
    """No database is asked. A change that is meant is kept by `python -m tests.portal.notices.snapshots`."""
    kept = {path.name: path.read_text(encoding="utf-8") for path in KEPT.iterdir()}
    now = rendered_now()
    assert sorted(kept) == sorted(now)
    assert {name: text for name, text in now.items() if kept[name] != text} == {}


def test_every_kind_has_a_sample_of_its_own() -> None:
    ours = [kind for kind in kinds() if not kind.name.startswith("tests.")]
    assert [kind.name for kind in ours if kind.sample is None] == []


def test_every_mail_loads_nothing_and_links_to_this_site_only() -> None:
    site, found = settings.VERNISSAGE_BASE_URL, []
    for one in every():
        for text in one.rendered():
            found += [(one.name, hit.group()) for hit in (LOADS.search(text), FILMS.search(text)) if hit]
            for link in ADDRESS.findall(text):
                if not link.startswith(site):
                    found.append((one.name, link))
                elif link.removeprefix(site) not in {"", NO_STOP}:
                    resolve(urlsplit(link).path)
    assert found == []


@pytest.mark.parametrize(
    "breach", ['<img src="x">', "<p style='background: url(x)'>", "<script>", "<a onclick=x>", "<link rel=x>", "<svg>"]
)
def test_breach_of_purity_is_caught(breach: str) -> None:
    assert LOADS.search(breach) is not None


def test_every_mail_says_the_same_as_text_and_as_html() -> None:
    differing = [one.name for one in every() if words_of_text(one.rendered()[0]) != words_of_html(one.rendered()[1])]
    assert differing == []


def test_lights_differ_in_colour_only() -> None:
    for one in every():
        bare, dark, light = (one.rendered(name)[1] for name in ("", "dark", "light"))
        assert words_of_html(dark) == words_of_html(light) == words_of_html(bare)
        assert ("@media all" in dark, "@media not all" in light, "prefers-color-scheme" in bare) == (True, True, True)


def test_digest_and_what_is_not_binding_can_be_stopped_with_one_click() -> None:
    stoppable = {one.name for one in every() if address(NO_STOP) in one.rendered()[0]}
    assert stoppable == {kind.name for kind in kinds() if not kind.binding and not kind.name.startswith("tests.")} | {
        DIGEST
    }


def test_letters_as_they_go_out_have_two_parts_and_the_headers_of_one_click(ada: Person) -> None:
    Letter.objects.all().delete()
    choose_mail(ada, {kind.name: Delivery.NOW for kind in kinds() if not kind.binding}, actor=ada)
    ours = [kind for kind in kinds() if not kind.name.startswith("tests.")]
    for kind in ours:
        sample = kind.sample
        assert sample is not None
        tell(ada, kind.name, key=kind.name, title=sample.title, body=sample.body, url=sample.url, fill=sample.fill)
    mail.outbox.clear()
    assert send_letters(limit=1000) == len(ours)
    for letter, sent in zip(Letter.objects.order_by("due_at", "pk"), mail.outbox, strict=True):
        kind = next(one for one in ours if one.name == letter.kind)
        message = sent.message()
        assert ([part.get_content_type() for part in message.walk()], sent.attachments) == (
            ["multipart/alternative", "text/plain", "text/html"],
            [],
        )
        click = (message["List-Unsubscribe"], message["List-Unsubscribe-Post"])
        if kind.binding:
            assert (kind.name, click) == (kind.name, (None, None))
        else:
            assert re.fullmatch(r"<http://127\.0\.0\.1:8000/mail/stop/[\w:-]+/>", str(click[0])), kind.name
            assert click[1] == "List-Unsubscribe=One-Click"
            assert str(click[0])[1:-1] in letter.text
        assert words_of_text(letter.text) == words_of_html(letter.html)
    assert Notice.objects.filter(person=ada, key__in=[kind.name for kind in ours]).count() == len(ours)


def test_preview_shows_every_kind_in_both_lights(sam: Person, client_of: Callable[[Person], Client]) -> None:
    client = client_of(sam)
    listed = client.get(reverse("mails")).content.decode()
    assert [one.name for one in every() if reverse("mail", args=[one.name]) not in listed] == []
    for one in every():
        page = client.get(reverse("mail", args=[one.name]))
        assert (one.name, page.status_code) == (one.name, 200)
        frames = re.findall(r'<iframe sandbox title="[^"]+" src="([^"]+)"', page.content.decode())
        assert frames == [reverse("mail_frame", args=[one.name, light]) for light in ("light", "dark")]
        assert client.get(frames[0]).content.decode() == one.rendered("light")[1]


def test_preview_keeps_the_policy_and_the_frame_runs_and_loads_nothing(
    sam: Person, client_of: Callable[[Person], Client]
) -> None:
    client = client_of(sam)
    page = client.get(reverse("mail", args=[DIGEST]))["Content-Security-Policy"]
    assert ("default-src 'none'" in page, "frame-src 'self'" in page, "script-src 'self'" in page) == (True,) * 3
    assert "unsafe" not in page
    frame = client.get(reverse("mail_frame", args=[DIGEST, "dark"]))
    assert sorted(frame["Content-Security-Policy"].split("; ")) == [
        "base-uri 'none'", "default-src 'none'", "form-action 'none'", "frame-ancestors 'self'", "sandbox",
        "style-src 'unsafe-inline'",
    ]  # fmt: skip
    assert frame["X-Frame-Options"] == "SAMEORIGIN"
    assert client.get(reverse("mail_frame", args=[DIGEST, "pink"])).status_code == 404
    assert client.get(reverse("mail", args=["no.such.kind"])).status_code == 404


def test_preview_is_for_staff_and_its_stop_address_stops_nothing(
    ada: Person, client_of: Callable[[Person], Client]
) -> None:
    assert client_of(ada).get(reverse("mails")).status_code == 403
    answer = Client().post(NO_STOP, {"List-Unsubscribe": "One-Click"})
    assert (answer.status_code, "stop-unknown" in answer.content.decode()) == (404, True)


def test_a_sample_is_found_by_its_name_only() -> None:
    found = sample_of("generation.ended")
    assert (found is not None and found.mail.subject, sample_of("x")) == ("Your film is ready", None)
