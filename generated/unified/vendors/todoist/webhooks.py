"""Webhooks of Todoist. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_runtime.adapter_api import error_details
from unified_runtime.adapter_api.webhooks import DeliveryField, Event, Proof, Webhooks, event


def read(kind: str | None, body: Any) -> Iterator[Event]:
    """Return the unified events of a delivery from Todoist."""
    if kind == "item:added":
        yield event(
            "task.created",
            "tasks",
            "{}",
            error_details.at(body, "event_data", "id"),
            time=error_details.at(body, "triggered_at"),
            actor=error_details.at(body, "initiator", "id"),
        )
    if kind in {"item:updated", "item:completed", "item:uncompleted"}:
        yield event(
            "task.updated",
            "tasks",
            "{}",
            error_details.at(body, "event_data", "id"),
            time=error_details.at(body, "triggered_at"),
            actor=error_details.at(body, "initiator", "id"),
        )
    if kind == "item:deleted":
        yield event(
            "task.deleted",
            "tasks",
            "{}",
            error_details.at(body, "event_data", "id"),
            time=error_details.at(body, "triggered_at"),
            actor=error_details.at(body, "initiator", "id"),
        )
    if kind == "note:added":
        yield event(
            "comment.created",
            "comments",
            "{}",
            error_details.at(body, "event_data", "id"),
            time=error_details.at(body, "triggered_at"),
            actor=error_details.at(body, "initiator", "id"),
        )
    if kind == "note:updated":
        yield event(
            "comment.updated",
            "comments",
            "{}",
            error_details.at(body, "event_data", "id"),
            time=error_details.at(body, "triggered_at"),
            actor=error_details.at(body, "initiator", "id"),
        )
    if kind == "note:deleted":
        yield event(
            "comment.deleted",
            "comments",
            "{}",
            error_details.at(body, "event_data", "id"),
            time=error_details.at(body, "triggered_at"),
            actor=error_details.at(body, "initiator", "id"),
        )
    if kind == "project:added":
        yield event(
            "project.created",
            "projects",
            "{}",
            error_details.at(body, "event_data", "id"),
            time=error_details.at(body, "triggered_at"),
            actor=error_details.at(body, "initiator", "id"),
        )
    if kind in {"project:updated", "project:archived", "project:unarchived"}:
        yield event(
            "project.updated",
            "projects",
            "{}",
            error_details.at(body, "event_data", "id"),
            time=error_details.at(body, "triggered_at"),
            actor=error_details.at(body, "initiator", "id"),
        )
    if kind == "project:deleted":
        yield event(
            "project.deleted",
            "projects",
            "{}",
            error_details.at(body, "event_data", "id"),
            time=error_details.at(body, "triggered_at"),
            actor=error_details.at(body, "initiator", "id"),
        )


WEBHOOKS = Webhooks(
    vendor="todoist",
    proof=Proof("X-Todoist-Hmac-SHA256", "{base64}", hmac="sha256", signed_content="{body}"),
    read=read,
    kind=DeliveryField("path", ("event_name",)),
)
