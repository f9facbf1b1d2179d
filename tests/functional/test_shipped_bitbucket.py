"""Bitbucket's adapter, with responses as the vendor documents them."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest

from tests.functional.shipped import responding, shipped
from unified import ci_runs, commits, pull_requests, repository_files, reviews
from unified_runtime import Secret, Unsupported
from unified_runtime.adapter_api.webhooks import Delivery, webhooks

HEAD = "eefd5ef5d3df01aed629f650959d6706d54cd335"
FILE = {"type": "commit_file", "path": "src/app.py", "size": 6, "commit": {"type": "commit", "hash": HEAD}}
PULL = {
    "type": "pullrequest",
    "id": 7,
    "title": "Wait longer",
    "state": "OPEN",
    "source": {"branch": {"name": "fix"}, "commit": {"hash": "89abcdef0123"}},
    "destination": {"branch": {"name": "main"}, "commit": {"hash": "0123456789ab"}, "repository": {"full_name": "acme/web"}},
}


@pytest.mark.parametrize(("content", "text"), [(b"import", "import"), (b"caf\xe9", "caf\ufffd")])
def test_a_file_has_its_text_from_a_response_of_its_own(content: bytes, text: str) -> None:
    with responding("bitbucket", {"values": [{"hash": HEAD}]}, FILE, (200, content)) as requests:
        file = repository_files.get(repository_id="acme/web", path="src/app.py", ref="feature/x", via="bitbucket")
        assert (file.id, file.content, file.sha, file.size) == ("src/app.py", text, HEAD, 6)
        assert requests.lines[1:] == [f"GET /2.0/repositories/acme/web/src/{HEAD}/src/app.py"] * 2
        assert requests.query(0) == {"include": "feature/x", "pagelen": "1"}
        assert (requests.query(1), requests.query(2)) == ({"format": "meta"}, {})


def test_the_files_of_the_main_branch_are_listed_without_directories() -> None:
    page = {"values": [FILE, {**FILE, "type": "commit_directory", "path": "src"}]}
    found = shipped(repository_files.list, repository_id="acme/web", via="bitbucket", responses=[page])
    assert [file.id for file in found.value] == ["src/app.py"]
    assert found.requests[0].url.partition("?")[0].endswith("/repositories/acme/web/src/HEAD/")


def test_a_file_is_deleted_on_top_of_the_known_commit_only() -> None:
    with responding("bitbucket", (201, b"")) as requests:
        repository_files.delete(repository_id="acme/web", path="old.py", message="Remove it", sha=HEAD, branch="main", via="bitbucket")
        assert requests.query() == {"files": "old.py", "message": "Remove it", "parents": HEAD, "branch": "main"}


def test_commits_without_a_reference_are_those_of_the_main_branch() -> None:
    with responding("bitbucket", {"full_name": "acme/web", "mainbranch": {"name": "main"}}, {"values": []}) as requests:
        assert list(commits.list(repository_id="acme/web", path="src", via="bitbucket")) == []
        assert requests.query() == {"include": "main", "path": "src", "pagelen": "100"}


def test_a_superseded_pull_request_is_closed() -> None:
    found = shipped(
        pull_requests.list,
        repository_id="acme/web",
        status="closed",
        via="bitbucket",
        responses=[{"values": [{**PULL, "state": "SUPERSEDED"}]}],
    )
    assert [(one.id, one.status) for one in found.value] == [("acme/web#7", "closed")]
    assert "state=DECLINED&state=SUPERSEDED" in found.requests[0].url


def test_a_merge_that_expects_a_commit_is_not_sent() -> None:
    with responding("bitbucket") as requests:
        with pytest.raises(Unsupported, match="cannot be given the expected one"):
            pull_requests.merge("acme/web#7", expected_commit="89abcdef0123", via="bitbucket")
        assert requests.lines == []


def test_the_text_of_a_verdict_is_a_comment() -> None:
    verdict = {"type": "participant", "state": "changes_requested", "user": {"uuid": "{u-1}"}}
    with responding("bitbucket", (201, {"type": "pullrequest_comment", "id": 5}), verdict) as requests:
        review = reviews.create(pull_request_id="acme/web#7", decision="request_changes", body="Too long", via="bitbucket")
        assert (review.verdict, review.author_id) == ("changes_requested", "{u-1}")
        assert requests.lines == [
            "POST /2.0/repositories/acme/web/pullrequests/7/comments",
            "POST /2.0/repositories/acme/web/pullrequests/7/request-changes",
        ]
        assert requests.body(0) == {"content": {"raw": "Too long"}}


def test_the_braces_of_a_uuid_are_encoded() -> None:
    found = shipped(
        ci_runs.get,
        "{w-1}/{r-1}:{p-1}",
        via="bitbucket",
        responses=[{"type": "pipeline", "uuid": "{p-1}", "state": {"name": "COMPLETED", "result": {"name": "STOPPED"}}}],
    )
    assert (found.value.id, found.value.status) == ("{w-1}/{r-1}:{p-1}", "canceled")
    assert found.requests[0].url.endswith("/2.0/repositories/%7Bw-1%7D/%7Br-1%7D/pipelines/%7Bp-1%7D")


def test_an_event_has_the_id_of_its_pull_request() -> None:
    repository = {"full_name": "acme/web-site", "name": "Web Site"}
    body = json.dumps({"actor": {"uuid": "{u-1}"}, "repository": repository, "pullrequest": {"id": 7}}).encode()
    signature = "sha256=" + hmac.new(b"secret", body, hashlib.sha256).hexdigest()
    declared = webhooks("bitbucket")
    delivery = Delivery(body, {"x-hub-signature": signature})
    declared.verify(delivery, [Secret("secret")], 0)
    (keyed,) = declared.decode(delivery).events
    assert (keyed.event.type, keyed.event.id, keyed.event.actor) == ("pull_request.updated", "acme/web-site#7", "{u-1}")
