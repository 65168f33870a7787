"""`python -m tests.browser.hand`: management commands of one installation, one after the other in one process.

To start Python and Django takes seconds, and browser tests ask for a sign-in link hundreds of times. A line of stdin
holds the words of a command, a line of stdout what it wrote and how it ended, both as JSON.
"""

import io
import json
import os
import sys
import traceback
from contextlib import redirect_stderr, redirect_stdout
from typing import Any

import django
from django.core.management import call_command
from django.db import connections


def main() -> None:
    """Answer until stdin ends."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")
    django.setup()
    answers = sys.stdout
    for line in sys.stdin:
        print(json.dumps(_done(json.loads(line))), file=answers, flush=True)


def _done(words: list[str]) -> dict[str, Any]:
    said, complained, code = io.StringIO(), io.StringIO(), 0
    with redirect_stdout(said), redirect_stderr(complained):
        try:
            call_command(*words, stdout=said, stderr=complained)
        except SystemExit as end:
            # A word instead of a number is a complaint, and the end of the command, not of this process.
            code = end.code if isinstance(end.code, int) else int(bool(end.code))
            complained.write(str(end.code or ""))
        except Exception:  # noqa: BLE001 - whoever asked is told, and the next command has its turn
            traceback.print_exc()
            code = 1
    # Nothing of a command may last: the next one reads what others wrote meanwhile.
    connections.close_all()
    return {"said": said.getvalue(), "complained": complained.getvalue(), "code": code}


if __name__ == "__main__":
    main()
