"""How requests come: forms with brackets (v1 and every query), JSON (v2)."""

import re
from typing import Any
from urllib.parse import parse_qsl

PARTS = re.compile(r"[^\[\]]+")


def read_form(text: str) -> dict[str, Any]:
    """ "a[b]=1&c[0]=2" as {"a": {"b": "1"}, "c": ["2"]}."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text)):
        *path, last = PARTS.findall(name)
        place = found
        for part in path:
            place = place.setdefault(part, {})
        place[last] = value
    return {name: _with_lists(value) for name, value in found.items()}


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _with_lists(part) for name, part in value.items()}
    numbered = [str(n) for n in range(len(inner))]
    return [inner[n] for n in numbered] if set(numbered) == set(inner) else inner
