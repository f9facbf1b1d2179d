"""An order that its name contradicts, or that no property has.

Two rows of an enum, one of which is named like the other and ends in `_desc`, are one order and its reverse: vendor values such as
`created:desc`, `created DESC` and `-created` belong to the row `created_desc`, `created:asc` and plain ones to `created`. If
the document declares the parameter of an order as plain text, its values name properties of the record. If the vendor means it, accept it
with the reason: `allow: {MAP313 <input>: …}`.

Wrong: `created: desc, created_desc: asc`. Right: `created: asc, created_desc: desc`.
"""

import re
from collections.abc import Iterator

from unified_gen.check.names import every_word
from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_gen.language import ast
from unified_gen.resolve.resolved import ResolvedResource, ResolvedStep
from unified_gen.resolve.tables import sent_enums, tabled
from unified_openapi.diagnostics import Diagnostic, Severity, finding
from unified_openapi.schemas.shapes import Schemas, Shape
from unified_openapi.source.spans import Literal

CODE = rule("MAP313", "an order that its name contradicts", __doc__, Severity.WARNING)

_SUFFIX = "_desc"
_DOWN = re.compile(r"(?i)^-|\bdesc(ending)?\b")
_UP = re.compile(r"(?i)^\+|\basc(ending)?\b")
_DIRECTION = re.compile(r"(?i)^[-+]|[\s:.,_]+(?:asc|desc)(?:ending)?$")
_ORDERS = frozenset({"sort", "order", "orderby", "sort_by", "order_by", "sorting"})
_DEPTH = 2


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report rows of reversed orders, and orders by properties that records do not have."""
    for name, field in (*tabled(resource), *sent_enums(resource)):
        if field.table is not None:
            yield from _reversed(name, field.table)
    for operation in resource.operations:
        for step in operation.steps:
            yield from _unknown(resource, step)


def _reversed(name: str, table: ast.Table) -> Iterator[Diagnostic]:
    rows = {str(row.value.value): [one for cell in row.cells.values() for one in cell.values] for row in table.rows}
    for row, literals in rows.items():
        if not row.endswith(_SUFFIX) or row.removesuffix(_SUFFIX) not in rows:
            continue
        others = rows[row.removesuffix(_SUFFIX)]
        wrong = next((one for one in others if _DOWN.search(str(one.value))), None)
        if wrong is None and any(_DOWN.search(str(one.value)) or _UP.search(str(one.value)) for one in (*others, *literals)):
            wrong = next((one for one in literals if not _DOWN.search(str(one.value))), None)
        if wrong is not None:
            at = row if wrong in literals else row.removesuffix(_SUFFIX)
            yield _finding(name, wrong, f"the row `{at}` of `{name}` has the vendor value {wrong.value!r}, which is the other direction")


def _unknown(resource: ResolvedResource, step: ResolvedStep) -> Iterator[Diagnostic]:
    tables = {field.name: field.table for field in step.enums if field.table is not None}
    known = _properties(resource.unit.schemas, resource.record, _DEPTH)
    for one in step.assignments:
        words = "_".join(every_word(one.target.name))
        table = tables.get(one.reference.name) if one.reference is not None else None
        shape = one.target.walk.shape
        if table is None or words not in _ORDERS or not known or shape is None or shape.enum_values is not None:
            continue
        for literal in (literal for row in table.rows for cell in row.cells.values() for literal in cell.values):
            text = _DIRECTION.sub("", str(literal.value))
            if "_".join(every_word(text)) not in known and isinstance(literal.value, str) and text.lower() not in ("", "asc", "desc"):
                yield _finding(
                    one.reference.name if one.reference is not None else "",
                    literal,
                    f"`{one.target.name}` of `{step.ast.operation.value}` orders by `{text}`, which {resource.ast.schema} does not have",
                    did_you_mean(text, tuple(sorted(known))),
                )


def _properties(schemas: Schemas, shape: Shape, depth: int) -> frozenset[str]:
    found: set[str] = set()
    for variant in (shape, *shape.variants()):
        for name, pointer in variant.properties.items():
            found.add("_".join(every_word(name)))
            if depth > 1:
                found |= _properties(schemas, schemas.shape(pointer), depth - 1)
    return frozenset(found)


def _finding(name: str, literal: Literal, problem: str, meant: str | None = None) -> Diagnostic:
    return finding(CODE, problem, literal.span, help=meant or f"correct it, or accept it: `allow: {{MAP313 {name}: …}}`")
