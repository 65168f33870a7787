"""What a WSGI worker answers at /events/: it has no thread to spare for a stream."""

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET


@never_cache
@require_GET
def elsewhere(request: HttpRequest) -> JsonResponse:
    """The proxy should have sent this to the events process; pages then ask every two seconds instead."""
    del request
    body = {
        "code": "events-elsewhere",
        "message": _("Live news is served by another process."),
        "action": _("Send /events/ to it, as the page on running a program says."),
    }
    return JsonResponse(body, status=503, headers={"Retry-After": "30"})
