"""YAML output in the style of a handwritten file: short entries on one line, a comment beside each guess."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_./ -]*[A-Za-z0-9_]|[A-Za-z_]")
_WORDS = frozenset({"null", "true", "false", "yes", "no", "on", "off", "y", "n"})
_WIDTH = 130


def scalar(value: Any) -> str:
    """Return one value, quoted only if YAML would read it as something else."""
    if isinstance(value, str):
        if _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
            return value
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\x7f")
    return json.dumps(value)


def flow(value: Any) -> str:
    """Return a value on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{scalar(key)}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(flow(inner) for inner in value) + "]"
    return scalar(value)


def comment(text: str) -> str:
    """Return a comment that stays one: any character that ends a line for YAML is left out."""
    return "# " + " ".join("".join(character if character.isprintable() else " " for character in text).split())


def entry(key: str, value: Any, *, indent: int = 0, note: str | None = None, pad: int = 0) -> list[str]:
    """Return the lines of `key: value`, with a comment behind it; a long list of mappings is written with one mapping below the other."""
    head = " " * indent + (scalar(key) + ":").ljust(pad)
    line = f"{head} {flow(value)}" + (f"  {comment(note)}" if note else "")
    if len(line) <= _WIDTH or not isinstance(value, Sequence | Mapping) or isinstance(value, str) or not value:
        return [line]
    lines = [head.rstrip() + (f"  {comment(note)}" if note else "")]
    if isinstance(value, Mapping):
        for name, inner in value.items():
            lines += entry(name, inner, indent=indent + 2)
        return lines
    return lines + [" " * (indent + 2) + "- " + flow(inner) for inner in value]
