"""Bitbucket repositories, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import datetimes
from . import types
from ...models.repositories import Repository, RepositoryFilters, RepositoryValues

GET_REPOSITORIES_WORKSPACE_REPO_SLUG = Endpoint(
    "GET /repositories/{workspace}/{repo_slug}", "GET", "/repositories/{workspace}/{repo_slug}", Retry.SAFE
)
GET_REPOSITORIES_WORKSPACE = Endpoint("GET /repositories/{workspace}", "GET", "/repositories/{workspace}", Retry.SAFE)

PATTERN_WORKSPACE_REPO_SLUG = re.compile("(?P<workspace>[^/]+)/(?P<repo_slug>[^/]+)")
FORK_READ: dict[Any, bool] = {None: False}
make_repository = record_factory(Repository, "bitbucket", absent=("archived",))
PATTERN_WORKSPACE_REPO_SLUG_2 = re.compile("([^/]+)/(.+)")

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Repository]:
    """Read a repository: GET /repositories/{workspace}/{repo_slug}."""
    workspace, repo_slug = input_validation.parts(PATTERN_WORKSPACE_REPO_SLUG_2, id, "id")
    response, raw = yield from fetch(
        GET_REPOSITORIES_WORKSPACE_REPO_SLUG, path=(workspace, repo_slug), schema=types.RepositoriesObject2
    )
    return read_repository(response, raw)


def list_(ctx: Context, filters: RepositoryFilters) -> Steps[Page[Repository]]:
    """List or search repositories: GET /repositories/{workspace}."""
    query: dict[str, Any] = {"role": "member", "pagelen": input_validation.page_size(ctx.limit, 100)}
    query = input_validation.merge(query, ctx.extra, "Bitbucket")
    response, raw = yield from fetch(
        GET_REPOSITORIES_WORKSPACE,
        path=(ctx.connection["workspace_id"],),
        query=pagination.page_query(query, ctx.cursor, "pagelen"),
        url=pagination.next_page_url(ctx.cursor, ("page", "ctx", "pagelen")),
        schema=types.PaginatedRepositories,
    )
    items = response.values or []
    records = [read_repository(each, raw.at("values", index)) for index, each in enumerate(items)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.full_name or ''}".casefold()]
    return Page(records, cursor=pagination.token(response.next))


def read_repository(r: types.RepositoriesObject2, raw: Raw) -> Repository:
    """Read a unified Repository from a repository of Bitbucket."""
    workspace_repo_slug = PATTERN_WORKSPACE_REPO_SLUG.fullmatch(r.full_name or "")
    mainbranch = r.mainbranch or types.RepositoriesRef()
    parent = r.parent or types.RepositoriesObject()
    links = r.links or types.RepositoriesObjectLinks()
    first_clone = next((each for each in links.clone or () if each.name == "https"), None) or types.ObjectLinksClone()
    html_2 = links.html or types.ObjectLinksHtml()
    values: RepositoryValues = {
        "id": responses.required(
            f"{(workspace_repo_slug and workspace_repo_slug['workspace'])}/{(workspace_repo_slug and workspace_repo_slug['repo_slug'])}"
            if (workspace_repo_slug and workspace_repo_slug["workspace"]) is not None
            and (workspace_repo_slug and workspace_repo_slug["repo_slug"]) is not None
            else None,
            "id",
            "Bitbucket",
        ),
        "name": r.name,
        "full_name": r.full_name,
        "description": r.description,
        "default_branch": mainbranch.name,
        "private": r.is_private,
        "archived": None,
        "fork": FORK_READ.get(parent.uuid, True),
        "language": r.language,
        "clone_url": first_clone.href,
        "url": html_2.href,
        "created_at": datetimes.decode(r.created_on) if r.created_on is not None else None,
        "updated_at": datetimes.decode(r.updated_on) if r.updated_on is not None else None,
    }
    return make_repository(values, raw)
