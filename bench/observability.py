"""Benchmark of observers: a call without one, with each, with all of them, and the bare call."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from bench import jira_responses
from bench.calls import HEADERS, ISSUE, QUERY
from bench.loopback import serving
from bench.measure import Measured, functions
from unified_runtime import using

Subject = Callable[[int], object]


def measure(quick: bool) -> Measured:
    with (
        serving({f"GET {ISSUE}": jira_responses.dump(jira_responses.issue(1))}) as server,
        open(os.devnull, "w", encoding="utf-8") as devnull,
    ):
        subjects = _subjects(server, devnull)
        return {"observers": functions(subjects, 1, 4) if quick else functions(subjects, 51, 100)}


def _subjects(server: str, devnull: Any) -> dict[str, Subject]:
    import httpx2
    from opentelemetry.sdk.trace import TracerProvider
    from prometheus_client import CollectorRegistry

    import unified
    from unified import tasks
    from unified_platform.observability import Logs, Metrics, Traces

    class NoOp:
        def ended(self, record: Any) -> None:
            """Do nothing."""

    def calls_with(*observers: Any) -> Subject:
        client = unified.Client(observers=observers)
        client.connect("jira", unified.basic("me@example.com", "token"), site="acme", server=server)

        def get(loops: int) -> None:
            with using(client):
                for _ in range(loops):
                    assert tasks.get("PROJ-1").id == "PROJ-1"

        return get

    bare = httpx2.Client(headers=HEADERS)
    issue = f"{server}{ISSUE}?{QUERY}"

    def bare_get(loops: int) -> None:
        for _ in range(loops):
            assert bare.get(issue).json()["key"] == "PROJ-1"

    def log() -> Any:
        return Logs(devnull, form="json")

    return {
        "no observer": calls_with(),
        "one that does nothing": calls_with(NoOp()),
        "metrics": calls_with(Metrics(CollectorRegistry())),
        "log, two events": calls_with(log()),
        "traces, no SDK": calls_with(Traces()),
        "traces, an SDK without exporter": calls_with(Traces(TracerProvider())),
        "log, metrics and traces, no SDK": calls_with(log(), Traces(), Metrics(CollectorRegistry())),
        "everything": calls_with(log(), Traces(TracerProvider()), Metrics(CollectorRegistry())),
        "httpx2.Client.get, json()": bare_get,
    }
