"""A row that writes nothing in an operation.

A table of several columns writes those columns that the operation's requests have. If the row has a value for none of them, giving the
value has no effect: the record would keep, or begin with, another one. Values that a new record has anyway are stated in `initial`.
Otherwise the value is unsupported in this operation.

Wrong: `canceled: {closed: true}` where the request that creates has no `closed`. Right: with
`unsupported: {create.status.canceled: Trello cannot archive a card on create}`.
"""

from collections.abc import Iterator

from unified_gen.check.map302_value_without_row import spelled
from unified_gen.diagnostics.rule import rule
from unified_gen.language import ast
from unified_gen.resolve.record_fields import ResolvedField
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Note, finding

CODE = rule("MAP308", "row without effect", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every row whose columns an operation writes none of."""
    for operation in resource.operations:
        columns: dict[int, tuple[ResolvedField, set[str]]] = {}
        for step in operation.steps:
            for assignment in step.every_assignment:
                if assignment.field is not None and assignment.column is not None and assignment.field.table is not None:
                    columns.setdefault(id(assignment.field), (assignment.field, set()))[1].add(assignment.column)
        for field, written in columns.values():
            yield from _rows(resource, operation, field, written)


def _rows(resource: ResolvedResource, operation: ResolvedOperation, field: ResolvedField, written: set[str]) -> Iterator[Diagnostic]:
    initial = {path.value: literal.value for path, literal in resource.ast.initial} if operation.kind == "create" else {}
    table = field.table
    assert table is not None
    for row in table.rows:
        key = f"{field.name}.{spelled(row.value.value)}"
        if any(name in resource.unsupported for name in (f"{operation.name}.{key}", f"write.{key}")) or _tested(operation, field, row):
            continue
        sent = {column for column, cell in row.cells.items() if cell.values}
        if sent & written:
            continue
        if sent and all(column in initial and row.cells[column].values[0].value == initial[column] for column in sent):
            continue
        yield finding(
            CODE,
            f"{row.value.value!r} of `{field.name}` has no effect in `{operation.name}`",
            row.span,
            notes=(Note("the requests of this operation have none of its columns", operation.ast.name.span),),
            help=f"give a reason: `unsupported: {{{operation.name}.{key}: …}}`",
        )


def _tested(operation: ResolvedOperation, field: ResolvedField, row: ast.Row) -> bool:
    """Return true if some step runs because of this value."""
    tests = (test for step in operation.steps if step.condition is not None for group in step.condition.any_of for test in group)
    return any(test.reference.name == field.name and test.value == row.value.value and not test.differs for test in tests)
