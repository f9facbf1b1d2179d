"""Values that are read when somebody asks for the metrics: what waits for people, and how sagas stand."""

from __future__ import annotations

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from prometheus_client.metrics_core import GaugeMetricFamily, Metric

if TYPE_CHECKING:
    from unified_platform.control.approvals import ApprovalStore
    from unified_platform.inbox import Inbox

log = logging.getLogger("unified.observing")

Values = Mapping[tuple[str, ...], float]
"""Values by those of the labels."""

STATES = ("running", "waiting", "done", "rolled back", "needs you", "broken", "canceled")


class Gauges:
    """Metrics whose values one function reads, in their order. What that raises is logged, and leaves them out this time.

    Args:
        read: the values of each.
        metrics: name, what it tells, and labels.
    """

    def __init__(self, read: Callable[[], Sequence[Values]], *metrics: tuple[str, str, tuple[str, ...]]) -> None:
        self._read = read
        self._metrics = metrics

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for name, _, _ in self._metrics)

    def describe(self) -> list[Metric]:
        return [GaugeMetricFamily(name, told, labels=labels) for name, told, labels in self._metrics]

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
    """How many approvals wait for a person."""
    told = ("unified_approvals_waiting", "Approvals that wait for a person.", ())
    return Gauges(lambda: [{(): float(store.waiting())}], told)


def events_waiting(inbox: Inbox) -> Gauges:
    """For how long an event has waited for a reader that has stopped."""
    told = ("unified_events_waiting_seconds", "For how long an event has waited for a reader that reads no more.", ())
    return Gauges(lambda: [{(): inbox.left_waiting()}], told)


def sagas(url: str | None = None, *, newest: int = 1000) -> Gauges:
    """How the newest sagas of a database stand, and for how long the oldest of those that run has run.

    Raises:
        InvalidInput: dbos is not installed.
    """
    from unified_platform.sagas.looking import looking

    def read() -> list[Values]:
        with looking(url) as seen:
            states, oldest = Counter(saga.state for saga in seen.list(limit=newest)), seen.oldest_running()
        began = None if oldest is None or oldest.started_at is None else oldest.started_at.timestamp()
        return [{(state,): float(states[state]) for state in STATES}, {(): 0.0 if began is None else max(0.0, time.time() - began)}]

    return Gauges(
        read,
        ("unified_sagas", f"The newest {newest} sagas by how they stand.", ("state",)),
        ("unified_saga_oldest_running_seconds", "For how long the oldest saga that runs has run.", ()),
    )
