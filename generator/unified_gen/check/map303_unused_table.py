"""A table, or a row of it, that nothing uses.

A value that an earlier row reads never reaches the later one, and the table of a field without a path is never used. Nor are `enums` of
an input that the step does not send.

Wrong: `{low: [Low, Lowest], medium: Lowest}`: the second `Lowest` is never read.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.inspection import step_references
from unified_gen.resolve.record_fields import ResolvedField
from unified_gen.resolve.resolved import ResolvedResource
from unified_gen.resolve.tables import declared_values, read_row, states, tabled
from unified_openapi.diagnostics import Diagnostic, Note, finding

CODE = rule("MAP303", "unused table", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every table without a path, and every value or row that another one hides."""
    for name, field in tabled(resource):
        table = field.table
        assert table is not None
        if field.ast.read is None and not field.ast.write and not table.columns:
            yield finding(CODE, f"the table of `{name}` is never used: the field has no path", table.span)
        elif table.columns:
            yield from _rows(resource, field)
        else:
            yield from _values(field)
    for operation in resource.operations:
        for step in operation.steps:
            sent = {id(reference.carrier) for reference in step_references(replace(step, condition=None))}
            for field in step.enums:
                if id(field) not in sent:
                    yield finding(CODE, f"the enum values of `{field.name}` are not sent in this request", field.ast.span)


def _values(field: ResolvedField) -> Iterator[Diagnostic]:
    assert field.table is not None
    seen: dict[tuple[type, object], object] = {}
    for row in field.table.rows:
        for cell in row.cells.values():
            for literal in cell.values:
                key = (type(literal.value), literal.value)
                if key in seen:
                    yield finding(CODE, f"{literal.value!r} is read as {seen[key]!r} already: this value is never used", literal.span)
                else:
                    seen[key] = row.value.value


def _rows(resource: ResolvedResource, field: ResolvedField) -> Iterator[Diagnostic]:
    assert field.table is not None
    domains = {column.value: declared_values(resource, field, column.value)[0] for column in field.table.columns}
    reached = {id(read_row(field.table, state)) for state in states(field.table, domains)}
    for row in field.table.rows:
        if id(row) not in reached:
            yield finding(
                CODE,
                f"no state of the vendor's columns reads as {row.value.value!r}: earlier rows read them all",
                row.span,
                notes=(Note("the first row", field.table.rows[0].span),),
                help="put the narrower row first",
            )
