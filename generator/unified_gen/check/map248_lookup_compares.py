"""A lookup after a lost response that compares too little, or a location with another field.

`where` of `reconcile` decides which record the lost request created. It compares each location with the field that is read from it, and
it compares what a new record must have: without the title, another record of the same time is mistaken for the lost one. If the vendor
changes the value or the list lacks it, accept it with the reason: `allow: {MAP248 <field>: …}`.

Wrong: `where: {description: labels}`. Right: `where: {subject: title, description: description}`.
"""

from collections.abc import Iterator

from unified_gen.diagnostics.rule import rule
from unified_gen.resolve.inspection import step_references
from unified_gen.resolve.record_fields import ResolvedField
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedReconcile, ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, Severity, finding

CODE = rule("MAP248", "lookup that compares too little", __doc__, Severity.WARNING)


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report every lookup that compares a location with another field, or leaves out what a new record must have."""
    for operation in resource.operations:
        for step in operation.steps:
            if step.reconcile is not None:
                yield from _key_not_sent(step, step.reconcile)
            if step.reconcile is not None and step.reconcile.where:
                yield from _other_fields(resource, step, step.reconcile)
                if operation.kind == "create" and not step.reconcile.marked and step.reconcile.items is not None:
                    yield from _left_out(resource, operation, step, step.reconcile)


def _key_not_sent(step: ResolvedStep, found: ResolvedReconcile) -> Iterator[Diagnostic]:
    """Report a lookup by the idempotency key, if the request does not send the key."""
    keys = ("key", "mark")
    sent = {one.reference.kind for one in step.every_assignment if one.reference is not None}
    sent |= {piece.kind for one in step.every_assignment for text in one.texts for piece in text if not isinstance(piece, str)}
    wanted = [one for one in step_references(found.lookup) if one.kind in keys] + [one for _, one in found.where if one.kind in keys]
    if wanted and not sent & {*keys}:
        yield finding(
            CODE,
            f"the lookup of `{step.ast.operation.value}` searches for `{wanted[0].text.value}`, which the request does not send",
            found.ast.span,
            help=f"send it, or accept it: `allow: {{MAP248 {wanted[0].text.value}: …}}`",
        )


def _other_fields(resource: ResolvedResource, step: ResolvedStep, found: ResolvedReconcile) -> Iterator[Diagnostic]:
    for names, reference in found.where:
        field = resource.field_of(reference.name) if reference.kind in ("field", "input") else None
        own = _read(field)
        if reference.kind not in ("field", "input") or (own and _ends(names, own)):
            continue
        other = next((each.name for each in resource.fields if each is not field and (read := _read(each)) and _ends(names, read)), None)
        if other is not None:
            yield finding(
                CODE,
                f"the lookup of `{step.ast.operation.value}` compares `{'.'.join(names)}`, which is `{other}`, with `{reference.name}`",
                found.ast.span,
                help=f"compare it with `{other}`, or accept it: `allow: {{MAP248 {reference.name}: …}}`",
            )


def _left_out(
    resource: ResolvedResource, operation: ResolvedOperation, step: ResolvedStep, found: ResolvedReconcile
) -> Iterator[Diagnostic]:
    compared = {reference.name for _, reference in found.where}
    narrowed = {one.reference.name for one in found.lookup.every_assignment if one.reference is not None}
    sent = {one.field.name for one in step.every_assignment if one.field is not None}
    for field in resource.fields:
        needed = field.model.required and field.name in sent and field.model.type.kind == "text"
        if needed and field.name not in compared | narrowed and _read(field):
            yield finding(
                CODE,
                f"the lookup of `{step.ast.operation.value}` does not compare `{field.name}`, which each new record has",
                found.ast.span,
                help=f"add it to `where`, or accept it: `allow: {{MAP248 {field.name}: …}}`",
            )


def _read(field: ResolvedField | None) -> tuple[str, ...]:
    """Return the names of the location that a field is read from, if it is a plain one."""
    if field is None or field.read is None or field.read.request:
        return ()
    return field.read.path.names


def _ends(names: tuple[str, ...], own: tuple[str, ...]) -> bool:
    """Return true if a location in a looked-up record, which may begin further up, is that of a field."""
    return names[-len(own) :] == own
