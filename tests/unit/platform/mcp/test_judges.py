"""Independent judges: the protocol's conformance suite, and its inspector over stdio and HTTP."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.mcp import judges
from tests.support.mcp.everything import with_everything
from tests.support.mcp.serving import served
from tests.unit.platform.mcp.conftest import ISSUE, connected
from tests.unit.runtime.server import Loopback, Reply
from unified_platform import mcp

pytestmark = pytest.mark.filterwarnings("ignore::mcp.shared.exceptions.MCPDeprecationWarning")


@pytest.fixture(autouse=True)
def _installed() -> None:
    if reason := judges.missing():
        pytest.skip(reason)


def test_no_scenario_of_the_conformance_suite_fails(redmine: Loopback, tmp_path: Path) -> None:
    server = with_everything(mcp.server(mcp.Profile(user="alice"), client=connected(redmine)))
    with served(mcp.http_app(server)) as url:
        found = judges.conformance(f"{url}/mcp", tmp_path)
    assert [check for check in found if check.status == "FAILURE"] == []
    assert len({check.scenario for check in found}) >= 30, "every scenario for servers was run"
    assert sum(check.status == "SUCCESS" for check in found) >= 35


@pytest.fixture(params=["stdio", "http"])
def inspect(request: pytest.FixtureRequest, redmine: Loopback, tmp_path: Path) -> Iterator[Any]:
    """Send one request of the inspector to the server, over a transport."""
    if request.param == "http":
        with served(mcp.http_app(mcp.server(mcp.Profile(user="alice"), client=connected(redmine)))) as url:
            yield lambda *requested: judges.inspector(f"{url}/mcp", "--transport", "http", *requested, environ={}, home=tmp_path)
        return
    environ = {"UNIFIED_REDMINE_KEY": "key", "UNIFIED_REDMINE_URL": redmine.url}
    given = [word for name, value in environ.items() for word in ("-e", f"{name}={value}")]
    command = [sys.executable, "-m", "unified_platform.cli", "mcp"]
    yield lambda *requested: judges.inspector(*given, *requested, "--transport", "stdio", "--", *command, environ={}, home=tmp_path)


def test_the_inspector_lists_reads_and_calls(inspect: Any, redmine: Loopback) -> None:
    tools = {tool["name"]: tool for tool in inspect("--method", "tools/list")["tools"]}
    assert {"tasks_create", "tasks_list", "projects_list"} <= set(tools)
    assert tools["tasks_delete"]["annotations"]["destructiveHint"] is True
    redmine.answers(Reply.of({"issue": ISSUE}))
    called = inspect("--method", "tools/call", "--tool-name", "tasks_get", "--tool-arg", 'id="1"')
    assert called["structuredContent"]["title"] == "One"
    assert "unified://guide" in {one["uri"] for one in inspect("--method", "resources/list")["resources"]}
    prompt = inspect("--method", "prompts/get", "--prompt-name", "report_bug", "--prompt-args", "what=It breaks", "project=P")
    assert "in the project P: It breaks" in prompt["messages"][0]["content"]["text"]
