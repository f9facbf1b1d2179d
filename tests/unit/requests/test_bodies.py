"""Bodies by media type. Multipart bodies are read by the parser of the standard library."""

from __future__ import annotations

import json
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

import pytest

from unified_openapi.requests import bodies, multipart
from unified_openapi.requests.bodies import BodyFormat
from unified_openapi.requests.faults import RequestFault
from unified_openapi.requests.multipart import File
from unified_openapi.requests.styles import DEEP_OBJECT, JSON, Style


def read(kind: str, body: bytes) -> list[tuple[str | None, str | None, str, bytes]]:
    """Return name, file name, content type and content of each part."""
    message = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + body)
    assert message.is_multipart()
    found = []
    for part in message.iter_parts():  # type: ignore[attr-defined]
        name = part.get_param("name", header="content-disposition")
        found.append((name, part.get_filename(), part.get_content_type(), part.get_payload(decode=True)))
    return found


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("application/json", "json"),
        ("application/json; charset=utf-8", "json"),
        ("application/vnd.github.v3+json", "json"),
        ("application/*+json", "json"),
        ("text/json", "json"),
        ("application/x-ndjson", "lines"),
        ("application/x-www-form-urlencoded", "form"),
        ("multipart/form-data; boundary=x", "form-data"),
        ("multipart/related", "parts"),
        ("application/xml", "xml"),
        ("text/xml", "xml"),
        ("application/soap+xml", "xml"),
        ("text/plain", "text"),
        ("*/*", "any"),
        ("image/png", "binary"),
        ("application/jsonp", "binary"),
    ],
)
def test_kinds(media_type: str, kind: str) -> None:
    assert bodies.kind(media_type) == kind


@pytest.mark.parametrize(
    ("media_type", "value", "content_type", "body"),
    [
        ("application/merge-patch+json", {"a": None}, "application/merge-patch+json", b'{"a":null}'),
        ("application/*+json", [1], "application/json", b"[1]"),
        ("*/*", {"a": 1}, "application/json", b'{"a":1}'),
        ("*/*", b"\x00", "application/octet-stream", b"\x00"),
        ("*/*", File(b"x", media_type="image/png"), "image/png", b"x"),
        ("image/*", b"x", "application/octet-stream", b"x"),
        ("image/png", b"x", "image/png", b"x"),
        ("text/plain", "é", "text/plain", "é".encode()),
        ("text/csv", 7, "text/csv", b"7"),
        ("application/x-ndjson", [{"a": 1}, 2], "application/x-ndjson", b'{"a":1}\n2\n'),
        ("application/x-www-form-urlencoded", {"a": [1, "x y"], "b": {"c": 1}}, None, b"a=1&a=x%20y&b=%7B%22c%22:1%7D"),
    ],
)
def test_bodies(media_type: str, value: Any, content_type: str | None, body: bytes) -> None:
    assert bodies.encode(BodyFormat(media_type), value) == (content_type or media_type, body)


def test_form_fields_by_their_encoding() -> None:
    declared = BodyFormat(bodies.FORM, {"items": DEEP_OBJECT, "ids": Style(explode=False), "about": JSON})
    value = {"items": [{"price": "p", "quantity": 2}], "ids": ["a", "b"], "about": "x", "expand": ["y"]}
    assert bodies.encode(declared, value)[1] == (b"items%5B0%5D%5Bprice%5D=p&items%5B0%5D%5Bquantity%5D=2&ids=a,b&about=%22x%22&expand=y")


def test_form_data() -> None:
    declared = {"meta": Style(media_type="application/json; charset=utf-8"), "photo": Style(media_type="image/png, image/jpeg")}
    fields = {
        "meta": {"name": "é"},
        "photo": File(b"\x00\r\n--", 'a"b\r\n.png', "image/jpeg"),
        "raw": b"\xff",
        "tags": ["x", "y"],
        "rows": [{"a": 1}],
        "nothing": None,
    }
    kind, body = multipart.form_data(multipart.parts(fields, declared))
    assert b'filename="a%22b%0D%0A.png"' in body
    found = read(kind, body)
    assert [(name, content_type, content) for name, _, content_type, content in found] == [
        ("meta", "application/json", '{"name":"é"}'.encode()),
        ("photo", "image/jpeg", b"\x00\r\n--"),
        ("raw", "application/octet-stream", b"\xff"),
        ("tags", "text/plain", b"x"),
        ("tags", "text/plain", b"y"),
        ("rows", "application/json", b'{"a":1}'),
    ]
    assert [filename is not None for _, filename, _, _ in found] == [False, True, True, False, False, False]


def test_a_file_has_a_declared_content_type() -> None:
    (part,) = multipart.parts({"photo": File(b"x", "a.gif", "image/gif")}, {"photo": Style(media_type="image/png, image/jpeg")})
    assert part.media_type == "image/png"


def test_form_data_with_a_style() -> None:
    declared = {"expand": DEEP_OBJECT, "link": DEEP_OBJECT}
    made = multipart.parts({"expand": ["data"], "link": {"create": True}, "file": b"x"}, declared)
    assert [(part.name, part.content) for part in made] == [("expand[0]", b"data"), ("link[create]", b"true"), ("file", b"x")]


def test_the_same_parts_are_sent_the_same_way() -> None:
    made = [multipart.form_data(multipart.parts({"a": value}, {})) for value in ("1", "1", "2")]
    assert made[0] == made[1]
    assert made[0][0] != made[2][0]


def test_related_parts_have_no_names() -> None:
    declared = BodyFormat("multipart/related", {"metadata": JSON})
    kind, body = bodies.encode(declared, {"metadata": {"a": 1}, "media": File(b"x", media_type="image/png")})
    assert kind.startswith("multipart/related; boundary=")
    assert read(kind, body) == [(None, None, "application/json", b'{"a":1}'), (None, None, "image/png", b"x")]


def test_the_media_type_suits_the_value() -> None:
    accepted = [
        BodyFormat("application/xml"),
        BodyFormat("application/octet-stream"),
        BodyFormat("application/json"),
        BodyFormat("text/plain"),
    ]
    assert bodies.choose(accepted, {"a": 1}).media_type == "application/json"
    assert bodies.choose(accepted, b"x").media_type == "application/octet-stream"
    assert bodies.choose(accepted, "x", "text/plain").media_type == "text/plain"


@pytest.mark.parametrize(
    ("accepted", "value", "media_type", "problem"),
    [
        (["application/xml"], {"a": 1}, None, "accepts application/xml only, and XML bodies are not supported"),
        (["application/json"], 1, "text/csv", "does not accept text/csv; it accepts application/json"),
        ([], 1, None, "a body of type int cannot be sent"),
    ],
)
def test_a_body_that_is_not_accepted(accepted: list[str], value: Any, media_type: str | None, problem: str) -> None:
    with pytest.raises(RequestFault, match=problem):
        bodies.choose([BodyFormat(one) for one in accepted], value, media_type)


@pytest.mark.parametrize(
    ("media_type", "value", "problem"),
    [
        ("text/plain", {"a": 1}, "sent as text or bytes, not as an object"),
        ("image/png", [1], "not as a list"),
        (bodies.FORM, [1], "the body must be an object"),
        ("multipart/form-data", "x", "the body must be an object"),
        ("application/xml", "<a/>", "XML bodies are not supported"),
        ("application/json", {"a": object()}, "cannot be written as JSON"),
        ("application/json", {"a": File(b"x")}, "cannot be written as JSON"),
        ("multipart/form-data", {"a": {"b": File(b"x")}}, "cannot be written as JSON"),
        ("text/plain", "\ud800", "not valid Unicode"),
        ("multipart/form-data", {"a": "\ud800"}, "a is not valid Unicode"),
        (bodies.FORM, {"a": float("inf")}, "not a number that can be sent"),
    ],
)
def test_a_value_that_cannot_be_sent(media_type: str, value: Any, problem: str) -> None:
    with pytest.raises(RequestFault, match=problem):
        bodies.encode(BodyFormat(media_type), value)


def test_json_has_all_digits() -> None:
    from decimal import Decimal

    assert json.loads(bodies.encode(BodyFormat("application/json"), {"a": Decimal("0.10")})[1].replace(b"0.10", b'"0.10"')) == {"a": "0.10"}
