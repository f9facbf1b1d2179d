"""openapi-core as a judge, in process, on the vendor's document as it is but for defaults and servers."""

from __future__ import annotations

import copy
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
        # It reads path parameters as they stand in the address; a `/` inside one must not part it.
        self.path = "/".join(unquote(segment).replace("/", "%2F") for segment in request.path.split("/"))
        self.method = request.method.lower()
        self.parameters = RequestParameters(
            query=ImmutableMultiDict(parse_qsl(request.query, keep_blank_values=True)),
            header=Headers(list(request.headers)),
            cookie=ImmutableMultiDict(),
        )
        self.content_type = (request.header("Content-Type") or "").partition(";")[0]
        self.body = request.body


class OpenapiCore:
    name = "openapi-core"

    def __init__(self, document: Mapping[str, Any]) -> None:
        # Requests are judged relative to the server, so every server becomes one made-up host.
        self._document = document
        self._routes = Routes(document)
        judged: dict[str, Any] = copy.deepcopy(dict(document))
        judged["servers"] = [{"url": _SERVER}]
        for item in judged["paths"].values():
            for node in (item, *item.values()):
                if isinstance(node, dict):
                    node.pop("servers", None)
        for parameter in _parameters(judged):
            # openapi-core validates a default as if it had been sent, and some are not of their own schema.
            parameter.get("schema", {}).pop("default", None)
        # Without its own check of the document: three of four vendors publish documents that are not valid OpenAPI to the letter.
        self._openapi = OpenAPI.from_dict(judged, config=Config(spec_validator_cls=None))

    def verdict(self, request: Request) -> list[str]:
        request = multipart.description(self._without_empty_lists(request))
        return [_told(error) for error in self._openapi.iter_request_errors(_Seen(request))]

    def _without_empty_lists(self, request: Request) -> Request:
        """`ids=` is how a form-style list without a value is written (OpenAPI 3.0, style examples); openapi-core reads one empty text."""
        match = self._routes.find(request.method, request.path)
        if match is None or not request.query:
            return request
        kept = [
            (name, text)
            for name, text in parse_qsl(request.query, keep_blank_values=True)
            if text or not self._takes_empty_list(match.operation.parameters.get(("query", name)))
        ]
        return replace(request, target=f"{request.path}?{urlencode(kept)}")

    def _takes_empty_list(self, parameter: Mapping[str, Any] | None) -> bool:
        if parameter is None or not parameter.get("allowEmptyValue") or parameter.get("required"):
            return False
        return bool(resolved(self._document, parameter.get("schema") or {}).get("type") == "array")


def _told(error: BaseException) -> str:
    details = getattr(error.__cause__, "schema_errors", None) or ()
    causes = "; ".join(f"{'.'.join(map(str, one.path))}: {one.message}"[:200] for one in details)
    return f"{type(error).__name__}: {error}" + (f" ({causes or error.__cause__})" if error.__cause__ else "")
