"""Inputs of a drafted step: which unified inputs fill which parameters of the vendor's request."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from unified_gen.language import ast
from unified_gen.resolve.conversions import writing
from unified_gen.scaffold import composite_ids
from unified_gen.scaffold.drafted import Draft
from unified_gen.scaffold.operations import SAME, Guess, body_schema, find_shape, reference_names
from unified_gen.scaffold.similarity import same_reference, tokens
from unified_gen.scaffold.vendor import CONNECTION, connection_name
from unified_openapi.documents import OperationFacts
from unified_openapi.schemas.shapes import Schemas, Shape

_SEARCH = frozenset({"q", "query", "search", "text", "keyword", "term"})


def needed_inputs(model: ast.Model, operation: ast.ModelOperation, facts: OperationFacts, bound: Mapping[str, str]) -> list[str]:
    """Return the optional inputs that fill required parameters."""
    required = {parameter.name for parameter in facts.parameters if parameter.required}
    optional = {given.name.value for given in operation.inputs if not given.required}
    if operation.kind == "create":
        optional |= {
            unified.name.value for unified in model.fields if operation.takes(unified) and operation.name.value not in unified.required
        }
    used = {parameter.rpartition(".")[2]: name.partition(".")[0] for parameter, name in bound.items()}
    return list(dict.fromkeys(name for parameter, name in used.items() if name in optional and parameter in required))


def bound_inputs(made: Draft, operation: ast.ModelOperation, guessed: Guess, schemas: Schemas) -> dict[str, str]:
    """Return the unified inputs by the parameters that accept them."""
    known = {given.name.value: given for given in operation.inputs}
    types: dict[str, ast.Type] = {name: given.type for name, given in known.items()}
    if operation.kind == "create":
        needed = [unified for unified in made.model.fields if operation.name.value in unified.required or _in_parts(made, unified, guessed)]
        types |= {unified.name.value: unified.type for unified in needed}
    references = {unified.name.value: unified.references for unified in made.model.fields} | {
        name: given.references for name, given in known.items()
    }
    refers = reference_names(guessed.facts.path)
    bound: dict[str, str] = {}
    for parameter in guessed.facts.parameters:
        if parameter.location not in ("path", "query"):
            continue
        if parameter.name == guessed.id_parameter:
            bound[parameter.name] = "id"
        elif operation.kind == "list" or parameter.location == "path":
            target = refers.get(parameter.name, parameter.name)
            near = max(types.keys() - set(bound.values()), key=lambda name: (same_reference(name, target), name), default=None)
            shape = find_shape(schemas, parameter.schema)
            if near is None or shape is None or not _accepts(made, types[near], known.get(near), parameter.name, shape):
                continue
            aside = not parameter.required and near in known and (known[near].field or near) in made.ambiguous
            if parameter.location == "path" and not _same_record(near, target, references.get(near)):
                continue
            if not aside and (same_reference(near, target) >= SAME or (near in known and known[near].searched_fields)):
                bound[parameter.name] = near
    others = {name: made.composite[of] for name, of in references.items() if of is not None and of in made.composite}
    bound = composite_ids.bind(bound, guessed.facts, made.parts, others, identified=guessed.id_parameter is not None)
    if (
        operation.kind == "update"
        and guessed.id_parameter not in (None, "id")
        and not made.parts
        and "id" in _required(guessed.facts, schemas)
    ):
        bound["id"] = "id"  # in the body too
    return _qualified({**shared_inputs(made, guessed.facts), **bound}, guessed.facts, schemas)


def _in_parts(made: Draft, unified: ast.ModelField, guessed: Guess) -> bool:
    """Return true if a field refers to a record whose id has several parts, and the path of a request has them."""
    parents = made.composite.get(unified.references or "", ())
    return bool(parents) and not unified.read_only and set(parents) <= set(reference_names(guessed.facts.path))


def _required(facts: OperationFacts, schemas: Schemas) -> frozenset[str]:
    """Return the names that a body requires."""
    pointer = body_schema(facts)
    shape = find_shape(schemas, pointer) if pointer is not None else None
    return shape.required if shape is not None else frozenset()


def _same_record(name: str, target: str, of: str | None) -> bool:
    """Return true if a part of a path can be what a reference refers to: the `{owner}` of a repository is not an assignee."""
    return of is None or same_reference(of, target) >= SAME or same_reference(name, target) == 1


def _qualified(bound: dict[str, str], facts: OperationFacts, schemas: Schemas) -> dict[str, str]:
    """Return the same with prefixes before names that the body has as well."""
    locations = {parameter.name: parameter.location for parameter in facts.parameters}
    bodies = [shape for pointer in facts.bodies.values() if (shape := find_shape(schemas, pointer)) is not None]
    anything = any(body.free for body in bodies)  # a body without a schema may have every name
    both = locations.keys() if anything else {name for body in bodies for name in properties(body)} & locations.keys()
    return {f"{locations[name]}.{name}" if name in both else name: reference for name, reference in bound.items()}


def properties(body: Shape) -> set[str]:
    """Return the names in a body, of all its alternatives."""
    return {name for shape in (body, *body.variants()) for name in shape.properties}


def _accepts(made: Draft, type: ast.Type, given: ast.Input | None, parameter: str, shape: Shape) -> bool:
    """Return true if a parameter's values can be those of an input: no text for an enum, no enum value that the vendor does not list."""
    listed = shape.enum_values
    if type.kind == "enum":
        rows = made.tables.get((given.field or given.name.value) if given is not None else "")
        return rows is not None and (listed is None or {one for one in rows.values() if not isinstance(one, list)} <= set(listed))
    if given is not None and given.searched_fields and not _SEARCH & set(tokens(parameter)):
        return False
    return (listed is None or type.kind == "boolean") and writing(replace(type, many=False), shape) is not None


def shared_inputs(made: Draft, facts: OperationFacts) -> dict[str, str]:
    """Return values of the connection by the required parameters that they fill."""
    found = {}
    for parameter in facts.parameters:
        if parameter.required and parameter.name in made.shared:
            name = connection_name(parameter.name)
            made.connection[name] = f"The `{parameter.name}` of the vendor's requests."
            found[parameter.name] = f"{CONNECTION}.{name}"
    return found
