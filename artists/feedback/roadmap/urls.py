"""Addresses of the roadmap."""

from django.urls import path

from . import views

urlpatterns = [
    path("roadmap/", views.roadmap, name="roadmap"),
    path("staff/roadmap/", views.staff_roadmap, name="staff_roadmap"),
    path("staff/roadmap/new/", views.new, name="staff_roadmap_new"),
    path("staff/roadmap/<int:pk>/", views.item, name="staff_roadmap_item"),
    path("staff/roadmap/<int:pk>/move/", views.move, name="staff_roadmap_move"),
    path("staff/roadmap/<int:pk>/sources/", views.source, name="staff_roadmap_source"),
]
