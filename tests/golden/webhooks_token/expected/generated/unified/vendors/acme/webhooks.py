"""Webhooks of Acme. Written by `gen build`; do not edit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from unified_runtime.adapter_api import error_details
from unified_runtime.adapter_api.webhooks import Event, Proof, Webhooks, event


def read(kind: str | None, body: Any) -> Iterator[Event]:
    """Return the unified events of a delivery from Acme."""
    if bool(error_details.at(body, "new")):
        yield event("task.created", "tasks", "{}", error_details.at(body, "id"))


WEBHOOKS = Webhooks(
    vendor="acme",
    proof=Proof("Authorization", "Bearer {jwt}", jwt="HS256", claims={"aud": "{url}", "iss": "acme"}),
    read=read,
)
