"""Code of the checks that an operation makes before anything is sent."""

from __future__ import annotations

from unified_gen.language import ast
from unified_gen.lower.composite_ids import id_pattern
from unified_gen.lower.function import Function
from unified_gen.lower.python import constant, lit, snake, tuple_of, unique
from unified_gen.lower.unsupported import refused_fields, refused_values, uncleared
from unified_gen.lower.values import Values
from unified_gen.resolve.inner_fields import not_sent
from unified_gen.resolve.inspection import step_references
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedStep

GIVEN = "given = "
"""Statement that records which inputs an update was given."""


def write_checks(fn: Function, values: Values, record: str | None) -> None:
    """Write the checks: refuse what the vendor cannot accept, require what it needs, and split composite ids."""
    name, title = fn.operation.name, lit(fn.module.title)
    if record is not None:
        refuse(fn, values, record, refused_fields(fn.resource, fn.operation, fn.used), constant(name, "unsupported"))
        for field_name, reasons in refused_values(fn.resource, fn.operation, fn.used).items():
            fn.block.add(f"{values.inputs()}.reject_values({lit(field_name)}, {record}.{field_name}, {lit(reasons)}, {title})")
        inner = {path: reason or "" for path, reason in not_sent(fn.resource, fn.operation, fn.used).items()}
        if inner:
            constant_name = fn.module.constant(constant(name, "inner", "unsupported"), lit(inner))
            fn.block.add(f"{values.inputs()}.reject_inner({record}, {constant_name}, {title})")
    for given in fn.operation.model.ids:
        if given.name.value not in fn.used and not given.required:
            keys = (f"{name}.{given.name}", f"filter.{given.name}")
            reason = next((fn.resource.unsupported[key].value for key in keys if key in fn.resource.unsupported), "")
            value = values.plain(given.name.value)
            fn.block.add(f"{values.inputs()}.reject_input({lit(given.name.value)}, {value}, {lit(reason)}, {title})")
    if fn.operation.kind == "update" and record is not None and fn.operation.model.fields != ():
        stuck = uncleared(fn.resource, fn.operation, fn.used)
        fn.block.add(f"{GIVEN}{values.inputs()}.changes({record}, ctx.extra, {title})")
        if stuck:
            names = fn.module.constant(constant(name, "never", "cleared"), tuple_of(map(lit, stuck)))
            fn.block.add(f"{values.inputs()}.reject_clearing({record}, given, {names}, {title})")
        for known, fields in reported_fields(fn.operation).items():
            fn.block.add(f"{values.inputs()}.require_together({record}, {lit(known)}, {tuple_of(map(lit, fields))}, {title})")
    if not fn.operation.ast.either:
        for step in fn.operation.steps:
            if step.condition is None:
                require(fn, values, step)
    _parts(fn, values)
    _sums(fn, values)


def _sums(fn: Function, values: Values) -> None:
    """Write the request for the checksums that are compared with the vendor's, before any content is read."""
    wanted: dict[str, list[str]] = {}
    for step in fn.operation.steps:
        if step.media is not None:
            names = wanted.setdefault(values.raw(step.media.input), [])
            names += [name for name, _ in step.verify if name != "size" and name not in names]
    for content, names in wanted.items():
        if names:
            fn.block.add(f"{content}.sums({', '.join(map(lit, names))})")


def refuse(fn: Function, values: Values, record: str, reasons: dict[str, str], named: str) -> None:
    """Write the refusal of inputs that nothing uses, with their reasons."""
    if ast.CUSTOM_FIELDS in reasons:  # not a field of the input
        reasons = dict(reasons)
        reason = reasons.pop(ast.CUSTOM_FIELDS)
        fn.block.add(
            f"{values.inputs()}.reject_input({lit(ast.CUSTOM_FIELDS)}, {values.plain(ast.CUSTOM_FIELDS)}, "
            f"{lit(reason)}, {lit(fn.module.title)})"
        )
    if reasons:
        unsupported = fn.module.constant(named, lit(reasons))
        clears = ", clears=True" if fn.operation.kind == "update" else ""
        fn.block.add(f"{values.inputs()}.reject_unsupported({record}, {unsupported}, {lit(fn.module.title)}{clears})")


def require(fn: Function, values: Values, step: ResolvedStep) -> None:
    """Write the checks of inputs that the vendor needs though the model does not, and hold them in locals."""
    for name in dict.fromkeys(reference.name for reference in step.requires):
        if name in values.locals or name in values.present:
            continue
        local = fn.local(name)
        fn.block.add(f"{local} = {values.inputs()}.require({lit(name)}, {values.plain(name)}, {lit(fn.module.title)})")
        values.locals[name] = local


def _parts(fn: Function, values: Values) -> None:
    """Write the split of composite ids into parts, once, before anything is sent."""
    needed: dict[str, tuple[ast.IdFormat, bool]] = {}
    named: set[tuple[str, str | None]] = set()
    for step in fn.operation.steps:
        for reference in step_references(step):
            if reference.kind == "part" and reference.carrier is not None and reference.carrier.ast.id_format is not None:
                needed[reference.name] = (reference.carrier.ast.id_format, reference.absent)
                named.add((reference.name, reference.part))
    for name, (parts, absent) in needed.items():
        pattern, names = id_pattern(fn.module, parts)
        locals_ = [unique(snake(part) if (name, part) in named else f"_{snake(part)}", fn.taken) for part in names]
        fn.taken.update(locals_)
        entire = values.plain(name)
        optional = absent and name not in values.locals
        function = "optional_parts" if optional else "parts"
        fn.block.add(
            f"{', '.join(locals_)}{',' if len(locals_) == 1 else ''} = {values.inputs()}.{function}({pattern}, {entire}, {lit(name)})"
        )
        values.parts.update({(name, part): local for part, local in zip(names, locals_, strict=True)})


def reported_fields(operation: ResolvedOperation) -> dict[str, list[str]]:
    """Return inputs that are used only by the codecs of other fields, and those fields: given without one of them, they would be lost."""
    sent = {a.field.name: a.field for step in operation.steps for a in step.assignments if a.field is not None and a.origin == "send"}
    found: dict[str, list[str]] = {}
    for name, each in sent.items():
        for known in each.ast.codec_writes:
            if known.value not in sent:
                found.setdefault(known.value, []).append(name)
    return found
