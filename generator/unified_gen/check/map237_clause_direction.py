"""A clause that compares in the other direction than its filter.

A filter selects the records that have a value: `status = {status}`. With `!=` it selects those that have it not. A filter such as
`updated_after` selects what is later, `due_before` what is earlier. If the clause is right, accept it with the reason:
`allow: {MAP237 <filter>: …}`.

Wrong: `updated < {updated_after}`. Right: `updated >= {updated_after}`.
"""

import re
from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.assignments import Reference
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Severity, finding

CODE = rule("MAP237", "a clause compares the other way", __doc__, Severity.WARNING)

_NEGATED = re.compile(r"(?:!=|!~|<>|\bne\b|\bNEQ\b|\bNOT\s+(?:IN|LIKE)\b)\s*\W*$", re.IGNORECASE)
_EARLIER = re.compile(r"(?:<=?|\bl[te]\b|\bLTE?\b)\s*\W*$")
_LATER = re.compile(r"(?:>=?|\bg[te]\b|\bGTE?\b)\s*\W*$")
_AFTER, _BEFORE = re.compile(r"_(?:after|since|from)$"), re.compile(r"_(?:before|until)$")


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every clause whose operator contradicts the filter that it compares with."""
    for operation in resource.operations:
        for step in operation.requests:
            for query in (one.query for one in step.assignments if one.query is not None):
                for clause in query.clauses:
                    for before, reference in zip(clause.pieces, clause.pieces[1:], strict=False):
                        if not isinstance(before, str) or not isinstance(reference, Reference):
                            continue
                        wrong = _EARLIER if _AFTER.search(reference.name) else _LATER if _BEFORE.search(reference.name) else _NEGATED
                        if reference.kind in ("input", "field", "id") and wrong.search(before.rstrip("\"'")):
                            yield finding(
                                CODE,
                                f"`{reference.name}` is compared by `{before.strip()}`, which selects the other records",
                                clause.span,
                                help=f"turn the operator round, or accept it: `allow: {{MAP237 {reference.name}: …}}`",
                            )
