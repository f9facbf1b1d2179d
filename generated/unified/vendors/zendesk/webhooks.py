"""Zendesk: what it tells by itself. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_runtime import failures
from unified_runtime.webhooks import Event, Place, Proof, Webhooks, event


def read(kind: str | None, body: Any) -> Iterator[Event]:
    """The unified events that one of Zendesk's own tells."""
    if kind == "zen:event-type:ticket.created":
        yield event("task.created", "tasks", "{}", failures.at(body, "detail", "id"))
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
        yield event("task.updated", "tasks", "{}", failures.at(body, "detail", "id"))
    if kind in {"zen:event-type:ticket.soft_deleted", "zen:event-type:ticket.permanently_deleted"}:
        yield event("task.deleted", "tasks", "{}", failures.at(body, "detail", "id"))


WEBHOOKS = Webhooks(
    vendor="zendesk",
    proof=Proof(
        "X-Zendesk-Webhook-Signature",
        "{base64}",
        algorithm="sha256",
        over="{timestamp}{body}",
        timestamp="X-Zendesk-Webhook-Signature-Timestamp",
        window=300,
    ),
    read=read,
    kind=Place("path", ("type",)),
    delivery=Place("path", ("id",)),
)
