"""GitHub repositories, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.repositories import Repository, RepositoryFilters, RepositoryValues

REPOS_GET = Endpoint("repos/get", "GET", "/repos/{owner}/{repo}", Retry.SAFE)
REPOS_LIST_FOR_AUTHENTICATED_USER = Endpoint("repos/list-for-authenticated-user", "GET", "/user/repos", Retry.SAFE)

PATTERN_OWNER_REPO = re.compile("(?P<owner>[^/]+)/(?P<repo>[^/]+)")
make_repository = record_factory(Repository, "github")
PATTERN_OWNER_REPO_2 = re.compile("([^/]+)/(.+)")

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Repository]:
    """Read a repository: GET /repos/{owner}/{repo}."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO_2, id, "id")
    response, raw = yield from fetch(REPOS_GET, path=(owner, repo), schema=types.RepositoriesRepository)
    return read_repository(response, raw)


def list_(ctx: Context, filters: RepositoryFilters) -> Steps[Page[Repository]]:
    """List or search repositories: GET /user/repos."""
    query: dict[str, Any] = {"per_page": input_validation.page_size(ctx.limit, 100)}
    query = input_validation.merge(query, ctx.extra, "GitHub")
    response, raw = yield from fetch(
        REPOS_LIST_FOR_AUTHENTICATED_USER,
        query=pagination.page_query(query, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "after", "before", "per_page")),
        schema=list[types.RepositoriesRepository],
    )
    records = [read_repository(each, raw.at(index)) for index, each in enumerate(response)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.full_name or ''}".casefold()]
    return Page(records, cursor=pagination.link_header(raw))


def read_repository(r: types.RepositoriesRepository, raw: Raw) -> Repository:
    """Read a unified Repository from a repository of GitHub."""
    owner_repo = PATTERN_OWNER_REPO.fullmatch(r.full_name or "")
    values: RepositoryValues = {
        "id": responses.required(
            f"{(owner_repo and owner_repo['owner'])}/{(owner_repo and owner_repo['repo'])}"
            if (owner_repo and owner_repo["owner"]) is not None and (owner_repo and owner_repo["repo"]) is not None
            else None,
            "id",
            "GitHub",
        ),
        "name": r.name,
        "full_name": r.full_name,
        "description": r.description,
        "default_branch": r.default_branch,
        "private": r.private,
        "archived": r.archived,
        "fork": r.fork,
        "language": r.language,
        "clone_url": r.clone_url,
        "url": r.html_url,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
        "updated_at": datetimes.decode(r.updated_at) if r.updated_at is not None else None,
    }
    return make_repository(values, raw)
