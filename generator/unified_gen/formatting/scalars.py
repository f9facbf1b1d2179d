"""Texts of scalars: plain if YAML 1.2 and YAML 1.1 both read them back as written, otherwise in quotes."""

from __future__ import annotations

import re

from unified_openapi.source.yaml12 import resolve

_INDICATORS = frozenset(",[]{}#&*!|>'\"%@`?:")
_FLOW = frozenset(",[]{}")
# What readers of YAML 1.1 take for a boolean, a number, a date or a merge key.
_YAML11 = re.compile(
    r"""(?:yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF)
      | [-+]?0b[0-1_]+ | [-+]?[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)? | [-+]?0x[0-9a-fA-F_]+
      | [-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?
      | [-+]?\.(?:inf|Inf|INF) | \.(?:nan|NaN|NAN)
      | [0-9]{4}-[0-9][0-9]?-[0-9][0-9]?(?:[Tt \t].*)?
      | = | <<""",
    re.VERBOSE,
)
_SHORT = {"\0": "0", "\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e", '"': '"', "\\": "\\"}


def printable(text: str) -> bool:
    """Return true if every character may be in a text that is not escaped. Line breaks of any kind may not."""
    return all(character.isprintable() or character == "\u3000" for character in text)


def written(value: object, text: str, *, flow: bool = False, key: bool = False) -> str:
    """Return a scalar on one line.

    Args:
        value: its value; text of a key.
        text: its text.
        flow: it is inside of brackets or braces.
        key: it is a key: keys are text, also `200` and `true`.
    """
    if not key and not isinstance(value, str):
        return text or "null"
    return text if _may_be_plain(text, flow=flow, key=key) else quoted(text)


def quoted(text: str) -> str:
    """Return a text in double quotes, or in single ones if these spare escapes."""
    if printable(text) and ('"' in text or "\\" in text) and text.count("'") <= text.count('"') + text.count("\\"):
        return "'" + text.replace("'", "''") + "'"
    return '"' + "".join(_escaped(character) for character in text) + '"'


def _escaped(character: str) -> str:
    if character in _SHORT:
        return "\\" + _SHORT[character]
    if character.isprintable() or character == "\u3000":
        return character
    number = ord(character)
    return f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" if number < 0x10000 else f"\\U{number:08x}"


def _may_be_plain(text: str, *, flow: bool, key: bool) -> bool:
    if not text or text != text.strip() or not printable(text):
        return False
    if text[0] in _INDICATORS or (text[0] == "-" and (len(text) == 1 or text[1] in " ,[]{}")) or text.startswith(("---", "...")):
        return False
    if ": " in text or " #" in text or text.endswith(":") or (flow and not _FLOW.isdisjoint(text)):
        return False
    if key:
        return text not in ("<<", "=")
    return isinstance(resolve(text), str) and _YAML11.fullmatch(text) is None


def wrapped(text: str, width: int) -> list[str] | None:
    """Return the lines of a text in the style `>-`, or None if that would not make them shorter."""
    if not text or text != text.strip() or not printable(text):
        return None
    lines = _lines(text, width, width)
    return lines if len(lines) > 1 or len(text) <= width else None


def plain_lines(text: str, first: int, width: int) -> list[str] | None:
    """Return a text without quotes as several lines, or None if it has to be in quotes or fits into fewer.

    Args:
        text: the text.
        first: columns of the first line.
        width: columns of the others.
    """
    if len(text) <= first or not _may_be_plain(text, flow=False, key=False) or re.search(r"  | [-?] ", text):
        return None
    lines = _lines(text, first, width)
    return lines if len(lines[0]) <= first and len(lines) > 1 else None


def _lines(text: str, first: int, width: int) -> list[str]:
    lines: list[str] = []
    for word in re.split(r"(?<=[^ ]) (?=[^ ])", text):
        if lines and len(lines[-1]) + 1 + len(word) <= (width if len(lines) > 1 else first):
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines


def literal(text: str) -> tuple[str, list[str]] | None:
    """Return the header and the lines of a text in the style `|`, or None if it is better in quotes."""
    body = text.removesuffix("\n")
    lines = body.split("\n")
    if len(lines) < 2 or not lines[0] or not lines[-1] or lines[0] != lines[0].lstrip():
        return None
    if any(line != line.rstrip() or not printable(line) for line in lines):
        return None
    return ("|" if text.endswith("\n") else "|-"), lines
