"""The README and the examples of agents, run as written from the installed wheel, in an environment without the checkout.

They take a minute, and need no network: third-party packages are those of the environment that runs the tests.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.support.brokers import free_port
from tests.support.doc_examples import ROOT, blocks
from tests.support.installed import Environment, clean_variables, run

pytestmark = pytest.mark.xdist_group("installed examples")  # one environment for all of them

AGENTS = ROOT / "examples" / "agents"
SCRIPTED = """
import langchain.agents
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage

create_agent = langchain.agents.create_agent


class Scripted(GenericFakeChatModel):
    def bind_tools(self, tools, **kwargs):
        return self


def create(model, tools, **options):
    calls = [{"name": "tasks_create", "args": {"title": "Fix the auth bug"}, "id": "1"}]
    return create_agent(Scripted(messages=iter([AIMessage("", tool_calls=calls), AIMessage("It is created.")])), tools, **options)


langchain.agents.create_agent = create
"""
"""Module that replaces the models of examples by one that creates a task."""
AS_WRITTEN = "import runpy, sys; __import__(sys.argv[2]); runpy.run_path(sys.argv[1], run_name='__main__')"


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment with the two distributions of this repository."""
    made = Environment(tmp_path_factory.mktemp("environment"))
    made.install(ROOT / "specs")
    return made


@pytest.fixture(scope="module")
def emulator(environment: Environment, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the installed emulators, in a process of their own."""
    port = free_port()
    command = [str(environment.bin / "unified"), "emulate", "jira", "todoist", "--port", str(port)]
    folder = tmp_path_factory.mktemp("emulator")
    process = subprocess.Popen(command, cwd=folder, env=clean_variables(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert process.stdout is not None
    for line in process.stdout:
        if str(port) in line:
            break
    else:
        pytest.fail("the emulators ended")
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(20)
    process.stdout.close()


def variables(folder: Path, emulator: str) -> Mapping[str, str]:
    return {
        "UNIFIED_VAULT": str(folder / "vault.db"),
        "UNIFIED_VAULT_KEY": f"file:{folder / 'vault.key'}",
        "UNIFIED_EMULATOR": emulator,
    }


def run_block(environment: Environment, folder: Path, page: str, number: int, more: Mapping[str, str] | None = None) -> str:
    """Run an example of a page in a folder; return what it prints."""
    script = folder / "example.py"
    script.write_text(blocks(page)[number], encoding="utf-8")
    (folder / "scripted.py").write_text(SCRIPTED, encoding="utf-8")
    done = run([environment.python, "-c", AS_WRITTEN, script, "scripted"], folder, variables=more)
    return done.stdout


def test_the_wheel_runs_and_not_this_checkout(environment: Environment, tmp_path: Path) -> None:
    for package in ("unified", "unified_runtime", "unified_platform", "unified_emulation", "unified_facts"):
        found = run([environment.python, "-c", f"import {package}; print({package}.__path__[0])"], tmp_path).stdout.strip()
        assert Path(found).is_relative_to(environment.bin.parent)


def test_the_readme_runs(environment: Environment, emulator: str, tmp_path: Path) -> None:
    assert "Fix the auth bug" in run_block(environment, tmp_path, "README.md", 0)
    assert run_block(environment, tmp_path, "README.md", 1).endswith("It is created.\n")
    accounts = variables(tmp_path, emulator)
    connect = ["connect", "jira", "--user", "alice", "-c", "site=acme", "--emulated"]
    run([environment.bin / "unified", *connect], tmp_path, variables=accounts)
    run([environment.bin / "unified", "call", "tasks.list", "--via", "jira", "--user", "alice"], tmp_path, variables=accounts)
    run_block(environment, tmp_path, "README.md", 2, accounts)


@pytest.mark.parametrize("page", ["docs/tutorials/agent.md", "docs/tutorials/first-call.md"])
def test_the_first_example_of_a_tutorial_runs(environment: Environment, emulator: str, tmp_path: Path, page: str) -> None:
    accounts = variables(tmp_path, emulator)
    connect = ["connect", "jira", "--user", "alice", "-c", "site=acme", "--emulated"]
    run([environment.bin / "unified", *connect], tmp_path, variables=accounts)
    printed = run_block(environment, tmp_path, page, 0, accounts)
    assert "tasks_create" in printed or "Fix the auth bug" in printed


EXAMPLES = [path.name for path in sorted(AGENTS.glob("*_a*.py")) if path.name != "crewai_agent.py"]
"""CrewAI needs an environment of its own."""


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_agent_of_each_framework_runs(environment: Environment, tmp_path: Path, name: str) -> None:
    shutil.copytree(AGENTS, tmp_path / "agents")
    printed = run([environment.python, name], tmp_path / "agents").stdout
    assert "PROJ-1" in printed
