"""Metrics of calls for Prometheus, by its own client library (https://prometheus.github.io/client_python/).

The labels of a metric take values that are known beforehand (`labels.py`), and what is counted per call was looked up before: a call of a
kind that was seen once costs a few additions. Histograms are dense: their buckets grow by a tenth, and a quantile is known to within that.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from unified_platform.extras import extra
from unified_platform.observing.labels import Known, outcome_class, result_of, tools_of_catalog, vendors_of_catalog

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry
    from prometheus_client.registry import Collector

    from unified_runtime.observing import AttemptRecord, CallRecord

GROWTH = 1.1
"""How much larger each bucket's bound is than the one before it."""
SHORTEST, LONGEST = 0.001, 130.0
"""Seconds that the buckets span: beyond the longest lies nothing that the default deadline (120 s) allows."""

LAGS = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0)


def buckets(shortest: float = SHORTEST, longest: float = LONGEST, growth: float = GROWTH) -> tuple[float, ...]:
    """Bounds, each `growth` times the one before, of five digits at the most."""
    found, bound = [], shortest
    while bound < longest:
        found.append(float(f"{bound:.4g}"))
        bound *= growth
    return (*found, longest)


class Metrics:
    """Counts calls.

    Args:
        registry: of the client library; the process's by default.
        tools, vendors: names beyond those of the catalog that labels may have.

    Raises:
        InvalidInput: prometheus-client is not installed.
        ValueError: the registry has these metrics already.
    """

    def __init__(self, registry: CollectorRegistry | None = None, *, tools: Iterable[str] = (), vendors: Iterable[str] = ()) -> None:
        library = extra("prometheus_client", "observe", "metrics")
        self.registry: CollectorRegistry = registry if registry is not None else library.REGISTRY
        self._tool = Known([*tools_of_catalog(), *tools])
        self._vendor = Known([*vendors_of_catalog(), *vendors])

        def counter(name: str, told: str, *labels: str) -> Any:
            return library.Counter(f"unified_{name}", told, labels, registry=self.registry)

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
        self._budget_waits = counter("budget_wait_seconds", "Time waited for vendors' budgets.", "vendor")
        self._spent = counter("budget_exhausted", "Calls given up because a vendor's budget was spent.", "vendor")
        self._retry_waits = counter("retry_wait_seconds", "Time waited between attempts.", "vendor")
        self._refreshes = counter("token_refreshes", "Credentials renewed, or not.", "vendor", "result")
        self._decisions = counter("policy_decisions", "What policies said of calls, the strictest of their answers.", "tool", "decision")
        self._circuits = library.Gauge(
            "unified_circuits_open",
            "Servers that are left alone because they failed too often.",
            ("vendor",),
            registry=self.registry,
            multiprocess_mode="livesum",
        )
        self._requests = counter("broker_requests", "What a broker was asked, by its answer.", "route", "status")
        self._lag = library.Histogram(
            "unified_webhook_lag_seconds",
            "From the arrival of a vendor's event to an agent that is told of it.",
            ("vendor",),
            buckets=LAGS,
            registry=self.registry,
        )
        # A counter that appears with its first event seems not to have grown: those that alerts look at are there from the start.
        for vendor in self._vendor.values:
            self._attempts.labels(vendor, "401")
            self._spent.labels(vendor)
            self._refreshes.labels(vendor, "ok")
            self._refreshes.labels(vendor, "failed")
            self._circuits.labels(vendor)
        self._kinds: dict[tuple[str, str | None, str, int | None], tuple[Any, Any, str]] = {}
        self._results: dict[tuple[str, int | None, str | None], Any] = {}
        self._sizes: dict[str, tuple[Any, Any]] = {}
        self._said: dict[tuple[str, str], Any] = {}
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
        if not record.remote:  # the broker counts its own
            for attempt in record.attempts:
                self._attempted(attempt, vendor)
        if record.decision is not None:
            said = (record.tool, record.decision)
            if (decisions := self._said.get(said)) is None:
                decisions = self._decisions.labels(self._tool(record.tool), record.decision)
                self._remember(self._said, said, decisions)
            decisions.inc()
        if record.budget_wait:
            self._budget_waits.labels(vendor).inc(record.budget_wait)
        if record.retry_wait:
            self._retry_waits.labels(vendor).inc(record.retry_wait)
        if record.outcome == "rate_limited" and record.status is None and not record.remote:
            self._spent.labels(vendor).inc()
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
        """Keep what was looked up. A caller that makes up names is not remembered for each."""
        if len(known) < 10_000:
            known[key] = value

    # ------------------------------------------------------------------------------------------------ what is no call
    def answered(self, route: str, status: int) -> None:
        """A broker has answered at one of its routes."""
        self._requests.labels(route, result_of(status, None)).inc()

    def webhook_lag(self, vendor: str, seconds: float) -> None:
        """A vendor's event has waited so long for the agent that is told of it."""
        self._lag.labels(self._vendor(vendor)).observe(seconds)

    def watch(self, *collectors: Collector) -> None:
        """Have these read whenever somebody asks for the metrics, such as `gauges.approvals_waiting`."""
        for collector in collectors:
            self.registry.register(collector)
