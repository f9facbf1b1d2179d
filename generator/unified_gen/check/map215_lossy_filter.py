"""A filter that misses records, or finds others.

A row of a table may read several vendor values and writes the first. A filter that sends that value finds only the records that hold it:
with `open: [active, waiting]`, `status=open` would miss what is waiting. Filter after reading (`local_filters`), or by a clause that names
all the values: `statusCategory in {status}`. Where `enums` sends one value for two unified values, the list has records of both: it is
filtered after reading too.

Wrong: `params: {state: status}` where a row of the table reads two values.
"""

from collections.abc import Iterator
from itertools import pairwise

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.assignments import Reference
from unified_gen.resolve.inspection import names_all
from unified_gen.resolve.resolved import ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, Note, finding

CODE = rule("MAP215", "lossy filter", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every filter by a table that has more vendor values than can be sent."""
    for operation in resource.operations:
        if operation.kind not in ("list", "changes"):
            continue
        for step in operation.steps:
            compared = {given.name.value for given in operation.model.given if given.field is not None}
            yield from _shared(step, compared)
            for reference in _sent(step):
                several = _several(reference)
                if several is not None and reference.carrier is not None:
                    value, read = several
                    missed = ", ".join(map(repr, read[1:]))
                    yield finding(
                        CODE,
                        f"`{reference.text.value}` sends only {read[0]!r} for {value!r}, and records with {missed} are missed",
                        reference.text.span,
                        notes=(Note("the table's values", reference.carrier.ast.span),),
                        help="filter by it after reading (`local_filters`), or by a clause that names all: `… in {…}`",
                    )


def _shared(step: ResolvedStep, compared: set[str]) -> Iterator[Diagnostic]:
    """Report inputs that are sent as the same value for two unified values, and not applied after reading too."""
    for field in step.enums:
        if field.name not in compared:  # it is compared with nothing, such as an order
            continue
        seen: dict[object, object] = {}
        for row in field.ast.enum.rows if field.ast.enum is not None else ():
            first = row.cells[""].values[0]
            if first.value in seen and all(given.name.value != field.name for given in step.local_filters):
                yield finding(
                    CODE,
                    f"`{field.name}` sends {first.value!r} for both {seen[first.value]!r} and {row.value.value!r}, and finds both",
                    first.span,
                    help=f"apply it after reading too: `local_filters: [{field.name}]`",
                )
            seen.setdefault(first.value, row.value.value)


def _sent(step: ResolvedStep) -> Iterator[Reference]:
    """Yield the references that a request is filtered by, each sent as a single value."""
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
    """Return a value of a filter's table with more than one value of the vendor; null is not counted, as it cannot be requested."""
    carrier = reference.carrier
    if reference.kind != "input" or carrier is None or carrier.table is None or carrier.table.columns:
        return None
    for row in carrier.table.rows:
        read: list[object] = [one.value for cell in row.cells.values() for one in cell.values if one.value is not None]
        if len(read) > 1:
            return row.value.value, read
    return None
