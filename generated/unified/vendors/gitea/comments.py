"""Gitea comments, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.comments import Comment, CommentCreate, CommentFilters, CommentUpdate, CommentValues

ISSUE_GET_COMMENT = Endpoint("issueGetComment", "GET", "/repos/{owner}/{repo}/issues/comments/{id}", Retry.SAFE)
ISSUE_GET_ISSUE = Endpoint("issueGetIssue", "GET", "/repos/{owner}/{repo}/issues/{index}", Retry.SAFE)
ISSUE_CREATE_COMMENT = Endpoint(
    "issueCreateComment", "POST", "/repos/{owner}/{repo}/issues/{index}/comments", Retry.NEVER
)
ISSUE_EDIT_COMMENT = Endpoint("issueEditComment", "PATCH", "/repos/{owner}/{repo}/issues/comments/{id}", Retry.NEVER)
ISSUE_DELETE_COMMENT = Endpoint(
    "issueDeleteComment", "DELETE", "/repos/{owner}/{repo}/issues/comments/{id}", Retry.IDEMPOTENT
)
ISSUE_GET_COMMENTS = Endpoint("issueGetComments", "GET", "/repos/{owner}/{repo}/issues/{index}/comments", Retry.SAFE)

PATTERN_OWNER_REPO_ISSUES_INDEX = re.compile(".*/(?P<owner>[^/]+)/(?P<repo>[^/]+)/issues/(?P<index>[^/]+)")
make_comment = record_factory(Comment, "gitea", absent=("internal",))
PATTERN_OWNER_REPO_INDEX_ID = re.compile("([^/]+)/([^\\#]+)\\#([^:]+):(.+)")
CREATE_UNSUPPORTED = {"internal": "Gitea comments are visible to everyone with access to the issue"}
PATTERN_OWNER_REPO_INDEX = re.compile("([^/]+)/([^\\#]+)\\#(.+)")
UPDATE_NEVER_CLEARED = ("body",)

FIELDS: dict[str, str] = {"body": "body"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Comment]:
    """Read a comment: GET /repos/{owner}/{repo}/issues/comments/{id}."""
    owner, repo, _index, id_ = input_validation.parts(PATTERN_OWNER_REPO_INDEX_ID, id, "id")
    response, raw = yield from fetch(
        ISSUE_GET_COMMENT, path=(owner, repo, input_validation.integer_id(id_, "id", "Gitea")), schema=types.Comment
    )
    return read_comment(response, raw)


def create(ctx: Context, comment: CommentCreate) -> Steps[Comment]:
    """Comment on a task.

    In turn:
        GET /repos/{owner}/{repo}/issues/{index}
        POST /repos/{owner}/{repo}/issues/{index}/comments
    """
    input_validation.reject_unsupported(comment, CREATE_UNSUPPORTED, "Gitea")
    owner, repo, index_2 = input_validation.parts(PATTERN_OWNER_REPO_INDEX, comment.task_id, "task_id")
    issue = yield from call(
        ISSUE_GET_ISSUE,
        path=(owner, repo, input_validation.integer_id(index_2, "task_id", "Gitea")),
        schema=types.Issue,
        save_as="issue",
    )
    responses.found(
        responses.if_matching(issue, lambda each: each.pull_request is None, "issue"),
        f"{comment.task_id} is a pull request, not a task",
        "InvalidInput",
    )
    body: dict[str, Any] = {"body": comment.body}
    body = input_validation.merge(body, ctx.extra, "Gitea")
    response, raw = yield from fetch(
        ISSUE_CREATE_COMMENT,
        path=(owner, repo, input_validation.integer_id(index_2, "task_id", "Gitea")),
        json=body,
        schema=types.Comment,
    )
    return read_comment(response, raw)


def update(ctx: Context, id: str, comment: CommentUpdate) -> Steps[Comment]:
    """Change the text of a comment: PATCH /repos/{owner}/{repo}/issues/comments/{id}."""
    given = input_validation.changes(comment, ctx.extra, "Gitea")
    input_validation.reject_clearing(comment, given, UPDATE_NEVER_CLEARED, "Gitea")
    owner, repo, _index, id_ = input_validation.parts(PATTERN_OWNER_REPO_INDEX_ID, id, "id")
    body: dict[str, Any] = {}
    if comment.body is not None:
        body["body"] = comment.body
    body = input_validation.merge(body, ctx.extra, "Gitea")
    response, raw = yield from fetch(
        ISSUE_EDIT_COMMENT,
        path=(owner, repo, input_validation.integer_id(id_, "id", "Gitea")),
        json=body,
        schema=types.Comment,
    )
    return read_comment(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a comment for good: DELETE /repos/{owner}/{repo}/issues/comments/{id}."""
    owner, repo, _index, id_ = input_validation.parts(PATTERN_OWNER_REPO_INDEX_ID, id, "id")
    yield from call(ISSUE_DELETE_COMMENT, path=(owner, repo, input_validation.integer_id(id_, "id", "Gitea")))


def list_(ctx: Context, filters: CommentFilters) -> Steps[Page[Comment]]:
    """List the comments on a task: GET /repos/{owner}/{repo}/issues/{index}/comments."""
    owner, repo, index_2 = input_validation.parts(PATTERN_OWNER_REPO_INDEX, filters.task_id, "task_id")
    response, raw = yield from fetch(
        ISSUE_GET_COMMENTS,
        path=(owner, repo, input_validation.integer_id(index_2, "task_id", "Gitea")),
        query=ctx.extra or None,
        schema=list[types.Comment],
    )
    records = [read_comment(each, raw.at(index)) for index, each in enumerate(response)]
    return Page(records)


def read_comment(r: types.Comment, raw: Raw) -> Comment:
    """Read a unified Comment from a Comment of Gitea."""
    owner_repo_index = PATTERN_OWNER_REPO_ISSUES_INDEX.fullmatch(r.issue_url or "")
    owner_repo_index_2 = PATTERN_OWNER_REPO_ISSUES_INDEX.fullmatch(r.issue_url or "")
    user = r.user or types.User()
    values: CommentValues = {
        "id": responses.required(
            f"{(owner_repo_index and owner_repo_index['owner'])}/{(owner_repo_index and owner_repo_index['repo'])}#{(owner_repo_index and owner_repo_index['index'])}:{r.id}"
            if (owner_repo_index and owner_repo_index["owner"]) is not None
            and (owner_repo_index and owner_repo_index["repo"]) is not None
            and (owner_repo_index and owner_repo_index["index"]) is not None
            and r.id is not None
            else None,
            "id",
            "Gitea",
        ),
        "task_id": f"{(owner_repo_index_2 and owner_repo_index_2['owner'])}/{(owner_repo_index_2 and owner_repo_index_2['repo'])}#{(owner_repo_index_2 and owner_repo_index_2['index'])}"
        if (owner_repo_index_2 and owner_repo_index_2["owner"]) is not None
        and (owner_repo_index_2 and owner_repo_index_2["repo"]) is not None
        and (owner_repo_index_2 and owner_repo_index_2["index"]) is not None
        else None,
        "body": r.body,
        "internal": None,
        "author_id": user.login,
        "author_name": user.full_name or user.login,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
        "updated_at": datetimes.decode(r.updated_at) if r.updated_at is not None else None,
    }
    return make_comment(values, raw)
