"""How allauth meets the program: sign-up only with an invitation, the address fixed by it."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.app_settings import REAUTHENTICATION_TIMEOUT
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import SignupForm
from allauth.account.internal.flows.login import record_authentication
from allauth.core import context
from django import forms
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from artists.invitations.models import Invitation
from artists.invitations.rules import still_good
from artists.invitations.services import accept, invitation_by
from artists.people.models import Person
from portal.access import Kind, Refused, denied

INVITED = "invitation"


def invitation_in(request: HttpRequest) -> Invitation | None:
    """The invitation this visitor came with, while it can still be answered."""
    token = request.session.get(INVITED)
    if not token:
        return None
    try:
        invitation = invitation_by(token)
    except Refused:
        return None
    return invitation if still_good(invitation) else None


class AccountAdapter(DefaultAccountAdapter):
    """Closed sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Only with a live invitation in the session."""
        return invitation_in(request) is not None

    def save_user(self, request: HttpRequest, user: Person, form: forms.Form, commit: bool = True) -> Person:  # noqa: FBT001, FBT002 - allauth's signature
        """Account and use of the invitation stand or fall together: it is single-use under any concurrency."""
        invitation = invitation_in(request)
        with transaction.atomic():
            if invitation is not None:
                user.email = invitation.email
            user.name = form.cleaned_data["name"].strip()
            user.time_zone = form.cleaned_data.get("time_zone") or "UTC"
            user.set_password(form.cleaned_data["password1"])
            if not commit:
                return user
            try:
                with transaction.atomic():
                    user.save()
            except IntegrityError:  # the same invitation in another window was faster
                words = _("This address has an account since a moment ago.")
                taken = denied("invitation-used", words, todo=_("Sign in instead."), kind=Kind.GONE)
                raise Refused("invitations.accept", taken) from None
            if invitation is None:  # it ran out between the page and the button
                token = request.session.get(INVITED, "")
                accept(invitation_by(token), actor=user)
            else:
                accept(invitation, actor=user)
        # Following the mailed link proved the address: allauth asks for no second mail.
        self.stash_verified_email(request, user.email)
        record_authentication(request, user, method="password", email=user.email)
        request.session.pop(INVITED, None)
        return user

    def get_signup_redirect_url(self, request: HttpRequest) -> str:
        """A second factor is offered first, or asked for where the role needs one."""
        del request
        return reverse("second_factor")

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Not of somebody who signed in within the last minutes: that is what asking again would show."""
        user = self.request.user
        records = get_authentication_records(self.request, user if user.is_authenticated else None)
        fresh = bool(records) and time.time() - records[-1]["at"] < REAUTHENTICATION_TIMEOUT
        return not fresh and bool(super().is_reauthentication_required(app=app, **more))

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        """Whoever has a second factor shows it: with the password alone it could be taken away and another set up."""
        methods: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return [one for one in methods if one["id"] != "reauthenticate"] or methods

    def format_email_subject(self, subject: str) -> str:
        """The subject alone: who writes is the sender's business."""
        return subject

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """The library's words in our frame: text first, then the same as HTML without pictures and tracking."""
        message = super().render_mail(template_prefix, email, context, headers)
        frame = {"subject": message.subject, "body": message.body, "site": settings.VERNISSAGE_BASE_URL, "linked": True}
        message.body = render_to_string("email/base.txt", frame)
        if isinstance(message, EmailMultiAlternatives):
            message.attach_alternative(render_to_string("email/base.html", frame), "text/html")
        return message

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Home; it knows what is to be done next."""
        del request
        return reverse("home")


class JoinForm(SignupForm):
    """Name and password; the address is the invitation's and cannot be changed."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["email", "name", "password1"])
        invitation = invitation_in(context.request)
        if invitation is not None:
            # A disabled field takes its initial value, whatever the browser sends.
            self.fields["email"].initial = invitation.email
            self.fields["email"].disabled = True
            self.fields["name"].initial = invitation.name
