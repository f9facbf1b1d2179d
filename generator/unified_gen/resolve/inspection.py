"""Properties of a location that rules and lowering both need: one value or many, and its owner."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from unified_gen.resolve.assignments import Assignment, Reference
from unified_gen.resolve.record_fields import Leaf, ResolvedField
from unified_gen.resolve.resolved import Condition, ResolvedOperation, ResolvedStep
from unified_openapi.schemas.paths import Match, Segment
from unified_openapi.schemas.shapes import Schemas, Shape
from unified_openapi.schemas.walk import Walk


def element(schemas: Schemas, reached: Walk) -> tuple[Shape | None, bool]:
    """Return the schema of one value at the end of a path, and whether there may be many of them."""
    shape = reached.shape
    if shape is None:
        return None, reached.many
    for variant in shape.variants():
        if variant.kinds == {"array"} and variant.items is not None:
            return schemas.shape(variant.items), True
    return shape, reached.many or shape.kinds == {"array"}


def owned_depth(step: ResolvedStep, assignment: Assignment) -> int:
    """Return how many segments of a body path are shared with other fields: below, the object is this field's own.

    Null is written there (rule 6): `fields.assignee.accountId: None` sends `{"fields": {"assignee": null}}`. An element that is found
    by an identifying value (`a[?name=='x'] | [0].value`) retains that value.
    """
    own = assignment.target.path.segments
    if assignment.column is not None:  # one location of several that the field has: each is cleared by itself
        return len(own) - 1
    shared = max((index + 1 for index, segment in enumerate(own) if isinstance(segment, Match)), default=0)
    for other in step.assignments:
        if other is not assignment and other.target.location == "body":
            shared = max(shared, common_prefix(own, other.target.path.segments))
    return min(shared, len(own) - 1) if own else 0


def common_prefix(a: tuple[Segment, ...], b: tuple[Segment, ...]) -> int:
    count = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        count += 1
    return count


def clearable(field: ResolvedField, operation: str) -> bool:
    """Return true if callers may give None: fields that a create needs cannot be emptied later."""
    return operation == "update" and not field.model.required


def leaves(fields: Iterable[ResolvedField]) -> tuple[Leaf, ...]:
    """Return every location of the record that reading it looks at, from the record on."""
    return tuple(leaf for field in fields for leaf in field.leaves() if not leaf.request)


def step_references(step: ResolvedStep) -> Iterator[Reference]:
    """Yield every reference of a step."""
    for assignment in step.assignments:
        if assignment.reference is not None:
            yield assignment.reference
        if assignment.query is not None:
            yield from assignment.query.references()
        for text in assignment.texts:
            yield from (piece for piece in text if not isinstance(piece, str))
    if step.media is not None:
        yield step.media.input
        if step.media.content_type is not None:
            yield step.media.content_type
        if step.media.filename is not None:
            yield step.media.filename
    yield from (reference for _, reference in step.verify)
    if step.content_url is not None:
        yield step.content_url
    yield from (reference for _, reference in (step.exchange.params if step.exchange is not None else ()))
    for group in step.verify_if.any_of if step.verify_if is not None else ():
        yield from (test.reference for test in group)
    for group in step.condition.any_of if step.condition is not None else ():
        yield from (test.reference for test in group)
    for saved in step.saved:
        yield from (reference for _, reference in saved.searched)
        yield from (piece for piece in saved.not_found or () if not isinstance(piece, str))
        yield from (saved.choice.references if saved.choice is not None else ())
    yield from (reference for _, reference in step.located)
    yield from (merge.current for merge in step.merges if merge.current is not None)
    for members in step.members:
        yield from (reference for reference in (members.current, members.add, members.remove) if reference is not None)
    for current in step.current:
        yield current.value
        if current.protect is not None:
            yield current.protect
    yield from (reference for _, reference in step.extra)
    if step.repeat is not None:
        yield step.repeat[1]
    if step.reconcile is not None:
        yield from (reference for _, reference in step.reconcile.where)
        yield from step_references(step.reconcile.lookup)


def request_inputs(fields: Iterable[ResolvedField]) -> Iterator[str]:
    """Yield inputs of the request that reading the fields needs."""
    for given in fields:
        for leaf in (given.read, *given.fallbacks):
            if leaf is not None and leaf.request:
                yield leaf.path.names[0]
        for part in given.parts:
            if part.source is None:
                yield part.name
        yield from request_inputs(given.nested)


def takes_extra(operation: ResolvedOperation) -> ResolvedStep | None:
    """Return the step that the vendor's own fields go with, passed through by the caller: of those that send, the one that sends most."""
    sending = [step for step in operation.steps if step.ast.send is not None and not fills_array(step)]
    return max(sending, key=lambda step: len(step.sends), default=None)


def accepts_extra(operation: ResolvedOperation, step: ResolvedStep) -> bool:
    """Return true if the vendor's own fields go with a step: the one that sends most, or one that runs instead of it."""
    chosen = takes_extra(operation)
    if chosen is None or step is chosen:
        return step is chosen
    return step.ast.send is not None and not fills_array(step) and excludes(step.condition, chosen.condition)


def excludes(one: Condition | None, other: Condition | None) -> bool:
    """Return true if two conditions never hold together: a value of each alternative is present in the one and absent in the other."""
    if one is None or other is None:
        return False
    pairs = ((a, b) for a in one.any_of for b in other.any_of)
    return all(any(x.reference.name == y.reference.name and x.absent != y.absent for x in a for y in b) for a, b in pairs)


def fills_array(step: ResolvedStep) -> bool:
    """Return true if the body of a request is an array: nothing can be added to it."""
    return step.body is not None and step.body.kinds == {"array"}


EITHER = frozenset({"zendesk"})
"""Query languages in which a property that is named twice requests one of the two values."""


def names_all(before: str, language: str) -> bool:
    """Return true if a clause's text compares with several values: it ends in `in`, as JQL and SOQL spell it, or the clause can be
    repeated."""
    return before.rstrip().casefold().endswith(" in") or (language in EITHER and before.endswith(":"))
