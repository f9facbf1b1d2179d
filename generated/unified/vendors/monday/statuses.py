"""monday statuses, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.statuses import Status, StatusFilters, StatusValues

BOARDS = Endpoint("boards", "POST", "/#boards", Retry.SAFE)

STATUS_READ: dict[Any, Literal["open", "in_progress", "done", "canceled"]] = {True: "done"}
make_status = record_factory(Status, "monday")
BOARDS_QUERY = (
    "query boards($board_kind: BoardKind, $hierarchy_types: [BoardHierarchy!], $ids: [ID!], $latest: Boolean, $order_by: BoardsOrderBy, $state: State, $workspace_ids: [ID], $columns_types: [ColumnType!]) {\n"
    "  boards(board_kind: $board_kind, hierarchy_types: $hierarchy_types, ids: $ids, latest: $latest, order_by: $order_by, state: $state, workspace_ids: $workspace_ids) {\n"
    "    columns(types: $columns_types) {\n"
    "      settings\n"
    "    }\n"
    "  }\n"
    "}"
)

FIELDS: dict[str, str] = {"ids": "project_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: StatusFilters) -> Steps[Page[Status]]:
    """List statuses: POST /#boards."""
    project_id = input_validation.require("project_id", filters.project_id, "monday")
    body: dict[str, Any] = {"ids": [project_id], "columns_types": ["status"]}
    body = input_validation.merge(body, ctx.extra, "monday")
    response, raw = yield from fetch(
        BOARDS, json={"query": BOARDS_QUERY, "variables": body}, schema=types.StatusesBoardsResponse
    )
    data = response.data or types.StatusesBoardsResponseData()
    first_boards = (data.boards or (None,))[0] or types.StatusesBoard()
    items = first_boards.columns or []
    records = [
        read_status(inner, raw.at("data", "boards", 0, "columns", index, "settings", "labels", position))
        for index, each in enumerate(items)
        for position, inner in enumerate((each.settings or types.JSON()).labels or ())
    ]
    return Page(records)


def read_status(r: types.ColumnSettingsLabels, raw: Raw) -> Status:
    """Read a unified Status from a Column.settings.labels[] of monday."""
    values: StatusValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "monday"),
        "name": r.label,
        "status": STATUS_READ.get(r.is_done, "open"),
    }
    return make_status(values, raw)
