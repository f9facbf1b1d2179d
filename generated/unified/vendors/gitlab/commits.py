"""GitLab commits, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.commits import Commit, CommitFilters, CommitValues

GET_API_V4_PROJECTS_ID_REPOSITORY_COMMITS_SHA = Endpoint(
    "getApiV4ProjectsIdRepositoryCommitsSha", "GET", "/api/v4/projects/{id}/repository/commits/{sha}", Retry.SAFE
)
GET_API_V4_PROJECTS_ID_REPOSITORY_COMMITS = Endpoint(
    "getApiV4ProjectsIdRepositoryCommits", "GET", "/api/v4/projects/{id}/repository/commits", Retry.SAFE
)

make_commit = record_factory(Commit, "gitlab")
PATTERN_ID_SHA = re.compile("([^@]+)@(.+)")

FIELDS: dict[str, str] = {"id": "repository_id", "ref_name": "ref", "path": "path", "since": "authored_after"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Commit]:
    """Read a commit: GET /api/v4/projects/{id}/repository/commits/{sha}."""
    id_, sha = input_validation.parts(PATTERN_ID_SHA, id, "id")
    response, raw = yield from fetch(
        GET_API_V4_PROJECTS_ID_REPOSITORY_COMMITS_SHA,
        path=(input_validation.integer_id(id_, "id", "GitLab"), sha),
        schema=types.CommitsAPIEntitiesCommit,
    )
    return read_commit(response, raw, id_=id_)


def list_(ctx: Context, filters: CommitFilters) -> Steps[Page[Commit]]:
    """List the commits of a repository, newest first: GET /api/v4/projects/{id}/repository/commits."""
    query: dict[str, Any] = {"per_page": input_validation.page_size(ctx.limit, 100)}
    if filters.ref is not None:
        query["ref_name"] = input_validation.at_least(filters.ref, 1, "ref", "GitLab")
    if filters.path is not None:
        query["path"] = input_validation.at_least(filters.path, 1, "path", "GitLab")
    if filters.authored_after is not None:
        query["since"] = datetimes.encode(filters.authored_after)
    query = input_validation.merge(query, ctx.extra, "GitLab")
    response, raw = yield from fetch(
        GET_API_V4_PROJECTS_ID_REPOSITORY_COMMITS,
        path=(input_validation.integer_id(filters.repository_id, "repository_id", "GitLab"),),
        query=pagination.page_query(query, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "per_page")),
        schema=list[types.CommitsAPIEntitiesCommit],
    )
    records = [read_commit(each, raw.at(index), id_=filters.repository_id) for index, each in enumerate(response)]
    return Page(records, cursor=pagination.link_header(raw))


def read_commit(r: types.CommitsAPIEntitiesCommit, raw: Raw, *, id_: str) -> Commit:
    """Read a unified Commit from an API_Entities_Commit of GitLab."""
    values: CommitValues = {
        "id": responses.required(f"{id_}@{r.id}" if r.id is not None else None, "id", "GitLab"),
        "sha": r.id,
        "message": r.message,
        "repository_id": f"{id_}",
        "author_name": r.author_name,
        "author_email": r.author_email,
        "authored_at": datetimes.decode(r.authored_date) if r.authored_date is not None else None,
        "url": r.web_url,
    }
    return make_commit(values, raw)
