"""All addresses: each subject brings its own."""

from django.urls import include, path

from portal.api.frame import build
from portal.api.views import schema_of

API = build()

urlpatterns = [
    path("api/v1/", API.urls),
    path("api/schema", schema_of(API), name="api_schema"),
    path("", include("portal.web.urls")),
    path("", include("artists.people.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("artists.invitations.urls")),
    path("", include("artists.agreements.urls")),
    path("", include("portal.program.cohort_urls")),
    path("", include("portal.program.urls")),
    path("", include("portal.notices.urls")),
    path("", include("portal.events.urls")),
    path("", include("portal.appeals.urls")),
    path("", include("generation.urls")),
    path("", include("artists.consent.urls")),
    path("", include("artists.sharing.urls")),
    path("", include("artists.tariff.urls")),
    path("", include("artists.feedback.urls")),
    path("", include("artists.gatherings.urls")),
    path("", include("artists.compensation.urls")),
]

handler400 = "portal.web.errors.bad_request"
handler403 = "portal.web.errors.forbidden"
handler404 = "portal.web.errors.not_found"
handler500 = "portal.web.errors.broken"
