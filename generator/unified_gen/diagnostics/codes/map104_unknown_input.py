"""An input that the operation does not have.

`params`, `constants`, `defaults`, `send` and `query` name parameters or body properties of the call. An open map with declared properties
counts as closed here: an undeclared name is far more often a mistake than a free property. Custom fields are named by
`custom_fields`, others are declared by an overlay.

Wrong: `constants: {tpye: task}`. Right: `constants: {type: task}`.

`constants` of a vendor apply to the calls that have the input, `params` of a mapping to those that have it in their path; an input that
no call has is reported.
"""

from unified_gen.diagnostics.reporter import Reporter
from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_openapi.diagnostics import Diagnostic, Note, finding
from unified_openapi.documents import OperationFacts
from unified_openapi.schemas.paths import Path
from unified_openapi.schemas.walk import Walk
from unified_openapi.source.spans import Text

CODE = rule("MAP104", "unknown input", __doc__)


def nowhere(text: Text) -> Diagnostic:
    """An input that the vendor sets and no call has."""
    return finding(CODE, f"no call of this vendor's mappings has an input `{text.value}`", text.span)


def not_in_paths(text: Text) -> Diagnostic:
    """A parameter that a mapping fills everywhere, and no call has in its path."""
    return finding(CODE, f"no call of this mapping has `{text.value}` in its path", text.span, help="fill other inputs in each step")


def report(
    reporter: Reporter, text: Text, facts: OperationFacts, names: tuple[str, ...], body: tuple[Path, Walk] | None = None
) -> Diagnostic:
    """Neither a parameter nor a body property has that name."""
    path, dead = (body[0], body[1].dead) if body is not None else (None, None)
    head, candidates, where = text.value, names, facts.pointer
    span = text.span
    if path is not None and dead is not None and dead.index > 0:
        segments = path.names
        head = segments[min(dead.index, len(segments) - 1)]
        candidates, where = dead.candidates, dead.at.pointer
        start, length = path.offset(dead.index)
        span = text.span.part(start, length)
    else:
        head = text.value.split(".")[0].split("[")[0]
    return finding(
        CODE,
        f"`{facts.method} {facts.path}` has no input `{text.value}`",
        span,
        notes=(Note("looked up here", reporter.document.span(where)),),
        help=did_you_mean(head, candidates) or "an input that the vendor's document lacks is declared by an overlay",
    )
