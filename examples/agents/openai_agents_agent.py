"""OpenAI Agents SDK agent that creates a Jira ticket. The model is scripted; remove `model` to use OpenAI's."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

from agents import Agent, Model, ModelResponse, Runner, Usage, set_tracing_disabled
from agents.items import TResponseStreamEvent
from jira_emulator import FIXED, INVALID, REQUEST, JiraEmulator
from openai.types.responses import ResponseFunctionToolCall, ResponseOutputMessage, ResponseOutputText

from unified_platform.frameworks import openai_agents


def call(arguments: dict[str, Any], number: int) -> ResponseFunctionToolCall:
    return ResponseFunctionToolCall(
        type="function_call", name="tasks_create", arguments=json.dumps(arguments), call_id=f"call-{number}", id=f"item-{number}"
    )


def text_message(text: str) -> ResponseOutputMessage:
    content = [ResponseOutputText(type="output_text", text=text, annotations=[])]
    return ResponseOutputMessage(type="message", id="item-3", role="assistant", status="completed", content=content)


class ScriptedModel(Model):
    """Scripted model that ignores its input."""

    def __init__(self, *script: Any) -> None:
        self._script = iter(script)

    async def get_response(self, *args: Any, **kwargs: Any) -> ModelResponse:
        return ModelResponse(output=[next(self._script)], usage=Usage(), response_id=None)

    def stream_response(self, *args: Any, **kwargs: Any) -> AsyncIterator[TResponseStreamEvent]:
        raise NotImplementedError("the example does not stream")


def main() -> None:
    set_tracing_disabled(True)  # traces would be sent to OpenAI
    jira = JiraEmulator()
    tools = openai_agents.tools(user="alice", toolsets=["jira.tasks"], **jira.connected())
    model = ScriptedModel(call(INVALID, 1), call(FIXED, 2), text_message("I created PROJ-1."))
    agent = Agent(name="Secretary", tools=list(tools), model=model)
    result = asyncio.run(Runner.run(agent, REQUEST))
    for item in result.new_items:
        print(type(item).__name__, getattr(item, "output", ""))
    print(result.final_output)
    print(jira.issues)


if __name__ == "__main__":
    main()
