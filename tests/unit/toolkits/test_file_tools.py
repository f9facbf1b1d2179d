"""Files in an agent's tools: a model passes them by handle or address, and never their content."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from tests.unit.toolkits.conftest import Server, response
from tests.unit.toolkits.test_files import BIG, FILES, Behind
from unified_platform.tools import FileStore, Toolbox, tools
from unified_runtime import AsyncClient, Client, NotFound, bearer
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import Response
from unified_runtime.toolkits import adding

WORDS = ["disk.api"]


@pytest.fixture(autouse=True)
def disk(shop: None, client: Client) -> None:
    adding.add("disk", json.dumps(FILES).encode(), "disk.json")
    client.connect("disk", bearer("T0ken"))


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore("alice", agent="helper", folder=tmp_path / "files")


@pytest.fixture
def box(client: Client, store: FileStore) -> Toolbox:
    return tools(client=client, toolsets=WORDS, files=store)


def _sent(request: HTTPRequest) -> bytes:
    return request.body if request.upload is None else b"".join(request.upload)


def _binary(request: HTTPRequest) -> Response:
    return Response(200, [(b"content-type", b"application/octet-stream")], BIG, request.url)


def test_a_file_goes_from_one_operation_to_another_by_handle(box: Toolbox, server: Server) -> None:
    server.respond = _binary
    found = box["disk_get_file"].call({"id": "f1"})
    assert not found.failed, found.text
    assert found.data == {"file": found.data["file"], "name": "get_file.bin", "size": len(BIG), "media_type": "application/octet-stream"}
    assert len(found.text) < 300, "the content is not shown"
    sent: list[bytes] = []
    server.respond = lambda request: sent.append(_sent(request)) or {"id": "f2"}
    copied = box["disk_attach_file"].call({"file": found.data["file"], "file.filename": "copy.bin", "comment": "copied"})
    assert not copied.failed, copied.text
    assert BIG in sent[0]
    assert b'filename="copy.bin"' in sent[0]
    assert box["disk_put_file"].call({"body": found.data["file"]}).data == {"id": "f2"}
    assert sent[1] == BIG


def test_an_address_is_fetched_without_the_credential(client: Client, server: Server, tmp_path: Path) -> None:
    storage = Server()
    storage.respond = lambda request: Response(200, [], BIG, request.url)
    store = FileStore(folder=tmp_path / "files", transport=storage)
    box = tools(client=client, toolsets=WORDS, files=store)
    sent: list[bytes] = []
    server.respond = lambda request: sent.append(_sent(request)) or {}
    address = "https://storage.example.net/may.pdf?signature=abc"
    assert not box["disk_attach_file"].call({"file": address}).failed
    assert BIG in sent[0]
    assert b'filename="may.pdf"' in sent[0]
    (request,) = storage.requests
    assert request.url == address
    assert request.header("Authorization") is None
    assert not request.credential.headers()
    assert not request.inside, "the address must be a public one"
    storage.respond = lambda request: response({}, 403)
    failed = box["disk_attach_file"].call({"file": address})
    assert failed.failed
    assert "403" in failed.text
    assert len(sent) == 1


def test_an_address_of_a_private_network_is_not_fetched(box: Toolbox, server: Server) -> None:
    for address in ("https://127.0.0.1/secret", "https://169.254.169.254/latest/meta-data"):
        failed = box["disk_put_file"].call({"body": address})
        assert failed.failed, address
    assert server.requests == []


def test_a_text_that_a_model_wrote_is_a_file(box: Toolbox, server: Server) -> None:
    sent: list[bytes] = []
    server.respond = lambda request: sent.append(_sent(request)) or {}
    assert not box["disk_attach_file"].call({"file": "# Report\n", "file.filename": "report.md"}).failed
    assert b"# Report\n" in sent[0]
    assert b'filename="report.md"' in sent[0]


def test_the_beginning_of_a_text_is_shown(box: Toolbox, server: Server) -> None:
    text = "line after line\n" * 5000
    server.respond = lambda request: Response(200, [], text.encode(), request.url)
    found = tools(client=box["disk_get_file"].setting.client, toolsets=WORDS, files=box["disk_get_file"].setting.files, result_tokens=100)
    data = found["disk_get_file"].call({"id": "f1"}).data
    assert data["cut"] is True
    assert text.startswith(data["text"])
    assert data["size"] == len(text)


def test_a_handle_of_another_agent_or_user_is_not_found(box: Toolbox, client: Client, server: Server, tmp_path: Path) -> None:
    server.respond = _binary
    handle = box["disk_get_file"].call({"id": "f1"}).data["file"]
    count = len(server.requests)
    for owner in (
        {"user": "bob", "agent": "helper"},
        {"user": "alice", "agent": "other"},
        {"user": "alice", "agent": "helper", "tenant": "t2"},
    ):
        other = tools(client=client, toolsets=WORDS, files=FileStore(folder=tmp_path / "files", **owner))
        result = other["disk_put_file"].call({"body": handle})
        assert result.failed
        assert result.error == "NotFound"
    for wrong in ("file_../../x", handle[:-1], "file_" + "a" * 24):
        assert box["disk_put_file"].call({"body": wrong}).error == "NotFound"
    assert len(server.requests) == count


def test_files_expire_and_have_a_largest_size(tmp_path: Path) -> None:
    now = [1000.0]
    store = FileStore(folder=tmp_path, largest=10, retention=60, clock=lambda: now[0])
    handle = store.add(b"0123456789", "a.txt", "text/plain")
    assert store.open(handle).content.read_bytes() == b"0123456789"
    with pytest.raises(Exception, match="at most 10 bytes"):
        store.add(b"0123456789a", "b.txt")
    now[0] += 61
    with pytest.raises(NotFound, match="expired"):
        store.open(handle)
    assert [file for file in tmp_path.rglob("content") if handle not in str(file)] == [], "a rejected file leaves nothing"


def test_files_of_async_code(server: Server, store: FileStore) -> None:
    async def calls() -> Any:
        server.respond = _binary
        client = AsyncClient(Behind(server))
        client.connect("disk", bearer("T0ken"))
        box = tools(async_client=client, toolsets=WORDS, files=store)
        return await box["disk_get_file"].acall({"id": "f1"})

    found = asyncio.run(calls())
    assert store.open(found.data["file"]).content.read_bytes() == BIG
