"""Jira: what it tells by itself. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_runtime import failures
from unified_runtime.webhooks import Event, Place, Proof, Webhooks, event


def read(kind: str | None, body: Any) -> Iterator[Event]:
    """The unified events that one of Jira's own tells."""
    if kind == "jira:issue_created":
        yield event("task.created", "tasks", "{}", failures.at(body, "issue", "key"))
    if kind == "jira:issue_updated":
        yield event("task.updated", "tasks", "{}", failures.at(body, "issue", "key"))
    if kind == "jira:issue_deleted":
        yield event("task.deleted", "tasks", "{}", failures.at(body, "issue", "key"))
    if kind == "comment_created":
        yield event(
            "comment.created",
            "comments",
            "{}:{}",
            failures.at(body, "issue", "key"),
            failures.at(body, "comment", "id"),
        )
    if kind == "comment_updated":
        yield event(
            "comment.updated",
            "comments",
            "{}:{}",
            failures.at(body, "issue", "key"),
            failures.at(body, "comment", "id"),
        )
    if kind == "comment_deleted":
        yield event(
            "comment.deleted",
            "comments",
            "{}:{}",
            failures.at(body, "issue", "key"),
            failures.at(body, "comment", "id"),
        )
    if kind == "project_created":
        yield event("project.created", "projects", "{}", failures.at(body, "project", "key"))
    if kind == "project_updated":
        yield event("project.updated", "projects", "{}", failures.at(body, "project", "key"))
    if kind == "project_deleted":
        yield event("project.deleted", "projects", "{}", failures.at(body, "project", "key"))


WEBHOOKS = Webhooks(
    vendor="jira",
    proof=Proof("X-Hub-Signature", "sha256={hex}", algorithm="sha256", over="{body}"),
    read=read,
    kind=Place("path", ("webhookEvent",)),
    delivery=Place("header", "X-Atlassian-Webhook-Identifier"),
)
