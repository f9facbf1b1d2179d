"""Safe output of a document's names and values as Python source; no other module may write them.

`lit` writes a value as a literal, `identifier` checks a name: a hostile document can neither close a string nor name a thing.
"""

from __future__ import annotations

import builtins
import json
import keyword
import re
from collections.abc import Iterable
from typing import Any

_WORDS = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+|[0-9]+")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_RESERVED = frozenset(dir(builtins)) | frozenset(keyword.kwlist) | {"Any"}


def lit(value: Any) -> str:
    """Return a Python literal for a JSON value, dictionaries in their order."""
    if value is None or isinstance(value, bool | int | str):
        return repr(value)
    if isinstance(value, float):
        return repr(value) if value == value and abs(value) != float("inf") else f"float({str(value)!r})"
    if isinstance(value, list | tuple):
        inner = ", ".join(lit(item) for item in value)
        return f"[{inner}]" if isinstance(value, list) else f"({inner},)" if len(value) == 1 else f"({inner})"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{lit(str(name))}: {lit(item)}" for name, item in value.items()) + "}"
    raise TypeError(f"no literal for {type(value).__name__}")


def identifier(name: str) -> str:
    """Return a checked identifier.

    Raises:
        ValueError: the name is none, is a keyword, or would hide a builtin.
    """
    if not _IDENTIFIER.fullmatch(name) or keyword.iskeyword(name) or name.startswith("__"):
        raise ValueError(f"{name!r} is not an identifier")
    return name


def words(name: str) -> list[str]:
    """Return the ASCII words of a name of any style."""
    return _WORDS.findall(re.sub(r"[^A-Za-z0-9]+", " ", name))


def snake(name: str) -> str:
    """Return a name as a Python variable; one that is not a word, a keyword or a builtin gets a trailing underscore."""
    found = "_".join(word.lower() for word in words(name)) or "value"
    if found[0].isdigit():
        found = "n" + found
    return found + "_" if found in _RESERVED else found


def attribute(name: str) -> str:
    """Return a name as an attribute; builtins may be attributes, keywords get a trailing underscore."""
    found = snake(name).rstrip("_")
    return found + "_" if keyword.iskeyword(found) else found


def pascal(name: str) -> str:
    """Return a name as a Python class."""
    found = "".join(word[:1].upper() + word[1:] for word in words(name)) or "Value"
    if found[0].isdigit():
        found = "N" + found
    return found + "_" if found in _RESERVED else found


def constant(*names: str) -> str:
    """Return a name as a module constant."""
    found = "_".join(word.upper() for name in names for word in words(name)) or "VALUE"
    return "N" + found if found[0].isdigit() else found


def unique(name: str, taken: Iterable[str]) -> str:
    """Return the name, or the name with the first number that is free."""
    used = set(taken)
    if name not in used:
        return name
    number = 2
    while f"{name}_{number}" in used:
        number += 1
    return f"{name}_{number}"


def docstring(text: str, indent: str = "    ") -> str:
    """Return a docstring that holds the text and nothing but: no quote of it can end the string."""
    safe = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"').replace("\x00", "")
    if safe.endswith('"'):
        safe = safe[:-1] + '\\"'
    return '"""' + safe.replace("\n", "\n" + indent) + '"""'


class CodePiece(str):
    """A piece of an f-string that is code, not text."""

    __slots__ = ()


def code(text: str) -> CodePiece:
    """Mark a piece of an f-string as code."""
    return CodePiece(text)


def fstring(pieces: list[str]) -> str:
    """Return an f-string of text and `Code` in turn. Text can neither end the string nor open a field."""
    if not any(isinstance(piece, CodePiece) for piece in pieces):
        return lit("".join(pieces))
    return 'f"' + "".join("{" + piece + "}" if isinstance(piece, CodePiece) else _quoted(piece) for piece in pieces) + '"'


def _quoted(text: str) -> str:
    """Return text inside a double-quoted f-string; JSON's escapes are Python's as long as no surrogate pair is written."""
    return json.dumps(text, ensure_ascii=False)[1:-1].replace("{", "{{").replace("}", "}}")


def article(noun: str) -> str:
    """Return the indefinite article of a noun: `an Issue`, `a Task`, and by the letter's name `an SObject`."""
    spelled = noun[1:2].isupper() and noun[:1] in "FHLMNRSX"
    return "an" if noun[:1] in "AEIOaeio" or spelled else "a"


def comment(text: str) -> str:
    """Return text as a comment on one line."""
    return "# " + " ".join(text.split())


def tuple_of(items: Iterable[str]) -> str:
    """Return a tuple of code."""
    found = list(items)
    return f"({found[0]},)" if len(found) == 1 else f"({', '.join(found)})"


class Block:
    """Lines of code with their indentation."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._depth = 0

    def add(self, *lines: str) -> None:
        """Append lines at the current depth; a line may hold several, already indented among themselves."""
        pad = "    " * self._depth
        for line in lines:
            self.lines.extend(pad + part if part else "" for part in line.split("\n"))

    def open(self, line: str) -> None:
        """Add a line that begins an inner block."""
        self.add(line)
        self._depth += 1

    def close(self) -> None:
        self._depth -= 1

    def __str__(self) -> str:
        return "\n".join(self.lines)
