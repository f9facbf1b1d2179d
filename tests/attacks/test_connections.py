"""Another user's connection, and the confused deputy: code that handles an agent's input and acts for another user."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from typing import Any

import pytest

import unified
from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.callers import QUICK
from tests.unit.runtime.policies import Engine, MemoryAuditLog
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_describe import FIELDS, KINDS, TYPES
from tests.unit.runtime.test_statuses import ISSUE
from unified_platform.tools import tools
from unified_runtime import Client, Denied, InvalidInput, NotConnected, PolicyEnforcer, acting, basic, using
from unified_runtime.core.context import current_acting
from unified_runtime.core.policy_decisions import Decision, PolicyRequest, allow, deny

USERS = ("alice", "bob")


@pytest.fixture
def client(server: Loopback) -> Client:
    """Client through which two users are connected, without a connection for everyone."""
    made = Client(settings=QUICK)
    for user in USERS:
        made.connect(VENDOR, basic(user, f"{user}s-password"), server=server.url, user=user)
    return made


def users(server: Loopback) -> list[str]:
    """Return whose credential each request carried."""
    import base64

    return [base64.b64decode(seen.headers["Authorization"].removeprefix("Basic ")).decode().partition(":")[0] for seen in server.seen]


# ------------------------------------------------------------------------------------------------ another user's connection
@pytest.mark.parametrize("user", ["Alice", "alice ", "ALICE", "alice\u200b", "al\u0131ce", "carol", "", "*", "%", "alice\x00", "../alice"])
def test_a_name_that_is_nearly_a_users_opens_nothing(client: Client, server: Loopback, user: str) -> None:
    with using(client), pytest.raises((NotConnected, InvalidInput)), acting(user=user):
        tasks.get("P-1")
    assert server.seen == []


def test_no_one_is_served_by_a_users_connection(client: Client, server: Loopback) -> None:
    with using(client), pytest.raises(NotConnected):
        tasks.get("P-1")
    assert server.seen == []


def test_a_list_that_bob_goes_on_reading_stays_alices(client: Client, server: Loopback) -> None:
    """A call begun for one user never continues with another's credential, in either direction."""
    server.answers(Reply.of({"issues": [ISSUE], "next": "2"}), Reply.of({"issues": [{"key": "P-2"}]}))
    with using(client):
        with acting(user="alice"):
            pages = tasks.list()
        with acting(user="bob"):
            assert len([*pages]) == 2
    assert users(server) == ["alice", "alice"]


def test_threads_and_tasks_do_not_inherit_each_others_users(client: Client, server: Loopback) -> None:
    server.answers(*[Reply.of(ISSUE)] * 40)
    seen: dict[str, set[str | None]] = {user: set() for user in USERS}

    def work(user: str) -> None:
        with using(client), acting(user=user):
            for _ in range(10):
                tasks.get("P-1")
                seen[user].add(current_acting().user)

    threads = [threading.Thread(target=work, args=(user,)) for user in USERS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    async def one(user: str) -> None:
        with acting(user=user):
            for _ in range(10):
                await asyncio.sleep(0)
                seen[user].add(current_acting().user)

    async def both() -> None:
        await asyncio.gather(*(one(user) for user in USERS))

    asyncio.run(both())
    assert seen == {user: {user} for user in USERS}
    assert sorted(users(server)) == ["alice"] * 10 + ["bob"] * 10


def test_a_user_of_another_vendor_is_another_user(client: Client, server: Loopback) -> None:
    client.connect("redmine", unified.api_key("carols-key"), url="https://redmine.example", server=server.url, user="carol")
    with using(client), acting(user="carol"), pytest.raises(NotConnected):
        tasks.get("P-1")
    assert server.seen == []


# ------------------------------------------------------------------------------------------------ the confused deputy
CHANGES: list[dict[str, str]] = [
    {"user": "bob"},
    {"agent": "admin"},
    {"on_behalf_of": "root"},
    {"user": "bob", "agent": "helper"},
    {"team": "sales"},
]


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_inside_an_agents_block_no_one_becomes_somebody_else(client: Client, server: Loopback, change: dict[str, str]) -> None:
    with using(client), acting(user="alice", agent="helper", on_behalf_of="carol"):
        with pytest.raises(Denied, match="cannot become"), acting(**change):
            tasks.get("P-1")
        with acting(via="acme"), pytest.raises(Denied), acting(**change):  # nor in a nested block
            tasks.get("P-1")
        assert (current_acting().user, current_acting().agent) == ("alice", "helper")
    assert server.seen == []


def test_tool_acts_for_its_user_for_any_caller(client: Client, server: Loopback) -> None:
    """A tool made for alice and called inside bob's block, by mistake or on purpose, does not reach bob's account."""
    client.connect("redmine", unified.api_key("alices-key"), url="https://redmine.example", server=server.url, user="alice")
    client.connect("redmine", unified.api_key("bobs-key"), url="https://redmine.example", server=server.url, user="bob")
    mine = tools(user="alice", agent="helper", vendors=["redmine"], client=client)
    server.answers(Reply.of({"issue": {"id": 1, "subject": "x"}}))
    with acting(user="bob"):
        mine.call("tasks_get", {"id": "1"})
    assert [seen.headers["X-Redmine-API-Key"] for seen in server.seen] == ["alices-key"]
    server.seen.clear()
    with acting(user="bob", agent="other"):
        result = mine.call("tasks_get", {"id": "1"})
    assert (result.failed, result.error) == (True, "Denied")
    assert server.seen == []


@pytest.mark.parametrize("argument", ["user", "agent", "on_behalf_of", "team", "connection", "server", "credential", "token", "scheme"])
def test_a_model_cannot_choose_its_user(client: Client, server: Loopback, argument: str) -> None:
    client.connect("redmine", unified.api_key("alices-key"), url="https://redmine.example", server=server.url, user="alice")
    mine = tools(user="alice", agent="helper", vendors=["redmine"], client=client)
    assert all(argument not in tool.parameters["properties"] for tool in mine)
    result = mine.call("tasks_get", {"id": "1", argument: "bob"})
    assert result.failed
    assert server.seen == []


def test_the_policy_is_evaluated_for_the_acting_user_not_the_named_one(client: Client, server: Loopback) -> None:
    audit_log = MemoryAuditLog()
    engine = Engine(lambda question: deny() if question.user != "alice" or question.agent != "helper" else allow())
    governed = Client(settings=QUICK, connections=client.connections, policy=PolicyEnforcer(engine, audit=audit_log))
    server.answers(Reply.of(ISSUE))
    with using(governed):
        with acting(user="alice", agent="helper"):
            tasks.get("P-1")
        with acting(user="bob", agent="helper"), pytest.raises(Denied):
            tasks.get("P-1")
        # A copied context has the values of its creation: it cannot be carried into another user's block.
        with acting(user="bob", agent="helper"):
            copied = contextvars.copy_context()
        with acting(user="alice", agent="helper"), pytest.raises(Denied):
            copied.run(tasks.get, "P-1")
    assert users(server) == ["alice"]
    assert {entry["user"] for entry in audit_log.entries if entry.get("decision") == "deny"} == {"bob"}


def test_results_of_one_agent_are_not_cached_for_another(server: Loopback) -> None:
    """A description is cached for some minutes; an agent that may not read its content does not get it from the cache."""

    def rule(question: PolicyRequest) -> Decision:
        return allow() if question.agent == "helper" else deny("not for this agent")

    client = Client(settings=QUICK, policy=PolicyEnforcer(Engine(rule)))
    client.connect("jira", unified.basic("me@example.com", "pw"), site="acme", server=server.url)
    server.answers(Reply.of(TYPES), Reply.of(KINDS), Reply.of(FIELDS))

    def described() -> Any:
        return unified.describe("tasks", via="jira", project_id="PROJ", type="Task")

    with using(client):
        with acting(agent="helper"):
            stored = described()
            assert stored.fields
            assert described() is stored
        with acting(agent="other"):
            with pytest.raises(Denied):
                described()
            # Nor does the error for a wrong field reveal which fields exist.
            with pytest.raises(Denied):
                unified.tasks.create(
                    title="x", project_id="PROJ", type="Task", extra={"jira": {"fields": {"customfield_404": 1}}}, via="jira"
                )
    assert len(server.seen) == 3


@pytest.mark.parametrize("leave", [lambda: None, lambda: [].pop()], ids=["at its end", "by an error"])
def test_a_block_ends_however_it_ends(client: Client, leave: Callable[[], object]) -> None:
    for _ in range(2):
        try:
            with acting(user="alice", agent="helper"):
                leave()
        except IndexError:
            pass
        assert (current_acting().user, current_acting().agent) == (None, None)
