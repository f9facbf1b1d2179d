"""Bitbucket pull_requests, compiled from its mapping. Written by `gen build`; do not edit."""

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

GET_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS_PULL_REQUEST_ID = Endpoint(
    "GET /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}",
    "GET",
    "/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}",
    Retry.SAFE,
)
POST_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS = Endpoint(
    "POST /repositories/{workspace}/{repo_slug}/pullrequests",
    "POST",
    "/repositories/{workspace}/{repo_slug}/pullrequests",
    Retry.NEVER,
)
GET_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS = Endpoint(
    "GET /repositories/{workspace}/{repo_slug}/pullrequests",
    "GET",
    "/repositories/{workspace}/{repo_slug}/pullrequests",
    Retry.SAFE,
)
PUT_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS_PULL_REQUEST_ID = Endpoint(
    "PUT /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}",
    "PUT",
    "/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}",
    Retry.IDEMPOTENT,
)
POST_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS_PULL_REQUEST_ID_MERGE = Endpoint(
    "POST /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/merge",
    "POST",
    "/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/merge",
    Retry.NEVER,
)
POST_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS_PULL_REQUEST_ID_DECLINE = Endpoint(
    "POST /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/decline",
    "POST",
    "/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/decline",
    Retry.NEVER,
)

PATTERN_WORKSPACE_REPO_SLUG = re.compile("(?P<workspace>[^/]+)/(?P<repo_slug>[^/]+)")
STATUS_READ: dict[Any, Literal["open", "merged", "closed"]] = {
    "OPEN": "open",
    "MERGED": "merged",
    "DECLINED": "closed",
    "SUPERSEDED": "closed",
}
make_pull_request = record_factory(
    PullRequest, "bitbucket", absent=("assignee_ids", "labels", "mergeable", "merged_at")
)
PATTERN_WORKSPACE_REPO_SLUG_PULL_REQUEST_ID = re.compile("([^/]+)/([^\\#]+)\\#(.+)")
PATTERN_WORKSPACE_REPO_SLUG_2 = re.compile("([^/]+)/(.+)")
UPDATE_NEVER_CLEARED = ("title", "target_branch")
STATUS_WRITE: dict[Any, Any] = {"open": "OPEN", "merged": "MERGED", "closed": "DECLINED"}
MERGE_UNSUPPORTED = {"expected_commit": "Bitbucket merges the newest commit, and cannot be given the expected one"}
METHOD_WRITE: dict[Any, Any] = {"merge": "merge_commit", "squash": "squash", "rebase": "rebase_fast_forward"}

FIELDS: dict[str, str] = {
    "title": "title",
    "description": "description",
    "source.branch.name": "source_branch",
    "destination.branch.name": "target_branch",
    "state": "status",
    "merge_strategy": "method",
    "source": "source_branch",
    "destination": "target_branch",
}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update", "request_review")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[PullRequest]:
    """Read a pull request: GET /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}."""
    workspace, repo_slug, pull_request_id = input_validation.parts(
        PATTERN_WORKSPACE_REPO_SLUG_PULL_REQUEST_ID, id, "id"
    )
    response, raw = yield from fetch(
        GET_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS_PULL_REQUEST_ID,
        path=(workspace, repo_slug, input_validation.integer_id(pull_request_id, "id", "Bitbucket")),
        schema=types.PullRequestsObject4,
    )
    return read_pull_request(response, raw)


def create(ctx: Context, pull_request: PullRequestCreate) -> Steps[PullRequest]:
    """Open a pull request: POST /repositories/{workspace}/{repo_slug}/pullrequests."""
    workspace, repo_slug = input_validation.parts(
        PATTERN_WORKSPACE_REPO_SLUG_2, pull_request.repository_id, "repository_id"
    )
    body: dict[str, Any] = {
        "title": pull_request.title,
        "source": {"branch": {"name": pull_request.source_branch}},
        "destination": {"branch": {"name": pull_request.target_branch}},
    }
    if pull_request.description is not None:
        body["description"] = pull_request.description
    body = input_validation.merge(body, ctx.extra, "Bitbucket")

    def look() -> Steps[reconciliation.Found]:
        return (
            yield from reconciliation.look_up(
                GET_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS,
                path=(workspace, repo_slug),
                query={"state": ["OPEN", "MERGED", "DECLINED", "SUPERSEDED"], "pagelen": 50},
            )
        )

    response, raw = yield from reconciliation.send_once(
        fetch(
            POST_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS,
            path=(workspace, repo_slug),
            json=body,
            schema=types.PullRequestsObject4,
        ),
        look,
        schema=types.PullRequestsObject4,
        raw=True,
        items=("values",),
        where=(
            (("title",), pull_request.title),
            (("source", "branch", "name"), pull_request.source_branch),
            (("destination", "branch", "name"), pull_request.target_branch),
        ),
        created_at=("created_on",),
    )
    return read_pull_request(response, raw)


def update(ctx: Context, id: str, pull_request: PullRequestUpdate) -> Steps[PullRequest]:
    """Change a pull request's title, description or target branch: PUT /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}."""
    given = input_validation.changes(pull_request, ctx.extra, "Bitbucket")
    input_validation.reject_clearing(pull_request, given, UPDATE_NEVER_CLEARED, "Bitbucket")
    workspace, repo_slug, pull_request_id = input_validation.parts(
        PATTERN_WORKSPACE_REPO_SLUG_PULL_REQUEST_ID, id, "id"
    )
    body: dict[str, Any] = {}
    if pull_request.title is not None:
        body["title"] = pull_request.title
    if "description" in given:
        body["description"] = "" if pull_request.description is None else pull_request.description
    if pull_request.target_branch is not None:
        body["destination"] = {"branch": {"name": pull_request.target_branch}}
    body = input_validation.merge(body, ctx.extra, "Bitbucket")
    response, raw = yield from fetch(
        PUT_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS_PULL_REQUEST_ID,
        path=(workspace, repo_slug, input_validation.integer_id(pull_request_id, "id", "Bitbucket")),
        json=body,
        schema=types.PullRequestsObject4,
    )
    return read_pull_request(response, raw)


def list_(ctx: Context, filters: PullRequestFilters) -> Steps[Page[PullRequest]]:
    """List the pull requests of a repository.

    One of:
        GET /repositories/{workspace}/{repo_slug}/pullrequests
        GET /repositories/{workspace}/{repo_slug}/pullrequests
        GET /repositories/{workspace}/{repo_slug}/pullrequests
    """
    workspace, repo_slug = input_validation.parts(PATTERN_WORKSPACE_REPO_SLUG_2, filters.repository_id, "repository_id")
    if filters.status == "closed":
        response, raw = yield from fetch(
            GET_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS,
            path=(workspace, repo_slug),
            query=pagination.page_query(
                {"state": ["DECLINED", "SUPERSEDED"], "pagelen": input_validation.page_size(ctx.limit, 50)},
                ctx.cursor,
                "pagelen",
            ),
            url=pagination.next_page_url(ctx.cursor, ("page", "ctx", "pagelen")),
            schema=types.PaginatedPullrequests,
        )
        items = response.values or []
        records = [read_pull_request(each, raw.at("values", index)) for index, each in enumerate(items)]
        if filters.target_branch is not None:
            records = [each for each in records if each.target_branch == filters.target_branch]
        return Page(records, cursor=pagination.token(response.next))
    if filters.status is not None:
        response_2, raw = yield from fetch(
            GET_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS,
            path=(workspace, repo_slug),
            query=pagination.page_query(
                {"state": STATUS_WRITE[filters.status], "pagelen": input_validation.page_size(ctx.limit, 50)},
                ctx.cursor,
                "pagelen",
            ),
            url=pagination.next_page_url(ctx.cursor, ("page", "ctx", "pagelen")),
            schema=types.PaginatedPullrequests,
        )
        items_2 = response_2.values or []
        records = [read_pull_request(each, raw.at("values", index)) for index, each in enumerate(items_2)]
        if filters.target_branch is not None:
            records = [each for each in records if each.target_branch == filters.target_branch]
        return Page(records, cursor=pagination.token(response_2.next))
    response_3, raw = yield from fetch(
        GET_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS,
        path=(workspace, repo_slug),
        query=pagination.page_query(
            {
                "state": ["OPEN", "MERGED", "DECLINED", "SUPERSEDED"],
                "pagelen": input_validation.page_size(ctx.limit, 50),
            },
            ctx.cursor,
            "pagelen",
        ),
        url=pagination.next_page_url(ctx.cursor, ("page", "ctx", "pagelen")),
        schema=types.PaginatedPullrequests,
    )
    items_3 = response_3.values or []
    records = [read_pull_request(each, raw.at("values", index)) for index, each in enumerate(items_3)]
    if filters.target_branch is not None:
        records = [each for each in records if each.target_branch == filters.target_branch]
    return Page(records, cursor=pagination.token(response_3.next))


def merge(ctx: Context, id: str, pull_request: PullRequestMerge) -> Steps[None]:
    """Merge a pull request: POST /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/merge."""
    input_validation.reject_unsupported(pull_request, MERGE_UNSUPPORTED, "Bitbucket", clears=True)
    workspace, repo_slug, pull_request_id = input_validation.parts(
        PATTERN_WORKSPACE_REPO_SLUG_PULL_REQUEST_ID, id, "id"
    )
    body: dict[str, Any] = {}
    if pull_request.method is not None:
        body["merge_strategy"] = METHOD_WRITE[pull_request.method]
    yield from call(
        POST_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS_PULL_REQUEST_ID_MERGE,
        path=(workspace, repo_slug, input_validation.integer_id(pull_request_id, "id", "Bitbucket")),
        json=body,
    )


def close(ctx: Context, id: str, pull_request: PullRequestClose) -> Steps[None]:
    """Close a pull request without merging it: POST /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/decline."""
    workspace, repo_slug, pull_request_id = input_validation.parts(
        PATTERN_WORKSPACE_REPO_SLUG_PULL_REQUEST_ID, id, "id"
    )
    yield from call(
        POST_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS_PULL_REQUEST_ID_DECLINE,
        path=(workspace, repo_slug, input_validation.integer_id(pull_request_id, "id", "Bitbucket")),
    )


def request_review(ctx: Context, id: str, pull_request: PullRequestRequestReview) -> Steps[None]:
    """Request reviews of a pull request.

    In turn:
        GET /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}
        PUT /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}
    """
    workspace, repo_slug, pull_request_id = input_validation.parts(
        PATTERN_WORKSPACE_REPO_SLUG_PULL_REQUEST_ID, id, "id"
    )
    before = yield from call(
        GET_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS_PULL_REQUEST_ID,
        path=(workspace, repo_slug, input_validation.integer_id(pull_request_id, "id", "Bitbucket")),
        schema=types.PullRequestsObject5,
        save_as="before",
    )
    body: dict[str, Any] = {}
    if before.title is not None:
        body["title"] = before.title
    body = list_members.change(body, ("reviewers",), before.reviewers, ("uuid",), pull_request.reviewer_ids, None)
    yield from call(
        PUT_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS_PULL_REQUEST_ID,
        path=(workspace, repo_slug, input_validation.integer_id(pull_request_id, "id", "Bitbucket")),
        json=body,
    )


def read_pull_request(r: types.PullRequestsObject4, raw: Raw) -> PullRequest:
    """Read a unified PullRequest from a pullrequest of Bitbucket."""
    destination = r.destination or types.PullRequestsPullrequestEndpoint()
    repository = destination.repository or types.PullRequestsObject()
    workspace_repo_slug = PATTERN_WORKSPACE_REPO_SLUG.fullmatch(repository.full_name or "")
    workspace_repo_slug_2 = PATTERN_WORKSPACE_REPO_SLUG.fullmatch(repository.full_name or "")
    source = r.source or types.PullRequestsPullrequestEndpoint2()
    branch = source.branch or types.PullrequestEndpointBranch()
    branch_2 = destination.branch or types.PullrequestEndpointBranch()
    author = r.author or types.PullRequestsObject2()
    commit = source.commit or types.PullrequestEndpointCommit()
    links = r.links or types.ObjectLinks()
    html_2 = links.html or types.ObjectLinksHtml()
    values: PullRequestValues = {
        "id": responses.required(
            f"{(workspace_repo_slug and workspace_repo_slug['workspace'])}/{(workspace_repo_slug and workspace_repo_slug['repo_slug'])}#{r.id}"
            if (workspace_repo_slug and workspace_repo_slug["workspace"]) is not None
            and (workspace_repo_slug and workspace_repo_slug["repo_slug"]) is not None
            and r.id is not None
            else None,
            "id",
            "Bitbucket",
        ),
        "title": r.title,
        "description": r.description,
        "status": STATUS_READ.get(r.state),
        "draft": r.draft,
        "repository_id": f"{(workspace_repo_slug_2 and workspace_repo_slug_2['workspace'])}/{(workspace_repo_slug_2 and workspace_repo_slug_2['repo_slug'])}"
        if (workspace_repo_slug_2 and workspace_repo_slug_2["workspace"]) is not None
        and (workspace_repo_slug_2 and workspace_repo_slug_2["repo_slug"]) is not None
        else None,
        "source_branch": branch.name,
        "target_branch": branch_2.name,
        "author_id": author.uuid,
        "author_name": author.display_name,
        "assignee_ids": [],
        "reviewer_ids": [each.uuid for each in r.reviewers or () if each.uuid is not None],
        "labels": [],
        "head_commit": commit.hash,
        "mergeable": None,
        "url": html_2.href,
        "created_at": datetimes.decode(r.created_on) if r.created_on is not None else None,
        "updated_at": datetimes.decode(r.updated_on) if r.updated_on is not None else None,
        "merged_at": None,
    }
    return make_pull_request(values, raw)
