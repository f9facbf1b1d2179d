"""A codec that does not exist.

`codec` names a codec of the runtime: a pair of functions with declared types and a law. `docs/reference/codecs.md` lists them.

Wrong: `description: {path: fields.description, codec: adff}`. Right: `codec: adf`.
"""

from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_openapi.diagnostics import Diagnostic, finding
from unified_openapi.source.spans import Text

CODE = rule("MAP005", "unknown codec", __doc__)


def report(text: Text, candidates: tuple[str, ...]) -> Diagnostic:
    """There is no codec of that name."""
    return finding(CODE, f"there is no codec `{text.value}`", text.span, help=did_you_mean(text.value, candidates))
