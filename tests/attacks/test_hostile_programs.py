"""Programs that try to leave the sandbox, the toolset or the limits: none reaches anything. About one minute."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

import unified
from unified_platform.programs import Limits, ProgramRunner
from unified_platform.programs.host import ProgramHost
from unified_platform.programs.sandbox import pool
from unified_platform.tools import tools
from unified_runtime import Client
from unified_runtime.rate_limits.rate_limiter import Unlimited

FILE = Path(__file__).parents[1] / "programs" / "hostile.yaml"
LIMITS = Limits(seconds=0.3, memory=32 * 1024 * 1024, calls=5, sleep=0.05, printed=2000, result_tokens=500)


def _programs() -> list[tuple[str, str, bool, bool]]:
    found = []
    for kind in yaml.safe_load(FILE.read_text(encoding="utf-8")):
        for program in kind["programs"]:
            for value in kind["values"]:
                code = program.replace("{0}", str(value).replace("{{", "{").replace("}}", "}"))
                imports = "" if "import" in code else "from unified import tasks, users\n" if ("tasks" in code or "users" in code) else ""
                found.append((kind["kind"], imports + code, kind.get("limited", False), kind.get("completes", False)))
    return found


PROGRAMS = _programs()


class _Watched(Client):
    """Client that notes each operation that is called."""

    called: list[str]

    def run(self, operation: Any, invocation: Any) -> Any:
        self.called.append(operation.name)
        return super().run(operation, invocation)


@pytest.fixture(scope="module")
def client() -> Iterator[_Watched]:
    with unified.Client(emulated=True, rate_limiter=Unlimited()) as emulated:
        made = _Watched(emulated.transport, connections=emulated.connections, rate_limiter=Unlimited())
        made.called = []
        yield made


@pytest.fixture(scope="module")
def runner(client: _Watched) -> ProgramRunner:
    box = tools(toolsets=["tasks.read", "users.read"], vendors=["redmine"], client=client)
    made = ProgramRunner(list(box), limits=LIMITS)
    # Adapters and types are loaded by the first call of each function.
    made.run("from unified import tasks, users\nfound = tasks.list(limit=1)\ntasks.get(found[0].id)\nusers.me()\nusers.list()\n")
    return made


CALLBACK = 0.05
"""Maximum seconds of CPU that one callback of the host may take."""


@pytest.fixture
def callbacks(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, str]]:
    """Return the CPU times of the host's callbacks, each measured in the thread that runs it, and their names."""
    spent: list[tuple[float, str]] = []

    def measured(name: str) -> None:
        function = getattr(ProgramHost, name)

        def run(*args: Any, **options: Any) -> Any:
            started = time.thread_time()
            try:
                return function(*args, **options)
            finally:
                spent.append((time.thread_time() - started, name))

        monkeypatch.setattr(ProgramHost, name, run)

    for name in ("begin", "call", "clock", "sleep", "text"):
        measured(name)
    return spent


def test_there_are_500() -> None:
    assert len({code for _, code, _, _ in PROGRAMS}) >= 500


@pytest.mark.sample("code", 120)
@pytest.mark.parametrize(("kind", "code", "limited", "completes"), PROGRAMS, ids=[f"{number}" for number in range(len(PROGRAMS))])
def test_hostile_programs_reach_nothing(
    runner: ProgramRunner,
    client: _Watched,
    callbacks: list[tuple[float, str]],
    kind: str,
    code: str,
    limited: bool,
    completes: bool,
) -> None:
    client.called.clear()
    started = time.process_time()
    outcome = runner.run(code)
    spent = time.process_time() - started
    assert set(client.called) <= {"tasks.get", "tasks.list", "users.me", "users.list", "users.get"}, kind
    assert len(client.called) <= LIMITS.calls
    assert "root:" not in outcome.text
    assert "/bin/" not in outcome.text
    assert len(outcome.text) <= LIMITS.result_tokens * 4 + 2000
    assert outcome.text.count("</data>") <= 1
    if kind in ("modules of the host", "operations outside of the toolset", "environment", "files", "credentials", "other users"):
        assert outcome.state in ("rejected", "failed") or outcome.value in (None, [], ""), (kind, outcome)
    if limited and not completes:
        assert outcome.state in ("failed", "rejected"), outcome
    assert spent < 5, "the host's own time is bounded"
    if max(callbacks, default=(0.0, ""))[0] > CALLBACK:
        callbacks.clear()  # once may be a collection of garbage, whose time is also counted
        runner.run(code)
    assert max(callbacks, default=(0.0, "")) <= (CALLBACK, ""), kind


def test_callbacks_are_measured(runner: ProgramRunner, callbacks: list[tuple[float, str]]) -> None:
    code = "import datetime, time\nfrom unified import users\nusers.me()\ntime.sleep(0.01)\ndatetime.datetime.now()"
    assert runner.run(code).state == "completed"
    assert {name for _, name in callbacks} == {"begin", "call", "clock", "sleep"}
    assert sum(spent for spent, _ in callbacks) > 0


def test_the_pool_serves_after_attacks(runner: ProgramRunner) -> None:
    assert pool() is pool()
    assert runner.run("1 + 1").value == 2
