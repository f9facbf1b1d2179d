"""The unified task_types: A kind of task. Written by `gen build`; do not edit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypedDict

from pydantic import ConfigDict, Field
from unified_runtime.core.records import Input, Record


class TaskType(Record):
    """A kind of task."""

    id: str
    """The type's id."""
    name: str | None = None
    """Its name, as tasks have it."""
    statuses: Annotated[list[TypeStatus], Field(validate_default=True)] = []
    """The states of its tasks."""


class TaskTypeFilters(Input):
    """List the types of tasks."""

    model_config = ConfigDict(
        extra="forbid",
    )
    project_id: Annotated[str | None, Field(min_length=1)] = None
    """Of this project."""


class TypeStatus(Input):
    model_config = ConfigDict(
        extra="forbid",
    )
    id: str | None = None
    """The status's id."""
    name: str | None = None
    """The vendor's name for it."""
    status: Literal["open", "in_progress", "done", "canceled"] | None = None
    """What it means."""


if TYPE_CHECKING:

    class TaskTypeValues(TypedDict):
        """Values of TaskType."""

        id: str
        name: str | None
        statuses: Annotated[list[TypeStatus], Field(validate_default=True)]
else:
    TaskTypeValues = dict
