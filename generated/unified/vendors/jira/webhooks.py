"""Webhooks of Jira. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_runtime.adapter_api import error_details
from unified_runtime.adapter_api.webhooks import DeliveryField, Event, Proof, Webhooks, event


def read(kind: str | None, body: Any) -> Iterator[Event]:
    """Return the unified events of a delivery from Jira."""
    if kind == "jira:issue_created":
        yield event(
            "task.created",
            "tasks",
            "{}",
            error_details.at(body, "issue", "key"),
            time=error_details.at(body, "timestamp"),
            actor=error_details.at(body, "user", "accountId"),
        )
    if kind == "jira:issue_updated":
        yield event(
            "task.updated",
            "tasks",
            "{}",
            error_details.at(body, "issue", "key"),
            time=error_details.at(body, "timestamp"),
            actor=error_details.at(body, "user", "accountId"),
        )
    if kind == "jira:issue_deleted":
        yield event(
            "task.deleted",
            "tasks",
            "{}",
            error_details.at(body, "issue", "key"),
            time=error_details.at(body, "timestamp"),
            actor=error_details.at(body, "user", "accountId"),
        )
    if kind == "comment_created":
        yield event(
            "comment.created",
            "comments",
            "{}:{}",
            error_details.at(body, "issue", "key"),
            error_details.at(body, "comment", "id"),
            time=error_details.at(body, "timestamp"),
            actor=error_details.at(body, "comment", "author", "accountId"),
        )
    if kind == "comment_updated":
        yield event(
            "comment.updated",
            "comments",
            "{}:{}",
            error_details.at(body, "issue", "key"),
            error_details.at(body, "comment", "id"),
            time=error_details.at(body, "timestamp"),
            actor=error_details.at(body, "comment", "updateAuthor", "accountId"),
        )
    if kind == "comment_deleted":
        yield event(
            "comment.deleted",
            "comments",
            "{}:{}",
            error_details.at(body, "issue", "key"),
            error_details.at(body, "comment", "id"),
            time=error_details.at(body, "timestamp"),
            actor=error_details.at(body, "user", "accountId"),
        )
    if kind == "project_created":
        yield event(
            "project.created",
            "projects",
            "{}",
            error_details.at(body, "project", "key"),
            time=error_details.at(body, "timestamp"),
            actor=error_details.at(body, "user", "accountId"),
        )
    if kind == "project_updated":
        yield event(
            "project.updated",
            "projects",
            "{}",
            error_details.at(body, "project", "key"),
            time=error_details.at(body, "timestamp"),
            actor=error_details.at(body, "user", "accountId"),
        )
    if kind == "project_deleted":
        yield event(
            "project.deleted",
            "projects",
            "{}",
            error_details.at(body, "project", "key"),
            time=error_details.at(body, "timestamp"),
            actor=error_details.at(body, "user", "accountId"),
        )


WEBHOOKS = Webhooks(
    vendor="jira",
    proof=Proof("X-Hub-Signature", "sha256={hex}", hmac="sha256", signed_content="{body}"),
    read=read,
    kind=DeliveryField("path", ("webhookEvent",)),
    subscriptions={
        "task.created": ("jira:issue_created",),
        "task.updated": ("jira:issue_updated",),
        "task.deleted": ("jira:issue_deleted",),
        "comment.created": ("comment_created",),
        "comment.updated": ("comment_updated",),
        "comment.deleted": ("comment_deleted",),
        "project.created": ("project_created",),
        "project.updated": ("project_updated",),
        "project.deleted": ("project_deleted",),
    },
)
