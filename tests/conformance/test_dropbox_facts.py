"""The facts of Dropbox, which publishes no OpenAPI document, compared with those in its own SDK, which is generated from its published
specification (https://github.com/dropbox/dropbox-api-spec).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import dropbox.files
import dropbox.sharing
import pytest
from stone.backends.python_rsrc import stone_validators as stone
from stone.backends.python_rsrc.stone_base import NO_DEFAULT

from tests.support.complete_documents import SPECS, facts
from tests.support.routes import resolved

DOCUMENT = facts("dropbox")
ROUTES = {path.removeprefix("/"): item["post"] for path, item in DOCUMENT["paths"].items()}
HOSTS = {"api": "https://api.dropboxapi.com/2", "content": "https://content.dropboxapi.com/2"}


def _route(name: str) -> Any:
    namespace, _, call = name.partition("/")
    module = getattr(dropbox, namespace)
    return module.ROUTES[call.replace("_v2", ":2")]


def _argument(operation: Any) -> Any:
    if "parameters" in operation:
        ((parameter,), kind) = operation["parameters"], "application/json"
        return parameter["content"][kind]["schema"]
    return operation["requestBody"]["content"]["application/json"]["schema"]


def _differences(schema: Any, validator: Any, location: str, *, answer: bool) -> Iterator[str]:
    """Return differences between our schemas and the SDK. A schema may omit properties; those that it declares must be right."""
    schema = resolved(DOCUMENT, schema)
    if isinstance(validator, stone.Nullable):
        validator = validator.validator
    match validator:
        case stone.StructTree():
            kinds = {tags[0]: inner for tags, inner in validator.definition._tag_to_subtype_.items()}
            if set(schema["properties"][".tag"]["enum"]) != set(kinds):
                yield f"{location}: tags {schema['properties']['.tag']['enum']}, not {sorted(kinds)}"
            fields = [_fields(inner) for inner in kinds.values()]
            yield from _object(schema, fields, location, answer=answer)
        case stone.Struct():
            yield from _object(schema, [_fields(validator)], location, answer=answer)
        case stone.Union():
            yield from _union(schema, validator.definition._tagmap, location, answer=answer)
        case stone.List():
            if schema["type"] != "array":
                yield f"{location}: not a list"
            else:
                yield from _differences(schema["items"], validator.item_validator, f"{location}[]", answer=answer)
        case _:
            yield from _plain(schema, validator, location)


Fields = dict[str, tuple[Any, bool]]
"""Fields of a type of the SDK: their type, and if they are required."""


def _fields(struct: Any) -> Fields:
    definition = struct.definition
    return {name: (validator, _needed(getattr(definition, name))) for name, validator in definition._all_fields_}


def _needed(attribute: Any) -> bool:
    return not attribute.nullable and attribute.default is NO_DEFAULT


def _object(schema: Any, kinds: list[Fields], location: str, *, answer: bool) -> Iterator[str]:
    """Compare an object. `kinds`: the fields of each of the types that the schema describes."""
    for name, declared in schema["properties"].items():
        if name == ".tag":
            continue
        found = [fields[name] for fields in kinds if name in fields]
        if not found:
            yield f"{location}.{name}: there is no such field"
        inner = [validator.validator if isinstance(validator, stone.Nullable) else validator for validator, _ in found]
        if len(inner) > 1 and all(isinstance(validator, stone.Struct) for validator in inner):  # one schema for all of them
            yield from _object(
                resolved(DOCUMENT, declared), [_fields(validator) for validator in inner], f"{location}.{name}", answer=answer
            )
            continue
        for validator, _ in found:
            yield from _differences(declared, validator, f"{location}.{name}", answer=answer)
    needed = {name for name in kinds[0] if all(name in fields and fields[name][1] for fields in kinds)}
    required = set(schema.get("required", ())) - {".tag"}
    if required - needed or (not answer and needed - required):
        yield f"{location}: requires {sorted(required)}, not {sorted(needed)}"


def _union(schema: Any, tags: dict[str, Any], location: str, *, answer: bool) -> Iterator[str]:
    if schema["type"] == "string":  # a tag without a value may be written as only its name
        wrong = [word for word in schema["enum"] if not isinstance(tags.get(word), stone.Void)]
        if wrong:
            yield f"{location}: {wrong}are not tags without values"
        return
    properties = schema["properties"]
    unknown = set(properties[".tag"]["enum"]) - set(tags)
    if unknown:
        yield f"{location}: no tags {sorted(unknown)}"
    structs = [inner for tag in properties[".tag"]["enum"] if isinstance(inner := tags.get(tag), stone.Struct)]
    for name, declared in properties.items():
        if name == ".tag":
            continue
        if name in tags:
            yield from _differences(declared, tags[name], f"{location}.{name}", answer=answer)
            continue
        fields = [_fields(inner)[name][0] for inner in structs if name in _fields(inner)]
        if not fields:
            yield f"{location}.{name}: there is no such field"
        for validator in fields:
            yield from _differences(declared, validator, f"{location}.{name}", answer=answer)


def _plain(schema: Any, validator: Any, location: str) -> Iterator[str]:
    kind = {"String": "string", "Timestamp": "string", "Boolean": "boolean", "Bytes": "string"}.get(type(validator).__name__, "integer")
    if schema["type"] != kind:
        yield f"{location}: {schema['type']}, not {kind}"
    if isinstance(validator, stone.Timestamp) and schema.get("format") != "date-time":
        yield f"{location}: not a date-time"
    said: dict[str, Any] = {}
    if isinstance(validator, stone.String):
        said = {"minLength": validator.min_length, "maxLength": validator.max_length}
        said["pattern"] = f"^({validator.pattern})$" if validator.pattern and not validator.pattern.startswith("^") else None
        if validator.pattern and validator.pattern.startswith("^"):
            said["pattern"] = f"^({validator.pattern[1:-1]})$"
    elif kind == "integer":
        said = {"minimum": validator.minimum, "maximum": validator.maximum if validator.maximum < 2**31 else None}
    result = {name: schema.get(name) for name in said}
    if result != said:
        yield f"{location}: {result}, not {said}"


@pytest.mark.parametrize("name", ROUTES)
def test_an_operation_is_one_of_the_sdk(name: str) -> None:
    operation, route = ROUTES[name], _route(name)
    assert not route.deprecated
    host, style = route.attrs["host"], route.attrs["style"]
    assert operation.get("servers", DOCUMENT["servers"]) == [{"url": HOSTS[host]}]
    assert ("parameters" in operation) == (style in ("upload", "download"))
    assert ("application/octet-stream" in operation.get("requestBody", {"content": ()})["content"]) == (style == "upload")
    assert list(_differences(_argument(operation), route.arg_type, "argument", answer=False)) == []
    response = operation["responses"]["200"].get("content", {}).get("application/json")
    if style == "download":
        assert list(operation["responses"]["200"]["content"]) == ["application/octet-stream"]
    elif response is None:
        assert isinstance(route.result_type, stone.Void)
    else:
        assert list(_differences(response["schema"], route.result_type, "answer", answer=True)) == []


def test_a_wrong_fact_is_seen() -> None:
    """The comparison detects each kind of error."""
    route = _route("files/list_folder")
    right = resolved(DOCUMENT, _argument(ROUTES["files/list_folder"]))

    def returned(**changed: Any) -> list[str]:
        schema = json.loads(json.dumps(right))
        for name, value in changed.items():
            schema["properties"][name] = value
        return list(_differences(schema, route.arg_type, "argument", answer=False))

    assert returned() == []
    assert returned(paths={"type": "string"})
    assert returned(recursive={"type": "string"})
    assert returned(limit={"type": "integer", "minimum": 1, "maximum": 3000})
    assert returned(path={"type": "string"})
    assert list(_differences({**right, "required": []}, route.arg_type, "argument", answer=False))


def test_the_facts_name_what_they_are_compared_with() -> None:
    assert json.loads((SPECS / "dropbox" / "lock.json").read_text("utf-8"))["documents"][0]["product"] == "Dropbox"
