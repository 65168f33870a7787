"""What is typed into an appeal and its answer; everything typed stays on an error."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.access import Refused

from .services import LONGEST_TEXT


class _Text(forms.Form):
    def say(self, refused: Refused) -> None:
        """Show a service's no above the form, with its code."""
        decision = refused.decision
        self.add_error(None, forms.ValidationError(f"{decision.reason} {decision.todo}".strip(), code=decision.code))


class AppealForm(_Text):
    """Why the decision is wrong."""

    text = forms.CharField(
        label=_("Why it is wrong"),
        max_length=LONGEST_TEXT,
        help_text=_("Somebody other than who decided reads this and answers in words."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )


class AnswerForm(_Text):
    """The outcome and its reason."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[("uphold", _("The decision stands")), ("overturn", _("Overturn it: what it stopped goes on at once"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Answer"),
        max_length=LONGEST_TEXT,
        help_text=_("They read exactly this, with your name."),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
