"""What staff fill in to stop something, or to announce the end."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.access import Decision, Refused

from .models import Cohort
from .naming import model_names
from .reach import Target
from .states import Running, Scope
from .suspending import LONGEST_REASON

MOMENT = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class Saying(forms.Form):
    """Puts a refusal at the field it is about; everything typed stays."""

    FIELD_OF: dict[str, str] = {}

    def say(self, refused: Refused) -> None:
        """Show a service's no, with its code."""
        decision = refused.decision
        words = f"{decision.reason} {decision.todo}".strip()
        self.add_error(self.FIELD_OF.get(decision.code), forms.ValidationError(words, code=decision.code))


class Refusable(Saying):
    """Keeps the refusal too, so that its code is shown above the form."""

    refusal: Decision | None = None

    def say(self, refused: Refused) -> None:
        """At its field, and above."""
        self.refusal = refused.decision
        super().say(refused)

    @property
    def status(self) -> int:
        """The status of the page that shows it."""
        if self.refusal is not None:
            return self.refusal.kind.value
        return 422 if self.errors else 200


class TargetForm(Saying):
    """What is to be stopped; nothing is stopped by it."""

    scope = forms.ChoiceField(label=_("What"), choices=Scope.choices, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Which one"),
        required=False,
        max_length=320,
        help_text=_("Prefix of a token, mail address of an artist, name of a cohort or model. Empty for everything."),
        widget=forms.TextInput(attrs={"list": "stoppable", "autocomplete": "off"}),
    )
    FIELD_OF = {
        "token-unknown": "name", "person-unknown": "name", "cohort-unknown": "name", "model-unknown": "name",
    }  # fmt: skip

    @property
    def known(self) -> list[str]:
        """Names offered while typing: cohorts and models; people and tokens are not listed to whoever looks over a shoulder."""
        return [*Cohort.objects.order_by("slug").values_list("slug", flat=True), *model_names()]


class SuspendForm(Saying):
    """Why, how, until when; the target's name is typed to confirm."""

    reason = forms.CharField(
        label=_("Reason"), max_length=LONGEST_REASON, help_text=_("Those it stops read exactly this."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    running = forms.ChoiceField(
        label=_("Films that are being made"), choices=Running.choices, initial=Running.STOP, widget=forms.RadioSelect
    )
    until = forms.CharField(
        label=_("Ends by itself"),
        required=False,
        help_text=_("In your time zone. Empty: somebody has to end it."),
        widget=MOMENT,
    )
    typed = forms.CharField(
        label=_("Type its name to confirm"), max_length=320, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    FIELD_OF = {
        "reason-missing": "reason", "reason-long": "reason", "until-past": "until", "until-unreadable": "until",
    }  # fmt: skip

    def __init__(self, *args: Any, target: Target, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.target = target
        self.fields["typed"].help_text = _("Type “%(name)s”.") % {"name": target.label}

    def clean_typed(self) -> str:
        """The name as it stands above."""
        typed: str = self.cleaned_data["typed"].strip()
        if typed.casefold() != self.target.label.casefold():
            words = _("This is not its name: nothing was stopped. Type “%(name)s”.")
            raise forms.ValidationError(words, code="confirm-mismatch", params={"name": self.target.label})
        return typed


class SunsetForm(Saying):
    """When the program ends, and what is said about it."""

    at = forms.CharField(label=_("The last moment a film may begin"), help_text=_("In your time zone."), widget=MOMENT)
    words = forms.CharField(
        label=_("Why, and what happens then"), max_length=600, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Everybody reads it, also without an account."),
    )  # fmt: skip
    typed = forms.CharField(
        label=_("Type the program's name to confirm"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    FIELD_OF = {
        "sunset-words-missing": "words", "sunset-words-long": "words", "sunset-too-soon": "at", "until-unreadable": "at",
    }  # fmt: skip

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name
        self.fields["typed"].help_text = _("Type “%(name)s”.") % {"name": name}

    def clean_typed(self) -> str:
        """The program's name."""
        typed: str = self.cleaned_data["typed"].strip()
        if typed.casefold() != self.name.casefold():
            words = _("This is not its name: nothing was announced.")
            raise forms.ValidationError(words, code="confirm-mismatch")
        return typed
