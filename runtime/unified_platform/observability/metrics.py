"""Prometheus metrics of calls, by its client library (https://prometheus.github.io/client_python/).

Labels have fixed sets of values (`labels.py`), and the children of a metric are cached: a repeated kind of call costs a few additions.
Histogram buckets grow by a tenth, so a quantile is accurate to that.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from unified_platform.catalog import capabilities
from unified_platform.common.extras import require_extra
from unified_platform.observability.labels import KnownLabels, outcome_class, result_of, tools_of_catalog

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.registry import Collector

    from unified_runtime.core.observers import AttemptRecord, CallRecord

GROWTH = 1.1
"""Ratio of each bucket's bound to the one before it."""
SHORTEST, LONGEST = 0.001, 130.0
"""Range of the buckets, in seconds: nothing longer is allowed by the default deadline (120 s)."""

LAGS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)


def buckets(shortest: float = SHORTEST, longest: float = LONGEST, growth: float = GROWTH) -> tuple[float, ...]:
    """Return bucket bounds, each `growth` times the one before, rounded to at most five digits."""
    found, bound = [], shortest
    while bound < longest:
        found.append(float(f"{bound:.4g}"))
        bound *= growth
    return (*found, longest)


class Metrics:
    """Observer that counts calls, attempts and their durations.

    Args:
        registry: registry of the client library; by default the process's.
        tools, vendors: valid label values in addition to those of the catalog.

    Raises:
        InvalidInput: prometheus-client is not installed.
        ValueError: the registry has these metrics already.
    """

    def __init__(self, registry: CollectorRegistry | None = None, *, tools: Iterable[str] = (), vendors: Iterable[str] = ()) -> None:
        library = require_extra("prometheus_client", "observe", "metrics")
        self.registry: CollectorRegistry = registry if registry is not None else library.REGISTRY
        self._tool = KnownLabels([*tools_of_catalog(), *tools])
        self._vendor = KnownLabels([*capabilities.vendor_names(), *vendors])

        def counter(name: str, description: str, *labels: str) -> Any:
            return library.Counter(f"unified_{name}", description, labels, registry=self.registry)

        self._calls = counter("calls", "Calls by their outcome.", "tool", "vendor", "outcome")
        self._durations = library.Histogram(
            "unified_call_duration_seconds",
            "Time of a call from its beginning to its value, with pauses and retries.",
            ("tool", "vendor"),
            buckets=buckets(),
            registry=self.registry,
        )
        self._attempts = counter("attempts", "Requests to vendors by their result.", "vendor", "result")
        self._bytes = counter("bytes", "Bytes of bodies.", "vendor", "direction")
        self._rate_limit_waits = counter("rate_limit_wait_seconds", "Time waited for rate limits.", "vendor")
        self._exhausted = counter("rate_limit_exhausted", "Calls given up because a rate limit was exhausted.", "vendor")
        self._retry_waits = counter("retry_wait_seconds", "Time waited between attempts.", "vendor")
        self._refreshes = counter("token_refreshes", "Credentials renewed, or not.", "vendor", "result")
        self._decisions = counter("policy_decisions", "Decisions of policies about calls, the strictest of each call.", "tool", "decision")
        self._circuits = library.Gauge(
            "unified_circuits_open",
            "Servers with an open circuit breaker: they failed too often.",
            ("vendor",),
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self._requests = counter("broker_requests", "Requests to a broker by their result.", "route", "status")
        self._lag = library.Histogram(
            "unified_webhook_lag_seconds",
            "Time from the arrival of a vendor's event to its delivery to an agent.",
            ("vendor",),
            buckets=LAGS,
            registry=self.registry,
        )
        # A counter that first appears with its first event seems not to have grown: create those that alerts use at the start.
        for vendor in self._vendor.values:
            self._attempts.labels(vendor, "401")
            self._exhausted.labels(vendor)
            self._refreshes.labels(vendor, "ok")
            self._refreshes.labels(vendor, "failed")
            self._circuits.labels(vendor)
        self._kinds: dict[tuple[str, str | None, str, int | None], tuple[Any, Any, str]] = {}
        self._results: dict[tuple[str, int | None, str | None], Any] = {}
        self._sizes: dict[str, tuple[Any, Any]] = {}
        self._by_decision: dict[tuple[str, str], Any] = {}
        self._open: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    # ------------------------------------------------------------------------------------------------ calls
    def ended(self, record: CallRecord) -> None:
        kind = (record.tool, record.vendor, record.outcome, record.status)
        found = self._kinds.get(kind)
        if found is None:
            tool, vendor = self._tool(record.tool), self._vendor(record.vendor)
            outcome = outcome_class(record.outcome, record.status)
            found = self._calls.labels(tool, vendor, outcome), self._durations.labels(tool, vendor), vendor
            self._remember(self._kinds, kind, found)
        calls, durations, vendor = found
        calls.inc()
        durations.observe(record.duration)
        if not record.through_broker:  # the broker counts its own
            for attempt in record.attempts:
                self._attempted(attempt, vendor)
        if record.decision is not None:
            reported = (record.tool, record.decision)
            if (decisions := self._by_decision.get(reported)) is None:
                decisions = self._decisions.labels(self._tool(record.tool), record.decision)
                self._remember(self._by_decision, reported, decisions)
            decisions.inc()
        if record.rate_limit_wait:
            self._rate_limit_waits.labels(vendor).inc(record.rate_limit_wait)
        if record.retry_wait:
            self._retry_waits.labels(vendor).inc(record.retry_wait)
        if record.outcome == "rate_limited" and record.status is None and not record.through_broker:
            self._exhausted.labels(vendor).inc()
        if record.refreshes:
            self._refreshes.labels(vendor, "ok").inc(record.refreshes)
        if record.failed_refreshes:
            self._refreshes.labels(vendor, "failed").inc(record.failed_refreshes)
        if record.server is not None and (record.circuit_open or self._open):
            self._circuit(vendor, record.server, is_open=record.circuit_open)

    def _attempted(self, attempt: AttemptRecord, vendor: str) -> None:
        key = (vendor, attempt.status, attempt.error)
        counted = self._results.get(key)
        if counted is None:
            counted = self._attempts.labels(vendor, result_of(attempt.status, attempt.error))
            self._remember(self._results, key, counted)
        counted.inc()
        sizes = self._sizes.get(vendor)
        if sizes is None:
            sizes = self._sizes[vendor] = self._bytes.labels(vendor, "sent"), self._bytes.labels(vendor, "received")
        if attempt.bytes_sent:
            sizes[0].inc(attempt.bytes_sent)
        if attempt.bytes_received:
            sizes[1].inc(attempt.bytes_received)

    def _circuit(self, vendor: str, server: str, *, is_open: bool) -> None:
        with self._lock:
            here = (vendor, server)
            if is_open == (here in self._open):
                return
            if is_open:
                self._open.add(here)
            else:
                self._open.discard(here)
            self._circuits.labels(vendor).set(sum(1 for name, _ in self._open if name == vendor))

    @staticmethod
    def _remember(known: dict[Any, Any], key: Any, value: Any) -> None:
        """Cache a look-up, up to a limit, so that callers that invent names cannot fill the memory."""
        if len(known) < 10_000:
            known[key] = value

    # ------------------------------------------------------------------------------------------------ other metrics
    def responded(self, route: str, status: int) -> None:
        """Count a response of a broker at one of its routes."""
        self._requests.labels(route, result_of(status, None)).inc()

    def webhook_lag(self, vendor: str, seconds: float) -> None:
        """Record how long a vendor's event has waited until an agent got it."""
        self._lag.labels(self._vendor(vendor)).observe(seconds)

    def watch(self, *collectors: Collector) -> None:
        """Register collectors that are read on each scrape, such as `gauges.approvals_waiting`."""
        for collector in collectors:
            self.registry.register(collector)
