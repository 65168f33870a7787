"""Inbox, letters, and what people choose about mail."""

from .choices import MailChoice, MailHours
from .inbox import Notice
from .letters import Letter

__all__ = ["Letter", "MailChoice", "MailHours", "Notice"]
