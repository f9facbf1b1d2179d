"""An input that the operation does not take.

`with`, `set`, `default`, `send` and `query` name parameters or body properties of the call. An open map with declared properties
counts as closed here: a name that nobody declared is far more often a slip than a free property. Custom fields are named by
`custom`, others are declared by an overlay.

Wrong: `set: {tpye: task}`. Right: `set: {type: task}`.

`set` of a vendor is for the calls that have the input; one that no call of its mappings has is a slip.
"""

from unified_gen.diagnostics import Diagnostic, Note
from unified_gen.documents import OperationFacts
from unified_gen.resolve.reporter import Reporter
from unified_gen.resolve.resolved import Target
from unified_gen.rules.base import did_you_mean, finding, rule
from unified_gen.source import Text

CODE = rule("MAP104", "unknown input", __doc__)


def nowhere(text: Text) -> Diagnostic:
    """An input that the vendor sets and no call has."""
    return finding(CODE, f"no call of this vendor's mappings takes an input `{text.value}`", text.span)


def report(reporter: Reporter, text: Text, facts: OperationFacts, names: tuple[str, ...], body: Target | None) -> Diagnostic:
    """Neither a parameter nor a body property has that name."""
    dead = body.walk.dead if body is not None else None
    head, candidates, where = text.value, names, facts.pointer
    span = text.span
    if dead is not None and dead.index > 0 and body is not None:
        segments = body.path.names
        head = segments[min(dead.index, len(segments) - 1)]
        candidates, where = dead.candidates, dead.at.pointer
        start, length = body.path.offset(dead.index)
        span = text.span.part(start, length)
    else:
        head = text.value.split(".")[0].split("[")[0]
    return finding(
        CODE,
        f"`{facts.method} {facts.path}` takes no input `{text.value}`",
        span,
        notes=(Note("looked up here", reporter.document.span(where)),),
        help=did_you_mean(head, candidates),
    )
