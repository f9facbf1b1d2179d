"""A call to an operation that the vendor's document does not have.

`call` names an operationId, or `METHOD /path` where the vendor gives none.

Wrong: `{call: getIssues, with: {issueIdOrKey: id}}`. Right: `{call: getIssue, with: {issueIdOrKey: id}}`.
"""

from collections.abc import Mapping

from unified_gen.diagnostics import Diagnostic
from unified_gen.documents import OperationFacts
from unified_gen.rules.base import did_you_mean, finding, rule
from unified_gen.source import Text

CODE = rule("MAP101", "unknown operation", __doc__)


def report(text: Text, operations: Mapping[str, OperationFacts]) -> Diagnostic:
    """The vendor's document has no such operation."""
    hint = did_you_mean(text.value, tuple(operations)) or "`gen spec take` brings an operation of the vendor's document into specs/"
    return finding(CODE, f"the vendor has no operation `{text.value}`", text.span, help=hint)
