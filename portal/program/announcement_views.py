"""Announcements: the staff's page, and putting one away."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from artists.people.actors import actor_of, person_of
from portal.access import Refused, require

from . import announcing, queries
from .forms import MOMENT, Saying
from .naming import moment

SHOWN = 50
UNPROCESSABLE = 422


class AnnouncementForm(Saying):
    """What is said, to whom, until when."""

    title = forms.CharField(label=gettext_lazy("First line"), max_length=announcing.LONGEST_TITLE)
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=announcing.LONGEST_TEXT,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    cohort = forms.ModelChoiceField(
        label=gettext_lazy("To"), queryset=None, required=False, empty_label=gettext_lazy("Everybody")
    )
    until = forms.CharField(
        label=gettext_lazy("Until"),
        required=False,
        help_text=gettext_lazy("In your time zone. Empty: until somebody takes it down."),
        widget=MOMENT,
    )
    FIELD_OF = {
        "title-missing": "title", "text-long": "text", "until-past": "until", "until-unreadable": "until",
    }  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cohort"].queryset = queries.cohorts()  # type: ignore[attr-defined] - a choice of rows


@require_http_methods(["GET", "POST"])
@login_required
def announcements(request: HttpRequest) -> HttpResponse:
    """What stands, and a form for another one; a POST announces."""
    actor = actor_of(request)
    require("program.announce", actor)
    form = AnnouncementForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = UNPROCESSABLE
        if form.is_valid():
            values = form.cleaned_data
            try:
                until = moment(values["until"])
                announcing.announce(
                    values["title"], values["text"], cohort=values["cohort"], until=until, actor=person_of(request)
                )
            except Refused as refused:
                form.say(refused)
                status = refused.decision.kind.value
            else:
                messages.success(request, _("Announced. It stands on their pages now."))
                return redirect("announcements")
    shown = announcing.announcements_visible_to(actor)[:SHOWN]
    return render(request, "program/announcements.html", {"form": form, "shown": shown}, status=status)


@require_POST
@login_required
def announcement_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it down."""
    actor = actor_of(request)
    require("program.announce", actor)
    found = get_object_or_404(announcing.announcements_visible_to(actor), pk=pk)
    if announcing.take_down(found, actor=actor):
        messages.success(request, _("Taken down."))
    return redirect("announcements")


@require_POST
@login_required
def announcement_put_away(request: HttpRequest, pk: int) -> HttpResponse:
    """I have read it."""
    found = get_object_or_404(announcing.announcements_for(actor_of(request)), pk=pk)
    announcing.put_away(found, actor=person_of(request))
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else "/")
