"""GitLab repositories, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.repositories import Repository, RepositoryFilters, RepositoryValues

GET_API_V4_PROJECTS_ID = Endpoint("getApiV4ProjectsId", "GET", "/api/v4/projects/{id}", Retry.SAFE)
GET_API_V4_PROJECTS = Endpoint("getApiV4Projects", "GET", "/api/v4/projects", Retry.SAFE)

PRIVATE_READ: dict[Any, bool] = {"private": True, "internal": False, "public": False}
FORK_READ: dict[Any, bool] = {None: False}
make_repository = record_factory(Repository, "gitlab", absent=("language",))

FIELDS: dict[str, str] = {"id": "id", "search": "text"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Repository]:
    """Read a repository: GET /api/v4/projects/{id}."""
    response, raw = yield from fetch(
        GET_API_V4_PROJECTS_ID,
        path=(input_validation.integer_id(id, "id", "GitLab"),),
        schema=types.RepositoriesAPIEntitiesProject,
    )
    return read_repository(response, raw)


def list_(ctx: Context, filters: RepositoryFilters) -> Steps[Page[Repository]]:
    """List or search repositories: GET /api/v4/projects."""
    query: dict[str, Any] = {
        "membership": True,
        "search_namespaces": True,
        "per_page": input_validation.page_size(ctx.limit, 100),
    }
    if filters.text is not None:
        query["search"] = input_validation.at_least(filters.text, 1, "text", "GitLab")
    query = input_validation.merge(query, ctx.extra, "GitLab")
    response, raw = yield from fetch(
        GET_API_V4_PROJECTS,
        query=pagination.page_query(query, ctx.cursor, "per_page"),
        url=pagination.next_page_url(ctx.cursor, ("page", "per_page")),
        schema=list[types.RepositoriesAPIEntitiesProject],
    )
    records = [read_repository(each, raw.at(index)) for index, each in enumerate(response)]
    return Page(records, cursor=pagination.link_header(raw))


def read_repository(r: types.RepositoriesAPIEntitiesProject, raw: Raw) -> Repository:
    """Read a unified Repository from an API_Entities_Project of GitLab."""
    forked_from_project = r.forked_from_project or types.APIEntitiesProjectForkedFromProject()
    values: RepositoryValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "GitLab"),
        "name": r.name,
        "full_name": r.path_with_namespace,
        "description": r.description,
        "default_branch": r.default_branch,
        "private": PRIVATE_READ.get(r.visibility),
        "archived": r.archived,
        "fork": FORK_READ.get(forked_from_project.id, True),
        "language": None,
        "clone_url": r.http_url_to_repo,
        "url": r.web_url,
        "created_at": datetimes.decode(r.created_at) if r.created_at is not None else None,
        "updated_at": datetimes.decode(r.last_activity_at) if r.last_activity_at is not None else None,
    }
    return make_repository(values, raw)
