"""Responses of Todoist, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from typing import Any

from msgspec import Struct


class Comment(Struct, frozen=True, gc=False):
    id: str | None = None
    item_id: str | None = None
    content: str | None = None
    posted_uid: str | None = None
    posted_at: str | None = None


class ListCommentsResponse(Struct, frozen=True, gc=False):
    results: list[Comment] | None = None
    next_cursor: str | None = None


class Project(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    description: str | None = None
    parent_id: str | None = None
    is_archived: bool | None = None


class ListProjectsResponse(Struct, frozen=True, gc=False):
    results: list[Project] | None = None
    next_cursor: str | None = None


class Section(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None


class ListSectionsResponse(Struct, frozen=True, gc=False):
    results: list[Section] | None = None
    next_cursor: str | None = None


class Due(Struct, frozen=True, gc=False):
    date: str | None = None
    is_recurring: bool | None = None


class Task(Struct, frozen=True, gc=False):
    id: str | None = None
    content: str | None = None
    description: str | None = None
    checked: bool | None = None
    priority: int | None = None
    project_id: str | None = None
    parent_id: str | None = None
    section_id: str | None = None
    responsible_uid: str | None = None
    added_by_uid: str | None = None
    labels: list[str] | None = None
    due: Due | None = None
    completed_at: str | None = None
    added_at: str | None = None
    updated_at: str | None = None


class TasksTask(Struct, frozen=True, gc=False):
    id: str | None = None


class TasksTask2(Struct, frozen=True, gc=False):
    labels: list[str] | None = None
    description: str | None = None


class TasksTask3(Struct, frozen=True, gc=False):
    due: Any = None


class ListTasksResponse(Struct, frozen=True, gc=False):
    results: list[Task] | None = None
    next_cursor: str | None = None


class User(Struct, frozen=True, gc=False):
    id: str | None = None
    full_name: str | None = None
    name: str | None = None
    email: str | None = None
    avatar_medium: str | None = None


class SyncResponse(Struct, frozen=True, gc=False):
    collaborators: list[User] | None = None


class ListProjectCollaboratorsResponse(Struct, frozen=True, gc=False):
    results: list[User] | None = None
    next_cursor: str | None = None
