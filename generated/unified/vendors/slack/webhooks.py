"""Webhooks of Slack. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_runtime.adapter_api import error_details
from unified_runtime.adapter_api.webhooks import DeliveryField, Event, Proof, Webhooks, event


def read(kind: str | None, body: Any) -> Iterator[Event]:
    """Return the unified events of a delivery from Slack."""
    if kind == "message" and (not (bool(error_details.at(body, "event", "subtype")))):
        yield event(
            "message.created",
            "messages",
            "{}:{}",
            error_details.at(body, "event", "channel"),
            error_details.at(body, "event", "ts"),
            actor=error_details.at(body, "event", "user"),
        )
    if kind == "message" and (
        (
            (
                (bool(error_details.at(body, "event", "subtype") == "bot_message"))
                or (bool(error_details.at(body, "event", "subtype") == "file_share"))
            )
            or (bool(error_details.at(body, "event", "subtype") == "thread_broadcast"))
        )
        or (bool(error_details.at(body, "event", "subtype") == "me_message"))
    ):
        yield event(
            "message.created",
            "messages",
            "{}:{}",
            error_details.at(body, "event", "channel"),
            error_details.at(body, "event", "ts"),
            actor=error_details.at(body, "event", "user"),
        )
    if kind == "message" and (bool(error_details.at(body, "event", "subtype") == "message_changed")):
        yield event(
            "message.updated",
            "messages",
            "{}:{}",
            error_details.at(body, "event", "channel"),
            error_details.at(body, "event", "message", "ts"),
            actor=error_details.at(body, "event", "message", "edited", "user"),
        )
    if kind == "message" and (bool(error_details.at(body, "event", "subtype") == "message_deleted")):
        yield event(
            "message.deleted",
            "messages",
            "{}:{}",
            error_details.at(body, "event", "channel"),
            error_details.at(body, "event", "deleted_ts"),
            actor=error_details.at(body, "event", "user"),
        )
    if kind == "channel_created":
        yield event(
            "channel.created",
            "channels",
            "{}",
            error_details.at(body, "event", "channel", "id"),
            actor=error_details.at(body, "event", "channel", "creator"),
        )
    if kind == "channel_rename":
        yield event(
            "channel.updated",
            "channels",
            "{}",
            error_details.at(body, "event", "channel", "id"),
            actor=error_details.at(body, "event", "user"),
        )
    if kind in {"channel_archive", "channel_unarchive"}:
        yield event(
            "channel.updated",
            "channels",
            "{}",
            error_details.at(body, "event", "channel"),
            actor=error_details.at(body, "event", "user"),
        )
    if kind == "channel_deleted":
        yield event(
            "channel.deleted",
            "channels",
            "{}",
            error_details.at(body, "event", "channel"),
            actor=error_details.at(body, "event", "user"),
        )


WEBHOOKS = Webhooks(
    vendor="slack",
    proof=Proof(
        "X-Slack-Signature",
        "v0={hex}",
        hmac="sha256",
        signed_content="v0:{timestamp}:{body}",
        timestamp_header="X-Slack-Request-Timestamp",
        tolerance_seconds=300,
    ),
    read=read,
    kind=DeliveryField("path", ("event", "type")),
    delivery=DeliveryField("path", ("event_id",)),
    challenge=DeliveryField("path", ("challenge",)),
)
