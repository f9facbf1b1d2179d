"""Events as a way around toolsets and policies: an agent gets no event of a record that it could not read by a call."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.brokers import serving
from tests.unit.runtime.server import Loopback, Reply
from unified_platform.agents import registry
from unified_platform.approvals.store import ApprovalStore
from unified_platform.broker.agent_keys import InvalidAgentKey, KeyStore, Scope
from unified_platform.broker.assembly import KeyScopePolicy
from unified_platform.broker.calls import Calls
from unified_platform.broker.database import open_store
from unified_platform.broker.events import MOST_READS, Readers
from unified_platform.broker.identity import Identity
from unified_platform.broker.parts import Broker
from unified_platform.broker.principals import Principal
from unified_platform.catalog import capabilities
from unified_platform.catalog.toolsets import EVERYTHING
from unified_platform.inbox import Inbox, follow, open_inbox
from unified_platform.policy.cedar import CedarPolicies
from unified_platform.policy.combined import AllEngines
from unified_platform.policy.rego import RegoPolicies
from unified_runtime import AsyncClient, Client, InvalidInput, PolicyEnforcer, Settings, acting, bearer, using
from unified_runtime.adapter_api.webhooks import Event, KeyedEvent
from unified_runtime.core.connection_registry import Connections
from unified_runtime.core.policy_decisions import PolicyEngine
from unified_runtime.rate_limits.rate_limiter import Unlimited

TOKEN = "eyJ.of-an-identity.provider"
READS_TASKS = '[agents.helper]\ntoolsets = ["tasks.read"]\n'
MALLORYS = """forbid (principal, action, resource) when { resource has creator_id && resource.creator_id == "mallory" };"""
ALL = '@id("all") permit (principal, action, resource);\n'


class Tokens:
    """Identity provider in the test: its token has every toolset, as real ones do; the agents' file limits the agent."""

    async def principal(self, token: str) -> Principal:
        if token != TOKEN:
            raise InvalidAgentKey("not this one")
        return Principal("helper", EVERYTHING, "token of helper", ("alice",))

    async def exchange(self, subject_token: str, actor: Principal) -> Any:
        raise InvalidAgentKey("not here")


class World:
    """Broker that has received alice's events, and the vendor that has their records."""

    def __init__(self, folder: Path, vendor: Loopback) -> None:
        self.folder = folder
        self.vendor = vendor
        self.inbox = open_inbox(folder / "inbox.db")
        self.control = open_store(folder / "control.db")
        self.approvals = ApprovalStore(self.control)
        self.keys = KeyStore(self.control)
        self.connections = Connections()

    def connect(self) -> None:
        AsyncClient(connections=self.connections).connect("github", bearer("t"), user="alice", server=self.vendor.url)

    def receives(self, *ids: str, type: str = "task.created", resource: str = "tasks", user: str | None = "alice") -> None:
        self.inbox.put("gh", "github", user, [KeyedEvent(f"{type} {id}", Event(type, resource, id)) for id in ids])

    def calls(self, engine: PolicyEngine) -> Calls:
        client = AsyncClient(connections=self.connections, settings=Settings(deadline=5, attempts=1))  # a broker closes its client
        return Calls(client, PolicyEnforcer(engine, approvals=self.approvals), Unlimited())

    def returned(self, engine: PolicyEngine, by: str, *, reader: str = "triage", limit: int = 50) -> list[str]:
        calls = self.calls(engine)
        readers = Readers(self.inbox, calls)
        if by == "process":
            enforcer = PolicyEnforcer(engine, approvals=self.approvals)
            client = Client(connections=self.connections, policy=enforcer, settings=Settings(deadline=5, attempts=1))
            with acting(agent="helper", user="alice"):
                return [one.record for one in follow(f"{reader}-process", client=client, inbox=self.inbox, wait=0)]
        with serving(Broker(calls, Identity(self.keys, Tokens()), readers=readers)) as url:
            secret = TOKEN
            if by == "key":
                secret = self.keys.create(Scope("helper", ("alice",), (), ("*",)), lifetime=None)[1].reveal()
            with Client(broker=url, key=secret) as client, using(client):
                return [one.record for one in follow(reader, client=client, wait=0)]


@pytest.fixture
def world(tmp_path: Path, server: Loopback) -> Iterator[World]:
    made = World(tmp_path, server)
    yield made
    made.inbox.close()
    made.control.close()


def issue(number: int, creator: str = "ada") -> Reply:
    now = "2026-11-01T00:00:00Z"
    body = {"id": number, "number": number, "title": "x", "state": "open", "created_at": now, "updated_at": now, "labels": []}
    return Reply.of(
        body
        | {
            "url": f"https://api.github.com/repos/a/w/issues/{number}",
            "repository_url": "https://api.github.com/repos/a/w",
            "html_url": f"https://github.com/a/w/issues/{number}",
            "user": {"login": creator, "id": 1, "type": "User"},
            "assignees": [],
            "comments": 0,
        }
    )


BY = pytest.mark.parametrize("by", ["key", "token", "process"])


def toolsets(text: str) -> registry.Agents:
    return registry.parse_agents(text, "agents.toml", capabilities.load())


@BY
def test_agents_toml_bounds_events_as_it_bounds_calls(world: World, by: str) -> None:
    world.receives("a/w#7#1", type="comment.created", resource="comments")
    world.receives("a/w#7")
    assert world.returned(toolsets(READS_TASKS), by) == ["a/w#7"]
    assert world.returned(toolsets('[agents.helper]\ntoolsets = ["comments.list"]\n'), by, reader="b") == ["a/w#7#1"]
    assert world.returned(toolsets('[agents.helper]\ntoolsets = ["tasks.create", "comments.create", "jira"]\n'), by, reader="c") == []
    assert world.returned(toolsets('[agents.another]\ntoolsets = ["tasks"]\n'), by, reader="d") == []
    assert world.vendor.seen == [], "toolsets need no record"


@BY
@pytest.mark.parametrize(
    "rule",
    [
        'forbid (principal, action in Action::"comments", resource);',
        'forbid (principal, action in [Action::"comments.list", Action::"comments.get"], resource);',
        'forbid (principal == Agent::"helper", action in Action::"comments", resource);',
        'forbid (principal, action in Action::"comments", resource) when { context.vendor == "github" };',
        'forbid (principal, action in Action::"comments", resource) when { context has user && context.user == "alice" };',
        'forbid (principal, action in Action::"comments", resource) unless { context.tenant == "acme" };',
        'forbid (principal, action in Action::"comments", resource) when { resource has author_id && resource.author_id == "mallory" };',
    ],
)
def test_policies_bound_events_as_they_bound_calls(world: World, by: str, rule: str) -> None:
    world.connect()
    world.receives("a/w#7#1", type="comment.created", resource="comments")
    assert world.returned(CedarPolicies({"a.cedar": ALL + rule}), by) == []
    assert world.vendor.seen == []


@BY
@pytest.mark.parametrize(
    "rule",
    [
        'forbid (principal, action == Action::"comments.list", resource);',
        'forbid (principal, action in Action::"comments", resource) when { context.input has task_id && context.input.task_id == "7" };',
        'forbid (principal, action in Action::"comments", resource) when { context.host == "another.example" };',
    ],
)
def test_an_event_whose_record_a_call_may_read_is_returned(world: World, by: str, rule: str) -> None:
    """Events are bounded as `comments.get` is: it is not among the calls that these rules forbid."""
    world.connect()
    world.receives("a/w#7#1", type="comment.created", resource="comments")
    assert world.returned(CedarPolicies({"a.cedar": ALL + rule}), by) == ["a/w#7#1"]


@BY
def test_a_policy_that_decides_on_the_record_decides_about_the_event(world: World, by: str) -> None:
    world.connect()
    world.receives("a/w#1", "a/w#2", "a/w#3")
    world.vendor.answers(issue(1, "ada"), issue(2, "mallory"), issue(3, "ada"))
    engine = CedarPolicies(
        {"a.cedar": ALL + 'forbid (principal, action, resource) when { resource has creator_id && resource.creator_id == "mallory" };'}
    )
    assert world.returned(engine, by) == ["a/w#1", "a/w#3"]
    assert [seen.target for seen in world.vendor.seen] == [f"/repos/a/w/issues/{n}" for n in (1, 2, 3)]


@BY
@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ('forbid (principal, action, resource == Task::"github/a/w#2");', ["a/w#1"]),
        ('forbid (principal, action, resource) when { context.input has id && context.input.id == "a/w#2" };', ["a/w#1"]),
        ('forbid (principal, action, resource) when { context has request && context.request.path like "*issues/2" };', ["a/w#1"]),
        ('forbid (principal, action, resource) when { context.now > datetime("2000-01-01") };', []),
    ],
)
def test_rules_about_ids_requests_and_time_apply_to_events(world: World, by: str, rule: str, expected: list[str]) -> None:
    world.connect()
    world.receives("a/w#1", "a/w#2")
    world.vendor.answers(issue(1), issue(2))
    assert world.returned(CedarPolicies({"a.cedar": ALL + rule}), by) == expected


@BY
def test_rego_too(world: World, by: str) -> None:
    world.connect()
    world.receives("a/w#1", "a/w#2")
    world.vendor.answers(issue(1), issue(2, "mallory"))
    text = 'package unified.policy\nimport rego.v1\nallow if input.record.creator_id == "ada"\nallow if not input.record\n'
    engine = RegoPolicies({"a.rego": text})
    assert world.returned(engine, by) in (["a/w#1"], [])


@BY
def test_events_request_no_approval(world: World, by: str) -> None:
    world.connect()
    world.receives("a/w#1", "a/w#2")
    world.vendor.answers(issue(1), issue(2))
    for text in (
        '@id("ask") @approval("people decide") forbid (principal, action in Action::"read", resource);',
        '@id("ask") @approval("people decide") forbid (principal, action in Action::"read", resource) '
        'when { resource has creator_id && resource.creator_id == "ada" };',
    ):
        assert world.returned(CedarPolicies({"a.cedar": ALL + text}), by) == []
    assert world.approvals.list(None) == []


@BY
def test_events_of_unreadable_records_are_withheld(world: World, by: str) -> None:
    world.receives("a/w#1", type="task.deleted")
    engine = CedarPolicies(
        {"a.cedar": ALL + 'forbid (principal, action, resource) when { resource has creator_id && resource.creator_id == "mallory" };'}
    )
    assert world.returned(engine, by) == [], "there is no connection"
    world.connect()
    world.vendor.answers(Reply.of({"message": "Not Found"}, 404))
    assert world.returned(engine, by, reader="b") == []


def test_an_event_waits_while_its_record_cannot_be_read(world: World) -> None:
    world.connect()
    world.receives("a/w#1", "a/w#2")
    engine = CedarPolicies(
        {"a.cedar": ALL + 'forbid (principal, action, resource) when { resource has creator_id && resource.creator_id == "mallory" };'}
    )
    world.vendor.answers(Reply.of({"message": "down"}, 503))
    assert world.returned(engine, "key") == []
    world.vendor.answers(issue(1), issue(2))
    assert world.returned(engine, "key") == ["a/w#1", "a/w#2"]


def test_the_records_of_one_response_are_bounded_and_events_behind_many_withheld_ones_arrive(world: World) -> None:
    world.connect()
    count = MOST_READS + 5
    world.receives(*[f"a/w#{n}" for n in range(1, count + 1)])
    engine = CedarPolicies(
        {"a.cedar": ALL + 'forbid (principal, action, resource) when { resource has creator_id && resource.creator_id == "mallory" };'}
    )
    readers = Readers(world.inbox, world.calls(engine))
    principal = Principal("helper", EVERYTHING, "key 1", ("alice",))
    world.vendor.answers(*[issue(n, "mallory") for n in range(1, count)], issue(count))

    async def read() -> list[str]:
        response = json.loads(await readers.read(b'{"reader": "triage"}', principal))
        token.append(response["token"])
        return [one["record"] for one in response.get("events", [])]

    async def again() -> list[str]:
        response = json.loads(await readers.read(json.dumps({"reader": "triage", "token": token[0]}).encode(), principal))
        return [one["record"] for one in response.get("events", [])]

    async def both() -> tuple[list[str], int, list[str]]:
        first = await read()
        return first, len(world.vendor.seen), await again()

    token: list[str] = []
    assert asyncio.run(both()) == ([], MOST_READS, [f"a/w#{count}"])
    assert len(world.vendor.seen) == count, "what was read is not read again"


def test_in_a_process_an_agent_gets_only_its_own_users_events(world: World) -> None:
    world.receives("a/w#1", user="bob")
    world.receives("a/w#2", user=None)
    assert world.returned(toolsets(READS_TASKS), "process") == ["a/w#2"]


def test_without_an_agent_or_a_policy_enforcer_a_process_reads_all_of_its_inbox(world: World) -> None:
    world.receives("a/w#1", user="bob")
    for name, agent, enforcer in (("a", None, PolicyEnforcer(toolsets(READS_TASKS))), ("b", "helper", None)):
        with acting(agent=agent) if agent else contextlib.nullcontext():
            assert [one.record for one in follow(name, client=Client(policy=enforcer), inbox=world.inbox, wait=0)] == ["a/w#1"]


def test_engines_together_decide_by_tool_only_if_each_does(world: World) -> None:
    world.receives("a/w#7#1", type="comment.created", resource="comments")
    looks = CedarPolicies({"a.cedar": ALL + 'forbid (principal, action, resource) when { context.host == "x" };'})
    by_tool = CedarPolicies({"a.cedar": ALL})
    assert (looks.by_tool, by_tool.by_tool) == (False, True)
    assert world.returned(AllEngines(toolsets('[agents.helper]\ntoolsets = ["comments"]\n'), looks), "token") == []
    assert world.returned(AllEngines(KeyScopePolicy(), by_tool), "token") == ["a/w#7#1"]


def test_tenants_with_one_inbox_see_and_displace_nothing_of_each_other(tmp_path: Path) -> None:
    inboxes = {name: open_inbox(tmp_path / "inbox.db", tenant=name) for name in ("default", "acme", "beta")}
    for name, inbox in inboxes.items():
        # The same hook, delivery, user and reader in every test.
        assert inbox.put("gh", "github", "alice", [KeyedEvent("delivery 1", Event("task.created", "tasks", f"a/{name}#1"))]) == 1
    for name, inbox in inboxes.items():
        token = inbox.lease("triage")
        assert token is not None
        (event,) = inbox.read("triage")
        assert event.record == f"a/{name}#1"
        assert inbox.latest() == [event]
        assert inbox.readers() == ["triage"]
        assert inbox.oldest_waiting("triage") is not None
        inbox.done("triage", token, event.position)
        assert inbox.oldest_waiting("triage") is None
        assert inbox.take_poll("mail", seconds=60) is not None
        assert inbox.take_poll("mail", seconds=60) is None
    assert _raises(lambda: inboxes["default"].lease("acme\ntriage"))


def _raises(call: Any) -> bool:
    with pytest.raises(InvalidInput):
        call()
    return True


def test_events_of_before_there_were_tenants_are_the_default_ones(tmp_path: Path) -> None:
    inbox: Inbox = open_inbox(tmp_path / "inbox.db")
    with inbox.database.writing("inbox") as session:
        session.run(
            "INSERT INTO inbox_events (seq, key, type, resource, record, vendor, source, owner, received_at) "
            "VALUES (1, 'k', 'task.created', 'tasks', 'a/w#1', 'github', 'gh', NULL, NOW())"
        )
    assert [one.record for one in inbox.latest()] == ["a/w#1"]
    assert open_inbox(tmp_path / "inbox.db", tenant="acme").latest() == []
