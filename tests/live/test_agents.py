"""A job of five steps by agents on a real Redmine: find the project, create a task, comment on it, list open tasks, close it.

The model is scripted, but only its intentions: every id comes from a tool's response, as text, as a model gets it.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable, Generator, Sequence
from typing import Any

import pytest

from tests.support.servers.redmine import Redmine
from tests.support.servers.trackers import of_redmine
from unified import comments, tasks
from unified_platform.frameworks import langchain, pydantic_ai
from unified_runtime import AsyncClient, Client, using
from unified_runtime.rate_limits.rate_limiter import Unlimited

TITLE = "Fix the auth bug"
STEPS = ["projects_list", "tasks_create", "comments_create", "tasks_list", "tasks_update"]

Call = tuple[str, dict[str, Any]]


def job(key: str) -> Generator[Call, str, str]:
    """Intentions of the model, step by step; it receives each tool's response."""
    found = data((yield "projects_list", {"text": "Demo", "limit": 100}))["items"]
    project = next(one["id"] for one in found if one["key"] == key)
    made = data((yield "tasks_create", {"title": TITLE, "project_id": project, "priority": "high"}))
    yield "comments_create", {"task_id": made["id"], "body": "Tokens **expire** too early."}
    open_ = data((yield "tasks_list", {"project_id": project, "status": "open"}))["items"]
    (mine,) = [one["id"] for one in open_ if one["title"] == TITLE]
    closed = data((yield "tasks_update", {"id": mine, "status": "done"}))
    return f"Task {closed['id']} is {closed['status']}."


def data(response: str) -> Any:
    """Return the data of a tool's response."""
    match = re.fullmatch(r'<data from="redmine">(.*)</data>', response, re.DOTALL)
    assert match is not None, response
    return json.loads(match[1])


class Script:
    """The model: its next call, given the last tool's response. `asked` are the tools it called."""

    def __init__(self, key: str) -> None:
        self._job = job(key)
        self.called: list[str] = []

    def next(self, response: str | None) -> Call | str:
        try:
            call = next(self._job) if response is None else self._job.send(response)
        except StopIteration as end:
            return str(end.value)
        self.called.append(call[0])
        return call


def by_mcp(script: Script, client: AsyncClient) -> str:
    """The official client of the protocol, in this process."""
    from mcp.client.client import Client as Session

    from unified_platform import mcp

    async def run() -> str:
        async with Session(mcp.server(mcp.Profile(), client=client), mode="legacy") as session:
            step = script.next(None)
            while not isinstance(step, str):
                result = await session.call_tool(*step)
                assert not result.is_error, result.content
                step = script.next(result.content[0].text)  # type: ignore[union-attr]
            return step

    return asyncio.run(run())


def by_langchain(script: Script, client: AsyncClient) -> str:
    from langchain.agents import create_agent
    from langchain_core.callbacks import CallbackManagerForLLMRun
    from langchain_core.language_models.chat_models import BaseChatModel
    from langchain_core.messages import AIMessage, BaseMessage, ToolMessage
    from langchain_core.outputs import ChatGeneration, ChatResult

    class Model(BaseChatModel):
        @property
        def _llm_type(self) -> str:
            return "scripted"

        def bind_tools(self, tools: Sequence[Any], **options: Any) -> Any:
            return self

        def _generate(
            self, messages: list[BaseMessage], stop: Any = None, run_manager: CallbackManagerForLLMRun | None = None, **options: Any
        ) -> ChatResult:
            last = messages[-1]
            step = script.next(str(last.content) if isinstance(last, ToolMessage) else None)
            if isinstance(step, str):
                message = AIMessage(step)
            else:
                message = AIMessage("", tool_calls=[{"name": step[0], "args": step[1], "id": f"call-{len(messages)}"}])
            return ChatResult(generations=[ChatGeneration(message=message)])

    agent = create_agent(
        Model(), langchain.tools(async_client=client, client=Client(connections=client.connections, rate_limiter=Unlimited()))
    )
    state = agent.invoke({"messages": [{"role": "user", "content": f"File a bug: {TITLE}. Then close it."}]})
    return str(state["messages"][-1].content)


def by_pydantic_ai(script: Script, client: AsyncClient) -> str:
    from pydantic_ai import Agent
    from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart, ToolReturnPart
    from pydantic_ai.models.function import AgentInfo, FunctionModel

    def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        last = messages[-1].parts[-1]
        step = script.next(str(last.content) if isinstance(last, ToolReturnPart) else None)
        return ModelResponse(parts=[TextPart(step) if isinstance(step, str) else ToolCallPart(*step)])

    agent = Agent(FunctionModel(answer), tools=pydantic_ai.tools(async_client=client))
    return str(agent.run_sync(f"File a bug: {TITLE}. Then close it.").output)


@pytest.mark.parametrize("agent", [by_mcp, by_langchain, by_pydantic_ai], ids=["mcp", "langchain", "pydantic_ai"])
def test_a_job_of_five_steps(redmine: Redmine, agent: Callable[[Script, AsyncClient], str]) -> None:
    connections = Client(rate_limiter=Unlimited())
    of_redmine(redmine).connect(connections)
    script = Script(redmine.project_key)
    output = agent(script, AsyncClient(connections=connections.connections, rate_limiter=Unlimited()))
    assert script.called == STEPS
    with using(connections):
        (made,) = tasks.list(project_id=str(redmine.project_id), status="done")
        (comment,) = comments.list(task_id=made.id)
    assert output == f"Task {made.id} is done."
    assert (made.title, made.status, made.priority) == (TITLE, "done", "high")
    assert comment.body == "Tokens **expire** too early."
