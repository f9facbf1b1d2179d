"""What observing a call costs: nothing named, each observer by itself, all of them, and the bare call."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from bench import answers
from bench.calling import HEADERS, ISSUE, QUERY
from bench.loopback import serving
from bench.measure import Measured, functions

Subject = Callable[[int], object]


def measure(quick: bool) -> Measured:
    with serving({f"GET {ISSUE}": answers.dump(answers.issue(1))}) as server, open(os.devnull, "w", encoding="utf-8") as nowhere:
        subjects = _subjects(server, nowhere)
        return {"observing": functions(subjects, 1, 4) if quick else functions(subjects, 51, 100)}


def _subjects(server: str, nowhere: Any) -> dict[str, Subject]:
    import httpx2
    from opentelemetry.sdk.trace import TracerProvider
    from prometheus_client import CollectorRegistry

    import unified
    from unified import tasks
    from unified_platform.observing import Logs, Metrics, Traces

    class Nobody:
        def ended(self, record: Any) -> None:
            """Looks at nothing."""

    def made(*observers: Any) -> Subject:
        client = unified.Client(observer=observers)
        client.connect("jira", unified.basic("me@example.com", "token"), site="acme", server=server)

        def get(loops: int) -> None:
            with client:
                for _ in range(loops):
                    assert tasks.get("PROJ-1").id == "PROJ-1"

        return get

    bare = httpx2.Client(headers=HEADERS)
    issue = f"{server}{ISSUE}?{QUERY}"

    def bare_get(loops: int) -> None:
        for _ in range(loops):
            assert bare.get(issue).json()["key"] == "PROJ-1"

    def log() -> Any:
        return Logs(nowhere, form="json")

    return {
        "no observer": made(),
        "one that does nothing": made(Nobody()),
        "metrics": made(Metrics(CollectorRegistry())),
        "log, two events": made(log()),
        "traces, no SDK": made(Traces()),
        "traces, an SDK that keeps nothing": made(Traces(TracerProvider())),
        "log, metrics and traces, no SDK": made(log(), Traces(), Metrics(CollectorRegistry())),
        "everything": made(log(), Traces(TracerProvider()), Metrics(CollectorRegistry())),
        "httpx2.Client.get, json()": bare_get,
    }
