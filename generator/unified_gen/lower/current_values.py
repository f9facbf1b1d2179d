"""Code of an update that changes a part of a value: members of a list, text that is appended, and `extra` for a request of its own."""

from __future__ import annotations

from unified_gen.lower.function import Function
from unified_gen.lower.python import lit
from unified_gen.lower.values import Values
from unified_gen.resolve.current_values import part_inputs
from unified_gen.resolve.resolved import ResolvedStep


def write_current(fn: Function, values: Values, step: ResolvedStep) -> None:
    """Write the change of the input by the current values that a step has saved."""
    if not step.current:
        return
    names = {given.name.value for given in fn.operation.model.inputs}
    arguments = []
    for current in step.current:
        name, value = current.field.name.value, values.raw(current.value)
        if not set(part_inputs(current.field)) & names:
            continue
        keywords = ""
        if current.field.type.many:
            function = "by_member" if current.by_member else "complete_list"
            keywords = f", {values.raw(current.protect)}" if current.protect is not None else ""
        else:
            function = "text"
            if current.resolved is not None and current.resolved.codec is not None:
                keywords = (
                    f", {fn.module.codec(current.resolved.codec.module)}.extend, {fn.module.codec(current.resolved.codec.module)}.lost"
                )
        arguments.append(f"{fn.module.use('current_values')}.{function}({values.record}, {lit(name)}, {value}, {values.title()}{keywords})")
    for argument in arguments:
        fn.block.add(f"{values.record} = {argument}")
    if arguments:
        fn.block.add(f"given = {values.record}.model_fields_set")


def declare_extra(fn: Function, values: Values) -> None:
    """Declare the parts of `extra` that requests of their own accept: none, until the object that names them is saved."""
    declare_custom_fields(fn, values)
    for step in fn.operation.steps:
        for name, _ in step.extra:
            local = fn.local(f"{name}_extra")
            fn.module.typing("Any")
            fn.block.add(f"{local}: dict[str, Any] = {{}}")
            values.extra[(step.facts.name, name)] = local


def write_extra(fn: Function, values: Values, saved: str) -> None:
    """Write the split of `extra`, once the object that names what a later request accepts is saved."""
    for step in fn.operation.steps:
        for name, reference in step.extra:
            if reference.name == saved:
                parts = f"{fn.module.use('extra_objects')}.split(ctx, {lit(name)}, {values.raw(reference)})"
                fn.block.add(f"{values.extra[(step.facts.name, name)]}, ctx = {parts}")


CUSTOM_FIELDS = ("", "custom_fields")
"""Key of the custom fields in `Values.extra`."""


def declare_custom_fields(fn: Function, values: Values) -> None:
    """Take the custom fields out of `extra`, if requests of their own write them."""
    if not any(step.ast.custom_fields is not None for step in fn.operation.steps):
        return
    local = values.extra[CUSTOM_FIELDS] = fn.local("custom")
    fn.block.add(f"{local}, ctx = {fn.module.use('extra_objects')}.custom_fields(ctx, CUSTOM)")


def sent_for_each(step: ResolvedStep) -> bool:
    """Return true if a request is sent for each of some custom fields."""
    return step.ast.custom_fields is not None and step.ast.custom_fields.value in ("each", "cleared")


def write_custom_fields(fn: Function, values: Values, step: ResolvedStep) -> None:
    """Open the loop over the custom fields that a request is sent for."""
    cleared = step.ast.custom_fields is not None and step.ast.custom_fields.value == "cleared"
    name = fn.local("custom_field")
    function, given = fn.module.use("extra_objects"), f"({values.extra[CUSTOM_FIELDS]}, CUSTOM)"
    if cleared:
        values.direct = {**values.direct, "custom_field": name}
        fn.block.open(f"for {name} in {function}.cleared{given}:")
        return
    value = fn.local("custom_field_value")
    values.direct = {**values.direct, "custom_field": name, "custom_field_value": value}
    fn.block.open(f"for {name}, {value} in {function}.with_values{given}:")
