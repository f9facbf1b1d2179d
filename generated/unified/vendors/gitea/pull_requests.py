"""Gitea pull_requests, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, reconciliation, responses
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

REPO_GET_PULL_REQUEST = Endpoint("repoGetPullRequest", "GET", "/repos/{owner}/{repo}/pulls/{index}", Retry.SAFE)
REPO_CREATE_PULL_REQUEST = Endpoint("repoCreatePullRequest", "POST", "/repos/{owner}/{repo}/pulls", Retry.NEVER)
REPO_LIST_PULL_REQUESTS = Endpoint("repoListPullRequests", "GET", "/repos/{owner}/{repo}/pulls", Retry.SAFE)
REPO_EDIT_PULL_REQUEST = Endpoint("repoEditPullRequest", "PATCH", "/repos/{owner}/{repo}/pulls/{index}", Retry.NEVER)
REPO_MERGE_PULL_REQUEST = Endpoint(
    "repoMergePullRequest", "POST", "/repos/{owner}/{repo}/pulls/{index}/merge", Retry.NEVER
)
REPO_CREATE_PULL_REVIEW_REQUESTS = Endpoint(
    "repoCreatePullReviewRequests", "POST", "/repos/{owner}/{repo}/pulls/{index}/requested_reviewers", Retry.NEVER
)

PATTERN_OWNER_REPO = re.compile("(?P<owner>[^/]+)/(?P<repo>[^/]+)")
make_pull_request = record_factory(PullRequest, "gitea")
PATTERN_OWNER_REPO_INDEX = re.compile("([^/]+)/([^\\#]+)\\#(.+)")
PATTERN_OWNER_REPO_2 = re.compile("([^/]+)/(.+)")
UPDATE_NEVER_CLEARED = ("title", "target_branch")
STATUS_WRITE: dict[Any, Any] = {"open": "open", "merged": "closed", "closed": "closed"}

FIELDS: dict[str, str] = {
    "title": "title",
    "body": "description",
    "head": "source_branch",
    "base": "target_branch",
    "state": "status",
    "base_branch": "target_branch",
    "Do": "method",
    "head_commit_id": "expected_commit",
    "reviewers": "reviewer_ids",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[PullRequest]:
    """Read a pull request: GET /repos/{owner}/{repo}/pulls/{index}."""
    owner, repo, index_2 = input_validation.parts(PATTERN_OWNER_REPO_INDEX, id, "id")
    response, raw = yield from fetch(
        REPO_GET_PULL_REQUEST,
        path=(owner, repo, input_validation.integer_id(index_2, "id", "Gitea")),
        schema=types.PullRequest,
    )
    return read_pull_request(response, raw)


def create(ctx: Context, pull_request: PullRequestCreate) -> Steps[PullRequest]:
    """Open a pull request: POST /repos/{owner}/{repo}/pulls."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO_2, pull_request.repository_id, "repository_id")
    body: dict[str, Any] = {
        "title": pull_request.title,
        "head": pull_request.source_branch,
        "base": pull_request.target_branch,
    }
    if pull_request.description is not None:
        body["body"] = pull_request.description
    body = input_validation.merge(body, ctx.extra, "Gitea")

    def look() -> Steps[reconciliation.Found]:
        return (
            yield from reconciliation.look_up(
                REPO_LIST_PULL_REQUESTS, path=(owner, repo), query={"state": "all", "limit": 50}
            )
        )

    response, raw = yield from reconciliation.send_once(
        fetch(REPO_CREATE_PULL_REQUEST, path=(owner, repo), json=body, schema=types.PullRequest),
        look,
        schema=types.PullRequest,
        raw=True,
        items=(),
        where=(
            (("title",), pull_request.title),
            (("head", "ref"), pull_request.source_branch),
            (("base", "ref"), pull_request.target_branch),
        ),
        created_at=("created_at",),
        pagination=("link", "", ("page",), 50),
    )
    return read_pull_request(response, raw)


def update(ctx: Context, id: str, pull_request: PullRequestUpdate) -> Steps[PullRequest]:
    """Change a pull request's title, description or target branch: PATCH /repos/{owner}/{repo}/pulls/{index}."""
    given = input_validation.changes(pull_request, ctx.extra, "Gitea")
    input_validation.reject_clearing(pull_request, given, UPDATE_NEVER_CLEARED, "Gitea")
    owner, repo, index_2 = input_validation.parts(PATTERN_OWNER_REPO_INDEX, id, "id")
    body: dict[str, Any] = {}
    if pull_request.title is not None:
        body["title"] = pull_request.title
    if "description" in given:
        body["body"] = "" if pull_request.description is None else pull_request.description
    if pull_request.target_branch is not None:
        body["base"] = pull_request.target_branch
    body = input_validation.merge(body, ctx.extra, "Gitea")
    response, raw = yield from fetch(
        REPO_EDIT_PULL_REQUEST,
        path=(owner, repo, input_validation.integer_id(index_2, "id", "Gitea")),
        json=body,
        schema=types.PullRequest,
    )
    return read_pull_request(response, raw)


def list_(ctx: Context, filters: PullRequestFilters) -> Steps[Page[PullRequest]]:
    """List the pull requests of a repository: GET /repos/{owner}/{repo}/pulls."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO_2, filters.repository_id, "repository_id")
    query: dict[str, Any] = {
        "state": STATUS_WRITE[filters.status] if filters.status is not None else "all",
        "limit": input_validation.page_size(ctx.limit, 50),
    }
    if filters.target_branch is not None:
        query["base_branch"] = input_validation.at_least(filters.target_branch, 1, "target_branch", "Gitea")
    query = input_validation.merge(query, ctx.extra, "Gitea")
    response, raw = yield from fetch(
        REPO_LIST_PULL_REQUESTS,
        path=(owner, repo),
        query=pagination.page_query(query, ctx.cursor, "limit"),
        url=pagination.next_page_url(ctx.cursor, ("page", "limit")),
        schema=list[types.PullRequest],
    )
    records = [read_pull_request(each, raw.at(index)) for index, each in enumerate(response)]
    if filters.status is not None:
        records = [each for each in records if each.status == filters.status]
    return Page(records, cursor=pagination.link_header(raw))


def merge(ctx: Context, id: str, pull_request: PullRequestMerge) -> Steps[None]:
    """Merge a pull request: POST /repos/{owner}/{repo}/pulls/{index}/merge."""
    owner, repo, index_2 = input_validation.parts(PATTERN_OWNER_REPO_INDEX, id, "id")
    body: dict[str, Any] = {}
    if pull_request.method is not None:
        body["Do"] = pull_request.method
    if pull_request.expected_commit is not None:
        body["head_commit_id"] = pull_request.expected_commit
    body = input_validation.default(body, {"Do": "merge"})
    yield from call(
        REPO_MERGE_PULL_REQUEST, path=(owner, repo, input_validation.integer_id(index_2, "id", "Gitea")), json=body
    )


def close(ctx: Context, id: str, pull_request: PullRequestClose) -> Steps[None]:
    """Close a pull request without merging it: PATCH /repos/{owner}/{repo}/pulls/{index}."""
    owner, repo, index_2 = input_validation.parts(PATTERN_OWNER_REPO_INDEX, id, "id")
    body: dict[str, Any] = {"state": "closed"}
    yield from call(
        REPO_EDIT_PULL_REQUEST, path=(owner, repo, input_validation.integer_id(index_2, "id", "Gitea")), json=body
    )


def request_review(ctx: Context, id: str, pull_request: PullRequestRequestReview) -> Steps[None]:
    """Request reviews of a pull request: POST /repos/{owner}/{repo}/pulls/{index}/requested_reviewers."""
    owner, repo, index_2 = input_validation.parts(PATTERN_OWNER_REPO_INDEX, id, "id")
    body: dict[str, Any] = {"reviewers": pull_request.reviewer_ids}
    yield from call(
        REPO_CREATE_PULL_REVIEW_REQUESTS,
        path=(owner, repo, input_validation.integer_id(index_2, "id", "Gitea")),
        json=body,
    )


def _read_status(state: Any, merged: Any) -> Literal["open", "merged", "closed"] | None:
    if state == "closed" and merged is True:
        return "merged"
    if state == "open":
        return "open"
    if state == "closed" and merged is False:
        return "closed"
    return None


def read_pull_request(r: types.PullRequest, raw: Raw) -> PullRequest:
    """Read a unified PullRequest from a PullRequest of Gitea."""
    base = r.base or types.PRBranchInfo()
    repo = base.repo or types.PullRequestsRepository()
    owner_repo = PATTERN_OWNER_REPO.fullmatch(repo.full_name or "")
    owner_repo_2 = PATTERN_OWNER_REPO.fullmatch(repo.full_name or "")
    head = r.head or types.PullRequestsPRBranchInfo()
    user = r.user or types.User()
    values: PullRequestValues = {
        "id": responses.required(
            f"{(owner_repo and owner_repo['owner'])}/{(owner_repo and owner_repo['repo'])}#{r.number}"
            if (owner_repo and owner_repo["owner"]) is not None
            and (owner_repo and owner_repo["repo"]) is not None
            and r.number is not None
            else None,
            "id",
            "Gitea",
        ),
        "title": r.title,
        "description": r.body,
        "status": _read_status(r.state, r.merged),
        "draft": r.draft,
        "repository_id": f"{(owner_repo_2 and owner_repo_2['owner'])}/{(owner_repo_2 and owner_repo_2['repo'])}"
        if (owner_repo_2 and owner_repo_2["owner"]) is not None and (owner_repo_2 and owner_repo_2["repo"]) is not None
        else None,
        "source_branch": head.ref,
        "target_branch": base.ref,
        "author_id": user.login,
        "author_name": user.full_name or user.login,
        "assignee_ids": [each.login for each in r.assignees or () if each.login is not None],
        "reviewer_ids": [each.login for each in r.requested_reviewers or () if each.login is not None],
        "labels": [each.name for each in r.labels or () if each.name is not None],
        "head_commit": head.sha,
        "mergeable": r.mergeable,
        "url": r.html_url,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
        "updated_at": datetimes.decode(r.updated_at) if r.updated_at is not None else None,
        "merged_at": datetimes.decode(r.merged_at) if r.merged_at is not None else None,
    }
    return make_pull_request(values, raw)
