"""Unified models, as the compiler would generate them."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from unified_runtime import Input, Record


class Task(Record):
    id: str
    title: str | None = None
    status: Literal["open", "in_progress", "done", "canceled"] | None = None
    status_label: str | None = None


class TaskCreate(Input):
    title: str = Field(max_length=1000)
    description: str | None = None
    status: Literal["open", "in_progress", "done", "canceled"] | None = None
    priority: Literal["low", "medium", "high", "urgent"] | None = None
    project_id: str | None = None
    due_date: date | None = None
    labels: list[str] | None = None


class TaskUpdate(Input):
    title: str | None = None
    status: Literal["open", "in_progress", "done", "canceled"] | None = None


class TaskFilters(Input):
    project_id: str | None = None
    status: Literal["open", "in_progress", "done", "canceled"] | None = None
