"""What an artist fills in to share a clip, what those asked about it answer, and what the public reports."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from generation.models import Clip
from portal.access import Refused
from portal.program.moments import MomentField

from .grounds import Ground
from .models import ShareRequest
from .places import Channel
from .services import Ask


class Told(forms.Form):
    """A form that says refusals at the field they are about, and all codes on top; everything typed stays."""

    FIELD_OF: dict[str, str] = {}

    def full_clean(self) -> None:
        """What is needed is marked so for people; whether it is missing says the service, with a code of its own."""
        needed = [field for field in self.fields.values() if field.required]
        for field in needed:
            field.required = False
        super().full_clean()
        for field in needed:
            field.required = True

    def say(self, refused: Refused) -> None:
        """Put a refusal at its field, with its code."""
        decision = refused.decision
        words = f"{decision.reason} {decision.todo}".strip()
        field = self.FIELD_OF.get(decision.code)
        self.add_error(field if field in self.fields else None, forms.ValidationError(words, code=decision.code))

    @property
    def codes(self) -> list[str]:
        """A stable code for each thing that is wrong: the service's own, or the field's with what is wrong there."""
        found = []
        for name, errors in self.errors.as_data().items():
            for error in errors:
                ours = "-" in (error.code or "")
                found.append(error.code if ours else f"{name}-{error.code or 'invalid'}".replace("_", "-"))
        return [code for code in found if code]


class ShareForm(Told):
    """Where a clip will be shown, when, and what is said with it. Lengths are those of the share request."""

    title = forms.CharField(label=_("Title"), max_length=160)
    destination = forms.CharField(
        label=_("Where it will be shown"),
        max_length=300,
        help_text=_("In words: my web site, the name of a festival, an exhibition."),
    )
    channels = forms.MultipleChoiceField(
        label=_("Kinds of places"), choices=Channel.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    url = forms.CharField(
        label=_("Address of that place"),
        max_length=500,
        required=False,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
        help_text=_("If it has one already. Nobody is sent there by us."),
    )
    embargo_until = MomentField(
        label=_("Not public before"),
        required=False,
        help_text=_("An embargo, kept to the second, in your time zone. Empty: public as soon as it is approved."),
    )
    words = forms.CharField(
        label=_("Text that goes with it"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    alt_text = forms.CharField(
        label=_("What is seen"),
        max_length=300,
        required=False,
        help_text=_("Read out to people who cannot see the film."),
    )
    credit = forms.CharField(
        label=_("Credit"), max_length=160, required=False, help_text=_("Shown beside the title as the author.")
    )
    collaborators = forms.CharField(
        label=_("Who made it with you"),
        max_length=3200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_(
            "Mail addresses of artists of the program, one a line. Each must confirm before a reviewer sees it."
        ),
    )
    checked = forms.MultipleChoiceField(
        label=_("What it could be refused for"),
        choices=Ground.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Look for yourself: tick what you checked and found not to apply. It helps the reviewer, and is not needed."
        ),
    )
    showcase = forms.BooleanField(
        label=_("Show it on the program's showcase too"),
        required=False,
        help_text=_("A public list of released works. Without this only people with the address find it."),
    )

    FIELD_OF = {
        "title-missing": "title",
        "destination-missing": "destination",
        "embargo-past": "embargo_until",
        "url-not-web": "url",
        "url-long": "url",
        "channel-unknown": "channels",
        "ground-unknown": "checked",
        "collaborator-unknown": "collaborators",
        "collaborator-self": "collaborators",
        "collaborators-many": "collaborators",
    }

    def ask(self) -> Ask:
        """What was filled in."""
        values = dict(self.cleaned_data)
        values["collaborators"] = [one for one in re.split(r"[\s,;]+", values["collaborators"]) if one]
        return Ask(**values)


def begun_with(request: ShareRequest, addresses: Iterable[str]) -> dict[str, Any]:
    """What a form shows of a request."""
    names = [name for name in ShareForm.base_fields if name != "collaborators"]
    return {name: getattr(request, name) for name in names} | {"collaborators": "\n".join(addresses)}


class ShareSeveralForm(ShareForm):
    """The same places and words for several clips; each has its own title, and its own words for what is seen."""

    title = None  # type: ignore[assignment] - Django's way to leave a field of the parent out
    alt_text = None  # type: ignore[assignment]

    def __init__(self, clips: Iterable[Clip], *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.clips = list(clips)
        for clip in self.clips:
            title, seen = f"title_{clip.pk}", f"alt_text_{clip.pk}"
            self.fields[title] = forms.CharField(label=_("Title"), max_length=160, initial=clip.title)
            self.fields[seen] = forms.CharField(label=_("What is seen"), max_length=300, required=False)

    def own(self, clip: Clip) -> list[forms.BoundField]:
        """The fields of one clip."""
        return [self[f"title_{clip.pk}"], self[f"alt_text_{clip.pk}"]]

    def rows(self) -> list[dict[str, Any]]:
        """Each clip with its fields."""
        return [{"clip": clip, "fields": self.own(clip)} for clip in self.clips]

    def common(self) -> list[forms.BoundField]:
        """The fields all of them share."""
        return [self[name] for name in ShareForm.base_fields if name in self.fields]

    def say_of(self, clip: Clip, refused: Refused) -> None:
        """A refusal of one clip: at what is common if it is about that, else with the clip's title."""
        decision = refused.decision
        if self.FIELD_OF.get(decision.code) in self.fields:
            if decision.code not in self.codes:
                self.say(refused)
            return
        words = _now("%(title)s: %(reason)s") % {"title": clip.title, "reason": f"{decision.reason} {decision.todo}"}
        field = f"title_{clip.pk}" if decision.code == "title-missing" else None
        self.add_error(field, forms.ValidationError(words.strip(), code=decision.code))

    def ask_for(self, clip: Clip) -> Ask:
        """What was filled in for one clip. Raises KeyError before the form was read."""
        common = {name: self.cleaned_data[name] for name in ShareForm.base_fields if name in self.fields}
        common["collaborators"] = [one for one in re.split(r"[\s,;]+", common["collaborators"]) if one]
        own = {name: self.cleaned_data[f"{name}_{clip.pk}"] for name in ("title", "alt_text")}
        return Ask(**common, **own)


class AnswerForm(Told):
    """The answer to a reviewer's question."""

    text = forms.CharField(label=_("Your answer"), widget=forms.Textarea(attrs={"rows": 5}))
    FIELD_OF = {"answer-missing": "text", "answer-long": "text"}


class ConcernForm(Told):
    """What somebody of the public reports; `website` is left empty by people, and filled in by scripts."""

    text = forms.CharField(label=_("What is wrong"), widget=forms.Textarea(attrs={"rows": 6}))
    email = forms.CharField(
        label=_("Mail address"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("Only to tell you that it was answered. Without one the answer is under an address we show you."),
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}))
    FIELD_OF = {"concern-empty": "text", "concern-long": "text", "concern-mail": "email"}
