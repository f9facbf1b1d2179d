"""Comparison of facts with the document that they were taken from, by a second extractor that shares no code with the compiler.

It reads OpenAPI 3 by the specification's own tables (https://spec.openapis.org/oas/v3.1.1, https://spec.openapis.org/oas/v3.0.4): document
and facts are walked together along their references, from each operation. Swagger 2.0 and Google Discovery are rewritten first.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

import jsonschema_rs
import yaml

from tests.support import second_conversion

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
VALUES = (
    "type", "enum", "const", "format", "default", "nullable", "readOnly", "writeOnly", "deprecated", "required", "multipleOf", "maximum",
    "minimum", "exclusiveMaximum", "exclusiveMinimum", "maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems",
    "maxProperties", "minProperties", "maxContains", "minContains", "dependentRequired", "contentEncoding", "contentMediaType",
)  # fmt: skip
"""Keywords of a schema that have a value."""
NAMED = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
LISTED = ("allOf", "anyOf", "oneOf", "prefixItems")
INNER = ("items", "additionalProperties", "unevaluatedProperties", "unevaluatedItems", "contains", "propertyNames", "not", "if", "then",
         "else", "contentSchema")  # fmt: skip
PARAMETER = ("required", "deprecated", "allowEmptyValue", "style", "explode", "allowReserved")
FLOW = ("authorizationUrl", "tokenUrl", "refreshUrl")
SCHEME = ("type", "name", "in", "scheme", "bearerFormat", "openIdConnectUrl")
_REPAIRED = ("enum", "default")
_ABSENT = "absent"


class _Loader(yaml.CSafeLoader):
    """YAML 1.2: dates and a bare `=` are text."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in ("tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:value")]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def differences(data: bytes, facts: Any) -> list[str]:
    """Return what the facts of a document lack, or have differently, or have in addition: a line for each."""
    root = json.loads(data) if data[:1] == b"{" else json.loads(json.dumps(yaml.load(data, _Loader)))
    if "discoveryVersion" in root:
        return _discovery_differences(root, facts)
    comparison = _Comparison(second_conversion.converted(root), facts)
    comparison.documents()
    return comparison.found


def _discovery_differences(document: Any, facts: Any) -> list[str]:
    """Compare facts with a Google Discovery document: methods with their parameters, bodies and scopes, and schemas with their properties.

    Source: https://developers.google.com/discovery/v1/reference/apis.
    """
    found: list[str] = []

    def equal(at: str, expected: Any, got: Any) -> None:
        if expected != got:
            found.append(f"{at}: {str(expected)[:80]} in the document, {str(got)[:80]} in the facts")

    operations = {operation["operationId"]: (f"{method} {path}", operation) for path, method, operation in _operations(facts)}
    methods = {method["id"]: method for method in _methods(document)}
    uploads = {f"{name}.upload" for name, method in methods.items() if "mediaUpload" in method}
    equal("methods", sorted({*methods, *uploads}), sorted(operations))
    for name, method in methods.items():
        endpoint, operation = operations[name]
        path = method["flatPath"] if "{+" in method["path"] else method["path"]
        equal(name, f"{method['httpMethod'].lower()} /{path}", endpoint)
        parameters = {one["name"]: one for one in operation.get("parameters", ())}
        given = {key: one for key, one in method.get("parameters", {}).items() if f"{{+{key}}}" not in method["path"]}
        equal(f"{name} parameters", {*given, *re.findall(r"{(\w+)}", path)} - parameters.keys(), set())
        for key, one in given.items():
            equal(f"{name} {key} in", one["location"], parameters[key]["in"])
            equal(f"{name} {key} required", one.get("required", False), parameters[key].get("required", False))
            schema = parameters[key]["schema"]
            _discovery_schema(equal, f"{name} {key}", one, schema["items"] if one.get("repeated") else schema)
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
        sent = method.get("request", {}).get("$ref")
        equal(f"{name} request", sent, _component(facts, body, sent))
        received = operation["responses"].get("200", {}).get("content", {}).get("application/json", {}).get("schema", {})
        expected = method.get("response", {}).get("$ref")
        equal(f"{name} response", expected, _component(facts, received, expected))
        scopes = [scope for alternative in operation.get("security", ()) for listed in alternative.values() for scope in listed]
        equal(f"{name} scopes", method.get("scopes", []), scopes)
    known = facts["components"]["schemas"]
    for name, schema in document["schemas"].items():
        if name in known:
            _discovery_schema(equal, name, schema, known[name])
    (scheme,) = facts["components"]["securitySchemes"].values()
    (flow,) = scheme["flows"].values()
    equal("scopes", sorted(document["auth"]["oauth2"]["scopes"]), sorted(flow["scopes"]))
    return found


def _methods(resource: Any) -> Iterator[Any]:
    yield from resource.get("methods", {}).values()
    for inner in resource.get("resources", {}).values():
        yield from _methods(inner)


def _component(facts: Any, schema: Any, name: str | None) -> str | None:
    """Return the name of the Discovery schema that a schema refers to; that of a request may have required properties in addition."""
    reference = next((arm["$ref"] for arm in (schema, *schema.get("allOf", ())) if "$ref" in arm), None)
    return None if reference is None else str(reference.rpartition("/")[2])


def _discovery_schema(equal: Any, at: str, expected: Any, found: Any) -> None:
    for key in ("enum", "pattern"):
        equal(f"{at} {key}", expected.get(key), found.get(key))
    equal(f"{at} format", {"byte": "base64url"}.get(expected.get("format"), expected.get("format")), found.get("format"))
    if "$ref" in expected:
        equal(f"{at} $ref", f"#/components/schemas/{expected['$ref']}", found.get("$ref", *(arm["$ref"] for arm in found.get("allOf", ()))))
    equal(f"{at} type", None if expected.get("type") == "any" else expected.get("type"), found.get("type"))
    for key in ("items", "additionalProperties"):
        equal(f"{at} {key}", key in expected, key in found)
        if key in expected and key in found:
            _discovery_schema(equal, f"{at} {key}", expected[key], found[key])
    equal(f"{at} properties", sorted(expected.get("properties", {})), sorted(found.get("properties", {})))
    for name, one in expected.get("properties", {}).items():
        _discovery_schema(equal, f"{at}.{name}", one, found["properties"][name])


class _Comparison:
    def __init__(self, document: Any, facts: Any) -> None:
        self.document, self.facts = document, facts
        self.found: list[str] = []
        self._seen: dict[tuple[int, int], Any] = {}
        ids = Counter(operation.get("operationId") for _, _, operation in _operations(document))
        self._shared = {name for name, number in ids.items() if number > 1}

    def differ(self, at: str, expected: Any, found: Any) -> None:
        self.found.append(f"{at}: {str(expected)[:80]} in the document, {str(found)[:80]} in the facts")

    def equal(self, at: str, expected: Any, found: Any) -> None:
        if json.dumps(expected, sort_keys=True) != json.dumps(found, sort_keys=True):  # in Python, 1 == True == 1.0
            self.differ(at, expected, found)

    def names(self, at: str, expected: Mapping[str, Any], found: Mapping[str, Any]) -> list[str]:
        """Compare the names of two objects, and return those that both have."""
        if expected.keys() != found.keys():
            self.differ(at, sorted(expected.keys() - found.keys()), sorted(found.keys() - expected.keys()))
        return [name for name in expected if name in found]

    # ------------------------------------------------------------------------------------------------------------ operations
    def documents(self) -> None:
        expected = {f"{method} {path}": (item, item[method]) for path, item, method in _endpoints(self.document)}
        found = {f"{method} {path}": (item, item[method]) for path, item, method in _endpoints(self.facts)}
        for name in self.names("operations", expected, found):
            self.operation(name, *expected[name], *found[name])
        schemes = self.document.get("components", {}).get("securitySchemes", {})
        others = self.facts.get("components", {}).get("securitySchemes", {})
        for name in self.names("security schemes", schemes, others):
            self.scheme(name, self.at_end(self.document, schemes[name]), others[name])

    def operation(self, name: str, item: Any, operation: Any, facts_item: Any, facts: Any) -> None:
        known = operation.get("operationId")
        self.equal(f"{name} operationId", None if known in self._shared else known, facts.get("operationId"))
        self.equal(f"{name} tags", operation.get("tags") or [], facts.get("tags", []))
        self.equal(f"{name} deprecated", operation.get("deprecated", False), facts.get("deprecated", False))
        self.equal(
            f"{name} security", operation.get("security", self.document.get("security")), facts.get("security", self.facts.get("security"))
        )
        self.servers(f"{name} servers", (operation, item, self.document), (facts, facts_item, self.facts))
        expected = self.parameters(self.document, item, operation)
        for missing in re.findall(r"\{([^{}/?#]+)\}", name):  # a path parameter that is not declared is a text
            expected.setdefault(("path", missing), {"required": True, "schema": {"type": "string"}})
        expected = {key: value for key, value in expected.items() if key[0] != "path" or f"{{{key[1]}}}" in name}
        found = self.parameters(self.facts, facts_item, facts)
        texts = {f"{where} {which}": (where, which) for where, which in {**expected, **found}}
        for text in self.names(
            f"{name} parameters", {t: 0 for t, key in texts.items() if key in expected}, {t: 0 for t, key in texts.items() if key in found}
        ):
            self.parameter(f"{name} {text}", {"required": texts[text][0] == "path"} | expected[texts[text]], found[texts[text]])
        body, facts_body = self.at_end(self.document, operation.get("requestBody")), self.at_end(self.facts, facts.get("requestBody"))
        self.equal(f"{name} body required", bool((body or {}).get("required", False)), bool((facts_body or {}).get("required", False)))
        self.media(f"{name} body", (body or {}).get("content", {}), (facts_body or {}).get("content", {}))
        responses = {status: value for status, value in operation.get("responses", {}).items() if not status.startswith("x-")}
        for status in self.names(f"{name} responses", responses, facts["responses"]):
            expected_response = self.at_end(self.document, responses[status])
            found_response = self.at_end(self.facts, facts["responses"][status])
            self.media(f"{name} {status}", expected_response.get("content", {}), found_response.get("content", {}))
            headers, facts_headers = expected_response.get("headers", {}), found_response.get("headers", {})
            for header in self.names(f"{name} {status} headers", headers, facts_headers):
                pair = self.at_end(self.document, headers[header]), self.at_end(self.facts, facts_headers[header])
                self.parameter(f"{name} {status} {header}", *pair)

    def parameters(self, root: Any, item: Any, operation: Any) -> dict[tuple[str, str], Any]:
        found = {}
        for given in (*item.get("parameters", ()), *operation.get("parameters", ())):
            parameter = self.at_end(root, given)
            found[parameter["in"], parameter["name"]] = parameter
        return found

    def parameter(self, at: str, expected: Any, found: Any) -> None:
        for key in PARAMETER:
            default = False if key not in ("style", "explode") else _ABSENT
            self.equal(f"{at} {key}", expected.get(key, default), found.get(key, default))
        self.schema(at, expected.get("schema", {}), found.get("schema", {}))
        self.media(at, expected.get("content", {}) if "schema" not in expected else {}, found.get("content", {}))

    def media(self, at: str, expected: Any, found: Any) -> None:
        for media_type in self.names(f"{at} media types", expected or {}, found):
            one, other = expected[media_type] or {}, found[media_type]
            for key in ("schema", "itemSchema"):
                self.equal(f"{at} {media_type} {key}", key in one, key in other)
                self.schema(f"{at} {media_type}", one.get(key, {}), other.get(key, {}))
            encodings, others = one.get("encoding", {}), other.get("encoding", {})
            for name in self.names(f"{at} encodings", encodings, others):
                for key in ("contentType", "style", "explode", "allowReserved"):
                    self.equal(f"{at} {media_type} {name} {key}", encodings[name].get(key), others[name].get(key))

    def servers(self, at: str, expected: tuple[Any, ...], found: tuple[Any, ...]) -> None:
        def listed(levels: tuple[Any, ...]) -> list[Any]:
            chosen = next((level["servers"] for level in levels if level.get("servers")), [])
            return [
                (one["url"], {name: (value.get("default"), value.get("enum")) for name, value in one.get("variables", {}).items()})
                for one in chosen
            ]

        self.equal(at, listed(expected), listed(found))

    def scheme(self, at: str, expected: Any, found: Any) -> None:
        for key in SCHEME:
            self.equal(f"{at} {key}", expected.get(key), found.get(key))
        flows, others = expected.get("flows", {}), found.get("flows", {})
        for flow in self.names(f"{at} flows", flows, others):
            for key in FLOW:
                self.equal(f"{at} {flow} {key}", flows[flow].get(key), others[flow].get(key))
            self.equal(f"{at} {flow} scopes", sorted(flows[flow].get("scopes") or {}), sorted(others[flow]["scopes"]))

    # --------------------------------------------------------------------------------------------------------------- schemas
    def schema(self, at: str, expected: Any, found: Any) -> None:
        if isinstance(expected, bool) or isinstance(found, bool):
            return self.equal(at, expected, found)
        if (id(expected), id(found)) in self._seen:
            return None
        self._seen[id(expected), id(found)] = expected, found  # so that no other object gets the same id
        expected = _rewritten(expected, self.facts["openapi"])
        self.equal(f"{at} $ref", "$ref" in expected, "$ref" in found)
        if "$ref" in expected and "$ref" in found:
            self.schema(at + " →", _target(self.document, expected["$ref"]), _target(self.facts, found["$ref"]))
        given = {"nullable": expected["x-nullable"], **expected} if "x-nullable" in expected else expected
        for key in VALUES:
            if (key in given or key in found) and not (key in _REPAIRED and self.is_repaired(key, given, found)):
                self.equal(f"{at} {key}", given.get(key, _ABSENT), found.get(key, _ABSENT))
        for key in NAMED:
            if key in expected or key in found:
                for name in self.names(f"{at} {key}", expected.get(key, {}), found.get(key, {})):
                    self.schema(f"{at}.{name}", expected[key][name], found[key][name])
        for key in LISTED:
            self.equal(f"{at} {key}", len(expected.get(key, ())), len(found.get(key, ())))
            for number, (one, other) in enumerate(zip(expected.get(key, ()), found.get(key, ()), strict=False)):
                self.schema(f"{at} {key} {number}", one, other)
        for key in INNER:
            self.equal(f"{at} {key}", key in expected, key in found)
            if key in expected and key in found:
                self.schema(f"{at} {key}", expected[key], found[key])
        self.discriminator(f"{at} discriminator", expected.get("discriminator"), found.get("discriminator"))
        if strange := found.keys() - {*VALUES, *NAMED, *LISTED, *INNER, "$ref", "discriminator"}:
            self.differ(at, "nothing", sorted(strange))
        return None

    def is_repaired(self, key: str, expected: Any, found: Any) -> bool:
        """Return true if an enumeration had repeated or no values, or a default was not a value of its schema."""
        if key == "enum":
            values = list({json.dumps(value): value for value in expected.get(key) or ()}.values())
            return key in expected and values == found.get(key, [])
        rest = {name: value for name, value in expected.items() if name != "default"}
        complete = rest
        if '"$ref"' in json.dumps(rest):
            complete = {**rest, "components": self.document.get("components", {}), "definitions": self.document.get("definitions", {})}
        return (
            key in expected
            and not jsonschema_rs.is_valid(complete, expected[key], validate_formats=True)
            and (key not in found or jsonschema_rs.is_valid({k: v for k, v in found.items() if k != key and k != "$ref"}, found[key]))
        )

    def discriminator(self, at: str, expected: Any, found: Any) -> None:
        self.equal(at, (expected or {}).get("propertyName"), (found or {}).get("propertyName"))
        for name in self.names(at, (expected or {}).get("mapping", {}), (found or {}).get("mapping", {})):
            self.schema(f"{at} {name}", _target(self.document, expected["mapping"][name]), _target(self.facts, found["mapping"][name]))

    @staticmethod
    def at_end(root: Any, value: Any) -> Any:
        while isinstance(value, dict) and "$ref" in value:
            value = _target(root, value["$ref"])
        return value


def _endpoints(root: Any) -> Iterator[tuple[str, Any, str]]:
    for path, item in root.get("paths", {}).items():
        for method in METHODS:
            if method in item:
                yield path, item, method


def _operations(root: Any) -> Iterator[tuple[str, str, Any]]:
    for path, item, method in _endpoints(root):
        yield path, method, item[method]


def _rewritten(schema: Any, version: str) -> Any:
    """Return a schema with the documented repairs: the same fact in the form that OpenAPI has for it."""
    made = dict(schema)
    if isinstance(made.get("items"), list):
        made["items"] = {"anyOf": made["items"]} if len(made["items"]) > 1 else made["items"][0]
    types = made.get("type")
    types = [types] if types == "null" else types
    if version.startswith("3.0") and isinstance(types, list):
        kinds = [kind for kind in types if kind != "null"]
        if "null" in types:
            made["nullable"] = True
        del made["type"]
        if len(kinds) > 1:
            made.setdefault("anyOf", [{"type": kind} for kind in kinds])
        elif kinds:
            made["type"] = kinds[0]
    if version.startswith("3.0") and made.get("type") == "array":
        made.setdefault("items", {})
    return made


def _target(root: Any, reference: str) -> Any:
    value = root
    for token in unquote(reference).removeprefix("#/").split("/"):
        name = token.replace("~1", "/").replace("~0", "~")
        value = value[int(name)] if isinstance(value, list) else value[name]
    return value
