"""GitHub branches, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import file_paths, input_validation, pagination, responses
from . import types
from ...models.branches import Branch, BranchCreate, BranchFilters, BranchValues

REPOS_GET_BRANCH = Endpoint("repos/get-branch", "GET", "/repos/{owner}/{repo}/branches/{branch}", Retry.SAFE)
REPOS_GET_COMMIT = Endpoint("repos/get-commit", "GET", "/repos/{owner}/{repo}/commits/{ref}", Retry.SAFE)
GIT_CREATE_REF = Endpoint("git/create-ref", "POST", "/repos/{owner}/{repo}/git/refs", Retry.NEVER)
REPOS_LIST_BRANCHES = Endpoint("repos/list-branches", "GET", "/repos/{owner}/{repo}/branches", Retry.SAFE)
GIT_DELETE_REF = Endpoint("git/delete-ref", "DELETE", "/repos/{owner}/{repo}/git/refs/{ref}", Retry.IDEMPOTENT)

make_branch = record_factory(Branch, "github")
PATTERN_OWNER_REPO_BRANCH = re.compile("([^/]+)/([^:]+):(.+)")
PATTERN_OWNER_REPO = re.compile("([^/]+)/(.+)")

FIELDS: dict[str, str] = {"ref": "source", "branch": "name"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("delete",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Branch]:
    """Read a branch: GET /repos/{owner}/{repo}/branches/{branch}."""
    owner, repo, branch_2 = input_validation.parts(PATTERN_OWNER_REPO_BRANCH, id, "id")
    response, raw = yield from fetch(REPOS_GET_BRANCH, path=(owner, repo, branch_2), schema=types.ShortBranch)
    return read_branch(response, raw, owner=owner, repo=repo)


def create(ctx: Context, branch: BranchCreate) -> Steps[Branch]:
    """Create a branch.

    In turn:
        GET /repos/{owner}/{repo}/commits/{ref}
        POST /repos/{owner}/{repo}/git/refs
        GET /repos/{owner}/{repo}/branches/{branch}
    """
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, branch.repository_id, "repository_id")
    start = yield from call(REPOS_GET_COMMIT, path=(owner, repo, branch.source), schema=types.Commit, save_as="start")
    body: dict[str, Any] = {"ref": f"refs/heads/{file_paths.segment(branch.name, 'name', 'GitHub')}"}
    if start.sha is not None:
        body["sha"] = start.sha
    yield from call(GIT_CREATE_REF, path=(owner, repo), json=body)
    response, raw = yield from fetch(REPOS_GET_BRANCH, path=(owner, repo, branch.name), schema=types.ShortBranch)
    return read_branch(response, raw, owner=owner, repo=repo)


def list_(ctx: Context, filters: BranchFilters) -> Steps[Page[Branch]]:
    """List the branches of a repository: GET /repos/{owner}/{repo}/branches."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, filters.repository_id, "repository_id")
    query: dict[str, Any] = {"per_page": input_validation.page_size(ctx.limit, 100)}
    query = input_validation.merge(query, ctx.extra, "GitHub")
    response, raw = yield from fetch(
        REPOS_LIST_BRANCHES,
        path=(owner, repo),
        query=pagination.page_query(query, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "after", "before", "per_page")),
        schema=list[types.ShortBranch],
    )
    records = [read_branch(each, raw.at(index), owner=owner, repo=repo) for index, each in enumerate(response)]
    return Page(records, cursor=pagination.link_header(raw))


def delete(ctx: Context, id: str) -> Steps[None]:
    """Delete a branch: DELETE /repos/{owner}/{repo}/git/refs/{ref}."""
    owner, repo, branch_2 = input_validation.parts(PATTERN_OWNER_REPO_BRANCH, id, "id")
    yield from call(GIT_DELETE_REF, path=(owner, repo, f"heads/{branch_2}"))


def read_branch(r: types.ShortBranch, raw: Raw, *, owner: str, repo: str) -> Branch:
    """Read a unified Branch from a short-branch of GitHub."""
    commit = r.commit or types.ShortBranchCommit()
    values: BranchValues = {
        "id": responses.required(f"{owner}/{repo}:{r.name}" if r.name is not None else None, "id", "GitHub"),
        "name": r.name,
        "repository_id": f"{owner}/{repo}",
        "commit": commit.sha,
        "protected": r.protected,
    }
    return make_branch(values, raw)
