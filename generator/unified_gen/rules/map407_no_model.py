"""A mapping of a resource that has no model.

`resource` names a model of `mappings/models/`.

Wrong: `resource: task`. Right: `resource: tasks`.
"""

from unified_gen.diagnostics import Diagnostic
from unified_gen.rules.base import did_you_mean, finding, rule
from unified_gen.source import Text

CODE = rule("MAP407", "unknown resource", __doc__)


def report(text: Text, known: tuple[str, ...]) -> Diagnostic:
    """There is no such model."""
    return finding(CODE, f"there is no model `{text.value}`", text.span, help=did_you_mean(text.value, known))
