"""Todoist statuses, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any

from unified.models.statuses import Status, StatusFilters, StatusValues
from unified.vendors.todoist import types
from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, answers, fetch, inputs, maker, paging

LIST_SECTIONS = Endpoint("listSections", "GET", "/sections", Retry.SAFE)

make_status = maker(Status, "todoist", absent=("status",))

FIELDS: dict[str, str] = {"project_id": "project_id"}
"""The vendor's names for what a caller gives, to tell its errors by."""

GAPS: dict[str, str] = {}
"""Operations this vendor does not offer, and why."""


def list_(ctx: Context, filters: StatusFilters) -> Steps[Page[Status]]:
    """List statuses: GET /sections."""
    project_id = inputs.require("project_id", filters.project_id, "Todoist")
    query: dict[str, Any] = {"project_id": project_id, "limit": inputs.page_size(ctx.limit, 200)}
    if ctx.cursor is not None:
        query["cursor"] = ctx.cursor
    answer, raw = yield from fetch(LIST_SECTIONS, query=query, reads=types.ListSectionsAnswer)
    items = answer.results or []
    records = [read_status(each, raw.at("results", index)) for index, each in enumerate(items)]
    return Page(records, cursor=paging.token(answer.next_cursor))


def read_status(r: types.Section, raw: Raw) -> Status:
    """Read a unified Status from a Section of Todoist."""
    values: StatusValues = {
        "id": answers.present(r.id, "id", "Todoist"),
        "name": r.name,
        "status": None,
    }
    return make_status(values, raw)
