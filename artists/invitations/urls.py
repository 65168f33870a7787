"""Addresses of invitations."""

from django.urls import path

from .views import guest, staff

urlpatterns = [
    path("invite/<str:token>/", guest.invitation, name="invitation"),
    path("invite/<str:token>/accept/", guest.accept, name="invitation_accept"),
    path("invite/<str:token>/decline/", guest.decline, name="invitation_decline"),
    path("invite/<str:token>/again/", guest.ask_again, name="invitation_again"),
    path("staff/invitations/", staff.invitations, name="invitations"),
    path("staff/invitations/new/", staff.new, name="invitations_new"),
    path("staff/invitations/<int:pk>/", staff.invitation, name="invitation_staff"),
    path("staff/invitations/<int:pk>/resend/", staff.resend, name="invitation_resend"),
    path("staff/invitations/<int:pk>/withdraw/", staff.withdraw, name="invitation_withdraw"),
]
