"""Plans: the requests that a call would send, without sending them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from unified_runtime.core import single_line
from unified_runtime.core.json_limits import digits
from unified_runtime.core.redactor import REDACTED
from unified_runtime.core.serialization import json_bytes

_SAFE = ",:/@{}"
_LONGEST_URL = 10_000

NEEDS_APPROVAL = "a person has to approve this"
"""Beginning of the policy's note on a call that needs an approval."""


_QUIET = {"host", "accept-encoding", "user-agent", "accept"}
"""Headers of every request, which the text of a plan omits."""


@dataclass(frozen=True, slots=True)
class PlannedRequest:
    """One request of a plan. Secrets are redacted; values from earlier responses are placeholders such as `{created.key}`.

    `query` has pairs before encoding, `body` the value that will be sent as JSON, or the form's fields. Decimal numbers in it are
    `Decimal`, with all their digits.
    """

    method: str
    url: str
    query: tuple[tuple[str, str], ...]
    headers: tuple[tuple[str, str], ...]
    body: Any
    endpoint: str
    purpose: str = ""
    """Reason of the request, if it is not the call itself: for example, to read a record for the policy."""
    items: int = 1
    """Number of calls that the request is for: those of a batch."""
    reads: bool = False
    """True if it changes nothing at the vendor."""

    @property
    def full_url(self) -> str:
        """The URL with its query, percent-encoded except for placeholders."""
        if not self.query:
            return self.url
        text = "&".join(
            f"{quote(name, safe='[]')}={value if value == REDACTED else quote(value, safe=_SAFE)}" for name, value in self.query
        )
        return f"{self.url}{'&' if '?' in self.url else '?'}{text}"

    def to_dict(self) -> dict[str, Any]:
        """Return the request as plain values, for JSON. A decimal number that a double cannot represent exactly is a string."""
        return {
            "method": self.method,
            "url": self.url,
            "query": [list(pair) for pair in self.query],
            "headers": dict(self.headers),
            "body": _doubles(self.body),
            "endpoint": self.endpoint,
            **({"purpose": self.purpose} if self.purpose else {}),
            **({"items": self.items} if self.items > 1 else {}),
            "reads": self.reads,
        }

    def __str__(self) -> str:
        note = self.purpose or (f"{self.items} at once" if self.items > 1 else "")
        lines = [single_line.line(f"{self.method} {self.full_url}", _LONGEST_URL) + (f"  ({note})" if note else "")]
        lines += [f"{name}: {value}" for name, value in self.headers if name.lower() not in _QUIET]
        if self.body is not None:
            lines += _json_lines(self.body)
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Count:
    """Number of a plan's requests to one operation of the vendor, and of their calls (`items`). `url` is set if they all have the same."""

    method: str
    url: str
    endpoint: str
    requests: int
    items: int
    reads: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """Requests that a call would send, in order. `notes` has the decision of the policy, if there is one."""

    operation: str
    vendor: str
    requests: tuple[PlannedRequest, ...]
    notes: tuple[str, ...] = ()

    @property
    def needs_approval(self) -> bool:
        """True if the policy requires a person's approval of the call, for any record."""
        return any(note.startswith(NEEDS_APPROVAL) for note in self.notes)

    def counted(self) -> tuple[Count, ...]:
        """Return the number of requests by method and endpoint, in the order of the first of each."""
        found: dict[tuple[str, str], list[PlannedRequest]] = {}
        for request in self.requests:
            found.setdefault((request.method, request.endpoint), []).append(request)
        return tuple(
            Count(
                method,
                each[0].url if len({one.url for one in each}) == 1 else "",
                endpoint,
                len(each),
                sum(one.items for one in each),
                each[0].reads,
            )
            for (method, endpoint), each in found.items()
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as plain values, for JSON."""
        data = {"operation": self.operation, "vendor": self.vendor, "requests": [request.to_dict() for request in self.requests]}
        return data | ({"notes": [*self.notes]} if self.notes else {})

    def __str__(self) -> str:
        blocks = [
            f"{single_line.line(self.operation)} on {self.vendor}: "
            + ("1 request" if len(self.requests) == 1 else f"{len(self.requests)} requests")
        ]
        for number, request in enumerate(self.requests, 1):
            blocks.append(f"{number}. " + "\n".join(("   " if at else "") + line for at, line in enumerate(str(request).splitlines())))
        return "\n".join([*blocks, *self.notes])


def _json_lines(body: Any) -> list[str]:
    """Return the lines of the body as indented JSON."""
    import msgspec

    text: bytes = msgspec.json.format(json_bytes(body), indent=2)
    return text.decode("utf-8").splitlines()


def _doubles(value: Any) -> Any:
    """Return the value with each `Decimal` as int or float if that is exact, else as a string."""
    if isinstance(value, dict):
        return {name: _doubles(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_doubles(item) for item in value]
    if not isinstance(value, Decimal):
        return value
    text = digits(value)
    if value == value.to_integral_value():
        return int(value)
    return float(value) if Decimal(repr(float(value))) == value else text
