"""Lists in numbered paths (slots), in both directions."""

from __future__ import annotations

from unified_gen.lower.bodies import BodyEntry
from unified_gen.lower.context import ModuleContext
from unified_gen.lower.python import constant, lit, snake, unique
from unified_gen.lower.reading import Expression, Reader
from unified_gen.lower.writing import FieldWriter
from unified_gen.resolve.assignments import Assignment
from unified_gen.resolve.record_fields import ResolvedField
from unified_openapi.schemas.paths import Segment


def read_slots(reader: Reader, field: ResolvedField, base: tuple[Segment, ...]) -> Expression:
    """Return the list of the elements whose slots hold something."""
    record = reader.module.record_class(field)
    items = []
    for slot in field.slots:
        arguments = [f"{name}={lit(value)}" for name, value in slot.constants.items()]
        if slot.split is not None:
            ((several, leaf),) = slot.paths.items()
            texts = f"{reader.module.use('responses')}.split({reader.leaf(leaf, base).code}, {lit(slot.split)})"
            items.append(f"*({record}({', '.join([*arguments, f'{several}=each'])}) for each in {texts})")
            continue
        guards = []
        for name, leaf in slot.paths.items():
            location = reader.leaf(leaf, base)
            arguments.append(f"{name}={location.code}")
            guards.append(reader.presence(location.code))
        items.append(f"*([{record}({', '.join(arguments)})] if {guards[0]} else [])")
    return Expression(f"[{', '.join(items)}]", optional=False)


def write_slot(writer: FieldWriter, assignment: Assignment) -> BodyEntry:
    """Return one path of a list in numbered paths; an update clears those that are not given."""
    field = assignment.field
    assert field is not None and assignment.column is not None
    index, _, name = assignment.column.partition(".")
    slot = field.slots[int(index)]
    local = unique(snake("_".join([field.name, *map(str, slot.constants.values())])), writer.taken)
    writer.taken.add(local)
    value = writer.path(assignment)[-1]
    which = f"{lit(dict(slot.constants))}, {lit(name)}, {_constants(writer.module, field)}, {lit(field.name)}, {writer.values.title()}"
    reasons, slots = _reasons(writer.module, field), writer.module.use("list_slots")
    call = f"slot({value}, " if slot.split is None else f"slot_of_several({value}, {lit(slot.split)}, "
    writer.block.add(f"{local} = {slots}.{call}{which}{reasons})")
    inner = next(inner for inner in field.model.type.fields if inner.name.value == name)
    encoded = writer.values.encoded(local, inner.type, None, f"{writer.named(assignment)}.{name}", assignment.target)
    if not writer.updates:
        return BodyEntry(assignment.target.path.segments, encoded, f"{local} is not None")
    cleared = writer.cleared(assignment)
    code = local if encoded == local and cleared == "None" else f"{encoded} if {local} is not None else {cleared}"
    return BodyEntry(assignment.target.path.segments, code, writer.in_update(assignment))


def _constants(module: ModuleContext, field: ResolvedField) -> str:
    """Return the constant that holds the constants by which the elements of a field's locations are distinguished."""
    locations = "".join(f"{lit(dict(slot.constants))}, " for slot in field.slots)
    return module.constant(constant(field.name, "slots"), f"({locations})")


def _reasons(module: ModuleContext, field: ResolvedField) -> str:
    """Return a further argument: the constant with the reasons why the vendor has no location for some elements. Empty if no reason is
    given.
    """
    prefix = f"{field.name}."
    unsupported = module.resource.unsupported
    reasons = {key.removeprefix(prefix): reason.value for key, reason in unsupported.items() if key.startswith(prefix)}
    return f", {module.constant(constant(field.name, 'unsupported'), lit(reasons))}" if reasons else ""
