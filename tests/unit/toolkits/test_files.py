"""Files of operations without a mapping: contents are sent and received piece by piece, under the same policies as other arguments."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.brokers import serving
from tests.unit.toolkits.conftest import Server, response
from unified_openapi.requests.multipart import File
from unified_platform.broker.agent_keys import KeyStore, Scope
from unified_platform.broker.assembly import KeyScopePolicy
from unified_platform.broker.calls import Calls
from unified_platform.broker.database import open_store
from unified_platform.broker.identity import Identity
from unified_platform.broker.parts import Broker
from unified_runtime import AsyncClient, Client, Denied, InvalidInput, Unavailable, bearer
from unified_runtime.core.errors import TransportFailure
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.policy_decisions import Decision, PolicyRequest, allow, deny
from unified_runtime.core.responses import Response, Stream
from unified_runtime.policy.enforcer import PolicyEnforcer
from unified_runtime.rate_limits.rate_limiter import Unlimited
from unified_runtime.toolkits import adding

BIG = bytes(range(256)) * 4096
"""1 MiB: more than is held in memory."""
BINARY = {"type": "string", "format": "binary"}
FORM = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": BINARY, "preview": BINARY, "comment": {"type": "string"}},
}
ATTACHED = {"required": True, "content": {"multipart/form-data": {"schema": FORM}}}
OCTETS = {"application/octet-stream": {"schema": BINARY}}
OK = {"200": {"description": "", "content": {"application/json": {"schema": {}}}}}
FILES: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Files", "version": "1"},
    "servers": [{"url": "https://disk.example.com"}],
    "paths": {
        "/files": {
            "post": {
                "operationId": "attachFile",
                "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": FORM}}},
                "responses": OK,
            },
            "put": {"operationId": "putFile", "requestBody": {"required": True, "content": OCTETS}, "responses": OK},
        },
        "/files/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}],
            "get": {"operationId": "getFile", "responses": {"200": {"description": "", "content": OCTETS}}},
            "post": {"operationId": "exportFile", "responses": {"200": {"description": "", "content": OCTETS}}},
        },
    },
    "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
}


@pytest.fixture(autouse=True)
def files(shop: None) -> None:
    adding.add("disk", json.dumps(FILES).encode(), "disk.json")


@pytest.fixture
def api(client: Client) -> Any:
    client.connect("disk", bearer("T0ken"))
    return client.api("disk").files


def _body(request: HTTPRequest) -> bytes:
    return request.body if request.upload is None else b"".join(request.upload)


def _parts(request: HTTPRequest) -> dict[str, tuple[str, bytes]]:
    """Return the parts of a form by name: the head and the content of each."""
    boundary = (request.header("Content-Type") or "").partition('boundary="')[2].rstrip('"').encode()
    found = {}
    for part in _body(request).split(b"--" + boundary)[1:-1]:
        head, _, content = part.partition(b"\r\n\r\n")
        found[head.partition(b'name="')[2].partition(b'"')[0].decode()] = (head.decode(), content.removesuffix(b"\r\n"))
    return found


def _pieces() -> Iterator[bytes]:
    for start in range(0, len(BIG), 100_000):
        yield BIG[start : start + 100_000]


@pytest.mark.parametrize("form", ["bytes", "path", "open file", "iterable", "small"])
def test_a_body_of_bytes_is_sent_from_any_source(api: Any, server: Server, tmp_path: Path, form: str) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(BIG)
    content: Any = {"bytes": BIG, "path": path, "open file": io.BytesIO(BIG), "iterable": _pieces(), "small": b"tea"}[form]
    bodies: list[bytes] = []
    server.respond = lambda request: bodies.append(_body(request)) or {"id": "f1"}
    assert api.put_file(body=content).id == "f1"
    assert bodies == [b"tea" if form == "small" else BIG]
    request = server.requests[0]
    assert request.header("Content-Type") == "application/octet-stream"
    assert request.header("Content-Length") == str(len(bodies[0]))
    assert (request.upload is None) == (form == "small"), "only a small content is held in memory"


def test_files_of_a_form_have_their_names_and_media_types(api: Any, server: Server, tmp_path: Path) -> None:
    path = tmp_path / "may.pdf"
    path.write_bytes(BIG)
    received: list[dict[str, tuple[str, bytes]]] = []
    server.respond = lambda request: received.append(_parts(request)) or {}
    api.attach_file(file=path, preview=File(b"png", "small.png", "image/png"), comment="the report")
    (parts,) = received
    assert parts["file"][1] == BIG
    assert 'filename="may.pdf"' in parts["file"][0]
    assert parts["preview"][1] == b"png"
    assert 'filename="small.png"' in parts["preview"][0]
    assert "image/png" in parts["preview"][0]
    assert parts["comment"][1] == b"the report"


def test_progress_ends_with_the_complete_size(api: Any, server: Server) -> None:
    seen: list[tuple[int, int | None]] = []
    server.respond = lambda request: {"size": len(_body(request))}
    api.put_file(body=BIG, progress=lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1] == (len(BIG), len(BIG))


def test_a_text_is_not_a_file(api: Any, server: Server) -> None:
    with pytest.raises(InvalidInput, match="file is required"):
        api.attach_file(comment="no file")
    with pytest.raises(InvalidInput, match="cannot be read"):
        api.put_file(body=Path("/does/not/exist"))
    assert server.requests == []


def test_a_plan_shows_sizes_and_reads_nothing(api: Any, server: Server, tmp_path: Path) -> None:
    path = tmp_path / "may.pdf"
    path.write_bytes(BIG)
    assert api.put_file.plan(body=path).requests[0].body == f"({len(BIG)} bytes)"
    assert api.attach_file.plan(file=path).requests[0].body == {"file": f"may.pdf ({len(BIG)} bytes)"}
    assert server.requests == []


class Small:
    """Policy that allows files of at most 1,000 bytes that are not programs."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []

    def decide(self, requests: Sequence[PolicyRequest]) -> list[Decision]:
        self.seen += [dict(request.input) for request in requests]
        return [allow() if self._allowed(request) else deny("no") for request in requests]

    def _allowed(self, request: PolicyRequest) -> bool:
        size, name = request.input.get("file", 0), request.input.get("file.filename", "")
        return isinstance(size, int) and size <= 1000 and not str(name).endswith(".exe")


def test_a_policy_decides_by_the_size_and_the_name_of_a_file(api: Any, client: Client, server: Server) -> None:
    engine = Small()
    governed = client.with_policy(PolicyEnforcer(engine)).api("disk").files
    governed.attach_file(file=b"x" * 1000)
    assert engine.seen[0] == {"file": 1000, "file.filename": "file"}
    for file in (b"x" * 1001, File(b"x", "virus.exe")):
        with pytest.raises(Denied):
            governed.attach_file(file=file)
    assert len(server.requests) == 1


def test_a_download_is_received_read_or_saved(api: Any, server: Server, tmp_path: Path) -> None:
    server.respond = lambda request: Response(200, [(b"content-type", b"application/octet-stream")], BIG, request.url)
    download = api.get_file.download("f1")
    assert server.requests == [], "the content is requested when it is read"
    assert b"".join(download) == download.read() == BIG
    assert download.save(tmp_path / "copy.bin") == len(BIG)
    assert (tmp_path / "copy.bin").read_bytes() == BIG
    assert all(request.stream for request in server.requests)


def test_a_download_follows_a_redirect_to_storage_without_the_credential(api: Any, server: Server) -> None:
    def respond(request: HTTPRequest) -> Any:
        if request.url.startswith("https://disk.example.com/"):
            return Response(302, [(b"location", b"https://storage.example.net/f1?signature=x")], b"", request.url)
        return Response(200, [], BIG, request.url)

    server.respond = respond
    assert api.get_file.download("f1").read() == BIG
    first, second = server.requests
    assert first.credential.headers()
    assert not second.credential.headers()
    assert second.header("Authorization") is None
    assert not second.inside, "the host must be a public one"
    server.respond = lambda request: Response(302, [(b"location", b"http://storage.example.net/f1")], b"", request.url)
    with pytest.raises(Exception, match="another server"):
        api.get_file.download("f1").read()


class Broken(Stream):
    """Response whose connection breaks after the first half."""

    __slots__ = ("_left",)

    def __init__(self, url: str) -> None:
        super().__init__(200, [(b"content-length", b"%d" % len(BIG)), (b"etag", b'"1"')], b"", url)
        self._left = [BIG[: len(BIG) // 2]]

    def piece(self) -> bytes:
        if not self._left:
            raise TransportFailure("the connection broke", sent=True)
        return self._left.pop()

    def close(self) -> None:
        """Do nothing."""


def test_a_download_is_resumed_unless_its_request_writes(api: Any, server: Server) -> None:
    half = len(BIG) // 2
    ranges = (b"content-range", b"bytes %d-%d/%d" % (half, len(BIG) - 1, len(BIG)))
    server.respond = lambda request: Response(206, [ranges], BIG[half:], request.url) if request.header("Range") else Broken(request.url)
    assert api.get_file.download("f1").read() == BIG
    assert len(server.requests) == 2
    with pytest.raises(Unavailable, match="broke off after"):
        api.export_file.download("f1").read()
    assert len(server.requests) == 3


def test_async_uploads_and_downloads(server: Server, tmp_path: Path) -> None:
    class Transport:
        async def asend(self, request: HTTPRequest) -> Any:
            if request.upload is not None:
                received.append(b"".join([piece async for piece in request.upload]))
            return server.send(request)

        async def aclose(self) -> None:
            """Do nothing."""

    received: list[bytes] = []

    async def pieces() -> Any:
        for piece in _pieces():
            yield piece

    async def calls() -> None:
        client = AsyncClient(Transport())
        client.connect("disk", bearer("T0ken"))
        files = client.api("disk").files
        await files.put_file(body=pieces())
        server.respond = lambda request: response({"a": 1})
        assert json.loads(await files.get_file.download("f1").read()) == {"a": 1}

    asyncio.run(calls())
    assert received == [BIG]


class Behind:
    """Transport of a broker: the async form of the server, which notes uploads."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self.uploads: list[bytes] = []

    async def asend(self, request: HTTPRequest) -> Any:
        if request.upload is not None:
            self.uploads.append(b"".join([piece async for piece in request.upload]))
        return self._server.send(request)

    async def aclose(self) -> None:
        """Do nothing."""


def test_files_pass_through_a_broker(server: Server, tmp_path: Path) -> None:
    behind = Behind(server)
    client = AsyncClient(behind)
    client.connect("disk", bearer("T0ken"))
    keys = KeyStore(open_store(tmp_path / "control.db"))
    words = ("disk.api.attachFile", "disk.api.getFile")
    key = keys.create(Scope("helper", ("*",), ("*",), words), lifetime=None)[1].reveal()
    broker = Broker(Calls(client, PolicyEnforcer(KeyScopePolicy()), Unlimited()), Identity(keys))
    path = tmp_path / "may.pdf"
    path.write_bytes(BIG)
    with serving(broker) as url, Client(broker=url, key=key) as agent:
        files = agent.api("disk").files
        files.attach_file(file=path, comment="the report")
        assert BIG in behind.uploads[0]
        assert b'filename="may.pdf"' in behind.uploads[0]
        assert b"the report" in behind.uploads[0]
        server.respond = lambda request: Response(200, [], BIG, request.url)
        assert files.get_file.download("f1").read() == BIG
        with pytest.raises(InvalidInput, match="one content"):
            files.attach_file(file=b"a", preview=b"b")
        with pytest.raises(Denied):
            files.put_file(body=b"a")
        with pytest.raises(Denied):
            files.export_file.download("f1").read()
