"""The unified statuses: A state that tasks can be in. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypedDict

from pydantic import ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Status(Record):
    """A state that tasks can be in."""

    id: str
    """The status's id."""
    name: str | None = None
    """The vendor's name for it."""
    status: Literal["open", "in_progress", "done", "canceled"] | None = None
    """What it means."""


class StatusFilters(Input):
    """List statuses."""

    model_config = ConfigDict(
        extra="forbid",
    )
    project_id: Annotated[str | None, Field(min_length=1)] = None
    """Of this project."""


if TYPE_CHECKING:

    class StatusValues(TypedDict):
        """Values of Status."""

        id: str
        name: str | None
        status: Literal["open", "in_progress", "done", "canceled"] | None
else:
    StatusValues = dict
