"""Conversion of Swagger 2.0 documents to OpenAPI 3.0.

Source: https://spec.openapis.org/oas/v2.0.html and the differences listed in https://spec.openapis.org/oas/v3.0.0.html. Names
of operations, paths and schemas stay; body and form parameters become request bodies, one media type per `consumes`.
"""

from __future__ import annotations

import re
from typing import Any

from unified_openapi.documents.conversion import ConvertedDocument, Journal, mapping, sequence, words
from unified_openapi.documents.structure import METHODS
from unified_openapi.source.pointers import child, look_up, of_reference

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
_STYLES = {"csv": ("form", False), "multi": ("form", True), "ssv": ("spaceDelimited", False), "pipes": ("pipeDelimited", False)}
_OWN = ("name", "in", "description", "required", "allowEmptyValue", "collectionFormat", "schema")
_BESIDE = ("name", "in", "description", "required", "allowEmptyValue")
_NAME = re.compile(r"[^A-Za-z0-9._-]")
_MOVES = (("/definitions/", "/components/schemas/"), ("/parameters/", "/components/parameters/"), ("/responses/", "/components/responses/"))
_FLOWS = {"implicit": "implicit", "password": "password", "application": "clientCredentials", "accessCode": "authorizationCode"}


def convert(source: dict[str, Any]) -> ConvertedDocument:
    """Convert one document. What has the wrong form is left out and remarked on."""
    return _Converter(source).convert()


class _Converter:
    def __init__(self, source: dict[str, Any]) -> None:
        self.source = source
        self.journal = Journal()
        self.consumes = words(source.get("consumes"))
        self.produces = words(source.get("produces"))
        self.names = _names(mapping(source.get("definitions")))

    def convert(self) -> ConvertedDocument:
        source = self.source
        root: dict[str, Any] = {"openapi": "3.0.3", "info": source.get("info", {"title": "", "version": ""}), "servers": self._servers()}
        for key in ("security", "tags", "externalDocs"):
            if key in source:
                root[key] = source[key]
        root["paths"] = self._paths()
        root["components"] = self._components()
        if source.get("x-ms-paths"):
            self.journal.note("/x-ms-paths", "`x-ms-paths` (paths that differ in their query only) are left out")
        return self.journal.conversion(root)

    def _servers(self) -> list[dict[str, Any]]:
        source = self.source
        host, base = source.get("host"), source.get("basePath")
        path = base if isinstance(base, str) and base != "/" else ""
        if not isinstance(host, str):
            return [{"url": path or "/"}]
        schemes = words(source.get("schemes")) or ["https"]
        return [{"url": f"{scheme}://{host}{path}".rstrip("/")} for scheme in schemes if scheme in ("http", "https")]

    # ---------------------------------------------------------------------------------- paths
    def _paths(self) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for path, item in mapping(self.source.get("paths")).items():
            pointer = child("/paths", path)
            if path.startswith("x-"):
                continue
            if not isinstance(item, dict):
                self.journal.misplaced(pointer, f"the path item `{path}` is not an object")
                continue
            made[path] = self._item(item, pointer)
        return made

    def _item(self, item: dict[str, Any], pointer: str) -> dict[str, Any]:
        made: dict[str, Any] = {}
        shared = sequence(item.get("parameters"))
        plain, bodies = self._sorted(shared, child(pointer, "parameters"))
        for key, value in item.items():
            if key in METHODS and isinstance(value, dict):
                made[key] = self._operation(value, child(pointer, key), bodies)
            elif key == "parameters":
                made[key] = self._parameters(plain, child(pointer, "parameters"))
            elif key == "$ref":
                made[key] = self._reference(value)
            elif key.startswith("x-"):
                made[key] = value
        return made

    def _operation(self, operation: dict[str, Any], pointer: str, shared: list[tuple[dict[str, Any], str]]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        consumes = words(operation.get("consumes")) if "consumes" in operation else self.consumes
        produces = words(operation.get("produces")) if "produces" in operation else self.produces
        plain, bodies = self._sorted(sequence(operation.get("parameters")), child(pointer, "parameters"))
        for key, value in operation.items():
            if key == "parameters":
                made[key] = self._parameters(plain, child(pointer, "parameters"))
            elif key == "responses":
                made[key] = self._responses(value, child(pointer, "responses"), produces)
            elif key == "schemes":
                continue
            elif key not in ("consumes", "produces"):
                made[key] = value
        own = [(given.get("in"), given.get("name")) for given, _ in bodies]
        bodies = [*bodies, *((given, location) for given, location in shared if (given.get("in"), given.get("name")) not in own)]
        if bodies:
            made["requestBody"] = self._body(bodies, consumes, child(pointer, "requestBody"))
        return made

    def _sorted(self, given: list[Any], pointer: str) -> tuple[list[tuple[dict[str, Any], str]], list[tuple[dict[str, Any], str]]]:
        """Return the parameters that stay parameters, and those that make up a body; each with its location."""
        plain: list[tuple[dict[str, Any], str]] = []
        bodies: list[tuple[dict[str, Any], str]] = []
        for number, parameter in enumerate(given):
            location = child(pointer, number)
            if not isinstance(parameter, dict):
                self.journal.misplaced(location, "a parameter is an object")
                continue
            target, at = self._target(parameter, location)
            (bodies if target.get("in") in ("body", "formData") else plain).append(
                (target, at) if target.get("in") in ("body", "formData") else (parameter, location)
            )
        return plain, bodies

    def _target(self, value: dict[str, Any], location: str) -> tuple[dict[str, Any], str]:
        pointer = of_reference(value["$ref"]) if isinstance(value.get("$ref"), str) else None
        if pointer is None:
            return value, location
        try:
            found = look_up(self.source, pointer)
        except KeyError:
            return value, location
        return (found, pointer) if isinstance(found, dict) else (value, location)

    def _parameters(self, given: list[tuple[dict[str, Any], str]], pointer: str) -> list[dict[str, Any]]:
        return [self._parameter(parameter, location, child(pointer, number)) for number, (parameter, location) in enumerate(given)]

    def _parameter(self, parameter: dict[str, Any], location: str, target: str) -> dict[str, Any]:
        self.journal.moved(location, target)
        if "$ref" in parameter:
            return {"$ref": self._reference(parameter["$ref"])}
        made: dict[str, Any] = {key: parameter[key] for key in _BESIDE if key in parameter}
        made.update((key, value) for key, value in parameter.items() if key.startswith("x-") and key != "x-nullable")
        if "schema" in parameter:  # not allowed here, but written
            made["schema"] = self._schema(parameter["schema"], child(location, "schema"), child(target, "schema"))
            return made
        made["schema"] = self._simple(parameter, location, child(target, "schema"))
        if parameter.get("type") == "array":
            made.update(self._style(parameter, location))
        return made

    def _style(self, parameter: dict[str, Any], location: str) -> dict[str, Any]:
        written = str(parameter.get("collectionFormat", "csv"))
        style, explode = _STYLES.get(written, ("form", False))
        if written not in _STYLES:
            self.journal.note(child(location, "collectionFormat"), f"the list style `{written}` is written with commas")
        if parameter.get("in") in ("path", "header"):
            return {"style": "simple"}
        return {"style": style, "explode": explode}

    def _simple(self, given: dict[str, Any], location: str, target: str) -> dict[str, Any]:
        """Return the schema of a parameter, an item or a header: its facts are beside its name in Swagger 2.0."""
        self.journal.moved(location, target)
        facts = {key: value for key, value in given.items() if key not in _OWN and (key == "x-nullable" or not key.startswith("x-"))}
        schema: dict[str, Any] = self._schema(facts, location, target)
        return schema

    # ---------------------------------------------------------------------------------- bodies and responses
    def _body(self, given: list[tuple[dict[str, Any], str]], consumes: list[str], target: str) -> dict[str, Any]:
        body = next(((parameter, location) for parameter, location in given if parameter.get("in") == "body"), None)
        if body is not None:
            return self._complete_body(*body, consumes, target)
        fields = [(parameter, location) for parameter, location in given if isinstance(parameter.get("name"), str)]
        files = any(parameter.get("type") == "file" for parameter, _ in fields)
        listed = [name for name in consumes if name in _FORMS]
        media_types = [_FORMS[1]] if files else listed or [_FORMS[0]]
        made: dict[str, Any] = {"content": {}}
        for media_type in media_types:
            at = child(target, "content", media_type, "schema")
            properties = {p["name"]: self._field(p, location, child(at, "properties", p["name"])) for p, location in fields}
            required = [parameter["name"] for parameter, _ in fields if parameter.get("required") is True]
            schema: dict[str, Any] = {"type": "object", "properties": properties}
            if required:
                schema["required"] = required
                made["required"] = True
            made["content"][media_type] = {"schema": schema}
            encoding = {p["name"]: self._style(p, location) for p, location in fields if p.get("type") == "array"}
            if encoding:
                made["content"][media_type]["encoding"] = encoding
        self.journal.moved(fields[0][1] if fields else given[0][1], target)
        return made

    def _field(self, parameter: dict[str, Any], location: str, target: str) -> dict[str, Any]:
        schema = self._simple(parameter, location, target)
        if "description" in parameter:
            schema["description"] = parameter["description"]
        return schema

    def _complete_body(self, parameter: dict[str, Any], location: str, consumes: list[str], target: str) -> dict[str, Any]:
        self.journal.moved(location, target)
        made: dict[str, Any] = {"content": {}}
        if "description" in parameter:
            made["description"] = parameter["description"]
        if parameter.get("required") is True:
            made["required"] = True
        for media_type in consumes or ["application/json"]:
            at = child(target, "content", media_type, "schema")
            made["content"][media_type] = {"schema": self._schema(parameter.get("schema", {}), child(location, "schema"), at)}
        return made

    def _responses(self, given: Any, pointer: str, produces: list[str]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for status, response in mapping(given).items():
            location = child(pointer, status)
            if not isinstance(response, dict):
                if not status.startswith("x-"):
                    self.journal.misplaced(location, f"the response `{status}` is not an object")
                continue
            name = str(response.get("$ref", "")).removeprefix("#/responses/")
            shared = mapping(self.source.get("responses")).get(name)
            if "$ref" in response and isinstance(shared, dict) and produces != self.produces:  # its types are those of this operation
                made[status] = self._response(shared, child("/responses", name), location, produces)
            else:
                made[status] = self._response(response, location, location, produces)
        return made

    def _response(self, response: dict[str, Any], location: str, target: str, produces: list[str]) -> dict[str, Any]:
        self.journal.moved(location, target)
        if "$ref" in response:
            return {"$ref": self._reference(response["$ref"])}
        made = {key: value for key, value in response.items() if key not in ("schema", "headers", "examples")}
        made.setdefault("description", "")
        schema = response.get("schema")
        if isinstance(schema, dict):
            media_types = produces or ["application/json"]
            content = {}
            for media_type in media_types:
                at = child(target, "content", media_type, "schema")
                content[media_type] = {"schema": self._schema(schema, child(location, "schema"), at)}
            made["content"] = content
        headers = mapping(response.get("headers"))
        if headers:
            made["headers"] = {}
            for name, header in headers.items():
                at = child(target, "headers", name)
                if isinstance(header, dict):
                    schema = self._simple(header, child(location, "headers", name), child(at, "schema"))
                    described = {"description": header["description"]} if "description" in header else {}
                    made["headers"][name] = {**described, "schema": schema}
        return made

    # ---------------------------------------------------------------------------------- components
    def _components(self) -> dict[str, Any]:
        source, made = self.source, {}
        schemas = {}
        for name, schema in mapping(source.get("definitions")).items():
            at = child("/components/schemas", self.names[name])
            schemas[self.names[name]] = self._schema(schema, child("/definitions", name), at)
        if schemas:
            made["schemas"] = schemas
        parameters = {}
        for name, parameter in mapping(source.get("parameters")).items():
            if isinstance(parameter, dict) and parameter.get("in") not in ("body", "formData"):
                parameters[name] = self._parameter(parameter, child("/parameters", name), child("/components/parameters", name))
        if parameters:
            made["parameters"] = parameters
        responses = {}
        for name, response in mapping(source.get("responses")).items():
            if isinstance(response, dict):
                location, at = child("/responses", name), child("/components/responses", name)
                responses[name] = self._response(response, location, at, self.produces)
        if responses:
            made["responses"] = responses
        schemes = {}
        for name, scheme in mapping(source.get("securityDefinitions")).items():
            location = child("/securityDefinitions", name)
            self.journal.moved(location, child("/components/securitySchemes", name))
            if isinstance(scheme, dict):
                schemes[name] = self._scheme(scheme, location)
        if schemes:
            made["securitySchemes"] = schemes
        return made

    def _scheme(self, scheme: dict[str, Any], location: str) -> dict[str, Any]:
        kind = scheme.get("type")
        described = {"description": scheme["description"]} if "description" in scheme else {}
        if kind == "basic":
            return {"type": "http", "scheme": "basic", **described}
        if kind != "oauth2":
            return dict(scheme)
        flow = _FLOWS.get(str(scheme.get("flow")))
        if flow is None:
            self.journal.misplaced(child(location, "flow"), f"the OAuth flow `{scheme.get('flow')}` does not exist in Swagger 2.0")
            return {"type": "oauth2", **described, "flows": {}}
        made: dict[str, Any] = {key: scheme[key] for key in ("authorizationUrl", "tokenUrl") if key in scheme}
        made["scopes"] = mapping(scheme.get("scopes"))
        return {"type": "oauth2", **described, "flows": {flow: made}}

    # ---------------------------------------------------------------------------------- schemas
    def _schema(self, schema: Any, location: str, target: str) -> Any:
        self.journal.moved(location, target)
        return self._inner(schema, location)

    def _inner(self, schema: Any, location: str) -> Any:
        if not isinstance(schema, dict):
            return schema
        made: dict[str, Any] = {}
        for key, value in schema.items():
            at = child(location, key)
            match key:
                case "$ref":
                    made[key] = self._reference(value)
                case "properties" | "patternProperties":
                    made[key] = {name: self._inner(inner, child(at, name)) for name, inner in mapping(value).items()}
                case "allOf" | "anyOf" | "oneOf":
                    made[key] = [self._inner(inner, child(at, number)) for number, inner in enumerate(sequence(value))]
                case "items" if isinstance(value, list):
                    self.journal.note(at, "a list of schemas under `items` is read as: each element is one of them")
                    arms = [self._inner(inner, child(at, number)) for number, inner in enumerate(value)]
                    made[key] = arms[0] if len(arms) == 1 else {"anyOf": arms} if arms else {}
                case "items" | "additionalProperties" | "not":
                    made[key] = self._inner(value, at)
                case "type":
                    made.update(self._type(value, at))
                case "x-nullable":
                    if value is True:
                        made["nullable"] = True
                case "discriminator" if isinstance(value, str):
                    made[key] = {"propertyName": value}
                case "collectionFormat" | "example" | "examples":
                    continue
                case _:
                    made[key] = value
        return made

    def _type(self, value: Any, at: str) -> dict[str, Any]:
        if value == "file":
            return {"type": "string", "format": "binary"}
        if not isinstance(value, list):
            return {"type": value}
        kinds = [kind for kind in words(value) if kind != "null"]
        made: dict[str, Any] = {"nullable": True} if "null" in value else {}
        if len(kinds) == 1:
            made["type"] = kinds[0]
        elif kinds:
            made["anyOf"] = [{"type": kind} for kind in kinds]
        self.journal.note(at, "a list of types is read as: any of them")
        return made

    def _reference(self, reference: Any) -> Any:
        if not isinstance(reference, str):
            return reference
        pointer = of_reference(reference)
        for old, new in _MOVES if pointer is not None else ():
            if pointer is not None and pointer.startswith(old):
                name, slash, rest = pointer.removeprefix(old).partition("/")
                name = self.names.get(name.replace("~1", "/").replace("~0", "~"), name) if old == "/definitions/" else name
                return "#" + new + name + slash + rest
        return reference


def _names(definitions: dict[str, Any]) -> dict[str, str]:
    """Return names of schemas as OpenAPI 3 allows them, each still unique."""
    made: dict[str, str] = {}
    taken = {name for name in definitions if not _NAME.search(name)}
    for name in definitions:
        wanted = _NAME.sub("_", name)
        if wanted != name:
            number, base = 2, wanted
            while wanted in taken:
                wanted, number = f"{base}_{number}", number + 1
            taken.add(wanted)
        made[name] = wanted
    return made
