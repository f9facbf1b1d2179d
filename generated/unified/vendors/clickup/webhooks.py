"""Webhooks of ClickUp. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_runtime.adapter_api import error_details
from unified_runtime.adapter_api.webhooks import DeliveryField, Event, Proof, Webhooks, event


def read(kind: str | None, body: Any) -> Iterator[Event]:
    """Return the unified events of a delivery from ClickUp."""
    if kind == "taskCreated":
        yield event(
            "task.created",
            "tasks",
            "{}",
            error_details.at(body, "task_id"),
            time=error_details.at(body, "history_items", 0, "date"),
            actor=error_details.at(body, "history_items", 0, "user", "id"),
        )
    if kind in {
        "taskUpdated",
        "taskStatusUpdated",
        "taskPriorityUpdated",
        "taskAssigneeUpdated",
        "taskDueDateUpdated",
        "taskTagUpdated",
        "taskMoved",
    }:
        yield event(
            "task.updated",
            "tasks",
            "{}",
            error_details.at(body, "task_id"),
            time=error_details.at(body, "history_items", 0, "date"),
            actor=error_details.at(body, "history_items", 0, "user", "id"),
        )
    if kind == "taskDeleted":
        yield event(
            "task.deleted",
            "tasks",
            "{}",
            error_details.at(body, "task_id"),
            time=error_details.at(body, "history_items", 0, "date"),
            actor=error_details.at(body, "history_items", 0, "user", "id"),
        )


WEBHOOKS = Webhooks(
    vendor="clickup",
    proof=Proof("X-Signature", "{hex}", hmac="sha256", signed_content="{body}"),
    read=read,
    kind=DeliveryField("path", ("event",)),
    subscriptions={
        "task.created": ("taskCreated",),
        "task.updated": (
            "taskUpdated",
            "taskStatusUpdated",
            "taskPriorityUpdated",
            "taskAssigneeUpdated",
            "taskDueDateUpdated",
            "taskTagUpdated",
            "taskMoved",
        ),
        "task.deleted": ("taskDeleted",),
    },
)
