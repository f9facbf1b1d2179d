"""Linear sprints, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from unified_runtime.adapter_api.codecs import date_in_datetime
from . import types
from ...models.sprints import Sprint, SprintFilters, SprintValues

CYCLES = Endpoint("cycles", "POST", "/#cycles", Retry.SAFE)

DONE_READ: dict[Any, bool] = {None: False}
make_sprint = record_factory(Sprint, "linear")
LIST_UNSUPPORTED = {"project_id": "Linear cycles belong to the team, not to a project"}
CYCLE_FIELDS = "\nfragment CycleFields on Cycle {\n  id\n  name\n  startsAt\n  endsAt\n  completedAt\n}"
CYCLES_QUERY = (
    "query cycles($after: String, $filter: CycleFilter, $first: Int, $includeArchived: Boolean, $orderBy: PaginationOrderBy) {\n"
    "  cycles(after: $after, filter: $filter, first: $first, includeArchived: $includeArchived, orderBy: $orderBy) {\n"
    "    nodes {\n"
    "      ...CycleFields\n"
    "    }\n"
    "    pageInfo {\n"
    "      hasNextPage\n"
    "      endCursor\n"
    "    }\n"
    "  }\n"
    "}"
) + CYCLE_FIELDS

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: SprintFilters) -> Steps[Page[Sprint]]:
    """List sprints: POST /#cycles."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Linear")
    body: dict[str, Any] = {
        "filter": {"team": {"id": {"eq": ctx.connection["team"]}}},
        "first": input_validation.page_size(ctx.limit, 250),
    }
    if ctx.cursor is not None:
        body["after"] = ctx.cursor
    body = input_validation.merge(body, ctx.extra, "Linear")
    response, raw = yield from fetch(
        CYCLES, json={"query": CYCLES_QUERY, "variables": body}, schema=types.CyclesResponse
    )
    data = response.data or types.CyclesResponseData()
    cycles = data.cycles or types.CycleConnection()
    items = cycles.nodes or []
    records = [read_sprint(each, raw.at("data", "cycles", "nodes", index)) for index, each in enumerate(items)]
    data_2 = response.data or types.CyclesResponseData()
    cycles_2 = data_2.cycles or types.CycleConnection()
    page_info = cycles_2.page_info or types.PageInfo()
    return Page(records, cursor=pagination.token(page_info.end_cursor) if page_info.has_next_page else None)


def read_sprint(r: types.Cycle, raw: Raw) -> Sprint:
    """Read a unified Sprint from a Cycle of Linear."""
    values: SprintValues = {
        "id": responses.required(r.id, "id", "Linear"),
        "name": r.name,
        "start_date": date_in_datetime.decode(r.starts_at) if r.starts_at is not None else None,
        "due_date": date_in_datetime.decode(r.ends_at) if r.ends_at is not None else None,
        "done": DONE_READ.get(r.completed_at, True),
    }
    return make_sprint(values, raw)
