"""Redmine statuses, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import input_validation, responses
from . import types
from ...models.statuses import Status, StatusFilters, StatusValues

GET_ISSUE_STATUSES = Endpoint("getIssueStatuses", "GET", "/issue_statuses.{format}", Retry.SAFE)

make_status = record_factory(Status, "redmine")
LIST_UNSUPPORTED = {"project_id": "Redmine workflows belong to trackers and roles, not to a project"}

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: StatusFilters) -> Steps[Page[Status]]:
    """List statuses: GET /issue_statuses.{format}."""
    input_validation.reject_unsupported(filters, LIST_UNSUPPORTED, "Redmine")
    response, raw = yield from fetch(GET_ISSUE_STATUSES, path=("json",), schema=types.GetIssueStatusesResponse)
    items = response.issue_statuses or []
    records = [read_status(each, raw.at("issue_statuses", index)) for index, each in enumerate(items)]
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


def read_status(r: types.IssueStatus, raw: Raw) -> Status:
    """Read a unified Status from an issue_status of Redmine."""
    values: StatusValues = {
        "id": responses.required(str(r.id) if r.id is not None else None, "id", "Redmine"),
        "name": r.name,
        "status": _read_status(r.name, r.is_closed),
    }
    return make_status(values, raw)
