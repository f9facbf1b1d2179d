"""A filter that misses records.

A row of a table may read several words of the vendor and writes the first. A filter that sends that word finds only the records that
hold it: with `open: [active, waiting]`, `status=open` would miss what is waiting. Filter after reading (`locally`), or by a clause that
names all the words: `statusCategory in {status}`.

Wrong: `with: {state: status}` where a row of the table reads two words.
"""

from collections.abc import Iterator
from itertools import pairwise

from unified_gen.diagnostics import Diagnostic, Note
from unified_gen.resolve.places import names_all
from unified_gen.resolve.resolved import Reference, ResolvedResource, ResolvedStep
from unified_gen.rules.base import finding, rule

CODE = rule("MAP215", "filter misses records", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Every filter by a table that has more words for a value than can be sent."""
    for operation in resource.operations:
        if operation.like not in ("list", "changes"):
            continue
        for step in operation.steps:
            for reference in _sent(step):
                words = _several(reference)
                if words is not None and reference.carrier is not None:
                    value, spoken = words
                    missed = ", ".join(map(repr, spoken[1:]))
                    yield finding(
                        CODE,
                        f"`{reference.text.value}` sends only {spoken[0]!r} for {value!r}, and records with {missed} are missed",
                        reference.text.span,
                        notes=(Note("the table's words", reference.carrier.ast.span),),
                        help="filter by it after reading (`locally`), or by a clause that names all: `… in {…}`",
                    )


def _sent(step: ResolvedStep) -> Iterator[Reference]:
    """What a request is filtered by, a single word each."""
    for assignment in step.assignments:
        if assignment.reference is not None:
            yield assignment.reference
        for clause in assignment.query.clauses if assignment.query is not None else ():
            language = assignment.query.language if assignment.query is not None else ""
            for before, piece in pairwise(("", *clause.pieces)):
                if not isinstance(piece, str) and not names_all(str(before), language):
                    yield piece
        for _, references in assignment.query.json if assignment.query is not None else ():
            yield from references


def _several(reference: Reference) -> tuple[object, list[object]] | None:
    """A value of a filter's table with more than one word of the vendor, null aside: nothing holds null that could be asked for."""
    carrier = reference.carrier
    if reference.kind != "input" or carrier is None or carrier.table is None or carrier.table.columns:
        return None
    for row in carrier.table.rows:
        spoken: list[object] = [word.value for cell in row.cells.values() for word in cell.words if word.value is not None]
        if len(spoken) > 1:
            return row.value.value, spoken
    return None
