"""A real Redmine through the broker: calls that agents can make, and calls that they cannot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.brokers import serving
from tests.support.servers.redmine import Redmine
from tests.support.vaults import KEY, record
from unified import comments, projects, tasks, users
from unified_platform.audit.log import StoredAuditLog
from unified_platform.broker.agent_keys import KeyStore, Scope
from unified_platform.broker.assembly import KeyScopePolicy
from unified_platform.broker.calls import Calls
from unified_platform.broker.database import open_store
from unified_platform.broker.identity import Identity
from unified_platform.broker.parts import Broker
from unified_platform.vault import open_vault
from unified_runtime import AsyncClient, Client, Denied, NotFound, PolicyEnforcer, Rejected, Secret, using
from unified_runtime.core.connection_registry import Connections
from unified_runtime.rate_limits.rate_limiter import Unlimited

pytestmark = pytest.mark.live  # a cassette would record the agent's own requests too


@pytest.fixture
def agents(redmine: Redmine, tmp_path: Path) -> Iterator[tuple[Client, Client]]:
    """One agent with all permissions, and one that may only read."""
    vault = open_vault(tmp_path / "vault.db", key=f"file:{tmp_path / 'key'}")
    vault.put(record(user="alice", values={"url": redmine.url}, secrets={KEY: Secret(redmine.key)}))
    store = open_store(tmp_path / "control.db")
    audit, keys = StoredAuditLog(store), KeyStore(store)
    client = AsyncClient(connections=Connections(vault.source()))
    made = [keys.create(Scope("helper", ("alice",), (), (words,)), lifetime=600)[1].reveal() for words in ("*", "tasks.read")]
    with serving(Broker(Calls(client, PolicyEnforcer(KeyScopePolicy(), audit=audit), Unlimited()), Identity(keys), audit=audit)) as url:
        yield Client(broker=url, key=made[0]), Client(broker=url, key=made[1])
    assert audit.verify().seq > 0
    vault.close()


def test_an_agents_work_on_a_real_redmine(agents: tuple[Client, Client], redmine: Redmine) -> None:
    everything, reading = agents
    with using(everything):
        assert users.me().id == str(redmine.admin_id)
        assert str(redmine.project_id) in [project.id for project in projects.list()]
        made = [tasks.create(title=f"Task {number}", project_id=str(redmine.project_id), description="**bold**") for number in range(5)]
        assert made[0].raw["subject"] == "Task 0"
        changed = tasks.update(made[0].id, status="done", title="Done")
        assert (changed.title, changed.status) == ("Done", "done")
        comments.create(task_id=made[0].id, body="a comment")
        assert [comment.body for comment in comments.list(task_id=made[0].id)] == ["a comment"]
        listed = [task.title for task in tasks.list(project_id=str(redmine.project_id), limit=2)]
        assert {"Task 1", "Task 2", "Task 3", "Task 4"} <= {*listed}
        with pytest.raises(Rejected) as caught:
            tasks.create(title="x", project_id=str(redmine.project_id), parent_id="999999")
        assert redmine.key not in str(caught.value)
        tasks.delete(made[1].id)
        with pytest.raises(NotFound):
            tasks.get(made[1].id)
    with using(reading):
        assert tasks.get(made[2].id).title == "Task 2"
        with pytest.raises(Denied, match="in no toolset of key"):
            tasks.delete(made[2].id)
