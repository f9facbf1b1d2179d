"""Pydantic AI agent whose call is deferred until a person approves it. The model is scripted; pass the name of your own instead."""

from __future__ import annotations

from approvals import supervised
from jira_emulator import FIXED, REQUEST, JiraEmulator
from pydantic_ai import Agent, DeferredToolRequests, DeferredToolResults
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from unified_platform.frameworks import pydantic_ai


def scripted() -> FunctionModel:
    """Return a scripted model that ignores its input."""
    parts = iter([ToolCallPart("tasks_create", FIXED), TextPart("I created PROJ-1.")])

    def respond(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        return ModelResponse(parts=[next(parts)])

    return FunctionModel(respond)


def main() -> None:
    jira = JiraEmulator()
    agent = Agent(scripted(), tools=pydantic_ai.tools(**supervised(jira)), output_type=[str, DeferredToolRequests])
    result = agent.run_sync(REQUEST)
    requests = result.output
    assert isinstance(requests, DeferredToolRequests)
    for one in requests.approvals:
        print(requests.metadata[one.tool_call_id]["description"])
    print(jira.issues)
    decisions = DeferredToolResults(approvals={one.tool_call_id: True for one in requests.approvals})
    result = agent.run_sync(message_history=result.all_messages(), deferred_tool_results=decisions)
    print(result.output)
    print(jira.issues)


if __name__ == "__main__":
    main()
