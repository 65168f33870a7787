"""The address of live news, as the WSGI site knows it."""

from django.urls import path

from . import views

urlpatterns = [path("events/", views.elsewhere, name="events")]
