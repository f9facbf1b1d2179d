"""The faults that are put in, and the proxy that puts each in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """`told` is how the table calls it. `doubtful`: a client cannot know from it whether the work was done. `costly`: each one takes
    seconds, so that fewer writes meet it."""

    name: str
    proxy: str
    told: str
    doubtful: bool
    costly: bool = False


FAULTS = (
    Fault("limited-told", "haproxy", "429 with `Retry-After`", False),
    Fault("limited", "haproxy", "429 without `Retry-After`", False),
    Fault("bad-gateway", "haproxy", "502 as an HTML page, before the work", True),
    Fault("unavailable", "haproxy", "503 with `Retry-After`, before the work", True),
    Fault("closed", "haproxy", "connection closed, before the work", True),
    Fault("late", "haproxy", "504 after two seconds, before the work", True, costly=True),
    Fault("dropped", "haproxy", "no answer at all, before the work", True, costly=True),
    Fault("CONNECTION_RESET_BY_PEER", "wiremock", "TCP reset, before the work", True),
    Fault("EMPTY_RESPONSE", "wiremock", "empty answer, before the work", True),
    Fault("MALFORMED_RESPONSE_CHUNK", "wiremock", "answer that breaks off in a chunk, before the work", True),
    Fault("RANDOM_DATA_THEN_CLOSE", "wiremock", "garbage instead of HTTP, before the work", True),
    Fault("drip", "wiremock", "answer in slow drips", False, costly=True),
    Fault("lost", "mitmproxy", "connection closed, after the work", True),
    Fault("bad-gateway-after", "mitmproxy", "502 as an HTML page, after the work", True),
    Fault("truncated", "mitmproxy", "truncated JSON, after the work", True),
    Fault("slow", "mitmproxy", "answer later than the client waits, after the work", True, costly=True),
)
