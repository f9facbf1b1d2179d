"""A call to an operation that the vendor's document does not have.

`operation` names an operationId, or `METHOD /path` where the vendor gives none or several operations share it.

Wrong: `{operation: getIssues, params: {issueIdOrKey: id}}`. Right: `{operation: getIssue, params: {issueIdOrKey: id}}`.
"""

from collections.abc import Mapping

from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_openapi.diagnostics import Diagnostic, finding
from unified_openapi.documents import OperationFacts
from unified_openapi.source.spans import Text

CODE = rule("MAP101", "unknown operation", __doc__)


def report(text: Text, operations: Mapping[str, OperationFacts]) -> Diagnostic:
    """The vendor's document has no such operation."""
    sharing = [facts.endpoint for facts in operations.values() if facts.operation_id == text.value]
    if sharing:
        locations = " or ".join(f"`{location}`" for location in sharing)
        return finding(CODE, f"several operations share the operationId `{text.value}`", text.span, help=f"use one of {locations}")
    hint = did_you_mean(text.value, tuple(operations)) or "`gen spec take` brings an operation of the vendor's document into specs/"
    return finding(CODE, f"the vendor has no operation `{text.value}`", text.span, help=hint)
