"""Webhooks of Matrix. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_runtime.adapter_api import error_details
from unified_runtime.adapter_api.webhooks import DeliveryField, Event, Proof, Webhooks, event


def read(kind: str | None, body: Any) -> Iterator[Event]:
    """Return the unified events of a delivery from Matrix."""
    if kind == "m.room.message" and (
        bool(error_details.at(body, "content", "m.relates_to", "rel_type") != "m.replace")
    ):
        yield event(
            "message.created",
            "messages",
            "{}/{}",
            error_details.at(body, "room_id"),
            error_details.at(body, "event_id"),
            actor=error_details.at(body, "sender"),
        )
    if kind == "m.room.message" and (
        bool(error_details.at(body, "content", "m.relates_to", "rel_type") == "m.replace")
    ):
        yield event(
            "message.updated",
            "messages",
            "{}/{}",
            error_details.at(body, "room_id"),
            error_details.at(body, "content", "m.relates_to", "event_id"),
            actor=error_details.at(body, "sender"),
        )
    if kind == "m.room.redaction" and (bool(error_details.at(body, "redacts"))):
        yield event(
            "message.deleted",
            "messages",
            "{}/{}",
            error_details.at(body, "room_id"),
            error_details.at(body, "redacts"),
            actor=error_details.at(body, "sender"),
        )
    if kind == "m.room.redaction" and (
        (not (bool(error_details.at(body, "redacts")))) and (bool(error_details.at(body, "content", "redacts")))
    ):
        yield event(
            "message.deleted",
            "messages",
            "{}/{}",
            error_details.at(body, "room_id"),
            error_details.at(body, "content", "redacts"),
            actor=error_details.at(body, "sender"),
        )


WEBHOOKS = Webhooks(
    vendor="matrix",
    proof=Proof("Authorization", "Bearer {secret}"),
    read=read,
    kind=DeliveryField("path", ("type",)),
    delivery=DeliveryField("path", ("event_id",)),
    items=("events",),
    path="_matrix/app/v1/transactions/{txnId}",
    method="PUT",
)
