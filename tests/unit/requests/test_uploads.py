"""Uploads as a field of `multipart/form-data`, sent and in a plan."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

import msgspec
import pytest

from tests.unit.runtime.acme import VENDOR
from unified_openapi.requests.bodies import BodyFormat
from unified_openapi.requests.styles import JSON
from unified_runtime import Endpoint, Request, Retry, Settings, basic
from unified_runtime.core import errors
from unified_runtime.core.connections import Connection
from unified_runtime.core.messages import Local, Response, without_contents
from unified_runtime.core.planning import PLANNED
from unified_runtime.execution.http_requests import wire_request
from unified_runtime.http.media import uploads
from unified_runtime.http.media.content import Source

UPLOAD = Endpoint("upload", "POST", "/files", Retry.NEVER, body=BodyFormat("multipart/form-data", {"attributes": JSON}))
HERE = Connection(VENDOR, basic("me", "password"), {"site": "acme"})


class Created(msgspec.Struct):
    id: str


def upload(content: bytes, *, planned: bool = False, **options: Any) -> tuple[Request, Any]:
    """Return the request of an upload, and its steps."""
    fields = {"attributes": {"name": "é"}, "note": None}
    steps = uploads.form_data(
        UPLOAD, content=Source(content), kind="image/png", field="file", filename="a.png", multipart=fields, schema=Created, **options
    )
    step = next(steps)
    while isinstance(step, Local):
        if not planned:
            step.run()
        step = steps.send(PLANNED if planned else Response(0, [], b"", ""))
    return step, steps


def test_fields_come_before_the_file() -> None:
    request, steps = upload(b"\x00content")
    made = wire_request(request, HERE, Settings(), float("inf"))
    message: Any = BytesParser(policy=HTTP).parsebytes(
        b"Content-Type: " + (made.header("Content-Type") or "").encode() + b"\r\n\r\n" + made.body
    )
    found = [(part["Content-Disposition"], part.get_content_type(), part.get_payload(decode=True)) for part in message.iter_parts()]
    assert found == [
        ('form-data; name="attributes"', "application/json", '{"name":"é"}'.encode()),
        ('form-data; name="file"; filename="a.png"', "image/png", b"\x00content"),
    ]
    with pytest.raises(StopIteration) as ended:
        steps.send(Response(200, [], b'{"id":"7"}', made.url))
    assert ended.value.value[0] == Created("7")


def test_plans_and_policies_see_the_file_without_its_content() -> None:
    request, _ = upload(b"\x00content", planned=True)
    assert request.multipart is not None
    assert without_contents(request.multipart) == {"attributes": {"name": "é"}, "file": "a.png (8 bytes)"}


def test_a_content_that_is_too_large_is_not_sent() -> None:
    with pytest.raises(errors.InvalidInput, match="larger than the 3 bytes"):
        upload(b"\x00content", most=3)
