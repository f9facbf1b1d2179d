"""Programs over emulated vendors: nothing leaves this process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import unified
from tests.support import postgres
from unified_platform.approvals.store import ApprovalStore
from unified_platform.audit.database import open_store
from unified_platform.idempotency.store import open_idempotency_store
from unified_platform.policy.enforcer import open_enforcer
from unified_platform.programs import Limits, ProgramRunner, ProgramStore, open_program_store
from unified_platform.tools import tools
from unified_runtime import Client
from unified_runtime.core.connection_registry import Connections
from unified_runtime.policy.enforcer import PolicyEnforcer
from unified_runtime.rate_limits.rate_limiter import Unlimited

TOOLSETS = ["tasks", "comments", "projects", "users"]
POLICY = """
@id("all") permit (principal, action, resource);
@id("deletions") @approval("a person decides on deletions")
forbid (principal, action == Action::"tasks.delete", resource);
"""
CODE = """
from unified import projects, tasks
made = tasks.create(title="To be deleted", project_id=projects.list()[0].id)
print("made", made.title)
tasks.delete(made.id)
made.title
"""


@pytest.fixture(scope="module")
def emulator() -> Iterator[Client]:
    """A client of an emulated Redmine, whose document is small."""
    with unified.Client(emulated=True, rate_limiter=Unlimited()) as client:
        yield client


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield str(tmp_path / "programs.db")
        return
    with postgres.database() as made:
        yield made


@pytest.fixture
def store(store_url: str, tmp_path: Path) -> Iterator[ProgramStore]:
    opened = open_program_store(store_url, key=f"file:{tmp_path / 'programs.key'}")
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


@pytest.fixture
def enforcer(tmp_path: Path) -> PolicyEnforcer:
    (tmp_path / "p.cedar").write_text(POLICY)
    return open_enforcer(tmp_path / "p.cedar", store=tmp_path / "control.db")


@pytest.fixture
def approvals(tmp_path: Path) -> ApprovalStore:
    return ApprovalStore(open_store(tmp_path / "control.db"))
