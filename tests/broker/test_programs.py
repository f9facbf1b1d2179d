"""`/mcp/programs` on the broker: programs of agents that have no credential, their approvals, and programs of others."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

from tests.support.brokers import serving
from tests.support.waiting import until
from tests.unit.platform.mcp.conftest import ISSUE
from tests.unit.runtime.policies import MemoryAuditLog
from tests.unit.runtime.server import Loopback, Reply
from unified_emulation.serving.local import LocalEmulator
from unified_platform.approvals.store import ApprovalStore
from unified_platform.audit.database import open_store
from unified_platform.broker.agent_keys import KeyStore, Scope
from unified_platform.broker.assembly import KeyScopePolicy
from unified_platform.broker.calls import Calls
from unified_platform.broker.identity import Identity
from unified_platform.broker.limits import Limits
from unified_platform.broker.mcp import MCPMount
from unified_platform.broker.parts import Broker
from unified_platform.broker.programs import ProgramResumption
from unified_platform.idempotency.store import open_idempotency_store
from unified_platform.policy import loader
from unified_platform.programs import ProgramStore, open_program_store
from unified_runtime import AsyncClient, PolicyEnforcer, api_key
from unified_runtime.rate_limits.rate_limiter import Unlimited

SECRET = "a-very-secret-redmine-key"
POLICY = """
@id("all") permit (principal, action, resource);
@id("deletions") @approval("a person decides on deletions")
forbid (principal, action == Action::"tasks.delete", resource);
"""
CREATE = """
from unified import projects, tasks
made = tasks.create(title="By a program", project_id=projects.list()[0].id)
made.id
"""
DELETE = CREATE.replace("made.id\n", "tasks.delete(made.id)\nmade.title\n")
TITLES = "from unified import tasks\n[task.title for task in tasks.list() if task.title == 'By a program']"


@dataclass
class Served:
    """Running broker whose programs call emulated vendors, and its stores."""

    url: str
    keys: KeyStore
    store: ProgramStore
    approvals: ApprovalStore
    audit: MemoryAuditLog = field(default_factory=MemoryAuditLog)

    def key(self, **scope: Any) -> str:
        made = Scope(**({"agent": "helper", "users": ("alice",), "toolsets": ("tasks", "projects")} | scope))
        return self.keys.create(made, lifetime=None)[1].reveal()

    def run(self, bearer: str, code: str = "", *, headers: dict[str, str] | None = None, **given: Any) -> Any:
        """Run a program as an MCP client does, and return the result."""
        return _call(self.url, bearer, {"code": code, **given} if code else given, headers or {})


def _call(url: str, key: str, given: dict[str, Any], headers: dict[str, str], name: str = "run_program") -> Any:
    async def call() -> Any:
        authorization = {"Authorization": f"Bearer {key}", **headers}
        async with (
            httpx2.AsyncClient(headers=authorization, trust_env=False, timeout=60) as http,
            Client(streamable_http_client(url, http_client=http)) as client,
        ):
            return await client.call_tool(name, given)

    return asyncio.run(call())


@pytest.fixture(params=[False])
def served(tmp_path: Path, keys: KeyStore, request: pytest.FixtureRequest) -> Iterator[Served]:
    """A broker; with the parameter, it resumes programs by itself."""
    (tmp_path / "p.cedar").write_text(POLICY)
    audit = MemoryAuditLog()
    approvals = ApprovalStore(open_store(tmp_path / "control.db"), audit=audit)
    enforcer = PolicyEnforcer(loader.load(tmp_path / "p.cedar"), approvals=approvals, audit=audit)
    store = open_program_store(tmp_path / "programs.db", key=f"file:{tmp_path / 'key'}")
    client = AsyncClient(emulated=LocalEmulator(["redmine"]), rate_limiter=Unlimited())
    calls = Calls(client, enforcer, Unlimited(), idempotency=open_idempotency_store(tmp_path / "writes.db"))
    identity = Identity(keys)
    mounted = MCPMount(calls, identity, Limits(), "https://broker.example", programs=store)
    around = [mounted.around]
    if request.param:
        around.append(ProgramResumption(store, client, mounted.client_of, identity, approvals, interval=0.05).around)
    with serving(Broker(calls, identity, routes=mounted.routes(), around=around)) as url:
        yield Served(f"{url}/mcp/programs", keys, store, approvals, audit)
    store.close()


AGENT = """
import asyncio, json, os, sys
import httpx2
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client

async def main():
    headers = {"Authorization": "Bearer " + os.environ["KEY"]}
    async with httpx2.AsyncClient(headers=headers, trust_env=False, timeout=60) as http:
        async with Client(streamable_http_client(sys.argv[1], http_client=http)) as client:
            names = sorted(tool.name for tool in (await client.list_tools()).tools)
            found = await client.call_tool("search_api", {"query": "create a task"})
            ran = await client.call_tool("run_program", {"code": sys.argv[2]})
    loaded = sorted(name for name in sys.modules if name.startswith("unified"))
    print(json.dumps({"names": names, "found": found.content[0].text, "data": ran.structured_content, "loaded": loaded}))

asyncio.run(main())
"""


def test_an_agent_process_has_a_key_and_nothing_else(served: Served, tmp_path: Path) -> None:
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "KEY": served.key()}
    done = subprocess.run(
        [sys.executable, "-c", AGENT, served.url, CREATE], env=environ, capture_output=True, text=True, timeout=60, check=True
    )
    result = json.loads(done.stdout)
    assert result["loaded"] == [], "the agent has no code of this project"
    assert result["names"] == ["read_api", "run_program", "search_api"]
    assert "def create(" in result["found"]
    assert result["data"]["state"] == "completed"
    entries = [one for one in served.audit.entries if one["operation"] == "tasks.create"]
    assert {(one["agent"], one["user"], one["by"].partition(" ")[0]) for one in entries} == {("helper", "alice", "key")}
    assert {(one["program"]["id"], one["program"]["line"]) for one in entries} == {(result["data"]["id"], 3)}


def test_an_approval_pauses_a_program_and_a_person_decides(served: Served) -> None:
    key = served.key()
    paused = served.run(key, DELETE)
    assert paused.structured_content["state"] == "paused"
    id = paused.structured_content["id"]
    (waiting,) = served.approvals.list("pending")
    assert (waiting.subject.agent, waiting.subject.user) == ("helper", "alice")
    assert served.run(key, TITLES).structured_content["value"] == ["By a program"]
    assert served.run(key, resume=id).structured_content["state"] == "paused"
    served.approvals.approve(waiting.id, by="ada")
    ended = served.run(key, resume=id)
    assert (ended.structured_content["state"], ended.structured_content["value"]) == ("completed", "By a program")
    assert served.run(key, TITLES).structured_content["value"] == []
    assert served.run(key, resume=id).structured_content["value"] == "By a program", "the outcome of a program that has ended"


resuming = pytest.mark.parametrize("served", [True], indirect=True)


@resuming
def test_an_approved_program_goes_on_without_its_agent(served: Served) -> None:
    key = served.key()
    id = served.run(key, DELETE).structured_content["id"]
    (waiting,) = served.approvals.list("pending")
    served.approvals.approve(waiting.id, by="ada")
    until(lambda: served.store.get(id).status == "completed")
    assert served.run(key, resume=id).structured_content["value"] == "By a program"
    assert served.run(key, TITLES).structured_content["value"] == []
    deletions = [one for one in served.audit.entries if one.get("operation") == "tasks.delete" and "program" in one]
    assert {(one["agent"], one["user"], one["by"].partition(" ")[0]) for one in deletions} == {("helper", "alice", "key")}


@resuming
def test_a_denied_program_ends(served: Served) -> None:
    key = served.key()
    id = served.run(key, DELETE).structured_content["id"]
    served.approvals.deny(served.approvals.list("pending")[0].id, by="ada", note="keep it")
    until(lambda: served.store.get(id).status == "failed")
    assert "line 4: RuntimeError: Denied: ada has denied this call: keep it" in served.run(key, resume=id).content[0].text
    assert served.approvals.list("pending") == []


@resuming
def test_a_program_ends_with_its_key(served: Served) -> None:
    made, secret = served.keys.create(Scope("helper", ("alice",), (), ("tasks", "projects")), lifetime=None)
    id = served.run(secret.reveal(), DELETE).structured_content["id"]
    served.keys.revoke(made.id)
    served.approvals.approve(served.approvals.list("pending")[0].id, by="ada")
    until(lambda: served.store.get(id).status == "failed")
    assert f"the key {made.id} was revoked" in served.store.get(id).content.message
    assert served.run(served.key(), TITLES).structured_content["value"] == ["By a program"]


@resuming
def test_a_program_is_resumed_with_the_rights_that_its_key_has_now(served: Served) -> None:
    made, secret = served.keys.create(Scope("helper", ("alice",), (), ("tasks", "projects")), lifetime=None)
    id = served.run(secret.reveal(), DELETE).structured_content["id"]
    scope = msgspec.json.encode(Scope("helper", ("alice",), (), ("tasks.read", "projects"))).decode()
    with served.keys._database.writing("broker-keys") as session:
        session.run("UPDATE broker_keys SET scope = ? WHERE id = ?", scope, made.id)
    served.keys._fresh.clear()
    served.approvals.approve(served.approvals.list("pending")[0].id, by="ada")
    until(lambda: served.store.get(id).status == "failed")
    assert "tasks.create is not available to you" in served.store.get(id).content.text
    assert served.run(served.key(), TITLES).structured_content["value"] == ["By a program"]


def test_a_program_of_another_user_or_agent_is_not_found(served: Served) -> None:
    id = served.run(served.key(), DELETE).structured_content["id"]
    several = served.key(users=("alice", "bob"))
    for key, headers in (
        (served.key(users=("bob",)), {}),
        (served.key(agent="other"), {}),
        (several, {"X-Unified-User": "bob"}),
    ):
        result = served.run(key, resume=id, headers=headers)
        assert result.is_error
        assert result.content[0].text == f"there is no program {id}."
    assert served.run(several, resume=id, headers={"X-Unified-User": "alice"}).structured_content["state"] == "paused"


def test_a_key_with_fewer_rights_cannot_use_a_program_to_get_more(served: Served) -> None:
    reading = served.key(toolsets=("tasks.read", "projects"))
    refused = served.run(reading, CREATE)
    assert refused.is_error
    assert "tasks.create is not available to you" in refused.content[0].text
    id = served.run(served.key(), DELETE).structured_content["id"]
    (waiting,) = served.approvals.list("pending")
    served.approvals.approve(waiting.id, by="ada")
    resumed = served.run(reading, resume=id)
    assert resumed.is_error
    assert "have changed since it was paused" in resumed.content[0].text
    assert served.run(reading, TITLES).structured_content["value"] == ["By a program"]


def test_a_durable_program_is_that_of_its_agent_and_user(served: Served) -> None:
    key = served.key()
    first = served.run(key, CREATE, key="k").structured_content
    assert served.run(key, CREATE, key="k").structured_content["value"] == first["value"]
    other = served.run(served.key(users=("bob",)), CREATE, key="k").structured_content
    assert other["value"] != first["value"]
    assert len(served.run(key, TITLES).structured_content["value"]) == 2


def test_programs_of_many_agents_do_not_wait_for_each_other(served: Served) -> None:
    """Programs wait in threads for calls of the event loop, which need threads themselves."""
    keys = [served.key(agent=f"agent-{number}", users=(f"user-{number}",)) for number in range(12)]
    code = "from unified import tasks\nimport time\ntime.sleep(0.5)\nlen([tasks.list(limit=1) for _ in range(5)])"
    with ThreadPoolExecutor(len(keys)) as pool:
        results = list(pool.map(lambda key: served.run(key, code), keys))
    assert [one.structured_content["value"] for one in results] == [5] * len(keys)


def test_a_program_never_has_a_secret_that_the_vendor_echoes(keys: KeyStore, tmp_path: Path) -> None:
    """A program could return it in another form, which is not recognized in the result any more."""
    redmine = Loopback()
    client = AsyncClient()
    client.connect("redmine", api_key(SECRET), url=redmine.url, user="alice")
    calls, identity = Calls(client, PolicyEnforcer(KeyScopePolicy()), Unlimited()), Identity(keys)
    store = open_program_store(tmp_path / "programs.db", key=f"file:{tmp_path / 'key'}")
    mounted = MCPMount(calls, identity, Limits(), "https://broker.example", programs=store)
    key = keys.create(Scope("helper", ("alice",), (), ("tasks",)), lifetime=None)[1].reveal()
    redmine.answers(Reply.of({"issue": {**ISSUE, "subject": f"The key is {SECRET}"}}), Reply.of({"errors": [f"not with {SECRET}"]}, 422))
    code = """
from unified import tasks
failed = ''
title = tasks.get('1').title or ''
try:
    tasks.delete('1')
except Exception as error:
    failed = str(error)
[title[::-1], failed[::-1]]
"""
    with serving(Broker(calls, identity, routes=mounted.routes(), around=[mounted.around])) as url:
        result = _call(f"{url}/mcp/programs", key, {"code": code}, {})
    assert not result.is_error, result.content[0].text
    assert len(redmine.seen) == 2
    assert SECRET[::-1] not in result.model_dump_json()
    assert "•••" in result.structured_content["value"][0][::-1]
    redmine.close()
    store.close()
