"""Tables of enum values: rows, the vendor's values, and their lookup in both directions."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from unified_gen.language import ast
from unified_gen.resolve.inspection import element
from unified_gen.resolve.record_fields import ResolvedField
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.schemas.shapes import Shape

OTHER = object()
"""A value that no row names."""


def declared_values(resource: ResolvedResource, field: ResolvedField, column: str = "") -> tuple[tuple[Any, ...] | None, Shape | None]:
    """Return the vendor's enum values at a table's path, and the schema that lists them.

    A response often leaves out what the request spells out: then the request's enum values count. None if the set is open.
    """
    leaf = field.columns.get(column) if column else field.read
    if leaf is not None:
        shape, _ = element(resource.unit.schemas, leaf.walk)
        if shape is not None and shape.enum_values is not None:
            return shape.enum_values, shape
        if shape is not None and shape.kinds == {"boolean"}:
            return (True, False), shape
    for shape in written_at(resource, field, column):
        if shape.enum_values is not None:
            return shape.enum_values, shape
    return None, None


def known_values(resource: ResolvedResource, field: ResolvedField, column: str = "") -> tuple[tuple[Any, ...] | None, Shape | None]:
    """Return the vendor's enum values at a table's path, or those that are known of an open set; None if there are none."""
    declared, shape = declared_values(resource, field, column)
    leaf = field.columns.get(column) if column else field.read
    if declared is not None or leaf is None:
        return declared, shape
    own, _ = element(resource.unit.schemas, leaf.walk)
    found = [*dict.fromkeys(value for variant in own.variants() for value in variant.known)] if own is not None else []
    return (tuple(found), own) if found else (None, shape)


def written_at(resource: ResolvedResource, field: ResolvedField, column: str = "") -> Iterator[Shape]:
    """Yield the schemas of the locations that a table's values are written to."""
    for operation in resource.operations:
        for step in operation.steps:
            for assignment in step.every_assignment:
                if assignment.field is field and (assignment.column or "") == column:
                    shape, _ = element(resource.unit.schemas, assignment.target.walk)
                    if shape is not None:
                        yield shape


def matches(cell: ast.Cell | None, vendor_value: Any) -> bool:
    """Return true if a cell reads a vendor value; a column left out, or `otherwise`, reads any."""
    return cell is None or cell.otherwise or any(_same(literal.value, vendor_value) for literal in cell.values)


def _same(a: Any, b: Any) -> bool:
    return a is b if a is OTHER or b is OTHER else type(a) is type(b) and a == b


def read_row(table: ast.Table, state: Mapping[str, Any]) -> ast.Row | None:
    """Return the first row that reads a state of the vendor's columns."""
    for row in table.rows:
        if all(matches(row.cells.get(column.value), state[column.value]) for column in table.columns):
            return row
    return None


def write_row(table: ast.Table, row: ast.Row, state: Mapping[str, Any]) -> dict[str, Any]:
    """Return the state after a row is written over another one: each given column is set to the row's first value."""
    written = dict(state)
    for column in table.columns:
        cell = row.cells.get(column.value)
        if cell is not None and not cell.otherwise and cell.values:
            written[column.value] = cell.values[0].value
    return written


def states(table: ast.Table, domains: Mapping[str, tuple[Any, ...] | None]) -> Iterator[dict[str, Any]]:
    """Yield every state the vendor's columns can be in, as far as rows can distinguish them."""
    choices = []
    for column in table.columns:
        named = [
            literal.value for row in table.rows for cell in (row.cells.get(column.value),) if cell is not None for literal in cell.values
        ]
        known = domains.get(column.value)
        vendor_values = [*known] if known is not None else [*named, OTHER]
        if None not in vendor_values:
            vendor_values.append(None)
        unique: list[Any] = []
        for vendor_value in vendor_values:
            if not any(_same(vendor_value, other) for other in unique):
                unique.append(vendor_value)
        choices.append(unique)
    names = [column.value for column in table.columns]
    for combination in itertools.product(*choices):
        yield dict(zip(names, combination, strict=True))


def sent_enums(resource: ResolvedResource) -> Iterator[tuple[str, ResolvedField]]:
    """Yield the inputs with enum values of their own in one request (`enums`), by name."""
    for operation in resource.operations:
        for step in operation.steps:
            yield from ((field.name, field) for field in step.enums)


def tabled(resource: ResolvedResource) -> Iterator[tuple[str, ResolvedField]]:
    """Yield every field with a table, inner fields too, with its name from the record on (`statuses.status`)."""

    def deep(fields: tuple[ResolvedField, ...], before: str) -> Iterator[tuple[str, ResolvedField]]:
        for field in fields:
            if field.table is not None:
                yield before + field.name, field
            yield from deep(field.nested, f"{before}{field.name}.")

    yield from deep(resource.fields, "")
