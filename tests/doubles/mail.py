"""A mail server that refuses every address for good, as smtplib reports it."""

from smtplib import SMTPRecipientsRefused

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class RefusingBackend(BaseEmailBackend):
    """Raises what Django's SMTP backend lets through when the server answers 550 to RCPT TO."""

    def send_messages(self, email_messages: list[EmailMessage]) -> int:
        """Refuse."""
        refused = {to: (550, b"no such mailbox") for message in email_messages for to in message.recipients()}
        raise SMTPRecipientsRefused(refused)
