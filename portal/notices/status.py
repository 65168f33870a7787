"""The mail's part of `manage.py status`."""

from typing import Any

from portal.panels import register_status

from .models import Letter


def mail_status() -> dict[str, Any]:
    """Letters waiting, and those that failed at least once."""
    waiting = Letter.objects.filter(sent_at=None, came_back_at=None)
    return {"waiting": waiting.count(), "failed_once": waiting.exclude(error="").count()}


register_status("mail", mail_status)
