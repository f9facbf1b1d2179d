"""GitHub projects, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.projects import Project, ProjectFilters, ProjectValues

REPOS_GET = Endpoint("repos/get", "GET", "/repos/{owner}/{repo}", Retry.SAFE)
REPOS_LIST_FOR_AUTHENTICATED_USER = Endpoint("repos/list-for-authenticated-user", "GET", "/user/repos", Retry.SAFE)

PATTERN_OWNER_REPO = re.compile("(?P<owner>[^/]+)/(?P<repo>[^/]+)")
make_project = record_factory(Project, "github")
PATTERN_OWNER_REPO_2 = re.compile("([^/]+)/(.+)")

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Project]:
    """Read a project: GET /repos/{owner}/{repo}."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO_2, id, "id")
    response, raw = yield from fetch(REPOS_GET, path=(owner, repo), schema=types.Repository)
    return read_project(response, raw)


def list_(ctx: Context, filters: ProjectFilters) -> Steps[Page[Project]]:
    """List or search projects: GET /user/repos."""
    response, raw = yield from fetch(
        REPOS_LIST_FOR_AUTHENTICATED_USER,
        query=pagination.page_query({"per_page": input_validation.page_size(ctx.limit, 100)}, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "after", "before", "per_page")),
        schema=list[types.Repository],
    )
    records = [read_project(each, raw.at(index)) for index, each in enumerate(response)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.key or ''}".casefold()]
    return Page(records, cursor=pagination.link_header(raw))


def read_project(r: types.Repository, raw: Raw) -> Project:
    """Read a unified Project from a repository of GitHub."""
    owner_repo = PATTERN_OWNER_REPO.fullmatch(r.full_name or "")
    values: ProjectValues = {
        "id": responses.required(
            f"{(owner_repo and owner_repo['owner'])}/{(owner_repo and owner_repo['repo'])}"
            if (owner_repo and owner_repo["owner"]) is not None and (owner_repo and owner_repo["repo"]) is not None
            else None,
            "id",
            "GitHub",
        ),
        "name": r.name,
        "key": r.full_name,
        "description": r.description,
        "archived": r.archived,
        "url": r.html_url,
    }
    return make_project(values, raw)
