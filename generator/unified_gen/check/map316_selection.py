"""A request that does not select what is read, or selects a property that does not exist.

Parameters such as `fields`, `select` and `include` name the properties of the records that the vendor returns. Reported are

- a constant that names a property which the records of the response do not have;
- a constant that does not name a property which a field reads, of the object that has the name of the parameter;
- a list or record that is read from a property which such a parameter must name, by the values that the document declares for it, and
  which the request does not name: the vendor then leaves it out;
- a request for records without the constant that names an object which fields read (`associations`), and which another request sends.

If the vendor returns it anyway, or has more names than its document, accept it with the reason: `allow: {MAP316 <name>: …}`.

Wrong: `items: issue.journals` without `constants: {include: [journals]}`. Right: with it.
"""

from collections.abc import Iterator
from typing import Any

from unified_gen.check.names import every_word, plain_fields
from unified_gen.diagnostics.rule import rule
from unified_gen.diagnostics.suggestions import did_you_mean
from unified_gen.resolve.resolved import ResolvedResource, ResolvedStep
from unified_openapi.diagnostics import Diagnostic, Severity, finding
from unified_openapi.schemas.paths import Name
from unified_openapi.schemas.shapes import Schemas, Shape

CODE = rule("MAP316", "properties that are not selected", __doc__, Severity.WARNING)

_SELECTS = frozenset({"fields", "opt_fields", "select"})
_INCLUDES = frozenset({"include", "expand", "fields", "opt_fields", "embed"})
_DEPTH = 4


def check(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report constants that select unknown properties, and properties that are read and not selected."""
    yield from _left_out(resource)
    for operation in resource.operations:
        for step in operation.requests:
            yield from _unknown(resource.unit.schemas, step)
            yield from _not_requested(resource.unit.schemas, step)
            if operation.kind in ("get", "list"):
                yield from _objects(resource, step)


def _left_out(resource: ResolvedResource) -> Iterator[Diagnostic]:
    """Report requests for records without the constant that another one has for an object which fields read."""
    readers = [step for one in resource.operations if one.kind in ("get", "list") for step in one.steps]
    read = {leaf.path.names[0] for field in resource.fields for leaf in field.leaves() if len(leaf.path.names) > 1 and not leaf.request}
    sent = {one.target.name for step in readers for one in step.assignments if one.origin == "set" and one.target.location == "query"}
    for step in readers:
        own = {one.target.name for one in step.every_assignment}
        for one in step.facts.parameters:
            if one.location == "query" and one.name in (sent & read) - own:
                yield finding(
                    CODE,
                    f"fields read `{one.name}`, and `{step.ast.operation.value}` does not request it, as another request does",
                    step.ast.operation.span,
                    help=f"add it to `constants`, or accept it: `allow: {{MAP316 {one.name}: …}}`",
                )


def _objects(resource: ResolvedResource, step: ResolvedStep) -> Iterator[Diagnostic]:
    """Report properties of an object that fields read, and a constant of the object's name does not list."""
    for one in step.assignments:
        names = {*_names(one.literal)} if one.origin == "set" and isinstance(one.literal, list) else set()
        if not names or one.target.location != "query" or one.target.name not in resource.record.properties:
            continue
        for _, field, _ in plain_fields(resource):
            for leaf in field.leaves():
                path = leaf.path.names
                if len(path) > 1 and path[0] == one.target.name and path[1] not in names and not leaf.request:
                    yield finding(
                        CODE,
                        f"`{field.name}` reads `{leaf.text.value}`, and `{one.target.name}` of `{step.ast.operation.value}` lacks it",
                        one.span,
                        help=f"add `{path[1]}`, or accept it: `allow: {{MAP316 {path[1]}: …}}`",
                    )


def _unknown(schemas: Schemas, step: ResolvedStep) -> Iterator[Diagnostic]:
    if step.response is None or not (known := _properties(schemas, step.response.shape, _DEPTH)):
        return
    for one in step.assignments:
        shape = one.target.walk.shape
        if "_".join(every_word(one.target.name)) not in _SELECTS or one.origin not in ("set", "default") or shape is None:
            continue
        listed = schemas.shape(shape.items) if shape.items is not None else shape
        for name in _names(one.literal) if listed.enum_values is None else ():
            if name not in known:
                yield finding(
                    CODE,
                    f"`{one.target.name}` of `{step.ast.operation.value}` selects `{name}`, which its response does not have",
                    one.span,
                    help=did_you_mean(name, tuple(sorted(known))) or f"correct it, or accept it: `allow: {{MAP316 {name}: …}}`",
                )


def _names(literal: Any) -> Iterator[str]:
    """Yield the first names of the paths that a constant lists; forms of their own, such as `*` and `data(id)`, have none."""
    for text in literal if isinstance(literal, list) else [literal]:
        for part in str(text).split(","):
            name = part.strip().partition(".")[0].partition("/")[0].lstrip("-")
            if name.replace("_", "").isalnum():
                yield name


def _properties(schemas: Schemas, shape: Shape, depth: int) -> frozenset[str]:
    found: set[str] = set()
    for variant in (shape, *shape.variants()):
        pointers = [*variant.properties.values(), *([variant.items] if variant.items is not None else [])]
        found |= {*variant.properties}
        for pointer in pointers if depth > 1 else ():
            found |= _properties(schemas, schemas.shape(pointer), depth - 1)
    return frozenset(found)


def _not_requested(schemas: Schemas, step: ResolvedStep) -> Iterator[Diagnostic]:
    response = step.response
    if response is None:
        return
    paths = [path for path in (response.items, response.record) if path is not None]
    read = {segment.name for path in paths for segment in path.segments if isinstance(segment, Name)}
    sent = {one.target.name: one for one in step.assignments}
    for parameter in step.facts.parameters:
        shape = schemas.shape(parameter.schema)
        listed = schemas.shape(shape.items) if shape.items is not None else shape
        if "_".join(every_word(parameter.name)) not in _INCLUDES or listed.enum_values is None:
            continue
        given = sent.get(parameter.name)
        named = set(_names(given.literal)) if given is not None and given.literal is not None else set()
        for name in sorted(read & {*map(str, listed.enum_values)} - named if given is None or given.literal is not None else ()):
            yield finding(
                CODE,
                f"`{step.ast.operation.value}` returns `{name}` only if `{parameter.name}` names it, and the request does not",
                step.ast.operation.span,
                help=f"add `{parameter.name}: [{name}]` to `constants`, or accept it: `allow: {{MAP316 {name}: …}}`",
            )
