"""An operation of the model that is neither mapped nor a gap.

Each operation is mapped, or stands in `gaps` with a reason that callers are told.
"""

from collections.abc import Iterator

from unified_gen.diagnostics import Diagnostic, Note
from unified_gen.resolve.resolved import ResolvedResource
from unified_gen.rules.base import finding, rule

CODE = rule("MAP402", "unmapped operation", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Every operation without steps or reason."""
    mapped = {operation.name.value for operation in resource.ast.operations}
    for operation in resource.model.operations:
        if operation.name.value not in mapped and operation.name.value not in resource.gaps:
            yield finding(
                CODE,
                f"operation `{operation.name}` is neither mapped nor a gap",
                resource.ast.resource.span,
                notes=(Note("the model declares it here", operation.span),),
                help=f"map it, or say why not: `gaps: {{{operation.name}: …}}`",
            )
