"""Addresses of appeals."""

from django.urls import path

from . import views

urlpatterns = [
    path("appeals/", views.appeals, name="appeals"),
    path("appeals/new/<slug:kind>/<slug:key>/", views.appeal_new, name="appeal_new"),
    path("appeals/<int:pk>/", views.appeal, name="appeal"),
    path("appeals/<int:pk>/withdraw/", views.appeal_withdraw, name="appeal_withdraw"),
    path("staff/appeals/", views.appeals_desk, name="appeals_desk"),
    path("staff/appeals/<int:pk>/", views.appeal_decide, name="appeal_decide"),
]
