"""Repairs of representation faults in vendors' documents: the same facts, written as OpenAPI requires.

Each function changes one object of a slice, already stripped to facts, and reports its changes. None of them changes a fact: a number
written as text becomes a number, a value listed twice is listed once, parts without meaning are left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from unified_openapi.schemas.patterns import is_readable

Repairs = Iterator[str]

_TYPES = ("string", "integer", "number", "boolean", "object", "array")
_MEANT = {
    "int": "integer", "int32": "integer", "int64": "integer", "long": "integer", "float": "number", "double": "number",
    "decimal": "number", "bool": "boolean", "str": "string", "text": "string", "uuid": "string", "date": "string",
    "datetime": "string", "date-time": "string", "timestamp": "string", "dict": "object", "map": "object", "list": "array",
}  # fmt: skip
_COUNTS = ("maxLength", "minLength", "maxItems", "minItems", "maxProperties", "minProperties", "maxContains", "minContains")
_NUMBERS = ("maximum", "minimum", "multipleOf")
_FLAGS = ("nullable", "readOnly", "writeOnly", "deprecated", "uniqueItems", "required", "explode", "allowReserved", "allowEmptyValue")
_TEXTS = frozenset((
    "operationId", "name", "in", "style", "url", "scheme", "bearerFormat", "openIdConnectUrl", "authorizationUrl", "tokenUrl",
    "refreshUrl", "deviceAuthorizationUrl", "contentType", "propertyName", "defaultMapping", "format", "pattern", "contentEncoding",
    "contentMediaType",
))  # fmt: skip
_AFTER_30 = (
    "patternProperties", "dependentSchemas", "dependentRequired", "$defs", "definitions", "prefixItems", "unevaluatedProperties",
    "unevaluatedItems", "contains", "propertyNames", "if", "then", "else", "contentSchema", "contentEncoding", "contentMediaType",
    "maxContains", "minContains",
)  # fmt: skip
_SCHEMES = {
    "apiKey": ("name", "in"),
    "http": ("scheme", "bearerFormat"),
    "oauth2": ("flows", "oauth2MetadataUrl"),
    "openIdConnect": ("openIdConnectUrl",),
    "mutualTLS": (),
}
_STATUS = re.compile(r"default|[1-5](?:[0-9]{2}|XX)")


def repair(kind: str, made: dict[str, Any], old: bool) -> Repairs:
    """Fix one object.

    Args:
        kind: as in `documents.structure.KINDS`.
        made: the object, which is changed.
        old: OpenAPI 3.0, which has its own dialect of JSON Schema.
    """
    for key in [key for key in _FLAGS if key in made and not isinstance(made[key], bool)]:
        if kind == "schema" and key == "required":
            continue
        written = made.pop(key)
        if written in ("true", "false"):
            made[key] = written == "true"
            yield f"`{key}` was text"
        else:
            yield f"`{key}: {written}` is not a truth value and was left out"
    for key in sorted(_TEXTS & made.keys()):
        if not isinstance(made[key], str):
            yield f"`{key}: {made.pop(key)}` is not text and was left out"
    found = _BY_KIND.get(kind)
    if found is not None:
        yield from found(made, old)


# ------------------------------------------------------------------------------------------- schemas
def _schema(made: dict[str, Any], old: bool) -> Repairs:
    yield from _type(made, old)
    yield from _enum(made)
    yield from _bounds(made, old)
    yield from _required(made, old)
    if "pattern" in made and not is_readable(made["pattern"]):
        yield f"`pattern: {made.pop('pattern')}` is not a regular expression and was left out"
    for key in ("allOf", "anyOf", "oneOf", "prefixItems"):
        if key in made and not made[key]:
            del made[key]
            yield f"an empty `{key}` was left out"
    if isinstance(made.get("discriminator"), dict) and not isinstance(made["discriminator"].get("propertyName"), str):
        del made["discriminator"]
        yield "a `discriminator` without `propertyName` was left out"
    if old:
        yield from _old(made)


def _type(made: dict[str, Any], old: bool) -> Repairs:
    if "type" not in made:
        return
    written = made["type"]
    kinds = [_MEANT.get(kind, kind) for kind in (written if isinstance(written, list) else [written]) if isinstance(kind, str)]
    kinds = list(dict.fromkeys(kind for kind in kinds if kind in (*_TYPES, "null")))
    if "null" in kinds and old:
        made["nullable"] = True
        kinds.remove("null")
        yield "the type `null` is written as `nullable: true` in OpenAPI 3.0"
    if written in ("date", "datetime", "date-time", "uuid") and "format" not in made:
        made["format"] = "date-time" if written in ("datetime", "date-time") else written
    if not kinds:
        del made["type"]
        if written != ["null"] and written != "null":
            yield f"`type: {written}` names no type and was left out"
    elif isinstance(written, list) and (old or len(kinds) != len(written)):
        if len(kinds) == 1:
            made["type"] = kinds[0]
        elif old:
            del made["type"]
            made.setdefault("anyOf", [{"type": kind} | ({"items": made.get("items", {})} if kind == "array" else {}) for kind in kinds])
            yield "a list of types is written as `anyOf` in OpenAPI 3.0"
        else:
            made["type"] = kinds
            yield f"`type: {written}` names something that is not a type"
    elif not isinstance(written, list) and kinds[0] != written:
        made["type"] = kinds[0]
        yield f"`type: {written}` is written `{kinds[0]}`"


def _enum(made: dict[str, Any]) -> Repairs:
    if "enum" not in made:
        return
    values = made["enum"]
    if not isinstance(values, list) or not values:
        del made["enum"]
        yield "an `enum` without values was left out"
        return
    once: list[Any] = []
    for value in values:
        if not any(type(value) is type(other) and value == other for other in once):
            once.append(value)
    if len(once) != len(values):
        made["enum"] = once
        yield "a value is twice in `enum`"


def _bounds(made: dict[str, Any], old: bool) -> Repairs:
    for key in (*_COUNTS, *_NUMBERS):
        if key not in made:
            continue
        number = _number(made[key])
        if isinstance(number, float) and number.is_integer() and key in _COUNTS:
            number = int(number)
        if number is None or (key in _COUNTS and (isinstance(number, float) or number < 0)) or (key == "multipleOf" and number <= 0):
            yield f"`{key}: {made.pop(key)}` is not a valid bound and was left out"
        elif number is not made[key] and not isinstance(made[key], int | float):
            made[key] = number
            yield f"`{key}` was text"
        elif type(number) is not type(made[key]):
            made[key] = number
    for key, limit in (("exclusiveMaximum", "maximum"), ("exclusiveMinimum", "minimum")):
        if key not in made:
            continue
        written = made[key]
        number = None if isinstance(written, bool) else _number(written)
        if old and number is not None:
            made[limit], made[key] = number, True
            yield f"`{key}` is a truth value beside `{limit}` in OpenAPI 3.0"
        elif not old and isinstance(written, bool):
            del made[key]
            if written and limit in made:
                made[key] = made.pop(limit)
            yield f"`{key}` is a number since OpenAPI 3.1"
        elif number is None and not isinstance(written, bool):
            yield f"`{key}: {made.pop(key)}` is not a valid bound and was left out"


def _required(made: dict[str, Any], old: bool) -> Repairs:
    if "required" not in made:
        return
    written = made["required"]
    names = list(dict.fromkeys(name for name in written if isinstance(name, str))) if isinstance(written, list) else []
    if not isinstance(written, list):
        yield f"`required: {written}` in a schema is a list of names, and was left out"
    elif len(names) != len(written):
        yield "a name stood twice in `required`"
    if names or (isinstance(written, list) and not old):
        made["required"] = names
    else:
        del made["required"]


def _old(made: dict[str, Any]) -> Repairs:
    """Replace or remove keywords that OpenAPI 3.0 lacks, and add `items` to an array without them."""
    if "const" in made:
        value = made.pop("const")
        made.setdefault("enum", [value])
        yield "`const` is written as `enum` in OpenAPI 3.0"
    for key in _AFTER_30:
        if key in made:
            del made[key]
            yield f"`{key}` does not exist in OpenAPI 3.0 and was left out"
    if made.get("type") == "array" and "items" not in made:
        made["items"] = {}
        yield "an array without `items` may hold anything"


def _number(value: Any) -> int | float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return value
    if isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,18}(\.[0-9]{1,18})?", value.strip()):
        return float(value) if "." in value else int(value)
    return None


# ------------------------------------------------------------------------------------------- the rest
def _parameter(made: dict[str, Any], old: bool) -> Repairs:
    if made.get("in") == "path" and made.get("required") is not True:
        made["required"] = True
        yield "a path parameter is required"
    styles = {"path": ("matrix", "label", "simple"), "header": ("simple",), "cookie": ("form", "cookie")}
    allowed = styles.get(str(made.get("in")), ("form", "spaceDelimited", "pipeDelimited", "deepObject"))
    if "style" in made and made["style"] not in allowed:
        yield f"`style: {made.pop('style')}` does not exist in a {made.get('in')} and was left out"
    if made.get("in") != "query" and "allowEmptyValue" in made:
        del made["allowEmptyValue"]
        yield "`allowEmptyValue` exists in the query only"
    yield from _value(made, old)


def _value(made: dict[str, Any], old: bool) -> Repairs:
    if "schema" in made and "content" in made:
        del made["content"]
        yield "`content` beside `schema` was left out"
    if len(made.get("content", "x")) != 1:
        del made["content"]
        yield "`content` of a parameter holds one media type"
    if "schema" not in made and "content" not in made:
        made["schema"] = {}


def _header(made: dict[str, Any], old: bool) -> Repairs:
    if made.get("style", "simple") != "simple":
        yield f"`style: {made.pop('style')}` does not exist in a header and was left out"
    yield from _value(made, old)


def _response(made: dict[str, Any], old: bool) -> Repairs:
    made["description"] = ""  # OpenAPI wants one; a slice has no prose
    yield from ()


def _body(made: dict[str, Any], old: bool) -> Repairs:
    made.setdefault("content", {})
    yield from ()


def _operation(made: dict[str, Any], old: bool) -> Repairs:
    if "security" in made:
        made["security"], wrong = security(made["security"])
        if wrong:
            yield "`security` is a list of objects of lists of scopes; other entries were left out"
    responses = made.get("responses", {})
    for status in [status for status in responses if not _STATUS.fullmatch(status)]:
        response = responses.pop(status)
        meant = status.upper()
        if _STATUS.fullmatch(meant) and meant not in responses:
            responses[meant] = response
        yield f"`{status}` is not a status; " + (f"read as `{meant}`" if meant in responses else "left out")
    if not responses:
        made["responses"] = {"default": {"description": ""}}
        yield "an operation without any response was given an empty `default`"
    once: dict[tuple[Any, Any, Any], Any] = {}
    for parameter in made.get("parameters", ()):
        once[parameter.get("$ref"), parameter.get("in"), parameter.get("name")] = parameter
    if len(once) != len(made.get("parameters", ())):
        made["parameters"] = list(once.values())
        yield "a parameter is declared twice"


def security(given: Any) -> tuple[list[dict[str, list[str]]], bool]:
    """Return the alternatives of a `security` as far as they have the right form, and whether some have not."""
    listed = given if isinstance(given, list) else []
    good = [
        one
        for one in listed
        if isinstance(one, dict) and all(isinstance(s, list) and all(isinstance(w, str) for w in s) for s in one.values())
    ]
    return good, not isinstance(given, list) or len(good) != len(listed)


def _scheme(made: dict[str, Any], old: bool) -> Repairs:
    if made.get("type") == "oauth2" and not isinstance(made.get("flows"), dict):
        made["flows"] = {}
    for key in [key for key in made if key not in ("type", *_SCHEMES.get(str(made.get("type")), made))]:
        del made[key]
        yield f"`{key}` means nothing in a scheme of the type `{made['type']}` and was left out"


def _flow(made: dict[str, Any], old: bool) -> Repairs:
    scopes = made.get("scopes")
    made["scopes"] = scopes if isinstance(scopes, dict) else {}
    yield from ()


def _flows(made: dict[str, Any], old: bool) -> Repairs:
    needs = {
        "implicit": ("authorizationUrl",), "password": ("tokenUrl",), "clientCredentials": ("tokenUrl",),
        "authorizationCode": ("authorizationUrl", "tokenUrl"), "deviceAuthorization": ("deviceAuthorizationUrl", "tokenUrl"),
    }  # fmt: skip
    for name, flow in list(made.items()):
        missing = [key for key in needs.get(name, ()) if not isinstance(flow.get(key), str)]
        if missing:
            del made[name]
            yield f"the OAuth flow `{name}` has no {' and no '.join(f'`{key}`' for key in missing)} and was left out"


def _variable(made: dict[str, Any], old: bool) -> Repairs:
    values = made.pop("enum", None)
    if isinstance(values, list) and values:
        made["enum"] = [str(value) for value in values]
    elif values not in (None, []):
        yield "the `enum` of a server variable is a list; this one was left out"
    if not isinstance(made.get("default"), str):
        made["default"] = str(made.get("default", (made.get("enum") or [""])[0]))
        yield "the default of a server variable is text"


_BY_KIND: dict[str, Callable[[dict[str, Any], bool], Repairs]] = {
    "schema": _schema,
    "parameter": _parameter,
    "header": _header,
    "response": _response,
    "request body": _body,
    "operation": _operation,
    "security scheme": _scheme,
    "flow": _flow,
    "flows": _flows,
    "server variable": _variable,
}
