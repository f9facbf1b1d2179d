"""Responses of Acme, limited to the fields that are read; each may be missing."""

from __future__ import annotations

from msgspec import Struct


class Task(Struct, frozen=True, gc=False):
    id: str | None = None
    name: str | None = None
    note: str | None = None
    state: str | None = None
    project: str | None = None
    assignees: list[str] | None = None
    due: str | None = None
    created: str | None = None


class Created(Struct, frozen=True, gc=False):
    id: str | None = None


class TaskPage(Struct, frozen=True, gc=False):
    items: list[Task] | None = None
    next: str | None = None
