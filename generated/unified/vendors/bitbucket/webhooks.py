"""Webhooks of Bitbucket. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_runtime.adapter_api import error_details
from unified_runtime.adapter_api.webhooks import Event, Proof, Webhooks, event


def read(kind: str | None, body: Any) -> Iterator[Event]:
    """Return the unified events of a delivery from Bitbucket."""
    if (bool(error_details.at(body, "pullrequest"))) and (not (bool(error_details.at(body, "comment")))):
        yield event(
            "pull_request.updated",
            "pull_requests",
            "{}#{}",
            error_details.at(body, "repository", "full_name"),
            error_details.at(body, "pullrequest", "id"),
            time=error_details.at(body, "pullrequest", "updated_on"),
            actor=error_details.at(body, "actor", "uuid"),
        )
    if (bool(error_details.at(body, "pullrequest"))) and (bool(error_details.at(body, "comment"))):
        yield event(
            "review.created",
            "reviews",
            "{}",
            error_details.at(body, "comment", "id"),
            time=error_details.at(body, "comment", "created_on"),
            actor=error_details.at(body, "actor", "uuid"),
        )


WEBHOOKS = Webhooks(
    vendor="bitbucket",
    proof=Proof("X-Hub-Signature", "sha256={hex}", hmac="sha256", signed_content="{body}"),
    read=read,
    subscriptions={
        "pull_request.updated": (
            "pullrequest:created",
            "pullrequest:updated",
            "pullrequest:fulfilled",
            "pullrequest:rejected",
        ),
        "review.created": ("pullrequest:comment_created",),
    },
)
