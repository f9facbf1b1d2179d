"""OpenAI Agents SDK agent whose run is interrupted until a person approves a call. The model is scripted."""

from __future__ import annotations

import asyncio

from agents import Agent, Runner, set_tracing_disabled
from approvals import supervised
from jira_emulator import FIXED, REQUEST, JiraEmulator
from openai_agents_agent import ScriptedModel, call, text_message

from unified_platform.frameworks import openai_agents


async def main() -> None:
    set_tracing_disabled(True)  # traces would be sent to OpenAI
    jira = JiraEmulator()
    model = ScriptedModel(call(FIXED, 1), text_message("I created PROJ-1."))
    agent = Agent(name="Secretary", tools=list(openai_agents.tools(**supervised(jira))), model=model)
    result = await Runner.run(agent, REQUEST)
    state = result.to_state()
    for interruption in result.interruptions:
        print(interruption.name, interruption.arguments)
        state.approve(interruption)
    print(jira.issues)
    result = await Runner.run(agent, state)
    print(result.final_output)
    print(jira.issues)


if __name__ == "__main__":
    asyncio.run(main())
