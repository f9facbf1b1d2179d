"""openapi-core as a judge, in process, on the vendor's document, unchanged except for defaults and servers."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from openapi_core import Config, OpenAPI
from openapi_core.datatypes import RequestParameters
from werkzeug.datastructures import Headers, ImmutableMultiDict

from tests.support import multipart
from tests.support.judges import Request
from tests.support.routes import Routes, resolved

_SERVER = "http://judge.test"

_SPACES = r"\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
"""White space of ECMA-262 (sections 12.2 and 12.3), in which the patterns of documents are written. Python's `\\s` differs by U+001C to
U+001F, U+0085 and U+FEFF."""


def _patterns_of_ecma(node: Any) -> None:
    """Give the patterns below a node ECMA-262's white space, in place."""
    if isinstance(node, dict):
        if isinstance(node.get("pattern"), str):
            node["pattern"] = _pattern_of_ecma(node["pattern"])
        for child in node.values():
            _patterns_of_ecma(child)
    elif isinstance(node, list):
        for child in node:
            _patterns_of_ecma(child)


def _pattern_of_ecma(pattern: str) -> str:
    in_set = False

    def replaced(found: re.Match[str]) -> str:
        nonlocal in_set
        token = found[0]
        if token == r"\s":
            return _SPACES if in_set else f"[{_SPACES}]"
        if token == r"\S" and not in_set:
            return f"[^{_SPACES}]"
        if token in "[]":
            in_set = token == "["
        return token

    return re.sub(r"\\.|[\[\]]", replaced, pattern)


def _parameters(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from (document.get("components") or {}).get("parameters", {}).values()
    for item in document["paths"].values():
        for node in (item, *item.values()):
            if isinstance(node, dict):
                yield from (parameter for parameter in node.get("parameters") or () if "schema" in parameter)


class _Seen:
    """A request in the shape openapi-core reads (its `Request` protocol)."""

    def __init__(self, request: Request) -> None:
        self.host_url = _SERVER
        # It reads path parameters from the URL as they are; a `/` inside one must not split it.
        self.path = "/".join(unquote(segment).replace("/", "%2F") for segment in request.path.split("/"))
        self.method = request.method.lower()
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(parse_qsl(request.query, keep_blank_values=True)),
            header=Headers(list(request.headers)),
            cookie=ImmutableMultiDict(),
        )
        content_type = request.header("Content-Type") or ""  # a form of parts is read by its boundary
        self.content_type = content_type if content_type.startswith("multipart/form-data") else content_type.partition(";")[0]
        self.body = request.body


class OpenapiCore:
    name = "openapi-core"

    def __init__(self, document: Mapping[str, Any]) -> None:
        # Requests are checked relative to the server, so every server becomes one invented host.
        self._document = document
        self._routes = Routes(document)
        judged: dict[str, Any] = copy.deepcopy(dict(document))
        judged["servers"] = [{"url": _SERVER}]
        for item in judged["paths"].values():
            for node in (item, *item.values()):
                if isinstance(node, dict):
                    node.pop("servers", None)
        for parameter in _parameters(judged):
            # openapi-core validates a default as if it had been sent, and some do not match their own schema.
            parameter.get("schema", {}).pop("default", None)
        _patterns_of_ecma(judged)
        # Without its own check of the document: three of four vendors publish documents that are not strictly valid OpenAPI.
        self._openapi = OpenAPI.from_dict(judged, config=Config(spec_validator_cls=None))

    def verdict(self, request: Request) -> list[str]:
        request = multipart.description(self._without_empty_lists(request))
        return [_described(error) for error in self._openapi.iter_request_errors(_Seen(request))]

    def _without_empty_lists(self, request: Request) -> Request:
        """`ids=` is a form-style list without a value (OpenAPI 3.0, style examples); openapi-core reads one empty text."""
        match = self._routes.find(request.method, request.path)
        if match is None or not request.query:
            return request
        saved = [
            (name, text)
            for name, text in parse_qsl(request.query, keep_blank_values=True)
            if text or not self._takes_empty_list(match.operation.parameters.get(("query", name)))
        ]
        return replace(request, target=f"{request.path}?{urlencode(saved)}")

    def _takes_empty_list(self, parameter: Mapping[str, Any] | None) -> bool:
        if parameter is None or not parameter.get("allowEmptyValue") or parameter.get("required"):
            return False
        return bool(resolved(self._document, parameter.get("schema") or {}).get("type") == "array")


def _described(error: BaseException) -> str:
    details = getattr(error.__cause__, "schema_errors", None) or ()
    causes = "; ".join(f"{'.'.join(map(str, one.path))}: {one.message}"[:200] for one in details)
    return f"{type(error).__name__}: {error}" + (f" ({causes or error.__cause__})" if error.__cause__ else "")
