"""What people write about themselves."""

import zoneinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.addresses import is_web_address

from .languages import LANGUAGES
from .models import Person

MOST_LINKS = 6
LONGEST_LINK = 200


def zones() -> list[tuple[str, str]]:
    """Every zone of the world by its usual name, UTC first."""
    names = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in names)]


class ProfileForm(forms.Form):
    """Name, credit, work and place of a person; none of it is public but the credit."""

    name = forms.CharField(label=_("Name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    credit_name = forms.CharField(
        label=_("Name in credits"),
        required=False,
        max_length=120,
        help_text=_("As it stands beside your works. Empty: your name."),
    )
    discipline = forms.CharField(
        label=_("Discipline"), required=False, max_length=120, help_text=_("What you do: film, animation, music, ...")
    )
    links = forms.CharField(
        label=_("Links"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Your pages, one on each line, six at most."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=zones)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=list(LANGUAGES.items()),
        help_text=_("Agreements are shown in it where they are written in it."),
    )

    @classmethod
    def of(cls, person: Person) -> "ProfileForm":
        """The form as the profile stands."""
        fields = ("name", "credit_name", "discipline", "time_zone", "language")
        initial: dict[str, Any] = {name: getattr(person, name) for name in fields}
        return cls(initial=initial | {"links": "\n".join(person.links)})

    def clean_name(self) -> str:
        """A name is more than spaces and marks."""
        name = str(self.cleaned_data["name"])
        if not any(letter.isalnum() for letter in name):
            raise ValidationError(_("Write your name."), code="name-blank")
        return name

    def clean_links(self) -> list[str]:
        """Web addresses only: a link here is shown to others."""
        links = [line.strip() for line in str(self.cleaned_data["links"]).splitlines() if line.strip()]
        if len(links) > MOST_LINKS:
            raise ValidationError(_("Six links at most."), code="links-too-many")
        for link in links:
            if not is_web_address(link):
                words = _("%(link)s is no web address. Write it with https://.")
                raise ValidationError(words, code="link-invalid", params={"link": link[:80]})
            if len(link) > LONGEST_LINK:
                raise ValidationError(_("A link has at most 200 characters."), code="link-too-long")
        return links
