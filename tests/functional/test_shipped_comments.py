"""Comments of shipped adapters: which one a create returns, by whom they can be read, and reading and changing them by id."""

from __future__ import annotations

from typing import Any

import pytest

import unified.comments
from tests.functional.shipped import responding
from unified_runtime import InvalidInput, NotFound


def created(vendor: str, *responses: Any) -> Any:
    with responding(vendor, *responses):
        return unified.comments.create(task_id="7", body="mine")


def test_zendesk_names_the_audit_of_the_comment() -> None:
    def comment(number: int, body: str) -> dict[str, Any]:
        found = {"id": number, "audit_id": number + 10, "body": body, "html_body": f"<p>{body}</p>", "author_id": 1}
        return {**found, "created_at": "2031-01-02T03:04:05Z"}

    found = created("zendesk", {"audit": {"id": 15}}, {"comments": [comment(6, "another's"), comment(5, "mine")]})
    assert (found.id, found.body) == ("7:5", "mine")
    with pytest.raises(NotFound):
        created("zendesk", {"audit": {"id": 14}}, {"comments": [comment(6, "another's")]})


def test_clickup_returns_the_id_of_the_comment() -> None:
    def comment(number: str, text: str) -> dict[str, Any]:
        return {"id": number, "comment_text": text, "date": "1735786445123", "user": {"id": 1}}

    found = created("clickup", {"id": "5", "hist_id": "h", "date": 1}, {"comments": [comment("6", "another's"), comment("5", "mine")]})
    assert (found.id, found.body) == ("7:5", "mine")


def test_clickup_gets_formatted_comments() -> None:
    """Markdown in `comment_text` would be shown as it is."""
    pieces = [{"text": "Done", "attributes": {"bold": True}}, {"text": ": see ", "attributes": {}}]
    pieces += [{"text": "log", "attributes": {"link": "https://x.test"}}]
    read = {"id": "5", "comment": pieces, "comment_text": "Done: see log", "date": "1735786445123", "user": {"id": 1}}
    with responding("clickup", {"id": "5", "hist_id": "h", "date": 1}, {"comments": [read]}) as sent:
        made = unified.comments.create(task_id="7", body="**Done**: see [log](https://x.test)")
    assert sent.body(0) == {"notify_all": False, "comment": pieces}
    assert made.body == "**Done**: see [log](https://x.test)"


def jira_comment(**more: Any) -> dict[str, Any]:
    return {"id": "10", "author": {"accountId": "a1", "displayName": "Ada"}, "created": "2031-01-02T03:04:05.000+0000", **more}


@pytest.mark.parametrize(("given", "internal"), [(None, True), (True, True), (False, False)])
def test_a_comment_on_a_request_of_jira_is_internal_by_default(given: bool | None, internal: bool) -> None:
    with responding("jira", jira_comment(jsdPublic=not internal)) as sent:
        made = unified.comments.create(task_id="SD-7", body="the customer is wrong", internal=given)
    assert sent.body()["properties"] == [{"key": "sd.public.comment", "value": {"internal": internal}}]
    assert (made.internal, made.author_name) == (internal, "Ada")


def test_extra_does_not_make_a_comment_of_jira_public() -> None:
    with responding("jira", jira_comment()) as sent, pytest.raises(InvalidInput):
        unified.comments.create(task_id="SD-7", body="x", extra={"jira": {"properties": [{"key": "mine", "value": {}}]}})
    assert sent.lines == []


def test_comments_are_read_changed_and_deleted_by_id() -> None:
    with responding("jira", jira_comment(), jira_comment(), 204) as sent:
        assert unified.comments.get("SD-7:10").task_id == "SD-7"
        unified.comments.update("SD-7:10", body="better")
        unified.comments.delete("SD-7:10")
    path = "/rest/api/3/issue/SD-7/comment/10"
    assert sent.lines == [f"GET {path}", f"PUT {path}", f"DELETE {path}"]


def test_a_comment_of_github_names_its_task() -> None:
    found = {"id": 5, "node_id": "n", "html_url": "https://x.example", "url": "u", "user": {"login": "ada"}, "body": "x"}
    found |= {"created_at": "2031-01-02T03:04:05Z", "updated_at": "2031-01-02T03:04:05Z"}
    found["issue_url"] = "https://api.github.com/repos/acme/app/issues/7"
    with responding("github", found) as sent:
        read = unified.comments.get("acme/app#7:5")
    assert (read.id, read.task_id) == ("acme/app#7:5", "acme/app#7")
    assert sent.lines == ["GET /repos/acme/app/issues/comments/5"]


def test_a_pull_request_of_github_is_not_commented_on() -> None:
    with responding("github", {"number": 7, "pull_request": {"url": "u"}}) as sent, pytest.raises(InvalidInput, match="pull request"):
        unified.comments.create(task_id="acme/app#7", body="x")
    assert sent.lines == ["GET /repos/acme/app/issues/7"]
