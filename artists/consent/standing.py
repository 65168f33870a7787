"""Where an answer and a consent stand, in words: the state, who acts next, and what a use means."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from portal.panels import Words

from .kinds import CANNOT_BE_UNDONE, SAYS, STOPS_WITHIN_DAYS, UseKind
from .models import Answer, AskedWork, Consent
from .queries import resting_among
from .states import AnswerState, AskedState, ConsentState


@dataclass(frozen=True, slots=True)
class Stands:
    """A state line; `live`: it covers uses now; `withdrawable`: an author can still take it back."""

    tone: str
    state: Words
    next: Words = ""
    yours: bool = False
    live: bool = False
    withdrawable: bool = False


@dataclass(frozen=True, slots=True)
class Means:
    """One use in plain words, and what a withdrawal reaches."""

    label: Words
    says: Words
    stops: Words
    undone: Words


@dataclass(frozen=True, slots=True)
class Line:
    """A consent with its standing."""

    consent: Consent
    stands: Stands

    @property
    def stops_by(self) -> datetime | None:
        """When what can stop has stopped, for one that was withdrawn."""
        return stops_by(self.consent)


def means(kind: str) -> Means:
    """What this use is."""
    use = UseKind(kind)
    days = STOPS_WITHIN_DAYS[use]
    stops = (
        ngettext("within %(n)d day", "within %(n)d days", days) % {"n": days}
        if days
        else _("with the very next request")
    )
    return Means(use.label, SAYS[use], stops, CANNOT_BE_UNDONE[use])


def stops_by(consent: Consent) -> datetime | None:
    """When everything that a withdrawal reaches has stopped."""
    if consent.withdrawn_at is None:
        return None
    return consent.withdrawn_at + timedelta(days=STOPS_WITHIN_DAYS[UseKind(consent.kind)])


def consent_stands(consent: Consent, *, rests: bool) -> Stands:
    """Where a consent stands now; `rests`: one of its authors has suspended all theirs."""
    now = timezone.now()
    if consent.state == ConsentState.WITHDRAWN:
        return Stands("stop", gettext_lazy("Withdrawn"), gettext_lazy("The program stops what can be stopped"))
    if consent.ends_at <= now:
        return Stands("plain", gettext_lazy("Over"), gettext_lazy("Nothing is used under it any more"))
    if consent.clip.deleted_at is not None:
        return Stands("plain", gettext_lazy("The film was deleted"), gettext_lazy("Nothing is used"), withdrawable=True)
    if rests:
        words = gettext_lazy("An author has suspended all their consents; only they resume them")
        return Stands("warn", gettext_lazy("Resting"), words, withdrawable=True)
    if consent.starts_at > now:
        return Stands("info", gettext_lazy("Given, not begun"), withdrawable=True)
    return Stands(
        "ok",
        gettext_lazy("In force"),
        gettext_lazy("Each author may withdraw it at any time"),
        live=True,
        withdrawable=True,
    )


def lines_of(consents: Collection[Consent]) -> list[Line]:
    """Consents with their standing, in their order, by one more query however many."""
    resting = resting_among(consents)
    return [Line(one, consent_stands(one, rests=one.pk in resting)) for one in consents]


_ENDED: dict[str, Stands] = {
    AskedState.GIVEN: Stands("ok", gettext_lazy("Given"), gettext_lazy("You have a receipt")),
    AskedState.LAPSED: Stands("plain", gettext_lazy("No answer, so no"), gettext_lazy("Nothing is used")),
    AskedState.WITHDRAWN: Stands("plain", gettext_lazy("No longer asked"), gettext_lazy("Nothing is used")),
}


def answer_stands(given: Answer) -> Stands:
    """Where what somebody was asked stands, for them."""
    work = given.work
    if work.state == AskedState.OPEN:
        if given.state == AnswerState.WAITING:
            return Stands("yours", gettext_lazy("Waits for your answer"), gettext_lazy("No answer is a no"), yours=True)
        return Stands("info", gettext_lazy("You said yes"), gettext_lazy("Others who made it answer next"))
    if work.state in _ENDED:
        return _ENDED[work.state]
    if given.state == AnswerState.NO:
        return Stands("plain", gettext_lazy("You said no"), gettext_lazy("Nothing is used"))
    return Stands("plain", gettext_lazy("It came to nothing"), gettext_lazy("Nothing is used"))


TONES: dict[str, str] = {
    AskedState.OPEN: "info",
    AskedState.GIVEN: "ok",
    AskedState.DECLINED: "plain",
    AskedState.LAPSED: "plain",
    AskedState.WITHDRAWN: "plain",
}


def why_nothing(work: AskedWork, named: Collection[str], *, mine: str = "") -> str:
    """Why a work came to nothing, without a name that was not allowed; `mine` is the answer of whoever reads."""
    if work.state != AskedState.DECLINED:
        return ""
    if named:
        return _("Declined by %(names)s.") % {"names": ", ".join(named)}
    if any(one.state == AnswerState.NO for one in work.answers.all()):
        return "" if mine == AnswerState.NO else _("One of its authors declined. Who it was stays with them.")
    return _("All said yes, but their limits together leave nothing.")


def context_of(asked: Any) -> dict[str, Any]:
    """What the page of a request shows of it; `asked` may be one that was not sent yet."""
    return {"asked": asked, "means": means(asked.kind)}
