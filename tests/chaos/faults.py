"""The faults, and the proxy that injects each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """`told` is its name in the table. `doubtful`: a client cannot know from it whether the work was done. `costly`: each one needs
    seconds, so that fewer writes meet it."""

    name: str
    proxy: str
    returned: str
    doubtful: bool
    costly: bool = False


FAULTS = (
    Fault("limited-told", "haproxy", "429 with `Retry-After`", False),
    Fault("limited", "haproxy", "429 without `Retry-After`", False),
    Fault("bad-gateway", "haproxy", "502 as an HTML page, before execution", True),
    Fault("unavailable", "haproxy", "503 with `Retry-After`, before execution", True),
    Fault("closed", "haproxy", "connection closed, before execution", True),
    Fault("late", "haproxy", "504 after two seconds, before execution", True, costly=True),
    Fault("dropped", "haproxy", "no response, before execution", True, costly=True),
    Fault("CONNECTION_RESET_BY_PEER", "wiremock", "TCP reset, before execution", True),
    Fault("EMPTY_RESPONSE", "wiremock", "empty response, before execution", True),
    Fault("MALFORMED_RESPONSE_CHUNK", "wiremock", "response that ends within a chunk, before execution", True),
    Fault("RANDOM_DATA_THEN_CLOSE", "wiremock", "garbage instead of HTTP, before execution", True),
    Fault("drip", "wiremock", "response in slow drips", False, costly=True),
    Fault("lost", "mitmproxy", "connection closed, after execution", True),
    Fault("bad-gateway-after", "mitmproxy", "502 as an HTML page, after execution", True),
    Fault("truncated", "mitmproxy", "truncated JSON, after execution", True),
    Fault("slow", "mitmproxy", "response later than the client waits, after execution", True, costly=True),
)
