"""An accepted finding that does not occur.

`allow` in `vendor.yaml` accepts a finding, by its code or by code and subject (`MAP102 getIssue`), with a reason. One that
accepts nothing is out of date."""

from unified_gen.diagnostics import Diagnostic, Severity
from unified_gen.rules.base import finding, rule
from unified_gen.source import Text

CODE = rule("MAP405", "unused allow", __doc__, Severity.WARNING)


def report(text: Text) -> Diagnostic:
    """Nothing was accepted by this line."""
    return finding(CODE, f"`{text.value}` accepts nothing: the finding does not occur", text.span, help="take the line out")
