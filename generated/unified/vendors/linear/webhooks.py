"""Webhooks of Linear. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_runtime.adapter_api import error_details
from unified_runtime.adapter_api.webhooks import DeliveryField, Event, Proof, Webhooks, event


def read(kind: str | None, body: Any) -> Iterator[Event]:
    """Return the unified events of a delivery from Linear."""
    if kind == "create" and (bool(error_details.at(body, "type") == "Issue")):
        yield event(
            "task.created",
            "tasks",
            "{}",
            error_details.at(body, "data", "id"),
            time=error_details.at(body, "webhookTimestamp"),
            actor=error_details.at(body, "actor", "id"),
        )
    if kind == "update" and (bool(error_details.at(body, "type") == "Issue")):
        yield event(
            "task.updated",
            "tasks",
            "{}",
            error_details.at(body, "data", "id"),
            time=error_details.at(body, "webhookTimestamp"),
            actor=error_details.at(body, "actor", "id"),
        )
    if kind == "remove" and (bool(error_details.at(body, "type") == "Issue")):
        yield event(
            "task.deleted",
            "tasks",
            "{}",
            error_details.at(body, "data", "id"),
            time=error_details.at(body, "webhookTimestamp"),
            actor=error_details.at(body, "actor", "id"),
        )
    if kind == "create" and (bool(error_details.at(body, "type") == "Comment")):
        yield event(
            "comment.created",
            "comments",
            "{}",
            error_details.at(body, "data", "id"),
            time=error_details.at(body, "webhookTimestamp"),
            actor=error_details.at(body, "actor", "id"),
        )
    if kind == "update" and (bool(error_details.at(body, "type") == "Comment")):
        yield event(
            "comment.updated",
            "comments",
            "{}",
            error_details.at(body, "data", "id"),
            time=error_details.at(body, "webhookTimestamp"),
            actor=error_details.at(body, "actor", "id"),
        )
    if kind == "remove" and (bool(error_details.at(body, "type") == "Comment")):
        yield event(
            "comment.deleted",
            "comments",
            "{}",
            error_details.at(body, "data", "id"),
            time=error_details.at(body, "webhookTimestamp"),
            actor=error_details.at(body, "actor", "id"),
        )
    if kind == "create" and (bool(error_details.at(body, "type") == "Project")):
        yield event(
            "project.created",
            "projects",
            "{}",
            error_details.at(body, "data", "id"),
            time=error_details.at(body, "webhookTimestamp"),
            actor=error_details.at(body, "actor", "id"),
        )
    if kind == "update" and (bool(error_details.at(body, "type") == "Project")):
        yield event(
            "project.updated",
            "projects",
            "{}",
            error_details.at(body, "data", "id"),
            time=error_details.at(body, "webhookTimestamp"),
            actor=error_details.at(body, "actor", "id"),
        )
    if kind == "remove" and (bool(error_details.at(body, "type") == "Project")):
        yield event(
            "project.deleted",
            "projects",
            "{}",
            error_details.at(body, "data", "id"),
            time=error_details.at(body, "webhookTimestamp"),
            actor=error_details.at(body, "actor", "id"),
        )


WEBHOOKS = Webhooks(
    vendor="linear",
    proof=Proof("Linear-Signature", "{hex}", hmac="sha256", signed_content="{body}"),
    read=read,
    kind=DeliveryField("path", ("action",)),
    subscriptions={
        "task.created": ("Issue",),
        "task.updated": ("Issue",),
        "task.deleted": ("Issue",),
        "comment.created": ("Comment",),
        "comment.updated": ("Comment",),
        "comment.deleted": ("Comment",),
        "project.created": ("Project",),
        "project.updated": ("Project",),
        "project.deleted": ("Project",),
    },
)
