"""Addresses of the money desk."""

from django.urls import path

from . import views

urlpatterns = [
    path("staff/money/", views.money, name="staff_money"),
    path("staff/money/funds/new/", views.fund_new, name="staff_fund_new"),
    path("staff/money/funds/<uuid:pk>/", views.fund, name="staff_fund"),
    path("staff/money/funds/<uuid:pk>/budget/", views.fund_budget, name="staff_fund_budget"),
    path("staff/money/funds/<uuid:pk>/change/", views.fund_change, name="staff_fund_change"),
    path("staff/money/funds/<uuid:pk>/state/", views.fund_state, name="staff_fund_state"),
]
