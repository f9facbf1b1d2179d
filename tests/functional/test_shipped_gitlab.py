"""GitLab through its emulator: files by commits, releases, and the files of a merge request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from unified import bearer, changed_files, pull_requests, releases, repositories, repository_files
from unified_emulation.serving.local import LocalEmulator
from unified_runtime import Client, Conflict, InvalidInput, Rejected, using

CHANGED = "You are attempting to update a file that has changed since you started editing it."


@pytest.fixture(scope="module")
def project() -> Iterator[str]:
    with Client(emulated=LocalEmulator(["gitlab"])) as client, using(client):
        yield next(iter(repositories.list(via="gitlab"))).id


@pytest.mark.parametrize("branch", [{}, {"branch": "fix-login"}])
def test_a_file_is_committed_read_and_replaced(project: str, branch: dict[str, str]) -> None:
    path = f"src/log in{len(branch)}.py"
    made = repository_files.create(repository_id=project, path=path, content="print('ä')", message="Add", via="gitlab", **branch)
    assert (made.id, made.content) == (path, "print('ä')")
    changed = repository_files.update(
        repository_id=project, path=path, content="print(2)", message="Change", sha=made.sha or "", via="gitlab", **branch
    )
    assert changed.content == "print(2)"
    assert repository_files.get(repository_id=project, path=path, ref=branch.get("branch"), via="gitlab").content == "print(2)"
    repository_files.delete(repository_id=project, path=path, message="Remove", sha=changed.sha or "", via="gitlab", **branch)


def responding(*responses: tuple[int, Any]) -> tuple[Client, list[httpx2.Request]]:
    """Return a client whose vendor gives these responses, and the requests that it gets."""
    requests: list[httpx2.Request] = []

    def respond(request: httpx2.Request) -> httpx2.Response:
        requests.append(request)
        status, body = responses[len(requests) - 1]
        return httpx2.Response(status, json=body)

    client = Client(transport=httpx2.Client(transport=httpx2.MockTransport(respond)))
    client.connect("gitlab", bearer("t" * 20))
    return client, requests


def test_a_newer_version_of_a_file_is_a_conflict() -> None:
    client, requests = responding((400, {"message": CHANGED}), (400, {"message": "You are not allowed to push into this branch"}))
    given = {"repository_id": "5", "path": "a.py", "content": "b", "message": "m", "sha": "c0ffee", "branch": "main"}
    with client, using(client):
        with pytest.raises(Conflict, match="has changed since you started"):
            repository_files.update(via="gitlab", **given)
        with pytest.raises(Rejected, match="not allowed to push"):
            repository_files.update(via="gitlab", **given)
    sent = json.loads(requests[0].content)
    assert (sent["last_commit_id"], sent["encoding"], sent["content"]) == ("c0ffee", "base64", "Yg==")
    assert requests[0].url.raw_path.endswith(b"/projects/5/repository/files/a.py")


def test_a_project_without_commits_needs_a_branch() -> None:
    client, requests = responding((200, {"id": 5, "default_branch": None}))
    with client, using(client), pytest.raises(InvalidInput, match="no branch yet"):
        repository_files.create(repository_id="5", path="a.py", content="b", message="m", via="gitlab")
    assert [request.method for request in requests] == ["GET"]


def test_a_release_is_named_by_its_tag(project: str) -> None:
    made = releases.create(repository_id=project, tag="v1/rc 1", name="One", notes="**New**", target="main", via="gitlab")
    assert (made.id, made.tag, made.repository_id) == (f"{project}:v1/rc 1", "v1/rc 1", project)
    assert str(releases.update(made.id, notes="Newer", via="gitlab").notes) == "Newer"
    assert made.id in [each.id for each in releases.list(repository_id=project, via="gitlab")]
    releases.delete(made.id, via="gitlab")
    assert made.id not in [each.id for each in releases.list(repository_id=project, via="gitlab")]


def test_kinds_of_changes_of_a_merge_request(project: str) -> None:
    shown = {"old_path": "a.py", "new_path": "b.py", "diff": "@@", "new_file": False, "renamed_file": False, "deleted_file": False}
    kinds = {"new_file": "added", "deleted_file": "deleted", "renamed_file": "renamed"}
    client, _ = responding((200, [shown, *({**shown, flag: True} for flag in kinds)]))
    with client, using(client):
        listed = list(changed_files.list(pull_request_id="5!7", via="gitlab"))
    assert [each.change for each in listed] == ["modified", *kinds.values()]
    assert (listed[0].id, listed[0].patch) == ("b.py", "@@")
    request = next(iter(pull_requests.list(repository_id=project, via="gitlab")))
    assert all(each.change for each in changed_files.list(pull_request_id=request.id, via="gitlab"))
