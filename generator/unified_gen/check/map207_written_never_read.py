"""A field that is written and never read back.

What a caller writes should be seen by the next read; a mapping with only `write` cannot show it. Give it a `read`, or the reason
in `unsupported` (`read.<field>`)."""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Severity, finding

CODE = rule("MAP207", "written, never read", __doc__, Severity.WARNING)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every field with a write path and nothing to read."""
    for field in resource.fields:
        reads = field.read or field.columns or field.parts or field.by_type or field.slots or field.ast.items or field.nested
        if field.ast.write and not reads and f"read.{field.name}" not in resource.unsupported:
            yield finding(
                CODE,
                f"`{field.name}` is written, but no path reads it back",
                field.ast.name.span,
                help=f"add `read`, or `unsupported: {{read.{field.name}: …}}`",
            )
