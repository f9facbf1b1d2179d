"""A Pydantic AI agent that creates a Jira ticket. The model is scripted: put the name of your own in its place."""

from __future__ import annotations

from typing import Any

from pretend_jira import MENDED, MISTAKEN, REQUEST, PretendJira
from pydantic_ai import Agent
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models.function import AgentInfo, FunctionModel

from unified_platform.frameworks import pydantic_ai


def scripted() -> FunctionModel:
    """A model that says what its script says, whatever it is told."""
    calls: list[dict[str, Any]] = [MISTAKEN, MENDED]
    parts = iter([*(ToolCallPart("tasks_create", arguments) for arguments in calls), TextPart("I created PROJ-1.")])

    def answer(messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        return ModelResponse(parts=[next(parts)])

    return FunctionModel(answer)


def main() -> None:
    jira = PretendJira()
    agent = Agent(scripted(), tools=pydantic_ai.tools(user="alice", toolsets=["jira.tasks"], **jira.connected()))
    result = agent.run_sync(REQUEST)
    for message in result.all_messages():
        print(*message.parts, sep="\n")
    print(jira.issues)


if __name__ == "__main__":
    main()
