"""Redmine comments, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, reconciliation, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.comments import Comment, CommentCreate, CommentFilters, CommentValues

GET_CURRENT_USER = Endpoint("getCurrentUser", "GET", "/users/current.{format}", Retry.SAFE)
UPDATE_ISSUE = Endpoint("updateIssue", "PUT", "/issues/{issue_id}.{format}", Retry.NEVER)
GET_ISSUE = Endpoint("getIssue", "GET", "/issues/{issue_id}.{format}", Retry.SAFE)

make_comment = record_factory(Comment, "redmine")

FIELDS: dict[str, str] = {"issue_id": "task_id", "issue.notes": "body", "issue": "body", "notes": "body"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def create(ctx: Context, comment: CommentCreate) -> Steps[Comment]:
    """Comment on a task.

    In turn:
        GET /users/current.{format}
        PUT /issues/{issue_id}.{format}
        GET /issues/{issue_id}.{format}
    """
    me_response = yield from call(GET_CURRENT_USER, path=("json",), schema=types.MeResponse, save_as="me")
    me = me_response.user or types.User()
    body: dict[str, Any] = {"issue": {"notes": comment.body}}
    body = input_validation.merge(body, ctx.extra, "Redmine")

    def look() -> Steps[reconciliation.Found]:
        return (
            yield from reconciliation.look_up(
                GET_ISSUE,
                path=(input_validation.integer_id(comment.task_id, "task_id", "Redmine"), "json"),
                query={"include": "journals"},
            )
        )

    yield from reconciliation.send_once(
        call(
            UPDATE_ISSUE, path=(input_validation.integer_id(comment.task_id, "task_id", "Redmine"), "json"), json=body
        ),
        look,
        schema=None,
        items=("issue", "journals"),
        where=((("notes",), comment.body), (("user", "id"), me.id)),
        created_at=("created_on",),
        visible_within=5,
        executes_within=60,
        by_account=True,
    )
    response, raw = yield from fetch(
        GET_ISSUE,
        path=(input_validation.integer_id(comment.task_id, "task_id", "Redmine"), "json"),
        query={"include": "journals"},
        schema=types.GetIssueResponse,
    )
    issue = response.issue or types.Issue()
    place = reconciliation.index_of(
        raw.at("issue", "journals").value, ((("notes",), comment.body), (("user", "id"), me.id)), -1
    )
    record = responses.one(responses.item(issue.journals, place), "Comment", "Redmine")
    if not _is_comment(record):
        raise responses.wrong_resource("Comment", "Redmine")
    return read_comment(record, raw.at("issue", "journals", place), issue_id=comment.task_id)


def list_(ctx: Context, filters: CommentFilters) -> Steps[Page[Comment]]:
    """List the comments on a task: GET /issues/{issue_id}.{format}."""
    response, raw = yield from fetch(
        GET_ISSUE,
        path=(input_validation.integer_id(filters.task_id, "task_id", "Redmine"), "json"),
        query={"include": "journals"},
        schema=types.GetIssueResponse,
    )
    issue = response.issue or types.Issue()
    items = issue.journals or []
    records = [
        read_comment(each, raw.at("issue", "journals", index), issue_id=filters.task_id)
        for index, each in enumerate(items)
        if _is_comment(each)
    ]
    return Page(records)


def read_comment(r: types.Journal, raw: Raw, *, issue_id: str) -> Comment:
    """Read a unified Comment from a journal of Redmine."""
    user = r.user or types.IdName()
    values: CommentValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Redmine"),
        "task_id": issue_id,
        "body": r.notes,
        "author_id": str(user.id) if user.id is not None else None,
        "created_at": datetimes.decode(r.created_on) if r.created_on is not None else None,
        "updated_at": datetimes.decode(r.updated_on) if r.updated_on is not None else None,
    }
    return make_comment(values, raw)


def _is_comment(r: types.Journal) -> bool:
    return bool(r.notes)
