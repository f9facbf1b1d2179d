"""A piece of work. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Sequence

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from datetime import date
    from typing import Literal

    from .models.tasks import Task

VENDORS = VendorModules(__name__, ("acme",))
"""Module of each vendor's adapter, imported on first use."""


@operation("tasks", "create", VENDORS, effect="write")
def create(
    *,
    title: str,
    project_id: str,
    description: str | None | Unset = UNSET,
    status: Literal["open", "done"] | None | Unset = UNSET,
    assignee_ids: Sequence[str] | None | Unset = UNSET,
    due_date: date | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Task]:
    """Create a task.

    Args:
        title: What is to be done.
        project_id: The project it belongs to.
        description: More about it.
        status: How far it is.
        assignee_ids: Who works on it.
        due_date: The day it is due.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.tasks import TaskCreate

    return Invocation(
        model=TaskCreate,
        given={
            "title": title,
            "project_id": project_id,
            "description": description,
            "status": status,
            "assignee_ids": assignee_ids,
            "due_date": due_date,
        },
        secrets=("description",),
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("tasks", "get", VENDORS, effect="read")
def get(id: str, *, via: str | None = None) -> Invocation[Task]:
    """Read a task.

    Args:
        id: The task's id.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, via=via)


@listing("tasks", "list", VENDORS)
def list(
    *,
    project_id: str,
    status: Literal["open", "done"] | None | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Task]:
    """List the tasks of a project.

    Args:
        project_id: The project it belongs to.
        status: How far it is.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.tasks import TaskFilters

    return Invocation(
        model=TaskFilters,
        given={"project_id": project_id, "status": status},
        cursor=cursor,
        limit=limit,
        via=via,
        extra=extra,
    )


@operation("tasks", "update", VENDORS, effect="write")
def update(
    id: str,
    *,
    title: str | Unset = UNSET,
    description: str | None | Unset = UNSET,
    status: Literal["open", "done"] | None | Unset = UNSET,
    project_id: str | Unset = UNSET,
    assignee_ids: Sequence[str] | None | Unset = UNSET,
    due_date: date | None | Unset = UNSET,
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Task]:
    """Change a task.

    Args:
        id: The task's id.
        title: What is to be done.
        description: More about it.
        status: How far it is.
        project_id: The project it belongs to.
        assignee_ids: Who works on it.
        due_date: The day it is due.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.tasks import TaskUpdate

    return Invocation(
        model=TaskUpdate,
        given={
            "title": title,
            "description": description,
            "status": status,
            "project_id": project_id,
            "assignee_ids": assignee_ids,
            "due_date": due_date,
        },
        secrets=("description",),
        ids={"id": id},
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("tasks", "delete", VENDORS, effect="destructive")
def delete(
    id: str, *, via: str | None = None, extra: Extra | None = None, idempotency_key: str | None = None
) -> Invocation[None]:
    """Delete a task.

    Args:
        id: The task's id.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    return Invocation(ids={"id": id}, via=via, extra=extra, key=idempotency_key)


create_many = many(create)
"""`create` for many inputs; see `unified_runtime.client.operations.Many`."""


update_many = many(update)
"""`update` for many inputs; see `unified_runtime.client.operations.Many`."""


delete_many = many(delete)
"""`delete` for many inputs; see `unified_runtime.client.operations.Many`."""
