"""The unified tasks: A piece of work in a project. Written by `gen build`; do not edit."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, ConfigDict, Field, RootModel
from unified_runtime.records import Input, Record


class AssigneeId(RootModel[str]):
    root: Annotated[str, Field(min_length=1)]


class AssigneeId1(RootModel[str]):
    root: Annotated[str, Field(min_length=1)] = None
    """
    Assigned to this user.
    """


class AssigneeId2(RootModel[str]):
    root: Annotated[str, Field(min_length=1)]


class Model(RootModel[Any]):
    root: Any


class ParentId(RootModel[str]):
    root: Annotated[str, Field(min_length=1)] = None
    """
    The task it is part of.
    """


class ProjectId(RootModel[str]):
    root: Annotated[str, Field(min_length=1)] = None
    """
    The project it belongs to.
    """


class ProjectId1(RootModel[str]):
    root: Annotated[str, Field(min_length=1)] = None
    """
    Of this project.
    """


class ProjectId2(RootModel[str]):
    root: Annotated[str, Field(min_length=1)] = None
    """
    The project it belongs to.
    """


class Task(Record):
    """
    A piece of work in a project.
    """

    id: str
    """
    The task's id.
    """
    title: str | None = None
    """
    What is to be done.
    """
    description: str | None = None
    """
    Details.
    """
    status: Literal["open", "in_progress", "done", "canceled"] | None = None
    """
    How far it is.
    """
    status_label: str | None = None
    """
    The vendor's own word for status.
    """
    priority: Literal["low", "medium", "high", "urgent"] | None = None
    """
    How pressing it is.
    """
    priority_label: str | None = None
    """
    The vendor's own word for priority.
    """
    type: str | None = None
    """
    The vendor's kind of task, such as Bug.
    """
    project_id: str | None = None
    """
    The project it belongs to.
    """
    parent_id: str | None = None
    """
    The task it is part of.
    """
    assignee_ids: list[str] | None = []
    """
    Who works on it.
    """
    creator_id: str | None = None
    """
    Who created it.
    """
    labels: list[str] | None = []
    """
    Its labels; a new list replaces the old.
    """
    start_date: date | None = None
    """
    First day of work.
    """
    due_date: date | None = None
    """
    Day it is due.
    """
    completed_at: AwareDatetime | None = None
    """
    When it was completed.
    """
    created_at: AwareDatetime | None = None
    """
    When it was created.
    """
    updated_at: AwareDatetime | None = None
    """
    When it last changed.
    """
    url: str | None = None
    """
    Its page for people.
    """


class TaskCreate(Input):
    """
    Create a task.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    title: Annotated[str, Field(min_length=1)]
    """
    What is to be done.
    """
    description: str | None = None
    """
    Details.
    """
    status: Literal["open", "in_progress", "done", "canceled"] | None = None
    """
    How far it is.
    """
    priority: Literal["low", "medium", "high", "urgent"] | None = None
    """
    How pressing it is.
    """
    type: str | None = None
    """
    The vendor's kind of task, such as Bug.
    """
    project_id: ProjectId | None = None
    """
    The project it belongs to.
    """
    parent_id: ParentId | None = None
    """
    The task it is part of.
    """
    assignee_ids: list[AssigneeId] | None = None
    """
    Who works on it.
    """
    labels: list[str] | None = None
    """
    Its labels; a new list replaces the old.
    """
    start_date: date | None = None
    """
    First day of work.
    """
    due_date: date | None = None
    """
    Day it is due.
    """


class TaskFilters(Input):
    """
    List or search tasks.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    project_id: ProjectId1 | None = None
    """
    Of this project.
    """
    status: Literal["open", "in_progress", "done", "canceled"] | None = None
    """
    With this status.
    """
    assignee_id: AssigneeId1 | None = None
    """
    Assigned to this user.
    """
    updated_after: AwareDatetime | None = None
    """
    Changed since then.
    """
    text: str | None = None
    """
    Containing this text.
    """


class TaskUpdate(Input):
    """
    Change the given fields of a task.
    """

    model_config = ConfigDict(
        extra="forbid",
    )
    title: Annotated[str | None, Field(min_length=1)] = None
    """
    What is to be done.
    """
    description: str | None = None
    """
    Details.
    """
    status: Literal["open", "in_progress", "done", "canceled"] | None = None
    """
    How far it is.
    """
    priority: Literal["low", "medium", "high", "urgent"] | None = None
    """
    How pressing it is.
    """
    type: str | None = None
    """
    The vendor's kind of task, such as Bug.
    """
    project_id: ProjectId2 | None = None
    """
    The project it belongs to.
    """
    parent_id: ParentId | None = None
    """
    The task it is part of.
    """
    assignee_ids: list[AssigneeId2] | None = None
    """
    Who works on it.
    """
    labels: list[str] | None = None
    """
    Its labels; a new list replaces the old.
    """
    start_date: date | None = None
    """
    First day of work.
    """
    due_date: date | None = None
    """
    Day it is due.
    """
