"""The unified tasks: A piece of work in a project. Written by `gen build`; do not edit."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal, NotRequired, TypedDict

from pydantic import AwareDatetime, ConfigDict, Field
from unified_runtime.core.records import Input, Record


class Task(Record):
    """A piece of work in a project."""

    id: str
    """The task's id."""
    title: str | None = None
    """What is to be done."""
    description: str | None = None
    """Details."""
    status: Literal["open", "in_progress", "done", "canceled"] | None = None
    """How far it is."""
    status_label: str | None = None
    """The vendor's own value of status."""
    priority: Literal["low", "medium", "high", "urgent"] | None = None
    """How pressing it is."""
    priority_label: str | None = None
    """The vendor's own value of priority."""
    type: str | None = None
    """The vendor's kind of task, such as Bug."""
    project_id: str | None = None
    """The project it belongs to."""
    parent_id: str | None = None
    """The task it is part of."""
    column_id: str | None = None
    """The column, list or section of its project that it is in."""
    sprint_id: str | None = None
    """The sprint, cycle, version or milestone that it is planned for."""
    assignee_ids: list[str] = []
    """Who works on it."""
    creator_id: str | None = None
    """Who created it."""
    requester_id: str | None = None
    """The customer or colleague that it is for."""
    labels: list[str] = []
    """Its labels; a new list replaces the old."""
    start_date: date | None = None
    """First day of work."""
    due_date: date | None = None
    """Date it is due."""
    recurring: bool | None = None
    """Whether it repeats; when it is done, it is open again with its next date."""
    completed_at: AwareDatetime | None = None
    """When it was completed."""
    created_at: AwareDatetime | None = None
    """When it was created."""
    updated_at: AwareDatetime | None = None
    """When it last changed."""
    url: str | None = None
    """Its page for people."""


class TaskCreate(Input):
    """Create a task."""

    model_config = ConfigDict(
        extra="forbid",
    )
    title: Annotated[str, Field(min_length=1)]
    """What is to be done."""
    description: str | None = None
    """Details."""
    status: Literal["open", "in_progress", "done", "canceled"] | None = None
    """How far it is."""
    priority: Literal["low", "medium", "high", "urgent"] | None = None
    """How pressing it is."""
    type: str | None = None
    """The vendor's kind of task, such as Bug."""
    project_id: Annotated[str | None, Field(min_length=1)] = None
    """The project it belongs to."""
    parent_id: Annotated[str | None, Field(min_length=1)] = None
    """The task it is part of."""
    column_id: Annotated[str | None, Field(min_length=1)] = None
    """The column, list or section of its project that it is in."""
    sprint_id: Annotated[str | None, Field(min_length=1)] = None
    """The sprint, cycle, version or milestone that it is planned for."""
    assignee_ids: list[str] | None = None
    """Who works on it."""
    requester_id: Annotated[str | None, Field(min_length=1)] = None
    """The customer or colleague that it is for."""
    labels: list[str] | None = None
    """Its labels; a new list replaces the old."""
    start_date: date | None = None
    """First day of work."""
    due_date: date | None = None
    """Date it is due."""
    requester_email: str | None = None
    """The address of the customer that it is for: the vendor writes to it."""


class TaskFilters(Input):
    """List tasks."""

    model_config = ConfigDict(
        extra="forbid",
    )
    project_id: Annotated[str | None, Field(min_length=1)] = None
    """Of this project."""
    status: Literal["open", "in_progress", "done", "canceled"] | None = None
    """With this status."""
    assignee_id: Annotated[str | None, Field(min_length=1)] = None
    """Assigned to this user."""
    unassigned: bool | None = None
    """Assigned to no one."""
    updated_after: AwareDatetime | None = None
    """Changed since then."""
    created_after: AwareDatetime | None = None
    """Created since then."""
    due_after: date | None = None
    """Due on this day or later."""
    due_before: date | None = None
    """Due before this day."""
    label: str | None = None
    """With this label."""
    priority: Literal["low", "medium", "high", "urgent"] | None = None
    """With this priority."""
    type: str | None = None
    """Of this type."""
    parent_id: Annotated[str | None, Field(min_length=1)] = None
    """Part of this task."""
    text: str | None = None
    """Containing this text."""
    sort: Literal["created", "created_desc", "updated", "updated_desc", "due", "due_desc", "priority"] | None = None
    """The order: `due` is the earliest first, `priority` the most pressing."""


class TaskUpdate(Input):
    """Change a task."""

    model_config = ConfigDict(
        extra="forbid",
    )
    title: Annotated[str | None, Field(min_length=1)] = None
    """What is to be done."""
    description: str | None = None
    """Details."""
    status: Literal["open", "in_progress", "done", "canceled"] | None = None
    """How far it is."""
    priority: Literal["low", "medium", "high", "urgent"] | None = None
    """How pressing it is."""
    type: str | None = None
    """The vendor's kind of task, such as Bug."""
    project_id: Annotated[str | None, Field(min_length=1)] = None
    """The project it belongs to."""
    parent_id: Annotated[str | None, Field(min_length=1)] = None
    """The task it is part of."""
    column_id: Annotated[str | None, Field(min_length=1)] = None
    """The column, list or section of its project that it is in."""
    sprint_id: Annotated[str | None, Field(min_length=1)] = None
    """The sprint, cycle, version or milestone that it is planned for."""
    assignee_ids: list[str] | None = None
    """Who works on it."""
    requester_id: Annotated[str | None, Field(min_length=1)] = None
    """The customer or colleague that it is for."""
    labels: list[str] | None = None
    """Its labels; a new list replaces the old."""
    start_date: date | None = None
    """First day of work."""
    due_date: date | None = None
    """Date it is due."""
    status_name: str | None = None
    """Move it to the vendor's own status of this name, as in status_label."""
    add_labels: list[str] | None = None
    """Labels to add to the present ones."""
    remove_labels: list[str] | None = None
    """Labels to take off."""
    add_assignee_ids: list[str] | None = None
    """Users to assign in addition."""
    remove_assignee_ids: list[str] | None = None
    """Users to unassign."""
    append_description: str | None = None
    """Text to add at the end of the description, which stays as it is."""
    overwrite: bool | None = None
    """Replace the description although it holds what Markdown cannot, such as mentions and images."""


if TYPE_CHECKING:

    class TaskValues(TypedDict):
        """Values of Task."""

        id: str
        title: str | None
        description: NotRequired[str | None]
        status: Literal["open", "in_progress", "done", "canceled"] | None
        status_label: str | None
        priority: Literal["low", "medium", "high", "urgent"] | None
        priority_label: str | None
        type: str | None
        project_id: str | None
        parent_id: str | None
        column_id: str | None
        sprint_id: str | None
        assignee_ids: list[str]
        creator_id: str | None
        requester_id: str | None
        labels: list[str]
        start_date: date | None
        due_date: date | None
        recurring: bool | None
        completed_at: AwareDatetime | None
        created_at: AwareDatetime | None
        updated_at: AwareDatetime | None
        url: str | None
else:
    TaskValues = dict
