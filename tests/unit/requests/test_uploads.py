"""Uploads as a field of `multipart/form-data`, sent and in a plan."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest

from tests.unit.runtime.acme import VENDOR
from unified_openapi.requests.bodies import BodyFormat
from unified_openapi.requests.styles import JSON
from unified_runtime import Endpoint, Request, Retry, Settings, basic
from unified_runtime.core import errors
from unified_runtime.core.connections import Connection
from unified_runtime.core.messages import Local, without_contents
from unified_runtime.core.planning import PLANNED
from unified_runtime.core.responses import Response
from unified_runtime.execution.http_requests import wire_request
from unified_runtime.http.http11 import framing
from unified_runtime.http.httpx_requests import build_request
from unified_runtime.http.media import uploads
from unified_runtime.http.media.content import Source

UPLOAD = Endpoint("upload", "POST", "/files", Retry.NEVER, body=BodyFormat("multipart/form-data", {"attributes": JSON}))
HERE = Connection(VENDOR, basic("me", "password"), {"site": "acme"})


LARGE = bytes(range(256)) * 3000


class Created(msgspec.Struct):
    id: str


def upload(content: Any, *, planned: bool = False, **options: Any) -> tuple[Request, Any]:
    """Return the request of an upload, and its steps."""
    fields = {"attributes": {"name": "é"}, "note": None}
    steps = uploads.form(
        UPLOAD,
        content=Source(content),
        content_type="image/png",
        field="file",
        filename="a.png",
        multipart=fields,
        schema=Created,
        **options,
    )
    step = next(steps)
    while isinstance(step, Local):
        if not planned:
            step.run()
        step = steps.send(PLANNED if planned else Response(0, [], b"", ""))
    return step, steps


def read(content_type: str | None, body: bytes) -> Any:
    return BytesParser(policy=HTTP).parsebytes(f"Content-Type: {content_type}\r\n\r\n".encode() + body)


def test_fields_come_before_the_file() -> None:
    request, steps = upload(b"\x00content")
    made = wire_request(request, HERE, Settings(), float("inf"))
    message = read(made.header("Content-Type"), made.body)
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


@pytest.mark.parametrize("content", [LARGE, [LARGE[:1000], LARGE[1000:]]], ids=["bytes", "pieces"])
def test_a_large_content_is_read_while_it_is_sent(content: Any) -> None:
    request, steps = upload(content)
    made = wire_request(request, HERE, Settings(), float("inf"))
    assert made.body == b""
    assert made.upload is not None
    sent = list(made.upload)
    assert max(map(len, sent)) <= 256 * 1024
    assert made.header("Content-Length") == str(made.upload.length) == str(len(b"".join(sent)))
    assert list(made.upload) == sent  # as for another attempt
    assert asyncio.run(collected(made.upload)) == sent
    message = read(made.header("Content-Type"), b"".join(sent))
    assert [part.get_payload(decode=True) for part in message.iter_parts()] == ['{"name":"é"}'.encode(), LARGE]
    with pytest.raises(StopIteration):
        steps.send(Response(200, [], b'{"id":"7"}', made.url))


def test_the_transport_sends_a_large_content() -> None:
    made = wire_request(upload(LARGE)[0], HERE, Settings(), float("inf"))
    assert not framing.supports(made)
    assert LARGE in build_request(made, httpx2, {}).read()


def test_a_content_that_changes_while_it_is_sent(tmp_path: Path) -> None:
    file = tmp_path / "content"
    file.write_bytes(LARGE)
    made = wire_request(upload(file)[0], HERE, Settings(), float("inf"))
    assert made.upload is not None
    for changed, problem in ((LARGE[:-1], "ended after 767999"), (LARGE + b"x", "has more now")):
        file.write_bytes(changed)
        with pytest.raises(errors.InvalidInput, match=problem):
            list(made.upload)


async def collected(pieces: AsyncIterable[bytes]) -> list[bytes]:
    return [piece async for piece in pieces]


def test_a_large_content_in_a_plan() -> None:
    request, _ = upload([LARGE], planned=True)
    assert request.multipart is not None
    assert without_contents(request.multipart)["file"] == "a.png (bytes)"


def test_a_content_that_is_too_large_is_not_sent() -> None:
    with pytest.raises(errors.InvalidInput, match="larger than the 3 bytes"):
        upload(b"\x00content", max_bytes=3)
