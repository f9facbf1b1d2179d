"""Facade of the sample vendor, in the shape of generated code."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from unified_runtime.client.operations import listing, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset

if TYPE_CHECKING:
    from tests.unit.runtime.acme.models import Task

VENDORS = {"acme": "tests.unit.runtime.acme.tasks", "other": "tests.unit.runtime.other.tasks"}
Status = Literal["open", "in_progress", "done", "canceled"]


@operation("tasks", "create", VENDORS, effect="write")
def create(
    *,
    title: str,
    description: str | None | Unset = UNSET,
    status: Status | None | Unset = UNSET,
    priority: str | None | Unset = UNSET,
    project_id: str | None | Unset = UNSET,
    due_date: date | str | None | Unset = UNSET,
    labels: list[str] | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Task]:
    """Create a task."""
    from tests.unit.runtime.acme.models import TaskCreate

    return Invocation(
        model=TaskCreate,
        given={
            "title": title,
            "description": description,
            "status": status,
            "priority": priority,
            "project_id": project_id,
            "due_date": due_date,
            "labels": labels,
        },
        via=via,
        extra=extra,
    )


@operation("tasks", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[Task]:
    """Get a task."""
    return Invocation(ids={"id": id}, via=via)


@operation("tasks", "delete", VENDORS, effect="destructive")
def delete(id: str, *, via: str | None = None) -> Invocation[None]:
    """Delete a task."""
    return Invocation(ids={"id": id}, via=via)


@operation("tasks", "archive", VENDORS, effect="write", like="delete")
def archive(id: str, *, via: str | None = None) -> Invocation[None]:
    """Archive a task."""
    return Invocation(ids={"id": id}, via=via)


@operation("tasks", "update", VENDORS, effect="write")
def update(
    id: str, *, title: str | None | Unset = UNSET, status: Status | None | Unset = UNSET, via: str | None = None, extra: Extra | None = None
) -> Invocation[Task]:
    """Update a task."""
    from tests.unit.runtime.acme.models import TaskUpdate

    return Invocation(ids={"id": id}, model=TaskUpdate, given={"title": title, "status": status}, via=via, extra=extra)


@listing("tasks", "list", VENDORS)
def list(
    *,
    project_id: str | Unset = UNSET,
    status: Status | Unset = UNSET,
    limit: int | None = None,
    cursor: str | None = None,
    via: str | None = None,
) -> Invocation[Task]:
    """List tasks."""
    from tests.unit.runtime.acme.models import TaskFilters

    return Invocation(model=TaskFilters, given={"project_id": project_id, "status": status}, limit=limit, cursor=cursor, via=via)
