"""Webhooks of Acme. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_runtime.adapter_api import error_details
from unified_runtime.adapter_api.webhooks import DeliveryField, Event, Proof, Webhooks, event


def read(kind: str | None, body: Any) -> Iterator[Event]:
    """Return the unified events of a delivery from Acme."""
    if kind == "new":
        yield event(
            "task.created",
            "tasks",
            "{}",
            error_details.at(body, "task", "id"),
            time=error_details.at(body, "task", "created"),
            actor=error_details.at(body, "task", "author"),
        )
    if kind in {"moved", "renamed"}:
        yield event(
            "task.updated",
            "tasks",
            "{}",
            error_details.at(body, "task", "id"),
            time=error_details.at(body, "at"),
            actor=error_details.at(body, "by", "id"),
        )
    if kind == "changed" and (
        (not (bool(error_details.at(body, "task", "gone"))))
        and (
            isinstance(error_details.at(body, "task", "version"), (int, float))
            and error_details.at(body, "task", "version") > 1
        )
    ):
        yield event(
            "task.updated",
            "tasks",
            "{}",
            error_details.at(body, "task", "x-id"),
            time=error_details.at(body, "at"),
            actor=error_details.at(body, "by", "id"),
        )
    if bool(error_details.at(body, "task", "gone")):
        yield event(
            "task.deleted",
            "tasks",
            "{}",
            error_details.at(body, "task", "id"),
            time=error_details.at(body, "at"),
            actor=error_details.at(body, "by", "id"),
        )


WEBHOOKS = Webhooks(
    vendor="acme",
    proof=Proof(
        "Acme-Signature",
        "t={timestamp},v1={hex}",
        hmac="sha256",
        signed_content="{url}{timestamp}.{body}",
        tolerance_seconds=120,
    ),
    read=read,
    kind=DeliveryField("path", ("type",)),
    delivery=DeliveryField("path_part", "id"),
    challenge=DeliveryField("query", "challenge"),
    items=("events",),
    path="deliveries/{id}",
    method="PUT",
    max_age_seconds=86400,
)
