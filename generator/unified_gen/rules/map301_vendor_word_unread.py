"""A word of the vendor that no row of the table reads.

Where the vendor's schema lists its words, a table reads each of them, so that nothing is lost in silence. A row may take several:
`medium: [normal, default]`; `otherwise` in the last row takes the rest.

Wrong: `table: {open: new, done: done}` where the vendor also says `indeterminate`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics import Diagnostic, Note
from unified_gen.resolve.resolved import ResolvedResource
from unified_gen.resolve.tables import matches, tabled, vendor_words
from unified_gen.rules.base import finding, rule

CODE = rule("MAP301", "vendor word not read", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Every word of a known set that no row takes."""
    for name, field in tabled(resource):
        table = field.table
        assert table is not None
        if field.read is None and not field.columns:
            continue
        for column in [c.value for c in table.columns] or [""]:
            words, shape = vendor_words(resource, field, column)
            if words is None or shape is None:
                continue
            unread = [word for word in words if not any(matches(row.cells.get(column), word) for row in table.rows)]
            if unread:
                yield finding(
                    CODE,
                    f"no row of `{name}` reads {', '.join(repr(word) for word in unread)}",
                    table.span,
                    notes=(Note("the vendor's words", resource.unit.document.span(shape.pointer)),),
                    help="add a row, add the word to one, or `otherwise` to the last",
                )
