"""Values that are read when somebody asks for the metrics: what waits for people, and how sagas stand."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from prometheus_client.metrics_core import GaugeMetricFamily, Metric

if TYPE_CHECKING:
    from unified_platform.control.approvals import ApprovalStore

log = logging.getLogger("unified.observing")

Values = Mapping[tuple[str, ...], float]
"""Values by those of the labels."""

STATES = ("running", "waiting", "done", "rolled back", "needs you", "broken", "canceled")


class Gauge:
    """A metric whose values a function reads. What that raises is logged, and leaves the metric out this time."""

    def __init__(self, name: str, told: str, labels: tuple[str, ...], read: Callable[[], Values]) -> None:
        self._name = name
        self._told = told
        self._labels = labels
        self._read = read

    def describe(self) -> list[Metric]:
        return [GaugeMetricFamily(self._name, self._told, labels=self._labels)]

    def collect(self) -> Iterator[Metric]:
        family = GaugeMetricFamily(self._name, self._told, labels=self._labels)
        try:
            for labels, value in self._read().items():
                family.add_metric(labels, value)
        except Exception as error:
            log.error("%s cannot be read", self._name, exc_info=error)
            return
        yield family


def approvals_waiting(store: ApprovalStore) -> Gauge:
    """How many approvals wait for a person."""
    return Gauge("unified_approvals_waiting", "Approvals that wait for a person.", (), lambda: {(): float(store.waiting())})


def sagas(url: str | None = None, *, newest: int = 1000) -> list[Gauge]:
    """How the newest sagas of a database stand, and for how long the oldest of those that run has run.

    Raises:
        InvalidInput: dbos is not installed.
    """
    from unified_platform.sagas.looking import looking

    def states() -> Values:
        with looking(url) as seen:
            found = [saga.state for saga in seen.list(limit=newest)]
        return {(state,): float(found.count(state)) for state in STATES}

    def oldest() -> Values:
        with looking(url) as seen:
            running = [saga for saga in seen.list(limit=newest) if saga.state == "running"]
        began = [saga.started_at.timestamp() for saga in running if saga.started_at is not None]
        return {(): max(0.0, time.time() - min(began)) if began else 0.0}

    return [
        Gauge("unified_sagas", f"The newest {newest} sagas by how they stand.", ("state",), states),
        Gauge("unified_saga_oldest_running_seconds", "For how long the oldest saga that runs has run.", (), oldest),
    ]
