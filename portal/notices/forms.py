"""What people fill in about their inbox and their mail."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.access import Decision, Refused

from .kinds import Delivery, Family, Kind, families
from .models import MailHours

_CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class _Saying(forms.Form):
    """Puts a refusal at the field it is about, and keeps it for the code above; everything typed stays."""

    FIELD_OF: dict[str, str] = {}
    refusal: Decision | None = None

    def say(self, refused: Refused) -> None:
        """Show a service's no."""
        self.refusal = refused.decision
        words = f"{refused.decision.reason} {refused.decision.todo}".strip()
        self.add_error(
            self.FIELD_OF.get(refused.decision.code), forms.ValidationError(words, code=refused.decision.code)
        )

    @property
    def status(self) -> int:
        """The status of the page that shows it."""
        if self.refusal is not None:
            return self.refusal.kind.value
        return 422 if self.errors else 200


class InboxFilter(forms.Form):
    """What of the inbox is shown; what cannot be read filters nothing."""

    unread = forms.BooleanField(label=_("Only new"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)

    def __init__(self, data: Mapping[str, Any], *, offered: list[Kind]) -> None:
        super().__init__(data)
        groups = [(family.label, [(kind.name, kind.label) for kind in some]) for family, some in families(offered)]
        self.fields["kind"].choices = [("", _("all")), *groups]  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, Any]:
        """The filter of the query."""
        self.is_valid()
        unread, kind = self.cleaned_data.get("unread"), self.cleaned_data.get("kind")
        return ({"read_at": None} if unread else {}) | ({"kind": kind} if kind else {})


class HoursForm(_Saying):
    """Quiet hours and the digest."""

    quiet_from = forms.TimeField(label=_("From"), required=False, widget=_CLOCK)
    quiet_to = forms.TimeField(label=_("Until"), required=False, widget=_CLOCK)
    digest = forms.BooleanField(label=_("Send the daily digest, if there is anything in it"), required=False)
    digest_at = forms.TimeField(label=_("At"), widget=_CLOCK)
    FIELD_OF = {"quiet-half": "quiet_to", "quiet-empty": "quiet_to"}

    @classmethod
    def of(cls, hours: MailHours) -> "HoursForm":
        """The form as it stands."""
        return cls(initial={name: getattr(hours, name) for name in cls.base_fields})

    def wanted(self) -> dict[str, time | bool | None]:
        """What was typed, as the service takes it."""
        return dict(self.cleaned_data)


class ChoicesForm(_Saying):
    """A choice for each kind that is not binding, and one that sets a whole family."""

    def __init__(self, offered: list[Kind], before: Mapping[str, str], data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        self.before = before
        self.families = families(offered)
        for family, some in self.families:
            free = [kind for kind in some if not kind.binding]
            if len(free) > 1:
                self.fields[f"all-{family.name}"] = forms.ChoiceField(
                    label=_("All of these"), required=False, choices=[("", _("each as chosen")), *Delivery.choices]
                )
            for kind in free:
                self.fields[kind.name] = forms.ChoiceField(
                    label=kind.label, choices=Delivery.choices, initial=before[kind.name]
                )

    def wanted(self) -> dict[str, str]:
        """Deliveries by kind: a whole family first, then what was changed one by one."""
        found: dict[str, str] = {}
        for family, some in self.families:
            together = self.cleaned_data.get(f"all-{family.name}", "")
            for kind in some:
                if not kind.binding:
                    own = self.cleaned_data[kind.name]
                    found[kind.name] = own if own != self.before[kind.name] else together or own
        return found

    def sections(self) -> list[dict[str, Any]]:
        """What the page shows of each family: how many are mailed how, the choice for all, and each kind."""
        return [self._section(family, some) for family, some in self.families]

    def _section(self, family: Family, some: list[Kind]) -> dict[str, Any]:
        free, bound = [kind for kind in some if not kind.binding], [kind for kind in some if kind.binding]
        stand = [self.before[kind.name] for kind in some]
        together = f"all-{family.name}"
        return {
            "family": family,
            "counts": [(label, stand.count(value)) for value, label in Delivery.choices if value in stand],
            "together": self[together] if together in self.fields else None,
            "fields": [self[kind.name] for kind in free],
            "bound": bound,
            "open": any(kind.name in self.errors for kind in free) or len(free) == 1,
        }
