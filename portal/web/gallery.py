"""The page of components: every part of templates/ui in every state, dark beside light."""

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .templatetags.ui import ICONS

# Parts of the frame: the page of components wears them itself, and twice on one page they would clash.
FRAME: Final = frozenset({"head", "scripts", "rail", "foot", "keys", "network"})
LIGHTS: Final = ("dark", "light")
TOKENS: Final = (
    "wall", "room", "plinth", "line", "edge", "ink", "ink-2", "ink-3", "varnish", "ok", "warn", "stop", "info",
)  # fmt: skip
FIRST_COMMENT: Final = re.compile(r"\{#\s*(.*?)\s*#\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Part:
    """One component: its name, what its file says of it, and its example."""

    name: str
    says: str
    template: str


class SampleForm(forms.Form):
    """A field of each sort, one of them wrong."""

    title = forms.CharField(label=gettext_lazy("Title"), help_text=gettext_lazy("As on the wall."), required=False)
    words = forms.CharField(label=gettext_lazy("Text"), widget=forms.Textarea(attrs={"rows": 3}))
    room = forms.ChoiceField(label=gettext_lazy("Where"), choices=[("a", "Berlin"), ("b", "Leith")])
    terms = forms.MultipleChoiceField(
        label=gettext_lazy("Uses"),
        choices=[("p", gettext_lazy("Press")), ("f", gettext_lazy("Festival"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agreed = forms.BooleanField(label=gettext_lazy("Credit me by name"), required=False)
    still = forms.FileField(label=gettext_lazy("Still"), required=False)


def components() -> list[Part]:
    """The components of templates/ui that stand on a page by themselves, by name."""
    folder = Path(settings.ROOT) / "templates" / "ui"
    parts = []
    for path in sorted(folder.glob("*.html")):
        if path.stem not in FRAME:
            said = FIRST_COMMENT.search(path.read_text())
            parts.append(Part(path.stem, said.group(1) if said else "", f"web/gallery/{path.stem}.html"))
    return parts


def context() -> dict[str, Any]:
    """What the examples need."""
    now = timezone.now()
    samples = []
    for number, light in enumerate(LIGHTS):
        form = SampleForm({"title": "Tide table", "room": "a"}, auto_id=f"sample-{light}-%s")
        # Ids of shot cards come from their numbers: none is on the page twice.
        first = 1 + 3 * number
        numbers = {"dock_number": first, "shot_number": first + 1, "bad_number": first + 2}
        samples.append({"light": light, "form": form, **numbers})
    return {
        "parts": components(),
        "samples": samples,
        "lights": LIGHTS,
        "tokens": TOKENS,
        "icons": sorted(ICONS),
        "now": now,
        "soon": now + timedelta(hours=3),
        "later": now + timedelta(hours=31),
        "before": now - timedelta(days=2),
        "lengths": [{"value": 16, "label": "2 s", "seconds": 2}, {"value": 32, "label": "4 s", "seconds": 4}],
        "shots": [
            {"label": "a red ball", "state": "done", "words": _("done"), "done": 100, "of": 100},
            {"label": "a sailboat", "state": "rendering", "words": _("step 6 of 10"), "done": 60, "of": 100},
            {"label": "a star", "state": "queued", "words": _("queued"), "done": 0, "of": 100},
            {"label": "a heart", "state": "failed", "words": _("failed"), "done": 20, "of": 100},
        ],
        "clip": SimpleNamespace(
            title="Tide table", width=448, height=256, frames=16, fps_numerator=8, fps_denominator=1
        ),
        "pins": [{"frame": 4, "label": _("It enters"), "href": ""}, {"frame": 12, "label": _("It rests"), "href": ""}],
        "shot_errors": [_("Shot 2 needs a prompt.")],
        "said": [
            Message(messages.SUCCESS, _("Saved.")),
            Message(messages.INFO, _("A reviewer decides next.")),
            Message(messages.WARNING, _("Your session ends in five minutes.")),
            Message(messages.ERROR, _("Not sent.")),
        ],
        "rail_items": [
            {"label": _("Studio"), "url": "#rail_link", "current": False, "count": 0, "yours": False},
            {"label": _("Library"), "url": "#rail_link", "current": True, "count": 128, "yours": False},
            {"label": _("Review"), "url": "#rail_link", "current": False, "count": 3, "yours": True},
        ],
    }
