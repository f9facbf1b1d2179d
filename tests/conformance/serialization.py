"""Comparison of requests with those that swagger-client builds from the same document and arguments.

`Verdict.differences` is empty if both agree, except for what is listed in `DEVIATIONS`: there swagger-client differs from the
specification, or the specification leaves the form open. A deviation is accepted only if swagger-client's side is exactly as its
reason states, and ours is checked in another way.
"""

from __future__ import annotations

import base64
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, unquote_plus

from msgspec import UNSET

from tests.support.judges.swagger_client import SwaggerClient
from unified_openapi.requests import bodies, formats
from unified_openapi.requests.faults import RequestFault
from unified_openapi.requests.formats import Arguments, BuiltRequest, RequestFormat
from unified_openapi.requests.multipart import File
from unified_openapi.requests.styles import Style

OPENAPI = "OpenAPI 3.1.1"
DEVIATIONS = {
    "path with a query or fragment": f"{OPENAPI}, 4.8.8: the path is appended to the server's URL. A fragment is not sent (RFC 9110, 7.1).",
    "parameter without a name in the path": f"{OPENAPI}, 4.8.8.2: the template's name and the parameter's differ; swagger-client sends "
    "the braces.",
    "text as JSON": "RFC 8259, 2: a text is a JSON string with quotes. swagger-client sends it without quotes.",
    "range as content type": "RFC 9110, 8.3: Content-Type is one media type; swagger-client sends the document's range, such as `*/*`.",
    "JSON lines": "swagger-client writes a list as one JSON array, and NDJSON has a line for each item.",
    "list in a form": f"{OPENAPI}, 4.8.15.1: without `encoding`, each item is a field (RFC 7578, 4.3). swagger-client joins the items.",
    "nested deepObject": f"{OPENAPI}, 4.8.12.3: nesting is not defined. Ours is compared with the package qs; swagger-client writes JSON.",
    "media type with a parameter": "RFC 9110, 8.3.1: a parameter does not change the type. swagger-client writes a form with a `boundary` "
    "as JSON.",
    "allowReserved": f"{OPENAPI}, 4.8.12.2.2: characters that would end a value are encoded. swagger-client sends `&`, `=`, `+` and `#`.",
    "one name for two values": f"{OPENAPI}, 4.8.12.3: a property of an exploded object has the name of a parameter, and both are sent. "
    "swagger-client sends the last.",
    "parts without names": "RFC 2387: each part has a body. swagger-client writes the parts as one JSON object.",
}
"""Names of accepted deviations of swagger-client, with the reason."""

Pairs = list[tuple[str, str]]


@dataclass
class Verdict:
    """Result for one request. `refused`: the reason that it was not built."""

    differences: list[str] = field(default_factory=list)
    deviations: Counter[str] = field(default_factory=Counter)
    refused: str | None = None


def compare(client: SwaggerClient, declared: RequestFormat, arguments: Arguments) -> Verdict:
    """Build one request with both, and compare method, path, query, headers and body."""
    verdict = Verdict()
    try:
        ours = formats.build(declared, arguments)
    except RequestFault as fault:
        verdict.refused = fault.message
        return verdict
    content_type = None if arguments.body is UNSET else arguments.media_type
    theirs = client.request(declared, arguments, content_type)
    if "error" in theirs:
        verdict.differences.append(f"swagger-client: {theirs['error']}")
        return verdict
    comparison = _Comparison(client, declared, arguments, ours, theirs, verdict)
    comparison.url()
    comparison.headers()
    comparison.body()
    return verdict


@dataclass
class _Comparison:
    client: SwaggerClient
    declared: RequestFormat
    arguments: Arguments
    ours: BuiltRequest
    theirs: Mapping[str, Any]
    verdict: Verdict

    def same(self, label: str, ours: object, theirs: object) -> bool:
        if ours != theirs:
            self.verdict.differences.append(f"{label}: {str(ours)[:300]} is not {str(theirs)[:300]}")
        return ours == theirs

    def deviates(self, name: str) -> None:
        assert name in DEVIATIONS, name
        self.verdict.deviations[name] += 1

    # ------------------------------------------------------------------------------------------------ URL
    def url(self) -> None:
        self.same("method", self.ours.method, self.theirs["method"].upper())
        path, _, query = self.theirs["url"].partition("?")
        for name, value in self.arguments.path.items():
            if f"{{{name}}}" in path and isinstance(value, str):
                self.deviates("parameter without a name in the path")
                path = path.replace(f"{{{name}}}", quote(value, safe=""))
        self.same("path", [*map(unquote, self.ours.path.split("/"))], [*map(unquote, path.split("/"))])
        ours, theirs = _pairs(self.ours.query), _pairs(query)
        if re.search("[?#]", self.declared.path):
            self.deviates("path with a query or fragment")
            for pair in parse_qsl(self.declared.path.partition("#")[0].partition("?")[2], keep_blank_values=True):
                if pair[0] not in self.arguments.query:
                    self.same("query of the path", pair in ours, True)
                    ours.remove(pair)
        for name, value in self.arguments.query.items():
            style = self.declared.by_location["query"][name]
            if style.media_type is not None and "json" in style.media_type and isinstance(value, str) and (name, value) in theirs:
                self.deviates("text as JSON")
                theirs[theirs.index((name, value))] = (name, json.dumps(value, ensure_ascii=False))
            ours, theirs = self._nested(name, value, style, ours, theirs)
            for key in _properties(value, style) & self.arguments.query.keys() - {name}:
                self.deviates("one name for two values")
                self.same(key, (key, _text(value[key])) in ours, True)
                ours = [pair for pair in ours if pair != (key, _text(value[key]))]
            if style.allow_reserved:
                self.deviates("allowReserved")
                listed = [*map(_text, value)] if isinstance(value, list) else [_text(value)]
                self.same(name, [pair for pair in ours if pair[0] == name], [(name, each) for each in listed])
                # What follows a `&` or `#` in swagger-client's value has another name, or none.
                ours = [pair for pair in ours if pair[0] != name]
                theirs = [pair for pair in theirs if pair[0] not in (name, "")]
        self.same("query", sorted(ours, key=lambda pair: pair[0]), sorted(theirs, key=lambda pair: pair[0]))

    def _nested(self, name: str, value: Any, style: Style | None, ours: Pairs, theirs: Pairs) -> tuple[Pairs, Pairs]:
        """Compare a nested value with qs, and return what else there is."""
        nested = style is not None and style.style == "deepObject" and (isinstance(value, list) or _nests(value))
        if not nested:
            return ours, theirs
        self.deviates("nested deepObject")
        own = [pair for pair in ours if _belongs(pair[0], name)]
        self.same(f"{name} (qs)", own, self.client.brackets(name, value))
        return [pair for pair in ours if pair not in own], [pair for pair in theirs if not _belongs(pair[0], name)]

    # ------------------------------------------------------------------------------------------------ headers
    def headers(self) -> None:
        ours = {name.lower(): value for name, value in self.ours.headers}
        theirs = {name.lower(): str(value) for name, value in self.theirs["headers"].items()}
        for headers in (ours, theirs):
            headers.pop("content-type", None)
        if "accept" not in {name.lower() for name in self.arguments.header}:
            theirs.pop("accept", None)  # of the response's media types
        self.same("headers", ours, theirs)

    @staticmethod
    def _content_type(headers: Iterable[tuple[str, str]]) -> str:
        return next((str(value) for name, value in headers if name.lower() == "content-type"), "")

    # ------------------------------------------------------------------------------------------------ body
    def body(self) -> None:
        if self.arguments.body is UNSET:
            self.same("body", self.ours.body, base64.b64decode(self.theirs.get("base64", "")))
            return
        assert self.arguments.media_type is not None
        kind = bodies.kind(self.arguments.media_type)
        ours, theirs = self._content_type(self.ours.headers), self._content_type(self.theirs["headers"].items())
        if kind in ("form-data", "parts"):
            self.same("content type", ours.partition(";")[0], theirs.partition(";")[0])
        elif "*" in theirs and "*" not in ours:
            self.same("content type", theirs, self.arguments.media_type)
            self.deviates("range as content type")
        else:
            self.same("content type", ours, theirs)
        body = base64.b64decode(self.theirs.get("base64", ""))
        if kind == "form-data":
            self._form_data()
        elif kind == "form":
            self._form(_pairs(self.ours.body.decode("ascii")), _pairs(body.decode("utf-8")))
        elif kind == "parts":
            self.deviates("parts without names")
            self.same("number of parts", len(_parts(self.ours)), len(self.arguments.body))
        elif kind == "lines":
            self.deviates("JSON lines")
            self.same("lines", [json.loads(line) for line in self.ours.body.splitlines()], json.loads(body))
        elif isinstance(self.arguments.body, str) and kind == "json":
            self.deviates("text as JSON")
            self.same("text", body.decode("utf-8"), self.arguments.body)
            self.same("body", json.loads(self.ours.body), self.arguments.body)
        elif kind == "json":
            self.same("body", json.loads(self.ours.body), json.loads(body))
        else:
            self.same("body", self.ours.body, body)

    def _form(self, ours: Pairs, theirs: Pairs) -> None:
        declared = next(one.fields for one in self.declared.bodies if one.media_type == self.arguments.media_type)
        for name, value in self.arguments.body.items():
            style = declared.get(name)
            ours, theirs = self._nested(name, value, style, ours, theirs)
            if style is None and isinstance(value, list):
                own, other = ([pair for pair in pairs if pair[0] == name] for pairs in (ours, theirs))
                if own != other:
                    self.deviates("list in a form")
                    self.same(name, other, [(name, _joined(value))])
                    self.same(name, own, [(name, _text(item)) for item in value])
                    ours, theirs = ([pair for pair in pairs if pair[0] != name] for pairs in (ours, theirs))
        self.same("form", ours, theirs)

    def _form_data(self) -> None:
        ours = _parts(self.ours)
        if "parts" not in self.theirs and ";" in self.arguments.media_type:
            self.deviates("media type with a parameter")
            self.same("body", json.loads(base64.b64decode(self.theirs["base64"])), self.arguments.body)
            self.same("fields", [name for name, _, _ in ours], [*self.arguments.body])
            return
        theirs = [(part["name"], base64.b64decode(part["content"]), part["type"]) for part in self.theirs["parts"]]
        declared = next(one.fields for one in self.declared.bodies if one.media_type == self.arguments.media_type)
        for name, value in self.arguments.body.items():
            own, other = ([part for part in parts if _belongs(part[0], name)] for parts in (ours, theirs))
            style = declared.get(name)
            if (
                style is not None
                and style.style == "deepObject"
                and style.media_type is None
                and (isinstance(value, list) or _nests(value))
            ):
                self._nested(name, value, style, [(key, content.decode()) for key, content, _ in own], [])
                continue
            joined = isinstance(value, list) and not isinstance(value[0], File) and len(other) == 1 < len(own)
            if joined and style is None:
                self.deviates("list in a form")
                self.same(name, other[0][1].decode("utf-8"), _joined(value))
                self.same(name, [content.decode("utf-8") for _, content, _ in own], [_text(item) for item in value])
                continue
            self.same(name, [(key, _value(content)) for key, content, _ in own], [(key, _value(content)) for key, content, _ in other])
            types = [(kind, wanted) for (_, _, kind), (_, _, wanted) in zip(own, other, strict=False) if wanted]
            self.same(f"content type of {name}", [kind for kind, _ in types], [wanted.partition(",")[0] for _, wanted in types])
        self.same("order of fields", *([*dict.fromkeys(name.partition("[")[0] for name, _, _ in parts)] for parts in (ours, theirs)))


def _pairs(query: str) -> Pairs:
    return [(unquote_plus(name), unquote_plus(value)) for name, _, value in (pair.partition("=") for pair in query.split("&") if pair)]


def _belongs(key: str, name: str) -> bool:
    return key == name or key.startswith(f"{name}[")


def _nests(value: Any) -> bool:
    return isinstance(value, Mapping) and any(isinstance(each, (Mapping, list)) for each in value.values())


def _properties(value: Any, style: Style) -> frozenset[str]:
    """Return the names that an exploded object has in the query."""
    exploded = isinstance(value, Mapping) and style.style == "form" and style.explode and style.media_type is None
    return frozenset(value) if exploded else frozenset()


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _joined(value: list[Any]) -> str:
    """Return a list as swagger-client writes it into a form: joined by commas, or as JSON if an item is an object."""
    return _text(value) if any(isinstance(each, (dict, list)) for each in value) else ",".join(map(_text, value))


def _value(content: bytes) -> Any:
    """Return JSON decoded, and any other content as it is."""
    try:
        return json.loads(content)
    except ValueError:
        return content


def _parts(request: BuiltRequest) -> list[tuple[str, bytes, str]]:
    """Return name, content and content type of each part of a multipart body."""
    content_type = next(value for name, value in request.headers if name == "Content-Type")
    found = re.search(r'boundary="([^"]+)"', content_type)
    assert found is not None
    boundary = b"--" + found[1].encode("ascii")
    assert request.body.endswith(boundary + b"--\r\n")
    parts = []
    for part in request.body.split(boundary)[1:-1]:
        head, _, content = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode("utf-8").split("\r\n") if line)
        named = re.search(r' name="([^"]*)"', headers.get("Content-Disposition", ""))
        parts.append((named[1] if named else "", content.removesuffix(b"\r\n"), headers.get("Content-Type", "")))
    return parts
