"""What staff fill in about awards, batches and rounds, and artists to apply."""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from artists.compensation.forms import MoneyForm, SumField
from artists.compensation.models import Application, Award, Fund, Round
from artists.feedback.surveys.forms import CohortsField
from artists.people.models import Person
from artists.people.roles import Role
from artists.people.roster import people_holding
from portal.money import plain_amount
from portal.program.forms import Refusable
from portal.program.moments import DayField, MomentField

from .digest import Instalment, equal_parts
from .services import Call, Promise, Wish
from .services.applying import LONGEST_TEXT
from .services.approving import LONGEST_NOTE
from .services.checking import LONGEST_REASON, LONGEST_TERMS, LONGEST_TITLE, MOST_INSTALMENTS
from .services.deciding import LONGEST_ANSWER, LONGEST_REASON_LINE
from .services.rounds import LONGEST_CALL, LONGEST_ROUND_REASON, MOST_GRANTS
from .states import AwardKind, Purpose

_KINDS = [(one.value, one.label) for one in AwardKind if one != AwardKind.BATCH]


def _rows(number: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": number})


class PersonField(forms.ModelChoiceField):
    """An artist of the program, by name and mail address."""

    def label_from_instance(self, obj: Any) -> str:
        """Two artists may have one name."""
        return f"{obj.name} ({obj.email})"


class FundField(forms.ModelChoiceField):
    """A fund that is open."""

    def label_from_instance(self, obj: Any) -> str:
        """Its currency is part of what is promised."""
        return f"{obj.name} ({obj.currency})"


class AwardForm(MoneyForm):
    """Who, how much, what for, when; the key makes a form that is sent twice one award."""

    payee = PersonField(label=_("Artist"), queryset=Person.objects.none())
    kind = forms.ChoiceField(label=_("Kind"), choices=_KINDS)
    purpose = forms.ChoiceField(
        label=_("What the money is for"), choices=Purpose.choices,
        help_text=_("As tax offices ask it. The program says which; the portal never decides it."),
    )  # fmt: skip
    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE, help_text=_("Its artist reads it."))
    fund = FundField(label=_("Fund"), queryset=Fund.objects.none())
    amount = SumField(label=_("Sum"), help_text=_("In the currency of the fund."))
    parts = forms.IntegerField(label=_("Instalments"), min_value=1, max_value=MOST_INSTALMENTS, initial=1)
    first = DayField(label=_("First one due"))
    months = forms.IntegerField(label=_("Months between them"), min_value=1, max_value=12, initial=1)
    terms = forms.CharField(
        label=_("Terms"), max_length=LONGEST_TERMS, required=False, widget=_rows(4),
        help_text=_("What is agreed on. Approved with it, and never changed after."),
    )  # fmt: skip
    key = forms.UUIDField(widget=forms.HiddenInput)
    FIELD_OF = {
        "payee-unfit": "payee", "own-money": "payee", "kind-unknown": "kind", "purpose-unknown": "purpose",
        "title-missing": "title", "title-long": "title", "terms-long": "terms", "amount-wrong": "amount",
        "beyond-budget": "amount", "instalments-wrong": "parts", "due-past": "first", "fund-frozen": "fund",
        "fund-closed": "fund", "award-fixed": "amount",
    }  # fmt: skip

    def __init__(self, *args: Any, funds: Any, award: Award | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["payee"].queryset = people_holding(Role.ARTIST).order_by("name", "pk")  # type: ignore[attr-defined]
        self.fields["fund"].queryset = funds  # type: ignore[attr-defined]
        if award is not None:
            del self.fields["key"]
        if award is not None and award.kind == AwardKind.BATCH:
            self.fields["kind"].choices = AwardKind.choices  # type: ignore[attr-defined]
        self.minor: int | None = None

    def clean(self) -> dict[str, Any]:
        """The sum in minor units of the fund's currency."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("fund") is not None:
            self.minor = self.read_sum("amount", cleaned["fund"].currency)
        return cleaned

    def promise(self) -> Promise:
        """What is to be promised; ask only a form that is valid."""
        given, minor = self.cleaned_data, self.minor or 0
        parts: Sequence[Instalment] = ()
        if given["parts"] <= minor:
            parts = equal_parts(minor, given["parts"], given["first"], months_between=given["months"])
        else:  # a part of nothing: the act says so
            parts = [Instalment(0, given["first"])]
        same = {name: given[name] for name in ("payee", "fund", "title", "kind", "purpose", "terms")}
        return Promise(amount=minor, instalments=parts, **same)

    @classmethod
    def new(cls, funds: Any) -> "AwardForm":
        """Empty, due today."""
        return cls(funds=funds, initial={"first": timezone.localdate(), "key": uuid.uuid4()})

    @classmethod
    def of(cls, award: Award, funds: Any) -> "AwardForm":
        """As the award stands; instalments that are not a month apart are typed anew."""
        initial = {name: getattr(award, name) for name in ("payee", "kind", "purpose", "title", "fund", "terms")}
        first = Instalment.of(award.instalments[0]).due
        sums = {"amount": plain_amount(award.amount, award.currency), "parts": len(award.instalments), "first": first}
        return cls(funds=funds, award=award, initial=initial | sums | {"months": 1})


class ApproveForm(Refusable):
    """One word on exactly this; the digest is what was read."""

    note = forms.CharField(
        label=_("A note"), max_length=LONGEST_NOTE, required=False, help_text=_("For the record; staff read it.")
    )
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)


class SayWhyForm(Refusable):
    """A no, or an end, with its reason."""

    reason = forms.CharField(label=_("Why"), max_length=LONGEST_REASON, widget=_rows(2))
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    FIELD_OF = {"reason-missing": "reason", "reason-long": "reason"}


class PlanForm(Refusable):
    """Which fund pays what was earned until when."""

    fund = FundField(label=_("Fund"), queryset=Fund.objects.none())
    until = MomentField(label=_("Earned before"), help_text=_("In your time zone."))
    FIELD_OF = {"fund-frozen": "fund", "fund-closed": "fund"}

    def __init__(self, *args: Any, funds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund"].queryset = funds  # type: ignore[attr-defined]


class BatchForm(Refusable):
    """What is made of a plan that was read."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE, help_text=_("Its artists read it: “October”."))
    terms = forms.CharField(label=_("Terms"), max_length=LONGEST_TERMS, required=False, widget=_rows(2))
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)
    FIELD_OF = {"title-missing": "title", "title-long": "title", "terms-long": "terms"}


class RoundForm(MoneyForm):
    """A call: what for, by which criteria, how much, until when, for whom."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    call = forms.CharField(label=_("What the grants are for"), max_length=LONGEST_CALL, widget=_rows(6))
    criteria = forms.CharField(
        label=_("Criteria"), max_length=3000, widget=_rows(4), help_text=_("One a line. A decision says how each was met.")
    )  # fmt: skip
    fund = FundField(label=_("Fund"), queryset=Fund.objects.none())
    most_each = SumField(label=_("One grant at most"), help_text=_("In the currency of the fund."))
    grants = forms.IntegerField(label=_("Grants at most"), min_value=1, max_value=MOST_GRANTS)
    opens_at = MomentField(label=_("Opens"), help_text=_("In your time zone."))
    closes_at = MomentField(label=_("Closes"))
    decided_by = MomentField(label=_("Artists are told by"))
    cohorts = CohortsField()
    FIELD_OF = {
        "title-missing": "title", "title-long": "title", "call-missing": "call", "call-long": "call",
        "criteria-wrong": "criteria", "amount-wrong": "most_each", "grants-wrong": "grants", "closes-past": "closes_at",
        "decided-early": "decided_by", "fund-frozen": "fund", "fund-closed": "fund",
    }  # fmt: skip

    def __init__(self, *args: Any, funds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["fund"].queryset = funds  # type: ignore[attr-defined]
        self.minor: int | None = None

    def clean(self) -> dict[str, Any]:
        """The sum in minor units."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("fund") is not None:
            self.minor = self.read_sum("most_each", cleaned["fund"].currency)
        return cleaned

    def wanted(self) -> Call:
        """The call as it is to be; ask only a form that is valid."""
        given = self.cleaned_data
        same = {
            name: given[name] for name in ("title", "call", "fund", "grants", "opens_at", "closes_at", "decided_by")
        }
        lines = given["criteria"].splitlines()
        return Call(criteria=lines, most_each=self.minor or 0, cohorts=list(given["cohorts"]), **same)

    @classmethod
    def of(cls, found: Round, funds: Any) -> "RoundForm":
        """As the draft stands."""
        names = ("title", "call", "fund", "grants", "opens_at", "closes_at", "decided_by")
        initial: dict[str, Any] = {name: getattr(found, name) for name in names}
        initial |= {
            "criteria": "\n".join(found.criteria),
            "most_each": plain_amount(found.most_each, found.fund.currency),
            "cohorts": list(found.cohorts.all()),
        }
        return cls(funds=funds, initial=initial)


class CancelForm(Refusable):
    """Why a round comes to nothing."""

    reason = forms.CharField(
        label=_("Why"), max_length=LONGEST_ROUND_REASON, help_text=_("Whoever wrote for it reads it.")
    )
    FIELD_OF = {"reason-missing": "reason", "reason-long": "reason"}


class DecideForm(Refusable):
    """How the grants of a round are paid."""

    parts = forms.IntegerField(
        label=_("Monthly instalments"), min_value=1, max_value=MOST_INSTALMENTS, initial=1,
        help_text=_("Of each grant; a proposer can change it before it is approved."),
    )  # fmt: skip
    FIELD_OF = {"instalments-wrong": "parts"}


class AnswerForm(MoneyForm):
    """The answer to an application: a line for each criterion, words, a sum where it is chosen."""

    answer = forms.CharField(
        label=_("In a sentence or two"), max_length=LONGEST_ANSWER, widget=_rows(3), help_text=_("Its artist reads it.")
    )
    amount = SumField(label=_("Sum"), required=False, help_text=_("Where it is chosen."))
    FIELD_OF = {
        "answer-missing": "answer", "answer-long": "answer", "amount-wrong": "amount", "amount-more": "amount",
        "beyond-budget": "amount", "reasons-missing": "reason_0", "reasons-long": "reason_0",
    }  # fmt: skip

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency, self.minor = application.round.fund.currency, 0
        self.names = [f"reason_{number}" for number in range(len(application.round.criteria))]
        for name, criterion in zip(self.names, application.round.criteria, strict=True):
            self.fields[name] = forms.CharField(label=criterion, max_length=LONGEST_REASON_LINE)
        self.order_fields([*self.names, "answer", "amount"])

    def clean(self) -> dict[str, Any]:
        """The sum in minor units."""
        cleaned = super().clean() or self.cleaned_data
        self.minor = self.read_sum("amount", self.currency) or 0
        return cleaned

    @property
    def reasons(self) -> list[str]:
        """A line for each criterion."""
        return [self.cleaned_data.get(name, "") for name in self.names]

    @classmethod
    def of(cls, application: Application) -> "AnswerForm":
        """As it was answered, or with the sum that was asked for."""
        initial: dict[str, Any] = {f"reason_{number}": line for number, line in enumerate(application.reasons)}
        amount = application.granted or application.amount
        most = application.round.most_each
        initial["amount"] = "" if amount is None else plain_amount(min(amount, most), application.round.fund.currency)
        return cls(application=application, initial=initial | {"answer": application.answer})


class ApplyForm(MoneyForm):
    """What an artist would do with a grant."""

    text = forms.CharField(
        label=_("What you would do with it"), max_length=LONGEST_TEXT, widget=_rows(10), required=False
    )
    links = forms.CharField(
        label=_("Links"), required=False, max_length=6000, widget=_rows(3), help_text=_("One a line; up to ten.")
    )
    amount = SumField(label=_("Sum you ask for"), required=False)
    FIELD_OF = {
        "text-missing": "text", "text-long": "text", "links-many": "links", "link-wrong": "links",
        "amount-wrong": "amount", "amount-missing": "amount", "amount-more": "amount",
    }  # fmt: skip

    def __init__(self, *args: Any, found: Round, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency, self.minor = found.fund.currency, None
        most = f"{plain_amount(found.most_each, self.currency)} {self.currency}"
        self.fields["amount"].help_text = _("Up to %(most)s.") % {"most": most}

    def clean(self) -> dict[str, Any]:
        """The sum in minor units, or none yet."""
        cleaned = super().clean() or self.cleaned_data
        self.minor = self.read_sum("amount", self.currency)
        return cleaned

    def wish(self) -> Wish:
        """What is kept."""
        given = self.cleaned_data
        return Wish(given["text"], tuple(given["links"].splitlines()), self.minor)

    @classmethod
    def of(cls, found: Round, mine: Application | None) -> "ApplyForm":
        """As it was kept."""
        if mine is None:
            return cls(found=found)
        amount = "" if mine.amount is None else plain_amount(mine.amount, found.fund.currency)
        return cls(found=found, initial={"text": mine.text, "links": "\n".join(mine.links), "amount": amount})
