"""Files that are sent as messages of Slack, Discord and Matrix."""

from __future__ import annotations

import io
import json
from pathlib import Path
from urllib.parse import parse_qs

import pytest

import unified.messages
from tests.functional.shipped import responding
from tests.functional.test_shipped_messages import discord
from unified_runtime import NotFound, Unsupported, VendorProtocolError

FILE = {"name": "log.txt", "mime_type": "text/plain", "content": b"all is well"}
STARTED = {"ok": True, "upload_url": "https://files.slack.com/upload/v1/CwABAAAA", "file_id": "F0FILE00001"}
SHARED = {"ok": True, "files": [{"id": "F0FILE00001", "title": "log.txt"}]}


def test_slack_uploads_to_the_address_that_it_returns_and_shares_the_file() -> None:
    with responding("slack", STARTED, (200, "OK - 11"), SHARED) as sent:
        unified.messages.send_file(channel_id="C0DEMO00001", thread_id="C0DEMO00001:1893456000.000100", **FILE, via="slack")
    start, upload, share = sent.transport.requests
    assert parse_qs(start.body.decode()) == {"filename": ["log.txt"], "length": ["11"]}  # type: ignore[union-attr]
    assert (upload.url, upload.body) == (STARTED["upload_url"], b"all is well")
    assert "authorization" not in {name.lower() for name in dict(upload.headers)}, "the token was sent to the address of the upload"
    form = parse_qs(share.body.decode())  # type: ignore[union-attr]
    assert (form["channel_id"], form["thread_ts"]) == (["C0DEMO00001"], ["1893456000.000100"])
    assert json.loads(form["files"][0]) == [{"id": "F0FILE00001", "title": "log.txt"}]


def test_slack_uploads_to_no_other_host() -> None:
    with responding("slack", STARTED | {"upload_url": "https://files.example/upload"}) as sent, pytest.raises(VendorProtocolError):
        unified.messages.send_file(channel_id="C0DEMO00001", **FILE, via="slack")
    assert len(sent.lines) == 1


def test_a_failure_of_slack_is_reported_before_anything_is_uploaded() -> None:
    with responding("slack", {"ok": False, "error": "channel_not_found"}) as sent, pytest.raises(NotFound):
        unified.messages.send_file(channel_id="C0DEMO00001", **FILE, via="slack")
    assert len(sent.lines) == 1


@pytest.mark.parametrize("kind", ["bytes", "path", "file", "pieces"])
def test_discord_sends_the_message_and_the_content_in_one_form(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_bytes(b"all is well")
    content = {"bytes": b"all is well", "path": path, "file": io.BytesIO(b"all is well"), "pieces": iter([b"all is ", b"well"])}[kind]
    with responding("discord", discord()) as sent:
        unified.messages.send_file(channel_id="1300000000000000001", **{**FILE, "content": content}, via="discord")
    (request,) = sent.transport.requests
    body = request.body
    assert isinstance(body, bytes)
    assert b'name="payload_json"' in body
    assert b'"filename": "log.txt"' in body
    assert b'name="files[0]"; filename="log.txt"' in body
    assert b"Content-Type: text/plain" in body
    assert b"all is well" in body


def test_matrix_uploads_and_then_sends_the_address_of_the_content() -> None:
    none = (404, {"errcode": "M_NOT_FOUND", "error": "no such state"})
    with responding("matrix", {"content_uri": "mxc://matrix.test/abc"}, none, {"event_id": "$e"}) as sent:
        unified.messages.send_file(channel_id="!ops:matrix.test", **FILE, via="matrix")
    assert sent.lines[0] == "POST /_matrix/media/v3/upload"
    assert sent.transport.requests[0].body == b"all is well"
    assert sent.body() == {
        "msgtype": "m.file", "body": "log.txt", "filename": "log.txt", "url": "mxc://matrix.test/abc", "info": {"mimetype": "text/plain"},
    }  # fmt: skip
    encrypted = {"algorithm": "m.megolm.v1.aes-sha2"}
    with responding("matrix", {"content_uri": "mxc://matrix.test/abc"}, encrypted), pytest.raises(Unsupported, match="encrypted"):
        unified.messages.send_file(channel_id="!ops:matrix.test", **FILE, via="matrix")


@pytest.mark.parametrize("vendor", ["slack", "discord", "matrix"])
def test_a_plan_shows_the_requests_without_the_content(vendor: str) -> None:
    channel = {"slack": "C0DEMO00001", "discord": "1300000000000000001", "matrix": "!ops:matrix.test"}[vendor]
    with responding(vendor):
        plan = unified.messages.send_file.plan(channel_id=channel, **FILE, via=vendor)
    assert len(plan.requests) >= {"slack": 3, "discord": 1, "matrix": 3}[vendor]
    assert b"all is well" not in repr(plan).encode()
