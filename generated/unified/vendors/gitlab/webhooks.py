"""Webhooks of GitLab. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_runtime.adapter_api import error_details
from unified_runtime.adapter_api.webhooks import DeliveryField, Event, Proof, Webhooks, event


def read(kind: str | None, body: Any) -> Iterator[Event]:
    """Return the unified events of a delivery from GitLab."""
    if kind == "issue" and (bool(error_details.at(body, "object_attributes", "action") == "open")):
        yield event(
            "task.created",
            "tasks",
            "{}#{}",
            error_details.at(body, "object_attributes", "project_id"),
            error_details.at(body, "object_attributes", "iid"),
            actor=error_details.at(body, "user", "id"),
        )
    if kind == "issue" and (
        (bool(error_details.at(body, "object_attributes", "action")))
        and (bool(error_details.at(body, "object_attributes", "action") != "open"))
    ):
        yield event(
            "task.updated",
            "tasks",
            "{}#{}",
            error_details.at(body, "object_attributes", "project_id"),
            error_details.at(body, "object_attributes", "iid"),
            actor=error_details.at(body, "user", "id"),
        )
    if kind == "note" and (
        (bool(error_details.at(body, "issue")))
        and (bool(error_details.at(body, "object_attributes", "action") == "create"))
    ):
        yield event(
            "comment.created",
            "comments",
            "{}#{}:{}",
            error_details.at(body, "object_attributes", "project_id"),
            error_details.at(body, "issue", "iid"),
            error_details.at(body, "object_attributes", "id"),
            actor=error_details.at(body, "user", "id"),
        )
    if kind == "note" and (
        (bool(error_details.at(body, "issue")))
        and (bool(error_details.at(body, "object_attributes", "action") == "update"))
    ):
        yield event(
            "comment.updated",
            "comments",
            "{}#{}:{}",
            error_details.at(body, "object_attributes", "project_id"),
            error_details.at(body, "issue", "iid"),
            error_details.at(body, "object_attributes", "id"),
            actor=error_details.at(body, "user", "id"),
        )


WEBHOOKS = Webhooks(
    vendor="gitlab",
    proof=Proof("X-Gitlab-Token", "{secret}"),
    read=read,
    kind=DeliveryField("path", ("object_kind",)),
)
