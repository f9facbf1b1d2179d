"""The unified tasks: A piece of work. Written by `gen build`; do not edit."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Task(Record):
    """A piece of work."""

    id: str
    """The task's id."""
    title: str | None = None
    """What is to be done."""
    description: Annotated[str | None, Field(repr=False, exclude=True)] = None
    """More about it."""
    status: Literal["open", "done"] | None = None
    """How far it is."""
    status_label: str | None = None
    """The vendor's own value of status."""
    project_id: str | None = None
    """The project it belongs to."""
    assignee_ids: list[str] = []
    """Who works on it."""
    due_date: date | None = None
    """The day it is due."""
    created_at: AwareDatetime | None = None
    """When it was made."""


class TaskCreate(Input):
    """Create a task."""

    model_config = ConfigDict(
        extra="forbid",
    )
    title: Annotated[str, Field(min_length=1)]
    """What is to be done."""
    description: Annotated[str | None, Field(repr=False)] = None
    """More about it."""
    status: Literal["open", "done"] | None = None
    """How far it is."""
    project_id: Annotated[str, Field(min_length=1)]
    """The project it belongs to."""
    assignee_ids: list[str] | None = None
    """Who works on it."""
    due_date: date | None = None
    """The day it is due."""


class TaskFilters(Input):
    """List the tasks of a project."""

    model_config = ConfigDict(
        extra="forbid",
    )
    project_id: Annotated[str, Field(min_length=1)]
    """The project it belongs to."""
    status: Literal["open", "done"] | None = None
    """How far it is."""


class TaskUpdate(Input):
    """Change a task."""

    model_config = ConfigDict(
        extra="forbid",
    )
    title: Annotated[str | None, Field(min_length=1)] = None
    """What is to be done."""
    description: Annotated[str | None, Field(repr=False)] = None
    """More about it."""
    status: Literal["open", "done"] | None = None
    """How far it is."""
    project_id: Annotated[str | None, Field(min_length=1)] = None
    """The project it belongs to."""
    assignee_ids: list[str] | None = None
    """Who works on it."""
    due_date: date | None = None
    """The day it is due."""


if TYPE_CHECKING:

    class TaskValues(TypedDict):
        """Values of Task."""

        id: str
        title: str | None
        description: str | None
        status: Literal["open", "done"] | None
        status_label: str | None
        project_id: str | None
        assignee_ids: list[str]
        due_date: date | None
        created_at: AwareDatetime | None
else:
    TaskValues = dict
