"""Responses of Google Tasks, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from msgspec import Struct, field


class TaskList(Struct, frozen=True, gc=False):
    id: str | None = None
    title: str | None = None


class TaskLists(Struct, frozen=True, gc=False):
    items: list[TaskList] | None = None
    next_page_token: str | None = field(name="nextPageToken", default=None)


class Task(Struct, frozen=True, gc=False):
    id: str | None = None
    title: str | None = None
    notes: str | None = None
    status: str | None = None
    parent: str | None = None
    due: str | None = None
    completed: str | None = None
    updated: str | None = None
    web_view_link: str | None = field(name="webViewLink", default=None)
    deleted: bool | None = None


class TasksTask(Struct, frozen=True, gc=False):
    pass


class TasksTask2(Struct, frozen=True, gc=False):
    notes: str | None = None
    deleted: bool | None = None


class TasksTask3(Struct, frozen=True, gc=False):
    deleted: bool | None = None


class Tasks(Struct, frozen=True, gc=False):
    items: list[Task] | None = None
    next_page_token: str | None = field(name="nextPageToken", default=None)
