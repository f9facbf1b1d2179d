"""Literals that a mapping compares places of the vendor with: each can be what the place holds."""

from __future__ import annotations

from typing import Any

from unified_gen.resolve.reporter import Reporter
from unified_gen.rules import map306_literal
from unified_gen.schema.paths import Both, Compare, Either, Match, Name, Not, Path, Predicate
from unified_gen.schema.shapes import Schemas, Shape
from unified_gen.schema.walk import Walk, walk
from unified_gen.source import Text

_KINDS = {bool: frozenset({"boolean"}), int: frozenset({"integer", "number"}), float: frozenset({"number"}), str: frozenset({"string"})}


def in_path(schemas: Schemas, text: Text, path: Path, reached: Walk, reporter: Reporter) -> None:
    """Report each filter of a path whose literal no element has."""
    for segment, element in zip(path.segments, reached.steps, strict=False):
        if isinstance(segment, Match):
            names = Path(".".join(segment.name), tuple(Name(name) for name in segment.name))
            _judge(text, names.text, segment.literal, walk(schemas, element, names), reporter)


def in_predicate(schemas: Schemas, text: Text, record: Shape, predicate: Predicate, reporter: Reporter) -> None:
    """Report each comparison of a predicate that never holds, or always."""
    match predicate:
        case Compare(path=path, literal=literal):
            ordered = predicate.operator not in ("eq", "ne")
            _judge(text, ".".join(path.names) or "@", literal, walk(schemas, record, path), reporter, ordered=ordered)
        case Not(inner=inner):
            in_predicate(schemas, text, record, inner, reporter)
        case Both(left=left, right=right) | Either(left=left, right=right):
            in_predicate(schemas, text, record, left, reporter)
            in_predicate(schemas, text, record, right, reporter)


def _judge(text: Text, place: str, literal: Any, reached: Walk, reporter: Reporter, *, ordered: bool = False) -> None:
    shape = reached.shape
    if shape is None or literal is None or reached.many:
        return
    words = shape.words
    listed = words is not None and not ordered
    if (words is not None and literal not in words) if listed else _of_another_type(literal, shape):
        reporter.add(map306_literal.report(reporter, text, place, literal, shape))


def _of_another_type(literal: Any, shape: Shape) -> bool:
    kinds = _KINDS.get(type(literal))
    return kinds is not None and bool(shape.kinds) and not kinds & shape.kinds
