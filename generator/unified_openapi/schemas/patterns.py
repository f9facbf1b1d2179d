r"""Regular expressions of vendors' documents (ECMA-262), for an engine whose matching takes time linear in the text.

A pattern such as `^(a+)+$` occupies a backtracking engine for years on a text of 50 characters. Rust's `regex`, which pydantic is built on,
tries no alternative twice; it has no look-around and no back-references, so that a pattern with these is not enforced.

Source: https://docs.rs/regex/latest/regex/#syntax; ECMA-262 section 22.2.1.
"""

from __future__ import annotations

import re
import warnings
from copy import deepcopy
from functools import cache
from typing import Any

from pydantic_core import SchemaError, SchemaValidator, core_schema

from unified_openapi.documents.structure import walk
from unified_openapi.source.pointers import look_up

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
def is_readable(pattern: str) -> bool:
    """Return true if this engine or Python's can read a pattern; Python's has look-arounds and back-references."""
    return linear(pattern) is not None or is_python(pattern)


@cache
def is_python(pattern: str) -> bool:
    """Return true if Python's engine can read a pattern: it has no `\\p{L}` and refuses some classes of ECMA-262."""
    try:
        with warnings.catch_warnings(category=FutureWarning, action="ignore"):  # of a bracket inside a class
            re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return True


def in_python(root: dict[str, Any]) -> dict[str, Any]:
    """Return a document whose patterns Python's engine can read: any other is empty, so that it matches everything.

    Validators written in Python refuse a document, or fail, because of these patterns.
    """
    pointers = [
        part.pointer
        for part in walk(root)
        if part.kind == "schema" and isinstance(part.value.get("pattern"), str) and not is_python(part.value["pattern"])
    ]
    if not pointers:
        return root
    made = deepcopy(root)
    for pointer in pointers:
        look_up(made, pointer)["pattern"] = ""
    return made


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
    pieces = _PIECE.findall(pattern)
    for number, piece in enumerate(pieces):
        if inside and piece == "-" and not _ASCII.keys().isdisjoint((pieces[number - 1], *pieces[number + 1 : number + 2])):
            piece = "\\-"  # beside a class, a hyphen is itself (ECMA-262 B.1.2.8.1); in Rust it is a mistake
        elif piece == "\\/":
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
