"""Bitbucket branches, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.branches import Branch, BranchCreate, BranchFilters, BranchValues

GET_REPOSITORIES_WORKSPACE_REPO_SLUG_REFS_BRANCHES_NAME = Endpoint(
    "GET /repositories/{workspace}/{repo_slug}/refs/branches/{name}",
    "GET",
    "/repositories/{workspace}/{repo_slug}/refs/branches/{name}",
    Retry.SAFE,
)
POST_REPOSITORIES_WORKSPACE_REPO_SLUG_REFS_BRANCHES = Endpoint(
    "POST /repositories/{workspace}/{repo_slug}/refs/branches",
    "POST",
    "/repositories/{workspace}/{repo_slug}/refs/branches",
    Retry.NEVER,
)
GET_REPOSITORIES_WORKSPACE_REPO_SLUG_REFS_BRANCHES = Endpoint(
    "GET /repositories/{workspace}/{repo_slug}/refs/branches",
    "GET",
    "/repositories/{workspace}/{repo_slug}/refs/branches",
    Retry.SAFE,
)
DELETE_REPOSITORIES_WORKSPACE_REPO_SLUG_REFS_BRANCHES_NAME = Endpoint(
    "DELETE /repositories/{workspace}/{repo_slug}/refs/branches/{name}",
    "DELETE",
    "/repositories/{workspace}/{repo_slug}/refs/branches/{name}",
    Retry.IDEMPOTENT,
)

make_branch = record_factory(Branch, "bitbucket", absent=("protected",))
PATTERN_WORKSPACE_REPO_SLUG_BRANCH = re.compile("([^/]+)/([^:]+):(.+)")
PATTERN_WORKSPACE_REPO_SLUG = re.compile("([^/]+)/(.+)")

FIELDS: dict[str, str] = {"target.hash": "source", "name": "name", "target": "source", "hash": "source"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Branch]:
    """Read a branch: GET /repositories/{workspace}/{repo_slug}/refs/branches/{name}."""
    workspace, repo_slug, branch_2 = input_validation.parts(PATTERN_WORKSPACE_REPO_SLUG_BRANCH, id, "id")
    response, raw = yield from fetch(
        GET_REPOSITORIES_WORKSPACE_REPO_SLUG_REFS_BRANCHES_NAME, path=(workspace, repo_slug, branch_2), schema=types.Ref
    )
    return read_branch(response, raw, workspace=workspace, repo_slug=repo_slug)


def create(ctx: Context, branch: BranchCreate) -> Steps[Branch]:
    """Create a branch: POST /repositories/{workspace}/{repo_slug}/refs/branches."""
    workspace, repo_slug = input_validation.parts(PATTERN_WORKSPACE_REPO_SLUG, branch.repository_id, "repository_id")
    body: dict[str, Any] = {"target": {"hash": branch.source}, "name": branch.name}
    body = input_validation.merge(body, ctx.extra, "Bitbucket")
    response, raw = yield from fetch(
        POST_REPOSITORIES_WORKSPACE_REPO_SLUG_REFS_BRANCHES, path=(workspace, repo_slug), json=body, schema=types.Ref
    )
    return read_branch(response, raw, workspace=workspace, repo_slug=repo_slug)


def list_(ctx: Context, filters: BranchFilters) -> Steps[Page[Branch]]:
    """List the branches of a repository: GET /repositories/{workspace}/{repo_slug}/refs/branches."""
    workspace, repo_slug = input_validation.parts(PATTERN_WORKSPACE_REPO_SLUG, filters.repository_id, "repository_id")
    query: dict[str, Any] = {"pagelen": input_validation.page_size(ctx.limit, 100)}
    query = input_validation.merge(query, ctx.extra, "Bitbucket")
    response, raw = yield from fetch(
        GET_REPOSITORIES_WORKSPACE_REPO_SLUG_REFS_BRANCHES,
        path=(workspace, repo_slug),
        query=pagination.page_query(query, ctx.cursor, "pagelen"),
        url=pagination.next_page_url(ctx.cursor, ("page", "ctx", "pagelen")),
        schema=types.PaginatedBranches,
    )
    items = response.values or []
    records = [
        read_branch(each, raw.at("values", index), workspace=workspace, repo_slug=repo_slug)
        for index, each in enumerate(items)
    ]
    return Page(records, cursor=pagination.token(response.next))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a branch: DELETE /repositories/{workspace}/{repo_slug}/refs/branches/{name}."""
    workspace, repo_slug, branch_2 = input_validation.parts(PATTERN_WORKSPACE_REPO_SLUG_BRANCH, id, "id")
    yield from call(DELETE_REPOSITORIES_WORKSPACE_REPO_SLUG_REFS_BRANCHES_NAME, path=(workspace, repo_slug, branch_2))


def read_branch(r: types.Ref, raw: Raw, *, workspace: str, repo_slug: str) -> Branch:
    """Read a unified Branch from a branch of Bitbucket."""
    target = r.target or types.Object()
    values: BranchValues = {
        "id": responses.required(
            f"{workspace}/{repo_slug}:{r.name}" if r.name is not None else None, "id", "Bitbucket"
        ),
        "name": r.name,
        "repository_id": f"{workspace}/{repo_slug}",
        "commit": target.hash,
        "protected": None,
    }
    return make_branch(values, raw)
