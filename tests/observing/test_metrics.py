"""Metrics: their counts, that labels are bounded, and the error of a histogram's quantiles."""

from __future__ import annotations

import itertools
import math
import os
import re
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from tests.observing.conftest import SECRET, client_of
from tests.observing.test_logs import record
from tests.sagas.conftest import world as world
from tests.sagas.test_sagas import run
from tests.sagas.world import World
from tests.support.brokers import free_port
from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.policies import Engine
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified import tasks as real
from unified_platform.approvals.store import ApprovalStore
from unified_platform.audit.database import open_store
from unified_platform.observability import Metrics, prometheus
from unified_platform.observability.gauges import Gauges, approvals_waiting
from unified_platform.observability.gauges import sagas as gauges
from unified_platform.observability.metrics import GROWTH, LONGEST, SHORTEST, buckets
from unified_platform.sagas import Saga, SagaFailed
from unified_runtime import Client, InvalidInput, PolicyEnforcer, basic, using
from unified_runtime.core import errors
from unified_runtime.core.policy_decisions import deny
from unified_runtime.policy.approvals import approval_subject


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(CollectorRegistry(), vendors=["acme"])


LABELS = ("tool", "vendor", "outcome", "result", "direction", "decision")


def samples(metrics: Metrics) -> dict[tuple[str, ...], float]:
    """Return a sample's value, as a scraper reads it, by its name and the values of its labels."""
    text = generate_latest(metrics.registry).decode()
    return {
        (sample.name.removeprefix("unified_"), *(sample.labels[label] for label in LABELS if label in sample.labels)): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
        if not sample.name.endswith(("_bucket", "_created"))
    }


def test_calls_and_attempts_are_counted(metrics: Metrics, server: Loopback) -> None:
    server.answers(Reply(503), Reply.of(ISSUE), Reply(404), *[Reply(401)] * 2)
    with using(client_of(server, metrics)):
        tasks.get("P-1")
        for error in (errors.NotFound, errors.Unauthorized):
            with pytest.raises(error):
                tasks.get("P-1")
    found = samples(metrics)
    assert found["calls_total", "tasks.get", "acme", "ok"] == 1
    assert found["calls_total", "tasks.get", "acme", "4xx"] == 1
    assert found["calls_total", "tasks.get", "acme", "unauthorized"] == 1
    assert found["call_duration_seconds_count", "tasks.get", "acme"] == 3
    results = {name[2]: value for name, value in found.items() if name[:2] == ("attempts_total", "acme")}
    assert results == {"5xx": 1, "200": 1, "404": 1, "401": 1}
    assert found["bytes_total", "acme", "received"] > 0
    assert found["retry_wait_seconds_total", "acme"] > 0


def test_policy_decisions_are_counted(metrics: Metrics, server: Loopback) -> None:
    client = client_of(server, metrics)
    client._own_policy = PolicyEnforcer(Engine(lambda question: deny()))
    with using(client), pytest.raises(errors.Denied):
        tasks.delete("P-1")
    found = samples(metrics)
    assert found["policy_decisions_total", "tasks.delete", "deny"] == 1
    assert found["calls_total", "tasks.delete", "acme", "denied"] == 1


def test_an_open_circuit_is_shown_until_it_closes(metrics: Metrics) -> None:
    for open_ in (True, True, False):
        metrics.ended(record(vendor="acme", server="a.example", circuit_open=open_, outcome="unavailable"))
        metrics.ended(record(vendor="acme", server="b.example", circuit_open=True, outcome="unavailable"))
        assert samples(metrics)["circuits_open", "acme"] == 1 + open_
    metrics.ended(record(vendor="acme", server="b.example"))
    assert samples(metrics)["circuits_open", "acme"] == 0


def test_a_circuit_that_opens_is_seen_in_calls(metrics: Metrics, server: Loopback) -> None:
    client = client_of(server, metrics)
    client.settings = type(client.settings)(attempts=1, circuit_after=2, deadline=5)
    server.answers(*[Reply(500)] * 2)
    with using(client):
        for _ in range(3):
            with pytest.raises(errors.Unavailable):
                tasks.get("P-1")
    assert len(server.seen) == 2
    assert samples(metrics)["circuits_open", "acme"] == 1


def test_refreshes_and_spent_rate_limits_are_counted(metrics: Metrics) -> None:
    metrics.ended(record(vendor="acme", refreshes=2, failed_refreshes=1, outcome="not_connected", rate_limit_wait=1.5))
    metrics.ended(record(vendor="acme", outcome="rate_limited"))
    metrics.ended(record(vendor="acme", outcome="rate_limited", status=429))
    found = samples(metrics)
    assert (found["token_refreshes_total", "acme", "ok"], found["token_refreshes_total", "acme", "failed"]) == (2, 1)
    assert found["rate_limit_exhausted_total", "acme"] == 1
    assert found["rate_limit_wait_seconds_total", "acme"] == 1.5
    assert found["calls_total", "tasks.get", "acme", "rate_limited"] == 2


def test_a_webhook_s_lag_is_counted(metrics: Metrics) -> None:
    metrics.webhook_lag("acme", 3.0)
    assert samples(metrics)["webhook_lag_seconds_sum", "acme"] == 3.0


def test_a_call_through_a_broker_counts_no_attempt_of_a_vendor(metrics: Metrics) -> None:
    before = {name for name in samples(metrics) if name[0] == "attempts_total"}
    attempt: Any = None
    metrics.ended(record(vendor="acme", through_broker=True, attempts=(attempt,)))
    assert {name for name in samples(metrics) if name[0] == "attempts_total"} == before


# ------------------------------------------------------------------------------------------------ bounded
@settings(max_examples=25)
@given(st.lists(st.tuples(st.text(), st.text(), st.text()), max_size=30))
def test_labels_take_known_values_only(texts: list[tuple[str, str, str]]) -> None:
    metrics = Metrics(CollectorRegistry())
    before = len(samples(metrics))
    for tool, vendor, outcome in texts:
        metrics.ended(record(tool=tool, vendor=vendor, user=outcome, agent=outcome, connection=outcome, decision="allow"))
        metrics.webhook_lag(vendor, 1)
    found = samples(metrics)
    assert len(found) - before <= 8
    assert not texts or found["calls_total", "other", "other", "ok"] == len(texts)


def test_the_memory_of_names_that_are_made_up_is_bounded() -> None:
    metrics = Metrics(CollectorRegistry())
    for number in range(10_500):
        metrics.ended(record(tool=f"t{number}"))
    assert len(metrics._kinds) == 10_000
    assert samples(metrics)["calls_total", "other", "none", "ok"] == 10_500


def test_no_secret_is_in_a_metric(metrics: Metrics, server: Loopback) -> None:
    server.answers(Reply.of({"errorMessages": [SECRET]}, 400, X_Request_Id=SECRET))
    with using(client_of(server, metrics)), pytest.raises(errors.Rejected):
        tasks.get("P-1")
    assert SECRET not in generate_latest(metrics.registry).decode()


def test_many_threads_lose_no_count(metrics: Metrics) -> None:
    def work() -> None:
        for number in range(500):
            metrics.ended(record(vendor="acme", outcome="ok" if number % 2 else "denied"))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = samples(metrics)
    assert (found["calls_total", "tasks.get", "acme", "ok"], found["calls_total", "tasks.get", "acme", "denied"]) == (2000, 2000)


# ------------------------------------------------------------------------------------------------ quantiles
def test_buckets_grow_by_a_tenth_and_span_every_deadline() -> None:
    bounds = buckets()
    assert (bounds[0], bounds[-1]) == (SHORTEST, LONGEST)
    assert all(1 < after / before <= GROWTH * 1.001 for before, after in itertools.pairwise(bounds))


@given(
    st.lists(st.floats(SHORTEST, LONGEST, exclude_min=True), min_size=20, max_size=300),
    st.sampled_from([0.5, 0.95, 0.99]),
)
def test_a_quantile_lies_within_a_tenth_of_the_true_one(durations: list[float], quantile: float) -> None:
    """Return the quantile by Prometheus's own rule: linear within the bucket of the rank."""
    bounds = buckets()
    counts = Counter(next(number for number, bound in enumerate(bounds) if duration <= bound) for duration in durations)
    rank, below = quantile * len(durations), 0
    for number, bound in enumerate(bounds):
        if below + counts[number] >= rank:
            start = bounds[number - 1] if number else 0.0
            result = start + (bound - start) * (rank - below) / counts[number]
            break
        below += counts[number]
    true = sorted(durations)[math.ceil(rank) - 1]
    assert result == pytest.approx(true, rel=0.1001)


# ------------------------------------------------------------------------------------------------ read on request
def test_waiting_approvals_are_counted_on_each_scrape(tmp_path: Path) -> None:
    store = ApprovalStore(open_store(tmp_path / "control.db"))
    registry = CollectorRegistry()
    registry.register(approvals_waiting(store))
    assert b"unified_approvals_waiting 0.0" in generate_latest(registry)
    question: dict[str, Any] = {"operation": "tasks.delete", "effect": "destructive", "vendor": "acme"}
    pending = store.ask(approval_subject(**question, agent="a", user=None, on_behalf_of=None, server="s", arguments={}), None, ())
    assert b"unified_approvals_waiting 1.0" in generate_latest(registry)
    store.deny(pending.id, by="bob")
    assert b"unified_approvals_waiting 0.0" in generate_latest(registry)


def test_a_value_that_cannot_be_read_hides_no_other() -> None:
    def broken() -> Any:
        raise OSError("the database is gone")

    registry = CollectorRegistry()
    registry.register(Gauges(broken, ("unified_a", "A.", ())))
    registry.register(Gauges(lambda: [{("1",): 2.0}], ("unified_b", "B.", ("x",))))
    assert generate_latest(registry).decode().splitlines()[-1] == 'unified_b{x="1"} 2.0'


# ------------------------------------------------------------------------------------------------ how metrics are read
def test_metrics_have_a_port_of_their_own(metrics: Metrics) -> None:
    metrics.ended(record(vendor="acme"))
    port = free_port()
    close = prometheus.listen(f"127.0.0.1:{port}", prometheus.complete_registry(metrics.registry))
    try:
        with pytest.raises(InvalidInput, match="cannot be served"):
            prometheus.listen(f"127.0.0.1:{port}", CollectorRegistry())
        text = httpx2.get(f"http://127.0.0.1:{port}/metrics").text
    finally:
        close()
    assert 'unified_calls_total{outcome="ok",tool="tasks.get",vendor="acme"} 1.0' in text
    assert "process_cpu_seconds_total" in text


@pytest.mark.parametrize("wrong", ["", "9464", "host:", "host:x", ":9464", "h:70000"])
def test_an_address_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(InvalidInput, match="HOST:PORT"):
        prometheus.host_and_port(wrong)


def test_several_processes_count_together(tmp_path: Path) -> None:
    """One process counts and ends, one counts and is killed with an open circuit; a third responds for both."""
    counting = """
import os, sys
from prometheus_client import CollectorRegistry
from tests.observing.test_logs import record
from unified_platform.observability import Metrics
metrics = Metrics(CollectorRegistry(), vendors=["acme"])
for _ in range(3):
    metrics.ended(record(vendor="acme", duration=0.25))
if sys.argv[1] == "killed":
    metrics.ended(record(vendor="acme", server="a.example", circuit_open=True))
os._exit(0)
"""
    requesting = """
from prometheus_client import generate_latest
from unified_platform.observability import prometheus
print(generate_latest(prometheus.complete_registry(None)).decode())
"""
    environment = os.environ | {prometheus.FOLDER: str(tmp_path)}

    def run(code: str, *words: str) -> str:
        return subprocess.run([sys.executable, "-c", code, *words], env=environment, capture_output=True, text=True, check=True).stdout

    run(counting, "ended")
    run(counting, "killed")
    output = run(requesting)
    assert 'unified_calls_total{outcome="ok",tool="tasks.get",vendor="acme"} 7.0' in output
    assert re.search(r'unified_call_duration_seconds_count\{tool="tasks.get",vendor="acme"\} 7.0', output)
    assert 'unified_circuits_open{vendor="acme"} 1.0' not in output


def test_a_process_that_shares_removes_what_an_earlier_run_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(prometheus.FOLDER, str(tmp_path))
    (tmp_path / "counter_1.db").write_bytes(b"x")
    assert prometheus.share() == tmp_path
    assert not [*tmp_path.iterdir()]


def test_a_client_of_users_counts_in_its_own_registry(server: Loopback) -> None:
    """Two sets of metrics in one process do not disturb each other."""
    first, second = Metrics(CollectorRegistry(), vendors=["acme"]), Metrics(CollectorRegistry(), vendors=["acme"])
    server.answers(Reply.of(ISSUE))
    client = Client(observers=(first, second))
    client.connect(VENDOR, basic("me", SECRET), server=server.url)
    with using(client):
        tasks.get("P-1")
    assert samples(first)["calls_total", "tasks.get", "acme", "ok"] == samples(second)["calls_total", "tasks.get", "acme", "ok"] == 1


def test_sagas_are_counted_by_how_they_stand(tmp_path: Path, world: World) -> None:
    registry = CollectorRegistry()
    registry.register(gauges(str(tmp_path / "sagas.db")))
    with pytest.raises(SagaFailed):
        run_saga(tmp_path, world)
    output = generate_latest(registry).decode()
    assert 'unified_sagas{state="rolled back"} 1.0' in output
    assert 'unified_sagas{state="running"} 0.0' in output
    assert "unified_saga_oldest_running_seconds 0.0" in output


def run_saga(tmp_path: Path, world: World) -> Any:
    world.refused = {"B"}

    def body(s: Saga) -> None:
        s.run(real.create, title="A", via="todoist")
        s.run(real.create, title="B", via="todoist")

    return run(tmp_path, world, body)
