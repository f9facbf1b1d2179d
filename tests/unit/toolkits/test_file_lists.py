"""Lists of files in forms: each is a content of its own, in calls, plans, policies, tools and stubs."""

from __future__ import annotations

import json
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Any

import pytest

from tests.unit.toolkits.conftest import Server
from tests.unit.toolkits.test_files import BIG, BINARY, FILES, OK
from unified_openapi.requests.multipart import File
from unified_platform.cli.inputs import parse_inputs
from unified_platform.tools import FileStore, tools
from unified_runtime import Client, Denied, InvalidInput, bearer
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.policy_decisions import Decision, PolicyRequest, allow, deny
from unified_runtime.policy.enforcer import PolicyEnforcer
from unified_runtime.toolkits import adding, registry
from unified_runtime.toolkits.stubs import stub

FORM = {
    "type": "object",
    "required": ["files"],
    "properties": {"cover": BINARY, "files": {"type": "array", "items": BINARY}, "tags": {"type": "array", "items": {"type": "string"}}},
}
ALBUM = {
    **FILES,
    "servers": [{"url": "https://album.example.com"}],
    "paths": {
        "/photos": {
            "post": {
                "operationId": "addPhotos",
                "requestBody": {"required": True, "content": {"multipart/form-data": {"schema": FORM}}},
                "responses": OK,
            }
        }
    },
}


@pytest.fixture(autouse=True)
def album(shop: None, client: Client) -> None:
    adding.add("album", json.dumps(ALBUM).encode(), "album.json")
    client.connect("album", bearer("T0ken"))


@pytest.fixture
def api(client: Client) -> Any:
    return client.api("album").photos


@pytest.fixture
def received(server: Server) -> list[list[tuple[str, str | None, str, bytes]]]:
    """Name, file name, media type and content of the parts of each request, by the standard library's parser of messages."""
    found: list[list[tuple[str, str | None, str, bytes]]] = []

    def respond(request: HTTPRequest) -> dict[str, str]:
        body = request.body if request.upload is None else b"".join(request.upload)
        head = f"Content-Type: {request.header('Content-Type')}\r\n\r\n".encode()
        message = BytesParser(policy=HTTP).parsebytes(head + body)
        found.append(
            [
                (
                    str(part.get_param("name", header="content-disposition")),
                    part.get_filename(),
                    part.get_content_type(),
                    bytes(part.get_payload(decode=True)),
                )
                for part in message.iter_parts()
            ]
        )
        return {"id": "a1"}

    server.respond = respond
    return found


def test_each_file_of_a_list_is_a_part_with_its_name(api: Any, received: Any, server: Server, tmp_path: Path) -> None:
    path = tmp_path / "beach.jpg"
    path.write_bytes(BIG)
    assert api.add_photos(files=[path, File(b"png", "small.png", "image/png"), b"raw"], tags=["sea", "sun"], cover=b"c").id == "a1"
    files = [part for part in received[0] if part[0] == "files"]
    assert [part[1:3] for part in files] == [
        ("beach.jpg", "application/octet-stream"), ("small.png", "image/png"), ("files", "application/octet-stream"),
    ]  # fmt: skip
    assert [part[3] for part in files] == [BIG, b"png", b"raw"]
    assert [part[3] for part in received[0] if part[0] == "tags"] == [b"sea", b"sun"]
    assert [part[1:] for part in received[0] if part[0] == "cover"] == [("cover", "application/octet-stream", b"c")]
    assert server.requests[0].upload is not None, "large files are read while they are sent"


@pytest.mark.parametrize("one", [b"raw", File(b"raw", "a.bin"), [b"raw"], (b"raw",)])
def test_one_file_is_a_list_of_it(api: Any, received: Any, one: Any) -> None:
    api.add_photos(files=one)
    assert [(part[0], part[3]) for part in received[0]] == [("files", b"raw")]


def test_a_list_has_files_only(api: Any, server: Server) -> None:
    with pytest.raises(InvalidInput, match=r"files\[1\] must be a file"):
        api.add_photos(files=[b"raw", 7])
    with pytest.raises(InvalidInput, match="files is required"):
        api.add_photos(tags=["sea"])
    with pytest.raises(InvalidInput, match=r"files\[x\].filename is not an argument"):
        api.add_photos(files=[b"raw"], **{"files[x].filename": "a"})
    for name in ("files[1].filename", "files[5].filename", "cover.media_type"):
        with pytest.raises(InvalidInput, match="is of a file that is not given"):
            api.add_photos(files=[b"raw"], **{name: "a"})
    assert server.requests == []


def test_a_plan_shows_each_file(api: Any, server: Server, tmp_path: Path) -> None:
    path = tmp_path / "beach.jpg"
    path.write_bytes(BIG)
    body = api.add_photos.plan(files=[path, File(b"png", "small.png")]).requests[0].body
    assert body == {"files": [f"beach.jpg ({len(BIG)} bytes)", "small.png (3 bytes)"]}
    assert server.requests == []


class Small:
    """Policy that allows files of at most 10 bytes."""

    embedded = True

    def decide(self, requests: Any) -> list[Decision]:
        return [allow() if self._small(request) else deny("too large") for request in requests]

    @staticmethod
    def _small(request: PolicyRequest) -> bool:
        sizes = [value for name, value in request.input.items() if name.startswith("files[") and name.endswith("]")]
        return all(isinstance(size, int) and size <= 10 for size in sizes)


def test_a_policy_sees_the_size_of_each_file(api: Any, client: Client, received: Any) -> None:
    governed = client.with_policy(PolicyEnforcer(Small())).api("album").photos
    governed.add_photos(files=[b"x", b"y"])
    with pytest.raises(Denied, match="too large"):
        governed.add_photos(files=[b"x", b"y" * 11])
    assert len(received) == 1


def test_a_model_passes_handles_and_texts(client: Client, received: Any, tmp_path: Path) -> None:
    store = FileStore(folder=tmp_path / "files")
    box = tools(client=client, toolsets=["album.api"], files=store)
    handle = store.add(b"jpeg", "beach.jpg", "image/jpeg")
    parameters = box["album_add_photos"].parameters
    assert parameters["properties"]["files"]["type"] == "array"
    assert "handle" in parameters["properties"]["files"]["items"]["description"]
    result = box["album_add_photos"].call({"files": [handle, "a text"]})
    assert not result.failed, result.text
    assert [part[1:] for part in received[0]] == [("beach.jpg", "image/jpeg", b"jpeg"), ("files.txt", "text/plain", b"a text")]
    failed = box["album_add_photos"].call({"files": ["file_unknown"]})
    assert failed.failed
    assert len(received) == 1


def test_a_command_line_repeats_the_argument(api: Any, received: Any, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text(name)
    api.add_photos(**parse_inputs([f"files@={tmp_path / 'a.txt'}", f"files@={tmp_path / 'b.txt'}"]))
    assert [part[1] for part in received[0]] == ["a.txt", "b.txt"]


def test_a_stub_declares_a_list_of_files() -> None:
    assert "files: Sequence[Content | File]" in stub(registry.toolkit("album"))
