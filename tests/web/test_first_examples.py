"""The examples of the README and the tutorials run as written, at emulated vendors; commands of all pages exist with their options."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import langchain.agents
import pytest
from click.testing import CliRunner
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

import unified
from tests.support.doc_examples import PAGES, ROOT, blocks, commands
from unified_emulation.serving.emulators import Emulators
from unified_platform.cli import main

README, AGENT, FIRST = "README.md", "docs/tutorials/agent.md", "docs/tutorials/first-call.md"


class Scripted(GenericFakeChatModel):
    """Model that calls one tool."""

    def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
        return self


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the models of the examples be scripted: they create a task."""
    create_agent = langchain.agents.create_agent

    def create(model: Any, tools: Any, **options: Any) -> Any:
        assert model == "anthropic:claude-sonnet-4-5"
        given = {"title": "Fix the auth bug"}
        if "project_id" in tools[0].args:
            given |= {"project_id": "PROJ"}
        called = AIMessage("", tool_calls=[{"name": "tasks_create", "args": given, "id": "1"}])
        return create_agent(Scripted(messages=iter([called, AIMessage("It is created.")])), tools, **options)

    monkeypatch.setattr(langchain.agents, "create_agent", create)


def run(page: str, *numbers: int) -> dict[str, Any]:
    """Run the examples of a page, one after another."""
    names: dict[str, Any] = {"__name__": "example"}
    found = blocks(page)
    for number in numbers or range(len(found)):
        exec(compile(found[number], page, "exec"), names)
    return names


def test_the_readme_runs(home: Path, scripted: None, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(blocks(README)) == 3
    assert len((ROOT / README).read_text(encoding="utf-8").splitlines()) <= 150
    run(README, 2)
    monkeypatch.delenv("UNIFIED_EMULATOR")  # the others have emulators of their own process
    run(README, 0, 1)
    printed = capsys.readouterr().out
    assert "Fix the auth bug" in printed
    assert printed.endswith("It is created.\n")


def test_the_tutorial_of_an_agent_runs(home: Path, scripted: None, capsys: pytest.CaptureFixture[str]) -> None:
    for words in commands(ROOT / AGENT):
        if words[:2] == ["policy", "start"]:
            done = CliRunner().invoke(main, words)
            assert done.exit_code == 0, done.output
    names = run(AGENT)
    assert "['tasks_create', 'tasks_get', 'tasks_list', 'tasks_update', 'tasks_delete']" in capsys.readouterr().out
    assert names["client"].policy is not None
    assert "tasks_delete" not in [tool.name for tool in names["langchain"].tools(user="alice", agent="helper", client=names["client"])]


def test_the_tutorial_of_a_first_call_runs(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, emulated: tuple[str, Emulators]
) -> None:
    connect = unified.connect
    monkeypatch.setattr(unified, "connect", lambda *given, **more: connect(*given, server=f"{emulated[0]}/asana/api/1.0", **more))
    monkeypatch.setenv("ASANA_TOKEN", "token")
    run(FIRST)
    assert "Fix the auth bug" in capsys.readouterr().out


def test_every_command_of_the_pages_exists() -> None:
    checked = 0
    for page in PAGES:
        for words in commands(page):
            command: click.Command = main
            context = click.Context(main, info_name="unified")
            arguments = list(words)
            while isinstance(command, click.Group) and arguments and not arguments[0].startswith("-"):
                found = command.get_command(context, arguments[0])
                assert found is not None, f"{page}: unified {' '.join(words)}"
                context, command = click.Context(found, context, arguments.pop(0)), found
            try:
                command.make_parser(context).parse_args(arguments)
            except click.UsageError as error:
                pytest.fail(f"{page}: unified {' '.join(words)}: {error.message}")
            checked += 1
    assert checked > 60


def test_a_wrong_command_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text('```sh\nunified call tasks.create title="a b" \\\n    --via jira  # creates\n```\n', encoding="utf-8")
    assert list(commands(page)) == [["call", "tasks.create", "title=a b", "--via", "jira"]]
