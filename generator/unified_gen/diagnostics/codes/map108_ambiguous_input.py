"""An input name that is in two locations of a request.

A name that is both a parameter and a body property, or a parameter in two locations, is settled by a prefix.

Wrong: `params: {id: id}` where `id` is in the path and in the body. Right: `params: {path.id: id}`.
"""

from unified_gen.diagnostics.rule import rule
from unified_openapi.diagnostics import Diagnostic, finding
from unified_openapi.source.spans import Text

CODE = rule("MAP108", "ambiguous input", __doc__)


def report(text: Text, locations: list[str]) -> Diagnostic:
    """The name is in several locations."""
    choices = ", ".join(f"`{location}.{text.value}`" for location in locations)
    return finding(CODE, f"`{text.value}` is in several parts of this request", text.span, help=f"write one of {choices}")
