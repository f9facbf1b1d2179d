"""A literal that its place never holds.

A predicate (`except`, `removed`, `until`, `failed`) and a filter (`[?rel=='self']`) compare a place of the vendor with a literal. Where
the vendor's schema lists the words of the place, the literal is one of them; where it tells the place's type, the literal is of it. What
compares with anything else is never true (with `!=` always), and nothing at run time would tell.

Wrong: `except: status == 'cancelled'` where the vendor says `confirmed`, `tentative` or `canceled`; `done == 'true'` where `done` is a
boolean. Right: `` done == `true` ``. If the vendor has a word that its document lacks, an overlay action declares it, with its evidence.
"""

from typing import Any

from unified_gen.diagnostics import Diagnostic
from unified_gen.resolve.reporter import Reporter
from unified_gen.rules.base import did_you_mean, finding, rule
from unified_gen.schema.shapes import Shape
from unified_gen.source import Text

CODE = rule("MAP306", "literal that never matches", __doc__)


def report(reporter: Reporter, text: Text, place: str, literal: Any, shape: Shape) -> Diagnostic:
    """`shape` is what the vendor says of the place."""
    words = shape.words
    start = text.value.find(f"'{literal}'")
    span = text.span.part(start + 1, len(str(literal))) if start >= 0 else text.span
    if words is None:
        kinds = " or ".join(sorted(shape.kinds))
        return finding(
            CODE,
            f"`{place}` is never {literal!r}: its type is {kinds}",
            span,
            notes=(reporter.schema_note(shape, "declared here"),),
            help="a literal that is no string is written in backticks: `` `true` ``, `` `3` ``" if isinstance(literal, str) else None,
        )
    hint = did_you_mean(str(literal), [str(word) for word in words])
    return finding(
        CODE,
        f"`{place}` is never {literal!r}: the vendor lists its words",
        span,
        notes=(reporter.schema_note(shape, "the vendor's words"),),
        help=hint,
    )
