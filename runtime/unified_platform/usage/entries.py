"""Rows of the usage store, made from records of calls."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec

from unified_platform.usage import latency_buckets
from unified_platform.usage.prices import Prices
from unified_platform.usage.schema import CALLS, SUMS
from unified_runtime.core.owners import TENANT

if TYPE_CHECKING:
    from unified_runtime.core.observers import CallRecord

OK = "ok"
"""The outcome of a call that was made."""

APPROVAL = "approval_required"
"""The outcome of a call that waits for an approval, which is not a failure."""

DAY, HOUR = 86400, 3600

BYTES_PER_TOKEN = 4
"""By which the tokens of a result are estimated: about right for JSON in English, and too many if an agent is shown less than the vendor
returned."""

_LONGEST = 200
"""Maximum characters of a stored name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One call. Names are empty if there is none; `at` is when it started, in seconds since 1970; `cost` is in billionths; `story` is
    all that was recorded, as JSON."""

    id: str
    at: float
    seconds: float
    agent: str
    person: str
    behalf: str
    tool: str
    vendor: str
    outcome: str
    requests: int
    sent: int
    received: int
    tokens: int
    cost: int
    request_id: str = ""
    trace_id: str = ""
    approval: str = ""
    saga: str = ""
    story: str = "{}"
    error: str = ""
    tenant: str = TENANT

    @property
    def bucket(self) -> int:
        return latency_buckets.bucket(self.seconds)

    @property
    def day(self) -> int:
        return int(self.at // DAY)

    @property
    def hour(self) -> int:
        return int(self.at // HOUR)

    def row(self) -> tuple[Any, ...]:
        """The values of `usage_calls`."""
        return tuple(getattr(self, name) for name in CALLS)

    def sums(self) -> tuple[Any, ...]:
        """Values that it adds to a rollup, in the order of `SUMS`."""
        data = {"calls": 1, "errors": int(self.outcome not in {OK, APPROVAL})}
        return tuple(data[name] if name in data else getattr(self, name) for name in SUMS)


def entry(record: CallRecord, prices: Prices | None) -> Entry:
    """The entry of a call that was observed."""
    sent, received, requests = record.bytes_sent, record.bytes_received, len(record.attempts)
    size = received if record.result_bytes is None else record.result_bytes
    tokens = math.ceil(size / BYTES_PER_TOKEN) if record.outcome == OK else 0
    tool, vendor = stored_name(record.tool), stored_name(record.vendor)
    return Entry(
        id=stored_name(record.call_id),
        at=record.started_at,
        seconds=record.duration,
        agent=stored_name(record.agent),
        person=stored_name(record.user),
        behalf=stored_name(record.on_behalf_of),
        tool=tool,
        vendor=vendor,
        outcome=stored_name(record.outcome),
        requests=requests,
        sent=sent,
        received=received,
        tokens=tokens,
        cost=0 if prices is None else prices.cost(tool, vendor, requests=requests, tokens=tokens, size=sent + received),
        request_id=stored_name(record.request_id),
        trace_id=stored_name(record.trace_id),
        approval=stored_name(record.approval),
        saga=stored_name(record.saga),
        tenant=stored_name(record.tenant),
        error=_text(record.error or ""),
        story=msgspec.json.encode(_stored_form(msgspec.to_builtins(record))).decode(),
    )


def stored_name(value: str | None) -> str:
    """Return a name as it is stored: cut to the maximum length, without characters that cannot be stored."""
    return "" if value is None else _text(value[:_LONGEST])


def _text(value: str) -> str:
    """Return a text without characters that Postgres cannot store."""
    if value.isascii() and "\0" not in value:  # nearly all are
        return value
    return value.replace("\0", "\N{SYMBOL FOR NULL}").encode("utf-8", "replace").decode()


def _stored_form(value: Any) -> Any:
    """Return a record as it is stored, without empty values."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return {name: _stored_form(one) for name, one in value.items() if one is not None}
    return [_stored_form(one) for one in value] if isinstance(value, (list, tuple)) else value
