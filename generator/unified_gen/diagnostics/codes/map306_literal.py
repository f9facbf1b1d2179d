"""A literal that its path never has.

A predicate (`exclude`, `removed_if`, `until`, `failed_if`), a filter (`[?rel=='self']`) and a constant of `where` compare a path with a
literal. The literal must be one of the path's enum values, if the vendor's schema lists them, and of the path's type. A comparison with
anything else is never true (with `!=` always), without an error at run time.

Wrong: `exclude: status == 'cancelled'` where the enum values are `confirmed`, `tentative` and `canceled`; `done == 'true'` where `done` is
a boolean. Right: `` done == `true` ``. If the vendor has a value that its document lacks, an overlay action declares it, with its evidence.
"""

from typing import Any

from unified_gen.diagnostics.reporter import Reporter
from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_openapi.diagnostics import Diagnostic, finding
from unified_openapi.schemas.shapes import Shape
from unified_openapi.source.spans import Text

CODE = rule("MAP306", "literal that never matches", __doc__)


def report(reporter: Reporter, text: Text, location: str, literal: Any, shape: Shape) -> Diagnostic:
    """`shape` is the vendor's schema of the location."""
    enum_values = shape.enum_values
    start = text.value.find(f"'{literal}'")
    span = text.span.part(start + 1, len(str(literal))) if start >= 0 else text.span
    if enum_values is None:
        kinds = " or ".join(sorted(shape.kinds))
        return finding(
            CODE,
            f"`{location}` is never {literal!r}: its type is {kinds}",
            span,
            notes=(reporter.schema_note(shape, "declared here"),),
            help="a literal that is not a string is written in backticks: `` `true` ``, `` `3` ``"
            if isinstance(literal, str) and start >= 0
            else None,
        )
    hint = did_you_mean(str(literal), [str(value) for value in enum_values])
    return finding(
        CODE,
        f"`{location}` is never {literal!r}: it is not one of its enum values",
        span,
        notes=(reporter.schema_note(shape, "the enum values"),),
        help=hint,
    )
