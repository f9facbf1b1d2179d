"""Acme statuses, compiled from its mapping. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import Any, Literal

from unified_runtime import Context, Endpoint, Page, Raw, Retry, Steps, fetch, record_factory
from unified_runtime.adapter_api import responses
from . import types
from ...models.statuses import Status, StatusFilters, StatusValues

LIST_STATES = Endpoint("listStates", "GET", "/states", Retry.SAFE)

STATUS_READ: dict[Any, Literal["open", "done"]] = {"active": "open", "finished": "done"}
make_status = record_factory(Status, "acme")

FIELDS: dict[str, str] = {}
"""The vendor's names of inputs, and their unified names, for error messages."""

UNSUPPORTED: dict[str, str] = {}
"""Operations that this vendor does not support, with reasons."""


def list_(ctx: Context, filters: StatusFilters) -> Steps[Page[Status]]:
    """List statuses: GET /states."""
    response, raw = yield from fetch(LIST_STATES, schema=list[types.Status])
    records = [read_status(each, raw.at(index)) for index, each in enumerate(response)]
    return Page(records)


def read_status(r: types.Status, raw: Raw) -> Status:
    """Read a unified Status from a Status of Acme."""
    values: StatusValues = {
        "id": responses.required(r.id, "id", "Acme"),
        "status": STATUS_READ.get(r.state),
    }
    return make_status(values, raw)
