"""Gitea branches, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.branches import Branch, BranchCreate, BranchFilters, BranchValues

REPO_GET_BRANCH = Endpoint("repoGetBranch", "GET", "/repos/{owner}/{repo}/branches/{branch}", Retry.SAFE)
REPO_CREATE_BRANCH = Endpoint("repoCreateBranch", "POST", "/repos/{owner}/{repo}/branches", Retry.NEVER)
REPO_LIST_BRANCHES = Endpoint("repoListBranches", "GET", "/repos/{owner}/{repo}/branches", Retry.SAFE)
REPO_DELETE_BRANCH = Endpoint("repoDeleteBranch", "DELETE", "/repos/{owner}/{repo}/branches/{branch}", Retry.IDEMPOTENT)

make_branch = record_factory(Branch, "gitea")
PATTERN_OWNER_REPO_BRANCH = re.compile("([^/]+)/([^:]+):(.+)")
PATTERN_OWNER_REPO = re.compile("([^/]+)/(.+)")

FIELDS: dict[str, str] = {"old_ref_name": "source", "new_branch_name": "name"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Branch]:
    """Read a branch: GET /repos/{owner}/{repo}/branches/{branch}."""
    owner, repo, branch_2 = input_validation.parts(PATTERN_OWNER_REPO_BRANCH, id, "id")
    response, raw = yield from fetch(REPO_GET_BRANCH, path=(owner, repo, branch_2), schema=types.Branch)
    return read_branch(response, raw, owner=owner, repo=repo)


def create(ctx: Context, branch: BranchCreate) -> Steps[Branch]:
    """Create a branch: POST /repos/{owner}/{repo}/branches."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, branch.repository_id, "repository_id")
    body: dict[str, Any] = {"old_ref_name": branch.source, "new_branch_name": branch.name}
    body = input_validation.merge(body, ctx.extra, "Gitea")
    response, raw = yield from fetch(REPO_CREATE_BRANCH, path=(owner, repo), json=body, schema=types.Branch)
    return read_branch(response, raw, owner=owner, repo=repo)


def list_(ctx: Context, filters: BranchFilters) -> Steps[Page[Branch]]:
    """List the branches of a repository: GET /repos/{owner}/{repo}/branches."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, filters.repository_id, "repository_id")
    response, raw = yield from fetch(
        REPO_LIST_BRANCHES,
        path=(owner, repo),
        query=pagination.page_query({"limit": input_validation.page_size(ctx.limit, 50)}, ctx.cursor, "limit"),
        url=pagination.next_page_url(ctx.cursor, ("page", "limit")),
        schema=list[types.Branch],
    )
    records = [read_branch(each, raw.at(index), owner=owner, repo=repo) for index, each in enumerate(response)]
    return Page(records, cursor=pagination.link_header(raw))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a branch: DELETE /repos/{owner}/{repo}/branches/{branch}."""
    owner, repo, branch_2 = input_validation.parts(PATTERN_OWNER_REPO_BRANCH, id, "id")
    yield from call(REPO_DELETE_BRANCH, path=(owner, repo, branch_2))


def read_branch(r: types.Branch, raw: Raw, *, owner: str, repo: str) -> Branch:
    """Read a unified Branch from a Branch of Gitea."""
    commit = r.commit or types.PayloadCommit()
    values: BranchValues = {
        "id": responses.required(f"{owner}/{repo}:{r.name}" if r.name is not None else None, "id", "Gitea"),
        "name": r.name,
        "repository_id": f"{owner}/{repo}",
        "commit": commit.id,
        "protected": r.protected,
    }
    return make_branch(values, raw)
