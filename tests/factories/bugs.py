"""Bug reports along their way, by the services people use."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile

from artists.feedback.bugs.services import Reported, Verdict, move_bug, report_bug
from artists.feedback.models import BugReport
from artists.people.models import Person

WORDS = {"title": "The horizon jumps", "happened": "Between two shots the horizon jumps by a hand."}


def reported(author: Person, *, screenshot: UploadedFile | None = None, **more: Any) -> BugReport:
    """A report of this person."""
    return report_bug(Reported(**(WORDS | more)), actor=author, screenshot=screenshot)


def moved(bug: BugReport, state: str, staff: Person, **more: str) -> BugReport:
    """Put into this state, with what it needs."""
    needed = {"fixed": {"fixed_in": "1.4"}, "wont_fix": {"answer": "It is how the film was asked for."}}
    return move_bug(bug, Verdict(state, **(needed.get(state, {}) | more)), actor=staff)
