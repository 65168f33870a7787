"""Addresses of composed pages."""

from django.urls import path

from . import desk, second_factor, viewing, views

urlpatterns = [
    path("rail/", views.rail, name="rail"),
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("me/standing/", views.standing, name="standing"),
    path("status/", views.status, name="status"),
    path("me/looks/", desk.looks_at_me, name="looks"),
    path("staff/", views.today, name="today"),
    path("accounts/second-factor/", second_factor.second_factor, name="second_factor"),
    path("staff/ui/", views.components, name="components"),
    path("staff/people/", desk.people, name="people"),
    path("staff/people/<int:pk>/", desk.person, name="person"),
    path("staff/people/<int:pk>/prompts/", desk.prompts, name="person_prompts"),
    path("staff/people/<int:pk>/view/", desk.view_as, name="person_view"),
    path("staff/viewing/stop/", viewing.stop, name="viewing_stop"),
    path("staff/audit/", desk.record, name="record"),
    path("staff/audit/check/", desk.check_record, name="record_check"),
    path("theme/", views.theme, name="theme"),
]
