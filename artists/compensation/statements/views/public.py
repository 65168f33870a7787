"""Checking a letter of service: for everybody, without a cookie and without a script."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from artists.compensation.statements import services
from artists.compensation.statements.letters import grouped, read_code
from artists.people.actors import address_of
from portal.api.paces import TooMany

PAGE = "compensation/statements/check.html"


@never_cache
@require_safe
def ask(request: HttpRequest) -> HttpResponse:
    """Where a code is typed from paper."""
    typed = request.GET.get("code", "")
    code = read_code(typed)
    if code:
        return HttpResponseRedirect(reverse("service_letter_check", args=[grouped(code)]))
    return render(request, PAGE, {"typed": typed[:80]}, status=422 if typed.strip() else 200)


@never_cache
@require_safe
def letter(request: HttpRequest, code: str) -> HttpResponse:
    """What the letter with this code says, that it was withdrawn, or that there is none."""
    try:
        found = services.check_letter(read_code(code), address=address_of(request))
    except TooMany as refused:
        context = {"wait": refused.seconds, "decision": refused.decision}
        answer = render(request, PAGE, context, status=429)
        answer["Retry-After"] = str(refused.seconds)
        return answer
    if found is None:
        return render(request, PAGE, {"unknown": True, "typed": code[:80]}, status=404)
    context = {"letter": found, "code": grouped(found.code)}
    return render(request, PAGE, context, status=200 if found.withdrawn_at is None else 410)
