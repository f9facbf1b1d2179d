"""Tools shown through a broker: exactly those that the key or token and the policies allow, not those of the agent's own process."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.attacks.test_events import ALL, TOKEN, Tokens, toolsets
from tests.support.brokers import serving
from unified_platform.broker.agent_keys import KeyStore, Scope
from unified_platform.broker.assembly import KeyScopePolicy
from unified_platform.broker.calls import Calls
from unified_platform.broker.database import open_store
from unified_platform.broker.identity import Identity
from unified_platform.broker.parts import Broker
from unified_platform.catalog import capabilities
from unified_platform.catalog.toolsets import parse_toolset
from unified_platform.policy.cedar import CedarPolicies
from unified_platform.policy.combined import AllEngines
from unified_platform.tools import tools
from unified_runtime import AsyncClient, Client, InvalidInput, PolicyEnforcer, basic, bearer
from unified_runtime.core.connection_registry import Connections
from unified_runtime.core.policy_decisions import PolicyEngine
from unified_runtime.rate_limits.rate_limiter import Unlimited

ENTRIES = capabilities.load()
NO_DELETING = ALL + 'forbid (principal, action in Action::"destructive", resource);'


class World:
    def __init__(self, folder: Path) -> None:
        self.keys = KeyStore(open_store(folder / "control.db"))
        self.connections = Connections()
        self.client = AsyncClient(connections=self.connections)
        self.client.connect("github", bearer("t"), user="alice")
        self.client.connect("jira", basic("me", "t"), user="alice", site="x")
        self.client.connect("asana", bearer("t"), user="bob", workspace="1")

    def shown(self, engine: PolicyEngine, *words: str, by: str = "key", **options: object) -> dict[str, set[str]]:
        """Return the operations of the tools that are shown, each with the vendors that they may call."""
        calls = Calls(self.client, PolicyEnforcer(engine), Unlimited())
        with serving(Broker(calls, Identity(self.keys, Tokens()))) as url:
            secret = TOKEN
            if by == "key":
                secret = self.keys.create(Scope("helper", ("alice",), (), words or ("*",)), lifetime=None)[1].reveal()
            box = tools(client=Client(broker=url, key=secret), user="alice", **options)  # type: ignore[arg-type]
            return {tool.definition.operation: set(tool.vendors) for tool in box}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def held(*words: str, via: tuple[str, ...] = ("github", "jira")) -> dict[str, set[str]]:
    entries = [entry for entry in ENTRIES if entry.name in via]
    return {name: set(vendors) for name, vendors in parse_toolset(words, ENTRIES).operations(entries).items()}


@pytest.mark.parametrize("words", [("tasks.read",), ("tasks.read", "jira.comments"), ("github",), ("comments.create", "jira.projects.get")])
def test_a_key_shows_its_toolsets_and_nothing_else(world: World, words: tuple[str, ...]) -> None:
    assert world.shown(KeyScopePolicy(), *words) == held(*words)


def test_agents_toml_and_policies_bound_what_is_shown(world: World) -> None:
    agents = toolsets('[agents.helper]\ntoolsets = ["tasks"]\n')
    reads = {name: via for name, via in held("tasks").items() if not name.endswith("delete")}
    for by in ("key", "token"):
        assert world.shown(agents, by=by) == held("tasks")
        assert world.shown(AllEngines(agents, CedarPolicies({"a.cedar": NO_DELETING})), by=by) == reads
        assert world.shown(toolsets('[agents.another]\ntoolsets = ["tasks"]\n'), by=by) == {}
    assert world.shown(agents, "comments") == {}


def test_tools_that_the_process_names_only_narrow(world: World) -> None:
    assert world.shown(KeyScopePolicy(), "tasks.read", toolsets=["tasks", "projects"]) == held("tasks.read")
    assert world.shown(KeyScopePolicy(), "tasks", toolsets=["tasks.read"]) == held("tasks.read")
    assert world.shown(KeyScopePolicy(), "tasks.read", vendors=["asana"]) == held("tasks.read", via=("asana",))
    assert world.shown(KeyScopePolicy(), "tasks.read", vendors=["asana", "jira"]) == held("tasks.read", via=("jira",)), "connected"
    assert world.shown(KeyScopePolicy(), "jira.tasks.read", vendors=["asana"]) == {}
    with pytest.raises(InvalidInput, match="there is no vendor"):
        world.shown(KeyScopePolicy(), "tasks", vendors=["jria"])


def test_a_policy_enforcer_of_the_agents_process_shows_nothing_more(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("unified_runtime.client.defaults.policy", PolicyEnforcer(CedarPolicies({"a.cedar": ALL})))
    assert world.shown(KeyScopePolicy(), "tasks.read") == held("tasks.read")
