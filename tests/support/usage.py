"""Records of calls, generated from a seed, and their sums, counted without a database."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from typing import Any

from unified_runtime.core.observers import AttemptRecord, CallRecord

TOOLS = {
    "jira": ("tasks.create", "tasks.list", "tasks.get", "comments.create"),
    "slack": ("messages.send", "messages.list", "channels.list"),
    "hubspot": ("contacts.create", "contacts.list", "deals.update"),
    "google_drive": ("files.upload", "files.download"),
}
ERRORS = ("rate_limited", "unauthorized", "unavailable", "not_found", "denied")


def attempt(**reported: Any) -> AttemptRecord:
    defaults: dict[str, Any] = {
        "number": 1,
        "vendor": "jira",
        "connection": "default",
        "operation": "createIssue",
        "method": "POST",
        "endpoint": "/rest/api/3/issue",
        "host": "example.atlassian.net",
        "started_at": reported.get("started_at", 0.0),
        "duration": 0.1,
        "waited": 0.0,
        "status": 200,
        "error": None,
        "bytes_sent": 120,
        "bytes_received": 4000,
    }
    return AttemptRecord(**(defaults | reported))


def record(call_id: str, started_at: float, **reported: Any) -> CallRecord:
    """Return a call with these fields, and defaults for the others."""
    defaults: dict[str, Any] = {
        "call_id": call_id,
        "tool": "tasks.create",
        "effect": "write",
        "started_at": started_at,
        "duration": 0.1,
        "agent": "helper",
        "user": "alice",
        "on_behalf_of": None,
        "vendor": "jira",
        "connection": "default",
        "server": "example.atlassian.net",
        "circuit_open": False,
        "through_broker": False,
        "outcome": "ok",
        "error": None,
        "status": None,
        "attempts": (attempt(started_at=started_at),),
        "rate_limit_wait": 0.0,
        "retry_wait": 0.0,
        "refreshes": 0,
        "failed_refreshes": 0,
        "decision": "allow",
        "reasons": (),
        "approval": None,
        "request_id": None,
        "trace_id": None,
        "span_id": None,
        "saga": None,
        "key": None,
        "items": None,
        "result_bytes": None,
    }
    made = defaults | reported
    return CallRecord(resource=str(made["tool"]).partition(".")[0], **made)


def drawn(
    count: int, *, until: float, days: float = 30.0, seed: int = 1, agents: int | Sequence[str] = 12, users: int = 60
) -> Iterator[CallRecord]:
    """Generate calls as in a busy installation: few tools make most of them, durations have a long tail, most are made by day, and one in
    thirty fails."""
    draw = random.Random(seed)
    pairs = [(vendor, tool) for vendor, tools in TOOLS.items() for tool in tools]
    weights = [1 / (1 + location) for location in range(len(pairs))]
    names = [f"agent-{number}" for number in range(agents)] if isinstance(agents, int) else agents
    for number in range(count):
        vendor, tool = draw.choices(pairs, weights)[0]
        at = until - draw.random() * days * 86400
        while draw.random() > 0.25 + 0.75 * max(0.0, math.sin((at % 86400 / 3600 - 6) / 24 * 2 * math.pi)):
            at = until - draw.random() * days * 86400
        duration = draw.lognormvariate(-1.8 + pairs.index((vendor, tool)) / 6, 0.7)
        failed = draw.random() < 1 / 30
        status = 503 if failed else 200
        sent = attempt(
            vendor=vendor,
            started_at=at,
            duration=duration,
            status=status,
            bytes_sent=draw.randrange(900),
            bytes_received=draw.randrange(20_000),
        )
        yield record(
            f"{seed:04x}{number:028x}",
            at,
            tool=tool,
            vendor=vendor,
            duration=duration,
            agent=draw.choice(names),
            user=f"user-{draw.randrange(users)}",
            outcome=draw.choice(ERRORS) if failed else "ok",
            attempts=(sent,),
            request_id=f"req-{seed}-{number}",
        )
