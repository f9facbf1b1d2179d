"""Rate limits: requests in windows of time, and the headers that report them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from unified_emulation.engine.behaviour.responses import respond
from unified_emulation.engine.routes import Call
from unified_openapi.behaviour.common import VendorResponse
from unified_openapi.behaviour.kinds import RateLimit


@dataclass(slots=True)
class Windows:
    """Windows of all rate limits: when each began, and how many requests it has."""

    open: dict[tuple[str, str], tuple[float, int]] = field(default_factory=dict)

    def take(self, limits: Iterable[tuple[str, RateLimit]], call: Call, now: float) -> tuple[VendorResponse | None, dict[str, str]]:
        """Count a request. Return the response if a limit is exceeded, and the headers of all responses.

        Args:
            limits: the limits that concern the request, with the ids of the facts.
            call: the request.
            now: the time in seconds.
        """
        headers: dict[str, str] = {}
        refused: VendorResponse | None = None
        for name, limit in limits:
            key = (name, _subject(limit, call))
            began, count = self.open.get(key, (now, 0))
            if now - began >= limit.seconds:
                began, count = now, 0
            exceeded = count >= limit.requests
            self.open[key] = (began, count if exceeded else count + 1)
            ends = began + limit.seconds
            shown = {"limit": limit.requests, "remaining": max(limit.requests - count - 1, 0), "reset": round(ends)}
            for part, header in limit.headers.items():
                if part != "retry_after":
                    headers.setdefault(header, str(shown[part]))
            if exceeded and refused is None:
                refused = respond(limit.response)
                if "retry_after" in limit.headers:
                    refused.headers[limit.headers["retry_after"]] = str(max(1, round(ends - now)))
                refused.headers.update({limit.headers[part]: str(shown[part]) for part in limit.headers if part != "retry_after"})
        return refused, headers


def _subject(limit: RateLimit, call: Call) -> str:
    """Return what a limit counts separately: the channel; everything else is one account here."""
    if limit.per != "channel":
        return ""
    body = call.body if isinstance(call.body, dict) else {}
    return next((str(value) for part in (call.path, call.query, body) for name, value in part.items() if "channel" in name), "")
