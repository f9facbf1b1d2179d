"""Code that writes nested values: arms of a union, slots of a list, lists of objects."""

from __future__ import annotations

from unified_gen.language import ast
from unified_gen.lower.bodies import Entry
from unified_gen.lower.context import ModuleContext, nested_class
from unified_gen.lower.python import Block, lit, snake
from unified_gen.lower.values import Values
from unified_gen.resolve.resolved import Assignment, ResolvedField, ResolvedOperation, Target
from unified_gen.schema.paths import Name, parse_path
from unified_gen.schema.walk import walk

_ARM_TESTS = {"datetime": "isinstance({0}, datetime)", "date": "isinstance({0}, date) and not isinstance({0}, datetime)"}


def arm_entry(module: ModuleContext, operation: ResolvedOperation, values: Values, assignment: Assignment) -> Entry:
    """One arm of a `case`, or one path of a slot."""
    field = assignment.field
    assert field is not None and assignment.column is not None
    value = f"{values.record}.{field.name}"
    if field.case:
        arm = next(arm for arm, _ in field.case if arm.kind == assignment.column)
        module.imports.add(("datetime", arm.kind))
        if arm.kind == "date":
            module.imports.add(("datetime", "datetime"))
        encoded = values.encoded(value, arm, None, field.name, assignment.target)
        test = _ARM_TESTS[arm.kind].format(value)
        if operation.like == "update":  # the other arms are sent as null
            return Entry(assignment.target.path.segments, f"{encoded} if {test} else None", f"{lit(field.name)} in given")
        return Entry(assignment.target.path.segments, encoded, test)
    index, _, name = assignment.column.partition(".")
    slot = field.slots[int(index)]
    constants = lit(dict(slot.constants))
    taken = [lit(dict(other.constants)) for other in field.slots]
    picked = f"{values.inputs()}.slot({value}, {constants}, {lit(name)}, [{', '.join(taken)}], {lit(field.name)}, {lit(module.title)})"
    guard = f"{lit(field.name)} in given" if operation.like == "update" else f"{value} is not None"
    return Entry(assignment.target.path.segments, picked, guard)


def nested_writer(module: ModuleContext, field: ResolvedField, operation: ResolvedOperation, target: Target) -> str:
    """The function that writes one element of a list of objects; read-only inner fields are left out."""
    name = f"_write_{snake(nested_class(field.model))}"
    if name in module.helpers:
        return name
    record = module.record_class(field)
    module.typing("Any")
    shape = target.walk.shape
    element = module.schemas.shape(shape.items) if shape is not None and shape.items is not None else shape
    block = Block()
    block.open(f"def {name}(r: {record}) -> dict[str, Any]:")
    block.add("body: dict[str, Any] = {}")
    values = Values(module, "r", frozenset())
    for nested in field.nested:
        path = nested.ast.write.get(operation.name) or nested.ast.write.get(ast.ANY)
        if path is None or element is None:
            continue
        parsed = parse_path(path.value)
        inner = Target(text=path, place="body", name=path.value, path=parsed, walk=walk(module.schemas, element, parsed))
        first = parsed.segments[0]
        assert isinstance(first, Name)
        encoded = values.encoded(f"r.{nested.name}", nested.model.type, nested, nested.name, inner)
        block.add(f"if r.{nested.name} is not None:", f"    body[{lit(first.name)}] = {encoded}")
    block.add("return body")
    block.close()
    module.helpers[name] = str(block)
    return name
