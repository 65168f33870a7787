"""Addresses of bug reports."""

from django.urls import path

from .views import artist, staff

urlpatterns = [
    path("bugs/", artist.bugs, name="bugs"),
    path("bugs/new/", artist.new, name="bug_new"),
    path("bugs/<int:pk>/", artist.bug, name="bug"),
    path("bugs/<int:pk>/write/", artist.write, name="bug_write"),
    path("bugs/<int:pk>/screenshot/", artist.screenshot, name="bug_screenshot"),
    path("bugs/<int:pk>/film/", artist.film, name="bug_film"),
    path("bugs/<int:pk>/filmstrip/", artist.filmstrip, name="bug_filmstrip"),
    path("staff/bugs/", staff.board, name="staff_bugs"),
    path("staff/bugs/move/", staff.move, name="staff_bugs_move"),
    path("staff/bugs/csv/", staff.csv, name="staff_bugs_csv"),
    path("staff/bugs/<int:pk>/", staff.bug, name="staff_bug"),
    path("staff/bugs/<int:pk>/verdict/", staff.verdict, name="staff_bug_verdict"),
    path("staff/bugs/<int:pk>/merge/", staff.merge, name="staff_bug_merge"),
    path("staff/bugs/<int:pk>/write/", staff.write, name="staff_bug_write"),
]
