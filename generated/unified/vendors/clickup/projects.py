"""ClickUp projects, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from unified_runtime import Context, Endpoint, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.projects import Project, ProjectValues

GET_LIST = Endpoint("GetList", "GET", "/v2/list/{list_id}", Retry.SAFE)

make_project = record_factory(Project, "clickup", absent=("key",))

FIELDS: dict[str, str] = {"list_id": "id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {
    "list": "the lists of a Workspace are found space by space and folder by folder, a request for each"
}
"""Operations that this vendor does not support, with reasons."""


def get(ctx: Context, id: str) -> Steps[Project]:
    """Read a project: GET /v2/list/{list_id}."""
    response, raw = yield from fetch(
        GET_LIST, path=(input_validation.matching(id, "^[0-9]+$", "id", "ClickUp"),), schema=types.List
    )
    return read_project(ctx, response, raw)


def read_project(ctx: Context, r: types.List, raw: Raw) -> Project:
    """Read a unified Project from a List of ClickUp."""
    values: ProjectValues = {
        "id": responses.required(r.id, "id", "ClickUp"),
        "name": r.name,
        "key": None,
        "description": r.content,
        "archived": r.archived,
        "url": f"https://app.clickup.com/{ctx.connection['workspace']}/v/li/{r.id}" if r.id is not None else None,
    }
    return make_project(values, raw)
