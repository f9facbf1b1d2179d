"""A condition on a record that holds for all records.

`exclude` leaves out the records of which it is true. Every record has an id and the times of its creation and last change: a condition that
only tests if they are there leaves out all records, or none. If the vendor's records may lack it, accept it with the reason:
`allow: {MAP240 <path>: …}`.

Wrong: `exclude: updated_at`. Right: `exclude: is_deleted`.
"""

from collections.abc import Iterator

from unified_gen.check.names import every_word
from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.record_fields import Leaf
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Severity, finding
from unified_openapi.schemas.paths import And, Not, Or, Path, Predicate, Truthy

CODE = rule("MAP240", "a condition that holds for all records", __doc__, Severity.WARNING)

_IDS = frozenset({"id", "gid", "uuid", "key"})
_TIMES = frozenset({"created", "updated", "modified", "changed", "add", "update", "creation"})


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every test for the presence of an id, or of the time of a change, in a condition on records."""
    found = [(resource.exclude, resource.exclude_leaves)]
    found += [(step.exclude, step.exclude_leaves) for operation in resource.operations for step in operation.steps]
    for predicate, leaves in found:
        tested = set(_tested(predicate)) if predicate is not None else set()
        for leaf in leaves:
            if leaf.path in tested and _everywhere(leaf):
                yield finding(
                    CODE,
                    f"every record has `{leaf.text.value}`" if leaf.text.value else "every record has this",
                    leaf.text.span,
                    help=f"test what only some records have, or accept it: `allow: {{MAP240 {leaf.text.value}: …}}`",
                )


def _tested(predicate: Predicate) -> Iterator[Path]:
    match predicate:
        case Truthy(path=path):
            yield path
        case Not(inner=inner):
            yield from _tested(inner)
        case And(left=left, right=right) | Or(left=left, right=right):
            yield from _tested(left)
            yield from _tested(right)


def _everywhere(leaf: Leaf) -> bool:
    """Return true if a property of the record itself is its id or the time of a change."""
    names = leaf.path.names
    words = every_word(names[0]) if len(names) == 1 else ()
    dated = leaf.shape is not None and (leaf.shape.formats & {"date", "date-time"} or words[-1:] in (("time",), ("at",), ("on",)))
    return "_".join(words) in _IDS or (bool(dated) and bool(_TIMES & {*words}))
