"""Addresses of cohorts, and of one's own place in them."""

from django.urls import path

from . import cohort_views, own_views

urlpatterns = [
    path("staff/cohorts/", cohort_views.cohorts, name="cohorts"),
    path("staff/cohorts/new/", cohort_views.new, name="cohort_new"),
    path("staff/cohorts/<slug:slug>/", cohort_views.cohort, name="cohort"),
    path("staff/cohorts/<slug:slug>/open/", cohort_views.open_doors, name="cohort_open"),
    path("staff/cohorts/<slug:slug>/close/", cohort_views.close_doors, name="cohort_close"),
    path("staff/cohorts/<slug:slug>/members/<int:pk>/", cohort_views.member_quota, name="cohort_member"),
    path("me/cohort/", own_views.my_cohort, name="my_cohort"),
    path("me/cohort/wall/", own_views.choose_wall, name="choose_wall"),
    path("me/leave/", own_views.leave, name="leave"),
    path("me/leave/undo/", own_views.stay, name="stay"),
    path("me/statements/", own_views.statements, name="statements"),
    path("me/statements/<slug:slug>/", own_views.state, name="state"),
]
