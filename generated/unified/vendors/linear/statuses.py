"""Linear statuses, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, pagination, responses
from . import types
from ...models.statuses import Status, StatusFilters, StatusValues

WORKFLOW_STATES = Endpoint("workflowStates", "POST", "/#workflowStates", Retry.SAFE)

STATUS_READ: dict[Any, Literal["open", "in_progress", "done", "canceled"]] = {
    "unstarted": "open",
    "backlog": "open",
    "triage": "open",
    "started": "in_progress",
    "completed": "done",
    "canceled": "canceled",
    "duplicate": "canceled",
}
make_status = record_factory(Status, "linear")
LIST_UNSUPPORTED = {"project_id": "Linear workflow states belong to the team, not to a project"}
WORKFLOW_STATE_FIELDS = "\nfragment WorkflowStateFields on WorkflowState {\n  id\n  name\n  type\n}"
WORKFLOW_STATES_QUERY = (
    "query workflowStates($after: String, $filter: WorkflowStateFilter, $first: Int, $includeArchived: Boolean, $orderBy: PaginationOrderBy) {\n"
    "  workflowStates(after: $after, filter: $filter, first: $first, includeArchived: $includeArchived, orderBy: $orderBy) {\n"
    "    nodes {\n"
    "      ...WorkflowStateFields\n"
    "    }\n"
    "    pageInfo {\n"
    "      hasNextPage\n"
    "      endCursor\n"
    "    }\n"
    "  }\n"
    "}"
) + WORKFLOW_STATE_FIELDS

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: StatusFilters) -> Steps[Page[Status]]:
    """List statuses: POST /#workflowStates."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Linear")
    body: dict[str, Any] = {
        "filter": {"team": {"id": {"eq": ctx.connection["team"]}}},
        "first": input_validation.page_size(ctx.limit, 250),
    }
    if ctx.cursor is not None:
        body["after"] = ctx.cursor
    body = input_validation.merge(body, ctx.extra, "Linear")
    response, raw = yield from fetch(
        WORKFLOW_STATES, json={"query": WORKFLOW_STATES_QUERY, "variables": body}, schema=types.WorkflowStatesResponse
    )
    data = response.data or types.WorkflowStatesResponseData()
    workflow_states = data.workflow_states or types.WorkflowStateConnection()
    items = workflow_states.nodes or []
    records = [read_status(each, raw.at("data", "workflowStates", "nodes", index)) for index, each in enumerate(items)]
    data_2 = response.data or types.WorkflowStatesResponseData()
    workflow_states_2 = data_2.workflow_states or types.WorkflowStateConnection()
    page_info = workflow_states_2.page_info or types.PageInfo()
    return Page(records, cursor=pagination.token(page_info.end_cursor) if page_info.has_next_page else None)


def read_status(r: types.WorkflowState, raw: Raw) -> Status:
    """Read a unified Status from a WorkflowState of Linear."""
    values: StatusValues = {
        "id": responses.required(r.id, "id", "Linear"),
        "name": r.name,
        "status": STATUS_READ.get(r.type),
    }
    return make_status(values, raw)
