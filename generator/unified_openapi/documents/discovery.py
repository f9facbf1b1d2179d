"""Conversion of Google Discovery documents to OpenAPI 3.0.

Source: https://developers.google.com/discovery/v1/reference/apis. Differences from a literal translation:

* A path with `{+name}` (a value with slashes in it) is replaced by its `flatPath`, whose parts each are between slashes, so
  that every part is encoded by itself; the parameters then are those of the flat path, as text.
* Of the parameters that every method accepts, `fields` stays everywhere and `alt` on methods that offer their media; the rest
  (`key`, `prettyPrint`, `quotaUser` ...) does not belong to an operation and is left out.
* A method that accepts media becomes a second operation, `<id>.upload`, below `/upload`, with `uploadType` and a
  `multipart/related` body of `metadata` and `media`, or only the media.
* `annotations.required` lists methods for which a property is required: the request body of such a method requires it.
* Any one of a method's scopes is enough: each is an alternative of its own. The addresses of Google's OAuth server, which
  Discovery leaves out, are those of https://accounts.google.com/.well-known/openid-configuration.
"""

from __future__ import annotations

import re
from typing import Any

from unified_openapi.documents.conversion import ConvertedDocument, Journal, mapping, words
from unified_openapi.documents.structure import METHODS
from unified_openapi.source.pointers import child

_PART = re.compile(r"(?<!\{)\{\+?([^{}]*)\}(?!\})")
_COPIED = ("pattern", "enum", "format", "description", "readOnly", "deprecated")
_BESIDE = ("location", "required", "deprecated", "description", "repeated")
_NUMBERS = ("minimum", "maximum")
SCHEME = "oauth2"


def convert(source: dict[str, Any]) -> ConvertedDocument:
    """Convert one document. What has the wrong form is left out and remarked on."""
    return _Converter(source).convert()


class _Converter:
    def __init__(self, source: dict[str, Any]) -> None:
        self.source = source
        self.journal = Journal()
        self.root_url = str(source.get("rootUrl") or "")
        self.common = mapping(source.get("parameters"))
        self.required: dict[tuple[str, str], list[str]] = {}
        self.requests: dict[str, set[str]] = {}
        self.paths: dict[str, dict[str, Any]] = {}

    def convert(self) -> ConvertedDocument:
        source = self.source
        methods = list(_methods(source, ""))
        for pointer, method in methods:
            name = mapping(method.get("request")).get("$ref")
            if isinstance(name, str):
                self.requests.setdefault(name, set()).add(str(method.get("id", pointer)))
        schemas = self._schemas()
        for pointer, method in methods:
            self._method(method, pointer)
        base = source.get("baseUrl") or self.root_url + str(source.get("servicePath") or "")
        root = {
            "openapi": "3.0.3",
            "info": {"title": str(source.get("title", "")), "version": str(source.get("version", ""))},
            "servers": [{"url": str(base).rstrip("/") or "/"}],
            "paths": self.paths,
            "components": {"schemas": schemas, "securitySchemes": self._schemes()},
        }
        return self.journal.conversion(root)

    # ---------------------------------------------------------------------------------- methods
    def _method(self, method: dict[str, Any], pointer: str) -> None:
        verb = method.get("httpMethod")
        path = method.get("path")
        if not isinstance(verb, str) or verb.lower() not in METHODS or not isinstance(path, str):
            self.journal.misplaced(pointer, "a method needs an `httpMethod` of HTTP and a `path`")
            return
        flat = method.get("flatPath")
        used = flat if "{+" in path and isinstance(flat, str) else path
        self._location(
            "/" + used.lstrip("/"), verb.lower(), self._operation(method, pointer, "/" + used.lstrip("/"), verb.lower()), pointer
        )
        upload = mapping(mapping(mapping(method.get("mediaUpload")).get("protocols")).get("simple")).get("path")
        if isinstance(upload, str):
            if "{+" in upload and isinstance(flat, str):
                upload = "/upload/" + flat.lstrip("/")
            self._location(upload, verb.lower(), self._upload(method, pointer, upload, verb.lower()), pointer)

    def _location(self, path: str, verb: str, operation: dict[str, Any], pointer: str) -> None:
        item = self.paths.setdefault(path, {})
        if verb in item:
            self.journal.misplaced(pointer, f"`{verb.upper()} {path}` is described twice; the first one counts")
            return
        item[verb] = operation
        self.journal.moved(pointer, child("/paths", path, verb))

    def _operation(self, method: dict[str, Any], pointer: str, path: str, verb: str) -> dict[str, Any]:
        made: dict[str, Any] = {"operationId": str(method.get("id", pointer.rpartition("/")[2]))}
        if "description" in method:
            made["description"] = method["description"]
        if method.get("deprecated") is True:
            made["deprecated"] = True
        target = child("/paths", path, verb)
        media = method.get("supportsMediaDownload") is True
        parameters = self._parameters(method, pointer, path, child(target, "parameters"))
        parameters += self._shared(("fields", "alt") if media else ("fields",))
        if parameters:
            made["parameters"] = parameters
        request = mapping(method.get("request")).get("$ref")
        if isinstance(request, str):
            schema = self._request(request, made["operationId"])
            made["requestBody"] = {"content": {"application/json": {"schema": schema}}, "required": True}
            self.journal.moved(child(pointer, "request"), child(target, "requestBody"))
        made["responses"] = self._responses(method, media)
        if media and "content" in made["responses"].get("200", {}):
            made["responses"]["200"]["content"]["*/*"] = {"schema": {"type": "string", "format": "binary"}}
        self.journal.moved(child(pointer, "response"), child(target, "responses"))
        scopes = words(method.get("scopes"))
        if scopes:
            made["security"] = [{SCHEME: [scope]} for scope in scopes]
        return made

    def _upload(self, method: dict[str, Any], pointer: str, path: str, verb: str) -> dict[str, Any]:
        made = self._operation(method, pointer, path, verb)
        made["operationId"] += ".upload"
        resumable = "resumable" in mapping(mapping(method.get("mediaUpload")).get("protocols"))
        protocols = ["multipart", "media", *(["resumable"] if resumable else [])]
        kinds = {"name": "uploadType", "in": "query", "required": True, "schema": {"type": "string", "enum": protocols}}
        made["parameters"] = [*made.get("parameters", ()), kinds]
        binary = {"type": "string", "format": "binary"}
        metadata = made.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {"type": "object"})
        parts = {"type": "object", "properties": {"metadata": metadata, "media": binary}, "required": ["metadata", "media"]}
        media_types = words(mapping(method.get("mediaUpload")).get("accept")) or ["*/*"]
        made["requestBody"] = {
            "required": True,
            "content": {
                "multipart/related": {"schema": parts, "encoding": {"metadata": {"contentType": "application/json"}}},
                **({"application/json": {"schema": metadata}} if resumable else {}),
                **{media_type: {"schema": binary} for media_type in media_types},
            },
        }
        made["servers"] = [{"url": self.root_url.rstrip("/") or "/"}]
        return made

    def _responses(self, method: dict[str, Any], media: bool) -> dict[str, Any]:
        name = mapping(method.get("response")).get("$ref")
        if isinstance(name, str):
            return {"200": {"description": "", "content": {"application/json": {"schema": _reference(name)}}}}
        if media:
            return {"200": {"description": "", "content": {}}}
        return {"2XX": {"description": ""}}  # the document does not name the status

    # ---------------------------------------------------------------------------------- parameters
    def _parameters(self, method: dict[str, Any], pointer: str, path: str, target: str) -> list[dict[str, Any]]:
        declared = mapping(method.get("parameters"))
        in_path = _PART.findall(path)
        expanded = set(_PART.findall(str(method.get("path", "")))) - set(in_path)
        made: list[dict[str, Any]] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in in_path if name not in declared
        ]
        for name, parameter in declared.items():
            location = child(pointer, "parameters", name)
            if not isinstance(parameter, dict):
                self.journal.misplaced(location, f"the parameter `{name}` is not an object")
            elif name not in expanded:
                self.journal.moved(location, child(target, len(made)))
                made.append(self._parameter(name, parameter, location))
        return made

    def _parameter(self, name: str, parameter: dict[str, Any], location: str) -> dict[str, Any]:
        made: dict[str, Any] = {"name": name, "in": "path" if parameter.get("location") == "path" else "query"}
        if "description" in parameter:
            made["description"] = parameter["description"]
        if parameter.get("required") is True or made["in"] == "path":
            made["required"] = True
        if parameter.get("deprecated") is True:
            made["deprecated"] = True
        facts = {key: value for key, value in parameter.items() if key not in _BESIDE}
        schema = self._schema(facts, location)
        if parameter.get("repeated") is True:
            made.update(style="form", explode=True)
            schema = {"type": "array", "items": schema}
        made["schema"] = schema
        return made

    def _shared(self, names: tuple[str, ...]) -> list[dict[str, Any]]:
        made = []
        for name in names:
            parameter = self.common.get(name)
            if isinstance(parameter, dict):
                made.append(self._parameter(name, parameter, child("/parameters", name)))
        return made

    # ---------------------------------------------------------------------------------- schemas
    def _schemas(self) -> dict[str, Any]:
        made = {}
        for name, schema in mapping(self.source.get("schemas")).items():
            location = child("/schemas", name)
            self.journal.moved(location, child("/components/schemas", name))
            made[name] = self._schema(schema, location, name)
        return made

    def _schema(self, schema: Any, location: str, owner: str | None = None) -> Any:
        """Return one schema. `owner` is the named schema that `schema` is, if it is one."""
        if not isinstance(schema, dict):
            self.journal.misplaced(location, "a schema is an object")
            return {}
        if isinstance(schema.get("$ref"), str):
            beside = {key: schema[key] for key in ("description", "readOnly", "deprecated") if key in schema}
            return {"allOf": [_reference(schema["$ref"])], **beside} if beside else _reference(schema["$ref"])
        made: dict[str, Any] = {}
        kind = schema.get("type")
        if isinstance(kind, str) and kind != "any":
            made["type"] = kind
        made.update((key, schema[key]) for key in _COPIED if key in schema)
        if (
            made.get("format") == "byte"
        ):  # https://developers.google.com/discovery/v1/type-format: with an alphabet that is safe in addresses
            made["format"] = "base64url"
        for key in _NUMBERS:
            if key in schema:
                made.update({key: _number(schema[key])} if _number(schema[key]) is not None else {})
        if "default" in schema:
            made["default"] = _typed(schema["default"], kind)
        if "enumDeprecated" in schema:
            made["x-enumDeprecated"] = schema["enumDeprecated"]
        if isinstance(schema.get("properties"), dict):
            made["properties"] = self._properties(schema["properties"], location, made, owner)
        if "items" in schema:
            made["items"] = self._schema(schema["items"], child(location, "items"))
        if "additionalProperties" in schema:
            made["additionalProperties"] = self._schema(schema["additionalProperties"], child(location, "additionalProperties"))
        if schema.get("repeated") is True:
            return {"type": "array", "items": made}
        return made

    def _properties(self, properties: dict[str, Any], location: str, around: dict[str, Any], owner: str | None) -> dict[str, Any]:
        made = {}
        always: list[str] = []
        for name, schema in properties.items():
            made[name] = self._schema(schema, child(location, "properties", name))
            for method in words(mapping(mapping(schema).get("annotations")).get("required")):
                if owner is not None and method in self.requests.get(owner, ()):
                    self.required.setdefault((owner, method), []).append(name)
                elif name not in always:
                    always.append(name)
        if always:
            around["required"] = always
        return made

    def _request(self, name: str, method: str) -> dict[str, Any]:
        required = self.required.get((name, method))
        return {"allOf": [_reference(name), {"type": "object", "required": required}]} if required else _reference(name)

    def _schemes(self) -> dict[str, Any]:
        scopes = mapping(mapping(mapping(self.source.get("auth")).get("oauth2")).get("scopes"))
        self.journal.moved("/auth/oauth2", child("/components/securitySchemes", SCHEME))
        if not scopes:
            return {}
        described = {scope: str(mapping(about).get("description", "")) for scope, about in scopes.items()}
        flow = {
            "authorizationUrl": "https://accounts.google.com/o/oauth2/v2/auth",
            "tokenUrl": "https://oauth2.googleapis.com/token",
            "scopes": described,
        }
        return {SCHEME: {"type": "oauth2", "flows": {"authorizationCode": flow}}}


def _methods(node: dict[str, Any], pointer: str) -> list[tuple[str, dict[str, Any]]]:
    """Return every method of a tree of resources, with its location."""
    made = [(child(pointer, "methods", name), found) for name, found in mapping(node.get("methods")).items() if isinstance(found, dict)]
    for name, inner in mapping(node.get("resources")).items():
        made += _methods(mapping(inner), child(pointer, "resources", name))
    return made


def _reference(name: str) -> dict[str, Any]:
    return {"$ref": child("#/components/schemas", name)}


def _number(text: Any) -> int | float | None:
    if isinstance(text, int | float) and not isinstance(text, bool):
        return text
    try:
        return int(text) if re.fullmatch(r"-?[0-9]{1,30}", str(text)) else float(str(text))
    except ValueError:
        return None


def _typed(value: Any, kind: Any) -> Any:
    """Return a default, which Discovery writes as text, as a value of its type."""
    if kind == "boolean" and value in ("true", "false"):
        return value == "true"
    if kind in ("integer", "number"):
        number = _number(value)
        return value if number is None else number
    return value
