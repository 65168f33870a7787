"""Addresses of contributions and disputes."""

from django.urls import path

from . import views

urlpatterns = [
    path("ledger/disputes/", views.disputes, name="disputes"),
    path("ledger/disputes/new/", views.dispute_missing, name="dispute_missing"),
    path("ledger/contributions/<int:pk>/dispute/", views.dispute_about, name="dispute_about"),
    path("ledger/disputes/<int:pk>/withdraw/", views.dispute_withdraw, name="dispute_withdraw"),
    path("staff/money/contributions/", views.staff_contributions, name="staff_contributions"),
    path("staff/money/disputes/", views.staff_disputes, name="staff_disputes"),
    path("staff/money/disputes/<int:pk>/answer/", views.staff_dispute_answer, name="staff_dispute_answer"),
]
