"""Redmine transitions, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.transitions import Transition, TransitionFilters, TransitionValues

GET_ISSUE = Endpoint("getIssue", "GET", "/issues/{issue_id}.{format}", Retry.SAFE)

make_transition = record_factory(Transition, "redmine")

FIELDS: dict[str, str] = {"issue_id": "task_id"}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: TransitionFilters) -> Steps[Page[Transition]]:
    """List the steps a task may take: GET /issues/{issue_id}.{format}."""
    response, raw = yield from fetch(
        GET_ISSUE,
        path=(input_validation.integer_id(filters.task_id, "task_id", "Redmine"), "json"),
        query={"include": "allowed_statuses"},
        schema=types.TransitionsGetIssueResponse,
    )
    issue = response.issue or types.TransitionsIssue()
    items = issue.allowed_statuses or []
    records = [read_transition(each, raw.at("issue", "allowed_statuses", index)) for index, each in enumerate(items)]
    return Page(records)


def _read_status(name: Any, is_closed: Any) -> Literal["open", "in_progress", "done", "canceled"] | None:
    if (
        name in ("Rejected", "Abgewiesen", "Rejeté", "Rechazada", "Rifiutato", "Afgewezen", "Rejeitada")
        and is_closed is True
    ):
        return "canceled"
    if (
        name
        in ("In Progress", "In Bearbeitung", "En cours", "En curso", "In lavorazione", "In uitvoering", "Em andamento")
        and is_closed is False
    ):
        return "in_progress"
    if is_closed is True:
        return "done"
    if is_closed is False:
        return "open"
    return None


def read_transition(r: types.TransitionsIssueStatusSummary, raw: Raw) -> Transition:
    """Read a unified Transition from an issue_status.summary of Redmine."""
    values: TransitionValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Redmine"),
        "name": r.name,
        "status": _read_status(r.name, r.is_closed),
        "status_label": r.name,
    }
    return make_transition(values, raw)
