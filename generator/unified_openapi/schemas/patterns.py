r"""Regular expressions of vendors' documents (ECMA-262), for an engine whose matching takes time linear in the text.

A pattern such as `^(a+)+$` occupies a backtracking engine for years on a text of 50 characters. Rust's `regex`, which pydantic is built on,
tries no alternative twice; it has no look-around and no back-references, so that a pattern with these is not enforced.

Source: https://docs.rs/regex/latest/regex/#syntax; ECMA-262 section 22.2.1.
"""

from __future__ import annotations

import re
from functools import cache

from pydantic_core import SchemaError, SchemaValidator, core_schema

# In ECMA-262 these are ASCII; in Rust they are Unicode. A class inside a class is read by Rust as the union.
_ASCII = {"\\d": "[0-9]", "\\D": "[^0-9]", "\\w": "[0-9A-Za-z_]", "\\W": "[^0-9A-Za-z_]"}
_PIECE = re.compile(r"\\.|[\[\]]|&&|--|~~|.", re.DOTALL)


@cache
def linear(pattern: str) -> str | None:
    """Return the pattern as Rust's engine reads it; None if that has no form for it: look-arounds, back-references, or a mistake in it."""
    found = _translated(pattern)
    return None if _compiled(found) is None else found


def matches(pattern: str, text: str) -> bool | None:
    """Return true if a text contains a match of a pattern; None for a pattern that is not enforced."""
    found = linear(pattern)
    if found is None:
        return None
    engine = _compiled(found)
    return engine is not None and engine.isinstance_python(text)


@cache
def _compiled(pattern: str) -> SchemaValidator | None:
    try:
        return SchemaValidator(core_schema.str_schema(pattern=pattern, regex_engine="rust-regex"))
    except (SchemaError, UnicodeEncodeError):
        return None


def _translated(pattern: str) -> str:
    """Return a pattern for Rust: in a class of ECMA-262, `[` and Rust's operators on sets are plain characters."""
    inside = False
    found = []
    for piece in _PIECE.findall(pattern):
        if piece == "\\/":
            piece = "/"
        elif piece in _ASCII:
            piece = _ASCII[piece]
        elif inside and piece in ("[", "&&", "~~"):
            piece = "".join(f"\\{char}" for char in piece)
        elif piece == "[":
            inside = True
        elif piece == "]":
            inside = False
        found.append(piece)
    return "".join(found)
