"""LangChain agent that creates a Jira ticket. The model is scripted; pass your own instead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from jira_emulator import FIXED, INVALID, REQUEST, JiraEmulator
from langchain.agents import create_agent
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_core.tools import BaseTool

from unified_platform.frameworks import langchain


class ScriptedModel(GenericFakeChatModel):
    """Scripted model that ignores its input."""

    def bind_tools(self, tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool], **kwargs: Any) -> Any:
        return self


def call(arguments: dict[str, Any], number: int) -> AIMessage:
    return AIMessage("", tool_calls=[{"name": "tasks_create", "args": arguments, "id": f"call-{number}"}])


def main() -> None:
    jira = JiraEmulator()
    tools = langchain.tools(user="alice", toolsets=["jira.tasks"], **jira.connected())
    model = ScriptedModel(messages=iter([call(INVALID, 1), call(FIXED, 2), AIMessage("I created PROJ-1.")]))
    agent = create_agent(model, tools)
    state = agent.invoke({"messages": [{"role": "user", "content": REQUEST}]})
    for message in state["messages"]:
        message.pretty_print()
    print(jira.issues)


if __name__ == "__main__":
    main()
