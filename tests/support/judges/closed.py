"""The closed-world judge: a request may hold only names that the vendor's document declares, and must hold those that it requires."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from tests.support import multipart
from tests.support.judges import Request
from tests.support.judges.values import Values, readings
from tests.support.routes import Operation, Routes, resolved

_NOT_PARAMETERS = {"accept", "content-type", "authorization"}  # OpenAPI 3.0: header parameters of these names are ignored


class ClosedWorld:
    name = "closed world"

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._routes = Routes(document)
        self._values = Values(document)
        self._schemes: Mapping[str, Any] = (document.get("components") or {}).get("securitySchemes") or {}

    def verdict(self, request: Request) -> list[str]:
        match = self._routes.find(request.method, request.path)
        if match is None:
            return [f"{request.method} {request.path}: the document has no such operation"]
        operation = match.operation
        reasons = [
            reason
            for name, text in match.path.items()
            for reason in (
                self._values.reasons(operation.parameters[("path", name)], [text])
                if ("path", name) in operation.parameters
                else [f"path parameter {name} is not declared"]
            )
        ]
        reasons += self._query(operation, request)
        reasons += self._headers(operation, request)
        reasons += self._security(operation, request)
        return reasons + self._body(operation, request)

    def _query(self, operation: Operation, request: Request) -> list[str]:
        given: dict[str, list[str]] = {}
        for name, text in parse_qsl(request.query, keep_blank_values=True, strict_parsing=bool(request.query)):
            given.setdefault(name, []).append(text)
        declared = {name: parameter for (location, name), parameter in operation.parameters.items() if location == "query"}
        credentials = {scheme["name"] for scheme in self._schemes.values() if scheme.get("in") == "query"}
        reasons = [f"query parameter {name} is not declared" for name in given if name not in declared and name not in credentials]
        for name, parameter in declared.items():
            if name in given:
                reasons += self._values.reasons(parameter, given[name])
            elif parameter.get("required"):
                reasons.append(f"query parameter {name} is required")
        return reasons

    def _headers(self, operation: Operation, request: Request) -> list[str]:
        reasons: list[str] = []
        for (location, name), parameter in operation.parameters.items():
            if location != "header" or name.lower() in _NOT_PARAMETERS:
                continue
            text = request.header(name)
            if text is not None:
                reasons += self._values.reasons(parameter, [text])
            elif parameter.get("required"):
                reasons.append(f"header {name} is required")
        return reasons

    def _security(self, operation: Operation, request: Request) -> list[str]:
        alternatives = operation.node.get("security", self._document.get("security"))
        # `{}` allows an anonymous call; ours are never anonymous. Documents that declare no security are not checked for it.
        named = [alternative for alternative in alternatives or () if alternative]
        if not named or any(all(self._has(name, request) for name in alternative) for alternative in named):
            return []
        return [f"no credential: the operation requires one of {' or '.join(' and '.join(x) for x in named)}"]

    def _has(self, name: str, request: Request) -> bool:
        if name not in self._schemes:  # a scheme that the document names and does not declare
            return False
        scheme = resolved(self._document, self._schemes[name])
        authorization = (request.header("Authorization") or "").split(" ", 1)[0].lower()
        match scheme["type"]:
            case "apiKey" if scheme["in"] == "query":
                return scheme["name"] in dict(parse_qsl(request.query))
            case "apiKey" if scheme["in"] == "header":
                return request.header(scheme["name"]) is not None
            case "http":
                return authorization == scheme["scheme"].lower()
            case "oauth2" | "openIdConnect":
                return authorization == "bearer"
        return False

    def _body(self, operation: Operation, request: Request) -> list[str]:
        declared = resolved(self._document, operation.node.get("requestBody"))
        if not request.body:
            return ["a body is required"] if declared and declared.get("required") else []
        if not declared:
            return ["the operation has no body"]
        media_type = (request.header("Content-Type") or "").partition(";")[0].strip().lower()
        media = next((value for key, value in declared["content"].items() if key.partition(";")[0].strip().lower() == media_type), None)
        if media is None:
            return [f"media type {media_type or '(none)'} is none of {', '.join(declared['content'])}"]
        schema = media.get("schema") or {}
        if media_type == "multipart/related":
            return self._related(schema, request)
        if "json" not in media_type and resolved(self._document, schema).get("type", "string") == "string" and "form" not in media_type:
            return []  # content: any bytes
        if media_type == "application/x-www-form-urlencoded":
            return self._form(schema, request.body)
        try:
            value = json.loads(request.body)
        except ValueError as error:
            return [f"the body is not JSON: {error}"]
        return self._values.check(schema, value, "body")

    def _related(self, schema: Any, request: Request) -> list[str]:
        """Return a description as JSON, and the content after it."""
        found = multipart.parts(request.body or b"", request.header("Content-Type") or "")
        if found is None or len(found) != 2 or not found[0][0].startswith("application/json"):
            return ["the body is not of two parts, JSON first"]
        declared, *_ = (resolved(self._document, schema).get("properties") or {"": schema}).values()
        return self._values.check(declared, json.loads(found[0][1]), "body")

    def _form(self, schema: Any, body: bytes) -> list[str]:
        return self._values.check(schema, self._read(schema, body), "body")

    def form(self, operation: Operation, request: Request) -> dict[str, Any] | None:
        """Return the fields of a form, each parsed by its schema; None if the body is not a form."""
        kind = "application/x-www-form-urlencoded"
        if not request.body or not (request.header("Content-Type") or "").startswith(kind):
            return None
        declared = resolved(self._document, operation.node.get("requestBody"))
        return self._read(declared["content"][kind]["schema"], request.body)

    def _read(self, schema: Any, body: bytes) -> dict[str, Any]:
        properties = resolved(self._document, schema).get("properties") or {}
        value: dict[str, Any] = {}
        for name, text in parse_qsl(body.decode(), keep_blank_values=True):
            declared = properties.get(name, {})
            value[name] = next((reading for reading in readings(text) if not self._values.check(declared, reading, "")), text)
        return value
