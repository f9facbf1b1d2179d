"""GitLab branches, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.branches import Branch, BranchCreate, BranchFilters, BranchValues

GET_API_V4_PROJECTS_ID_REPOSITORY_BRANCHES_BRANCH = Endpoint(
    "getApiV4ProjectsIdRepositoryBranchesBranch",
    "GET",
    "/api/v4/projects/{id}/repository/branches/{branch}",
    Retry.SAFE,
)
POST_API_V4_PROJECTS_ID_REPOSITORY_BRANCHES = Endpoint(
    "postApiV4ProjectsIdRepositoryBranches", "POST", "/api/v4/projects/{id}/repository/branches", Retry.NEVER
)
GET_API_V4_PROJECTS_ID_REPOSITORY_BRANCHES = Endpoint(
    "getApiV4ProjectsIdRepositoryBranches", "GET", "/api/v4/projects/{id}/repository/branches", Retry.SAFE
)
DELETE_API_V4_PROJECTS_ID_REPOSITORY_BRANCHES_BRANCH = Endpoint(
    "deleteApiV4ProjectsIdRepositoryBranchesBranch",
    "DELETE",
    "/api/v4/projects/{id}/repository/branches/{branch}",
    Retry.IDEMPOTENT,
)

make_branch = record_factory(Branch, "gitlab")
PATTERN_ID_BRANCH = re.compile("([^:]+):(.+)")

FIELDS: dict[str, str] = {"id": "repository_id", "ref": "source", "branch": "name"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Branch]:
    """Read a branch: GET /api/v4/projects/{id}/repository/branches/{branch}."""
    id_, branch_2 = input_validation.parts(PATTERN_ID_BRANCH, id, "id")
    response, raw = yield from fetch(
        GET_API_V4_PROJECTS_ID_REPOSITORY_BRANCHES_BRANCH,
        path=(input_validation.integer_id(id_, "id", "GitLab"), branch_2),
        schema=types.APIEntitiesBranch,
    )
    return read_branch(response, raw, id_=id_)


def create(ctx: Context, branch: BranchCreate) -> Steps[Branch]:
    """Create a branch: POST /api/v4/projects/{id}/repository/branches."""
    query: dict[str, Any] = {
        "ref": input_validation.at_least(branch.source, 1, "source", "GitLab"),
        "branch": input_validation.at_least(branch.name, 1, "name", "GitLab"),
    }
    query = input_validation.merge(query, ctx.extra, "GitLab")
    response, raw = yield from fetch(
        POST_API_V4_PROJECTS_ID_REPOSITORY_BRANCHES,
        path=(input_validation.integer_id(branch.repository_id, "repository_id", "GitLab"),),
        query=query,
        schema=types.APIEntitiesBranch,
    )
    return read_branch(response, raw, id_=branch.repository_id)


def list_(ctx: Context, filters: BranchFilters) -> Steps[Page[Branch]]:
    """List the branches of a repository: GET /api/v4/projects/{id}/repository/branches."""
    query: dict[str, Any] = {"per_page": input_validation.page_size(ctx.limit, 100)}
    query = input_validation.merge(query, ctx.extra, "GitLab")
    response, raw = yield from fetch(
        GET_API_V4_PROJECTS_ID_REPOSITORY_BRANCHES,
        path=(input_validation.integer_id(filters.repository_id, "repository_id", "GitLab"),),
        query=pagination.page_query(query, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "per_page")),
        schema=list[types.APIEntitiesBranch],
    )
    records = [read_branch(each, raw.at(index), id_=filters.repository_id) for index, each in enumerate(response)]
    return Page(records, cursor=pagination.link_header(raw))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a branch: DELETE /api/v4/projects/{id}/repository/branches/{branch}."""
    id_, branch_2 = input_validation.parts(PATTERN_ID_BRANCH, id, "id")
    yield from call(
        DELETE_API_V4_PROJECTS_ID_REPOSITORY_BRANCHES_BRANCH,
        path=(input_validation.integer_id(id_, "id", "GitLab"), branch_2),
    )


def read_branch(r: types.APIEntitiesBranch, raw: Raw, *, id_: str) -> Branch:
    """Read a unified Branch from an API_Entities_Branch of GitLab."""
    commit = r.commit or types.APIEntitiesCommit()
    values: BranchValues = {
        "id": responses.required(f"{id_}:{r.name}" if r.name is not None else None, "id", "GitLab"),
        "name": r.name,
        "repository_id": f"{id_}",
        "commit": commit.id,
        "protected": r.protected,
    }
    return make_branch(values, raw)
