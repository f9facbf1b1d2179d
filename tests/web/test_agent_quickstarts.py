"""The quickstarts of agent frameworks run as written, at an emulated Jira; a server in OpenAI's format plays the model."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import langchain.agents.factory
import pytest
import uvicorn
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.support.doc_examples import ROOT, blocks, commands
from unified_emulation.serving.emulators import Emulators
from unified_emulation.serving.server import config

FOLDER = "docs/how-to"
LOOP = f"{FOLDER}/human-in-the-loop.md"
TASK = {"title": "Fix the auth bug", "project_id": "PROJ"}
DONE = "I created the ticket."


async def responses(request: Request) -> JSONResponse:
    """OpenAI's Responses API: call the tool, then report its result."""
    given = await request.json()
    created = any(isinstance(one, dict) and one.get("type") == "function_call_output" for one in given["input"])
    if created:
        text = {"type": "output_text", "text": DONE, "annotations": []}
        output: dict[str, Any] = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed", "content": [text]}
    else:
        assert "tasks_create" in [tool["name"] for tool in given["tools"]]
        called = {"name": "tasks_create", "arguments": json.dumps(TASK), "call_id": "call_1"}
        output = {"type": "function_call", "id": "fc_1", "status": "completed", **called}
    details = {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
    usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2, **details}
    settings = {"parallel_tool_calls": True, "tool_choice": "auto", "tools": []}
    head = {"id": "resp_1", "object": "response", "created_at": 1, "model": "scripted", "status": "completed"}
    return JSONResponse({**head, **settings, "output": [output], "usage": usage})


async def completions(request: Request) -> JSONResponse:
    """OpenAI's Chat Completions API: call the tool, then report its result."""
    given = await request.json()
    if any(one["role"] == "tool" for one in given["messages"]):
        message: dict[str, Any] = {"role": "assistant", "content": DONE}
    else:
        assert "tasks_create" in [tool["function"]["name"] for tool in given["tools"]]
        function = {"name": "tasks_create", "arguments": json.dumps(TASK)}
        message = {"role": "assistant", "content": None, "tool_calls": [{"id": "call_1", "type": "function", "function": function}]}
    choice = {"index": 0, "message": message, "finish_reason": "tool_calls" if "tool_calls" in message else "stop"}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return JSONResponse({"id": "1", "object": "chat.completion", "created": 1, "model": "scripted", "choices": [choice], "usage": usage})


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let clients of OpenAI use the scripted model."""
    routes = [Route(f"/v1/{name}", handler, methods=["POST"]) for name, handler in HANDLERS.items()]
    server = uvicorn.Server(config(Starlette(routes=routes), "127.0.0.1", 0))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        pass
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/v1")
    monkeypatch.setenv("OPENAI_API_KEY", "a key")
    monkeypatch.setenv("OPENAI_AGENTS_DISABLE_TRACING", "1")
    yield
    server.should_exit = True
    thread.join()


HANDLERS = {"responses": responses, "chat/completions": completions}


class Scripted(GenericFakeChatModel):
    """Model of LangChain that calls the tool, then reports its result."""

    def bind_tools(self, tools: Any, **kwargs: Any) -> Any:
        assert "tasks_create" in [tool.name for tool in tools]
        return self


@pytest.fixture
def langchain_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the model that LangChain creates by its name be scripted; packages of providers are not installed."""

    def create(name: str) -> Scripted:
        assert name == "anthropic:claude-sonnet-4-5"
        called = AIMessage("", tool_calls=[{"name": "tasks_create", "args": TASK, "id": "1"}])
        return Scripted(messages=iter([called, AIMessage(DONE)]))

    monkeypatch.setattr(langchain.agents.factory, "init_chat_model", create)


@pytest.fixture
def created(home: Path, emulated: tuple[str, Emulators]) -> Callable[[], int]:
    """A function that returns how many tasks with the title the emulator has got since the test began."""
    policy = re.search(r"^```cedar\n(.*?)^```$", (ROOT / LOOP).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert policy
    (home / "approvals.cedar").write_text(policy[1], encoding="utf-8")

    def count() -> int:
        return json.dumps(emulated[1].export().get("jira", {})).count(json.dumps(TASK["title"]))

    before = count()
    return lambda: count() - before


def run(page: str, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Run the examples of a page one after another, and return what each printed."""
    names: dict[str, Any] = {"__name__": "example"}
    printed = []
    for code in blocks(page):
        exec(compile(code, page, "exec"), names)
        printed.append(capsys.readouterr().out)
    return printed


@pytest.mark.parametrize("name", ["langgraph", "openai-agents", "pydantic-ai"])
def test_an_agent_creates_a_task_and_waits_for_an_approval(
    name: str, model: None, langchain_model: None, created: Callable[[], int], capsys: pytest.CaptureFixture[str]
) -> None:
    first, second = run(f"{FOLDER}/{name}.md", capsys)
    assert first == f"{DONE}\n"
    assert TASK["title"] in second, "the person sees the call"
    assert second.endswith(f"{DONE}\n")
    assert created() == 2


@pytest.mark.slow
def test_a_crew_creates_a_task(model: None, created: Callable[[], int], home: Path) -> None:
    python = ROOT / ".cache" / "crewai" / "bin" / "python"
    if not python.exists():
        pytest.skip("CrewAI is not installed: make crewai")
    (code,) = blocks(f"{FOLDER}/crewai.md")
    off = {"CREWAI_DISABLE_TELEMETRY": "true", "OTEL_SDK_DISABLED": "true", "PYTHONPATH": ""}
    done = subprocess.run(
        [str(python), "-c", code], capture_output=True, text=True, check=False, timeout=300, cwd=home, env={**os.environ, **off}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith(f"{DONE}\n")
    assert created() == 1


def test_a_call_waits_for_a_person(created: Callable[[], int], capsys: pytest.CaptureFixture[str]) -> None:
    (printed,) = run(LOOP, capsys)
    found = re.search(r"unified approvals approve (\S+?)[.`\s]", printed) or re.search(r"\b([0-9a-f]{8,})\b", printed)
    assert found, printed
    assert created() == 0
    approve = [sys.executable, "-m", "unified_platform.cli", "approvals", "approve", found[1]]
    done = subprocess.run(approve, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert run(LOOP, capsys) == [""]
    assert created() == 1


@pytest.mark.parametrize("name", ["langgraph", "openai-agents", "pydantic-ai", "crewai"])
def test_a_quickstart_is_short_and_starts_an_emulator(name: str) -> None:
    page = ROOT / FOLDER / f"{name}.md"
    assert len(page.read_text(encoding="utf-8").splitlines()) <= 60
    assert list(commands(page)) == [["emulate", "jira"], ["connect", "jira", "--user", "alice", "-c", "site=acme", "--emulated"]]
