"""Every kind of mail as it was last looked at and found right: `python -m tests.portal.notices.snapshots` writes them anew."""

import os
from pathlib import Path

KEPT = Path(__file__).parent / "snapshots"


def rendered_now() -> dict[str, str]:
    """Name of a file and what stands in it: head and text of every kind, and the HTML of every kind."""
    from portal.notices.samples import samples

    found = {}
    for one in samples():
        if one.name.startswith("tests."):
            continue
        text, html = one.rendered()
        found[f"{one.name}.txt"] = f"Subject: {one.mail.subject}\n\n{text}"
        found[f"{one.name}.html"] = html
    return found


def main() -> None:
    """Write what is rendered now, and remove what no kind has any more."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    import django

    django.setup()
    KEPT.mkdir(exist_ok=True)
    now = rendered_now()
    for path in KEPT.iterdir():
        if path.name not in now:
            path.unlink()
    for name, text in now.items():
        (KEPT / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
