"""Gauges that are computed when metrics are scraped: waiting approvals and events, and states of sagas."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from prometheus_client.metrics_core import GaugeMetricFamily, Metric

if TYPE_CHECKING:
    from unified_platform.approvals.store import ApprovalStore
    from unified_platform.inbox import Inbox

log = logging.getLogger("unified.observability")

Values = Mapping[tuple[str, ...], float]
"""Values by label values."""

STATES = ("running", "waiting", "done", "rolled back", "needs you", "broken", "canceled")


class Gauges:
    """Metrics whose values one function returns, in their order. If it raises, the error is logged, and the metrics are left out this time.

    Args:
        read: returns the values of each metric.
        metrics: name, help text, and labels.
    """

    def __init__(self, read: Callable[[], Sequence[Values]], *metrics: tuple[str, str, tuple[str, ...]]) -> None:
        self._read = read
        self._metrics = metrics

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _, _ in self._metrics)

    def describe(self) -> list[Metric]:
        return [GaugeMetricFamily(name, data, labels=labels) for name, data, labels in self._metrics]

    def collect(self) -> Iterator[Metric]:
        try:
            read = self._read()
        except Exception as error:
            log.error("%s cannot be read", " and ".join(self.names), exc_info=error)
            return
        for family, values in zip(self.describe(), read, strict=True):
            assert isinstance(family, GaugeMetricFamily)
            for labels, value in values.items():
                family.add_metric(labels, value)
            yield family


def approvals_waiting(store: ApprovalStore) -> Gauges:
    """Return a gauge of approvals that wait for a person."""
    data = ("unified_approvals_waiting", "Approvals that wait for a person.", ())
    return Gauges(lambda: [{(): float(store.waiting())}], data)


def events_waiting(inbox: Inbox) -> Gauges:
    """Return a gauge of the time that an event has waited for a reader that has stopped."""
    data = ("unified_events_waiting_seconds", "For how long an event has waited for a reader that reads no more.", ())
    return Gauges(lambda: [{(): inbox.left_waiting()}], data)


def sagas(url: str | None = None, *, newest: int = 1000) -> Gauges:
    """Return gauges of the states of the newest sagas of a database, and of the age of the oldest running one.

    Raises:
        InvalidInput: dbos is not installed.
    """
    from unified_platform.sagas.inspection import open_inspector

    def read() -> list[Values]:
        with open_inspector(url) as seen:
            states, oldest = Counter(saga.state for saga in seen.list(limit=newest)), seen.oldest_running()
        began = None if oldest is None or oldest.started_at is None else oldest.started_at.timestamp()
        return [{(state,): float(states[state]) for state in STATES}, {(): 0.0 if began is None else max(0.0, time.time() - began)}]

    return Gauges(
        read,
        ("unified_sagas", f"The newest {newest} sagas by how they stand.", ("state",)),
        ("unified_saga_oldest_running_seconds", "For how long the oldest saga that runs has run.", ()),
    )
