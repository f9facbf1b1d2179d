"""GitHub comments, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.comments import Comment, CommentCreate, CommentFilters, CommentValues

ISSUES_CREATE_COMMENT = Endpoint(
    "issues/create-comment", "POST", "/repos/{owner}/{repo}/issues/{issue_number}/comments", Retry.NEVER
)
ISSUES_LIST_COMMENTS = Endpoint(
    "issues/list-comments", "GET", "/repos/{owner}/{repo}/issues/{issue_number}/comments", Retry.SAFE
)

PATTERN_REPOS_OWNER_REPO_ISSUES_ISSUE_NUMBER = re.compile(
    ".*/repos/(?P<owner>[^/]+)/(?P<repo>[^/]+)/issues/(?P<issue_number>[^/]+)"
)
make_comment = record_factory(Comment, "github")
PATTERN_OWNER_REPO_ISSUE_NUMBER = re.compile("([^/]+)/([^\\#]+)\\#(.+)")

FIELDS: dict[str, str] = {"body": "body"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def create(ctx: Context, comment: CommentCreate) -> Steps[Comment]:
    """Comment on a task: POST /repos/{owner}/{repo}/issues/{issue_number}/comments."""
    owner, repo, issue_number = input_validation.parts(PATTERN_OWNER_REPO_ISSUE_NUMBER, comment.task_id, "task_id")
    body: dict[str, Any] = {"body": comment.body}
    body = input_validation.merge(body, ctx.extra, "GitHub")
    response, raw = yield from fetch(
        ISSUES_CREATE_COMMENT,
        path=(owner, repo, input_validation.integer_id(issue_number, "task_id", "GitHub")),
        json=body,
        schema=types.IssueComment,
    )
    return read_comment(response, raw)


def list_(ctx: Context, filters: CommentFilters) -> Steps[Page[Comment]]:
    """List the comments on a task: GET /repos/{owner}/{repo}/issues/{issue_number}/comments."""
    owner, repo, issue_number = input_validation.parts(PATTERN_OWNER_REPO_ISSUE_NUMBER, filters.task_id, "task_id")
    response, raw = yield from fetch(
        ISSUES_LIST_COMMENTS,
        path=(owner, repo, input_validation.integer_id(issue_number, "task_id", "GitHub")),
        query=pagination.page_query({"per_page": input_validation.page_size(ctx.limit, 100)}, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "after", "before", "per_page")),
        schema=list[types.IssueComment],
    )
    records = [read_comment(each, raw.at(index)) for index, each in enumerate(response)]
    return Page(records, cursor=pagination.link_header(raw))


def read_comment(r: types.IssueComment, raw: Raw) -> Comment:
    """Read a unified Comment from an issue-comment of GitHub."""
    owner_repo_issue_number = PATTERN_REPOS_OWNER_REPO_ISSUES_ISSUE_NUMBER.fullmatch(r.issue_url or "")
    user = r.user or types.NullableSimpleUser()
    values: CommentValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "GitHub"),
        "task_id": f"{(owner_repo_issue_number and owner_repo_issue_number['owner'])}/{(owner_repo_issue_number and owner_repo_issue_number['repo'])}#{(owner_repo_issue_number and owner_repo_issue_number['issue_number'])}"
        if (owner_repo_issue_number and owner_repo_issue_number["owner"]) is not None
        and (owner_repo_issue_number and owner_repo_issue_number["repo"]) is not None
        and (owner_repo_issue_number and owner_repo_issue_number["issue_number"]) is not None
        else None,
        "body": r.body,
        "author_id": user.login,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
        "updated_at": datetimes.decode(r.updated_at) if r.updated_at is not None else None,
    }
    return make_comment(values, raw)
