"""Outcomes of a call by the response's status and body, over every transport."""

from __future__ import annotations

import dataclasses
import time

import pytest

from tests.unit.runtime import tasks
from tests.unit.runtime.callers import QUICK, Caller
from tests.unit.runtime.server import Loopback, Reply
from unified_runtime.core import errors

ISSUE = {"key": "P-1", "fields": {"summary": "Fix it", "status": {"key": "indeterminate", "name": "Doing"}}}


def test_a_call_returns_the_record_with_its_vendor_and_raw_form(caller: Caller, server: Loopback) -> None:
    server.answers(Reply.of(ISSUE))
    task = caller.run(tasks.get, "P-1")
    assert (task.id, task.title, task.status, task.status_label) == ("P-1", "Fix it", "in_progress", "Doing")
    assert task.vendor == "acme"
    assert task.raw == ISSUE
    assert server.targets == ["GET /rest/issue/P-1?fields=summary,status"]
    headers = {name.lower(): value for name, value in server.seen[0].headers.items()}
    assert headers["authorization"] == "Basic bWU6cGFzc3dvcmQ="
    assert headers["x-api-version"] == "3"
    assert headers["host"] == server.url.removeprefix("http://")
    assert "cookie" not in headers


def test_steps_of_a_create_are_sent_in_order(caller: Caller, server: Loopback) -> None:
    server.answers(Reply.of({"key": "P-2"}, 201), Reply.of(ISSUE | {"key": "P-2"}))
    task = caller.run(tasks.create, title="Grüße \u2713 \U0001f600", project_id="P", description=None, extra=None)
    assert task.id == "P-2"
    assert server.targets == ["POST /rest/issue", "GET /rest/issue/P-2?fields=summary,status"]
    body = server.seen[0].json
    assert body == {"fields": {"summary": "Grüße \u2713 \U0001f600", "project": {"key": "P"}, "issuetype": {"name": "Task"}}}
    assert server.seen[0].headers["Content-Type"] == "application/json"


def test_a_missing_body_is_valid_if_none_is_read(caller: Caller, server: Loopback) -> None:
    server.answers(Reply(204))
    assert caller.run(tasks.delete, "P-1") is None


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.Rejected),
        (401, errors.Unauthorized),
        (402, errors.Unsupported),
        (403, errors.Forbidden),
        (404, errors.NotFound),
        (405, errors.VendorProtocolError),
        (409, errors.Conflict),
        (410, errors.NotFound),
        (412, errors.Conflict),
        (422, errors.Rejected),
        (423, errors.Conflict),
        (501, errors.Unsupported),
        (304, errors.VendorProtocolError),
    ],
)
def test_a_status_decides_the_error_and_nothing_is_repeated(
    simple: Caller, server: Loopback, status: int, kind: type[errors.UnifiedError]
) -> None:
    server.answers(Reply.of({"errorMessages": ["No such thing."]}, status, X_Request_Id="r-77"))
    with pytest.raises(errors.UnifiedError) as caught:
        simple.run(tasks.get, "P-1")
    error = caught.value
    assert type(error) is kind
    assert (error.vendor, error.operation, error.status, error.request_id) == ("acme", "tasks.get", status, "r-77")
    assert error.retry_safe is False
    assert f"HTTP {status} to GET /rest/issue/{{key}}" in str(error)
    assert "r-77" in str(error)
    if status != 304:  # whose response has no body
        assert "No such thing." in str(error)
    assert len(server.seen) == 1


def test_errors_mean_the_same_over_every_transport(caller: Caller, server: Loopback) -> None:
    server.answers(Reply.of({"errorMessages": ["Gone fishing."]}, 404))
    with pytest.raises(errors.NotFound, match="Gone fishing"):
        caller.run(tasks.get, "P-1")


def test_the_vendors_validation_is_reported_in_unified_names(simple: Caller, server: Loopback) -> None:
    server.answers(Reply.of({"errors": {"summary": "is too dull", "duedate": "is past", "customfield_1": {"odd": 1}}, "code": "E7"}, 400))
    with pytest.raises(errors.Rejected) as caught:
        simple.run(tasks.create, title="x", project_id="P")
    assert caught.value.fields == {"title": "is too dull", "due_date": "is past", "customfield_1": "is not accepted"}
    assert caught.value.code == "E7"
    assert "title: is too dull" in str(caught.value)


def test_a_message_in_an_object_is_reported(simple: Caller, server: Loopback) -> None:
    body = {"summary": [{"description": "is blank", "error": "BlankValue"}, {"message": "is dull"}], "duedate": [{"error": "Odd"}]}
    server.answers(Reply.of({"errors": body}, 422))
    with pytest.raises(errors.Rejected) as caught:
        simple.run(tasks.create, title="x", project_id="P")
    assert caught.value.fields == {"title": "is blank; is dull", "due_date": "is not accepted"}


def test_messages_that_begin_with_a_field_name_are_reported_in_unified_names(simple: Caller, server: Loopback) -> None:
    server.answers(Reply.of({"problems": ["Summary cannot be blank", "Duedate is invalid", "Something else"]}, 422))
    with pytest.raises(errors.Rejected) as caught:
        simple.run(tasks.create, title="x", project_id="P")
    assert caught.value.fields == {"title": "Summary cannot be blank", "due_date": "Duedate is invalid"}
    assert "Something else" in str(caught.value)


def test_the_vendors_own_code_may_decide_the_kind(simple: Caller, server: Loopback) -> None:
    server.answers(*[Reply.of({"code": "slow_down"}, 400, Retry_After="0")] * 4)
    with pytest.raises(errors.RateLimited) as caught:
        simple.run(tasks.get, "P-1")
    assert caught.value.retry_safe is True


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "{soon}"}, 90.0),
        ({"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "1000000000"}, 0.0),
        ({"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "90"}, None),
        ({"X_RateLimit_Remaining": "0", "X_RateLimit_Reset": "{soon}", "Retry_After": "7"}, 7.0),
    ],
)
def test_a_403_with_no_request_left_is_a_limit(simple: Caller, server: Loopback, headers: dict[str, str], wait: float | None) -> None:
    simple.settings = dataclasses.replace(QUICK, attempts=1)
    soon = str(int(time.time()) + 90)
    server.answers(Reply.of({}, 403, **{name: value.format(soon=soon) for name, value in headers.items()}))
    with pytest.raises(errors.RateLimited) as caught:
        simple.run(tasks.get, "P-1")
    found = caught.value.retry_after
    assert found == wait if wait is None else found is not None and wait - 3 <= found <= wait


def test_a_403_with_requests_left_is_none(simple: Caller, server: Loopback) -> None:
    server.answers(Reply.of({}, 403, X_RateLimit_Remaining="4999", X_RateLimit_Reset="1900000000"))
    with pytest.raises(errors.Forbidden):
        simple.run(tasks.get, "P-1")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html><h1>Bad gateway</h1></html>",
        b"[1, 2",
        b'"text"',
        b"null",
        b"[[]]",
        b'{"errorMessages": 7, "errors": []}',
        b"\xff\xfe",
        b"[" * 3000,
    ],
)
def test_an_error_body_may_hold_anything(simple: Caller, server: Loopback, body: bytes) -> None:
    server.answers(Reply(400, body))
    with pytest.raises(errors.Rejected):
        simple.run(tasks.get, "P-1")


def test_an_html_error_page_is_named_and_not_quoted(simple: Caller, server: Loopback) -> None:
    server.answers(Reply(403, b"<html>x</html>", {"Content-Type": "text/html"}))
    with pytest.raises(errors.Forbidden, match="an HTML page instead of an error"):
        simple.run(tasks.get, "P-1")
