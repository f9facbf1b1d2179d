"""A path that cannot be read.

Paths use JMESPath's grammar, cut to what compiles to straight-line code: names, `.`, `[]`, `[0]`, and
`[?name=='value'] | [0]`. Functions, slices, wildcards over properties and `||` are left out, and whatever is written needs the
reversible part only.

Wrong: `title: fields..summary`. Right: `title: fields.summary`.
"""

from unified_gen.diagnostics import Diagnostic
from unified_gen.rules.base import finding, rule
from unified_gen.schema.paths import PathFault
from unified_gen.source import Text

CODE = rule("MAP003", "malformed path", __doc__)


def report(text: Text, fault: PathFault) -> Diagnostic:
    """The path in `text` does not parse."""
    return finding(CODE, f"`{text.value}`: {fault.message}", text.span.part(fault.offset, max(len(text.value) - fault.offset, 1)))
