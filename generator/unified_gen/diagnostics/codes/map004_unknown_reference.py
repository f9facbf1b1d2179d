"""A reference that names nothing.

`params`, `where`, `if`, `send`, `local_filters`, `requires`, `pagination` and `{…}` in clauses name inputs of the operation, values saved
by an earlier step, values of the connection (`connection.site`), parts of a composite id (`id.owner`), or a strategy of the vendor.

Wrong: `params: {issueIdOrKey: key}` where the operation's input is `id`. Right: `params: {issueIdOrKey: id}`.
"""

from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_openapi.diagnostics import Diagnostic, finding
from unified_openapi.source.spans import Text

CODE = rule("MAP004", "unknown reference", __doc__)


def report(text: Text, name: str, candidates: tuple[str, ...]) -> Diagnostic:
    """Nothing here is called `name`."""
    head, _, part = text.value.partition(".")
    parts = f"`{head}` is one value here: `format` and `parse` of the field give it parts" if part and head in candidates else None
    return finding(CODE, f"nothing is called `{text.value}` here", text.span, help=parts or did_you_mean(name, candidates))
