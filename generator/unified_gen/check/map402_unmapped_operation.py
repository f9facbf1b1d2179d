"""An operation of the model that is neither mapped nor declared unsupported.

Each operation is mapped, or is in `unsupported` with a reason that callers get.
"""

from collections.abc import Iterator

from unified_gen.check.map401_unmapped_field import unmapped
from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic

CODE = rule("MAP402", "unmapped operation", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every operation without steps or reason."""
    return unmapped(resource, CODE, resource.model.operations, resource.ast.operations, "operation ")
