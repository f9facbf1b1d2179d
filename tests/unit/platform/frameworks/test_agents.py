"""Every framework's agent, with a scripted model: an error is reported in the framework's own way, then the corrected call is made."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
EXAMPLES = ROOT / "examples" / "agents"
ISSUE = {"summary": "Fix the auth bug", "project": {"key": "PROJ"}, "priority": {"name": "Highest"}, "issuetype": {"name": "Task"}}
CREATED = str({"PROJ-1": ISSUE})
MESSAGE = "'highest' is not one of low, medium, high, urgent"
SIGNALS = {
    "anthropic": "'is_error': True",
    "google_adk": "'response': {'error': \"priority: " + MESSAGE,
    "langchain": MESSAGE,
    "llama_index": "failed: priority: " + MESSAGE,
    "openai_agents": "ToolCallOutputItem priority: " + MESSAGE,
    "pydantic_ai": "retry=RetryInfo(cause='model_retry'",
}


def run_example(name: str, python: str = sys.executable) -> str:
    done = subprocess.run(
        [python, str(EXAMPLES / f"{name}.py")],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        env={**os.environ, "PYTHONPATH": "", "COLUMNS": "400"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("name", sorted(SIGNALS))
def test_an_agent_creates_a_ticket(name: str) -> None:
    output = run_example(f"{name}_agent")
    assert SIGNALS[name] in output
    assert MESSAGE in output
    assert "I created PROJ-1." in output
    assert output.rstrip().endswith(CREATED), "the invalid call created nothing, the fixed one an issue"


@pytest.mark.parametrize("name", ["langgraph", "openai_agents", "pydantic_ai"])
def test_a_person_approves_inside_the_framework(name: str) -> None:
    output = run_example(f"{name}_approval")
    before, _, after = output.partition("{}\n")
    assert "Fix the auth bug" in before, "the person sees the call"
    assert after.startswith("I created PROJ-1.")
    assert after.rstrip().endswith(CREATED)


@pytest.fixture
def crewai_python() -> str:
    found = ROOT / ".cache" / "crewai" / "bin" / "python"
    if not found.exists():
        pytest.skip("CrewAI is not installed: make crewai")
    return str(found)


@pytest.mark.slow
def test_crewai_in_an_environment_of_its_own(crewai_python: str) -> None:
    output = run_example("crewai_agent", crewai_python)
    assert "I created PROJ-1." in output
    assert output.rstrip().endswith(CREATED)


def test_only_the_framework_that_is_used_is_imported() -> None:
    code = (
        "import sys; from unified_platform import frameworks; from unified_platform.tools import tools; tools(vendors=['jira'])\n"
        "found = {name.partition('.')[0] for name in sys.modules}\n"
        "assert not found & {'langchain_core', 'agents', 'anthropic', 'pydantic_ai', 'google', 'llama_index', 'crewai', 'mcp'}, found"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [("langchain", "langchain_core", "langchain"), ("openai_agents", "agents", "openai-agents"), ("crewai", "crewai", "crewai")],
)
def test_a_missing_framework_states_how_to_install_it(name: str, module: str, extra: str) -> None:
    code = f"import sys; sys.modules[{module!r}] = None\nfrom unified_platform.frameworks import {name}\n{name}.tools(vendors=['jira'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.rstrip().endswith(f"ImportError: {module} is not installed: pip install 'unified-apis[{extra}]'")


@pytest.mark.slow
def test_crewai_calls_sync_and_async_and_reports_invalid_arguments(crewai_python: str) -> None:
    code = """
import asyncio
from jira_emulator import FIXED, INVALID, JiraEmulator
from unified_platform.frameworks import crewai
jira = JiraEmulator()
tool = next(one for one in crewai.tools(user="alice", toolsets=["jira.tasks"], **jira.connected()) if one.name == "tasks_create")
print(tool.run(**FIXED))
print(asyncio.run(tool.arun(**FIXED)))
print(tool.run(**INVALID))
print(tool.run(**{**FIXED, "due_date": "tomorrow"}))
print(sorted(jira.issues))
"""
    environ = {**os.environ, "PYTHONPATH": str(EXAMPLES)}
    done = subprocess.run([crewai_python, "-c", code], capture_output=True, text=True, check=False, timeout=300, env=environ)
    assert done.returncode == 0, done.stderr
    for output in ('"id":"PROJ-1"', '"id":"PROJ-2"', "is not one of low, medium, high, urgent", "due_date: "):
        assert output in done.stdout
    assert done.stdout.rstrip().endswith("['PROJ-1', 'PROJ-2']")


@pytest.mark.slow
def test_crewai_runs_programs(crewai_python: str) -> None:
    code = """
from unified_emulation.serving.local import LocalEmulator
from unified_platform.frameworks import crewai
from unified_runtime import Client
from unified_runtime.rate_limits.rate_limiter import Unlimited
client = Client(emulated=LocalEmulator(["redmine"]), rate_limiter=Unlimited())
made = crewai.tools(user="alice", toolsets=["tasks", "projects"], vendors=["redmine"], client=client, programs=True)
tools = {one.name: one for one in made}
print(sorted(tools))
print(tools["search_api"].run(query="create a task"))
code = "from unified import projects, tasks\\nmade = tasks.create(title='By CrewAI', project_id=projects.list()[0].id)\\nmade.title"
print(tools["run_program"].run(code=code))
try:
    print(tools["run_program"].run(code=code.replace("title=", "titel=")))
except ValueError as error:
    print(error)
"""
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(str(ROOT / folder) for folder in ("generated", "generator", "runtime"))}
    done = subprocess.run([crewai_python, "-c", code], capture_output=True, text=True, check=False, timeout=300, env=environ)
    assert done.returncode == 0, done.stderr
    for output in ("['read_api', 'run_program', 'search_api']", "def create(*, title: str", '"By CrewAI"', "create has no argument titel"):
        assert output in done.stdout


def test_a_conflicting_mcp_version_is_reported(crewai_python: str, tmp_path: Path) -> None:
    environ = {**os.environ, "HOME": str(tmp_path)}
    command = [crewai_python, "-m", "unified_platform.cli", "mcp"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=environ)
    assert "pip install 'unified-apis[mcp]'" in done.stderr
    assert "Traceback" not in done.stderr
