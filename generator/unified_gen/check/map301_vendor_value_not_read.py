"""A vendor value that no row of the table reads.

If the vendor's schema lists enum values, a table reads each of them, so that no value is lost silently. A row may read several:
`medium: [normal, default]`; `otherwise` in the last row reads the rest.

Wrong: `enum: {open: new, done: done}` where the vendor also has `indeterminate`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedResource
from unified_gen.resolve.tables import declared_values, matches, tabled
from unified_openapi.diagnostics import Diagnostic, Note, finding

CODE = rule("MAP301", "vendor value not read", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every value of a known enum that no row reads."""
    for name, field in tabled(resource):
        table = field.table
        assert table is not None
        if field.read is None and not field.columns:
            continue
        for column in [c.value for c in table.columns] or [""]:
            enum_values, shape = declared_values(resource, field, column)
            if enum_values is None or shape is None:
                continue
            not_read = [value for value in enum_values if not any(matches(row.cells.get(column), value) for row in table.rows)]
            if not_read:
                yield finding(
                    CODE,
                    f"no row of `{name}` reads {', '.join(repr(value) for value in not_read)}",
                    table.span,
                    notes=(Note("the vendor's values", resource.unit.document.span(shape.pointer)),),
                    help="add a row, add the value to one, or `otherwise` to the last",
                )
