"""Webhooks of Zendesk. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_runtime.adapter_api import error_details
from unified_runtime.adapter_api.webhooks import DeliveryField, Event, Proof, Webhooks, event


def read(kind: str | None, body: Any) -> Iterator[Event]:
    """Return the unified events of a delivery from Zendesk."""
    if kind == "zen:event-type:ticket.created":
        yield event(
            "task.created",
            "tasks",
            "{}",
            error_details.at(body, "detail", "id"),
            actor=error_details.at(body, "detail", "actor_id"),
        )
    if kind in {
        "zen:event-type:ticket.agent_assignment_changed",
        "zen:event-type:ticket.comment_added",
        "zen:event-type:ticket.description_changed",
        "zen:event-type:ticket.priority_changed",
        "zen:event-type:ticket.status_changed",
        "zen:event-type:ticket.subject_changed",
        "zen:event-type:ticket.tags_changed",
        "zen:event-type:ticket.type_changed",
    }:
        yield event(
            "task.updated",
            "tasks",
            "{}",
            error_details.at(body, "detail", "id"),
            actor=error_details.at(body, "detail", "actor_id"),
        )
    if kind in {"zen:event-type:ticket.soft_deleted", "zen:event-type:ticket.permanently_deleted"}:
        yield event(
            "task.deleted",
            "tasks",
            "{}",
            error_details.at(body, "detail", "id"),
            actor=error_details.at(body, "detail", "actor_id"),
        )


WEBHOOKS = Webhooks(
    vendor="zendesk",
    proof=Proof(
        "X-Zendesk-Webhook-Signature",
        "{base64}",
        hmac="sha256",
        signed_content="{timestamp}{body}",
        timestamp_header="X-Zendesk-Webhook-Signature-Timestamp",
        tolerance_seconds=300,
    ),
    read=read,
    kind=DeliveryField("path", ("type",)),
    delivery=DeliveryField("path", ("id",)),
    subscriptions={
        "task.created": ("zen:event-type:ticket.created",),
        "task.updated": (
            "zen:event-type:ticket.agent_assignment_changed",
            "zen:event-type:ticket.comment_added",
            "zen:event-type:ticket.description_changed",
            "zen:event-type:ticket.priority_changed",
            "zen:event-type:ticket.status_changed",
            "zen:event-type:ticket.subject_changed",
            "zen:event-type:ticket.tags_changed",
            "zen:event-type:ticket.type_changed",
        ),
        "task.deleted": ("zen:event-type:ticket.soft_deleted", "zen:event-type:ticket.permanently_deleted"),
    },
)
