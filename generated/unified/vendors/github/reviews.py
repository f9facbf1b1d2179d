"""GitHub reviews, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.reviews import Review, ReviewCreate, ReviewFilters, ReviewValues

PULLS_CREATE_REVIEW = Endpoint(
    "pulls/create-review", "POST", "/repos/{owner}/{repo}/pulls/{pull_number}/reviews", Retry.NEVER
)
PULLS_LIST_REVIEWS = Endpoint(
    "pulls/list-reviews", "GET", "/repos/{owner}/{repo}/pulls/{pull_number}/reviews", Retry.SAFE
)

PATTERN_REPOS_OWNER_REPO_PULLS_PULL_NUMBER = re.compile(
    ".*/repos/(?P<owner>[^/]+)/(?P<repo>[^/]+)/pulls/(?P<pull_number>[^/]+)"
)
VERDICT_READ: dict[Any, Literal["approved", "changes_requested", "commented", "pending", "dismissed"]] = {
    "APPROVED": "approved",
    "CHANGES_REQUESTED": "changes_requested",
    "COMMENTED": "commented",
    "PENDING": "pending",
    "DISMISSED": "dismissed",
}
make_review = record_factory(Review, "github", absent=("author_name",))
PATTERN_OWNER_REPO_PULL_NUMBER = re.compile("([^/]+)/([^\\#]+)\\#(.+)")
DECISION_WRITE: dict[Any, Any] = {"approve": "APPROVE", "request_changes": "REQUEST_CHANGES", "comment": "COMMENT"}

FIELDS: dict[str, str] = {"event": "decision", "body": "body"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def create(ctx: Context, review: ReviewCreate) -> Steps[Review]:
    """Review a pull request: POST /repos/{owner}/{repo}/pulls/{pull_number}/reviews."""
    owner, repo, pull_number = input_validation.parts(
        PATTERN_OWNER_REPO_PULL_NUMBER, review.pull_request_id, "pull_request_id"
    )
    body: dict[str, Any] = {"event": DECISION_WRITE[review.decision]}
    if review.body is not None:
        body["body"] = review.body
    body = input_validation.merge(body, ctx.extra, "GitHub")
    response, raw = yield from fetch(
        PULLS_CREATE_REVIEW,
        path=(owner, repo, input_validation.integer_id(pull_number, "pull_request_id", "GitHub")),
        json=body,
        schema=types.PullRequestReview,
    )
    return read_review(response, raw)


def list_(ctx: Context, filters: ReviewFilters) -> Steps[Page[Review]]:
    """List the reviews of a pull request: GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews."""
    owner, repo, pull_number = input_validation.parts(
        PATTERN_OWNER_REPO_PULL_NUMBER, filters.pull_request_id, "pull_request_id"
    )
    response, raw = yield from fetch(
        PULLS_LIST_REVIEWS,
        path=(owner, repo, input_validation.integer_id(pull_number, "pull_request_id", "GitHub")),
        query=pagination.page_query({"per_page": input_validation.page_size(ctx.limit, 100)}, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "after", "before", "per_page")),
        schema=list[types.PullRequestReview],
    )
    records = [read_review(each, raw.at(index)) for index, each in enumerate(response)]
    return Page(records, cursor=pagination.link_header(raw))


def read_review(r: types.PullRequestReview, raw: Raw) -> Review:
    """Read a unified Review from a pull-request-review of GitHub."""
    owner_repo_pull_number = PATTERN_REPOS_OWNER_REPO_PULLS_PULL_NUMBER.fullmatch(r.pull_request_url or "")
    owner_repo_pull_number_2 = PATTERN_REPOS_OWNER_REPO_PULLS_PULL_NUMBER.fullmatch(r.pull_request_url or "")
    user = r.user or types.NullableSimpleUser()
    values: ReviewValues = {
        "id": responses.required(
            f"{(owner_repo_pull_number and owner_repo_pull_number['owner'])}/{(owner_repo_pull_number and owner_repo_pull_number['repo'])}#{(owner_repo_pull_number and owner_repo_pull_number['pull_number'])}:{r.id}"
            if (owner_repo_pull_number and owner_repo_pull_number["owner"]) is not None
            and (owner_repo_pull_number and owner_repo_pull_number["repo"]) is not None
            and (owner_repo_pull_number and owner_repo_pull_number["pull_number"]) is not None
            and r.id is not None
            else None,
            "id",
            "GitHub",
        ),
        "pull_request_id": f"{(owner_repo_pull_number_2 and owner_repo_pull_number_2['owner'])}/{(owner_repo_pull_number_2 and owner_repo_pull_number_2['repo'])}#{(owner_repo_pull_number_2 and owner_repo_pull_number_2['pull_number'])}"
        if (owner_repo_pull_number_2 and owner_repo_pull_number_2["owner"]) is not None
        and (owner_repo_pull_number_2 and owner_repo_pull_number_2["repo"]) is not None
        and (owner_repo_pull_number_2 and owner_repo_pull_number_2["pull_number"]) is not None
        else None,
        "verdict": VERDICT_READ.get(r.state),
        "body": r.body,
        "author_id": user.login,
        "author_name": None,
        "commit": r.commit_id,
        "submitted_at": datetimes.decode(r.submitted_at) if r.submitted_at is not None else None,
    }
    return make_review(values, raw)
