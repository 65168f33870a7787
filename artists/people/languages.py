"""Languages that documents can be written in and people can prefer, each by its own name."""

from django.conf.locale import LANG_INFO

LANGUAGES: dict[str, str] = dict(
    sorted(
        ((code, info["name_local"]) for code, info in LANG_INFO.items() if "name_local" in info),
        key=lambda pair: pair[1].casefold(),
    )
)
