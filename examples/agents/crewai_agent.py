"""A CrewAI agent that creates a Jira ticket. The model is scripted: put the name of your own in its place.

CrewAI 1.15 cannot be installed beside MCP 2 or later; it needs an environment of its own: `pip install 'unified-apis[crewai]'`.
"""

from __future__ import annotations

import json
import os
from typing import Any

os.environ.setdefault("CREWAI_DISABLE_TELEMETRY", "true")
os.environ.setdefault("OTEL_SDK_DISABLED", "true")

from crewai import Agent, Crew, Task
from crewai.llms.base_llm import BaseLLM
from pretend_jira import MENDED, MISTAKEN, REQUEST, PretendJira

from unified_platform.frameworks import crewai


class ScriptedModel(BaseLLM):
    """Says what its script says, and prints what it was told last."""

    script: list[str]

    def call(self, messages: Any, *args: Any, **kwargs: Any) -> str:
        print("told:", messages[-1]["content"] if isinstance(messages, list) else messages)
        return self.script.pop(0)

    def supports_function_calling(self) -> bool:
        return False


def acts(arguments: dict[str, Any]) -> str:
    return f"Thought: I need a ticket\nAction: tasks_create\nAction Input: {json.dumps(arguments)}\n"


def main() -> None:
    jira = PretendJira()
    model = ScriptedModel(model="scripted", script=[acts(MISTAKEN), acts(MENDED), "Thought: done\nFinal Answer: I created PROJ-1."])
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
