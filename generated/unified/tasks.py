"""A piece of work in a project. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from unified_runtime.client.operations import listing, many, operation
from unified_runtime.core.operations import UNSET, Extra, Invocation, Unset
from unified_runtime.core.vendor_modules import VendorModules

TYPE_CHECKING = False

if TYPE_CHECKING:
    from datetime import date, datetime
    from typing import Literal

    from .models.tasks import Task

VENDORS = VendorModules(
    __name__,
    (
        "asana",
        "clickup",
        "gitea",
        "github",
        "gitlab",
        "google-tasks",
        "jira",
        "linear",
        "monday",
        "redmine",
        "roundup",
        "todoist",
        "trello",
        "zendesk",
    ),
)
"""Module of each vendor's adapter, imported on first use."""


@operation("tasks", "create", VENDORS, effect="write")
def create(
    *,
    title: str,
    description: str | None | Unset = UNSET,
    status: Literal["open", "in_progress", "done", "canceled"] | None | Unset = UNSET,
    priority: Literal["low", "medium", "high", "urgent"] | None | Unset = UNSET,
    type: str | None | Unset = UNSET,
    project_id: str | None | Unset = UNSET,
    parent_id: str | None | Unset = UNSET,
    column_id: str | None | Unset = UNSET,
    sprint_id: str | None | Unset = UNSET,
    assignee_ids: Sequence[str] | None | Unset = UNSET,
    requester_id: str | None | Unset = UNSET,
    labels: Sequence[str] | None | Unset = UNSET,
    start_date: date | None | Unset = UNSET,
    due_date: date | None | Unset = UNSET,
    requester_email: str | None | Unset = UNSET,
    custom_fields: Mapping[str, object] | Sequence[str] = (),
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Task]:
    """Create a task.

    Args:
        title: What is to be done.
        description: Details.
        status: How far it is.
        priority: How pressing it is.
        type: The vendor's kind of task, such as Bug.
        project_id: The project it belongs to.
        parent_id: The task it is part of.
        column_id: The column, list or section of its project that it is in.
        sprint_id: The sprint, cycle, version or milestone that it is planned for.
        assignee_ids: Who works on it.
        requester_id: The customer or colleague that it is for.
        labels: Its labels; a new list replaces the old.
        start_date: First day of work.
        due_date: Date it is due.
        requester_email: The address of the customer that it is for: the vendor writes to it.
        custom_fields: Values of custom fields, or names of custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own fields, by vendor; checked against its schema.
        idempotency_key: The same call under the same key is made once; see `remember`.
    """
    from .models.tasks import TaskCreate

    return Invocation(
        model=TaskCreate,
        given={
            "title": title,
            "description": description,
            "status": status,
            "priority": priority,
            "type": type,
            "project_id": project_id,
            "parent_id": parent_id,
            "column_id": column_id,
            "sprint_id": sprint_id,
            "assignee_ids": assignee_ids,
            "requester_id": requester_id,
            "labels": labels,
            "start_date": start_date,
            "due_date": due_date,
            "requester_email": requester_email,
        },
        custom_fields=custom_fields,
        via=via,
        extra=extra,
        key=idempotency_key,
    )


@operation("tasks", "get", VENDORS, effect="read")
def get(id: str, *, custom_fields: Sequence[str] = (), via: str | None = None) -> Invocation[Task]:
    """Read a task.

    Args:
        id: The task's id.
        custom_fields: Custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
    """
    return Invocation(ids={"id": id}, custom_fields=custom_fields, via=via)


@listing("tasks", "list", VENDORS)
def list(
    *,
    project_id: str | None | Unset = UNSET,
    status: Literal["open", "in_progress", "done", "canceled"] | None | Unset = UNSET,
    assignee_id: str | None | Unset = UNSET,
    unassigned: bool | None | Unset = UNSET,
    updated_after: datetime | None | Unset = UNSET,
    created_after: datetime | None | Unset = UNSET,
    due_after: date | None | Unset = UNSET,
    due_before: date | None | Unset = UNSET,
    label: str | None | Unset = UNSET,
    priority: Literal["low", "medium", "high", "urgent"] | None | Unset = UNSET,
    type: str | None | Unset = UNSET,
    parent_id: str | None | Unset = UNSET,
    text: str | None | Unset = UNSET,
    sort: Literal["created", "created_desc", "updated", "updated_desc", "due", "due_desc", "priority"]
    | None
    | Unset = UNSET,
    cursor: str | None = None,
    limit: int | None = None,
    custom_fields: Sequence[str] = (),
    via: str | None = None,
    extra: Extra | None = None,
) -> Invocation[Task]:
    """List tasks.

    Args:
        project_id: Of this project.
        status: With this status.
        assignee_id: Assigned to this user.
        unassigned: Assigned to no one.
        updated_after: Changed since then.
        created_after: Created since then.
        due_after: Due on this day or later.
        due_before: Due before this day.
        label: With this label.
        priority: With this priority.
        type: Of this type.
        parent_id: Part of this task.
        text: Containing this text.
        sort: The order: `due` is the earliest first, `priority` the most pressing.
        cursor: Continue from this page's cursor.
        limit: Page size to request.
        custom_fields: Custom fields to read as well: by the names that `describe` returns.
        via: The vendor to use, if not the one that `acting` names.
        extra: The vendor's own parameters, by vendor; checked against its schema.
    """
    from .models.tasks import TaskFilters

    return Invocation(
        model=TaskFilters,
        given={
            "project_id": project_id,
            "status": status,
            "assignee_id": assignee_id,
            "unassigned": unassigned,
            "updated_after": updated_after,
            "created_after": created_after,
            "due_after": due_after,
            "due_before": due_before,
            "label": label,
            "priority": priority,
            "type": type,
            "parent_id": parent_id,
            "text": text,
            "sort": sort,
        },
        cursor=cursor,
        limit=limit,
        custom_fields=custom_fields,
        via=via,
        extra=extra,
    )


@operation("tasks", "update", VENDORS, effect="write")
def update(
    id: str,
    *,
    title: str | Unset = UNSET,
    description: str | None | Unset = UNSET,
    status: Literal["open", "in_progress", "done", "canceled"] | None | Unset = UNSET,
    priority: Literal["low", "medium", "high", "urgent"] | None | Unset = UNSET,
    type: str | None | Unset = UNSET,
    project_id: str | None | Unset = UNSET,
    parent_id: str | None | Unset = UNSET,
    column_id: str | None | Unset = UNSET,
    sprint_id: str | None | Unset = UNSET,
    assignee_ids: Sequence[str] | None | Unset = UNSET,
    requester_id: str | None | Unset = UNSET,
    labels: Sequence[str] | None | Unset = UNSET,
    start_date: date | None | Unset = UNSET,
    due_date: date | None | Unset = UNSET,
    status_name: str | None | Unset = UNSET,
    add_labels: Sequence[str] | None | Unset = UNSET,
    remove_labels: Sequence[str] | None | Unset = UNSET,
    add_assignee_ids: Sequence[str] | None | Unset = UNSET,
    remove_assignee_ids: Sequence[str] | None | Unset = UNSET,
    append_description: str | None | Unset = UNSET,
    overwrite: bool | None | Unset = UNSET,
    custom_fields: Mapping[str, object] | Sequence[str] = (),
    via: str | None = None,
    extra: Extra | None = None,
    idempotency_key: str | None = None,
) -> Invocation[Task]:
    """Change a task.

    Args:
        id: The task's id.
        title: What is to be done.
        description: Details.
        status: How far it is.
        priority: How pressing it is.
        type: The vendor's kind of task, such as Bug.
        project_id: The project it belongs to.
        parent_id: The task it is part of.
        column_id: The column, list or section of its project that it is in.
        sprint_id: The sprint, cycle, version or milestone that it is planned for.
        assignee_ids: Who works on it.
        requester_id: The customer or colleague that it is for.
        labels: Its labels; a new list replaces the old.
        start_date: First day of work.
        due_date: Date it is due.
        status_name: Move it to the vendor's own status of this name, as in status_label.
        add_labels: Labels to add to the present ones.
        remove_labels: Labels to take off.
        add_assignee_ids: Users to assign in addition.
        remove_assignee_ids: Users to unassign.
        append_description: Text to add at the end of the description, which stays as it is.
        overwrite: Replace the description although it holds what Markdown cannot, such as mentions and images.
        custom_fields: Values of custom fields, or names of custom fields to read as well: by the names that `describe` returns.
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
            "priority": priority,
            "type": type,
            "project_id": project_id,
            "parent_id": parent_id,
            "column_id": column_id,
            "sprint_id": sprint_id,
            "assignee_ids": assignee_ids,
            "requester_id": requester_id,
            "labels": labels,
            "start_date": start_date,
            "due_date": due_date,
            "status_name": UNSET if status_name is None else status_name,
            "add_labels": UNSET if add_labels is None else add_labels,
            "remove_labels": UNSET if remove_labels is None else remove_labels,
            "add_assignee_ids": UNSET if add_assignee_ids is None else add_assignee_ids,
            "remove_assignee_ids": UNSET if remove_assignee_ids is None else remove_assignee_ids,
            "append_description": UNSET if append_description is None else append_description,
            "overwrite": UNSET if overwrite is None else overwrite,
        },
        ids={"id": id},
        custom_fields=custom_fields,
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
