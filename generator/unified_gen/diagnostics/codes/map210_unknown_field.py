"""A name that the unified model does not have.

A mapping's `fields` and `operations` are those of the model in `mappings/models/<resource>.yaml`. Each of the `fields` of `vendor.yaml`
is one that some mapping of the vendor neither maps nor lists as unsupported.

Wrong: `titel: name`. Right: `title: name`.
"""

from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_openapi.diagnostics import Diagnostic, finding
from unified_openapi.source.spans import Text

CODE = rule("MAP210", "unknown field of the model", __doc__)


def report(text: Text, candidates: tuple[str, ...], *, what: str = "a field of the model", name: str | None = None) -> Diagnostic:
    """The model has nothing of that name."""
    name = name or text.value
    return finding(CODE, f"`{name}` is not {what}", text.span, help=did_you_mean(name, candidates))
