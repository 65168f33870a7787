"""Addresses of open letters."""

from django.urls import path

from .views import artist, public, staff

urlpatterns = [
    path("letters/", public.letters, name="open_letters"),
    path("letters/new/", artist.new, name="letter_new"),
    path("letters/<slug:slug>/", public.letter, name="open_letter"),
    path("letters/<slug:slug>/edit/", artist.edit, name="letter_edit"),
    path("letters/<slug:slug>/open/", artist.open_, name="letter_open"),
    path("letters/<slug:slug>/withdraw/", artist.withdraw, name="letter_withdraw"),
    path("letters/<slug:slug>/sign/", artist.sign, name="letter_sign"),
    path("letters/<slug:slug>/take-back/", artist.take_back, name="letter_take_back"),
    path("letters/<slug:slug>/answer/", staff.answer, name="letter_answer"),
    path("staff/letters/", staff.desk, name="staff_letters"),
]
