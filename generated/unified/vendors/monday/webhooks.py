"""Webhooks of monday. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_runtime.adapter_api import error_details
from unified_runtime.adapter_api.webhooks import DeliveryField, Event, Proof, Webhooks, event


def read(kind: str | None, body: Any) -> Iterator[Event]:
    """Return the unified events of a delivery from monday."""
    if kind == "create_pulse":
        yield event(
            "task.created",
            "tasks",
            "{}",
            error_details.at(body, "event", "pulseId"),
            actor=error_details.at(body, "event", "userId"),
        )
    if kind in {"update_column_value", "update_name"}:
        yield event(
            "task.updated",
            "tasks",
            "{}",
            error_details.at(body, "event", "pulseId"),
            actor=error_details.at(body, "event", "userId"),
        )
    if kind == "delete_pulse":
        yield event(
            "task.deleted",
            "tasks",
            "{}",
            error_details.at(body, "event", "itemId"),
            actor=error_details.at(body, "event", "userId"),
        )
    if kind == "create_update" and (not (bool(error_details.at(body, "event", "replyId")))):
        yield event(
            "comment.created",
            "comments",
            "{}",
            error_details.at(body, "event", "updateId"),
            actor=error_details.at(body, "event", "userId"),
        )
    if kind == "edit_update" and (not (bool(error_details.at(body, "event", "replyId")))):
        yield event(
            "comment.updated",
            "comments",
            "{}",
            error_details.at(body, "event", "updateId"),
            actor=error_details.at(body, "event", "userId"),
        )
    if kind == "delete_update" and (not (bool(error_details.at(body, "event", "replyId")))):
        yield event(
            "comment.deleted",
            "comments",
            "{}",
            error_details.at(body, "event", "updateId"),
            actor=error_details.at(body, "event", "userId"),
        )


WEBHOOKS = Webhooks(
    vendor="monday",
    proof=Proof("Authorization", "{jwt}", jwt="HS256", claims={"aud": "{url}"}),
    read=read,
    kind=DeliveryField("path", ("event", "type")),
    delivery=DeliveryField("path", ("event", "triggerUuid")),
    challenge=DeliveryField("path", ("challenge",)),
)
