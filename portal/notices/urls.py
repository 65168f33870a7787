"""Addresses of inbox, mail and outbox."""

from django.urls import path

from .views import mail, people, staff

urlpatterns = [
    path("inbox/", people.inbox, name="inbox"),
    path("inbox/read/", people.mark_read, name="inbox_read"),
    path("inbox/<int:pk>/read/", people.mark_one_read, name="notice_read"),
    path("inbox/export/", people.export, name="inbox_export"),
    path("me/notices/", mail.choices, name="mail_choices"),
    path("me/notices/hours/", mail.hours, name="mail_hours"),
    path("mail/stop/<str:signed>/", mail.stop, name="mail_stop"),
    path("staff/mails/", staff.mails, name="mails"),
    path("staff/mails/<str:kind>/", staff.mail, name="mail"),
    path("staff/mails/<str:kind>/<str:light>/", staff.mail_frame, name="mail_frame"),
    path("staff/outbox/", staff.outbox, name="outbox"),
    path("staff/outbox/<int:pk>/", staff.letter, name="letter"),
]
