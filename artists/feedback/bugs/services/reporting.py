"""Somebody says what happened, with a film and frames, and a picture of the screen."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from artists.feedback.bugs.context import film_of, gather
from artists.feedback.bugs.news import BugReported
from artists.feedback.bugs.refusing import refusal
from artists.feedback.bugs.rules import NOT_THERE
from artists.feedback.bugs.states import Severity
from artists.feedback.models import BugReport
from artists.people.models import Person
from generation.models import Clip, Generation, Take
from portal import happenings
from portal.access import Kind, Refused, denied, require
from portal.audit.chain import record
from portal.storage.models import StoredFile
from portal.storage.shelf import store_bytes

LONGEST_TITLE = 160
LONGEST_TEXT = 8000
MOST_A_DAY = 40
A_DAY = timedelta(days=1)
ACT = "bugs.report"


@dataclass(frozen=True, slots=True)
class Reported:
    """What somebody says. Frames are those of the film, else of the shot, counted from 0; `last` empty is `first`."""

    title: str
    happened: str
    expected: str = ""
    severity: str = Severity.WRONG
    clip: Clip | None = None
    generation: Generation | None = None
    take: Take | None = None
    first: int | None = None
    last: int | None = None
    may_look: bool = False
    code: str = ""
    page: str = ""
    browser: str = ""


def _check_words(said: Reported) -> None:
    for text, most, missing, long in (
        (said.title.strip(), LONGEST_TITLE, "title-missing", "title-long"),
        (said.happened.strip(), LONGEST_TEXT, "happened-missing", "happened-long"),
        (said.expected.strip() or "-", LONGEST_TEXT, "", "expected-long"),
    ):
        if not text:
            raise refusal(ACT, missing, _("Say what happened."), _("Nothing was sent; what you typed is kept."))
        if len(text) > most:
            raise refusal(ACT, long, _("This has more than %(most)s characters.") % {"most": most}, _("Shorten it."))
    if said.severity not in Severity.values:
        raise refusal(ACT, "severity-unknown", _("There is no such severity."), _("Choose one of those offered."))


def _target(said: Reported, actor: Person) -> dict[str, Any]:
    """The columns of what it is about: all of one generation, which is one's own. Raises Refused not-found."""
    generation = said.generation
    for one in (said.clip, said.take):
        if one is not None:
            if generation is not None and one.generation_id != generation.pk:
                raise Refused(ACT, NOT_THERE)
            generation = one.generation
    if generation is None:
        return {"generation": None, "clip": None, "take": None}
    if generation.artist_id != actor.pk:
        raise Refused(ACT, NOT_THERE)
    return {"generation": generation, "clip": film_of(generation), "take": said.take, "model": generation.model}


def _frames(said: Reported, target: dict[str, Any]) -> dict[str, int | None]:
    """The columns of the frames. Raises Refused frames-without-film, frames-backwards, frames-outside."""
    first, last = said.first, said.last
    if first is None and last is None:
        return {"first_frame": None, "last_frame": None}
    first = last if first is None else first
    last = first if last is None else last
    assert first is not None  # noqa: S101 - one of the two is given
    assert last is not None  # noqa: S101 - likewise
    film = target["clip"] or target["take"]
    if film is None:
        words = _("Frames belong to a film or a shot, and this report names none.")
        raise refusal(ACT, "frames-without-film", words, _("Leave them empty, or choose the shot."))
    if last < first:
        raise refusal(ACT, "frames-backwards", _("The last frame comes before the first."), _("Swap them."))
    if first < 0 or last >= film.frames:
        words = _("This film has the frames 0 to %(last)s.") % {"last": film.frames - 1}
        raise refusal(ACT, "frames-outside", words, _("Choose among them."))
    return {"first_frame": first, "last_frame": last}


def _screenshot(upload: UploadedFile | None) -> StoredFile | None:
    """The picture encoded anew, so without place, device or any other file inside. Raises Refused with its own code."""
    if upload is None:
        return None
    # Decoders are for whoever sends a picture: every other process starts and stays without.
    from portal.storage.images import ImageRefused, read_reference

    try:
        image = read_reference(upload)
    except ImageRefused as fault:
        raise Refused(ACT, denied(fault.code, fault.message, kind=Kind.INVALID)) from fault
    return store_bytes(image.png, folder="screenshots", name="screenshot.png", content_type="image/png")


def report_bug(said: Reported, *, actor: Person, screenshot: UploadedFile | None = None) -> BugReport:
    """Keep a report and tell the desk.

    Raises Refused: bugs-many, title-missing, title-long, happened-missing, happened-long, expected-long,
    severity-unknown, not-found, frames-without-film, frames-backwards, frames-outside, and the picture's own codes.
    """
    require(ACT, actor)
    now = timezone.now()
    if BugReport.objects.filter(author=actor, made_at__gt=now - A_DAY).count() >= MOST_A_DAY:
        words = _("You have reported %(most)s bugs since yesterday.") % {"most": MOST_A_DAY}
        raise refusal(ACT, "bugs-many", words, _("Thank you. Go on tomorrow, or write in one of them."), Kind.LIMIT)
    _check_words(said)
    target = _target(said, actor)
    frames = _frames(said, target)
    # Decoding takes its time: it is done, and everything else was asked, outside of any transaction.
    file = _screenshot(screenshot)
    known = gather(target["generation"], target["take"], code=said.code, page=said.page, browser=said.browser)
    with transaction.atomic():
        bug = BugReport.objects.create(
            author=actor,
            title=said.title.strip(),
            happened=said.happened.strip(),
            expected=said.expected.strip(),
            severity=said.severity,
            may_look=said.may_look and target["generation"] is not None,
            screenshot=file,
            context=known,
            made_at=now,
            **target,
            **frames,
        )
        record(ACT, actor=actor, subject=bug, detail={"severity": bug.severity})
        happenings.announce(BugReported(bug.pk))
    return bug
