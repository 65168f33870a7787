"""Addresses of the safety desk and of announcements."""

from django.urls import path

from . import announcement_views, views

urlpatterns = [
    path("staff/safety/", views.safety, name="safety"),
    path("staff/safety/suspend/", views.suspend, name="suspend"),
    path("staff/safety/sunset/", views.sunset, name="sunset"),
    path("staff/safety/sunset/call-off/", views.sunset_call_off, name="sunset_call_off"),
    path("staff/safety/<int:number>/", views.suspension, name="suspension"),
    path("staff/safety/<int:number>/end/", views.suspension_end, name="suspension_end"),
    path("staff/safety/<int:number>/stop-running/", views.suspension_stop_running, name="suspension_stop_running"),
    path("staff/safety/<int:number>/ratify/", views.suspension_ratify, name="suspension_ratify"),
    path("staff/safety/<int:number>/confirm/", views.suspension_confirm, name="suspension_confirm"),
    path("staff/announcements/", announcement_views.announcements, name="announcements"),
    path("staff/announcements/<int:pk>/end/", announcement_views.announcement_end, name="announcement_end"),
    path("announcements/<int:pk>/put-away/", announcement_views.announcement_put_away, name="announcement_put_away"),
]
