"""Addresses of the tariff."""

from django.urls import path

from . import views

urlpatterns = [
    path("tariff/", views.tariff, name="tariff"),
    path("tariff/<int:number>/", views.tariff_version, name="tariff_version"),
    path("staff/tariff/", views.staff_tariff, name="staff_tariff"),
    path("staff/tariff/new/", views.staff_tariff_new, name="staff_tariff_new"),
    path("staff/tariff/draft/", views.staff_tariff_draft, name="staff_tariff_draft"),
    path("staff/tariff/publish/", views.staff_tariff_publish, name="staff_tariff_publish"),
]
