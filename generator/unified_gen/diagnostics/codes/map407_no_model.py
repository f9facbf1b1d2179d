"""A mapping of a resource that has no model.

`resource` names a model of `mappings/models/`.

Wrong: `resource: task`. Right: `resource: tasks`.
"""

from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_openapi.diagnostics import Diagnostic, finding
from unified_openapi.source.spans import Text

CODE = rule("MAP407", "unknown resource", __doc__)


def report(text: Text, known: tuple[str, ...]) -> Diagnostic:
    """There is no such model."""
    return finding(CODE, f"there is no model `{text.value}`", text.span, help=did_you_mean(text.value, known))
