"""First mapping of one resource: the guesses, and a reason for all that the document does not show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from unified_gen.language import ast
from unified_gen.resolve.conversions import writing
from unified_gen.scaffold import composite_ids, keys, tables
from unified_gen.scaffold.drafted import Draft
from unified_gen.scaffold.emit import comment, entry
from unified_gen.scaffold.fields import Found, RecordPath, best, enum_values, record_paths, same_name
from unified_gen.scaffold.inputs import bound_inputs, needed_inputs, properties, shared_inputs
from unified_gen.scaffold.operations import Guess, body_schema, component, find_shape, guess_all, join, list_item, reference_names
from unified_gen.scaffold.similarity import words
from unified_gen.scaffold.vendor import Pagination, pagination
from unified_openapi.documents import Operations, ParameterFacts, UnresolvableReference
from unified_openapi.schemas.shapes import Schemas, Shape

NO_FIELD = "the vendor's document shows no such field"
NO_INPUT = "the vendor's document shows no input for it"
NO_OPERATION = "the vendor's document shows no such operation"
NO_FILTER = "the vendor's document shows no such filter"
NO_CUSTOM = "the vendor's document does not show which fields an account adds"
NO_VALUE = "the vendor's document lists no such value"
OTHER_VALUES = "the vendor's values of it are not listed, or mean something else"
OTHER_TYPE = "the vendor's document shows it with another type"

MOST_HINTS = 12
"""Maximum number of names in a hint."""


def find(model: ast.Model, known: Operations, schemas: Schemas) -> dict[str, Guess]:
    """Return the vendor's operations that may correspond to the model's."""
    return guess_all(model, list(known.values()), schemas)


def record_of(model: ast.Model, guesses: Mapping[str, Guess]) -> Guess | None:
    """Return the operation whose response defines the record: one that reads it by its id, else one that lists it."""
    found = [
        (("get", "list", "update", "create").index(operation.kind), operation.kind == "get" and made.id_parameter is None, number, made)
        for number, operation in enumerate(model.operations)
        if operation.kind in ("get", "list", "update", "create")
        and (made := guesses.get(operation.name.value)) is not None
        and made.response is not None
    ]
    return min(found, key=lambda one: one[:3])[3] if found else None


def draft(
    model: ast.Model,
    guesses: dict[str, Guess],
    schemas: Schemas,
    envelope: str | None,
    ways: Mapping[Pagination, str],
    shared: Mapping[str, ParameterFacts],
    composite: Mapping[str, tuple[str, ...]],
    *,
    requested: bool = False,
) -> Draft | None:
    """Return a mapping; None if no operation returns the record, or it lacks what creating one requires: then it is a record of something
    else, unless this resource was requested. A mapping without an id is incomplete.
    """
    source = record_of(model, guesses)
    if source is None or source.response is None:
        return None
    reads = component(schemas, source.response.pointer)
    name = reads or _unused_name(model.record.value, schemas)
    made = Draft(model, dict(guesses), name, source.response.shape, envelope, shared=shared, composite=composite)
    if reads is None:
        made.unnamed = schemas.target(source.response.pointer)
    _drop_other_creates(made, schemas)
    _map_fields(made, schemas)
    if model.custom_fields:
        made.unsupported[ast.CUSTOM_FIELDS] = NO_CUSTOM
    required = {unified.name.value for unified in model.fields if unified.required and not unified.references}
    if (required & made.unsupported.keys() and not requested) or not made.fields:
        return None
    made.incomplete = made.unsupported.pop("id", None) is not None
    if made.guessed == 1 and not made.incomplete and not requested and len(model.fields) > 1:
        return None  # no other field than an id: it does not show the kind of record
    _map_operations(made, schemas, ways)
    if not made.operations:
        return None
    made.text = _text(made)
    return made


def _drop_other_creates(made: Draft, schemas: Schemas) -> None:
    """Drop an operation that creates something else: its body is described, and has no input for what creating a record requires."""
    readable, resource = record_paths(schemas, made.record), made.model.resource.value
    for operation in made.model.operations:
        name = operation.name.value
        if operation.kind != "create" or name not in made.guesses or not (body := _writable(made, schemas, name)):
            continue
        required = [unified for unified in made.model.fields if name in unified.required and not unified.references]
        if any(_write(unified, best(unified, readable, resource), body, resource) is None for unified in required):
            del made.guesses[name]


def _unused_name(wanted: str, schemas: Schemas) -> str:
    known = schemas.document.root.get("components", {}).get("schemas", {})
    return wanted if wanted not in known else f"{wanted}Record"


# ------------------------------------------------------------------------------------------------------------------ fields
def _map_fields(made: Draft, schemas: Schemas) -> None:
    readable = record_paths(schemas, made.record)
    bodies = {name: _writable(made, schemas, name) for name in made.guesses if _like(made.model, name) in ("create", "update")}
    pad = max(len(one.name.value) for one in made.model.fields) + 2
    for unified in made.model.fields:
        name = unified.name.value
        read = best(unified, readable, made.model.resource.value)
        if name == "id":
            read = _address(made, readable) or read
        takes = {operation.name.value for operation in made.model.operations if operation.takes(unified)}
        accepting = {operation: body for operation, body in bodies.items() if operation in takes}
        writes = {operation: _write(unified, read, body, made.model.resource.value) for operation, body in accepting.items()}
        written = {operation: _placed(made, schemas, operation, found) for operation, found in writes.items() if found is not None}
        value = _field(unified, read, written, everywhere=len(written) == len(accepting))
        several = made.composite.get(made.model.resource.value, ()) if name == "id" else ()
        if several and (joined := composite_ids.id_field(several, readable, read)) is not None:
            value, made.parts = joined, several
        parents = made.composite.get(unified.references or "", ())
        if parents and unified.references != made.model.resource.value and set(parents) < set(made.parts):
            value = {"format": composite_ids.joined(parents)}  # its parts are in every request for a record
            read = None
            writes = {operation: found for operation, found in writes.items() if not _in_path(made, operation, parents)}
        elif parents:  # one value of the record cannot be an id of several parts
            sent = any(_in_path(made, operation, parents) for operation in writes)
            value = {"format": composite_ids.joined(parents)} if sent else None
        if value is None:
            made.unsupported[name] = NO_FIELD
            near = same_name(unified, readable) if not parents else None
            if near is not None and unified.type.kind != "enum":
                made.unsupported[name] = OTHER_TYPE
                minor = unified.type.kind == "decimal" and near.shape.kinds == {"integer"}
                made.hints[name] = f"perhaps `{near.path}`: {near.shape.description}" + (", which may be in cents" if minor else "")
            elif near is not None:
                made.unsupported[name] = OTHER_VALUES
                listed = ", ".join(str(one) for one in (near.shape.enum_values or ())[:MOST_HINTS])
                made.hints[name] = f"`{near.path}` has a similar name, and the values {listed}" if listed else f"perhaps `{near.path}`"
            continue
        made.fields += entry(name, value, indent=2, note="guessed", pad=pad)
        made.guessed += 1
        made.used |= {read.path.path} if read is not None else set()
        if writes and not written:
            made.unsupported[f"write.{name}"] = NO_INPUT
        else:
            made.unsupported |= {f"{operation}.{name}": NO_INPUT for operation, found in writes.items() if found is None}
        if isinstance(value, dict) and keys.ENUM in value:
            rows = made.tables[name] = value[keys.ENUM]
            made.unsupported |= {f"{name}.{one.value}": NO_VALUE for one in unified.type.values if one.value not in rows}
    unused = [path.path for path in readable if path.path not in made.used]
    if unused and made.unsupported:
        first = next(iter(made.unsupported))
        more = ", …" if len(unused) > 2 * MOST_HINTS else ""
        hint = f"other properties of the record: {', '.join(unused[: 2 * MOST_HINTS])}{more}"
        made.hints[first] = f"{hint}; {made.hints[first]}" if first in made.hints else hint


def _address(made: Draft, readable: Sequence[RecordPath]) -> Found | None:
    """Return the path of the name by which `get` requests a record: of a `{username}` it is not the number `id`."""
    get = _get(made)
    last = (words(get.id_parameter or "") or [""])[-1] if get is not None else ""
    if last not in ("username", "login", "slug", "key"):
        return None
    wanted = (last, "login") if last == "username" else (last,)
    top = {path.path: path for path in readable if len(path.names) == 1 and path.shape.kinds == {"string"}}
    return next((Found(top[name], 1.0, None) for name in wanted if name in top), None)


def _in_path(made: Draft, operation: str, parents: Sequence[str]) -> bool:
    """Return true if the path of an operation that creates a record has the parts of a composite id."""
    guessed = made.guesses[operation]
    return guessed.id_parameter is None and set(parents) <= set(reference_names(guessed.facts.path))


def _field(unified: ast.ModelField, read: Found | None, writes: Mapping[str, Found], *, everywhere: bool) -> Any:
    """Return the value of a field's line, or None if nothing is known. `everywhere`: each operation that writes accepts it."""
    if read is None and (not writes or unified.type.kind == "enum"):
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
        found = (read or next(iter(writes.values()))).path
        rows = tables.guess(enum_values(unified), found.names[-1], found.shape)
        if unified.label and read is not None and found.shape.kinds == {"string"}:
            value["label"] = read.path.path
        value[keys.ENUM] = {unified_value: found[0] if len(found) == 1 else found for unified_value, found in rows.items()}
    codec = next((found.codec for found in (read, *writes.values()) if found is not None and found.codec), None)
    if codec is not None:
        value[keys.CODEC] = codec
    if "update" in writes and not unified.required and (one or not unified.type.many) and not _takes_null(writes["update"].path):
        value["clear"] = "never"
    return value["path"] if set(value) == {"path"} else value


def _takes_null(path: RecordPath) -> bool:
    """Return true if the vendor's schema permits null, or does not state it."""
    return path.shape.takes_null or path.shape.free


def _write(unified: ast.ModelField, read: Found | None, body: list[RecordPath], resource: str) -> Found | None:
    """Return the location of the field in a body: the path that is read, else the one with the most similar name."""
    if read is not None:
        for path in body:
            same = path.path == read.path.path and path.many == read.path.many and not path.shape.read_only
            if same and (
                _same_table(unified, read, path) if unified.type.kind == "enum" else read.codec or _takes(unified.type, path.shape)
            ):
                return Found(path, 1.0, read.codec)
    found = best(unified, [path for path in body if "[" not in path.path], resource, write=True)
    if found is not None and read is not None and unified.type.kind == "enum" and not _same_table(unified, read, found.path):
        return None
    return found


def _same_table(unified: ast.ModelField, read: Found, path: RecordPath) -> bool:
    """Return true if a location accepts the values that another is read as: one table serves both."""
    rows = tables.guess(enum_values(unified), read.path.names[-1], read.path.shape)
    sent = {found[0] for found in rows.values()}
    accepted = path.shape.enum_values
    return path.shape.kinds == read.path.shape.kinds and (accepted is None or sent <= set(accepted))


def _takes(type: ast.Type, shape: Shape) -> bool:
    return writing(type, shape) is not None


def _writable(made: Draft, schemas: Schemas, operation: str) -> list[RecordPath]:
    """Return the inputs of a request: body properties, and query parameters, as some vendors write through those."""
    facts = made.guesses[operation].facts
    found = []
    try:
        for parameter in facts.parameters:
            if parameter.location == "query" and parameter.name not in made.shared:
                shape = schemas.shape(parameter.schema)
                item = schemas.shape(shape.items) if "array" in shape.kinds and shape.items is not None else None
                found.append(RecordPath((parameter.name,), join((parameter.name,)), item or shape, item is not None))
        pointer = body_schema(facts)
        if pointer is not None:
            shape = schemas.shape(pointer)
            both = properties(shape) & {parameter.name for parameter in facts.parameters}
            if made.wrapper is not None and made.wrapper in shape.properties:
                shape = schemas.shape(shape.properties[made.wrapper])
            shape = _listed_record(made, schemas, shape)[1]
            inside = [replace(path, path=f"body.{path.path}") if path.names[0] in both else path for path in record_paths(schemas, shape)]
            found = [replace(path, path=f"query.{path.path}") if path.names[0] in both else path for path in found] + inside
    except UnresolvableReference:
        return found
    return found


def _listed_record(made: Draft, schemas: Schemas, body: Shape) -> tuple[str, Shape]:
    """Return the path of the record in a body that has a list of them, `Invoices[0].`, and its schema; else nothing, and the body."""
    for name, pointer in body.properties.items():
        item = list_item(schemas, pointer)
        if item is not None and schemas.target(item[0]) == made.record.pointer:
            return f"{join((name,))}[0].", item[1]
    return "", body


def _placed(made: Draft, schemas: Schemas, operation: str, found: Found) -> Found:
    """Return the location of a field in the complete body of an operation."""
    facts = made.guesses[operation].facts
    pointer = body_schema(facts)
    body = find_shape(schemas, pointer) if pointer is not None else None
    if body is None or found.path.names[0] in {parameter.name for parameter in facts.parameters}:
        return found
    return replace(found, path=replace(found.path, path=_listed_record(made, schemas, body)[0] + found.path.path))


# -------------------------------------------------------------------------------------------------------------- operations
def _map_operations(made: Draft, schemas: Schemas, ways: Mapping[Pagination, str]) -> None:
    for operation in made.model.operations:
        name = operation.name.value
        guessed = made.guesses.get(name)
        if guessed is None:
            made.unsupported[name] = NO_OPERATION
            continue
        steps = [_step(made, operation, guessed, schemas, ways)]
        if operation.kind == "create" and not made.parts and (read_back := _read_back(made, guessed, schemas)) is not None:
            steps[0][keys.SAVE] = "created"
            steps.append(read_back)
        elif operation.kind == "update" and guessed.response is None and (get := _get(made)) is not None:
            steps.append(_reading(made, get, "id"))
        _explain_inputs(made, operation, steps)
        _correct_reasons(made, operation, steps)
        made.operations += entry(name, steps[0] if len(steps) == 1 else steps, indent=2, note="guessed")


def _explain_inputs(made: Draft, operation: ast.ModelOperation, steps: Sequence[Mapping[str, Any]]) -> None:
    """Give a reason for each input that no step uses; those of a list are its filters."""
    if operation.kind in ("list", "changes"):
        return
    used = _used(steps)
    for given in operation.inputs:
        if given.name.value not in used and not given.required:
            made.unsupported[f"{operation.name}.{given.name}"] = NO_INPUT


def _used(steps: Sequence[Mapping[str, Any]]) -> set[str]:
    """Return the inputs that parameters are filled with."""
    return {reference.partition(".")[0] for step in steps for reference in step.get(keys.PARAMS, {}).values()}


def _correct_reasons(made: Draft, operation: ast.ModelOperation, steps: Sequence[Mapping[str, Any]]) -> None:
    """Limit `write.x` to the other operations if a parameter of this one is filled with the field."""
    for unified in made.model.fields:
        name = unified.name.value
        if not operation.takes(unified) or name not in _used(steps):
            continue
        if made.unsupported.pop(f"write.{name}", None) is not None:
            others = [other.name.value for other in made.model.operations if other.takes(unified) and other.name.value in made.guesses]
            made.unsupported |= {f"{other}.{name}": NO_INPUT for other in others}
        made.unsupported.pop(f"{operation.name}.{name}", None)


def _step(made: Draft, operation: ast.ModelOperation, guessed: Guess, schemas: Schemas, ways: Mapping[Pagination, str]) -> dict[str, Any]:
    facts = guessed.facts
    step: dict[str, Any] = {keys.OPERATION: facts.name}
    bound = bound_inputs(made, operation, guessed, schemas)
    if bound:
        step[keys.PARAMS] = bound
    if operation.kind in ("create", "update"):
        step["send"] = "fields"
    if needed := needed_inputs(made.model, operation, facts, bound):
        step["requires"] = needed
    if operation.kind == "list":
        path = guessed.response.path if guessed.response is not None else "@"
        step["items"] = "@" if path == made.wrapper else path
        way = pagination(facts, schemas)
        if way is None:
            step[keys.PAGINATION] = "none"
        elif ways[way] != "default":
            step[keys.PAGINATION] = ways[way]
        heads = {reference.partition(".")[0] for reference in bound.values()}
        left = [given for given in operation.inputs if given.name.value not in heads]
        after = [given.name.value for given in left if (given.field or given.name.value) in made.ambiguous]
        if after:
            step[keys.LOCAL_FILTERS] = after
        made.unsupported |= {f"filter.{given.name}": NO_FILTER for given in left if given.name.value not in after}
        if operation.custom_field_filters:
            made.unsupported[f"filter.{ast.CUSTOM_FIELDS}"] = NO_FILTER
    elif operation.kind != "delete" and guessed.response is not None and guessed.response.path not in ("@", made.wrapper):
        step["record"] = guessed.response.path
    return step


def _read_back(made: Draft, created: Guess, schemas: Schemas) -> dict[str, Any] | None:
    """Return a second step that reads the created record, if the response of the first does not hold it."""
    get = _get(made)
    if get is None or created.response is None:
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
    return _reading(made, get, f"created.{inside}{join((key,))}")


def _get(made: Draft) -> Guess | None:
    """Return the operation that reads a record by its id; that of the authenticated user has none."""
    gets = [made.guesses.get(operation.name.value) for operation in made.model.operations if operation.kind == "get"]
    return next((get for get in gets if get is not None and get.id_parameter is not None), None)


def _reading(made: Draft, get: Guess, reference: str) -> dict[str, Any]:
    """Return a step that reads the record of an id."""
    bound = {str(get.id_parameter): reference, **{name: f"{reference}.{name}" for name in made.parts}}
    step: dict[str, Any] = {keys.OPERATION: get.facts.name, keys.PARAMS: shared_inputs(made, get.facts) | bound}
    if get.response is not None and get.response.path not in ("@", made.wrapper):
        step["record"] = get.response.path
    return step


def _like(model: ast.Model, name: str) -> str:
    return next(operation.kind for operation in model.operations if operation.name.value == name)


# -------------------------------------------------------------------------------------------------------------------- text
def _text(made: Draft) -> str:
    lines = [
        comment("A first mapping, guessed from the vendor's document. Review each line marked as guessed, then remove the mark."),
        comment(
            f"An entry of `{keys.UNSUPPORTED}` has the reason that callers get: replace it by a mapping or by the vendor's real reason."
        ),
        f"resource: {made.model.resource.value}",
        *entry(keys.SCHEMA, made.reads, note="guessed"),
        "fields:",
        *made.fields,
        "operations:",
        *made.operations,
        *unsupported_lines(made.unsupported, made.hints),
    ]
    return "\n".join(lines) + "\n"


def unsupported_lines(reasons: Mapping[str, str], hints: Mapping[str, str]) -> list[str]:
    if not reasons:
        return []
    lines = [f"{keys.UNSUPPORTED}:"]
    pad = max(len(name) for name in reasons) + 2
    for name, reason in reasons.items():
        if name in hints:
            lines.append("  " + comment(hints[name]))
        lines += entry(name, reason, indent=2, pad=pad, note="guessed")
    return lines


def operations_only(
    model: ast.Model,
    guesses: dict[str, Guess],
    schemas: Schemas,
    envelope: str | None,
    ways: Mapping[Pagination, str],
    shared: Mapping[str, ParameterFacts],
) -> Draft | None:
    """Return the operations of a resource whose record the document does not describe; None if there are too few to be sure."""
    if record_of(model, guesses) is not None or len(guesses) < 2 or not {"get", "list"} & {_like(model, name) for name in guesses}:
        return None
    made = Draft(model, guesses, model.record.value, Shape(""), envelope, shared=shared)
    _map_operations(made, schemas, ways)
    return made
