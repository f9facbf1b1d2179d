"""Resolver of a mapping's paths and predicates: looks them up in the vendor's schemas and reports those that do not exist."""

from __future__ import annotations

import re
from typing import Any

from unified_gen.diagnostics.codes import map201_unknown_path, map306_literal
from unified_gen.diagnostics.reporter import Reporter
from unified_gen.language import ast
from unified_gen.resolve.record_fields import Leaf
from unified_openapi.schemas.paths import And, Compare, Match, Name, Not, Or, Path, Predicate, predicate_paths
from unified_openapi.schemas.shapes import Schemas, Shape
from unified_openapi.schemas.walk import Walk, walk
from unified_openapi.source.spans import Text

_KINDS = {bool: frozenset({"boolean"}), int: frozenset({"integer", "number"}), float: frozenset({"number"}), str: frozenset({"string"})}


def follow(
    schemas: Schemas,
    reporter: Reporter,
    start: Shape,
    text: Text,
    path: Path,
    where: str,
    *,
    custom: re.Pattern[str] | None = None,
    offset: int = 0,
    any_type: bool = False,
) -> Walk:
    """Return the walk along `path`, written as `text`, from `start`, which messages call `where`. A path that ends early, and a filter that
    no element can pass, are reported. With `any_type`, the value at its end may be of any type.
    """
    reached = walk(schemas, start, path, custom=custom)
    reporter.used(reached, any_type=any_type)
    if reached.dead is not None:
        reporter.add(map201_unknown_path.report(reporter, text, path, reached, where, offset=offset))
    else:
        _check_filters(schemas, text, path, reached, reporter)
    return reached


def resolve_predicate(
    schemas: Schemas, text: ast.PredicateText | None, record: Shape, named: str, reporter: Reporter
) -> tuple[Predicate | None, tuple[Leaf, ...]]:
    """Return a predicate and the locations that it reads; nothing if one of them is unknown. `named` is the record's schema."""
    if text is None:
        return None, ()
    leaves = []
    for path in predicate_paths(text.predicate):
        reached = follow(schemas, reporter, record, text, path, named, any_type=True)
        if reached.dead is not None:
            return None, ()
        leaves.append(Leaf(text, path, reached))
    _check_comparisons(schemas, text, record, text.predicate, reporter)
    return text.predicate, tuple(leaves)


def items_inputs(
    schemas: Schemas, step: ast.Step, record: Shape | None, resource: ast.Resource, reporter: Reporter
) -> tuple[tuple[str, Leaf], ...]:
    """Return the locations in each record of a list that have the values of inputs of the request."""
    found: list[tuple[str, Leaf]] = []
    if record is None:
        return ()
    for name, path in step.items_inputs:
        reached = follow(schemas, reporter, record, path, path.path, resource.schema.value, any_type=True)
        if reached.dead is None:
            found.append((name.value, Leaf(path, path.path, reached)))
    return tuple(found)


def _check_filters(schemas: Schemas, text: Text, path: Path, reached: Walk, reporter: Reporter) -> None:
    """Report each filter of a path whose literal no element has."""
    for segment, element in zip(path.segments, reached.steps, strict=False):
        if isinstance(segment, Match):
            names = Path(".".join(segment.name), tuple(Name(name) for name in segment.name))
            judge_literal(text, names.text, segment.literal, walk(schemas, element, names), reporter)


def _check_comparisons(schemas: Schemas, text: Text, record: Shape, predicate: Predicate, reporter: Reporter) -> None:
    """Report each comparison of a predicate that never holds, or always."""
    match predicate:
        case Compare(path=path, literal=literal):
            ordered = predicate.operator not in ("eq", "ne")
            judge_literal(text, ".".join(path.names) or "@", literal, walk(schemas, record, path), reporter, ordered=ordered)
        case Not(inner=inner):
            _check_comparisons(schemas, text, record, inner, reporter)
        case And(left=left, right=right) | Or(left=left, right=right):
            _check_comparisons(schemas, text, record, left, reporter)
            _check_comparisons(schemas, text, record, right, reporter)


def judge_literal(text: Text, location: str, literal: Any, reached: Walk, reporter: Reporter, *, ordered: bool = False) -> None:
    """Report a literal, written in `text`, that a location never holds."""
    shape = reached.shape
    if shape is None or literal is None or reached.many:
        return
    enum_values = shape.enum_values
    listed = enum_values is not None and not ordered
    if (enum_values is not None and literal not in enum_values) if listed else _of_another_type(literal, shape):
        reporter.add(map306_literal.report(reporter, text, location, literal, shape))


def _of_another_type(literal: Any, shape: Shape) -> bool:
    kinds = _KINDS.get(type(literal))
    return kinds is not None and bool(shape.kinds) and not kinds & shape.kinds
