"""Operations by method and path, and requests decoded by the document: parameters by name, and the body."""

from __future__ import annotations

import email
import email.policy
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from unified_openapi.documents.operations import OperationFacts, Operations, ParameterFacts
from unified_openapi.schemas.shapes import Schemas, Shape

_PARAMETER = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Request:
    """A request below the vendor's server: the encoded path, the encoded query, and the body."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Call:
    """A request to one operation, decoded: path parameters, query parameters and the body. `binary`: the body is not JSON or a form.

    `content` is what is uploaded: the body, or its part after the one in JSON.
    """

    operation: OperationFacts
    path: Mapping[str, Any]
    query: Mapping[str, Any]
    body: Any = None
    binary: bool = False
    content: bytes | None = None
    media_type: str = ""


class Routes:
    """The operations of a document, found by method and path."""

    def __init__(self, operations: Operations, schemas: Schemas) -> None:
        self._schemas = schemas
        self.operations = tuple(operations[name] for name in operations)
        ordered = sorted(self.operations, key=lambda one: -len(_PARAMETER.sub("", one.path)))
        self._routes = [(_template(one.path), _fixed_query(one.path), one) for one in ordered]

    def operation(self, method: str, path: str) -> OperationFacts | None:
        """Return the operation of a method and an encoded path; None if the document has none."""
        return next((one for pattern, _, one in self._routes if one.method == method and pattern.fullmatch(path)), None)

    def call(self, request: Request) -> Call | None:
        """Return the decoded request; None if the document has no such operation."""
        given = parse_qsl(request.query, keep_blank_values=True)
        for pattern, fixed, operation in self._routes:
            if operation.method == request.method and (match := pattern.fullmatch(request.path)) is not None and fixed <= {*given}:
                return self._decoded(operation, match.groups(), request, [pair for pair in given if pair not in fixed])
        return None

    def _decoded(self, operation: OperationFacts, texts: Iterable[str], request: Request, pairs: Iterable[tuple[str, str]]) -> Call:
        names = _PARAMETER.findall(operation.path.partition("?")[0])
        path = {name: unquote(text) for name, text in zip(names, texts, strict=True)}
        given: dict[str, list[str]] = {}
        for name, text in pairs:
            given.setdefault(name, []).append(text)
        declared = {parameter.name: parameter for parameter in operation.parameters if parameter.location == "query"}
        query = {name: self._parameter(declared.get(name), texts) for name, texts in given.items()}
        kind = request.headers.get("content-type", "application/json").partition(";")[0]
        if request.body and "json" in kind:
            return Call(operation, path, query, json.loads(request.body))
        if request.body and kind == "application/x-www-form-urlencoded":
            return Call(operation, path, query, self._form(operation, request.body.decode()))
        if request.body and kind.startswith("multipart/"):
            parts = multipart(request.headers["content-type"], request.body)
            if len(parts) == 2 and "json" in parts[0][0]:
                (_, properties), (media_type, content) = parts
                return Call(operation, path, query, json.loads(properties), False, content, media_type)
        return Call(operation, path, query, None, bool(request.body), request.body or None, kind)

    def _parameter(self, parameter: ParameterFacts | None, texts: list[str]) -> Any:
        if parameter is None:
            return texts[-1]
        shape = self._schemas.shape(parameter.schema)
        if parameter.media_type is not None:
            return json.loads(texts[-1])
        if "array" in shape.kinds and "string" not in shape.kinds:
            item = self._schemas.shape(shape.items) if shape.items is not None else shape
            separator = {"pipeDelimited": "|", "spaceDelimited": " "}.get(parameter.style, ",")
            parts = texts if parameter.explode else [part for text in texts for part in text.split(separator)]
            if parts == [""]:
                return []
            return [scalar(item, part) for part in parts]
        if texts[-1] == "null" and (shape.takes_null or shape.formats):
            return None
        return scalar(shape, texts[-1])

    def _form(self, operation: OperationFacts, text: str) -> dict[str, Any]:
        pointer = operation.bodies.get("application/x-www-form-urlencoded")
        properties = self._schemas.shape(pointer).properties if pointer is not None else {}
        return {
            name: scalar(self._schemas.shape(properties[name]), value) if name in properties else value
            for name, value in parse_qsl(text, keep_blank_values=True)
        }


def multipart(content_type: str, body: bytes) -> list[tuple[str, bytes]]:
    """Return the media type and the content of each part of a body (RFC 2046, section 5.1)."""
    message = email.message_from_bytes(b"Content-Type: " + content_type.encode("latin-1") + b"\r\n\r\n" + body, policy=email.policy.HTTP)
    found = []
    for part in message.iter_parts():
        content = part.get_payload(decode=True)
        found.append((part.get_content_type(), content if isinstance(content, bytes) else b""))
    return found


def scalar(shape: Shape, text: str) -> Any:
    """Return the value that a text in a URL or form represents."""
    if "string" in shape.kinds or not shape.kinds:
        return text
    if "boolean" in shape.kinds and text in ("true", "false"):
        return text == "true"
    if shape.kinds & {"integer", "number"}:
        try:
            return int(text)
        except ValueError:
            try:
                return float(text)
            except ValueError:
                return text
    if shape.kinds & {"object", "array"} and text[:1] in "{[":
        try:
            return json.loads(text)
        except ValueError:
            return text
    return text


def _fixed_query(path: str) -> frozenset[tuple[str, str]]:
    """Return the parameters that a path has itself: `/messages?beta=true`."""
    found = parse_qsl(path.partition("?")[2], keep_blank_values=True)
    return frozenset((name, text) for name, text in found if "{" not in text)


def _template(path: str) -> re.Pattern[str]:
    parts = _PARAMETER.split(path.partition("?")[0])
    return re.compile("".join(re.escape(part) if number % 2 == 0 else "([^/]+?)" for number, part in enumerate(parts)))
