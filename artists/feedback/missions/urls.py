"""Addresses of missions."""

from django.urls import path

from . import views

STAFF = "staff/feedback/missions/"
urlpatterns = [
    path("missions/", views.missions, name="missions"),
    path("missions/<int:pk>/", views.mission, name="mission"),
    path("missions/<int:pk>/take/", views.take, name="mission_take"),
    path("missions/<int:pk>/deliver/", views.deliver, name="mission_deliver"),
    path("missions/<int:pk>/give-back/", views.give_back, name="mission_give_back"),
    path(STAFF, views.desk, name="staff_missions"),
    path(f"{STAFF}new/", views.new, name="staff_mission_new"),
    path(f"{STAFF}<int:pk>/", views.staff_mission, name="staff_mission"),
    path(f"{STAFF}<int:pk>/change/", views.change, name="staff_mission_change"),
    path(f"{STAFF}<int:pk>/post/", views.post, name="staff_mission_post"),
    path(f"{STAFF}<int:pk>/extend/", views.extend, name="staff_mission_extend"),
    path(f"{STAFF}<int:pk>/end/", views.end, name="staff_mission_end"),
    path(f"{STAFF}<int:pk>/places.csv", views.places_csv, name="staff_mission_csv"),
    path(f"{STAFF}places/<int:pk>/answer/", views.answer, name="staff_mission_answer"),
]
