"""A real Prometheus loads our rules and scrapes a broker: its quantiles are right. Alerts fire and clear in `tests/live/test_alerts.py`."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path
from random import Random

import pytest

from tests.broker.test_broker_command import ISSUE, connect, process, unified
from tests.observing.test_broker import home as home
from tests.support.brokers import free_port
from tests.support.servers import prometheus
from tests.support.servers.prometheus import DEPLOY, alerts, promtool, shortened
from tests.unit.runtime.server import Loopback, Reply
from unified import tasks
from unified_runtime import Client, using

pytestmark = pytest.mark.skipif(prometheus.missing() is not None, reason=prometheus.missing() or "")


def test_promtool_accepts_configuration_rules_and_alerts() -> None:
    promtool("check", "config", "--lint=all", "--lint-fatal", str(DEPLOY / "prometheus.yml"))


def test_each_alert_fires_and_clears_by_promtool_s_own_engine() -> None:
    result = promtool("test", "rules", str(DEPLOY / "tests.yml"))
    assert "SUCCESS" in result
    tests = (DEPLOY / "tests.yml").read_text()
    for alert in alerts():
        fires = re.findall(
            rf'expr: ALERTS{{alertname="{alert}", alertstate="firing"}}\n        eval_time: \w+\n        exp_samples:(.*)', tests
        )
        assert [bool(quiet.strip()) for quiet in fires] == [True, False, True], alert


def key_of(home: dict[str, str], server: Loopback) -> str:
    connect(home, server)
    key: str = unified(home, "broker", "keys", "create", "--agent", "helper", "--user", "alice", "--toolset", "*")["key"]
    return key


@pytest.mark.slow
def test_the_quantiles_of_prometheus_are_within_a_tenth_of_the_true_ones(home: dict[str, str], server: Loopback, tmp_path: Path) -> None:
    """The true quantiles are those of the durations in the broker's log, each of which the vendor caused."""
    key, port, random = key_of(home, server), free_port(), Random(7)
    delays = [0.02 + min(random.lognormvariate(-3.2, 0.7), 1.0) for _ in range(400)]
    body = json.dumps(ISSUE).encode()
    server.answers(*[Reply(200, body, {"Content-Type": "application/json"}, delay=delay) for delay in delays])
    with (
        process(home, "--log", "json", "--metrics", f"127.0.0.1:{port}") as (url, running),
        prometheus.running(shortened(f"127.0.0.1:{port}", tmp_path), tmp_path) as seen,
    ):
        assert seen.comes_to(lambda: seen.query('up{job="unified-broker"} == 1')), seen.scrapes()
        written: list[str] = []
        assert running.stderr is not None
        reading = threading.Thread(target=lambda: written.extend(line.decode() for line in running.stderr or ()))
        reading.start()

        def work(count: int) -> None:
            with using(Client(broker=url, key=key)):
                for _ in range(count):
                    tasks.get("7")

        agents = [threading.Thread(target=work, args=(50,)) for _ in range(8)]
        for agent in agents:
            agent.start()
        for agent in agents:
            agent.join()
        counted = 'sum(unified_call_duration_seconds_count{tool="tasks.get", vendor="redmine"}) == 400'
        assert seen.comes_to(lambda: seen.query(counted)), seen.scrapes()
        quantiles = {
            quantile: seen.value(f'histogram_quantile({quantile}, sum by (le) (unified_call_duration_seconds_bucket{{tool="tasks.get"}}))')
            for quantile in (0.5, 0.95, 0.99)
        }
        running.terminate()
        running.wait(40)
        reading.join()
    events = [json.loads(line) for line in written if line.startswith("{")]
    durations = sorted(event["duration_ms"] / 1000 for event in events if event["event"] == "call")
    assert len(durations) == 400
    assert durations[0] >= min(delays)
    for quantile, expected in quantiles.items():
        true = durations[int(quantile * len(durations)) - 1]
        print(f"p{quantile * 100:.0f}: {expected * 1000:.1f} ms by Prometheus, {true * 1000:.1f} ms truly")
        assert expected == pytest.approx(true, rel=0.1), quantile
