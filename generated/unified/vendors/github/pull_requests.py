"""GitHub pull_requests, compiled from its mapping. Written by `gen build`; do not edit."""

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

PULLS_GET = Endpoint("pulls/get", "GET", "/repos/{owner}/{repo}/pulls/{pull_number}", Retry.SAFE)
PULLS_CREATE = Endpoint("pulls/create", "POST", "/repos/{owner}/{repo}/pulls", Retry.NEVER)
PULLS_LIST = Endpoint("pulls/list", "GET", "/repos/{owner}/{repo}/pulls", Retry.SAFE)
PULLS_UPDATE = Endpoint("pulls/update", "PATCH", "/repos/{owner}/{repo}/pulls/{pull_number}", Retry.NEVER)
PULLS_MERGE = Endpoint("pulls/merge", "PUT", "/repos/{owner}/{repo}/pulls/{pull_number}/merge", Retry.IDEMPOTENT)
PULLS_REQUEST_REVIEWERS = Endpoint(
    "pulls/request-reviewers", "POST", "/repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers", Retry.NEVER
)

PATTERN_REPOS_OWNER_REPO_PULLS_PULL_NUMBER = re.compile(
    ".*/repos/(?P<owner>[^/]+)/(?P<repo>[^/]+)/pulls/(?P<pull_number>[^/]+)"
)
PATTERN_REPOS_OWNER_REPO_PULLS = re.compile(".*/repos/(?P<owner>[^/]+)/(?P<repo>[^/]+)/pulls/.*")
make_pull_request = record_factory(PullRequest, "github", absent=("author_name",))
PATTERN_OWNER_REPO_PULL_NUMBER = re.compile("([^/]+)/([^\\#]+)\\#(.+)")
PATTERN_OWNER_REPO = re.compile("([^/]+)/(.+)")
UPDATE_NEVER_CLEARED = ("title", "target_branch")
STATUS_WRITE: dict[Any, Any] = {"open": "open", "merged": "closed", "closed": "closed"}

FIELDS: dict[str, str] = {
    "title": "title",
    "body": "description",
    "head": "source_branch",
    "base": "target_branch",
    "state": "status",
    "merge_method": "method",
    "sha": "expected_commit",
    "reviewers": "reviewer_ids",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("merge",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[PullRequest]:
    """Read a pull request: GET /repos/{owner}/{repo}/pulls/{pull_number}."""
    owner, repo, pull_number = input_validation.parts(PATTERN_OWNER_REPO_PULL_NUMBER, id, "id")
    response, raw = yield from fetch(
        PULLS_GET,
        path=(owner, repo, input_validation.integer_id(pull_number, "id", "GitHub")),
        schema=types.PullRequest,
    )
    return read_pull_request(response, raw)


def create(ctx: Context, pull_request: PullRequestCreate) -> Steps[PullRequest]:
    """Open a pull request: POST /repos/{owner}/{repo}/pulls."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, pull_request.repository_id, "repository_id")
    body: dict[str, Any] = {
        "title": pull_request.title,
        "head": pull_request.source_branch,
        "base": pull_request.target_branch,
    }
    if pull_request.description is not None:
        body["body"] = pull_request.description
    body = input_validation.merge(body, ctx.extra, "GitHub")

    def look() -> Steps[reconciliation.Found]:
        query: dict[str, Any] = {"state": "all", "sort": "created", "direction": "desc", "per_page": 100}
        return (yield from reconciliation.look_up(PULLS_LIST, path=(owner, repo), query=query))

    response, raw = yield from reconciliation.send_once(
        fetch(PULLS_CREATE, path=(owner, repo), json=body, schema=types.PullRequest),
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
        executes_within=10,
        pagination=("link", "", ("page", "after", "before"), 100),
    )
    return read_pull_request(response, raw)


def update(ctx: Context, id: str, pull_request: PullRequestUpdate) -> Steps[PullRequest]:
    """Change a pull request's title, description or target branch: PATCH /repos/{owner}/{repo}/pulls/{pull_number}."""
    given = input_validation.changes(pull_request, ctx.extra, "GitHub")
    input_validation.reject_clearing(pull_request, given, UPDATE_NEVER_CLEARED, "GitHub")
    owner, repo, pull_number = input_validation.parts(PATTERN_OWNER_REPO_PULL_NUMBER, id, "id")
    body: dict[str, Any] = {}
    if pull_request.title is not None:
        body["title"] = pull_request.title
    if "description" in given:
        body["body"] = "" if pull_request.description is None else pull_request.description
    if pull_request.target_branch is not None:
        body["base"] = pull_request.target_branch
    body = input_validation.merge(body, ctx.extra, "GitHub")
    response, raw = yield from fetch(
        PULLS_UPDATE,
        path=(owner, repo, input_validation.integer_id(pull_number, "id", "GitHub")),
        json=body,
        schema=types.PullRequest,
    )
    return read_pull_request(response, raw)


def list_(ctx: Context, filters: PullRequestFilters) -> Steps[Page[PullRequest]]:
    """List the pull requests of a repository: GET /repos/{owner}/{repo}/pulls."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, filters.repository_id, "repository_id")
    query: dict[str, Any] = {
        "state": STATUS_WRITE[filters.status] if filters.status is not None else "all",
        "per_page": input_validation.page_size(ctx.limit, 100),
    }
    if filters.target_branch is not None:
        query["base"] = input_validation.at_least(filters.target_branch, 1, "target_branch", "GitHub")
    query = input_validation.merge(query, ctx.extra, "GitHub")
    response, raw = yield from fetch(
        PULLS_LIST,
        path=(owner, repo),
        query=pagination.page_query(query, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "after", "before", "per_page")),
        schema=list[types.PullRequest],
    )
    records = [read_pull_request(each, raw.at(index)) for index, each in enumerate(response)]
    if filters.status is not None:
        records = [each for each in records if each.status == filters.status]
    return Page(records, cursor=pagination.link_header(raw))


def merge(ctx: Context, id: str, pull_request: PullRequestMerge) -> Steps[None]:
    """Merge a pull request: PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge."""
    owner, repo, pull_number = input_validation.parts(PATTERN_OWNER_REPO_PULL_NUMBER, id, "id")
    body: dict[str, Any] = {}
    if pull_request.method is not None:
        body["merge_method"] = pull_request.method
    if pull_request.expected_commit is not None:
        body["sha"] = pull_request.expected_commit
    yield from call(
        PULLS_MERGE, path=(owner, repo, input_validation.integer_id(pull_number, "id", "GitHub")), json=body
    )


def close(ctx: Context, id: str, pull_request: PullRequestClose) -> Steps[None]:
    """Close a pull request without merging it: PATCH /repos/{owner}/{repo}/pulls/{pull_number}."""
    owner, repo, pull_number = input_validation.parts(PATTERN_OWNER_REPO_PULL_NUMBER, id, "id")
    body: dict[str, Any] = {"state": "closed"}
    yield from call(
        PULLS_UPDATE, path=(owner, repo, input_validation.integer_id(pull_number, "id", "GitHub")), json=body
    )


def request_review(ctx: Context, id: str, pull_request: PullRequestRequestReview) -> Steps[None]:
    """Request reviews of a pull request: POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers."""
    owner, repo, pull_number = input_validation.parts(PATTERN_OWNER_REPO_PULL_NUMBER, id, "id")
    body: dict[str, Any] = {"reviewers": pull_request.reviewer_ids}
    yield from call(
        PULLS_REQUEST_REVIEWERS, path=(owner, repo, input_validation.integer_id(pull_number, "id", "GitHub")), json=body
    )


def _read_status(state: Any, merged_at: Any) -> Literal["open", "merged", "closed"] | None:
    if state == "open":
        return "open"
    if state == "closed" and merged_at is None:
        return "closed"
    if state == "closed":
        return "merged"
    return None


def read_pull_request(r: types.PullRequest, raw: Raw) -> PullRequest:
    """Read a unified PullRequest from a pull-request of GitHub."""
    owner_repo_pull_number = PATTERN_REPOS_OWNER_REPO_PULLS_PULL_NUMBER.fullmatch(r.url or "")
    owner_repo = PATTERN_REPOS_OWNER_REPO_PULLS.fullmatch(r.url or "")
    head = r.head or types.PullRequestHead()
    base = r.base or types.PullRequestBase()
    user = r.user or types.SimpleUser()
    values: PullRequestValues = {
        "id": responses.required(
            f"{(owner_repo_pull_number and owner_repo_pull_number['owner'])}/{(owner_repo_pull_number and owner_repo_pull_number['repo'])}#{(owner_repo_pull_number and owner_repo_pull_number['pull_number'])}"
            if (owner_repo_pull_number and owner_repo_pull_number["owner"]) is not None
            and (owner_repo_pull_number and owner_repo_pull_number["repo"]) is not None
            and (owner_repo_pull_number and owner_repo_pull_number["pull_number"]) is not None
            else None,
            "id",
            "GitHub",
        ),
        "title": r.title,
        "description": r.body,
        "status": _read_status(r.state, r.merged_at),
        "draft": r.draft,
        "repository_id": f"{(owner_repo and owner_repo['owner'])}/{(owner_repo and owner_repo['repo'])}"
        if (owner_repo and owner_repo["owner"]) is not None and (owner_repo and owner_repo["repo"]) is not None
        else None,
        "source_branch": head.ref,
        "target_branch": base.ref,
        "author_id": user.login,
        "author_name": None,
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
