"""Gitea reviews, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.reviews import Review, ReviewCreate, ReviewFilters, ReviewValues

REPO_CREATE_PULL_REVIEW = Endpoint(
    "repoCreatePullReview", "POST", "/repos/{owner}/{repo}/pulls/{index}/reviews", Retry.NEVER
)
REPO_LIST_PULL_REVIEWS = Endpoint(
    "repoListPullReviews", "GET", "/repos/{owner}/{repo}/pulls/{index}/reviews", Retry.SAFE
)

PATTERN_OWNER_REPO_PULLS_INDEX = re.compile(".*/(?P<owner>[^/]+)/(?P<repo>[^/]+)/pulls/(?P<index>[^/]+)")
VERDICT_READ: dict[Any, Literal["approved", "changes_requested", "commented", "pending", "dismissed"]] = {
    "APPROVED": "approved",
    "REQUEST_CHANGES": "changes_requested",
    "COMMENT": "commented",
    "PENDING": "pending",
    "REQUEST_REVIEW": "pending",
    "": "pending",
}
make_review = record_factory(Review, "gitea")
PATTERN_OWNER_REPO_INDEX = re.compile("([^/]+)/([^\\#]+)\\#(.+)")
DECISION_WRITE: dict[Any, Any] = {"approve": "APPROVED", "request_changes": "REQUEST_CHANGES", "comment": "COMMENT"}

FIELDS: dict[str, str] = {"event": "decision", "body": "body"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def create(ctx: Context, review: ReviewCreate) -> Steps[Review]:
    """Review a pull request: POST /repos/{owner}/{repo}/pulls/{index}/reviews."""
    owner, repo, index_2 = input_validation.parts(PATTERN_OWNER_REPO_INDEX, review.pull_request_id, "pull_request_id")
    body: dict[str, Any] = {"event": DECISION_WRITE[review.decision]}
    if review.body is not None:
        body["body"] = review.body
    body = input_validation.merge(body, ctx.extra, "Gitea")
    response, raw = yield from fetch(
        REPO_CREATE_PULL_REVIEW,
        path=(owner, repo, input_validation.integer_id(index_2, "pull_request_id", "Gitea")),
        json=body,
        schema=types.PullReview,
    )
    return read_review(response, raw)


def list_(ctx: Context, filters: ReviewFilters) -> Steps[Page[Review]]:
    """List the reviews of a pull request: GET /repos/{owner}/{repo}/pulls/{index}/reviews."""
    owner, repo, index_2 = input_validation.parts(PATTERN_OWNER_REPO_INDEX, filters.pull_request_id, "pull_request_id")
    response, raw = yield from fetch(
        REPO_LIST_PULL_REVIEWS,
        path=(owner, repo, input_validation.integer_id(index_2, "pull_request_id", "Gitea")),
        query=pagination.page_query({"limit": input_validation.page_size(ctx.limit, 50)}, ctx.cursor, "limit"),
        url=pagination.next_page_url(ctx.cursor, ("page", "limit")),
        schema=list[types.PullReview],
    )
    records = [read_review(each, raw.at(index)) for index, each in enumerate(response)]
    return Page(records, cursor=pagination.link_header(raw))


def read_review(r: types.PullReview, raw: Raw) -> Review:
    """Read a unified Review from a PullReview of Gitea."""
    owner_repo_index = PATTERN_OWNER_REPO_PULLS_INDEX.fullmatch(r.pull_request_url or "")
    owner_repo_index_2 = PATTERN_OWNER_REPO_PULLS_INDEX.fullmatch(r.pull_request_url or "")
    user = r.user or types.User()
    values: ReviewValues = {
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
        "pull_request_id": f"{(owner_repo_index_2 and owner_repo_index_2['owner'])}/{(owner_repo_index_2 and owner_repo_index_2['repo'])}#{(owner_repo_index_2 and owner_repo_index_2['index'])}"
        if (owner_repo_index_2 and owner_repo_index_2["owner"]) is not None
        and (owner_repo_index_2 and owner_repo_index_2["repo"]) is not None
        and (owner_repo_index_2 and owner_repo_index_2["index"]) is not None
        else None,
        "verdict": VERDICT_READ.get(r.state),
        "body": r.body,
        "author_id": user.login,
        "author_name": user.full_name or user.login,
        "commit": r.commit_id,
        "submitted_at": datetimes.decode(r.submitted_at) if r.submitted_at is not None else None,
    }
    return make_review(values, raw)
