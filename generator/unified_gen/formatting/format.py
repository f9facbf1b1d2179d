"""Format one file: the same values, the same comments, one style."""

from __future__ import annotations

from functools import cache
from pathlib import PurePosixPath

from unified_gen.formatting.order import Order
from unified_gen.formatting.reading import comments, read
from unified_gen.formatting.writing import write
from unified_gen.language.parse import Found, parse_model, parse_resource, parse_vendor
from unified_openapi.source.nodes import MappingNode, Node, ScalarNode, SequenceNode, SyntaxFault
from unified_openapi.source.yaml12 import compose

_SYNTAX = ("MAP006", "MAP008")
"""Diagnostics of a text that is not one YAML document without repeated keys."""


class NotPreserved(Exception):
    """The formatted text would not hold the same values and comments: an error of the formatter; nothing is written."""


def kind_of(file: str) -> str | None:
    """Return the kind of a file by its path: `model`, `vendor` or `resource`; None if it is not part of a mapping."""
    path = PurePosixPath(file)
    if path.suffix != ".yaml":
        return None
    if path.parent.name == "models":
        return "model"
    if path.parent.parent.name == "vendors":
        return "vendor" if path.name == "vendor.yaml" else "resource"
    return None


def format_text(text: str, kind: str) -> str:
    """Return a text in the formatter's style.

    Args:
        text: YAML, with any line ends, and with a byte order mark or without.
        kind: `model`, `vendor` or `resource`.

    Raises:
        SyntaxFault: malformed YAML, or a key that occurs twice.
        NotPreserved: values or comments would be lost.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    before = compose(text, "")
    file = read(text)
    _order(kind).sort(file)
    made = write(file)
    try:
        after = compose(made, "")
    except SyntaxFault as fault:
        raise NotPreserved(f"the formatted text is not YAML: {fault.message}, line {fault.span.line}") from None
    if not _same(before, after):
        raise NotPreserved("the formatted text has other values")
    if sorted(_words(text)) != sorted(_words(made)):
        raise NotPreserved("the formatted text has other comments")
    return made


def syntax_errors(text: str, file: str) -> Found:
    """Return the compiler's diagnostics of a text that `format_text` refuses."""
    match kind_of(file):
        case "model":
            found = parse_model(text, file)[1]
        case "vendor":
            found = parse_vendor(text, file)[1]
        case _:
            found = parse_resource(text, file, PurePosixPath(file).parent.name)[1]
    return tuple(one for one in found if one.code in _SYNTAX)


@cache
def _order(kind: str) -> Order:
    return Order(kind)


def _words(text: str) -> list[str]:
    return [word for comment in comments(text) for word in comment.lstrip("#").split()]


def _same(one: Node, other: Node) -> bool:
    match one, other:
        case ScalarNode(), ScalarNode():
            return type(one.value) is type(other.value) and one.value == other.value
        case SequenceNode(), SequenceNode():
            return len(one.items) == len(other.items) and all(map(_same, one.items, other.items))
        case MappingNode(), MappingNode():
            values = {key.text: value for key, value in other.entries}
            if len(one.entries) != len(values):
                return False
            return all(key.text in values and _same(value, values[key.text]) for key, value in one.entries)
    return False
