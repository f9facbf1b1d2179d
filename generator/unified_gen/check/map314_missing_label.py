"""An enum over values that an account defines, without a label.

Where the document declares a vendor value as plain text, the people who run the installation may add values: statuses, priorities, kinds.
A value that no row has is read as nothing. The model adds `<field>_label` for this: with `label`, callers see the vendor's own value. If
the vendor's values are fixed, declare them as an `enum` in the overlay, or accept it with the reason: `allow: {MAP314 <field>: …}`.

Wrong: `status: {read: status.name, enum: {open: New, done: Closed}}`. Right: the same with `label: status.name`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedResource
from unified_gen.resolve.tables import declared_values
from unified_openapi.diagnostics import Diagnostic, Severity, finding

CODE = rule("MAP314", "enum without a label", __doc__, Severity.WARNING)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every field with a label in the model, and with rows of plain text but no label."""
    for field in resource.fields:
        if field.table is None or field.label is not None or not field.model.label:
            continue
        for column, leaf in ({"": field.read} if field.read is not None else field.columns).items():
            cells = [cell for row in field.table.rows for name, cell in row.cells.items() if name == column]
            texts = any(isinstance(one.value, str) and not one.value.isdigit() for cell in cells for one in cell.values)
            plain = leaf is not None and leaf.shape is not None and leaf.shape.kinds == {"string"}
            if texts and plain and declared_values(resource, field, column)[0] is None and not any(cell.otherwise for cell in cells):
                yield finding(
                    CODE,
                    f"`{field.name}` reads values that an account defines, and has no `label`",
                    field.ast.name.span,
                    help=f"add `label`, or accept it: `allow: {{MAP314 {field.name}: …}}`",
                )
                break
