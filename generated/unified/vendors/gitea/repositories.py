"""Gitea repositories, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.repositories import Repository, RepositoryFilters, RepositoryValues

REPO_GET = Endpoint("repoGet", "GET", "/repos/{owner}/{repo}", Retry.SAFE)
REPO_SEARCH = Endpoint("repoSearch", "GET", "/repos/search", Retry.SAFE)
USER_CURRENT_LIST_REPOS = Endpoint("userCurrentListRepos", "GET", "/user/repos", Retry.SAFE)

PATTERN_OWNER_REPO = re.compile("(?P<owner>[^/]+)/(?P<repo>[^/]+)")
make_repository = record_factory(Repository, "gitea")
PATTERN_OWNER_REPO_2 = re.compile("([^/]+)/(.+)")

FIELDS: dict[str, str] = {"q": "text"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Repository]:
    """Read a repository: GET /repos/{owner}/{repo}."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO_2, id, "id")
    response, raw = yield from fetch(REPO_GET, path=(owner, repo), schema=types.RepositoriesRepository)
    return read_repository(response, raw)


def list_(ctx: Context, filters: RepositoryFilters) -> Steps[Page[Repository]]:
    """List or search repositories.

    One of:
        GET /repos/search
        GET /user/repos
    """
    if filters.text is not None:
        response, raw = yield from fetch(
            REPO_SEARCH,
            query=pagination.page_query(
                {
                    "q": input_validation.at_least(filters.text, 1, "text", "Gitea"),
                    "limit": input_validation.page_size(ctx.limit, 50),
                },
                ctx.cursor,
                "limit",
            ),
            url=pagination.next_page_url(ctx.cursor, ("page", "limit")),
            schema=types.RepositoriesSearchResults,
        )
        items = response.data or []
        records = [read_repository(each, raw.at("data", index)) for index, each in enumerate(items)]
        return Page(records, cursor=pagination.link_header(raw))
    response_2, raw = yield from fetch(
        USER_CURRENT_LIST_REPOS,
        query=pagination.page_query({"limit": input_validation.page_size(ctx.limit, 50)}, ctx.cursor, "limit"),
        url=pagination.next_page_url(ctx.cursor, ("page", "limit")),
        schema=list[types.RepositoriesRepository],
    )
    records = [read_repository(each, raw.at(index)) for index, each in enumerate(response_2)]
    return Page(records, cursor=pagination.link_header(raw))


def read_repository(r: types.RepositoriesRepository, raw: Raw) -> Repository:
    """Read a unified Repository from a Repository of Gitea."""
    owner_repo = PATTERN_OWNER_REPO.fullmatch(r.full_name or "")
    values: RepositoryValues = {
        "id": responses.required(
            f"{(owner_repo and owner_repo['owner'])}/{(owner_repo and owner_repo['repo'])}"
            if (owner_repo and owner_repo["owner"]) is not None and (owner_repo and owner_repo["repo"]) is not None
            else None,
            "id",
            "Gitea",
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
