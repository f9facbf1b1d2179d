"""Trello projects, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
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

GET_BOARDS_ID = Endpoint("get-boards-id", "GET", "/boards/{id}", Retry.SAFE)
POST_BOARDS = Endpoint("post-boards", "POST", "/boards/", Retry.NEVER)
PUT_BOARDS_ID = Endpoint("put-boards-id", "PUT", "/boards/{id}", Retry.IDEMPOTENT)
GET_MEMBERS_ID_BOARDS = Endpoint("get-members-id-boards", "GET", "/members/{id}/boards", Retry.SAFE)

make_project = record_factory(Project, "trello", absent=("key",))
SELECT = "id,name,desc,idOrganization,closed,url"
CREATE_UNSUPPORTED = {"key": "Trello boards have no short name"}
UPDATE_NEVER_CLEARED = ("name",)

FIELDS: dict[str, str] = {"id": "id", "name": "name", "desc": "description", "idOrganization": "parent_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update", "archive", "unarchive")
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Project]:
    """Read a project: GET /boards/{id}."""
    response, raw = yield from fetch(
        GET_BOARDS_ID,
        path=(input_validation.matching(id, "^[0-9a-fA-F]{24}$", "id", "Trello"),),
        query={"fields": SELECT},
        schema=types.Board,
    )
    return read_project(response, raw)


def create(ctx: Context, project: ProjectCreate) -> Steps[Project]:
    """Create a project: POST /boards/."""
    input_validation.reject_unsupported(project, CREATE_UNSUPPORTED, "Trello")
    query: dict[str, Any] = {
        "defaultLists": True,
        "name": input_validation.bounded(project.name, "name", "Trello", min_length=1, max_length=16384),
    }
    if project.description is not None:
        query["desc"] = input_validation.bounded(
            project.description, "description", "Trello", min_length=1, max_length=16384
        )
    if project.parent_id is not None:
        query["idOrganization"] = input_validation.matching(
            project.parent_id, "^[0-9a-fA-F]{24}$", "parent_id", "Trello"
        )
    query = input_validation.merge(query, ctx.extra, "Trello")
    response, raw = yield from fetch(POST_BOARDS, query=query, schema=types.Board)
    return read_project(response, raw)


def update(ctx: Context, id: str, project: ProjectUpdate) -> Steps[Project]:
    """Rename a project or change its description: PUT /boards/{id}."""
    given = input_validation.changes(project, ctx.extra, "Trello")
    input_validation.reject_clearing(project, given, UPDATE_NEVER_CLEARED, "Trello")
    query: dict[str, Any] = {}
    if project.name is not None:
        query["name"] = input_validation.at_least(project.name, 1, "name", "Trello")
    if "description" in given:
        query["desc"] = "" if project.description is None else project.description
    query = input_validation.merge(query, ctx.extra, "Trello")
    response, raw = yield from fetch(
        PUT_BOARDS_ID,
        path=(input_validation.matching(id, "^[0-9a-fA-F]{24}$", "id", "Trello"),),
        query=query,
        schema=types.Board,
    )
    return read_project(response, raw)


def archive(ctx: Context, id: str, project: ProjectArchive) -> Steps[None]:
    """Archive a project; its tasks stay: PUT /boards/{id}."""
    yield from call(
        PUT_BOARDS_ID,
        path=(input_validation.matching(id, "^[0-9a-fA-F]{24}$", "id", "Trello"),),
        query={"closed": True},
    )


def unarchive(ctx: Context, id: str, project: ProjectUnarchive) -> Steps[None]:
    """Restore an archived project: PUT /boards/{id}."""
    yield from call(
        PUT_BOARDS_ID,
        path=(input_validation.matching(id, "^[0-9a-fA-F]{24}$", "id", "Trello"),),
        query={"closed": False},
    )


def list_(ctx: Context, filters: ProjectFilters) -> Steps[Page[Project]]:
    """List or search projects: GET /members/{id}/boards."""
    query: dict[str, Any] = {"fields": SELECT}
    query = input_validation.merge(query, ctx.extra, "Trello")
    response, raw = yield from fetch(GET_MEMBERS_ID_BOARDS, path=("me",), query=query, schema=list[types.Board])
    records = [read_project(each, raw.at(index)) for index, each in enumerate(response)]
    if filters.text is not None:
        words = filters.text.casefold()
        records = [each for each in records if words in f"{each.name or ''} {each.key or ''}".casefold()]
    return Page(records)


def read_project(r: types.Board, raw: Raw) -> Project:
    """Read a unified Project from a Board of Trello."""
    values: ProjectValues = {
        "id": responses.required(r.id, "id", "Trello"),
        "name": r.name,
        "key": None,
        "description": r.desc,
        "parent_id": r.id_organization,
        "archived": r.closed,
        "url": r.url,
    }
    return make_project(values, raw)
