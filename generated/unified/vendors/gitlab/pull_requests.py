"""GitLab pull_requests, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, list_members, pagination, reconciliation, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.pull_requests import (
    PullRequest,
    PullRequestClose,
    PullRequestCreate,
    PullRequestFilters,
    PullRequestMerge,
    PullRequestRequestReview,
    PullRequestUpdate,
    PullRequestValues,
)

GET_API_V4_PROJECTS_ID_MERGE_REQUESTS_MERGE_REQUEST_IID = Endpoint(
    "getApiV4ProjectsIdMergeRequestsMergeRequestIid",
    "GET",
    "/api/v4/projects/{id}/merge_requests/{merge_request_iid}",
    Retry.SAFE,
)
POST_API_V4_PROJECTS_ID_MERGE_REQUESTS = Endpoint(
    "postApiV4ProjectsIdMergeRequests", "POST", "/api/v4/projects/{id}/merge_requests", Retry.NEVER
)
GET_API_V4_PROJECTS_ID_MERGE_REQUESTS = Endpoint(
    "getApiV4ProjectsIdMergeRequests", "GET", "/api/v4/projects/{id}/merge_requests", Retry.SAFE
)
PUT_API_V4_PROJECTS_ID_MERGE_REQUESTS_MERGE_REQUEST_IID = Endpoint(
    "putApiV4ProjectsIdMergeRequestsMergeRequestIid",
    "PUT",
    "/api/v4/projects/{id}/merge_requests/{merge_request_iid}",
    Retry.IDEMPOTENT,
)
PUT_API_V4_PROJECTS_ID_MERGE_REQUESTS_MERGE_REQUEST_IID_MERGE = Endpoint(
    "putApiV4ProjectsIdMergeRequestsMergeRequestIidMerge",
    "PUT",
    "/api/v4/projects/{id}/merge_requests/{merge_request_iid}/merge",
    Retry.NEVER,
)

STATUS_READ: dict[Any, Literal["open", "merged", "closed"]] = {"opened": "open", "merged": "merged", "closed": "closed"}
MERGEABLE_READ: dict[Any, bool] = {"can_be_merged": True, "cannot_be_merged": False, "cannot_be_merged_recheck": False}
make_pull_request = record_factory(PullRequest, "gitlab")
PATTERN_ID_MERGE_REQUEST_IID = re.compile("([^!]+)!(.+)")
UPDATE_NEVER_CLEARED = ("title", "target_branch")
STATUS_WRITE: dict[Any, Any] = {"open": "opened", "merged": "merged", "closed": "closed"}
METHOD_WRITE: dict[Any, Any] = {"merge": False, "squash": True}
METHOD_UNSUPPORTED = {"method.rebase": "GitLab rebases merge requests according to the settings of the project"}

FIELDS: dict[str, str] = {
    "id": "repository_id",
    "title": "title",
    "description": "description",
    "source_branch": "source_branch",
    "target_branch": "target_branch",
    "state": "status",
    "squash": "method",
    "sha": "expected_commit",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update", "close", "request_review")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[PullRequest]:
    """Read a pull request: GET /api/v4/projects/{id}/merge_requests/{merge_request_iid}."""
    id_, merge_request_iid = input_validation.parts(PATTERN_ID_MERGE_REQUEST_IID, id, "id")
    response, raw = yield from fetch(
        GET_API_V4_PROJECTS_ID_MERGE_REQUESTS_MERGE_REQUEST_IID,
        path=(
            input_validation.integer_id(id_, "id", "GitLab"),
            input_validation.integer_id(merge_request_iid, "id", "GitLab"),
        ),
        schema=types.APIEntitiesMergeRequest,
    )
    return read_pull_request(response, raw)


def create(ctx: Context, pull_request: PullRequestCreate) -> Steps[PullRequest]:
    """Open a pull request: POST /api/v4/projects/{id}/merge_requests."""
    body: dict[str, Any] = {
        "title": pull_request.title,
        "source_branch": pull_request.source_branch,
        "target_branch": pull_request.target_branch,
    }
    if pull_request.description is not None:
        body["description"] = input_validation.at_most(pull_request.description, 1048576, "description", "GitLab")
    body = input_validation.merge(body, ctx.extra, "GitLab")

    def look() -> Steps[reconciliation.Found]:
        query: dict[str, Any] = {
            "source_branch": input_validation.at_least(pull_request.source_branch, 1, "source_branch", "GitLab"),
            "target_branch": input_validation.at_least(pull_request.target_branch, 1, "target_branch", "GitLab"),
            "order_by": "created_at",
            "sort": "desc",
            "per_page": 100,
        }
        return (
            yield from reconciliation.look_up(
                GET_API_V4_PROJECTS_ID_MERGE_REQUESTS,
                path=(input_validation.integer_id(pull_request.repository_id, "repository_id", "GitLab"),),
                query=query,
            )
        )

    response, raw = yield from reconciliation.send_once(
        fetch(
            POST_API_V4_PROJECTS_ID_MERGE_REQUESTS,
            path=(input_validation.integer_id(pull_request.repository_id, "repository_id", "GitLab"),),
            json=body,
            schema=types.APIEntitiesMergeRequest,
        ),
        look,
        schema=types.APIEntitiesMergeRequest,
        raw=True,
        items=(),
        where=(
            (("title",), pull_request.title),
            (("source_branch",), pull_request.source_branch),
            (("target_branch",), pull_request.target_branch),
        ),
        created_at=("created_at",),
        pagination=("link", "", ("page",), 100),
    )
    return read_pull_request(response, raw)


def update(ctx: Context, id: str, pull_request: PullRequestUpdate) -> Steps[PullRequest]:
    """Change a pull request's title, description or target branch: PUT /api/v4/projects/{id}/merge_requests/{merge_request_iid}."""
    given = input_validation.changes(pull_request, ctx.extra, "GitLab")
    input_validation.reject_clearing(pull_request, given, UPDATE_NEVER_CLEARED, "GitLab")
    id_, merge_request_iid = input_validation.parts(PATTERN_ID_MERGE_REQUEST_IID, id, "id")
    body: dict[str, Any] = {}
    if pull_request.title is not None:
        body["title"] = pull_request.title
    if "description" in given:
        body["description"] = (
            ""
            if pull_request.description is None
            else input_validation.at_most(pull_request.description, 1048576, "description", "GitLab")
        )
    if pull_request.target_branch is not None:
        body["target_branch"] = pull_request.target_branch
    body = input_validation.merge(body, ctx.extra, "GitLab")
    response, raw = yield from fetch(
        PUT_API_V4_PROJECTS_ID_MERGE_REQUESTS_MERGE_REQUEST_IID,
        path=(
            input_validation.integer_id(id_, "id", "GitLab"),
            input_validation.integer_id(merge_request_iid, "id", "GitLab"),
        ),
        json=body,
        schema=types.APIEntitiesMergeRequest,
    )
    return read_pull_request(response, raw)


def list_(ctx: Context, filters: PullRequestFilters) -> Steps[Page[PullRequest]]:
    """List the pull requests of a repository: GET /api/v4/projects/{id}/merge_requests."""
    query: dict[str, Any] = {"per_page": input_validation.page_size(ctx.limit, 100)}
    if filters.status is not None:
        query["state"] = STATUS_WRITE[filters.status]
    if filters.target_branch is not None:
        query["target_branch"] = input_validation.at_least(filters.target_branch, 1, "target_branch", "GitLab")
    query = input_validation.merge(query, ctx.extra, "GitLab")
    response, raw = yield from fetch(
        GET_API_V4_PROJECTS_ID_MERGE_REQUESTS,
        path=(input_validation.integer_id(filters.repository_id, "repository_id", "GitLab"),),
        query=pagination.page_query(query, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "per_page")),
        schema=list[types.APIEntitiesMergeRequest],
    )
    records = [read_pull_request(each, raw.at(index)) for index, each in enumerate(response)]
    return Page(records, cursor=pagination.link_header(raw))


def merge(ctx: Context, id: str, pull_request: PullRequestMerge) -> Steps[None]:
    """Merge a pull request: PUT /api/v4/projects/{id}/merge_requests/{merge_request_iid}/merge."""
    id_, merge_request_iid = input_validation.parts(PATTERN_ID_MERGE_REQUEST_IID, id, "id")
    body: dict[str, Any] = {}
    if pull_request.method is not None:
        body["squash"] = input_validation.enum_value(
            METHOD_WRITE, pull_request.method, "method", "GitLab", METHOD_UNSUPPORTED
        )
    if pull_request.expected_commit is not None:
        body["sha"] = pull_request.expected_commit
    yield from call(
        PUT_API_V4_PROJECTS_ID_MERGE_REQUESTS_MERGE_REQUEST_IID_MERGE,
        path=(
            input_validation.integer_id(id_, "id", "GitLab"),
            input_validation.integer_id(merge_request_iid, "id", "GitLab"),
        ),
        json=body,
    )


def close(ctx: Context, id: str, pull_request: PullRequestClose) -> Steps[None]:
    """Close a pull request without merging it: PUT /api/v4/projects/{id}/merge_requests/{merge_request_iid}."""
    id_, merge_request_iid = input_validation.parts(PATTERN_ID_MERGE_REQUEST_IID, id, "id")
    body: dict[str, Any] = {"state_event": "close"}
    yield from call(
        PUT_API_V4_PROJECTS_ID_MERGE_REQUESTS_MERGE_REQUEST_IID,
        path=(
            input_validation.integer_id(id_, "id", "GitLab"),
            input_validation.integer_id(merge_request_iid, "id", "GitLab"),
        ),
        json=body,
    )


def request_review(ctx: Context, id: str, pull_request: PullRequestRequestReview) -> Steps[None]:
    """Request reviews of a pull request.

    In turn:
        GET /api/v4/projects/{id}/merge_requests/{merge_request_iid}
        PUT /api/v4/projects/{id}/merge_requests/{merge_request_iid}
    """
    id_, merge_request_iid = input_validation.parts(PATTERN_ID_MERGE_REQUEST_IID, id, "id")
    before = yield from call(
        GET_API_V4_PROJECTS_ID_MERGE_REQUESTS_MERGE_REQUEST_IID,
        path=(
            input_validation.integer_id(id_, "id", "GitLab"),
            input_validation.integer_id(merge_request_iid, "id", "GitLab"),
        ),
        schema=types.PullRequestsAPIEntitiesMergeRequest,
        save_as="before",
    )
    body: dict[str, Any] = {}
    body = list_members.change(
        body,
        ("reviewer_ids",),
        [each.id for each in before.reviewers or () if each.id is not None],
        (),
        pull_request.reviewer_ids,
        None,
    )
    yield from call(
        PUT_API_V4_PROJECTS_ID_MERGE_REQUESTS_MERGE_REQUEST_IID,
        path=(
            input_validation.integer_id(id_, "id", "GitLab"),
            input_validation.integer_id(merge_request_iid, "id", "GitLab"),
        ),
        json=body,
    )


def read_pull_request(r: types.APIEntitiesMergeRequest, raw: Raw) -> PullRequest:
    """Read a unified PullRequest from an API_Entities_MergeRequest of GitLab."""
    author = r.author or types.APIEntitiesUser()
    values: PullRequestValues = {
        "id": responses.required(
            f"{r.project_id}!{r.iid}" if r.project_id is not None and r.iid is not None else None, "id", "GitLab"
        ),
        "title": r.title,
        "description": r.description,
        "status": STATUS_READ.get(r.state),
        "draft": r.draft,
        "repository_id": str(r.project_id) if r.project_id is not None else None,
        "source_branch": r.source_branch,
        "target_branch": r.target_branch,
        "author_id": str(author.id) if author.id is not None else None,
        "author_name": author.name,
        "assignee_ids": [str(each) for each in [each.id for each in r.assignees or () if each.id is not None]],
        "reviewer_ids": [str(each) for each in [each.id for each in r.reviewers or () if each.id is not None]],
        "labels": r.labels or [],
        "head_commit": r.sha,
        "mergeable": MERGEABLE_READ.get(r.merge_status),
        "url": r.web_url,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
        "updated_at": datetimes.decode(r.updated_at) if r.updated_at is not None else None,
        "merged_at": datetimes.decode(r.merged_at) if r.merged_at is not None else None,
    }
    return make_pull_request(values, raw)
