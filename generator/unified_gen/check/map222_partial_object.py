"""An update that sends some parts of an object, and nothing states what happens to the others.

Callers of an update give the parts of a nested record that change: `address={"city": "Rome"}`. If the parts are in an object of their
own in the request, a vendor that replaces the object clears the others. `merge` of the step states which it is: `vendor` if the vendor
keeps the parts that are not sent, or a reference to the current object, saved by an earlier step, which is sent with the given parts
changed. A body of the type `application/merge-patch+json` is merged (RFC 7396).

An element of a list cannot be completed: there only `vendor` is possible. If the vendor replaces it, declare the field unsupported in
updates: `unsupported: {update.address: …}`.

Wrong: `update: {operation: changePerson, send: fields}` with `address: {fields: {street: address.street, city: address.city}}`.
Right: the same with `merge: {address: vendor}`, or after `{operation: getPerson, save: before}` with `merge: {address: before.address}`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.assignments import Assignment
from unified_gen.resolve.inspection import common_prefix
from unified_gen.resolve.resolved import ResolvedMerge, ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, Note, finding
from unified_openapi.schemas.paths import Name, Segment

CODE = rule("MAP222", "partial object", __doc__)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every object that an update may send without some of its parts, unless a step states who merges it."""
    for operation in resource.operations:
        for step in operation.steps:
            yield from _useless(step, updates=operation.kind == "update")
            if operation.kind == "update" and "merge-patch" not in (step.media_type or ""):
                yield from _unmerged(step)


def _unmerged(step: ResolvedStep) -> Iterator[Diagnostic]:
    merged = [merge.target.path.segments for merge in step.merges]
    for owner, shared, assignment in _objects(step):
        if any(shared[: len(known)] == known for known in merged):
            continue
        path = ".".join(segment.name for segment in shared if isinstance(segment, Name))
        listed = any(not isinstance(segment, Name) for segment in shared)
        saved = "" if listed else f", or `merge: {{{path}: before.{path}}}` with the object that an earlier step saved as `before`"
        yield finding(
            CODE,
            f"an update that is given some parts of `{owner}` sends `{path}` without the others",
            step.ast.operation.span,
            notes=(Note("a part of it", assignment.span),),
            help=f"`merge: {{{path}: vendor}}` if the vendor keeps the parts that are not sent{saved}",
        )


def _useless(step: ResolvedStep, *, updates: bool) -> Iterator[Diagnostic]:
    partial = [shared for _, shared, _ in _objects(step)] if updates else []
    for merge in step.merges:
        if not any(_within(shared, merge) for shared in partial):
            yield finding(
                CODE,
                f"this step does not send a part of `{merge.target.name}` without the others",
                merge.target.text.span,
                help="remove it: `merge` is for an object that only the fields of one nested record are in",
            )


def _within(shared: tuple[Segment, ...], merge: ResolvedMerge) -> bool:
    known = merge.target.path.segments
    return shared[: len(known)] == known and (merge.current is None or all(isinstance(segment, Name) for segment in shared))


def _objects(step: ResolvedStep) -> Iterator[tuple[str, tuple[Segment, ...], Assignment]]:
    """Yield each object that holds several parts of one nested record and nothing of other fields: record, location and a part."""
    body = [a for a in step.assignments if a.target.location == "body"]
    found: dict[tuple[Segment, ...], tuple[str, Assignment]] = {}
    for one in body:
        for other in body:
            if one is other or not one.owners or not other.owners or one.owners[0] is not other.owners[0]:
                continue
            shared = one.target.path.segments[: common_prefix(one.target.path.segments, other.target.path.segments)]
            beside = [a for a in body if shared and a.target.path.segments[: len(shared)] == shared]
            if beside and all(a.literal is not None or (a.owners and a.owners[0] is one.owners[0]) for a in beside):
                found.setdefault(shared, (one.owners[0].name, one))
    for shared, (owner, part) in found.items():
        if not any(len(outer) < len(shared) and shared[: len(outer)] == outer for outer in found):
            yield owner, shared, part
