"""Pydantic AI agent that creates a Jira ticket. The model is scripted; pass the name of your own instead."""

from __future__ import annotations

from typing import Any

from jira_emulator import FIXED, INVALID, REQUEST, JiraEmulator
from pydantic_ai import Agent
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from unified_platform.frameworks import pydantic_ai


def scripted() -> FunctionModel:
    """Return a scripted model that ignores its input."""
    calls: list[dict[str, Any]] = [INVALID, FIXED]
    parts = iter([*(ToolCallPart("tasks_create", arguments) for arguments in calls), TextPart("I created PROJ-1.")])

    def respond(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        return ModelResponse(parts=[next(parts)])

    return FunctionModel(respond)


def main() -> None:
    jira = JiraEmulator()
    agent = Agent(scripted(), tools=pydantic_ai.tools(user="alice", toolsets=["jira.tasks"], **jira.connected()))
    result = agent.run_sync(REQUEST)
    for message in result.all_messages():
        print(*message.parts, sep="\n")
    print(jira.issues)


if __name__ == "__main__":
    main()
