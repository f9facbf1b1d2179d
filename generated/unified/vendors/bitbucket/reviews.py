"""Bitbucket reviews, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import element_pages, input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.reviews import Review, ReviewCreate, ReviewFilters, ReviewValues

POST_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS_PULL_REQUEST_ID_COMMENTS = Endpoint(
    "POST /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/comments",
    "POST",
    "/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/comments",
    Retry.NEVER,
)
POST_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS_PULL_REQUEST_ID_APPROVE = Endpoint(
    "POST /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/approve",
    "POST",
    "/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/approve",
    Retry.NEVER,
)
POST_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS_PULL_REQUEST_ID_REQUEST_CHANGES = Endpoint(
    "POST /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/request-changes",
    "POST",
    "/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/request-changes",
    Retry.NEVER,
)
GET_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS_PULL_REQUEST_ID = Endpoint(
    "GET /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}",
    "GET",
    "/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}",
    Retry.SAFE,
)
GET_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS_PULL_REQUEST_ID_COMMENTS = Endpoint(
    "GET /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/comments",
    "GET",
    "/repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/comments",
    Retry.SAFE,
)

make_review = record_factory(Review, "bitbucket", absent=("commit",))
PATTERN_WORKSPACE_REPO_SLUG_PULL_REQUEST_ID = re.compile("([^/]+)/([^\\#]+)\\#(.+)")

FIELDS: dict[str, str] = {"content.raw": "body", "content": "body", "raw": "body"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def create(ctx: Context, review: ReviewCreate) -> Steps[Review]:
    """Review a pull request.

    One of:
        POST /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/comments
        POST /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/comments, if needed, then POST /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/approve
        POST /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/comments, if needed, then POST /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/request-changes
    """
    workspace, repo_slug, pull_request_id = input_validation.parts(
        PATTERN_WORKSPACE_REPO_SLUG_PULL_REQUEST_ID, review.pull_request_id, "pull_request_id"
    )
    if review.decision == "comment":
        body: dict[str, Any] = {}
        if review.body is not None:
            body["content"] = {"raw": review.body}
        body = input_validation.merge(body, ctx.extra, "Bitbucket")
        response, raw = yield from fetch(
            POST_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS_PULL_REQUEST_ID_COMMENTS,
            path=(workspace, repo_slug, input_validation.integer_id(pull_request_id, "pull_request_id", "Bitbucket")),
            json=body,
            schema=types.ReviewsObject2,
        )
        return read_review(response, raw, workspace=workspace, repo_slug=repo_slug, pull_request_id=pull_request_id)
    if review.decision == "approve":
        if review.body is not None:
            body_2: dict[str, Any] = {"content": {"raw": review.body}}
            body_2 = input_validation.merge(body_2, ctx.extra, "Bitbucket")
            yield from call(
                POST_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS_PULL_REQUEST_ID_COMMENTS,
                path=(
                    workspace,
                    repo_slug,
                    input_validation.integer_id(pull_request_id, "pull_request_id", "Bitbucket"),
                ),
                json=body_2,
            )
        response_2, raw = yield from fetch(
            POST_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS_PULL_REQUEST_ID_APPROVE,
            path=(workspace, repo_slug, input_validation.integer_id(pull_request_id, "pull_request_id", "Bitbucket")),
            schema=types.ReviewsObject2,
        )
        return read_review(response_2, raw, workspace=workspace, repo_slug=repo_slug, pull_request_id=pull_request_id)
    if review.decision == "request_changes":
        if review.body is not None:
            body_3: dict[str, Any] = {"content": {"raw": review.body}}
            body_3 = input_validation.merge(body_3, ctx.extra, "Bitbucket")
            yield from call(
                POST_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS_PULL_REQUEST_ID_COMMENTS,
                path=(
                    workspace,
                    repo_slug,
                    input_validation.integer_id(pull_request_id, "pull_request_id", "Bitbucket"),
                ),
                json=body_3,
            )
        response_3, raw = yield from fetch(
            POST_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS_PULL_REQUEST_ID_REQUEST_CHANGES,
            path=(workspace, repo_slug, input_validation.integer_id(pull_request_id, "pull_request_id", "Bitbucket")),
            schema=types.ReviewsObject2,
        )
        return read_review(response_3, raw, workspace=workspace, repo_slug=repo_slug, pull_request_id=pull_request_id)
    raise input_validation.needs("decision", "Bitbucket")


def list_(ctx: Context, filters: ReviewFilters) -> Steps[Page[Review]]:
    """List the reviews of a pull request.

    In turn:
        GET /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}
        GET /repositories/{workspace}/{repo_slug}/pullrequests/{pull_request_id}/comments
    """
    workspace, repo_slug, pull_request_id = input_validation.parts(
        PATTERN_WORKSPACE_REPO_SLUG_PULL_REQUEST_ID, filters.pull_request_id, "pull_request_id"
    )
    elements, ctx = element_pages.enter(ctx)
    source = elements.pick(range(2), "source")
    if source == 0:
        response, raw = yield from fetch(
            GET_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS_PULL_REQUEST_ID,
            path=(workspace, repo_slug, input_validation.integer_id(pull_request_id, "pull_request_id", "Bitbucket")),
            schema=types.ReviewsObject3,
        )
        items = response.participants or []
        records = [
            read_review(
                each,
                raw.at("participants", index),
                workspace=workspace,
                repo_slug=repo_slug,
                pull_request_id=pull_request_id,
            )
            for index, each in enumerate(items)
            if _is_listed(each)
        ]
        return elements.page(Page(records))
    response_2, raw = yield from fetch(
        GET_REPOSITORIES_WORKSPACE_REPO_SLUG_PULLREQUESTS_PULL_REQUEST_ID_COMMENTS,
        path=(workspace, repo_slug, input_validation.integer_id(pull_request_id, "pull_request_id", "Bitbucket")),
        query=pagination.page_query({"pagelen": input_validation.page_size(ctx.limit, 100)}, ctx.cursor, "pagelen"),
        url=pagination.next_page_url(ctx.cursor, ("page", "ctx", "pagelen")),
        schema=types.PaginatedPullrequestComments,
    )
    items_2 = response_2.values or []
    records = [
        read_review(
            each, raw.at("values", index), workspace=workspace, repo_slug=repo_slug, pull_request_id=pull_request_id
        )
        for index, each in enumerate(items_2)
        if _is_listed_2(each)
    ]
    return elements.page(Page(records, cursor=pagination.token(response_2.next)))


def _read_verdict(
    type_: Any, state: Any
) -> Literal["approved", "changes_requested", "commented", "pending", "dismissed"] | None:
    if type_ == "pullrequest_comment":
        return "commented"
    if type_ == "participant" and state == "approved":
        return "approved"
    if type_ == "participant" and state == "changes_requested":
        return "changes_requested"
    if type_ == "participant" and state is None:
        return "pending"
    return None


def read_review(r: types.ReviewsObject2, raw: Raw, *, workspace: str, repo_slug: str, pull_request_id: str) -> Review:
    """Read a unified Review from a participant of Bitbucket."""
    user = r.user or types.ReviewsObject()
    content = r.content or types.ObjectContent()
    values: ReviewValues = {
        "id": responses.required((str(r.id) if r.id is not None else None) or user.uuid, "id", "Bitbucket"),
        "pull_request_id": f"{workspace}/{repo_slug}#{pull_request_id}",
        "verdict": _read_verdict(r.type, r.state),
        "body": content.raw,
        "author_id": user.uuid,
        "author_name": user.display_name,
        "commit": None,
        "submitted_at": (datetimes.decode(r.participated_on) if r.participated_on is not None else None)
        or (datetimes.decode(r.created_on) if r.created_on is not None else None),
    }
    return make_review(values, raw)


def _is_listed(r: types.ReviewsObject2) -> bool:
    return not ((r.role == "PARTICIPANT") and (r.state is None))


def _is_listed_2(r: types.ReviewsObject2) -> bool:
    return not r.deleted
