"""The unified statuses: A state of tasks. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypedDict

from pydantic import ConfigDict
from unified_runtime.core.records import Input, Record


class Status(Record):
    """A state of tasks."""

    id: str
    """The status's id."""
    status: Literal["open", "done"] | None = None
    """What it means."""


class StatusFilters(Input):
    """List statuses."""

    model_config = ConfigDict(
        extra="forbid",
    )


if TYPE_CHECKING:

    class StatusValues(TypedDict):
        """Values of Status."""

        id: str
        status: Literal["open", "done"] | None
else:
    StatusValues = dict
