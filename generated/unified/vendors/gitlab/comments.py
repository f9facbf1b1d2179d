"""GitLab comments, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.comments import Comment, CommentCreate, CommentFilters, CommentUpdate, CommentValues

GET_API_V4_PROJECTS_ID_ISSUES_ISSUE_IID_NOTES_NOTE_ID = Endpoint(
    "getApiV4ProjectsIdIssuesIssueIidNotesNoteId",
    "GET",
    "/api/v4/projects/{id}/issues/{issue_iid}/notes/{note_id}",
    Retry.SAFE,
)
POST_API_V4_PROJECTS_ID_ISSUES_ISSUE_IID_NOTES = Endpoint(
    "postApiV4ProjectsIdIssuesIssueIidNotes", "POST", "/api/v4/projects/{id}/issues/{issue_iid}/notes", Retry.NEVER
)
PUT_API_V4_PROJECTS_ID_ISSUES_ISSUE_IID_NOTES_NOTE_ID = Endpoint(
    "putApiV4ProjectsIdIssuesIssueIidNotesNoteId",
    "PUT",
    "/api/v4/projects/{id}/issues/{issue_iid}/notes/{note_id}",
    Retry.IDEMPOTENT,
)
DELETE_API_V4_PROJECTS_ID_ISSUES_ISSUE_IID_NOTES_NOTE_ID = Endpoint(
    "deleteApiV4ProjectsIdIssuesIssueIidNotesNoteId",
    "DELETE",
    "/api/v4/projects/{id}/issues/{issue_iid}/notes/{note_id}",
    Retry.IDEMPOTENT,
)
GET_API_V4_PROJECTS_ID_ISSUES_ISSUE_IID_NOTES = Endpoint(
    "getApiV4ProjectsIdIssuesIssueIidNotes", "GET", "/api/v4/projects/{id}/issues/{issue_iid}/notes", Retry.SAFE
)

make_comment = record_factory(Comment, "gitlab")
PATTERN_ID_ISSUE_IID_NOTE_ID = re.compile("([^\\#]+)\\#([^:]+):(.+)")
PATTERN_ID_ISSUE_IID = re.compile("([^\\#]+)\\#(.+)")
UPDATE_NEVER_CLEARED = ("body",)

FIELDS: dict[str, str] = {"body": "body", "internal": "internal"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update", "delete")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Comment]:
    """Read a comment: GET /api/v4/projects/{id}/issues/{issue_iid}/notes/{note_id}."""
    id_, issue_iid, note_id = input_validation.parts(PATTERN_ID_ISSUE_IID_NOTE_ID, id, "id")
    response, raw = yield from fetch(
        GET_API_V4_PROJECTS_ID_ISSUES_ISSUE_IID_NOTES_NOTE_ID,
        path=(
            input_validation.integer_id(id_, "id", "GitLab"),
            input_validation.integer_id(issue_iid, "id", "GitLab"),
            input_validation.integer_id(note_id, "id", "GitLab"),
        ),
        schema=types.APIEntitiesNote,
    )
    if not _is_comment(response):
        raise responses.wrong_resource("Comment", "GitLab")
    return read_comment(response, raw)


def create(ctx: Context, comment: CommentCreate) -> Steps[Comment]:
    """Comment on a task: POST /api/v4/projects/{id}/issues/{issue_iid}/notes."""
    id_, issue_iid = input_validation.parts(PATTERN_ID_ISSUE_IID, comment.task_id, "task_id")
    body: dict[str, Any] = {"body": input_validation.at_most(comment.body, 1000000, "body", "GitLab")}
    if comment.internal is not None:
        body["internal"] = comment.internal
    body = input_validation.merge(body, ctx.extra, "GitLab")
    response, raw = yield from fetch(
        POST_API_V4_PROJECTS_ID_ISSUES_ISSUE_IID_NOTES,
        path=(
            input_validation.integer_id(id_, "task_id", "GitLab"),
            input_validation.integer_id(issue_iid, "task_id", "GitLab"),
        ),
        json=body,
        schema=types.APIEntitiesNote,
    )
    if not _is_comment(response):
        raise responses.wrong_resource("Comment", "GitLab")
    return read_comment(response, raw)


def update(ctx: Context, id: str, comment: CommentUpdate) -> Steps[Comment]:
    """Change the text of a comment: PUT /api/v4/projects/{id}/issues/{issue_iid}/notes/{note_id}."""
    given = input_validation.changes(comment, ctx.extra, "GitLab")
    input_validation.reject_clearing(comment, given, UPDATE_NEVER_CLEARED, "GitLab")
    id_, issue_iid, note_id = input_validation.parts(PATTERN_ID_ISSUE_IID_NOTE_ID, id, "id")
    body: dict[str, Any] = {}
    if comment.body is not None:
        body["body"] = input_validation.at_most(comment.body, 1000000, "body", "GitLab")
    body = input_validation.merge(body, ctx.extra, "GitLab")
    response, raw = yield from fetch(
        PUT_API_V4_PROJECTS_ID_ISSUES_ISSUE_IID_NOTES_NOTE_ID,
        path=(
            input_validation.integer_id(id_, "id", "GitLab"),
            input_validation.integer_id(issue_iid, "id", "GitLab"),
            input_validation.integer_id(note_id, "id", "GitLab"),
        ),
        json=body,
        schema=types.APIEntitiesNote,
    )
    if not _is_comment(response):
        raise responses.wrong_resource("Comment", "GitLab")
    return read_comment(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a comment for good: DELETE /api/v4/projects/{id}/issues/{issue_iid}/notes/{note_id}."""
    id_, issue_iid, note_id = input_validation.parts(PATTERN_ID_ISSUE_IID_NOTE_ID, id, "id")
    yield from call(
        DELETE_API_V4_PROJECTS_ID_ISSUES_ISSUE_IID_NOTES_NOTE_ID,
        path=(
            input_validation.integer_id(id_, "id", "GitLab"),
            input_validation.integer_id(issue_iid, "id", "GitLab"),
            input_validation.integer_id(note_id, "id", "GitLab"),
        ),
    )


def list_(ctx: Context, filters: CommentFilters) -> Steps[Page[Comment]]:
    """List the comments on a task: GET /api/v4/projects/{id}/issues/{issue_iid}/notes."""
    id_, issue_iid = input_validation.parts(PATTERN_ID_ISSUE_IID, filters.task_id, "task_id")
    query: dict[str, Any] = {"sort": "asc", "per_page": input_validation.page_size(ctx.limit, 100)}
    query = input_validation.merge(query, ctx.extra, "GitLab")
    response, raw = yield from fetch(
        GET_API_V4_PROJECTS_ID_ISSUES_ISSUE_IID_NOTES,
        path=(
            input_validation.integer_id(id_, "task_id", "GitLab"),
            input_validation.integer_id(issue_iid, "task_id", "GitLab"),
        ),
        query=pagination.page_query(query, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "per_page")),
        schema=list[types.APIEntitiesNote],
    )
    records = [read_comment(each, raw.at(index)) for index, each in enumerate(response) if _is_comment(each)]
    return Page(records, cursor=pagination.link_header(raw))


def read_comment(r: types.APIEntitiesNote, raw: Raw) -> Comment:
    """Read a unified Comment from an API_Entities_Note of GitLab."""
    author = r.author or types.APIEntitiesUser()
    values: CommentValues = {
        "id": responses.required(
            f"{r.project_id}#{r.noteable_iid}:{r.id}"
            if r.project_id is not None and r.noteable_iid is not None and r.id is not None
            else None,
            "id",
            "GitLab",
        ),
        "task_id": f"{r.project_id}#{r.noteable_iid}"
        if r.project_id is not None and r.noteable_iid is not None
        else None,
        "body": r.body,
        "internal": r.internal,
        "author_id": str(author.id) if author.id is not None else None,
        "author_name": author.name,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
        "updated_at": datetimes.decode(r.updated_at) if r.updated_at is not None else None,
    }
    return make_comment(values, raw)


def _is_comment(r: types.APIEntitiesNote) -> bool:
    return not r.system
