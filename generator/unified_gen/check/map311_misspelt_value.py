"""A value that is spelled almost like another one.

A value of an enum or a constant that occurs once, in the vendor's mappings and in the enums of its document, and differs by one letter from
another value or from the name of a row, is probably misspelt. No type shows it where the document declares plain text. Values of an enum
whose rows have several are not compared with each other, as those of different languages resemble. If the value is right, accept it with
the reason: `allow: {MAP311 <value>: …}`.

Wrong: `tentative: tentativ`. Right: `tentative: tentative`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from unified_gen.diagnostics.rule import rule
from unified_gen.language import ast
from unified_openapi.diagnostics import Diagnostic, Severity, finding
from unified_openapi.documents import Document
from unified_openapi.source.spans import Literal, Span, Text

CODE = rule("MAP311", "a value spelled almost like another", __doc__, Severity.WARNING)

_SHORTEST = 5
"""Length of the longer of two values that are compared."""
_OTHERWISE = "otherwise"


class _Value(Struct, frozen=True):
    text: str
    span: Span
    beside: frozenset[str] = frozenset()
    """The other values of its enum, if its rows have several."""


def check(resources: Iterable[ast.Resource], document: Document) -> Iterator[Diagnostic]:
    """Report every value of a vendor's mappings that occurs once and is spelled almost like another."""
    values, named = [], {_OTHERWISE}
    for resource in resources:
        for found in _values(resource):
            if isinstance(found, _Value):
                values.append(found)
            else:
                named.add(found)
    values = list(dict.fromkeys(values))  # a step of an alternative is a step of its operation too
    declared = frozenset(_declared(document.root))
    counts = Counter(value.text for value in values)
    known = {_plain(text): text for text in (*declared, *counts, *named)}
    for value in values:
        if counts[value.text] > 1 or value.text in declared or value.text in named:
            continue
        plain = _plain(value.text)
        beside = {_plain(each) for each in value.beside}
        near = [
            known[other]
            for other in known
            if other not in beside and _resemble(plain, other) and known[other].lstrip("-") != value.text.lstrip("-")  # opposite orders
        ]
        if near:
            yield finding(
                CODE,
                f"`{value.text}` occurs only here, and is spelled almost like `{near[0]}`",
                value.span,
                help=f"correct it, or accept it: `allow: {{MAP311 {value.text}: …}}`",
            )


def _values(node: Any) -> Iterator[_Value | str]:
    """Yield the values that are sent or read, and the names of rows and of compared values."""
    if isinstance(node, ast.Table):
        literals = [literal for row in node.rows for cell in row.cells.values() for literal in cell.values]
        several = any(len(cell.values) > 1 for row in node.rows for cell in row.cells.values())
        beside = frozenset(literal.value for literal in literals if several and isinstance(literal.value, str))
        for literal in literals:
            if isinstance(literal.value, str):
                yield _Value(literal.value, literal.span, beside - {literal.value})
        yield from (row.value.value for row in node.rows if isinstance(row.value.value, str))
    elif isinstance(node, Literal):
        for text in _texts(node.value):
            yield _Value(text, node.span)
    elif isinstance(node, ast.ConditionTest):
        if node.value is not None:
            yield from re.findall(r"[\w.-]+", node.value.value)
    elif isinstance(node, Struct) and not isinstance(node, Text | Span):
        for name in node.__struct_fields__:
            yield from _values(getattr(node, name))
    elif isinstance(node, tuple | list):
        for each in node:
            yield from _values(each)
    elif isinstance(node, dict):
        for each in node.values():
            yield from _values(each)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)


def _declared(node: Any) -> Iterator[str]:
    """Yield the texts in the enums of a document."""
    if isinstance(node, dict):
        for name, inner in node.items():
            if name == "enum" and isinstance(inner, list):
                yield from (each for each in inner if isinstance(each, str))
            elif name == "const" and isinstance(inner, str):
                yield inner
            else:
                yield from _declared(inner)
    elif isinstance(node, list):
        for each in node:
            yield from _declared(each)


def _plain(text: str) -> str:
    return re.sub(r"[\s_-]+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", text)).lower()


def _resemble(one: str, other: str) -> bool:
    """Return true if one letter distinguishes two texts, letters that are doubled, plurals and digits aside."""
    short, long = sorted((one, other), key=len)
    if len(long) < _SHORTEST or len(long) - len(short) > 1 or short == long:
        return False
    start = next((index for index, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) == len(long):
        changed = {short[start], long[start]}
        swapped = short[start : start + 2] == long[start : start + 2][::-1] and short[start + 2 :] == long[start + 2 :]
        return not any(letter.isdigit() for letter in changed) and (swapped or short[start + 1 :] == long[start + 1 :])
    added = long[start]
    doubled = added in (long[start - 1 : start], long[start + 1 : start + 2])
    return short[start:] == long[start + 1 :] and not doubled and not added.isdigit() and not (added == "s" and start == len(short))
