"""First mapping of one resource: the guesses, and `gaps` for all the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from unified_gen.language import ast
from unified_gen.resolve.conversions import writing
from unified_gen.scaffold import tables
from unified_gen.scaffold.emit import comment, entry
from unified_gen.scaffold.fields import Found, RecordPath, best, record_paths
from unified_gen.scaffold.operations import Guess, component, guess_all, join, json_schema
from unified_gen.scaffold.similarity import same_reference
from unified_gen.scaffold.vendor import Pagination, pagination
from unified_openapi.documents import Operations, UnresolvableReference
from unified_openapi.schemas.shapes import Schemas, Shape

NOT_YET = "not looked at yet"


class Draft(Struct):
    """A mapping that is being drafted."""

    model: ast.Model
    guesses: dict[str, Guess]
    reads: str | None
    record: Shape
    wrapper: str | None
    """The vendor's envelope, stepped through already."""
    fields: list[str] = field(default_factory=list)
    unsupported: dict[str, str] = field(default_factory=dict)
    operations: list[str] = field(default_factory=list)
    guessed: int = 0
    ambiguous: set[str] = field(default_factory=set)
    """Fields whose table reads several of the vendor's values as one: a filter that sends a single value would miss the others."""


def find(model: ast.Model, known: Operations, schemas: Schemas) -> dict[str, Guess]:
    """Return the vendor's operations that may correspond to the model's."""
    return guess_all(model, list(known.values()), schemas)


def record_of(model: ast.Model, guesses: Mapping[str, Guess]) -> Guess | None:
    """Return the operation whose response defines the record: one that reads it, else one that lists it."""
    for like in ("get", "list", "update", "create"):
        for operation in model.operations:
            made = guesses.get(operation.name.value)
            if operation.like == like and made is not None and made.response is not None:
                return made
    return None


def draft(
    model: ast.Model, guesses: dict[str, Guess], schemas: Schemas, envelope: str | None, ways: Mapping[Pagination, str]
) -> tuple[str, Draft] | None:
    """Return the text of a mapping; None if no operation returns the record, it has no id, or none of its fields looks like one of
    ours.
    """
    source = record_of(model, guesses)
    if source is None or source.response is None:
        return None
    reads = component(schemas, source.response.pointer)
    made = Draft(model, guesses, reads, source.response.shape, envelope)
    _map_fields(made, schemas)
    _map_operations(made, schemas, ways)
    return (_text(made, source), made) if made.fields and made.operations and "id" not in made.unsupported else None


# ------------------------------------------------------------------------------------------------------------------ fields
def _map_fields(made: Draft, schemas: Schemas) -> None:
    readable = record_paths(schemas, made.record)
    bodies = {name: _writable(made, schemas, name) for name in made.guesses if _like(made.model, name) in ("create", "update")}
    pad = max(len(one.name.value) for one in made.model.fields) + 2
    for unified in made.model.fields:
        name = unified.name.value
        read = best(unified, readable)
        writes = {} if unified.computed else {operation: _write(unified, read, body) for operation, body in bodies.items()}
        written = {operation: found for operation, found in writes.items() if found is not None}
        value = _field(unified, read, written, everywhere=len(written) == len(bodies))
        if value is None:
            made.unsupported[name] = NOT_YET
            continue
        made.fields += entry(name, value, indent=2, note="guessed", pad=pad)
        made.guessed += 1
        if unified.computed:
            continue
        if writes and all(found is None for found in writes.values()):
            made.unsupported[f"write.{name}"] = NOT_YET
        else:
            made.unsupported |= {f"{operation}.{name}": NOT_YET for operation, found in writes.items() if found is None}
        if isinstance(value, dict) and "table" in value:
            rows = value["table"]
            made.unsupported |= {f"{name}.{one.value}": NOT_YET for one in unified.type.values if one.value not in rows}
            if any(isinstance(found, list) for found in rows.values()):
                made.ambiguous.add(name)


def _field(unified: ast.ModelField, read: Found | None, writes: Mapping[str, Found], *, everywhere: bool) -> Any:
    """Return the value of a field's line, or None if nothing is known. `everywhere`: each operation that writes accepts it."""
    if read is None and not writes:
        return None
    value: dict[str, Any] = {}
    targets = {found.path.path for found in writes.values()}
    one = unified.type.many and (read is None or not read.path.many) and all(not found.path.many for found in writes.values())

    def path(text: str) -> Any:
        return [text] if one else text

    if read is not None and everywhere and targets == {read.path.path}:
        value["path"] = path(read.path.path)
    else:
        if read is not None:
            value["read"] = path(read.path.path)
        if everywhere and len(targets) == 1:
            value["write"] = path(next(iter(targets)))
        elif writes:
            value["write"] = {operation: path(found.path.path) for operation, found in writes.items()}
    if unified.type.kind == "enum":
        shape = (read or next(iter(writes.values()))).path.shape
        rows = tables.guess(tuple(one.value for one in unified.type.values), shape)
        if not rows:
            return None
        if unified.label and read is not None and shape.kinds == {"string"}:
            value["label"] = read.path.path
        value["table"] = {unified_value: found[0] if len(found) == 1 else found for unified_value, found in rows.items()}
    codec = next((found.codec for found in (read, *writes.values()) if found is not None and found.codec), None)
    if codec is not None:
        value["as"] = codec
    return value["path"] if set(value) == {"path"} else value


def _write(unified: ast.ModelField, read: Found | None, body: list[RecordPath]) -> Found | None:
    """Return the location of the field in a body: the path that is read, else the one with the most similar name."""
    if read is not None:
        for path in body:
            same = path.path == read.path.path and path.many == read.path.many and not path.shape.read_only
            if same and (unified.type.kind == "enum" or read.codec or _takes(unified.type, path.shape)):
                return Found(path, 1.0, read.codec)
    return best(unified, [path for path in body if "[" not in path.path], write=True)


def _takes(type: ast.Type, shape: Shape) -> bool:
    return writing(type, shape) is not None


def _writable(made: Draft, schemas: Schemas, operation: str) -> list[RecordPath]:
    """Return the inputs of a request: body properties, and query parameters, as some vendors write through those."""
    facts = made.guesses[operation].facts
    found = []
    try:
        for parameter in facts.parameters:
            if parameter.location == "query":
                shape = schemas.shape(parameter.schema)
                item = schemas.shape(shape.items) if "array" in shape.kinds and shape.items is not None else None
                found.append(RecordPath((parameter.name,), join((parameter.name,)), item or shape, item is not None))
        pointer = json_schema(dict(facts.bodies))
        if pointer is not None:
            shape = schemas.shape(pointer)
            if made.wrapper is not None and made.wrapper in shape.properties:
                shape = schemas.shape(shape.properties[made.wrapper])
            found += record_paths(schemas, shape)
    except UnresolvableReference:
        return found
    return found


# -------------------------------------------------------------------------------------------------------------- operations
def _map_operations(made: Draft, schemas: Schemas, ways: Mapping[Pagination, str]) -> None:
    for operation in made.model.operations:
        name = operation.name.value
        guessed = made.guesses.get(name)
        if guessed is None:
            made.unsupported[name] = NOT_YET
            continue
        steps = [_step(made, operation, guessed, schemas, ways)]
        if operation.like == "create" and (read_back := _read_back(made, guessed, schemas)) is not None:
            steps[0]["keep"] = "created"
            steps.append(read_back)
        made.operations += entry(name, steps[0] if len(steps) == 1 else steps, indent=2, note="guessed")


def _step(made: Draft, operation: ast.ModelOperation, guessed: Guess, schemas: Schemas, ways: Mapping[Pagination, str]) -> dict[str, Any]:
    facts = guessed.facts
    step: dict[str, Any] = {"call": facts.name}
    known = {given.name.value for given in operation.inputs}
    if operation.like == "create":
        known |= {unified.name.value for unified in made.model.fields if "create" in unified.required}
    aside = {
        given.name.value for given in operation.inputs if operation.like == "list" and (given.field or given.name.value) in made.ambiguous
    }
    bound: dict[str, str] = {}
    for parameter in facts.parameters:
        if parameter.location not in ("path", "query"):
            continue
        if parameter.name == guessed.id_parameter:
            bound[parameter.name] = "id"
        elif operation.like == "list" or parameter.location == "path":
            near = max(known - set(bound.values()), key=lambda name: (same_reference(name, parameter.name), name), default=None)
            if near is not None and same_reference(near, parameter.name) >= 0.75 and (parameter.required or near not in aside):
                bound[parameter.name] = near
    if bound:
        step["with"] = bound
    if operation.like in ("create", "update"):
        step["send"] = "fields"
    if operation.like == "list":
        path = guessed.response.path if guessed.response is not None else "@"
        step["items"] = "@" if path == made.wrapper else path
        way = pagination(facts, schemas)
        if way is None:
            step["paging"] = "none"
        elif ways[way] != "default":
            step["paging"] = ways[way]
        after = [given.name.value for given in operation.inputs if given.name.value in aside and given.name.value not in bound.values()]
        if after:
            step["locally"] = after
        for given in operation.inputs:
            if given.name.value not in bound.values() and given.name.value not in after:
                made.unsupported[f"filter.{given.name}"] = NOT_YET
    elif operation.like != "delete" and guessed.response is not None and guessed.response.path not in ("@", made.wrapper):
        step["record"] = guessed.response.path
    return step


def _read_back(made: Draft, created: Guess, schemas: Schemas) -> dict[str, Any] | None:
    """Return a second step that reads the created record, if the response of the first does not hold it."""
    get = next((made.guesses.get(operation.name.value) for operation in made.model.operations if operation.like == "get"), None)
    if get is None or get.id_parameter is None or created.response is None:
        return None
    if (
        component(schemas, created.response.pointer) == made.reads
        or len(created.response.shape.properties) >= len(made.record.properties) // 2
    ):
        return None
    key = next((name for name in ("id", "gid", "key", "uuid") if name in created.response.shape.properties), None)
    if key is None:
        return None
    inside = "" if created.response.path in ("@", made.wrapper) else created.response.path + "."
    step: dict[str, Any] = {"call": get.facts.name, "with": {get.id_parameter: f"created.{inside}{join((key,))}"}}
    if get.response is not None and get.response.path not in ("@", made.wrapper):
        step["record"] = get.response.path
    return step


def _like(model: ast.Model, name: str) -> str:
    return next(operation.like for operation in model.operations if operation.name.value == name)


# -------------------------------------------------------------------------------------------------------------------- text
def _text(made: Draft, source: Guess) -> str:
    lines = [
        "# A first mapping, guessed from the vendor's document by `gen new vendor`. Look at every line marked as guessed, take the mark",
        "# away, and replace each entry of `gaps` that was not reviewed by a mapping or by the reason why the vendor lacks it.",
        f"resource: {made.model.resource.value}",
    ]
    if made.reads is not None:
        lines += entry("reads", made.reads, note="guessed")
    else:
        lines += [
            *entry("reads", made.model.record.value),
            comment(f"The document gives this record no name: name the response of {source.facts.endpoint} in overlay.yaml."),
        ]
    lines += ["fields:", *made.fields, "operations:", *made.operations]
    if made.unsupported:
        lines.append("gaps:")
        pad = max(len(name) for name in made.unsupported) + 2
        for name, reason in made.unsupported.items():
            lines += entry(name, reason, indent=2, pad=pad)
    return "\n".join(lines) + "\n"
