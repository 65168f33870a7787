"""Addresses of pay: each room brings its own."""

from django.urls import include, path

urlpatterns = [
    path("", include("artists.compensation.ledger.urls")),
    path("", include("artists.compensation.contributions.urls")),
    path("", include("artists.compensation.awards.urls")),
    path("", include("artists.compensation.payments.urls")),
    path("", include("artists.compensation.reconciling.urls")),
    path("", include("artists.compensation.statements.urls")),
]
