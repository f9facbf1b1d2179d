"""An accepted finding that does not occur.

`allow` in `vendor.yaml` accepts a finding, by its code or by code and subject (`MAP102 getIssue`), with a reason. One that
accepts nothing is out of date."""

from unified_gen.diagnostics.rule import rule
from unified_openapi.diagnostics import Diagnostic, Severity, finding
from unified_openapi.source.spans import Text

CODE = rule("MAP405", "unused allow", __doc__, Severity.WARNING)


def report(text: Text) -> Diagnostic:
    """Nothing was accepted by this line."""
    return finding(CODE, f"`{text.value}` has no effect: the finding does not occur", text.span, help="remove the line")
