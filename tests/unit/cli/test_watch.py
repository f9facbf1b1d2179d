"""One report on all locked documents, from a folder or from published addresses."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.unit.cli.conftest import Gen
from unified_gen.cli import watch as command
from unified_gen.cli.published import Published, Unavailable

URL = "https://acme.example/openapi.yaml"
OPERATIONS = ("listTasks", "createTask", "getTask", "updateTask", "deleteTask")


@pytest.fixture
def taken(gen: Gen, project: Path) -> Path:
    """Project whose slice was taken from the vendor's document, with a folder for newer documents."""
    assert gen("spec", "take", "acme", *OPERATIONS, "--document", "api.yaml", "--url", URL).exit_code == 0
    (project / "newer/acme").mkdir(parents=True)
    publish(project, {})
    return project


def publish(project: Path, edits: dict[str, str]) -> None:
    text = (project / "documents/acme/api.yaml").read_text()
    for old, new in edits.items():
        assert old in text
        text = text.replace(old, new)
    (project / "newer/acme/api.yaml").write_text(text)


MOVED = {"  /tasks/{taskId}:": "  /v2/tasks/{taskId}:", 'version: "1"': 'version: "2"'}
DEPRECATED = {"operationId: deleteTask": "operationId: deleteTask\n      deprecated: true"}


def test_documents_with_the_same_hash_are_not_read(gen: Gen, taken: Path) -> None:
    result = gen("watch", "--documents", "newer")
    assert (result.exit_code, result.stdout) == (0, "acme: acme/api.yaml: unchanged\n")


def test_a_change_is_reported_with_its_exit_code(gen: Gen, taken: Path) -> None:
    publish(taken, MOVED)
    result = gen("watch", "--documents", "newer")
    assert result.exit_code == 1
    assert result.stdout.startswith("acme: acme/api.yaml: 1 valid, 4 changed\n")
    assert "path of `getTask`: /tasks/{taskId} → /v2/tasks/{taskId}" in result.stdout


def test_a_version_that_changes_nothing_is_fine(gen: Gen, taken: Path) -> None:
    publish(taken, {'version: "1"': 'version: "2"'})
    result = gen("watch", "--documents", "newer")
    assert (result.exit_code, result.stdout) == (0, "acme: acme/api.yaml: 5 valid\n")


@pytest.mark.parametrize(
    ("edits", "fail_on", "code"),
    [
        (DEPRECATED, "deprecated", 1),
        (DEPRECATED, "changed", 0),
        (MOVED, "changed", 1),
        (MOVED, "lossy", 0),
        (MOVED, "never", 0),
        ({"url: https://{site}.acme.example/v1": "url: https://{site}.acme.example/v2"}, "changed", 1),
        ({"url: https://{site}.acme.example/v1": "url: https://{site}.acme.example/v2"}, "lossy", 0),
    ],
)
def test_the_verdict_from_which_on_it_fails(gen: Gen, taken: Path, edits: dict[str, str], fail_on: str, code: int) -> None:
    publish(taken, edits)
    assert gen("watch", "--documents", "newer", "--fail-on", fail_on).exit_code == code


def test_a_document_that_cannot_be_compared_has_its_own_exit_code(gen: Gen, taken: Path) -> None:
    (taken / "newer/acme/api.yaml").write_text("<html>not found</html>")
    broken = gen("watch", "--documents", "newer")
    assert broken.exit_code == 3
    assert "acme: acme/api.yaml: unavailable: " in broken.stdout
    (taken / "newer/acme/api.yaml").unlink()
    missing = gen("watch", "--documents", "newer")
    assert missing.exit_code == 3
    assert "no such file" in missing.stdout


def test_mappings_with_errors_are_not_compared(gen: Gen, taken: Path) -> None:
    publish(taken, MOVED)
    (taken / "mappings/vendors/acme/vendor.yaml").write_text("name: [")
    result = gen("watch", "--documents", "newer")
    assert result.exit_code == 3
    assert "not compared: the mappings have errors of their own" in result.stdout


def test_reports_for_people_and_programs(gen: Gen, taken: Path) -> None:
    publish(taken, MOVED)
    assert gen("watch", "--documents", "newer", "--format", "markdown", "--output", "build/report.md").exit_code == 1
    text = (taken / "build/report.md").read_text()
    assert "| acme | acme/api.yaml | 1 → 2 | 1 valid, 4 changed |" in text
    assert "| tasks.get | changed |  | path of `getTask`: /tasks/{taskId} → /v2/tasks/{taskId} |" in text
    found: Any = json.loads(gen("watch", "--documents", "newer", "--format", "json").stdout)
    assert found["vendors"][0]["documents"] == [{"name": "acme/api.yaml", "before": "1", "after": "2", "state": "compared", "note": ""}]
    verdicts = {one["operation"]: one["verdict"] for one in found["vendors"][0]["comparison"]["operations"]}
    assert verdicts == {"get": "changed", "create": "changed", "update": "changed", "delete": "changed", "list": "valid"}
    sarif: Any = json.loads(gen("watch", "--documents", "newer", "--format", "sarif").stdout)
    assert {one["ruleId"] for one in sarif["runs"][0]["results"]} == {"SPEC320"}
    assert "::warning file=mappings/vendors/acme/tasks.yaml" in gen("watch", "--documents", "newer", "--format", "github").stdout


def test_only_named_vendors(gen: Gen, taken: Path) -> None:
    assert gen("watch", "acme", "--documents", "newer").exit_code == 0
    result = gen("watch", "acne", "--documents", "newer")
    assert result.exit_code == 2
    assert "there is acme" in result.stderr


def test_a_folder_or_published_is_needed(gen: Gen, taken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UNIFIED_VENDOR_DOCUMENTS")
    result = gen("watch")
    assert result.exit_code == 2
    assert "--published" in result.stderr


# ------------------------------------------------------------------------------------------- published documents
class Server:
    """A server that publishes one document with an ETag."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.etag = '"1"'
        self.status: list[int] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        assert str(request.url) == URL
        same = request.headers.get("If-None-Match") == self.etag
        self.status.append(304 if same else 200)
        return httpx2.Response(304) if same else httpx2.Response(200, content=self.data, headers={"ETag": self.etag})


@pytest.fixture
def server(taken: Path, monkeypatch: pytest.MonkeyPatch) -> Server:
    found = Server((taken / "newer/acme/api.yaml").read_bytes())
    monkeypatch.setattr(command, "Published", functools.partial(Published, transport=httpx2.MockTransport(found)))
    return found


def test_the_etag_of_a_published_document_is_sent(gen: Gen, taken: Path, server: Server) -> None:
    assert gen("watch", "--published").stdout == "acme: acme/api.yaml: unchanged\n"
    publish(taken, MOVED)
    server.data, server.etag = (taken / "newer/acme/api.yaml").read_bytes(), '"2"'
    for _ in range(2):  # the second time, what was stored is compared
        result = gen("watch", "--published")
        assert (result.exit_code, "4 changed" in result.stdout) == (1, True)
    assert server.status == [200, 200, 304]


def test_a_stored_document_that_is_damaged_is_fetched_again(gen: Gen, taken: Path, server: Server) -> None:
    gen("watch", "--published")
    (stored,) = (taken / ".cache/watch").glob("*.document")
    stored.write_bytes(b"")
    assert gen("watch", "--published").exit_code == 0
    assert server.status == [200, 200]


def test_a_document_without_an_address_is_named(gen: Gen, taken: Path, server: Server) -> None:
    assert gen("spec", "take", "acme", "--document", "api.yaml", "--url", "").exit_code == 0
    result = gen("watch", "--published")
    assert result.exit_code == 3
    assert "lock.json has no address of it" in result.stdout
    assert server.status == []


def test_a_new_slice_has_the_same_address(gen: Gen, taken: Path) -> None:
    assert gen("spec", "take", "acme", "--document", "api.yaml").exit_code == 0
    assert json.loads((taken / "specs/acme/lock.json").read_text())["documents"][0]["url"] == URL
    assert gen("spec", "take", "acme", "--document", "api.yaml", "--url", "http://acme.example").exit_code == 2


@pytest.mark.parametrize(
    ("response", "words"),
    [
        (httpx2.Response(404), "responded with 404"),
        (httpx2.Response(302, headers={"Location": "http://acme.example/plain"}), "not https"),
    ],
)
def test_a_document_that_cannot_be_fetched(tmp_path: Path, response: httpx2.Response, words: str) -> None:
    def respond(request: httpx2.Request) -> httpx2.Response:
        return response if request.url.scheme == "https" else httpx2.Response(200, content=b"{}")

    with pytest.raises(Unavailable, match=words):
        Published(tmp_path, httpx2.MockTransport(respond)).fetch(URL)


def test_a_server_that_cannot_be_reached(tmp_path: Path) -> None:
    def fail(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused", request=request)

    with pytest.raises(Unavailable, match="refused"):
        Published(tmp_path, httpx2.MockTransport(fail)).fetch(URL)


def test_a_document_that_is_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unified_gen.cli.published.MOST_BYTES", 10)
    with pytest.raises(Unavailable, match="more than 10 bytes"):
        Published(tmp_path, httpx2.MockTransport(lambda request: httpx2.Response(200, content=b"x" * 11))).fetch(URL)
