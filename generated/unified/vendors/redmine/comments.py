"""Redmine comments, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, reconciliation, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.comments import Comment, CommentCreate, CommentFilters, CommentUpdate, CommentValues

GET_ISSUE = Endpoint("getIssue", "GET", "/issues/{issue_id}.{format}", Retry.SAFE)
GET_CURRENT_USER = Endpoint("getCurrentUser", "GET", "/users/current.{format}", Retry.SAFE)
UPDATE_ISSUE = Endpoint("updateIssue", "PUT", "/issues/{issue_id}.{format}", Retry.NEVER)
UPDATE_JOURNAL = Endpoint("updateJournal", "PUT", "/journals/{journal_id}.{format}", Retry.IDEMPOTENT)

make_comment = record_factory(Comment, "redmine")
PATTERN_ISSUE_ID_ID = re.compile("([^:]+):(.+)")
UPDATE_NEVER_CLEARED = ("body",)
UPDATE_JOURNAL_SENDS = frozenset(("body",))

FIELDS: dict[str, str] = {
    "issue_id": "task_id",
    "issue.notes": "body",
    "issue.private_notes": "internal",
    "journal.notes": "body",
    "journal": "body",
    "notes": "body",
    "private_notes": "internal",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update", "delete")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Comment]:
    """Read a comment: GET /issues/{issue_id}.{format}."""
    issue_id, id_ = input_validation.parts(PATTERN_ISSUE_ID_ID, id, "id")
    response, raw = yield from fetch(
        GET_ISSUE,
        path=(input_validation.integer_id(issue_id, "id", "Redmine"), "json"),
        query={"include": "journals"},
        schema=types.CommentsGetIssueResponse,
    )
    issue = response.issue or types.CommentsIssue()
    place = reconciliation.index_of(raw.at("issue", "journals").value, ((("id",), id_),), 0)
    record = responses.one(responses.item(issue.journals, place), "Comment", "Redmine")
    if not _is_comment(record):
        raise responses.wrong_resource("Comment", "Redmine")
    return read_comment(record, raw.at("issue", "journals", place), issue_id=issue_id)


def create(ctx: Context, comment: CommentCreate) -> Steps[Comment]:
    """Comment on a task.

    In turn:
        GET /users/current.{format}
        PUT /issues/{issue_id}.{format}
        GET /issues/{issue_id}.{format}
    """
    me_response = yield from call(GET_CURRENT_USER, path=("json",), schema=types.MeResponse, save_as="me")
    me = me_response.user or types.User()
    issue: dict[str, Any] = {"notes": comment.body}
    if comment.internal is not None:
        issue["private_notes"] = comment.internal
    body: dict[str, Any] = {"issue": issue}
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
        schema=types.CommentsGetIssueResponse,
    )
    issue_2 = response.issue or types.CommentsIssue()
    place = reconciliation.index_of(
        raw.at("issue", "journals").value, ((("notes",), comment.body), (("user", "id"), me.id)), -1
    )
    record = responses.one(responses.item(issue_2.journals, place), "Comment", "Redmine")
    if not _is_comment(record):
        raise responses.wrong_resource("Comment", "Redmine")
    return read_comment(record, raw.at("issue", "journals", place), issue_id=comment.task_id)


def update(ctx: Context, id: str, comment: CommentUpdate) -> Steps[Comment]:
    """Change the text of a comment.

    In turn:
        PUT /journals/{journal_id}.{format}, if needed
        GET /issues/{issue_id}.{format}
    """
    given = input_validation.changes(comment, ctx.extra, "Redmine")
    input_validation.reject_clearing(comment, given, UPDATE_NEVER_CLEARED, "Redmine")
    issue_id, id_ = input_validation.parts(PATTERN_ISSUE_ID_ID, id, "id")
    if given & UPDATE_JOURNAL_SENDS or ctx.extra:
        body: dict[str, Any] = {}
        if comment.body is not None:
            body["journal"] = {"notes": comment.body}
        body = input_validation.merge(body, ctx.extra, "Redmine")
        yield from call(UPDATE_JOURNAL, path=(input_validation.integer_id(id_, "id", "Redmine"), "json"), json=body)
    response, raw = yield from fetch(
        GET_ISSUE,
        path=(input_validation.integer_id(issue_id, "id", "Redmine"), "json"),
        query={"include": "journals"},
        schema=types.CommentsGetIssueResponse,
    )
    issue = response.issue or types.CommentsIssue()
    place = reconciliation.index_of(raw.at("issue", "journals").value, ((("id",), id_),), 0)
    record = responses.one(responses.item(issue.journals, place), "Comment", "Redmine")
    if not _is_comment(record):
        raise responses.wrong_resource("Comment", "Redmine")
    return read_comment(record, raw.at("issue", "journals", place), issue_id=issue_id)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a comment for good: PUT /journals/{journal_id}.{format}."""
    _issue_id, id_ = input_validation.parts(PATTERN_ISSUE_ID_ID, id, "id")
    body: dict[str, Any] = {"journal": {"notes": ""}}
    yield from call(UPDATE_JOURNAL, path=(input_validation.integer_id(id_, "id", "Redmine"), "json"), json=body)


def list_(ctx: Context, filters: CommentFilters) -> Steps[Page[Comment]]:
    """List the comments on a task: GET /issues/{issue_id}.{format}."""
    response, raw = yield from fetch(
        GET_ISSUE,
        path=(input_validation.integer_id(filters.task_id, "task_id", "Redmine"), "json"),
        query={"include": "journals"},
        schema=types.CommentsGetIssueResponse,
    )
    issue = response.issue or types.CommentsIssue()
    items = issue.journals or []
    records = [
        read_comment(each, raw.at("issue", "journals", index), issue_id=filters.task_id)
        for index, each in enumerate(items)
        if _is_comment(each)
    ]
    return Page(records)


def read_comment(r: types.Journal, raw: Raw, *, issue_id: str) -> Comment:
    """Read a unified Comment from a journal of Redmine."""
    user = r.user or types.CommentsIdName()
    values: CommentValues = {
        "id": responses.required(f"{issue_id}:{r.id}" if r.id is not None else None, "id", "Redmine"),
        "task_id": issue_id,
        "body": r.notes,
        "internal": r.private_notes,
        "author_id": str(user.id) if user.id is not None else None,
        "author_name": user.name,
        "created_at": datetimes.decode(r.created_on) if r.created_on is not None else None,
        "updated_at": datetimes.decode(r.updated_on) if r.updated_on is not None else None,
    }
    return make_comment(values, raw)


def _is_comment(r: types.Journal) -> bool:
    return bool(r.notes)
