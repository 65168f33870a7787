"""One's own profile."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from . import services
from .actors import person_of
from .profile import ProfileForm


@require_http_methods(["GET", "POST"])
@login_required
def profile(request: HttpRequest) -> HttpResponse:
    """My name, credit, discipline, links, zone and language."""
    person = person_of(request)
    form = ProfileForm(request.POST) if request.method == "POST" else ProfileForm.of(person)
    if form.is_bound and form.is_valid():
        services.set_profile(actor=person, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("profile")
    return render(request, "people/profile.html", {"form": form}, status=422 if form.errors else 200)
