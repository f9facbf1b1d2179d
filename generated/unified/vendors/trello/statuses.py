"""Trello statuses, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.statuses import Status, StatusFilters, StatusValues

GET_BOARDS_ID_LISTS = Endpoint("get-boards-id-lists", "GET", "/boards/{id}/lists", Retry.SAFE)

make_status = record_factory(Status, "trello", absent=("status",))
SELECT = "id,name"

FIELDS: dict[str, str] = {"id": "project_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: StatusFilters) -> Steps[Page[Status]]:
    """List statuses: GET /boards/{id}/lists."""
    project_id = input_validation.require("project_id", filters.project_id, "Trello")
    query: dict[str, Any] = {"filter": "open", "fields": SELECT}
    query = input_validation.merge(query, ctx.extra, "Trello")
    response, raw = yield from fetch(
        GET_BOARDS_ID_LISTS,
        path=(input_validation.matching(project_id, "^[0-9a-fA-F]{24}$", "project_id", "Trello"),),
        query=query,
        schema=list[types.TrelloList],
    )
    records = [read_status(each, raw.at(index)) for index, each in enumerate(response)]
    return Page(records)


def read_status(r: types.TrelloList, raw: Raw) -> Status:
    """Read a unified Status from a TrelloList of Trello."""
    values: StatusValues = {
        "id": responses.required(r.id, "id", "Trello"),
        "name": r.name,
        "status": None,
    }
    return make_status(values, raw)
