"""Trello projects, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.projects import Project, ProjectFilters, ProjectValues

GET_BOARDS_ID = Endpoint("get-boards-id", "GET", "/boards/{id}", Retry.SAFE)
GET_MEMBERS_ID_BOARDS = Endpoint("get-members-id-boards", "GET", "/members/{id}/boards", Retry.SAFE)

make_project = record_factory(Project, "trello", absent=("key",))
SELECT = "id,name,desc,closed,url"

FIELDS: dict[str, str] = {"id": "id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Project]:
    """Read a project: GET /boards/{id}."""
    response, raw = yield from fetch(
        GET_BOARDS_ID,
        path=(input_validation.matching(id, "^[0-9a-fA-F]{24}$", "id", "Trello"),),
        query={"fields": SELECT},
        schema=types.Board,
    )
    return read_project(response, raw)


def list_(ctx: Context, filters: ProjectFilters) -> Steps[Page[Project]]:
    """List or search projects: GET /members/{id}/boards."""
    response, raw = yield from fetch(
        GET_MEMBERS_ID_BOARDS, path=("me",), query={"fields": SELECT}, schema=list[types.Board]
    )
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
        "archived": r.closed,
        "url": r.url,
    }
    return make_project(values, raw)
