"""GitHub comments, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.comments import Comment, CommentCreate, CommentFilters, CommentUpdate, CommentValues

ISSUES_GET_COMMENT = Endpoint(
    "issues/get-comment", "GET", "/repos/{owner}/{repo}/issues/comments/{comment_id}", Retry.SAFE
)
ISSUES_GET = Endpoint("issues/get", "GET", "/repos/{owner}/{repo}/issues/{issue_number}", Retry.SAFE)
ISSUES_CREATE_COMMENT = Endpoint(
    "issues/create-comment", "POST", "/repos/{owner}/{repo}/issues/{issue_number}/comments", Retry.NEVER
)
ISSUES_UPDATE_COMMENT = Endpoint(
    "issues/update-comment", "PATCH", "/repos/{owner}/{repo}/issues/comments/{comment_id}", Retry.NEVER
)
ISSUES_DELETE_COMMENT = Endpoint(
    "issues/delete-comment", "DELETE", "/repos/{owner}/{repo}/issues/comments/{comment_id}", Retry.IDEMPOTENT
)
ISSUES_LIST_COMMENTS = Endpoint(
    "issues/list-comments", "GET", "/repos/{owner}/{repo}/issues/{issue_number}/comments", Retry.SAFE
)

PATTERN_REPOS_OWNER_REPO_ISSUES_ISSUE_NUMBER = re.compile(
    ".*/repos/(?P<owner>[^/]+)/(?P<repo>[^/]+)/issues/(?P<issue_number>[^/]+)"
)
make_comment = record_factory(Comment, "github", absent=("internal",))
PATTERN_OWNER_REPO_ISSUE_NUMBER_COMMENT_ID = re.compile("([^/]+)/([^\\#]+)\\#([^:]+):(.+)")
CREATE_UNSUPPORTED = {"internal": "GitHub comments are visible to everyone with access to the issue"}
PATTERN_OWNER_REPO_ISSUE_NUMBER = re.compile("([^/]+)/([^\\#]+)\\#(.+)")
UPDATE_NEVER_CLEARED = ("body",)

FIELDS: dict[str, str] = {"body": "body"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Comment]:
    """Read a comment: GET /repos/{owner}/{repo}/issues/comments/{comment_id}."""
    owner, repo, _issue_number, comment_id = input_validation.parts(
        PATTERN_OWNER_REPO_ISSUE_NUMBER_COMMENT_ID, id, "id"
    )
    response, raw = yield from fetch(
        ISSUES_GET_COMMENT,
        path=(owner, repo, input_validation.integer_id(comment_id, "id", "GitHub")),
        schema=types.IssueComment,
    )
    return read_comment(response, raw)


def create(ctx: Context, comment: CommentCreate) -> Steps[Comment]:
    """Comment on a task.

    In turn:
        GET /repos/{owner}/{repo}/issues/{issue_number}
        POST /repos/{owner}/{repo}/issues/{issue_number}/comments
    """
    input_validation.reject_unsupported(comment, CREATE_UNSUPPORTED, "GitHub")
    owner, repo, issue_number = input_validation.parts(PATTERN_OWNER_REPO_ISSUE_NUMBER, comment.task_id, "task_id")
    issue = yield from call(
        ISSUES_GET,
        path=(owner, repo, input_validation.integer_id(issue_number, "task_id", "GitHub")),
        schema=types.Issue,
        save_as="issue",
    )
    responses.found(
        responses.if_matching(issue, lambda each: each.pull_request is None, "issue"),
        f"{comment.task_id} is a pull request, not a task",
        "InvalidInput",
    )
    body: dict[str, Any] = {"body": comment.body}
    body = input_validation.merge(body, ctx.extra, "GitHub")
    response, raw = yield from fetch(
        ISSUES_CREATE_COMMENT,
        path=(owner, repo, input_validation.integer_id(issue_number, "task_id", "GitHub")),
        json=body,
        schema=types.IssueComment,
    )
    return read_comment(response, raw)


def update(ctx: Context, id: str, comment: CommentUpdate) -> Steps[Comment]:
    """Change the text of a comment: PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}."""
    given = input_validation.changes(comment, ctx.extra, "GitHub")
    input_validation.reject_clearing(comment, given, UPDATE_NEVER_CLEARED, "GitHub")
    owner, repo, _issue_number, comment_id = input_validation.parts(
        PATTERN_OWNER_REPO_ISSUE_NUMBER_COMMENT_ID, id, "id"
    )
    body: dict[str, Any] = {}
    if comment.body is not None:
        body["body"] = comment.body
    body = input_validation.merge(body, ctx.extra, "GitHub")
    response, raw = yield from fetch(
        ISSUES_UPDATE_COMMENT,
        path=(owner, repo, input_validation.integer_id(comment_id, "id", "GitHub")),
        json=body,
        schema=types.IssueComment,
    )
    return read_comment(response, raw)


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a comment for good: DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}."""
    owner, repo, _issue_number, comment_id = input_validation.parts(
        PATTERN_OWNER_REPO_ISSUE_NUMBER_COMMENT_ID, id, "id"
    )
    yield from call(ISSUES_DELETE_COMMENT, path=(owner, repo, input_validation.integer_id(comment_id, "id", "GitHub")))


def list_(ctx: Context, filters: CommentFilters) -> Steps[Page[Comment]]:
    """List the comments on a task: GET /repos/{owner}/{repo}/issues/{issue_number}/comments."""
    owner, repo, issue_number = input_validation.parts(PATTERN_OWNER_REPO_ISSUE_NUMBER, filters.task_id, "task_id")
    query: dict[str, Any] = {"per_page": input_validation.page_size(ctx.limit, 100)}
    query = input_validation.merge(query, ctx.extra, "GitHub")
    response, raw = yield from fetch(
        ISSUES_LIST_COMMENTS,
        path=(owner, repo, input_validation.integer_id(issue_number, "task_id", "GitHub")),
        query=pagination.page_query(query, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "after", "before", "per_page")),
        schema=list[types.IssueComment],
    )
    records = [read_comment(each, raw.at(index)) for index, each in enumerate(response)]
    return Page(records, cursor=pagination.link_header(raw))


def read_comment(r: types.IssueComment, raw: Raw) -> Comment:
    """Read a unified Comment from an issue-comment of GitHub."""
    owner_repo_issue_number = PATTERN_REPOS_OWNER_REPO_ISSUES_ISSUE_NUMBER.fullmatch(r.issue_url or "")
    owner_repo_issue_number_2 = PATTERN_REPOS_OWNER_REPO_ISSUES_ISSUE_NUMBER.fullmatch(r.issue_url or "")
    user = r.user or types.NullableSimpleUser()
    values: CommentValues = {
        "id": responses.required(
            f"{(owner_repo_issue_number and owner_repo_issue_number['owner'])}/{(owner_repo_issue_number and owner_repo_issue_number['repo'])}#{(owner_repo_issue_number and owner_repo_issue_number['issue_number'])}:{r.id}"
            if (owner_repo_issue_number and owner_repo_issue_number["owner"]) is not None
            and (owner_repo_issue_number and owner_repo_issue_number["repo"]) is not None
            and (owner_repo_issue_number and owner_repo_issue_number["issue_number"]) is not None
            and r.id is not None
            else None,
            "id",
            "GitHub",
        ),
        "task_id": f"{(owner_repo_issue_number_2 and owner_repo_issue_number_2['owner'])}/{(owner_repo_issue_number_2 and owner_repo_issue_number_2['repo'])}#{(owner_repo_issue_number_2 and owner_repo_issue_number_2['issue_number'])}"
        if (owner_repo_issue_number_2 and owner_repo_issue_number_2["owner"]) is not None
        and (owner_repo_issue_number_2 and owner_repo_issue_number_2["repo"]) is not None
        and (owner_repo_issue_number_2 and owner_repo_issue_number_2["issue_number"]) is not None
        else None,
        "body": r.body,
        "internal": None,
        "author_id": user.login,
        "author_name": user.login,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
        "updated_at": datetimes.decode(r.updated_at) if r.updated_at is not None else None,
    }
    return make_comment(values, raw)
