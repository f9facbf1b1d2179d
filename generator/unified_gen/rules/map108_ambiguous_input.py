"""An input name that stands in two places of a request.

A name that is both a parameter and a body property, or a parameter in two places, is settled by a prefix.

Wrong: `with: {id: id}` where `id` is in the path and in the body. Right: `with: {path.id: id}`.
"""

from unified_gen.diagnostics import Diagnostic
from unified_gen.rules.base import finding, rule
from unified_gen.source import Text

CODE = rule("MAP108", "ambiguous input", __doc__)


def report(text: Text, places: list[str]) -> Diagnostic:
    """The name stands in several places."""
    choices = ", ".join(f"`{place}.{text.value}`" for place in places)
    return finding(CODE, f"`{text.value}` stands in more than one place of this request", text.span, help=f"say which: {choices}")
