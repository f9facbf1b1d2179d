"""Toolset names with small mistakes: none holds more than its exact meaning, and none is ignored."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2
import pytest
from click.testing import CliRunner

from tests.support.brokers import serving
from unified_platform.agents import registry
from unified_platform.broker.agent_keys import KeyStore, Scope
from unified_platform.broker.assembly import KeyScopePolicy
from unified_platform.broker.calls import Calls
from unified_platform.broker.database import open_store
from unified_platform.broker.events import Readers
from unified_platform.broker.identity import Identity
from unified_platform.broker.parts import Broker
from unified_platform.catalog import capabilities
from unified_platform.catalog.toolsets import parse_toolset
from unified_platform.cli import main
from unified_platform.inbox import open_inbox
from unified_platform.tools import tools
from unified_runtime import AsyncClient, Client, InvalidInput, PolicyEnforcer
from unified_runtime.core.wire import protocol
from unified_runtime.rate_limits.rate_limiter import Unlimited

ENTRIES = capabilities.load()
WORDS = [
    "", " ", ".", "..", "*", "**", "*.*", "tasks.*", "*.read", "jira.*", "jira.*.read", "jira.", "jira..read", "jira..", ".jira", ".tasks",
    "tasks.", "tasks..read", "tasks.read.", "tasks.read.*", "tasks.get.list", "jira.tasks.", "jira.tasks.*", "jira.tasks.get.x",
    "Tasks", "TASKS.READ", "Jira", "JIRA.tasks", "tasks.READ", "tasks.Get", "jira.Tasks", "tasks read", "tasks/read", "tasks:read",
    "tasks.rea", "tasks.reads", "tasks.get,tasks.delete", "tasks.read;tasks", "task", "jria", "jira-tasks",
    "tasks\n", "tasks\x00", " tasks",
    "tasks ", "\u200btasks", "tasks\u200b", "tas\u00adks", "t\u0430sks", "\uff54asks", "ta\u017fk\u017f", "j\u0131ra", "jira\uff0etasks",
    "jira\u3002tasks", "tasks\uff0eread", "__class__", "tasks.__init__", "tasks.None", "None", "null", "true", "all", "any", "everything",
    "extra.", "extra..", "extra.*", "extra.jria", "extra.jira.", "extra.jira..fields", "extra..jira", "extra.jira.fields.",
    "Extra", "EXTRA.jira",
    "extra.\u200bjira", "extra.jira.\u200bfields", "extra.jira.fields components", "extras", "extra.jira.*",
]  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_a_word_that_is_nearly_right_is_reported(word: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        parse_toolset([word], ENTRIES)
    with pytest.raises(InvalidInput):
        parse_toolset(["tasks.read", word], ENTRIES)
    with pytest.raises(InvalidInput):
        registry.parse_agents(f'[agents.helper]\ntoolsets = ["tasks.read", {_toml(word)}]', "agents.toml", ENTRIES)
    if word != "*":  # all tools, for a key
        with pytest.raises(InvalidInput):
            KeyStore(open_store(tmp_path / "control.db")).create(Scope("helper", (), (), (word,)), lifetime=None)


def _toml(text: str) -> str:
    return '"' + "".join(f"\\u{ord(character):04X}" for character in text) + '"'


@pytest.mark.parametrize("given", ["", ",", " , ", (), []])
def test_no_word_holds_nothing(given: Any) -> None:
    assert not parse_toolset(given, ENTRIES).operations(ENTRIES)
    assert not parse_toolset(given, ENTRIES).extra
    assert len(tools(client=Client(), user="alice", toolsets=given)) == 0


@pytest.mark.parametrize("text", ["[]", '""', "{}", "true", "1", '"tasks"', "[1]", "[[]]", '[["tasks"]]', "[true]", "[{}]"])
def test_a_list_of_toolsets_that_is_empty_or_not_one_holds_nothing(text: str) -> None:
    try:
        found = registry.parse_agents(f"[agents.helper]\ntoolsets = {text}", "agents.toml", ENTRIES)
    except InvalidInput:
        return
    assert not found.operations("helper", ENTRIES)


@pytest.mark.parametrize("words", ["*", "tasks.*", "Tasks", "jira.", "tasks.read,,*"])
def test_the_command_serves_nothing_for_a_wrong_word(words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UNIFIED_HOME", str(tmp_path))
    done = CliRunner().invoke(main, ["mcp", "--toolsets", words])
    assert done.exit_code != 0
    assert "toolset" in done.output


def test_an_operation_by_another_spelling_is_not_one_that_the_toolset_holds(tmp_path: Path) -> None:
    box = tools(client=Client(), user="alice", toolsets=["tasks.read"], vendors=["jira"])
    for name in ("tasks_delete", "tasks_ge\u0442", "TASKS_GET", "tasks_get\u200b", "tasks.get ", "", "*", "tasks_*", "__iter__"):
        assert box.call(name, {"id": "PROJ-1"}).failed


PATHS = sorted(value for name, value in vars(protocol).items() if name.isupper() and isinstance(value, str) and value.startswith("/v1/"))


@pytest.mark.parametrize("path", PATHS)
def test_no_route_accepts_the_key_of_another_tenant(tmp_path: Path, path: str) -> None:
    store = open_store(tmp_path / "control.db")
    acme, beta = KeyStore(store, tenant="acme"), KeyStore(store, tenant="beta")
    scope = Scope("helper", ("*",), ("*",), ("*",))
    keys = {tenant: made.create(scope, lifetime=None)[1].reveal() for tenant, made in {"acme": acme, "beta": beta}.items()}
    calls = Calls(AsyncClient(), PolicyEnforcer(KeyScopePolicy()), Unlimited())
    with serving(Broker(calls, Identity(acme), readers=Readers(open_inbox(tmp_path / "inbox.db"), calls))) as url:
        for body in ({}, {"operation": "tasks.get", "input": {"id": "1"}, "acting": {}}, {"acting": {"tenant": "acme"}}):
            responses = {name: httpx2.post(url + path, json=body, headers={"Authorization": f"Bearer {key}"}) for name, key in keys.items()}
            assert responses["beta"].status_code == 401, responses["beta"].text
            assert "acme" not in responses["beta"].text or "tenant 'beta'" in responses["beta"].text
            assert responses["acme"].status_code != 401


def test_every_route_is_tried() -> None:
    assert len(PATHS) >= 13
