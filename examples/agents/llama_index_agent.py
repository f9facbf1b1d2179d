"""LlamaIndex agent that creates a Jira ticket. The model is scripted; pass your own instead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Any

from jira_emulator import FIXED, INVALID, REQUEST, JiraEmulator
from llama_index.core.agent.workflow import FunctionAgent, ToolCallResult
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, CompletionResponse, LLMMetadata
from llama_index.core.llms.function_calling import FunctionCallingLLM
from llama_index.core.tools import ToolSelection
from pydantic import PrivateAttr

from unified_platform.frameworks import llama_index


class ScriptedModel(FunctionCallingLLM):
    """Scripted model that ignores its input. Each message of the script is a text, or the arguments of a call."""

    _script: list[dict[str, Any] | str] = PrivateAttr(default_factory=list)

    def __init__(self, *script: dict[str, Any] | str) -> None:
        super().__init__()
        self._script = list(script)

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(is_function_calling_model=True, model_name="scripted")

    def _prepare_chat_with_tools(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return {"messages": []}

    async def astream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> AsyncGenerator[ChatResponse, None]:
        message = self._script.pop(0)
        calls = [ToolSelection(tool_id="call", tool_name="tasks_create", tool_kwargs=message)] if isinstance(message, dict) else []

        async def stream() -> AsyncGenerator[ChatResponse, None]:
            text = message if isinstance(message, str) else ""
            yield ChatResponse(message=ChatMessage(role="assistant", content=text, additional_kwargs={"calls": calls}), delta=text)

        return stream()

    def get_tool_calls_from_response(
        self, response: ChatResponse, error_on_no_tool_call: bool = True, **kwargs: Any
    ) -> list[ToolSelection]:
        calls: list[ToolSelection] = response.message.additional_kwargs["calls"]
        return calls

    def chat(self, *args: Any, **kwargs: Any) -> ChatResponse:
        raise NotImplementedError("the example streams")

    achat = stream_chat = chat

    def complete(self, *args: Any, **kwargs: Any) -> CompletionResponse:
        raise NotImplementedError("the example chats")

    acomplete = stream_complete = astream_complete = complete


async def run(jira: JiraEmulator) -> None:
    tools = llama_index.tools(user="alice", toolsets=["jira.tasks"], **jira.connected())
    agent = FunctionAgent(tools=tools, llm=ScriptedModel(INVALID, FIXED, "I created PROJ-1."))
    handler = agent.run(REQUEST)
    async for event in handler.stream_events():
        if isinstance(event, ToolCallResult):
            print("failed:" if event.tool_output.is_error else "done:", event.tool_output.content)
    print(await handler)


def main() -> None:
    jira = JiraEmulator()
    asyncio.run(run(jira))
    print(jira.issues)


if __name__ == "__main__":
    main()
