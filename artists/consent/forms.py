"""What authors answer and choose, and what staff ask for and record."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.access import Kind, denied
from portal.money import currencies, minor_units
from portal.program.forms import Refusable
from portal.program.moments import DayField, MomentField

from .kinds import WORLD, UseKind
from .models import Stance
from .services.answering import LONGEST, LONGEST_QUESTION, Limits
from .services.asking import LONGEST_TEXT, Wanted
from .services.register import Happened
from .services.union import LONGEST_TEXT as LONGEST_CALL

_IN_YOUR_ZONE = _("In your time zone.")
_PLACES = _("“world”, or countries by two letters, with commas: DE, FR.")


def _rows(number: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": number})


def places_in(text: str) -> tuple[str, ...]:
    """Places as typed: "de, FR" is DE and FR."""
    found = [one for one in text.replace(";", ",").replace(" ", ",").split(",") if one]
    return tuple(WORLD if one.casefold() == WORLD else one.upper() for one in found)


class AnswerForm(Refusable):
    """Yes, yes within limits, no, or a question first."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=[
            ("yes", _("Yes, as asked")),
            ("limits", _("Yes, with limits")),
            ("no", _("No")),
            ("ask", _("Ask something first")),
        ],
        widget=forms.RadioSelect,
    )
    places = forms.CharField(label=_("Only at these places"), required=False, max_length=400, help_text=_PLACES)
    ends_at = MomentField(label=_("Only until"), required=False, help_text=_IN_YOUR_ZONE)
    conditions = forms.CharField(label=_("Conditions"), required=False, max_length=LONGEST, widget=_rows(3))
    credit_line = forms.CharField(label=_("Credit me as"), required=False, max_length=160)
    may_name = forms.BooleanField(label=_("The others may know that it was me"), required=False)
    question = forms.CharField(
        label=_("Your question"), required=False, max_length=LONGEST_QUESTION, widget=_rows(3),
        help_text=_("The time to answer runs on meanwhile."),
    )  # fmt: skip
    FIELD_OF = {
        "places-unknown": "places", "places-outside": "places", "limit-later": "ends_at", "limit-past": "ends_at",
        "conditions-long": "conditions", "question-missing": "question", "question-long": "question",
    }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Limits that limit nothing are a mistake, not a yes."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("answer") == "limits" and not self.errors and self.limits() == Limits():
            words = _("Say what limits your yes, or choose “Yes, as asked”.")
            self.refusal = denied("limits-missing", words, kind=Kind.INVALID)
            self.add_error("answer", forms.ValidationError(words, code="limits-missing"))
        return cleaned

    def limits(self) -> Limits:
        """What a yes is narrowed to."""
        given = self.cleaned_data
        return Limits(places_in(given["places"]), given["ends_at"], given["conditions"], given["credit_line"])


class AskForm(Refusable):
    """What is asked for; the same for every chosen work."""

    kind = forms.ChoiceField(label=_("Use"), choices=UseKind.choices)
    where = forms.CharField(
        label=_("Where"), max_length=300, help_text=_("The very site, account, paper, festival or data set.")
    )
    places = forms.CharField(label=_("Places"), max_length=400, initial=WORLD, help_text=_PLACES)
    starts_at = MomentField(label=_("From"), help_text=_IN_YOUR_ZONE)
    ends_at = MomentField(label=_("Until"), help_text=_("Five years at most."))
    fee = forms.CharField(label=_("Fee for each work"), required=False, max_length=20, help_text=_("Empty: none."))
    currency = forms.CharField(label=_("Currency"), max_length=3)
    credit_line = forms.CharField(
        label=_("Credit"), required=False, max_length=160, help_text=_("Empty: as each artist is credited.")
    )
    text = forms.CharField(
        label=_("What for"), max_length=LONGEST_TEXT, widget=_rows(5), help_text=_("The artist decides by it.")
    )
    answer_by = MomentField(label=_("Answer by"), help_text=_("No answer until then is a no."))
    FIELD_OF = {
        "use-unknown": "kind", "where-missing": "where", "text-missing": "text", "text-long": "text",
        "places-unknown": "places", "fee-wrong": "fee", "amount-unreadable": "fee", "currency-unused": "currency",
        "period-over": "ends_at", "period-backwards": "ends_at", "period-long": "ends_at",
        "answer-by-wrong": "answer_by",
    }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["currency"].widget = forms.Select(choices=[(one, one) for one in currencies()])

    def wanted(self) -> Wanted:
        """What is asked for. Raises Refused amount-unreadable, currency-unused."""
        given = self.cleaned_data
        return Wanted(
            kind=given["kind"],
            where=given["where"],
            text=given["text"],
            starts_at=given["starts_at"],
            ends_at=given["ends_at"],
            places=places_in(given["places"]),
            fee=minor_units(given["fee"].strip() or "0", given["currency"]),
            currency=given["currency"],
            credit_line=given["credit_line"],
            answer_by=given["answer_by"],
        )


class UseForm(Refusable):
    """What was done with a work."""

    at = MomentField(label=_("When"), required=False, help_text=_("In your time zone. Empty: now."))
    where = forms.CharField(label=_("Where"), max_length=300)
    place = forms.CharField(label=_("Place"), max_length=5, help_text=_("“world”, or a country by two letters."))
    url = forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https")
    reach = forms.IntegerField(label=_("People reached"), required=False, min_value=0, max_value=2**31 - 1)
    fee = forms.CharField(label=_("Fee"), required=False, max_length=20)
    note = forms.CharField(label=_("Note"), required=False, max_length=300)
    FIELD_OF = {
        "where-missing": "where", "use-future": "at", "consent-not-begun": "at", "consent-expired": "at",
        "place-unknown": "place", "consent-place": "place", "amount-unreadable": "fee",
    }  # fmt: skip

    def happened(self, currency: str, now: Any) -> Happened:
        """What was done. Raises Refused amount-unreadable."""
        given = self.cleaned_data
        return Happened(
            at=given["at"] or now,
            where=given["where"],
            place=(places_in(given["place"]) or ("",))[0],
            url=given["url"],
            reach=given["reach"],
            fee=minor_units(given["fee"].strip() or "0", currency),
            note=given["note"],
        )


class ReachForm(Refusable):
    """How far a use reached."""

    reach = forms.IntegerField(label=_("People reached"), min_value=0, max_value=2**31 - 1)
    url = forms.URLField(label=_("Link"), required=False, max_length=500, assume_scheme="https")
    FIELD_OF = {"reach-wrong": "reach"}


class ReplyForm(Refusable):
    """An answer to what an author asked."""

    reply = forms.CharField(label=_("Your answer"), max_length=LONGEST_QUESTION, widget=_rows(3))
    FIELD_OF = {"reply-missing": "reply", "reply-long": "reply"}


class PauseForm(Refusable):
    """The union switch."""

    until = MomentField(label=_("Until"), help_text=_("In your time zone; a year at most."))
    words = forms.CharField(
        label=_("Note"), required=False, max_length=300, help_text=_("For yourself; nobody else reads it.")
    )
    FIELD_OF = {"until-past": "until", "until-far": "until"}


class CallForm(Refusable):
    """A delegate's call."""

    text = forms.CharField(label=_("Why"), max_length=LONGEST_CALL, widget=_rows(5))
    until = MomentField(label=_("Until"), help_text=_IN_YOUR_ZONE)
    FIELD_OF = {"text-missing": "text", "text-long": "text", "until-past": "until", "until-far": "until"}


class ChoicesForm(forms.Form):
    """One stance for each use; with `per_work`, or as for all works."""

    def __init__(self, *args: Any, per_work: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stances: list[tuple[str, Any]] = list(Stance.choices)
        if per_work:
            stances.insert(0, ("", _("as for all my works")))
        for kind, label in UseKind.choices:
            self.fields[kind] = forms.ChoiceField(
                label=label, choices=stances, widget=forms.RadioSelect, required=not per_work
            )

    def changed(self, before: dict[str, str]) -> list[tuple[str, str]]:
        """Uses whose stance is another than before."""
        chosen: dict[str, str] = self.cleaned_data
        return [(kind, stance) for kind, stance in chosen.items() if stance != before.get(kind)]


class RegisterFilter(forms.Form):
    """What of the register is shown."""

    work = forms.UUIDField(label=_("Work"), required=False)
    words = forms.CharField(label=_("Artist, work or place"), required=False, max_length=100)
    kind = forms.ChoiceField(label=_("Use"), required=False)
    since = DayField(label=_("From"), required=False)
    to = DayField(label=_("To"), required=False)

    def __init__(self, *args: Any, works: Sequence[tuple[Any, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", _("all uses")), *UseKind.choices]  # type: ignore[attr-defined]
        if works is None:
            del self.fields["work"]
        else:
            self.fields["work"].widget = forms.Select(choices=[("", _("all works")), *works])
            for name in ("words", "since", "to"):
                del self.fields[name]

    def wanted(self) -> dict[str, Any]:
        """What was asked for and can be read."""
        return {} if not self.is_bound else (self.is_valid() and self.cleaned_data) or self.cleaned_data
