"""What surrounds the operations: the schema, and what is not there."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from ninja import NinjaAPI

from portal.access import Kind, denied

from .frame import fault, missing

METHOD_NOT_ALLOWED = 405


def schema_of(api: NinjaAPI) -> Callable[[HttpRequest], HttpResponse]:
    """A view that answers the OpenAPI description."""

    @require_safe
    def schema(request: HttpRequest) -> HttpResponse:
        """OpenAPI 3.1, for everybody."""
        del request
        return JsonResponse(api.get_openapi_schema(path_prefix="/api/v1/"))

    return schema


class ApiFaultMiddleware:
    """An address or a method the API does not have is said in its own form, not as a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Leave alone whatever is not under /api/, and what is JSON already."""
        response = self.get_response(request)
        if not request.path.startswith("/api/") or response.get("Content-Type", "").startswith("application/json"):
            return response
        if response.status_code == Kind.MISSING.value:
            return missing()
        if response.status_code == METHOD_NOT_ALLOWED:
            allowed = response["Allow"]
            words = _("This address does not take %(method)s.") % {"method": request.method}
            said = fault(
                denied("method-not-allowed", words, todo=_("It takes %(allowed)s.") % {"allowed": allowed}), 405
            )
            said["Allow"] = allowed
            return said
        return response
