"""The adapter module of one resource at one vendor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from unified_gen.documents import OperationFacts
from unified_gen.language import ast
from unified_gen.lower.answers import kept_needs, record_segments
from unified_gen.lower.batches import batch_code
from unified_gen.lower.context import ModuleContext
from unified_gen.lower.function import Function
from unified_gen.lower.operations import write_operation
from unified_gen.lower.python import constant, docstring, lit, tuple_of, unique
from unified_gen.lower.records import Segments, record_places, record_reader
from unified_gen.lower.structs import Structs
from unified_gen.render.engine import python, render
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedResource, ResolvedStep
from unified_gen.schema.paths import Name, parse_path
from unified_gen.schema.walk import walk

_CLASSES = ("SAFE", "IDEMPOTENT", "KEYED", "NEVER")
"""From the one that is repeated most freely."""
_SAFE = ("GET", "HEAD", "OPTIONS")
_IDEMPOTENT = ("PUT", "DELETE")
_READING = ("get", "list", "changes")


def render_resource(resource: ResolvedResource, structs: Structs, used: Mapping[str, frozenset[str]]) -> str:
    """The module's source."""
    module = ModuleContext(resource, structs)
    endpoints, lines = _endpoints(module, resource)
    module.endpoints = frozenset(endpoints.values())
    reader = record_reader(module, _kept_places(resource))
    functions = [
        write_operation(Function(module, operation, reader, endpoints, used.get(operation.name, frozenset())))
        for operation in resource.operations
    ]
    title = resource.unit.declaration.title
    return python(
        render(
            "resource.py.j2",
            docstring=docstring(f"{title} {resource.model.resource}, compiled from its mapping. Written by `gen build`; do not edit.", ""),
            imports=import_lines(module.imports, module.modules, types=resource.unit.name if module.uses_types else None),
            endpoints=lines,
            constants=[f"{name}{f': {type}' if type else ''} = {source}" for name, (type, source) in module.constants.items()],
            fields=lit(error_fields(resource)),
            gaps=lit(_operation_gaps(resource)),
            custom=_custom(module),
            repeatable=lit(_repeatable(resource)),
            batches=lit(batch_sizes(resource)),
            functions=[*functions, *module.helpers.values()],
        )
    )


def vendor_module(name: str) -> str:
    """A vendor's name as a module: `google-drive` is `google_drive`."""
    return name.replace("-", "_")


def import_lines(imports: Iterable[tuple[str, str]], modules: Iterable[str], *, types: str | None = None) -> list[str]:
    """Import statements in the usual order: standard library, third party, ours."""
    standard = {"datetime", "decimal", "typing", "collections.abc"}
    grouped: dict[str, set[str]] = {}
    for module, name in imports:
        grouped.setdefault(module, set()).add(name)
    if types is not None:
        grouped.setdefault(f"unified.vendors.{vendor_module(types)}", set()).add("types")

    def line(module: str) -> str:
        return f"from {module} import {', '.join(sorted(grouped[module], key=_import_order))}"

    first = [f"import {name}" for name in sorted(modules)] + [line(module) for module in sorted(grouped) if module in standard]
    rest = [line(module) for module in sorted(grouped) if module not in standard]
    return [*first, *([""] if first and rest else []), *rest]


def _import_order(name: str) -> tuple[int, str]:
    """Constants, then classes, then the rest, as import sorters do."""
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2, name)


def _endpoints(module: ModuleContext, resource: ResolvedResource) -> tuple[dict[str, str], list[str]]:
    """The constants of the vendor's operations, and their lines. What is safe to repeat in one place and not in another is not."""
    found: dict[str, tuple[OperationFacts, str | None, str]] = {}
    for operation in resource.operations:
        for step in operation.steps:
            for facts, host, retry in _called(resource, operation, step):
                known = found.get(facts.name)
                found[facts.name] = (facts, host, retry if known is None else max(retry, known[2], key=_CLASSES.index))
    names: dict[str, str] = {}
    lines = []
    for facts, host, retry in found.values():
        name = names[facts.name] = unique(constant(facts.name), {*names.values(), "BATCHES", "CUSTOM", "FIELDS", "GAPS", "REPEATABLE"})
        module.use("Endpoint")
        module.use("Retry")
        on = f", {lit(host)}" if host is not None else ""
        batch = resource.batch_of(facts.name)
        many = f", batch={batch_code(module, batch, retry)}" if batch is not None else ""
        lines.append(f"{name} = Endpoint({lit(facts.name)}, {lit(facts.method)}, {lit(facts.path)}, Retry.{retry}{on}{many})")
    return names, lines


def _called(
    resource: ResolvedResource, operation: ResolvedOperation, step: ResolvedStep
) -> Iterator[tuple[OperationFacts, str | None, str]]:
    """The vendor's operations that a step may call: each with the host that it stands on and its class."""
    yield step.facts, step.host, "SAFE" if step.facts.name in resource.reading else retry_class(operation, step)
    for _, facts, host in step.media.calls if step.media is not None else ():
        yield facts, host, "SAFE" if facts.name in resource.reading else "NEVER"
    if step.paging is not None and step.paging.call is not None:
        yield step.paging.call, step.paging.host, "SAFE"
    for _, facts, host in step.through.calls if step.through is not None else ():
        yield facts, host, _class(facts)
    if step.reconcile is not None:
        yield step.reconcile.look.facts, step.reconcile.look.host, "SAFE"


def retry_class(operation: ResolvedOperation, step: ResolvedStep) -> str:
    """When a request may be repeated (RFC 9110 section 9.2.2), or because it carries the vendor's idempotency key."""
    if step.facts.method in _SAFE or operation.like in _READING:
        return "SAFE"
    if step.media is not None and operation.like == "create":  # what came of it is asked for, not tried: the name may be taken by it now
        return "NEVER"
    keyed = any(a.reference is not None and a.reference.kind == "key" for a in step.every_assignment)
    if keyed:
        return "KEYED"
    return "IDEMPOTENT" if step.facts.method in _IDEMPOTENT and not step.ast.once else "NEVER"


def _class(facts: OperationFacts) -> str:
    """When a request of an exchange may be repeated, by its method alone."""
    return "SAFE" if facts.method in _SAFE else "IDEMPOTENT" if facts.method in _IDEMPOTENT else "NEVER"


def _repeatable(resource: ResolvedResource) -> tuple[str, ...]:
    """The writes of which every request may be sent again."""
    return tuple(
        operation.name
        for operation in resource.operations
        if operation.like not in _READING
        and all(step.media is None and retry_class(operation, step) != "NEVER" for step in operation.steps)
    )


def batch_sizes(resource: ResolvedResource) -> dict[str, int]:
    """How many calls of each operation that writes the vendor takes at once: the fewest that one of its batches takes."""
    found: dict[str, int] = {}
    for operation in resource.operations:
        batches = [
            batch.way.most
            for step in operation.steps
            if (batch := resource.batch_of(step.facts.name)) is not None and retry_class(operation, step) != "SAFE"
        ]
        if batches and operation.like not in _READING:
            found[operation.name] = min(batches)
    return found


def _kept_places(resource: ResolvedResource) -> tuple[Segments, ...]:
    """What is kept of a record, searched or not, as far as it is needed; and the next page of its last record."""
    found: list[Segments] = []
    for operation in resource.operations:
        for step in operation.steps:
            if step.paging is not None and step.paging.ast.style == "last" and step.paging.next is not None:
                found += [leaf.path.segments for leaf in (step.paging.next, *(leaf for _, leaf in step.paging.beside))]
            if step.answer is not None and step.answer.record is not None:
                record = record_segments(step.answer)
                needs = (need for kept in step.kept for need in kept_needs(operation, kept))
                found += [need[len(record) :] for need in needs if need[: len(record)] == record and len(need) > len(record)]
    return tuple(dict.fromkeys(found))


def error_fields(resource: ResolvedResource) -> dict[str, str]:
    """The vendor's names of what is written, to unified names: the field map read backwards."""
    errors = resource.unit.declaration.errors
    below = errors.fields_below if errors is not None else None
    places: dict[tuple[str, ...], str] = {}
    for operation in resource.operations:
        for step in operation.steps:
            for assignment in step.assignments:
                name = assignment.field.name if assignment.field is not None else None
                if name is None and assignment.reference is not None and assignment.reference.kind in ("field", "input", "id"):
                    name = assignment.reference.name
                names = assignment.target.path.names
                if below is not None and names[:1] == (below,):
                    names = names[1:]
                if names and name is not None:
                    places.setdefault(names, name)
    found = {".".join(names): name for names, name in places.items()}
    for index in (0, -1):  # a vendor may name the outermost object or the innermost, as long as it is one field's alone
        for names, name in places.items():
            if all(other == name for path, other in places.items() if path[index] == names[index]):
                found.setdefault(names[index], name)
    return found


def _custom(module: ModuleContext) -> str | None:
    """Where the records hold the fields that an account has added, if callers may ask for such."""
    resource = module.resource
    declared, pattern = resource.ast.custom, resource.custom
    if not module.custom or declared is None or pattern is None:
        return None
    names = parse_path(declared.below.value).names if declared.below is not None else ()
    read = (tuple(segment.name for segment in place if isinstance(segment, Name)) for place in record_places(resource))
    there = {place[len(names)] for place in read if place[: len(names)] == names and len(place) > len(names)}
    own = sorted(name for name in there if pattern.fullmatch(name))  # what has a unified name is no field of the account's
    held = tuple_of(map(lit, own)) if own else "()"
    split = declared.split.value if declared.split is not None else None
    return (
        f"({tuple_of(map(lit, names)) if names else '()'}, {lit(pattern.pattern)}, {held}, {lit(_texts(resource, declared))}, {lit(split)})"
    )


def _texts(resource: ResolvedResource, declared: ast.Custom) -> bool:
    """Whether the vendor writes every value of such a field as a text, and clears any field with an empty one."""
    clear = resource.unit.declaration.clear
    if declared.below is None or clear is None or clear.value != "":
        return False
    held = walk(resource.unit.schemas, resource.record, parse_path(declared.below.value)).shape
    inner = resource.unit.schemas.shape(held.additional) if held is not None and held.additional is not None else None
    return inner is not None and inner.kinds == {"string"}


def _operation_gaps(resource: ResolvedResource) -> dict[str, str]:
    mapped = {operation.name for operation in resource.operations}
    return {
        operation.name.value: resource.gaps[operation.name.value].value
        for operation in resource.model.operations
        if operation.name.value in resource.gaps and operation.name.value not in mapped
    }
