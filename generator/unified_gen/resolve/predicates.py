"""Predicates over a record: which of the vendor's records are meant, and which are gone."""

from __future__ import annotations

from unified_gen.resolve import literals
from unified_gen.resolve.following import follow
from unified_gen.resolve.reporter import Reporter
from unified_gen.resolve.resolved import Leaf
from unified_gen.rules import map003_path
from unified_gen.schema.paths import PathFault, Predicate, parse_predicate, predicate_paths
from unified_gen.schema.shapes import Schemas, Shape
from unified_gen.source import Text


def resolved(
    schemas: Schemas, text: Text | None, record: Shape, named: str, reporter: Reporter
) -> tuple[Predicate | None, tuple[Leaf, ...]]:
    """A predicate and the places that it looks at; nothing where one of them is unknown. `named` is the record's schema."""
    if text is None:
        return None, ()
    try:
        predicate = parse_predicate(text.value)
    except PathFault as fault:
        reporter.add(map003_path.report(text, fault))
        return None, ()
    leaves = []
    for path in predicate_paths(predicate):
        reached = follow(schemas, reporter, record, text, path, named)
        if reached.dead is not None:
            return None, ()
        leaves.append(Leaf(text, path, reached))
    literals.in_predicate(schemas, text, record, predicate, reporter)
    return predicate, tuple(leaves)
