"""The web process."""

import io
import os
from collections.abc import Iterable
from typing import Any

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")
pages = get_wsgi_application()
# A server started directly must refuse a contradictory configuration too, as every command does.
call_command("check", stdout=io.StringIO())

from portal.program.lookout import watch  # noqa: E402 - apps are loaded now


def application(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """One request. The first one also begins this process's lookout: before it there is nothing to end."""
    watch("web")
    return pages(environ, start_response)
