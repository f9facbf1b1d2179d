"""Files on tasks: listed, added and received as the vendors document it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import unified.attachments
from tests.functional.shipped import Requests, responding
from unified_runtime.core.applied_credentials import NO_CREDENTIAL

FILE = {"id": "10", "filename": "a.png", "mimeType": "image/png", "size": 3, "content": "https://x.test/10", "author": {"accountId": "ada"}}
FILE |= {"created": "2031-01-02T03:04:05.000+0000"}


def form(sent: Requests, index: int) -> list[tuple[str, str]]:
    """Return the headers and the content of each part of a form."""
    request = sent.transport.requests[index]
    boundary = (request.header("content-type") or "").partition("boundary=")[2].strip('"')
    body = bytes(request.body or b"").decode()
    parts = [part.partition("\r\n\r\n") for part in body.split(f"--{boundary}")[1:-1]]
    return [(head.strip(), content.removesuffix("\r\n")) for head, _, content in parts]


def test_jira_gets_a_file_of_a_form(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"abc")
    with responding("jira", [FILE], {"key": "P-1", "fields": {"attachment": [{**FILE, "id": "9"}, FILE]}}) as sent:
        made = unified.attachments.upload(task_id="P-1", name="a.png", mime_type="image/png", content=tmp_path / "a.png")
    assert sent.lines == ["POST /rest/api/3/issue/P-1/attachments", "GET /rest/api/3/issue/P-1"]
    assert sent.transport.requests[0].header("x-atlassian-token") == "no-check"
    ((head, content),) = form(sent, 0)
    assert 'name="file"; filename="a.png"' in head
    assert "image/png" in head
    assert content == "abc"
    assert (made.id, made.task_id, made.name, made.size, made.author_id) == ("P-1:10", "P-1", "a.png", 3, "ada")


def test_files_of_jira_are_listed_read_received_and_deleted() -> None:
    issue = {"key": "P-1", "fields": {"attachment": [{**FILE, "id": "9"}, FILE]}}
    with responding("jira", issue, issue, b"abc", 204) as sent:
        assert [each.id for each in unified.attachments.list(task_id="P-1")] == ["P-1:9", "P-1:10"]
        assert unified.attachments.get("P-1:10").name == "a.png"
        assert unified.attachments.download("P-1:10").read() == b"abc"
        unified.attachments.delete("P-1:10")
    assert sent.lines[2:] == ["GET /rest/api/3/attachment/content/10", "DELETE /rest/api/3/attachment/10"]
    assert sent.query(2) == {"redirect": "false"}


def test_redmine_gets_a_file_and_then_its_token() -> None:
    found: dict[str, Any] = {
        "id": 5,
        "filename": "a.txt",
        "filesize": 3,
        "content_type": "text/plain",
        "description": "",
        "content_url": "u",
    }
    found |= {"created_on": "2031-01-02T03:04:05Z"}
    issue = {"issue": {"id": 7, "attachments": [{**found, "id": 4}, found]}}
    with responding("redmine", (201, {"upload": {"id": 5, "token": "5.t"}}), 204, issue, issue, b"abc") as sent:
        made = unified.attachments.upload(task_id="7", name="a.txt", mime_type="text/plain", content=b"abc")
        received = unified.attachments.download("7:5").read()
    assert sent.lines[:3] == ["POST /uploads.json", "PUT /issues/7.json", "GET /issues/7.json"]
    assert sent.query(0) == {"filename": "a.txt"}
    assert sent.body(1) == {"issue": {"uploads": [{"token": "5.t", "filename": "a.txt", "content_type": "text/plain"}]}}
    assert (made.id, received) == ("7:5", b"abc")
    assert sent.lines[-1] == "GET /attachments/download/5/a.txt"


def test_asana_names_where_a_content_is() -> None:
    """The address has its own signature, so the credential is not sent to it."""
    url = "https://asana-user-private-us-east-1.s3.amazonaws.com/assets/a.png?X-Amz-Signature=1"
    found = {"gid": "5", "name": "a.png", "size": 3, "download_url": url, "parent": {"gid": "7"}, "created_at": "2031-01-02T03:04:05Z"}
    with responding("asana", {"data": found}, {"data": found}, b"abc") as sent:
        made = unified.attachments.upload(task_id="7", name="a.png", content=b"abc")
        received = unified.attachments.download("5").read()
    parts = form(sent, 0)
    assert [content for _, content in parts] == ["7", "a.png", "abc"]
    assert 'name="file"; filename="a.png"' in parts[2][0]
    assert (made.id, made.task_id, received) == ("5", "7", b"abc")
    assert sent.transport.requests[-1].url == url
    assert [request.credential is NO_CREDENTIAL for request in sent.transport.requests] == [False, False, True]


def test_clickup_names_where_a_content_is() -> None:
    url = "https://t1.p.clickup-attachments.com/t1/5/a.png"
    found = {"id": "5.png", "title": "a.png", "size": 3, "url": url, "mimetype": "image/png", "date": 1924999445000, "user": {"id": 9}}
    task = {"id": "7", "attachments": [{**found, "id": "4.png"}, found]}
    with responding("clickup", {"id": "5.png", "version": "0", "title": "a.png", "url": url}, task, task, b"abc") as sent:
        made = unified.attachments.upload(b"abc", task_id="7", name="a.png", mime_type="image/png")
        received = unified.attachments.download(made.id).read()
    ((head, content),) = form(sent, 0)
    assert ('name="attachment"; filename="a.png"' in head, content) == (True, "abc")
    assert (made.id, made.size, made.author_id, received) == ("7:5.png", 3, "9", b"abc")
    assert sent.transport.requests[-1].url == url
    assert sent.transport.requests[-1].credential is NO_CREDENTIAL
