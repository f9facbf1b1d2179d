"""ClickUp projects, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, CreatedRecord, Endpoint, Page, Raw, Retry, Steps, call, fetch, record_factory
from unified_runtime.adapter_api import element_pages, input_validation, responses
from . import types
from ...models.projects import Project, ProjectCreate, ProjectFilters, ProjectUpdate, ProjectValues

GET_LIST = Endpoint("GetList", "GET", "/v2/list/{list_id}", Retry.SAFE)
CREATE_FOLDERLESS_LIST = Endpoint("CreateFolderlessList", "POST", "/v2/space/{space_id}/list", Retry.NEVER)
UPDATE_LIST = Endpoint("UpdateList", "PUT", "/v2/list/{list_id}", Retry.IDEMPOTENT)
GET_SPACES = Endpoint("GetSpaces", "GET", "/v2/team/{team_id}/space", Retry.SAFE)
GET_FOLDERLESS_LISTS = Endpoint("GetFolderlessLists", "GET", "/v2/space/{space_id}/list", Retry.SAFE)
GET_FOLDERS = Endpoint("GetFolders", "GET", "/v2/space/{space_id}/folder", Retry.SAFE)
GET_LISTS = Endpoint("GetLists", "GET", "/v2/folder/{folder_id}/list", Retry.SAFE)

make_project = record_factory(Project, "clickup", absent=("key",))
CREATE_UNSUPPORTED = {"key": "ClickUp lists have no short name"}
UPDATE_NEVER_CLEARED = ("name",)
UPDATE_LIST_SENDS = frozenset(("description", "name"))

FIELDS: dict[str, str] = {"list_id": "id", "space_id": "parent_id", "name": "name", "content": "description"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {
    "archive": "the ClickUp API cannot archive lists; archive the list in ClickUp",
    "unarchive": "the ClickUp API cannot archive lists; archive the list in ClickUp",
}
"""Operations that this vendor does not support, with reasons."""

REPEATABLE: tuple[str, ...] = ("update",)
"""Writes whose requests may all be resent without a further effect."""


def get(ctx: Context, id: str) -> Steps[Project]:
    """Read a project: GET /v2/list/{list_id}."""
    response, raw = yield from fetch(
        GET_LIST, path=(input_validation.matching(id, "^[0-9]+$", "id", "ClickUp"),), schema=types.List
    )
    return read_project(ctx, response, raw)


def create(ctx: Context, project: ProjectCreate) -> Steps[Project]:
    """Create a project.

    In turn:
        POST /v2/space/{space_id}/list
        GET /v2/list/{list_id}
    """
    input_validation.reject_unsupported(project, CREATE_UNSUPPORTED, "ClickUp")
    parent_id = input_validation.require("parent_id", project.parent_id, "ClickUp")
    body: dict[str, Any] = {"name": project.name}
    if project.description is not None:
        body["content"] = project.description
    body = input_validation.merge(body, ctx.extra, "ClickUp")
    created = yield from call(
        CREATE_FOLDERLESS_LIST,
        path=(input_validation.integer_id(parent_id, "parent_id", "ClickUp"),),
        json=body,
        schema=types.CreatedResponse,
        save_as="created",
    )
    yield CreatedRecord(created.id)
    response, raw = yield from fetch(GET_LIST, path=(created.id,), schema=types.List)
    return read_project(ctx, response, raw)


def update(ctx: Context, id: str, project: ProjectUpdate) -> Steps[Project]:
    """Rename a project or change its description.

    In turn:
        GET /v2/list/{list_id}, if needed
        PUT /v2/list/{list_id}, if needed
        PUT /v2/list/{list_id}, if needed
        GET /v2/list/{list_id}
    """
    given = input_validation.changes(project, ctx.extra, "ClickUp")
    input_validation.reject_clearing(project, given, UPDATE_NEVER_CLEARED, "ClickUp")
    before: types.BeforeResponse | None = None
    if project.name is None:
        before = yield from call(
            GET_LIST,
            path=(input_validation.matching(id, "^[0-9]+$", "id", "ClickUp"),),
            schema=types.BeforeResponse,
            save_as="before",
        )
    if before is not None and given & UPDATE_LIST_SENDS:
        body: dict[str, Any] = {}
        if before.name is not None:
            body["name"] = before.name
        if "description" in given:
            body["content"] = "" if project.description is None else project.description
        body = input_validation.merge(body, ctx.extra, "ClickUp")
        yield from call(UPDATE_LIST, path=(input_validation.matching(id, "^[0-9]+$", "id", "ClickUp"),), json=body)
    if project.name is not None and (given & UPDATE_LIST_SENDS or ctx.extra):
        body_2: dict[str, Any] = {"name": project.name}
        if "description" in given:
            body_2["content"] = "" if project.description is None else project.description
        body_2 = input_validation.merge(body_2, ctx.extra, "ClickUp")
        yield from call(UPDATE_LIST, path=(input_validation.matching(id, "^[0-9]+$", "id", "ClickUp"),), json=body_2)
    response, raw = yield from fetch(
        GET_LIST, path=(input_validation.matching(id, "^[0-9]+$", "id", "ClickUp"),), schema=types.List
    )
    return read_project(ctx, response, raw)


def list_(ctx: Context, filters: ProjectFilters) -> Steps[Page[Project]]:
    """List or search projects.

    In turn:
        GET /v2/team/{team_id}/space, then GET /v2/space/{space_id}/list for each space
        GET /v2/team/{team_id}/space, then GET /v2/space/{space_id}/folder for each space, then GET /v2/folder/{folder_id}/list for each folder
    """
    elements, ctx = element_pages.enter(ctx)
    source = elements.pick(range(2), "source")
    if source == 0:
        space_response = yield from call(
            GET_SPACES, path=(ctx.connection["workspace"],), schema=types.SpaceResponse, save_as="space"
        )
        space = elements.pick(space_response.spaces, "space")
        if space is None:
            return elements.page(Page([]))
        response, raw = yield from fetch(
            GET_FOLDERLESS_LISTS, path=(space.id,), query=ctx.extra or None, schema=types.GetFolderlessListsResponse
        )
        items = response.lists or []
        records = [read_project(ctx, each, raw.at("lists", index)) for index, each in enumerate(items)]
        if filters.text is not None:
            words = filters.text.casefold()
            records = [each for each in records if words in f"{each.name or ''} {each.key or ''}".casefold()]
        return elements.page(Page(records))
    space_response_2 = yield from call(
        GET_SPACES, path=(ctx.connection["workspace"],), schema=types.SpaceResponse, save_as="space"
    )
    space_2 = elements.pick(space_response_2.spaces, "space")
    if space_2 is None:
        return elements.page(Page([]))
    folder_response = yield from call(GET_FOLDERS, path=(space_2.id,), schema=types.FolderResponse, save_as="folder")
    folder = elements.pick(folder_response.folders, "folder")
    if folder is None:
        return elements.page(Page([]))
    response_2, raw = yield from fetch(
        GET_LISTS, path=(folder.id,), query=ctx.extra or None, schema=types.GetListsResponse
    )
    items_2 = response_2.lists or []
    records = [read_project(ctx, each, raw.at("lists", index)) for index, each in enumerate(items_2)]
    if filters.text is not None:
        words_2 = filters.text.casefold()
        records = [each for each in records if words_2 in f"{each.name or ''} {each.key or ''}".casefold()]
    return elements.page(Page(records))


def read_project(ctx: Context, r: types.List, raw: Raw) -> Project:
    """Read a unified Project from a List of ClickUp."""
    space = r.space or types.ListSpace()
    values: ProjectValues = {
        "id": responses.required(r.id, "id", "ClickUp"),
        "name": r.name,
        "key": None,
        "description": r.content,
        "parent_id": space.id,
        "archived": r.archived,
        "url": f"https://app.clickup.com/{ctx.connection['workspace']}/v/li/{r.id}" if r.id is not None else None,
    }
    return make_project(values, raw)
