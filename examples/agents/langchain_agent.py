"""A LangChain agent that creates a Jira ticket. The model is scripted: put your own in its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from langchain.agents import create_agent
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from langchain_core.tools import BaseTool
from pretend_jira import MENDED, MISTAKEN, REQUEST, PretendJira

from unified_platform.frameworks import langchain


class ScriptedModel(GenericFakeChatModel):
    """Says what its script says, whatever it is told."""

    def bind_tools(self, tools: Sequence[dict[str, Any] | type | Callable[..., Any] | BaseTool], **kwargs: Any) -> Any:
        return self


def call(arguments: dict[str, Any], number: int) -> AIMessage:
    return AIMessage("", tool_calls=[{"name": "tasks_create", "args": arguments, "id": f"call-{number}"}])


def main() -> None:
    jira = PretendJira()
    tools = langchain.tools(user="alice", toolsets=["jira.tasks"], **jira.connected())
    model = ScriptedModel(messages=iter([call(MISTAKEN, 1), call(MENDED, 2), AIMessage("I created PROJ-1.")]))
    agent = create_agent(model, tools)
    state = agent.invoke({"messages": [{"role": "user", "content": REQUEST}]})
    for message in state["messages"]:
        message.pretty_print()
    print(jira.issues)


if __name__ == "__main__":
    main()
