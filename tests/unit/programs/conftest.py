"""Programs over emulated vendors: nothing leaves this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import unified
from unified_platform.idempotency.store import open_idempotency_store
from unified_platform.programs import Limits, ProgramRunner, ProgramStore, open_program_store
from unified_platform.tools import tools
from unified_runtime import Client
from unified_runtime.core.connection_registry import Connections
from unified_runtime.policy.enforcer import PolicyEnforcer
from unified_runtime.rate_limits.rate_limiter import Unlimited

TOOLSETS = ["tasks", "comments", "projects", "users"]


@pytest.fixture(scope="module")
def emulator() -> Iterator[Client]:
    """A client of an emulated Redmine, whose document is small."""
    with unified.Client(emulated=True, rate_limiter=Unlimited()) as client:
        yield client


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ProgramStore]:
    opened = open_program_store(tmp_path / "programs.db", key=f"file:{tmp_path / 'programs.key'}")
    yield opened
    opened.close()


def unconnected() -> Client:
    """Return a client without connections: tools then have all vendors that are named."""
    return Client(connections=Connections())


Run = Callable[..., ProgramRunner]


@pytest.fixture
def runner(emulator: Client, tmp_path: Path) -> Run:
    """Return a function that makes a runner over the emulated Redmine."""
    idempotency = open_idempotency_store(tmp_path / "writes.db")

    def made(
        *,
        store: ProgramStore | None = None,
        limits: Limits | None = None,
        policy: PolicyEnforcer | None = None,
        toolsets: list[str] | None = None,
        agent: str | None = None,
        user: str | None = None,
    ) -> ProgramRunner:
        client = unified.Client(
            emulator.transport, connections=emulator.connections, policy=policy, idempotency=idempotency, rate_limiter=Unlimited()
        )
        box = tools(user=user, agent=agent, toolsets=toolsets or TOOLSETS, vendors=["redmine"], client=client)
        return ProgramRunner(list(box), store=store, limits=limits)

    return made
