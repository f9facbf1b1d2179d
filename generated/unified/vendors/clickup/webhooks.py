"""ClickUp: what it tells by itself. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_runtime import failures
from unified_runtime.webhooks import Event, Place, Proof, Webhooks, event


def read(kind: str | None, body: Any) -> Iterator[Event]:
    """The unified events that one of ClickUp's own tells."""
    if kind == "taskCreated":
        yield event("task.created", "tasks", "{}", failures.at(body, "task_id"))
    if kind in {
        "taskUpdated",
        "taskStatusUpdated",
        "taskPriorityUpdated",
        "taskAssigneeUpdated",
        "taskDueDateUpdated",
        "taskTagUpdated",
        "taskMoved",
    }:
        yield event("task.updated", "tasks", "{}", failures.at(body, "task_id"))
    if kind == "taskDeleted":
        yield event("task.deleted", "tasks", "{}", failures.at(body, "task_id"))


WEBHOOKS = Webhooks(
    vendor="clickup",
    proof=Proof("X-Signature", "{hex}", algorithm="sha256", over="{body}"),
    read=read,
    kind=Place("path", ("event",)),
)
