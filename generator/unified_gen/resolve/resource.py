"""Resolver of one mapping file: its record, its fields, its operations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec.structs import replace

from unified_gen.diagnostics.codes import (
    map004_unknown_reference,
    map104_unknown_input,
    map210_unknown_field,
    map211_unknown_schema,
    map212_response,
)
from unified_gen.diagnostics.reporter import Reporter
from unified_gen.language import ast
from unified_gen.resolve.alternatives import one_of_them_runs
from unified_gen.resolve.batches import BatchResolver
from unified_gen.resolve.fields import FieldResolver, part_names
from unified_gen.resolve.paths import follow, resolve_predicate
from unified_gen.resolve.record_fields import IdPart, Leaf, ResolvedField
from unified_gen.resolve.record_schema import with_schema
from unified_gen.resolve.references import Scope
from unified_gen.resolve.resolved import ResolvedAlternative, ResolvedOperation, ResolvedResource, VendorUnit
from unified_gen.resolve.responses import named_schema
from unified_gen.resolve.steps import StepResolver, condition_inputs
from unified_openapi.schemas.paths import Each, Path
from unified_openapi.schemas.shapes import Shape, union


def resolve_resource(
    unit: VendorUnit, resource: ast.Resource, model: ast.Model, reporter: Reporter, used: dict[str, frozenset[str]]
) -> ResolvedResource | None:
    """Look up everything a mapping names; None if its record is not known. Adds to `used` the inputs that each operation accepts."""
    stated = with_schema(unit, resource, model)
    if stated is None:
        reporter.add(map211_unknown_schema.not_derived(resource.resource))
        return None
    resource = stated
    pointer = named_schema(unit, resource.schema, reporter)
    if pointer is None:
        return None
    others = [named_schema(unit, name, reporter) for name in resource.other_schemas]
    record = union([unit.schemas.shape(schema) for schema in (pointer, *others) if schema is not None])
    custom = _custom(resource)
    fields = _fields(unit, resource, model, reporter, record, custom)
    operations = tuple(
        found
        for operation in resource.operations
        if (found := _operation(unit, resource, model, reporter, fields, operation, custom, pointer, used)) is not None
    )
    for text, name in resource.params:
        if text not in reporter.set:
            reporter.add(map104_unknown_input.not_in_paths(text))
        elif name not in reporter.set:
            reporter.add(map004_unknown_reference.report(name, name.value, tuple(field.name for field in fields)))
    batches = (BatchResolver(unit, reporter, fields, custom, batch).resolve(operations) for batch in resource.batches)
    predicate, leaves = resolve_predicate(unit.schemas, resource.exclude, record, resource.schema.value, reporter)
    return ResolvedResource(
        ast=resource,
        model=model,
        unit=unit,
        record_pointer=pointer,
        record=record,
        fields=fields,
        operations=operations,
        exclude=predicate,
        exclude_leaves=leaves,
        custom_fields=custom,
        custom_leaves=tuple(_custom_leaves(unit, resource, record, reporter)),
        unsupported={name.value: reason for name, reason in resource.unsupported},
        batches=tuple(batch for batch in batches if batch is not None),
    )


def _custom(resource: ast.Resource) -> re.Pattern[str] | None:
    return re.compile(resource.custom_fields.pattern.value) if resource.custom_fields is not None else None


def _custom_leaves(unit: VendorUnit, resource: ast.Resource, record: Shape, reporter: Reporter) -> Iterator[Leaf]:
    """Yield the locations of the ids and values of custom fields that a record has in a list."""
    listed = resource.custom_fields.items if resource.custom_fields is not None else None
    if listed is None:
        return
    reached = follow(unit.schemas, reporter, record, listed.path, listed.path.path, resource.schema.value)
    if reached.dead is not None or reached.shape is None:
        return
    inner = [listed.key, *listed.values, *(listed.choices[:1] if listed.choices is not None else ())]
    element = unit.schemas.shape(reached.shape.items) if reached.shape.items is not None else reached.shape
    for text in inner:
        found = follow(unit.schemas, reporter, element, text, text.path, f"an element of {listed.path.value}", any_type=True)
        if found.dead is None:
            segments = (*listed.path.path.segments, Each(), *text.path.segments)
            yield Leaf(text, Path(f"{listed.path.value}[].{text.value}", segments), found)


def _fields(
    unit: VendorUnit, resource: ast.Resource, model: ast.Model, reporter: Reporter, record: Shape, custom: re.Pattern[str] | None
) -> tuple[ResolvedField, ...]:
    resolver = FieldResolver(unit.schemas, reporter, record, resource.schema.value, custom)
    known = {field.name.value: field for field in model.fields}
    found = (resolver.resolve(field, known) for field in resource.fields)
    return tuple(field for field in found if field is not None)


def _operation(
    unit: VendorUnit,
    resource: ast.Resource,
    model: ast.Model,
    reporter: Reporter,
    fields: tuple[ResolvedField, ...],
    operation: ast.Operation,
    custom: re.Pattern[str] | None,
    record: str,
    used: dict[str, frozenset[str]],
) -> ResolvedOperation | None:
    declared = next((found for found in model.operations if found.name.value == operation.name.value), None)
    if declared is None:
        reporter.add(
            map210_unknown_field.report(operation.name, tuple(o.name.value for o in model.operations), what="an operation of the model")
        )
        return None
    operation = _listed(operation, declared, unit.declaration.items)
    _of_lists_only(operation, declared, reporter)
    scope = operation_scope(unit, model, declared, fields, reporter)
    resolver = StepResolver(unit, reporter, resource, model, declared, fields, scope, custom, record)
    alternatives = []
    for alternative in operation.alternatives or (ast.Alternative(None, operation.steps),):
        found = _alternative(resolver, scope, alternative, declared)
        if found is None:
            continue
        alternatives.append(found)
    used[declared.name.value] = frozenset(scope.used)
    steps = tuple(step for alternative in alternatives for step in alternative.steps)
    if len(steps) < len(operation.steps):
        return None
    return ResolvedOperation(ast=operation, model=declared, steps=steps, alternatives=tuple(alternatives) if operation.either else ())


def _alternative(
    resolver: StepResolver, scope: Scope, alternative: ast.Alternative, declared: ast.ModelOperation
) -> ResolvedAlternative | None:
    """Return the resolved steps of an alternative, or of an operation without alternatives. Its saved values are its own."""
    saved, sometimes, used = dict(scope.saved), set(scope.sometimes), set(scope.used)
    several = len(alternative.steps) > 1
    condition = scope.condition(alternative.condition) if alternative.condition is not None and several else None
    scope.used = {*used, *condition_inputs(condition)}
    scope.chosen_by = condition.given if condition is not None else frozenset()
    steps = []
    for index, step in enumerate(alternative.steps):
        found = resolver.resolve(step, final=_may_end(alternative.steps, index, declared))
        if found is not None:
            steps.append(found)
    scope.saved, scope.sometimes = saved, sometimes
    if len(steps) < len(alternative.steps):
        return None
    takes = frozenset().union(condition_inputs(condition), *(step.takes for step in steps))
    return ResolvedAlternative(condition if several else steps[0].condition, tuple(steps), takes)


def _listed(operation: ast.Operation, declared: ast.ModelOperation, items: ast.PathText | None) -> ast.Operation:
    """Return a list operation whose last step, or whose alternatives, read the vendor's `items` unless they have their own."""
    if items is None or declared.kind not in ("list", "changes"):
        return operation

    def last_listed(steps: tuple[ast.Step, ...]) -> tuple[ast.Step, ...]:
        last = steps[-1]
        return (*steps[:-1], last if last.items is not None else replace(last, items=items))

    alternatives = tuple(replace(one, steps=last_listed(one.steps)) for one in operation.alternatives)
    steps = tuple(step for one in alternatives for step in one.steps) if alternatives else last_listed(operation.steps)
    return replace(operation, steps=steps, alternatives=alternatives)


def _of_lists_only(operation: ast.Operation, declared: ast.ModelOperation, reporter: Reporter) -> None:
    """Report keys of a list in a step that reads none."""
    if operation.sources and declared.kind != "list":
        reporter.add(map212_response.not_a_list("sources", operation.span))
    groups = [alternative.steps for alternative in operation.alternatives] or [operation.steps]
    for step in operation.steps:
        if step.each and step.save is not None and (declared.kind != "list" or any(step is group[-1] for group in groups)):
            reporter.add(map212_response.not_a_list("for_each", step.save.name.span))
    for step in operation.steps:
        if step.items is not None:
            continue
        found = {
            "items_key": step.items_key.span if step.items_key is not None else None,
            "items_inputs": step.items_inputs[0][0].span if step.items_inputs else None,
            "local_filters": step.local_filters[0].span if step.local_filters else None,
            "reverse": step.operation.span if step.reverse else None,
            "sync_token": step.sync_token.span if step.sync_token is not None else None,
            "pagination": step.pagination.span if step.pagination is not None and step.save is None else None,
        }
        for key, span in found.items():
            if span is not None:
                reporter.add(map212_response.not_listed(key, span))


def operation_scope(
    unit: VendorUnit, model: ast.Model, operation: ast.ModelOperation, fields: tuple[ResolvedField, ...], reporter: Reporter
) -> Scope:
    """Return the names an operation's references may use."""
    writable = frozenset(field.name.value for field in model.fields if operation.takes(field))
    return Scope(
        schemas=unit.schemas,
        reporter=reporter,
        fields={field.name: field for field in fields},
        writable=writable,
        types={field.name.value: field.type for field in model.fields},
        required=frozenset(field.name.value for field in model.fields if operation.name.value in field.required),
        inputs={given.name.value: given for given in operation.given},
        connection={value.name.value: value for value in unit.declaration.connection},
        others=_composite_ids(unit, model),
        lists=operation.kind in ("list", "changes"),
    )


def _composite_ids(unit: VendorUnit, model: ast.Model) -> dict[str, ResolvedField]:
    """Return the ids that the vendor's resources join from parts, to split them if another resource refers to them."""
    declared = next((field for field in model.fields if field.name.value == "id"), None)
    found = {}
    for resource in unit.resources:
        id_ = next((field for field in resource.fields if field.name.value == "id"), None)
        if id_ is not None and id_.id_format is not None:
            names = part_names(id_.id_format)
            parts = tuple(IdPart(name=name, source=None, pattern=None) for name in names)
            of = declared or ast.ModelField(name=id_.name, type=ast.Type("id"), summary="", span=model.span)
            found[resource.resource.value] = ResolvedField(ast=id_, model=of, parts=parts)
    return found


def _may_end(steps: tuple[ast.Step, ...], index: int, declared: ast.ModelOperation) -> bool:
    """Return true if no later step always runs, so that this step's response may be the operation's (rule 9)."""
    step = steps[index]
    like = declared.kind
    if declared.empty or (like in ("list", "changes") and step.save and step.items is None and steps[index + 1 :]):
        return False
    if like == "update" and step.save is not None and step.record is None and steps[index + 1 :]:
        return False  # it is read for what follows
    if step.save is not None and any(
        given.value.partition(".")[0] == step.save.name.value
        for later in steps[index + 1 :]
        for given in (*(current for _, current in later.merges), *(members.current for members in later.members))
    ):
        return False  # what it saves is sent again
    later = [one for one in steps[index + 1 :] if one.send is None or like != "update"]  # one with nothing to send does not run (rule 8)
    if step.custom_fields is not None and any(one.custom_fields is not None for one in later):
        return False
    return not one_of_them_runs(step.condition, [one.condition for one in later if one.custom_fields is None])
