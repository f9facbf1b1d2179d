"""GitHub projects, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

import re
from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.projects import (
    Project,
    ProjectArchive,
    ProjectCreate,
    ProjectFilters,
    ProjectUnarchive,
    ProjectUpdate,
    ProjectValues,
)

REPOS_GET = Endpoint("repos/get", "GET", "/repos/{owner}/{repo}", Retry.SAFE)
REPOS_CREATE_IN_ORG = Endpoint("repos/create-in-org", "POST", "/orgs/{org}/repos", Retry.NEVER)
REPOS_CREATE_FOR_AUTHENTICATED_USER = Endpoint(
    "repos/create-for-authenticated-user", "POST", "/user/repos", Retry.NEVER
)
REPOS_UPDATE = Endpoint("repos/update", "PATCH", "/repos/{owner}/{repo}", Retry.NEVER)
REPOS_LIST_FOR_AUTHENTICATED_USER = Endpoint("repos/list-for-authenticated-user", "GET", "/user/repos", Retry.SAFE)

PATTERN_OWNER_REPO = re.compile("(?P<owner>[^/]+)/(?P<repo>[^/]+)")
make_project = record_factory(Project, "github")
PATTERN_OWNER_REPO_2 = re.compile("([^/]+)/(.+)")
CREATE_UNSUPPORTED = {"key": "GitHub forms the key of a repository from its owner and name"}
UPDATE_NEVER_CLEARED = ("name",)

FIELDS: dict[str, str] = {"org": "parent_id", "name": "name", "description": "description"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

MOVES = True
"""A moved record is returned under an id with another prefix."""


def get(ctx: Context, id: str) -> Steps[Project]:
    """Read a project: GET /repos/{owner}/{repo}."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO_2, id, "id")
    response, raw = yield from fetch(REPOS_GET, path=(owner, repo), schema=types.Repository)
    return read_project(response, raw)


def create(ctx: Context, project: ProjectCreate) -> Steps[Project]:
    """Create a project.

    One of:
        POST /orgs/{org}/repos
        POST /user/repos
    """
    input_validation.reject_unsupported(project, CREATE_UNSUPPORTED, "GitHub")
    if project.parent_id is not None:
        body: dict[str, Any] = {"name": project.name}
        if project.description is not None:
            body["description"] = project.description
        body = input_validation.merge(body, ctx.extra, "GitHub")
        body = input_validation.default(body, {"private": True})
        response, raw = yield from fetch(
            REPOS_CREATE_IN_ORG, path=(project.parent_id,), json=body, schema=types.Repository
        )
        return read_project(response, raw)
    body_2: dict[str, Any] = {"name": project.name}
    if project.description is not None:
        body_2["description"] = project.description
    body_2 = input_validation.merge(body_2, ctx.extra, "GitHub")
    body_2 = input_validation.default(body_2, {"private": True})
    response_2, raw = yield from fetch(REPOS_CREATE_FOR_AUTHENTICATED_USER, json=body_2, schema=types.Repository)
    return read_project(response_2, raw)


def update(ctx: Context, id: str, project: ProjectUpdate) -> Steps[Project]:
    """Rename a project or change its description: PATCH /repos/{owner}/{repo}."""
    given = input_validation.changes(project, ctx.extra, "GitHub")
    input_validation.reject_clearing(project, given, UPDATE_NEVER_CLEARED, "GitHub")
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO_2, id, "id")
    body: dict[str, Any] = {}
    if project.name is not None:
        body["name"] = project.name
    if "description" in given:
        body["description"] = "" if project.description is None else project.description
    body = input_validation.merge(body, ctx.extra, "GitHub")
    response, raw = yield from fetch(REPOS_UPDATE, path=(owner, repo), json=body, schema=types.Repository)
    return read_project(response, raw)


def archive(ctx: Context, id: str, project: ProjectArchive) -> Steps[None]:
    """Archive a project; its tasks stay: PATCH /repos/{owner}/{repo}."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO_2, id, "id")
    body: dict[str, Any] = {"archived": True}
    yield from call(REPOS_UPDATE, path=(owner, repo), json=body)


def unarchive(ctx: Context, id: str, project: ProjectUnarchive) -> Steps[None]:
    """Restore an archived project: PATCH /repos/{owner}/{repo}."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO_2, id, "id")
    body: dict[str, Any] = {"archived": False}
    yield from call(REPOS_UPDATE, path=(owner, repo), json=body)


def list_(ctx: Context, filters: ProjectFilters) -> Steps[Page[Project]]:
    """List or search projects: GET /user/repos."""
    query: dict[str, Any] = {"per_page": input_validation.page_size(ctx.limit, 100)}
    query = input_validation.merge(query, ctx.extra, "GitHub")
    response, raw = yield from fetch(
        REPOS_LIST_FOR_AUTHENTICATED_USER,
        query=pagination.page_query(query, ctx.cursor, "per_page"),
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
    owner = r.owner or types.SimpleUser()
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
        "parent_id": owner.login,
        "archived": r.archived,
        "url": r.html_url,
    }
    return make_project(values, raw)
