"""Benchmark of governed calls against the bare client.

Governed: input checks, a Cedar policy, a rate limiter, the credential from a warm vault, retries, logs, metrics and OpenTelemetry's API.
Each call has another task id and another title.
"""

from __future__ import annotations

import asyncio
import itertools
import os
import tempfile
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from bench import jira_responses
from bench.calls import AT_ONCE, HEADERS, ISSUE, ISSUES, QUERY, TEXT, TITLE, body
from bench.loopback import serving
from bench.measure import Measured, Series, functions
from bench.vault import record
from unified_runtime import using

Subject = Callable[[int], object]

POLICY = """
@id("work")
permit (principal == Agent::"helper", action in [Action::"tasks.get", Action::"tasks.create"], resource)
when { context.vendor == "jira" };

@id("own-project")
@reason("tasks are created only in PROJ")
forbid (principal, action == Action::"tasks.create", resource)
unless { context.input has project_id && context.input.project_id == "PROJ" };

@id("no-secrets")
@reason("titles hold no passwords")
forbid (principal, action == Action::"tasks.create", resource)
when { context.input has title && context.input.title like "*password*" };
"""
"""Rules about the agent, the operation, the vendor and the arguments."""

UNCACHEABLE = """
@id("no-hosts")
forbid (principal, action == Action::"tasks.create", resource)
when { context.input has title && context.input.title == context.host };
"""
"""Rule that compares titles, so that no decision can be reused for another title."""


def measure(quick: bool) -> Measured:
    prepared = {"GET /rest/api/3/issue/": jira_responses.dump(jira_responses.issue(1)), "POST /rest/api/3/issue": jira_responses.created(1)}

    def measured(subjects: dict[str, Subject], loops: int) -> tuple[Series, ...]:
        return functions(subjects, 1, AT_ONCE) if quick else functions(subjects, 51, loops)

    with (
        tempfile.TemporaryDirectory(prefix="bench-governed-") as folder,
        serving(prepared) as server,
        open(os.devnull, "w", encoding="utf-8") as devnull,
        asyncio.Runner() as runner,
    ):
        options = governed_options(Path(folder), server, devnull)
        return {name: measured(*group) for name, group in (_sync(server, options) | _async(server, options, runner)).items()}


def enforcer(policy: str) -> Any:
    from unified_platform.policy.cedar import CedarPolicies
    from unified_runtime import PolicyEnforcer

    return PolicyEnforcer(CedarPolicies({"policy.cedar": policy}))


def governed_options(folder: Path, server: str, log: Any) -> dict[str, Any]:
    """Return a client's options with every feature on; rate limits and retries are on by default."""
    from prometheus_client import CollectorRegistry

    from unified_platform.observability import Logs, Metrics, Traces
    from unified_platform.vault import open_vault
    from unified_runtime.core.settings import Settings

    vault = open_vault(folder / "vault.db", key=f"file:{folder / 'key'}")
    vault.put(record(server=server))
    return {
        "settings": Settings(check_records=False),  # the server returns the same record for each request
        "policy": enforcer(POLICY),
        "vault": vault.source(fresh_for=3600),
        "observers": (Logs(log, form="json"), Metrics(CollectorRegistry()), Traces()),
    }


def _sync(server: str, options: dict[str, Any]) -> dict[str, tuple[dict[str, Subject], int]]:
    import httpx2

    import unified
    from unified import tasks

    governed, plain = unified.Client(**options), unified.Client(settings=options["settings"])
    uncached = unified.Client(**options | {"policy": enforcer(POLICY + UNCACHEABLE)})
    plain.connect("jira", unified.basic("me@example.com", "token"), user="alice", site="acme", server=server)
    bare = httpx2.Client(headers=HEADERS)

    def by(client: unified.Client, call: Callable[[], Any]) -> Subject:
        def run(loops: int) -> None:
            with using(client), unified.acting(user="alice", agent="helper"):
                for _ in range(loops):
                    assert call().id == "PROJ-1"

        return run

    number = itertools.count()

    def get() -> Any:
        return tasks.get(f"PROJ-{next(number)}")

    def create() -> Any:
        return tasks.create(title=f"{TITLE} {next(number)}", project_id="PROJ", description=TEXT, priority="high", labels=["backend"])

    def bare_get(loops: int) -> None:
        for _ in range(loops):
            assert bare.get(f"{server}{ISSUE}?{QUERY}").json()["key"] == "PROJ-1"

    fields = body()

    def bare_create(loops: int) -> None:
        for _ in range(loops):
            key = bare.post(server + ISSUES, json=fields).json()["key"]
            assert bare.get(f"{server}{ISSUES}/{key}?{QUERY}").json()["key"] == "PROJ-1"

    return {
        "governed get": (
            {"tasks.get, governed": by(governed, get), "tasks.get": by(plain, get), "httpx2.Client.get, json()": bare_get},
            100,
        ),
        "governed create": (
            {
                "tasks.create, governed": by(governed, create),
                "tasks.create, governed, Cedar evaluated each time": by(uncached, create),
                "tasks.create": by(plain, create),
                "httpx2.Client.post and get, json()": bare_create,
            },
            50,
        ),
    }


def _async(server: str, options: dict[str, Any], runner: asyncio.Runner) -> dict[str, tuple[dict[str, Subject], int]]:
    import httpx2

    import unified
    from unified.aio import tasks

    governed, plain = unified.AsyncClient(**options), unified.AsyncClient(settings=options["settings"])
    plain.connect("jira", unified.basic("me@example.com", "token"), user="alice", site="acme", server=server)
    bare = httpx2.AsyncClient(headers=HEADERS)

    def at_once(call: Callable[[], Awaitable[None]]) -> Subject:
        async def run(loops: int) -> None:
            for _ in range(max(1, loops // AT_ONCE)):
                await asyncio.gather(*(call() for _ in range(AT_ONCE)))

        return lambda loops: runner.run(run(loops))

    number = itertools.count()

    def by(client: unified.AsyncClient) -> Subject:
        async def get() -> None:
            async with using(client):
                with unified.acting(user="alice", agent="helper"):
                    assert (await tasks.get(f"PROJ-{next(number)}")).id == "PROJ-1"

        return at_once(get)

    async def bare_get() -> None:
        assert (await bare.get(f"{server}{ISSUE}?{QUERY}")).json()["key"] == "PROJ-1"

    subjects = {"tasks.get, governed": by(governed), "tasks.get": by(plain), "httpx2.AsyncClient.get, json()": at_once(bare_get)}
    return {"governed get, async": (subjects, 100)}
