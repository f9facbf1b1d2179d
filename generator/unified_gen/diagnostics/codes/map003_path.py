"""A path that cannot be read.

Paths use JMESPath's grammar, cut to what compiles to straight-line code: names, `.`, `[]`, `[0]`, and
`[?name=='value'] | [0]`. Functions, slices, wildcards over properties and `||` are not supported, and paths that are
written use the reversible part only.

Wrong: `title: fields..summary`. Right: `title: fields.summary`.
"""

from unified_gen.diagnostics.rule import rule
from unified_openapi.diagnostics import Diagnostic, finding
from unified_openapi.schemas.paths import PathFault
from unified_openapi.source.spans import Text

CODE = rule("MAP003", "malformed path", __doc__)


def report(text: Text, fault: PathFault) -> Diagnostic:
    """The path in `text` does not parse."""
    return finding(CODE, f"`{text.value}`: {fault.message}", text.span.part(fault.offset, max(len(text.value) - fault.offset, 1)))
