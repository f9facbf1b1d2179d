"""CrewAI agent that creates a Jira ticket. The model is scripted; pass the name of your own instead.

CrewAI 1.15 cannot be installed with MCP 2 or later, so it needs its own environment: `pip install 'unified-apis[crewai]'`.
"""

from __future__ import annotations

import json
import os
from typing import Any

os.environ.setdefault("CREWAI_DISABLE_TELEMETRY", "true")
os.environ.setdefault("OTEL_SDK_DISABLED", "true")

from crewai import Agent, Crew, Task
from crewai.llms.base_llm import BaseLLM
from jira_emulator import FIXED, INVALID, REQUEST, JiraEmulator

from unified_platform.frameworks import crewai


class ScriptedModel(BaseLLM):
    """Scripted model that prints its last message."""

    script: list[str]

    def call(self, messages: Any, *args: Any, **kwargs: Any) -> str:
        print("message:", messages[-1]["content"] if isinstance(messages, list) else messages)
        return self.script.pop(0)

    def supports_function_calling(self) -> bool:
        return False


def call(arguments: dict[str, Any]) -> str:
    return f"Thought: I need a ticket\nAction: tasks_create\nAction Input: {json.dumps(arguments)}\n"


def main() -> None:
    jira = JiraEmulator()
    model = ScriptedModel(model="scripted", script=[call(INVALID), call(FIXED), "Thought: done\nFinal Answer: I created PROJ-1."])
    agent = Agent(
        role="Secretary",
        goal="Keep the tracker in order",
        backstory="You write tickets.",
        tools=crewai.tools(user="alice", toolsets=["jira.tasks"], **jira.connected()),
        llm=model,
    )
    crew = Crew(agents=[agent], tasks=[Task(description=REQUEST, expected_output="The key of the ticket", agent=agent)])
    print(crew.kickoff())
    print(jira.issues)


if __name__ == "__main__":
    main()
