"""Todoist: what it tells by itself. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_runtime import failures
from unified_runtime.webhooks import Event, Place, Proof, Webhooks, event


def read(kind: str | None, body: Any) -> Iterator[Event]:
    """The unified events that one of Todoist's own tells."""
    if kind == "item:added":
        yield event("task.created", "tasks", "{}", failures.at(body, "event_data", "id"))
    if kind in {"item:updated", "item:completed", "item:uncompleted"}:
        yield event("task.updated", "tasks", "{}", failures.at(body, "event_data", "id"))
    if kind == "item:deleted":
        yield event("task.deleted", "tasks", "{}", failures.at(body, "event_data", "id"))
    if kind == "note:added":
        yield event("comment.created", "comments", "{}", failures.at(body, "event_data", "id"))
    if kind == "note:updated":
        yield event("comment.updated", "comments", "{}", failures.at(body, "event_data", "id"))
    if kind == "note:deleted":
        yield event("comment.deleted", "comments", "{}", failures.at(body, "event_data", "id"))
    if kind == "project:added":
        yield event("project.created", "projects", "{}", failures.at(body, "event_data", "id"))
    if kind in {"project:updated", "project:archived", "project:unarchived"}:
        yield event("project.updated", "projects", "{}", failures.at(body, "event_data", "id"))
    if kind == "project:deleted":
        yield event("project.deleted", "projects", "{}", failures.at(body, "event_data", "id"))


WEBHOOKS = Webhooks(
    vendor="todoist",
    proof=Proof("X-Todoist-Hmac-SHA256", "{base64}", algorithm="sha256", over="{body}"),
    read=read,
    kind=Place("path", ("event_name",)),
    delivery=Place("header", "X-Todoist-Delivery-ID"),
)
