"""Templates in facts: texts in which `$name` and `$name.path` are replaced by values."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from unified_emulation.engine.behaviour.mime_parts import parts
from unified_emulation.engine.behaviour.values import values_at

_NAME = re.compile(r"\$([a-z][a-z_0-9]*)((?:\.[A-Za-z0-9_-]*[A-Za-z0-9_])*)(?::(text|number|list|mime|count|split|wrapped|last|joined))?")


def render(template: Any, values: Mapping[str, Any]) -> Any:
    """Return a template with its values. Those that are functions are called. A name without a value becomes null, or empty in a text."""
    if isinstance(template, dict):
        return {name: render(value, values) for name, value in template.items()}
    if isinstance(template, list):
        return [render(each, values) for each in template]
    if not isinstance(template, str):
        return template
    only = _NAME.fullmatch(template)
    return _value(only, values) if only is not None else render_text(template, values)


def render_text(template: str, values: Mapping[str, Any]) -> str:
    """Return a text with its values as texts."""
    return _NAME.sub(lambda match: _text(_value(match, values)), template)


def _value(match: re.Match[str], values: Mapping[str, Any]) -> Any:
    found: Any = values.get(match[1])
    if callable(found):
        found = found()
    if match[3] == "joined":
        return "".join(map(_text, values_at(found, match[2][1:])))
    if match[3] == "list":
        return list(values_at(found, match[2][1:]))
    if match[2]:
        found = next(values_at(found, match[2][1:]), None)
    if match[3] == "count":
        return len(found) if isinstance(found, list) else 0
    if match[3] == "wrapped":
        return [[each] for each in found] if isinstance(found, list) else []
    if match[3] == "split":
        return found.split(",") if isinstance(found, str) else None
    if match[3] == "last":
        return found.rpartition("/")[2] if isinstance(found, str) else None
    if match[3] == "mime":
        return parts(found) if isinstance(found, str) else None
    if match[3] == "text":
        return None if found is None else _text(found)
    return int(found) if match[3] == "number" and str(found).isdecimal() else found


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)
