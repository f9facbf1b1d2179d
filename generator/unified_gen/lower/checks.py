"""Write what an operation makes sure of before anything is sent."""

from __future__ import annotations

from unified_gen.language import ast
from unified_gen.lower.function import Function
from unified_gen.lower.gaps import refused_fields, refused_values, uncleared
from unified_gen.lower.python import constant, lit, snake, tuple_of, unique
from unified_gen.lower.values import Values
from unified_gen.resolve.places import step_references
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedStep

GIVEN = "given = "
"""How the function remembers which inputs an update was given."""


def write_checks(fn: Function, values: Values, record: str | None) -> None:
    """Refuse what the vendor cannot take, make sure of what it needs, and take composite ids apart."""
    name, title = fn.operation.name, lit(fn.module.title)
    if record is not None:
        refuse(fn, values, record, refused_fields(fn.resource, fn.operation, fn.used), constant(name, "gaps"))
        for field_name, reasons in refused_values(fn.resource, fn.operation, fn.used).items():
            fn.block.add(f"{values.inputs()}.refuse_values({lit(field_name)}, {record}.{field_name}, {lit(reasons)}, {title})")
    for given in fn.operation.model.ids:
        if given.name.value not in fn.used and not given.required:
            keys = (f"{name}.{given.name}", f"filter.{given.name}")
            reason = next((fn.resource.gaps[key].value for key in keys if key in fn.resource.gaps), "")
            value = values.plain(given.name.value)
            fn.block.add(f"{values.inputs()}.refuse_input({lit(given.name.value)}, {value}, {lit(reason)}, {title})")
    if fn.operation.like == "update" and record is not None and fn.operation.model.fields != ():
        stuck = uncleared(fn.resource, fn.operation, fn.used)
        fn.block.add(f"{GIVEN}{values.inputs()}.changes({record}, ctx.extra, {title})")
        if stuck:
            names = fn.module.constant(constant(name, "never", "cleared"), tuple_of(map(lit, stuck)))
            fn.block.add(f"{values.inputs()}.refuse_clearing({record}, given, {names}, {title})")
        for known, fields in told_beside(fn.operation).items():
            fn.block.add(f"{values.inputs()}.together({record}, {lit(known)}, {tuple_of(map(lit, fields))}, {title})")
    if not fn.operation.ast.either:
        for step in fn.operation.steps:
            if step.condition is None:
                require(fn, values, step)
    _parts(fn, values)
    _sums(fn, values)


def _sums(fn: Function, values: Values) -> None:
    """The checksums of contents that are compared with what the vendor tells: asked for before anything is read."""
    wanted: dict[str, list[str]] = {}
    for step in fn.operation.steps:
        if step.media is not None:
            names = wanted.setdefault(values.raw(step.media.input), [])
            names += [name for name, _ in step.verify if name != "size" and name not in names]
    for content, names in wanted.items():
        if names:
            fn.block.add(f"{content}.sums({', '.join(map(lit, names))})")


def refuse(fn: Function, values: Values, record: str, reasons: dict[str, str], named: str) -> None:
    """Tell a caller who gives what nothing takes."""
    if ast.SOUGHT in reasons:  # no field of the input
        reasons = dict(reasons)
        reason = reasons.pop(ast.SOUGHT)
        fn.block.add(
            f"{values.inputs()}.refuse_input({lit(ast.SOUGHT)}, {values.plain(ast.SOUGHT)}, {lit(reason)}, {lit(fn.module.title)})"
        )
    if reasons:
        gaps = fn.module.constant(named, lit(reasons))
        clears = ", clears=True" if fn.operation.like == "update" else ""
        fn.block.add(f"{values.inputs()}.refuse({record}, {gaps}, {lit(fn.module.title)}{clears})")


def require(fn: Function, values: Values, step: ResolvedStep) -> None:
    """Inputs the vendor needs though the model does not: made sure of, and held in a local."""
    for name in dict.fromkeys(reference.name for reference in step.requires):
        if name in values.locals or name in values.present:
            continue
        local = fn.local(name)
        fn.block.add(f"{local} = {values.inputs()}.require({lit(name)}, {values.plain(name)}, {lit(fn.module.title)})")
        values.locals[name] = local


def _parts(fn: Function, values: Values) -> None:
    """Take composite ids apart, once, before anything is sent."""
    needed: dict[str, tuple[ast.Parts, bool]] = {}
    named: set[tuple[str, str | None]] = set()
    for step in fn.operation.steps:
        for reference in step_references(step):
            if reference.kind == "part" and reference.carrier is not None and reference.carrier.ast.parts is not None:
                needed[reference.name] = (reference.carrier.ast.parts, reference.absent)
                named.add((reference.name, reference.part))
    for name, (parts, absent) in needed.items():
        pattern, names = fn.module.id_pattern(parts)
        locals_ = [unique(snake(part) if (name, part) in named else f"_{snake(part)}", fn.taken) for part in names]
        fn.taken.update(locals_)
        whole = values.plain(name)
        optional = absent and name not in values.locals
        function = "optional_parts" if optional else "parts"
        fn.block.add(
            f"{', '.join(locals_)}{',' if len(locals_) == 1 else ''} = {values.inputs()}.{function}({pattern}, {whole}, {lit(name)})"
        )
        values.parts.update({(name, part): local for part, local in zip(names, locals_, strict=True)})


def told_beside(operation: ResolvedOperation) -> dict[str, list[str]]:
    """Inputs that go nowhere but into the codecs of other fields, and those fields: given alone, they would be lost."""
    sent = {a.field.name: a.field for step in operation.steps for a in step.assignments if a.field is not None and a.origin == "send"}
    found: dict[str, list[str]] = {}
    for name, each in sent.items():
        for known in each.ast.known_write:
            if known.value not in sent:
                found.setdefault(known.value, []).append(name)
    return found
