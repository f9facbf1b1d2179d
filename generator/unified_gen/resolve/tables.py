"""What a table says: its words, the vendor's words for the same place, and how rows read and write."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any

from unified_gen.language import ast
from unified_gen.resolve.places import element
from unified_gen.resolve.resolved import ResolvedField, ResolvedResource
from unified_gen.schema.shapes import Shape

OTHER = object()
"""Some word that no row names."""


def vendor_words(resource: ResolvedResource, field: ResolvedField, column: str = "") -> tuple[tuple[Any, ...] | None, Shape | None]:
    """The vendor's enumerators of a table's place, and the schema that lists them.

    An answer often leaves out what the request spells out: then the request's enumerators count. None where the set is open.
    """
    leaf = field.columns.get(column) if column else field.read
    if leaf is not None:
        shape, _ = element(resource.unit.schemas, leaf.walk)
        if shape is not None and shape.words is not None:
            return shape.words, shape
        if shape is not None and shape.kinds == {"boolean"}:
            return (True, False), shape
    for shape in written_at(resource, field, column):
        if shape.words is not None:
            return shape.words, shape
    return None, None


def written_at(resource: ResolvedResource, field: ResolvedField, column: str = "") -> Iterator[Shape]:
    """The schemas of the places where a table's words are written."""
    for operation in resource.operations:
        for step in operation.steps:
            for assignment in step.every_assignment:
                if assignment.field is field and (assignment.column or "") == column:
                    shape, _ = element(resource.unit.schemas, assignment.target.walk)
                    if shape is not None:
                        yield shape


def matches(cell: ast.Cell | None, word: Any) -> bool:
    """Whether a cell reads a word; a column left out, or `otherwise`, reads any."""
    return cell is None or cell.otherwise or any(_same(literal.value, word) for literal in cell.words)


def _same(a: Any, b: Any) -> bool:
    return a is b if a is OTHER or b is OTHER else type(a) is type(b) and a == b


def read_row(table: ast.Table, state: Mapping[str, Any]) -> ast.Row | None:
    """The first row that reads a state of the vendor's columns."""
    for row in table.rows:
        if all(matches(row.cells.get(column.value), state[column.value]) for column in table.columns):
            return row
    return None


def write_row(table: ast.Table, row: ast.Row, state: Mapping[str, Any]) -> dict[str, Any]:
    """The state after a row is written over another one: each given column takes the row's first word."""
    written = dict(state)
    for column in table.columns:
        cell = row.cells.get(column.value)
        if cell is not None and not cell.otherwise and cell.words:
            written[column.value] = cell.words[0].value
    return written


def states(table: ast.Table, domains: Mapping[str, tuple[Any, ...] | None]) -> Iterator[dict[str, Any]]:
    """Every state the vendor's columns can be in, as far as rows can tell them apart."""
    choices = []
    for column in table.columns:
        named = [
            literal.value for row in table.rows for cell in (row.cells.get(column.value),) if cell is not None for literal in cell.words
        ]
        known = domains.get(column.value)
        words = [*known] if known is not None else [*named, OTHER]
        if None not in words:
            words.append(None)
        unique: list[Any] = []
        for word in words:
            if not any(_same(word, other) for other in unique):
                unique.append(word)
        choices.append(unique)
    names = [column.value for column in table.columns]
    for combination in itertools.product(*choices):
        yield dict(zip(names, combination, strict=True))


def tabled(resource: ResolvedResource) -> Iterator[tuple[str, ResolvedField]]:
    """Every field with a table, inner fields too, with its name from the record on (`statuses.status`)."""

    def deep(fields: tuple[ResolvedField, ...], before: str) -> Iterator[tuple[str, ResolvedField]]:
        for field in fields:
            if field.table is not None:
                yield before + field.name, field
            yield from deep(field.nested, f"{before}{field.name}.")

    yield from deep(resource.fields, "")
