"""What a letter looks like: the same words as text and as HTML, no picture, no address but this site's."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from artists.people.models import Person
from artists.people.reading import as_read_by, zone_of
from portal.panels import Words

from .hours import quiet_until
from .kinds import DIGEST, known_kind
from .models import Letter, MailHours
from .stopping import Stop, stop_path, stoppable

LONGEST = 200
# What the style sheet of a letter asks for its dark colours; the preview asks for one light or the other.
LIGHTS = {"": "(prefers-color-scheme: dark)", "dark": "all", "light": "not all"}


def address(path: str) -> str:
    """A path as a whole address, for mail."""
    return settings.VERNISSAGE_BASE_URL.rstrip("/") + path


def moment_words(moment: datetime) -> str:
    """A time in the reader's zone, named; the same in every language."""
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M %Z")


def said(words: Words, fill: Mapping[str, Any] | None) -> str:
    """Words as the reader reads them: lazy ones in their language, `fill` put in, moments on their clock."""
    text = str(words)
    if not fill:
        return text
    return text % {name: moment_words(value) if isinstance(value, datetime) else value for name, value in fill.items()}


@dataclass(frozen=True, slots=True)
class Line:
    """One notice in a digest; `url` is a path of this site."""

    title: str
    at: datetime
    url: str


@dataclass(frozen=True, slots=True)
class Mail:
    """What a letter says; `url` is a path of this site. The same key again is the same letter.

    One to a `person` of the program is in their language and zone and keeps to their quiet hours, unless it is `urgent`.
    """

    to: str
    key: str
    subject: str
    body: str
    url: str
    button: str
    language: str = "en"
    person: Person | None = None
    kind: str = ""
    urgent: bool = False
    lines: tuple[Line, ...] = ()

    def as_letter(self) -> Letter:
        """The letter, not yet queued."""
        stop = address(stop_path(Stop(self.person.pk, self.kind))) if self.person and stoppable(self.kind) else ""
        text, html = rendered(self, stop=stop)
        letter = Letter(
            key=self.key,
            to=self.to,
            person=self.person,
            kind=self.kind,
            urgent=self.urgent,
            subject=one_line(self.subject),
            text=text,
            html=html,
        )
        now = timezone.now()
        letter.due_at = held_until(letter, now) or now
        return letter


def one_line(subject: str) -> str:
    """A subject that no mail server reads as two headers."""
    return " ".join(subject.split())[:LONGEST]


@contextmanager
def _read_by(mail: Mail) -> Iterator[None]:
    if mail.person is None:
        with translation.override(mail.language):
            yield
    else:
        with as_read_by(mail.person):
            yield


def _foot(mail: Mail, stop: str) -> dict[str, str]:
    """Why it comes and how to choose; nothing of it for those who are not of the program."""
    if mail.person is None:
        return {}
    known = known_kind(mail.kind)
    return {
        "always": str(known.why) if known is not None and known.binding else "",
        "choices": address(reverse("mail_choices")),
        "stop": stop,
        "stop_words": _("Stop the daily digest") if mail.kind == DIGEST else _("Stop mail of this kind"),
    }


def rendered(mail: Mail, *, stop: str, light: str = "") -> tuple[str, str]:
    """(text, HTML) of a mail with this address to stop it; `light` ("dark", "light") is for the preview."""
    with _read_by(mail):
        context = {
            "subject": one_line(mail.subject),
            "body": mail.body,
            "url": address(mail.url),
            "button": mail.button,
            "lines": [
                {"title": line.title, "at": moment_words(line.at), "url": address(line.url)} for line in mail.lines
            ],
            "site": settings.VERNISSAGE_BASE_URL,
            "language": translation.get_language(),
            "dark": LIGHTS[light],
            "scheme": light or "light dark",
            **_foot(mail, stop),
        }
        return render_to_string("email/base.txt", context), render_to_string("email/base.html", context)


def held_until(letter: Letter, now: datetime) -> datetime | None:
    """When the quiet hours that hold this letter back end; None when it may go out now."""
    if letter.person is None or letter.urgent:
        return None
    hours: MailHours | None = getattr(letter.person, "mail_hours", None)
    quiet = hours.quiet if hours is not None else None
    return quiet_until(now, quiet, zone_of(letter.person)) if quiet is not None else None
