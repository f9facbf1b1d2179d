"""An enum that lacks values which the same field of another resource reads.

Two resources of a vendor map the same field by the same property: the `status` of tasks and of statuses by `name`. A value that the rows of
one list and those of the other do not is read as nothing in one of them. A row is reported if it has at least half of the values of the
other, and lacks some. If the vendor means different values, accept it with the reason: `allow: {MAP312 <field>: …}`.

Wrong: `canceled: {name: [Rejected]}` where another resource has `canceled: {name: [Rejected, Declined]}`. Right: both values in both.
"""

from collections.abc import Iterator, Sequence

from unified_gen.diagnostics.rule import rule
from unified_gen.language import ast
from unified_gen.resolve.resolved import ResolvedResource
from unified_gen.resolve.tables import tabled
from unified_openapi.diagnostics import Diagnostic, Note, Severity, finding

CODE = rule("MAP312", "rows of two resources differ", __doc__, Severity.WARNING)

_LEAST = 2
"""Number of values of a row that is compared."""


def check(resources: Sequence[ResolvedResource]) -> Iterator[Diagnostic]:
    """Report every row that lacks values which another resource's row of the same field and property has."""
    rows = [(resource, name, row, column, texts) for resource in resources for name, row, column, texts in _rows(resource)]
    for resource, name, row, column, texts in rows:
        for other, same, beside, where, others in rows:
            if other is resource or (same, where) != (name, column) or beside.value.value != row.value.value or len(others) < _LEAST:
                continue
            lacking = [text for text in others if text not in texts]
            if lacking and len(texts & others) * 2 >= len(others):
                yield finding(
                    CODE,
                    f"the row `{row.value.value}` of `{name}` does not have {', '.join(map(repr, sorted(lacking)))},"
                    f" which `{other.model.resource}` has",
                    row.span,
                    notes=(Note("the other row", beside.span),),
                    help=f"add it, or accept it: `allow: {{MAP312 {name}: …}}`",
                )
                break


def _rows(resource: ResolvedResource) -> Iterator[tuple[str, ast.Row, str, frozenset[str]]]:
    """Yield the field, the row, the last name of the property and the texts of each row of an enum."""
    for name, field in tabled(resource):
        for row in field.table.rows if field.table is not None else ():
            for column, cell in row.cells.items():
                path = column or (field.read.text.value if field.read is not None else "")
                texts = frozenset(literal.value for literal in cell.values if isinstance(literal.value, str))
                if texts:
                    yield name, row, path.rpartition(".")[2], texts
