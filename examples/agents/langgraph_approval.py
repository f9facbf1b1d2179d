"""LangGraph agent whose graph is interrupted until a person approves a call. The model is scripted; pass your own instead."""

from __future__ import annotations

from approvals import supervised
from jira_emulator import FIXED, REQUEST, JiraEmulator
from langchain.agents import create_agent
from langchain_agent import ScriptedModel, call
from langchain_core.messages import AIMessage
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from unified_platform.frameworks import langchain


def main() -> None:
    jira = JiraEmulator()
    model = ScriptedModel(messages=iter([call(FIXED, 1), AIMessage("I created PROJ-1.")]))
    agent = create_agent(model, langchain.tools(**supervised(jira)), checkpointer=InMemorySaver())
    thread: RunnableConfig = {"configurable": {"thread_id": "1"}}
    state = agent.invoke({"messages": [{"role": "user", "content": REQUEST}]}, thread)
    for interrupt in state["__interrupt__"]:
        print(interrupt.value["action_requests"][0]["description"])
    print(jira.issues)
    state = agent.invoke(Command(resume={"decisions": [{"type": "approve"}]}), thread)
    print(state["messages"][-1].text)
    print(jira.issues)


if __name__ == "__main__":
    main()
