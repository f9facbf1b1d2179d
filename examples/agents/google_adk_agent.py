"""Google Agent Development Kit agent that creates a Jira ticket. The model is scripted; pass the name of your own instead."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from typing import Any

from google.adk.agents import LlmAgent
from google.adk.models import BaseLlm, LlmRequest, LlmResponse
from google.adk.runners import InMemoryRunner
from google.genai import types
from jira_emulator import FIXED, INVALID, REQUEST, JiraEmulator

from unified_platform.frameworks import google_adk


class ScriptedModel(BaseLlm):
    """Scripted model that ignores its input."""

    script: Iterator[types.Part]

    async def generate_content_async(self, llm_request: LlmRequest, stream: bool = False) -> AsyncGenerator[LlmResponse, None]:
        yield LlmResponse(content=types.Content(role="model", parts=[next(self.script)]))


def call(arguments: dict[str, Any]) -> types.Part:
    return types.Part.from_function_call(name="tasks_create", args=arguments)


async def run(jira: JiraEmulator) -> None:
    script = iter([call(INVALID), call(FIXED), types.Part.from_text(text="I created PROJ-1.")])
    agent = LlmAgent(
        name="secretary",
        model=ScriptedModel(model="scripted", script=script),
        tools=list(google_adk.tools(user="alice", toolsets=["jira.tasks"], **jira.connected())),
    )
    runner = InMemoryRunner(agent, app_name="example")
    session = await runner.session_service.create_session(app_name="example", user_id="alice")
    message = types.Content(role="user", parts=[types.Part.from_text(text=REQUEST)])
    async for event in runner.run_async(user_id="alice", session_id=session.id, new_message=message):
        for part in (event.content.parts or ()) if event.content else ():
            print(part.model_dump(exclude_none=True))


def main() -> None:
    jira = JiraEmulator()
    asyncio.run(run(jira))
    print(jira.issues)


if __name__ == "__main__":
    main()
