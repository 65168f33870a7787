"""Addresses of webhooks and findings. Stripe knows the first by heart: it does not move."""

from django.urls import path

from artists.compensation.payments import hooks

from . import views

urlpatterns = [
    path("payments/stripe/", hooks.stripe_hook, name="stripe_hook"),
    path("staff/payments/findings/", views.findings, name="staff_findings"),
]
