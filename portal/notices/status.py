"""The mail's part of `manage.py status`."""

from typing import Any

from django.utils import timezone

from portal.panels import register_status

from .models import Letter, MailHours


def mail_status() -> dict[str, Any]:
    """Letters waiting, those of them that failed at least once or wait for the end of quiet hours; digests that are late."""
    now = timezone.now()
    waiting = Letter.objects.filter(sent_at=None, came_back_at=None)
    return {
        "waiting": waiting.count(),
        "failed_once": waiting.exclude(error="").count(),
        "held_for_quiet_hours": waiting.filter(attempts=0, due_at__gt=now).count(),
        "digests_due": MailHours.objects.filter(digest_due_at__lte=now).count(),
    }


register_status("mail", mail_status)
