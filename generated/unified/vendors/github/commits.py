"""GitHub commits, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.commits import Commit, CommitFilters, CommitValues

REPOS_GET_COMMIT = Endpoint("repos/get-commit", "GET", "/repos/{owner}/{repo}/commits/{ref}", Retry.SAFE)
REPOS_LIST_COMMITS = Endpoint("repos/list-commits", "GET", "/repos/{owner}/{repo}/commits", Retry.SAFE)

make_commit = record_factory(Commit, "github")
PATTERN_OWNER_REPO_REF = re.compile("([^/]+)/([^@]+)@(.+)")
PATTERN_OWNER_REPO = re.compile("([^/]+)/(.+)")

FIELDS: dict[str, str] = {"sha": "ref", "path": "path", "since": "authored_after"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Commit]:
    """Read a commit: GET /repos/{owner}/{repo}/commits/{ref}."""
    owner, repo, ref = input_validation.parts(PATTERN_OWNER_REPO_REF, id, "id")
    response, raw = yield from fetch(REPOS_GET_COMMIT, path=(owner, repo, ref), schema=types.CommitsCommit)
    return read_commit(response, raw, owner=owner, repo=repo)


def list_(ctx: Context, filters: CommitFilters) -> Steps[Page[Commit]]:
    """List the commits of a repository, newest first: GET /repos/{owner}/{repo}/commits."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO, filters.repository_id, "repository_id")
    query: dict[str, Any] = {"per_page": input_validation.page_size(ctx.limit, 100)}
    if filters.ref is not None:
        query["sha"] = input_validation.at_least(filters.ref, 1, "ref", "GitHub")
    if filters.path is not None:
        query["path"] = input_validation.at_least(filters.path, 1, "path", "GitHub")
    if filters.authored_after is not None:
        query["since"] = datetimes.encode(filters.authored_after)
    query = input_validation.merge(query, ctx.extra, "GitHub")
    response, raw = yield from fetch(
        REPOS_LIST_COMMITS,
        path=(owner, repo),
        query=pagination.page_query(query, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "after", "before", "per_page")),
        schema=list[types.CommitsCommit],
    )
    records = [read_commit(each, raw.at(index), owner=owner, repo=repo) for index, each in enumerate(response)]
    return Page(records, cursor=pagination.link_header(raw))


def read_commit(r: types.CommitsCommit, raw: Raw, *, owner: str, repo: str) -> Commit:
    """Read a unified Commit from a commit of GitHub."""
    commit = r.commit or types.CommitCommit()
    author = commit.author or types.NullableGitUser()
    values: CommitValues = {
        "id": responses.required(f"{owner}/{repo}@{r.sha}" if r.sha is not None else None, "id", "GitHub"),
        "sha": r.sha,
        "message": commit.message,
        "repository_id": f"{owner}/{repo}",
        "author_name": author.name,
        "author_email": author.email,
        "authored_at": datetimes.decode(author.date) if author.date is not None else None,
        "url": r.html_url,
    }
    return make_commit(values, raw)
