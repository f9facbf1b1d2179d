"""Formats of requests from a document, and the same requests through the runtime's `Request`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.unit.runtime.acme import VENDOR
from unified_openapi.documents import operations, parse_document
from unified_openapi.facts.request_formats import request_format
from unified_openapi.requests import formats
from unified_openapi.requests.bodies import BodyFormat
from unified_openapi.requests.faults import RequestFault
from unified_openapi.requests.formats import Arguments, BuiltRequest, RequestFormat
from unified_openapi.requests.multipart import File
from unified_openapi.requests.styles import DEEP_OBJECT, JSON, Style
from unified_runtime import basic
from unified_runtime.adapter_api.document_requests import DocumentOperation
from unified_runtime.core import errors
from unified_runtime.core.connections import Connection
from unified_runtime.core.endpoints import Retry
from unified_runtime.core.settings import Settings
from unified_runtime.execution.http_requests import wire_request

STRING = {"schema": {"type": "string"}}
LIST = {"schema": {"type": "array", "items": {"type": "string"}}}


def declared(operation: dict[str, Any], path: str = "/x", version: str = "3.0.3", **more: Any) -> RequestFormat:
    head = {"swagger": "2.0"} if version == "2.0" else {"openapi": version}
    root = {**head, "info": {"title": "t", "version": "1"}, "paths": {path: {"post": {"responses": {}, **operation}}}, **more}
    document = parse_document(json.dumps(root), "x.json")
    return request_format(document, operations(document)[f"POST {path}"])


def test_styles_of_parameters() -> None:
    found = declared(
        {
            "parameters": [
                {"name": "id", "in": "path", "required": True, "style": "label", **LIST},
                {"name": "q", "in": "query", "explode": False, "allowReserved": True, **LIST},
                {"name": "f", "in": "query", "content": {"application/json": {}}},
                {"name": "X-A", "in": "header", **LIST},
                {"name": "Authorization", "in": "header", "required": True, **STRING},
                {"name": "c", "in": "cookie", **STRING},
            ]
        },
        "/x/{id}",
    )
    assert {one.name: one.style for one in found.parameters} == {
        "id": Style("label", explode=False),
        "q": Style("form", explode=False, allow_reserved=True),
        "f": JSON,
        "X-A": Style("simple", explode=False),
        "c": Style(),
    }


def test_encodings_of_a_body() -> None:
    encoding = {"a": {"style": "deepObject"}, "b": {"contentType": "application/json"}, "c": {"headers": {}}}
    content = {"application/x-www-form-urlencoded": {"encoding": encoding}, "text/plain": {}}
    found = declared({"requestBody": {"required": True, "content": content}})
    assert found.body_required
    assert found.bodies == (
        BodyFormat("application/x-www-form-urlencoded", {"a": Style("deepObject", explode=False), "b": JSON}),
        BodyFormat("text/plain"),
    )


def test_a_content_type_counts_in_multipart_bodies() -> None:
    media = {"encoding": {"a": {"contentType": "application/json", "style": "form"}}}
    kinds = ("multipart/form-data", "application/x-www-form-urlencoded")
    found = declared({"requestBody": {"content": dict.fromkeys(kinds, media)}})
    assert [one.fields["a"] for one in found.bodies] == [JSON, Style()]


@pytest.mark.parametrize(
    ("given", "style"),
    [
        ({}, Style(explode=False)),
        ({"collectionFormat": "multi"}, Style()),
        ({"collectionFormat": "pipes"}, Style("pipeDelimited", explode=False)),
    ],
)
def test_lists_of_swagger_2_forms(given: dict[str, Any], style: Style) -> None:
    fields = [
        {"name": "ids", "in": "formData", "type": "array", "items": {"type": "string"}, **given},
        {"name": "a", "in": "formData", "type": "string"},
    ]
    found = declared({"parameters": fields}, version="2.0")
    assert found.bodies == (BodyFormat("application/x-www-form-urlencoded", {"ids": style}),)


FORMAT = RequestFormat(
    "POST",
    "/items/{id}/{kind}?beta=true&v=1#fragment",
    (
        formats.ParameterFormat("id", "path", Style("simple", explode=False), required=True),
        formats.ParameterFormat("kind", "path", Style("matrix", explode=False)),
        formats.ParameterFormat("filter", "query", DEEP_OBJECT),
        formats.ParameterFormat("v", "query", Style()),
        formats.ParameterFormat("X-A", "header", Style("simple", explode=False)),
        formats.ParameterFormat("session", "cookie", Style()),
    ),
    (
        BodyFormat("application/vnd.x+json"),
        BodyFormat("application/x-www-form-urlencoded", {"items": DEEP_OBJECT}),
        BodyFormat("multipart/form-data", {"meta": JSON}),
        BodyFormat("text/plain"),
        BodyFormat("image/png"),
        BodyFormat("*/*"),
        BodyFormat("multipart/related"),
    ),
)
PLAIN: dict[str, Any] = {"path": {"id": ["a b", "c"], "kind": "k"}}
CASES = [
    Arguments(**PLAIN),
    Arguments(**PLAIN, query={"filter": {"a": [1, {"b": "é"}]}, "v": "2"}, header={"X-A": [1, 2]}, cookie={"session": "s"}),
    Arguments(**PLAIN, body={"a": 1}),
    Arguments(**PLAIN, body=None, media_type="application/vnd.x+json"),
    Arguments(**PLAIN, body={"items": [{"price": 1}], "b": {"c": 1}}, media_type="application/x-www-form-urlencoded"),
    Arguments(**PLAIN, body={"meta": {"a": 1}, "file": File(b"x", "a.txt", "text/plain")}, media_type="multipart/form-data"),
    Arguments(**PLAIN, body="é", media_type="text/plain"),
    Arguments(**PLAIN, body=b"x", media_type="image/png"),
    Arguments(**PLAIN, body=File(b"x", media_type="image/gif"), media_type="*/*"),
    Arguments(**PLAIN, body={"a": 1}, media_type="*/*"),
    Arguments(**PLAIN, body={"a": {"b": 1}, "c": b"x"}, media_type="multipart/related"),
]
HERE = Connection(VENDOR, basic("me", "password"), {"site": "acme"})


def through_the_runtime(arguments: Arguments) -> BuiltRequest:
    request = DocumentOperation("acme.x", FORMAT, Retry.NEVER).request(arguments)
    made = wire_request(request, HERE, Settings(), float("inf"))
    path, _, query = made.url.removeprefix(HERE.server).partition("?")
    own = {"Host", "Accept", "Accept-Encoding", "User-Agent", "Content-Length", "X-Api-Version"}
    headers = [(name.decode(), value.decode()) for name, value in made.headers]
    return BuiltRequest(made.method, path, query, tuple(pair for pair in headers if pair[0] not in own), made.body)


@pytest.mark.parametrize("arguments", CASES, ids=range(len(CASES)))
def test_the_runtime_sends_what_is_built(arguments: Arguments) -> None:
    assert through_the_runtime(arguments) == formats.build(FORMAT, arguments)


def test_a_request() -> None:
    made = formats.build(FORMAT, CASES[1])
    assert made.target == "/items/a%20b,c/;kind=k?beta=true&filter%5Ba%5D%5B0%5D=1&filter%5Ba%5D%5B1%5D%5Bb%5D=%C3%A9&v=2"
    assert made.headers == (("X-A", "1,2"), ("Cookie", "session=s"))


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (Arguments(path={"kind": "k"}), "needs the path parameter id"),
        (Arguments(**PLAIN, query={"filters": 1}), "has no query parameter filters; did you mean filter"),
        (Arguments(**PLAIN, body={"a": 1}, media_type="application/xml"), "does not accept application/xml"),
    ],
)
def test_wrong_arguments(arguments: Arguments, problem: str) -> None:
    with pytest.raises(RequestFault, match=problem):
        formats.build(FORMAT, arguments)
    with pytest.raises(errors.InvalidInput, match=problem):
        through_the_runtime(arguments)
