"""Code modes of Pydantic AI and FastMCP over emulated vendors: their programs call our functions, under our policies.

The libraries have an environment of their own (`make code-modes`). Models are scripted.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[4]
PYTHON = ROOT / ".cache" / "code-modes" / "bin" / "python"
SOURCES = os.pathsep.join(str(ROOT / folder) for folder in ("generated", "generator", "runtime"))
SETUP = """
import asyncio, json
from unified_emulation.serving.local import LocalEmulator
from unified_platform.frameworks import code_mode
from unified_runtime import AsyncClient
from unified_runtime.core.policy_decisions import allow, deny
from unified_runtime.policy.enforcer import PolicyEnforcer
from unified_runtime.rate_limits.rate_limiter import Unlimited

class Engine:
    embedded = True
    def decide(self, questions):
        return [deny("deletions are not for agents") if one.operation == "delete" else allow() for one in questions]

emulated = AsyncClient(emulated=LocalEmulator(["redmine"]), rate_limiter=Unlimited())
client = AsyncClient(emulated.transport, connections=emulated.connections, policy=PolicyEnforcer(Engine()), rate_limiter=Unlimited())
options = {"user": "alice", "agent": "helper", "toolsets": ["tasks", "projects"], "vendors": ["redmine"], "async_client": client}
TEXT = "x" * 2000
"""
FASTMCP = """
from fastmcp import Client, FastMCP
from fastmcp.experimental.transforms.code_mode import CodeMode

CODE = '''
project = (await call_tool("projects_list", {}))["items"][0]["id"]
made = await call_tool("tasks_create", {"title": "By FastMCP", "project_id": project, "description": "%s"})
found = (await call_tool("tasks_list", {"project_id": project}))["items"]
try:
    await call_tool("tasks_create", {"title": "x", "project_id": project, "priority": "highest"})
    failed = ""
except Exception as error:
    failed = str(error)
try:
    await call_tool("tasks_delete", {"id": made["id"]})
    denied = ""
except Exception as error:
    denied = str(error)
return {"titles": [one["title"] for one in found if one["id"] == made["id"]],
        "length": max(len(one.get("description") or "") for one in found), "failed": failed, "denied": denied}
''' % TEXT

async def main():
    server = FastMCP("apps", tools=code_mode.fastmcp_tools(**options), transforms=[CodeMode()])
    async with Client(server) as mcp:
        names = sorted(tool.name for tool in await mcp.list_tools())
        schema = await mcp.call_tool("get_schema", {"tools": ["tasks_create"], "detail": "full"})
        result = await mcp.call_tool("execute", {"code": CODE})
    print(json.dumps({"names": names, "schema": schema.content[0].text, "result": result.structured_content}))

asyncio.run(main())
"""
PYDANTIC_AI = """
from pydantic_ai import Agent
from pydantic_ai.messages import ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models.function import FunctionModel
from pydantic_ai_harness import CodeMode

CODE = '''
project = (await projects_list())["items"][0]["id"]
made = await tasks_create(title="By Pydantic AI", project_id=project, description="%s")
found = (await tasks_list(project_id=project))["items"]
try:
    await tasks_get(id="987654")
    failed = ""
except Exception as error:
    failed = str(error)
try:
    await tasks_delete(id=made["id"])
    denied = ""
except Exception as error:
    denied = str(error)
{"titles": [one["title"] for one in found if one["id"] == made["id"]],
 "length": max(len(one.get("description") or "") for one in found), "failed": failed, "denied": denied}
''' % TEXT
seen = {}

def model(messages, info):
    seen["names"] = [tool.name for tool in info.function_tools]
    seen["schema"] = info.function_tools[0].description
    returned = [part.content for part in messages[-1].parts if part.part_kind in ("tool-return", "retry-prompt")]
    if not returned:
        wrong = "await tasks_create(title='x', project_id='1', priority='highest')"
        return ModelResponse(parts=[ToolCallPart("run_code", {"code": wrong})])
    if "wrong" not in seen:
        seen["wrong"] = returned[0]
        return ModelResponse(parts=[ToolCallPart("run_code", {"code": CODE})])
    seen["result"] = returned[0]
    return ModelResponse(parts=[TextPart("done")])

agent = Agent(FunctionModel(model), tools=code_mode.pydantic_ai_tools(**options), capabilities=[CodeMode()])
asyncio.run(agent.run("Create a task"))
print(json.dumps(seen, default=str))
"""


@pytest.fixture
def run() -> Any:
    if not PYTHON.exists():
        pytest.skip("the code modes are not installed: make code-modes")

    def made(code: str) -> Any:
        environ = {**os.environ, "PYTHONPATH": SOURCES}
        done = subprocess.run([PYTHON, "-c", SETUP + code], capture_output=True, text=True, check=False, timeout=300, env=environ)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return made


def check(result: Any, title: str, failure: str) -> None:
    assert result["titles"] == [title]
    assert result["length"] == 2000, "texts in lists are complete"
    assert failure in result["failed"]
    assert "deletions are not for agents" in result["denied"], "a policy applies to each call"


@pytest.mark.slow
def test_fastmcp(run: Any) -> None:
    seen = run(FASTMCP)
    assert seen["names"] == ["execute", "get_schema", "search"]
    assert "priority" in seen["schema"]
    check(seen["result"].get("result", seen["result"]), "By FastMCP", "'highest' is not one of low, medium, high, urgent")


@pytest.mark.slow
def test_pydantic_ai(run: Any) -> None:
    seen = run(PYDANTIC_AI)
    assert seen["names"] == ["run_code"]
    assert "due_date" in seen["schema"], "results have a schema"
    assert "invalid-argument-type" in str(seen["wrong"]), "values of arguments are checked before anything is sent"
    check(seen["result"], "By Pydantic AI", "no such record")


def test_a_missing_library_states_how_to_install_it() -> None:
    code = "import sys; sys.modules['fastmcp'] = None\nfrom unified_platform.frameworks import code_mode\n"
    code += "code_mode.fastmcp_tools(vendors=['jira'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr.rstrip().endswith("ImportError: fastmcp is not installed: pip install 'fastmcp[code-mode]'")
