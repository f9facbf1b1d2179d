"""A condition of `exclude` that leaves out the usual records, or the lack of one.

`exclude` leaves out the records of which it is true. Reported is a condition that is true of what the resource is about: of records whose
kind has the name of the resource (`type == 'comment'` for comments), of those that are enabled, or not deleted. A list whose records have
several kinds, of which one is that of the resource, is reported if nothing selects this kind. If it is meant, accept it with the reason:
`allow: {MAP244 <path>: …}`.

Wrong: `exclude: is_deleted != true`. Right: `exclude: is_deleted`.
"""

from collections.abc import Iterator
from typing import Any

from unified_gen.check.names import covers, every_word, plain_fields
from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.record_fields import Leaf
from unified_gen.resolve.resolved import ResolvedResource
from unified_openapi.diagnostics import Diagnostic, Severity, finding
from unified_openapi.schemas.paths import And, Compare, Not, Or, Predicate, Truthy
from unified_openapi.schemas.shapes import Shape
from unified_openapi.source.spans import Span

CODE = rule("MAP244", "usual records are left out", __doc__, Severity.WARNING)

_KINDS = frozenset({"kind", "type", "tag", "object", "subtype", "resource_type", "resource_subtype"})
_USUAL = frozenset({"enabled", "active", "available", "visible", "hit"})
_UNUSUAL = frozenset({"deleted", "archived", "disabled", "hidden", "removed", "trashed", "cancelled", "canceled"})


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every condition that is true of usual records, and lists of several kinds without a condition."""
    found = [(resource.exclude, resource.exclude_leaves, resource.ast.resource.span)]
    found += [(step.exclude, step.exclude_leaves, step.ast.operation.span) for operation in resource.operations for step in operation.steps]
    for predicate, leaves, span in found:
        if predicate is not None and _holds(resource, predicate, leaves) is True:
            at = leaves[0].text if leaves else None
            yield _finding(
                "this condition is true of the usual records, and leaves them out",
                at.value if at is not None else "",
                at.span if at else span,
            )
    yield from _several_kinds(resource)


def _holds(resource: ResolvedResource, predicate: Predicate, leaves: tuple[Leaf, ...]) -> bool | None:
    """Return whether a condition is true of a usual record; None if names do not show it."""
    match predicate:
        case Truthy(path=path) | Compare(path=path):
            leaf = next((one for one in leaves if one.path == path), None)
            usual = None if leaf is None else _usual(resource, leaf)
            if isinstance(predicate, Compare) and isinstance(predicate.literal, str) and _UNUSUAL & {*every_word(predicate.literal)}:
                usual = usual or ("",)
            if usual is None:
                return None
            if isinstance(predicate, Truthy):
                return bool(usual[0])
            same = _same(usual[0], predicate.literal)
            return same if predicate.operator == "eq" else not same if predicate.operator == "ne" else None
        case Not(inner=inner):
            found = _holds(resource, inner, leaves)
            return None if found is None else not found
        case And(left=left, right=right):
            both = (_holds(resource, left, leaves), _holds(resource, right, leaves))
            return False if False in both else None if None in both else True
        case Or(left=left, right=right):
            both = (_holds(resource, left, leaves), _holds(resource, right, leaves))
            return True if True in both else None if None in both else False
    return None


def _usual(resource: ResolvedResource, leaf: Leaf) -> tuple[Any] | None:
    """Return the value that a property has in usual records: its own kind, false for `deleted`, true for `enabled`."""
    words = every_word(leaf.path.names[-1]) if leaf.path.names else ()
    if leaf.shape is None or len(leaf.path.names) != 1:
        return None
    if leaf.shape.kinds == {"boolean"}:
        return (True,) if _USUAL & {*words} else (False,) if _UNUSUAL & {*words} else None
    return _own_kind(resource, "_".join(words), leaf.shape)


def _own_kind(resource: ResolvedResource, name: str, shape: Shape) -> tuple[Any] | None:
    named = [value for value in shape.enum_values or () if isinstance(value, str) and covers({resource.model.noun}, every_word(value))]
    return (named[0],) if name in _KINDS and len(named) == 1 else None


def _same(one: Any, other: Any) -> bool:
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _several_kinds(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report the list of a resource whose records may be of other kinds, if neither a condition, a request nor a field knows of it."""
    read = {leaf.path.names[0] for _, field, _ in plain_fields(resource) for leaf in field.leaves() if leaf.path.names}
    tested = {leaf.path.names[0] for leaf in resource.exclude_leaves if leaf.path.names}
    for name, pointer in resource.record.properties.items():
        shape = resource.unit.schemas.shape(pointer)
        if name in read | tested or len(shape.enum_values or ()) < 2 or _own_kind(resource, "_".join(every_word(name)), shape) is None:
            continue
        for operation in resource.operations:
            for step in operation.steps:
                sent = {one.target.name for one in step.every_assignment}
                if operation.kind == "list" and step.exclude is None and name not in sent:
                    others = [value for value in shape.enum_values or () if value is not None][:4]
                    yield _finding(
                        f"records of `{step.ast.operation.value}` are of several kinds ({', '.join(map(str, others))}), and no `exclude`"
                        " selects those of this resource",
                        name,
                        step.ast.operation.span,
                    )
                    return


def _finding(problem: str, path: str, span: Span) -> Diagnostic:
    return finding(CODE, problem, span, help=f"correct the condition, or accept it: `allow: {{MAP244 {path}: …}}`")
