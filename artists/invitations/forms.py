"""What staff write to invite."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from artists.people.roles import Role
from portal.access import Actor, check
from portal.program.queries import cohorts

from .lists import MOST_BYTES, Terms
from .services import LIFE, LONGEST_LIFE_DAYS, LONGEST_MESSAGE


class InviteForm(forms.Form):
    """One address, or a list: pasted or uploaded."""

    rows = forms.CharField(
        label=_("Addresses"),
        required=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_(
            "One on each line, or a table: email, name, cohort, seconds. Commas, semicolons and tabs are understood."
        ),
    )
    file = forms.FileField(label=_("Or a CSV file"), required=False, help_text=_("Up to 5,000 rows and 1 MB."))
    role = forms.ChoiceField(label=_("As"), choices=[])
    cohort = forms.ModelChoiceField(
        label=_("Cohort"), queryset=None, to_field_name="slug", required=False, help_text=_("Artists need one.")
    )
    daily_seconds = forms.IntegerField(
        label=_("Seconds of film a day"),
        required=False,
        min_value=0,
        max_value=86_400,
        help_text=_("Only where it is to differ from the cohort's."),
    )
    days = forms.IntegerField(
        label=_("Good for days"), min_value=1, max_value=LONGEST_LIFE_DAYS, initial=LIFE.days, help_text=_("1 to 90.")
    )
    message = forms.CharField(
        label=_("A personal word"),
        required=False,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = cohorts()
        roles = [(role.value, role.label) for role in Role if check("invitations.invite", actor, role)]
        self.fields["role"].choices = roles

    def terms(self) -> Terms:
        """What is the same for all rows."""
        data = self.cleaned_data
        return Terms(
            role=Role(data["role"]),
            cohort=data["cohort"],
            life=timedelta(days=data["days"]),
            message=data["message"],
            daily_seconds=data["daily_seconds"],
        )
