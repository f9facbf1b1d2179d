"""Jira transitions, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import responses
from . import types
from ...models.transitions import Transition, TransitionFilters, TransitionValues

GET_TRANSITIONS = Endpoint("getTransitions", "GET", "/rest/api/3/issue/{issueIdOrKey}/transitions", Retry.SAFE)

STATUS_READ: dict[Any, Literal["open", "in_progress", "done", "canceled"]] = {
    "new": "open",
    "undefined": "open",
    "indeterminate": "in_progress",
    "done": "done",
}
make_transition = record_factory(Transition, "jira")

FIELDS: dict[str, str] = {"issueIdOrKey": "task_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: TransitionFilters) -> Steps[Page[Transition]]:
    """List the steps a task may take: GET /rest/api/3/issue/{issueIdOrKey}/transitions."""
    response, raw = yield from fetch(
        GET_TRANSITIONS, path=(filters.task_id,), query=ctx.extra or None, schema=types.TransitionsTransitions
    )
    items = response.transitions or []
    records = [read_transition(each, raw.at("transitions", index)) for index, each in enumerate(items)]
    return Page(records)


def read_transition(r: types.TransitionsIssueTransition, raw: Raw) -> Transition:
    """Read a unified Transition from an IssueTransition of Jira."""
    to = r.to or types.TransitionsStatusDetails()
    status_category = to.status_category or types.StatusCategory()
    values: TransitionValues = {
        "id": responses.required(r.id, "id", "Jira"),
        "name": r.name,
        "status": STATUS_READ.get(status_category.key),
        "status_label": to.name,
    }
    return make_transition(values, raw)
