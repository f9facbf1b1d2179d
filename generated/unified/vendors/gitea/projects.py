"""Gitea projects, compiled from its mapping. Written by `gen build`; do not edit."""

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

REPO_GET = Endpoint("repoGet", "GET", "/repos/{owner}/{repo}", Retry.SAFE)
CREATE_ORG_REPO = Endpoint("createOrgRepo", "POST", "/orgs/{org}/repos", Retry.NEVER)
CREATE_CURRENT_USER_REPO = Endpoint("createCurrentUserRepo", "POST", "/user/repos", Retry.NEVER)
REPO_EDIT = Endpoint("repoEdit", "PATCH", "/repos/{owner}/{repo}", Retry.NEVER)
REPO_SEARCH = Endpoint("repoSearch", "GET", "/repos/search", Retry.SAFE)
USER_CURRENT_LIST_REPOS = Endpoint("userCurrentListRepos", "GET", "/user/repos", Retry.SAFE)

PATTERN_OWNER_REPO = re.compile("(?P<owner>[^/]+)/(?P<repo>[^/]+)")
make_project = record_factory(Project, "gitea")
PATTERN_OWNER_REPO_2 = re.compile("([^/]+)/(.+)")
CREATE_UNSUPPORTED = {"key": "Gitea forms the key of a repository from its owner and name"}
UPDATE_NEVER_CLEARED = ("name",)

FIELDS: dict[str, str] = {"org": "parent_id", "name": "name", "description": "description", "q": "text"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

MOVES = True
"""A moved record is returned under an id with another prefix."""


def get(ctx: Context, id: str) -> Steps[Project]:
    """Read a project: GET /repos/{owner}/{repo}."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO_2, id, "id")
    response, raw = yield from fetch(REPO_GET, path=(owner, repo), schema=types.Repository)
    return read_project(response, raw)


def create(ctx: Context, project: ProjectCreate) -> Steps[Project]:
    """Create a project.

    One of:
        POST /orgs/{org}/repos
        POST /user/repos
    """
    input_validation.reject_unsupported(project, CREATE_UNSUPPORTED, "Gitea")
    if project.parent_id is not None:
        body: dict[str, Any] = {"name": input_validation.matching(project.name, "^[A-Za-z0-9._-]+$", "name", "Gitea")}
        if project.description is not None:
            body["description"] = project.description
        body = input_validation.merge(body, ctx.extra, "Gitea")
        body = input_validation.default(body, {"private": True})
        response, raw = yield from fetch(CREATE_ORG_REPO, path=(project.parent_id,), json=body, schema=types.Repository)
        return read_project(response, raw)
    body_2: dict[str, Any] = {"name": input_validation.matching(project.name, "^[A-Za-z0-9._-]+$", "name", "Gitea")}
    if project.description is not None:
        body_2["description"] = project.description
    body_2 = input_validation.merge(body_2, ctx.extra, "Gitea")
    body_2 = input_validation.default(body_2, {"private": True})
    response_2, raw = yield from fetch(CREATE_CURRENT_USER_REPO, json=body_2, schema=types.Repository)
    return read_project(response_2, raw)


def update(ctx: Context, id: str, project: ProjectUpdate) -> Steps[Project]:
    """Rename a project or change its description: PATCH /repos/{owner}/{repo}."""
    given = input_validation.changes(project, ctx.extra, "Gitea")
    input_validation.reject_clearing(project, given, UPDATE_NEVER_CLEARED, "Gitea")
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO_2, id, "id")
    body: dict[str, Any] = {}
    if project.name is not None:
        body["name"] = input_validation.matching(project.name, "^[A-Za-z0-9._-]+$", "name", "Gitea")
    if "description" in given:
        body["description"] = "" if project.description is None else project.description
    body = input_validation.merge(body, ctx.extra, "Gitea")
    response, raw = yield from fetch(REPO_EDIT, path=(owner, repo), json=body, schema=types.Repository)
    return read_project(response, raw)


def archive(ctx: Context, id: str, project: ProjectArchive) -> Steps[None]:
    """Archive a project; its tasks stay: PATCH /repos/{owner}/{repo}."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO_2, id, "id")
    body: dict[str, Any] = {"archived": True}
    yield from call(REPO_EDIT, path=(owner, repo), json=body)


def unarchive(ctx: Context, id: str, project: ProjectUnarchive) -> Steps[None]:
    """Restore an archived project: PATCH /repos/{owner}/{repo}."""
    owner, repo = input_validation.parts(PATTERN_OWNER_REPO_2, id, "id")
    body: dict[str, Any] = {"archived": False}
    yield from call(REPO_EDIT, path=(owner, repo), json=body)


def list_(ctx: Context, filters: ProjectFilters) -> Steps[Page[Project]]:
    """List or search projects.

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
            schema=types.SearchResults,
        )
        items = response.data or []
        records = [read_project(each, raw.at("data", index)) for index, each in enumerate(items)]
        return Page(records, cursor=pagination.link_header(raw))
    response_2, raw = yield from fetch(
        USER_CURRENT_LIST_REPOS,
        query=pagination.page_query({"limit": input_validation.page_size(ctx.limit, 50)}, ctx.cursor, "limit"),
        url=pagination.next_page_url(ctx.cursor, ("page", "limit")),
        schema=list[types.Repository],
    )
    records = [read_project(each, raw.at(index)) for index, each in enumerate(response_2)]
    return Page(records, cursor=pagination.link_header(raw))


def read_project(r: types.Repository, raw: Raw) -> Project:
    """Read a unified Project from a Repository of Gitea."""
    owner_repo = PATTERN_OWNER_REPO.fullmatch(r.full_name or "")
    owner = r.owner or types.ProjectsUser()
    values: ProjectValues = {
        "id": responses.required(
            f"{(owner_repo and owner_repo['owner'])}/{(owner_repo and owner_repo['repo'])}"
            if (owner_repo and owner_repo["owner"]) is not None and (owner_repo and owner_repo["repo"]) is not None
            else None,
            "id",
            "Gitea",
        ),
        "name": r.name,
        "key": r.full_name,
        "description": r.description,
        "parent_id": owner.login,
        "archived": r.archived,
        "url": r.html_url,
    }
    return make_project(values, raw)
