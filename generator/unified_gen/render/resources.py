"""Adapter module of one resource at one vendor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from unified_gen.language import ast
from unified_gen.lower.batches import Batches
from unified_gen.lower.context import BATCHES, ModuleContext
from unified_gen.lower.endpoint_styles import EndpointStyles
from unified_gen.lower.function import Function
from unified_gen.lower.operations import write_operation
from unified_gen.lower.python import constant, docstring, lit, unique
from unified_gen.lower.records import Segments, record_paths, record_reader
from unified_gen.lower.responses import record_segments, saved_needs
from unified_gen.lower.structs import Structs
from unified_gen.render import custom_fields
from unified_gen.render.engine import python, render
from unified_gen.resolve import passed
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedResource, ResolvedStep
from unified_openapi.documents import OperationFacts
from unified_openapi.schemas.paths import Name
from unified_openapi.schemas.walk import walk

_CLASSES = ("SAFE", "IDEMPOTENT", "KEYED", "NEVER")
"""From the one that is repeated most freely."""
_SAFE = ("GET", "HEAD", "OPTIONS")
_IDEMPOTENT = ("PUT", "DELETE")
_READING = ("get", "list", "changes")


def render_resource(resource: ResolvedResource, structs: Structs, batches: Batches, used: Mapping[str, frozenset[str]]) -> str:
    """Return the module's source. The structs and batches of the vendor's other modules that it needs are added to these."""
    module = ModuleContext(resource, structs)
    endpoints, lines = _endpoints(module, batches)
    module.endpoints = frozenset(endpoints.values())
    reader = record_reader(module, _saved_paths(resource))
    functions = [
        write_operation(Function(module, operation, reader, endpoints, used.get(operation.name, frozenset())))
        for operation in resource.operations
    ]
    custom = _custom(module)
    title = resource.unit.declaration.title
    return python(
        render(
            "resource.py.j2",
            docstring=docstring(f"{title} {resource.model.resource}, compiled from its mapping. Written by `gen build`; do not edit.", ""),
            imports=import_lines([*module.imports, *((".", name) for name in module.siblings)], module.modules),
            endpoints=lines,
            constants=[f"{name}{f': {type}' if type else ''} = {source}" for name, (type, source) in module.constants.items()],
            fields=lit(error_fields(resource)),
            unsupported=lit(_unsupported_operations(resource)),
            custom=custom,
            repeatable=lit(_repeatable(resource)),
            batches=lit(batch_sizes(resource)),
            moves=resource.ast.ids_change,
            functions=[*functions, *module.helpers.values()],
        )
    )


def vendor_module(name: str) -> str:
    """Return a vendor's name as a module: `google-drive` is `google_drive`."""
    return name.replace("-", "_")


def import_lines(imports: Iterable[tuple[str, str]], modules: Iterable[str] = ()) -> list[str]:
    """Return import statements in the usual order: standard library, ours, those of the same package."""
    standard = {"datetime", "decimal", "typing", "collections.abc"}
    grouped: dict[str, set[str]] = {}
    for module, name in imports:
        grouped.setdefault(module, set()).add(name)

    def line(module: str) -> str:
        return f"from {module} import {', '.join(sorted(grouped[module], key=_import_order))}"

    first = [f"import {name}" for name in sorted(modules)] + [line(module) for module in sorted(grouped) if module in standard]
    rest = [line(module) for module in sorted(grouped, key=lambda module: (module.startswith("."), module)) if module not in standard]
    return [*first, *([""] if first and rest else []), *rest]


def _import_order(name: str) -> tuple[int, str]:
    """Return the sort key of import sorters: constants, then classes, then the rest."""
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2, name)


def _endpoints(module: ModuleContext, batches: Batches) -> tuple[dict[str, str], list[str]]:
    """Return the constants of the vendor's operations, and their lines. What is safe to repeat in one location and not in another is
    not."""
    resource = module.resource
    found: dict[str, tuple[OperationFacts, str | None, str]] = {}
    declared: dict[str, EndpointStyles] = {}
    for operation in resource.operations:
        more = passed.names(resource, operation)
        for step in operation.steps:
            declared.setdefault(step.facts.name, EndpointStyles()).add(resource.unit, step, more)
            for facts, host, retry in _called(resource, operation, step):
                known = found.get(facts.name)
                found[facts.name] = (facts, host, retry if known is None else max(retry, known[2], key=_CLASSES.index))
    names: dict[str, str] = {}
    lines = []
    for facts, host, retry in found.values():
        name = names[facts.name] = unique(
            constant(facts.name), {*names.values(), "BATCHES", "CUSTOM", "FIELDS", "UNSUPPORTED", "REPEATABLE"}
        )
        module.use("Endpoint")
        module.use("Retry")
        on = f", {lit(host)}" if host is not None else ""
        batch = resource.batch_of(facts.name)
        if batch is not None:
            module.siblings.add("batches")
        many = f", batch=batches.{batches.add(batch, retry)}" if batch is not None else ""
        styled = declared[facts.name].code(module) if facts.name in declared else ""
        lines.append(f"{name} = Endpoint({lit(facts.name)}, {lit(facts.method)}, {lit(facts.path)}, Retry.{retry}{on}{many}{styled})")
    return names, lines


def _called(
    resource: ResolvedResource, operation: ResolvedOperation, step: ResolvedStep
) -> Iterator[tuple[OperationFacts, str | None, str]]:
    """Yield the vendor's operations that a step may call: each with the host that it is on and its class."""
    yield step.facts, step.host, "SAFE" if step.facts.name in resource.reading else retry_class(operation, step)
    for _, facts, host in step.media.operations if step.media is not None else ():
        yield facts, host, "SAFE" if facts.name in resource.reading else "NEVER"
    if step.pagination is not None and step.pagination.operation is not None:
        yield step.pagination.operation, step.pagination.host, "SAFE"
    for _, facts, host in step.exchange.operations if step.exchange is not None else ():
        yield facts, host, _class(facts)
    if step.reconcile is not None:
        yield step.reconcile.lookup.facts, step.reconcile.lookup.host, "SAFE"


def retry_class(operation: ResolvedOperation, step: ResolvedStep) -> str:
    """Return the retry class of a request, by its method (RFC 9110 section 9.2.2) or because it carries the vendor's idempotency key."""
    if step.facts.method in _SAFE or operation.kind in _READING or (step.facts.graphql is not None and step.facts.graphql.reads):
        return "SAFE"
    if step.media is not None and operation.kind == "create":  # a lost upload is looked up, not repeated: its name may be in use now
        return "NEVER"
    keyed = any(a.reference is not None and a.reference.kind == "key" for a in step.every_assignment)
    if keyed:
        return "KEYED"
    return "IDEMPOTENT" if step.facts.method in _IDEMPOTENT and not step.ast.never_retry else "NEVER"


def _class(facts: OperationFacts) -> str:
    """Return the retry class of a request of an exchange, by its method only."""
    if facts.graphql is not None:
        return "SAFE" if facts.graphql.reads else "NEVER"
    return "SAFE" if facts.method in _SAFE else "IDEMPOTENT" if facts.method in _IDEMPOTENT else "NEVER"


def _repeatable(resource: ResolvedResource) -> tuple[str, ...]:
    """Return the writes of which every request may be sent again."""
    return tuple(
        operation.name
        for operation in resource.operations
        if operation.kind not in _READING
        and all(step.media is None and retry_class(operation, step) != "NEVER" for step in operation.steps)
    )


def batch_sizes(resource: ResolvedResource) -> dict[str, int]:
    """Return the number of calls of each writing operation that the vendor accepts at once: the least of its batches' limits."""
    found: dict[str, int] = {}
    for operation in resource.operations:
        batches = [
            batch.strategy.max_items
            for step in operation.steps
            if (batch := resource.batch_of(step.facts.name)) is not None and retry_class(operation, step) != "SAFE"
        ]
        if batches and operation.kind not in _READING:
            found[operation.name] = min(batches)
    return found


def _saved_paths(resource: ResolvedResource) -> tuple[Segments, ...]:
    """Return the locations of a record that are saved or searched, as far as they are needed; and of the next page in the last record."""
    found: list[Segments] = []
    for operation in resource.operations:
        for step in operation.steps:
            if step.pagination is not None and step.pagination.ast.style == "last" and step.pagination.next is not None:
                found += [leaf.path.segments for leaf in (step.pagination.next, *(leaf for _, leaf in step.pagination.further))]
            if step.response is not None and step.response.record is not None:
                record = record_segments(step.response)
                needs = (need for saved in step.saved for need in saved_needs(operation, saved))
                found += [need[len(record) :] for need in needs if need[: len(record)] == record and len(need) > len(record)]
    return tuple(dict.fromkeys(found))


def error_fields(resource: ResolvedResource) -> dict[str, str]:
    """Return the vendor's names of the fields that are written, to unified names: the field map read backwards."""
    errors = resource.unit.declaration.errors
    below = errors.fields_prefix if errors is not None else None
    locations: dict[tuple[str, ...], str] = {}
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
                    locations.setdefault(names, name)
    found = {".".join(names): name for names, name in locations.items()}
    for index in (0, -1):  # a vendor may name the outermost object or the innermost, if it belongs to one field only
        for names, name in locations.items():
            if all(other == name for path, other in locations.items() if path[index] == names[index]):
                found.setdefault(names[index], name)
    return found


def _custom(module: ModuleContext) -> str | None:
    """Return the location in the records of fields that an account has added, if callers may request such fields."""
    resource = module.resource
    declared, pattern = resource.ast.custom_fields, resource.custom_fields
    if not module.custom or declared is None or pattern is None:
        return None
    if declared.items is not None:
        return custom_fields.listed(module, declared, declared.items, pattern)
    names = declared.object.path.names if declared.object is not None else ()
    read = (tuple(segment.name for segment in location if isinstance(segment, Name)) for location in record_paths(resource))
    there = {location[len(names)] for location in read if location[: len(names)] == names and len(location) > len(names)}
    own = sorted(name for name in there if pattern.fullmatch(name))  # a field with a unified name is not a custom field
    arguments = {"path": lit(names), "pattern": lit(pattern.pattern)}
    arguments |= {"mapped_names": lit(tuple(own))} if own else {}
    arguments |= {"as_text": "True"} if _texts(resource, declared) else {}
    arguments |= {"separator": lit(declared.separator.value)} if declared.separator is not None else {}
    return f"{module.use('CustomFieldLocation')}({', '.join(f'{name}={code}' for name, code in arguments.items())})"


def render_batches(title: str, batches: Batches) -> str:
    """Return the source of the module of a vendor's batches."""
    return python(
        render(
            "batches.py.j2",
            docstring=docstring(f"Batch operations of {title}. Written by `gen build`; do not edit.", ""),
            imports=import_lines((BATCHES[name], name) for name in batches.imports),
            constants=list(batches.constants.items()),
        )
    )


def _texts(resource: ResolvedResource, declared: ast.CustomFields) -> bool:
    """Return true if the vendor writes every value of such a field as a text, and clears any field with an empty one."""
    clear = resource.unit.declaration.clear
    if declared.object is None or clear is None or clear.value != "":
        return False
    held = walk(resource.unit.schemas, resource.record, declared.object.path).shape
    inner = resource.unit.schemas.shape(held.additional) if held is not None and held.additional is not None else None
    return inner is not None and inner.kinds == {"string"}


def _unsupported_operations(resource: ResolvedResource) -> dict[str, str]:
    mapped = {operation.name for operation in resource.operations}
    return {
        operation.name.value: resource.unsupported[operation.name.value].value
        for operation in resource.model.operations
        if operation.name.value in resource.unsupported and operation.name.value not in mapped
    }
