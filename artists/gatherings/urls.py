"""Addresses of gatherings."""

from django.urls import path

from .views import artist, staff

urlpatterns = [
    path("gatherings/", artist.gatherings, name="gatherings"),
    path("gatherings/calendar/", artist.feed_settings, name="gathering_calendar"),
    path("gatherings/feed/<str:secret>.ics", artist.feed, name="gathering_feed"),
    path("gatherings/<uuid:pk>/", artist.gathering, name="gathering"),
    path("gatherings/<uuid:pk>/seat/", artist.seat, name="gathering_seat"),
    path("gatherings/<uuid:pk>/gathering.ics", artist.gathering_ics, name="gathering_ics"),
    path("staff/gatherings/", staff.desk, name="staff_gatherings"),
    path("staff/gatherings/new/", staff.new, name="staff_gathering_new"),
    path("staff/gatherings/<uuid:pk>/", staff.one, name="staff_gathering"),
    path("staff/gatherings/<uuid:pk>/edit/", staff.edit, name="staff_gathering_edit"),
    path("staff/gatherings/<uuid:pk>/cancel/", staff.cancel, name="staff_gathering_cancel"),
    path("staff/gatherings/<uuid:pk>/seats/<int:seat>/came/", staff.attended, name="staff_gathering_attended"),
]
