"""Addresses of critique."""

from django.urls import path

from . import views

urlpatterns = [
    path("critique/", views.critique, name="critique"),
    path("staff/feedback/critique/", views.desk, name="critique_desk"),
    path("staff/feedback/critique/<uuid:pk>/", views.one, name="critique_one"),
    path("staff/feedback/critique/<uuid:pk>/answer/", views.answer, name="critique_answer"),
    path("staff/feedback/critique/<uuid:pk>/withhold/", views.withhold, name="critique_withhold"),
]
