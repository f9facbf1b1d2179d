"""Anthropic's tool runner creates a Jira ticket. The model is scripted by a mock HTTP client; remove `http_client` to use a real one."""

from __future__ import annotations

import json
from typing import Any

import httpx2
from anthropic import Anthropic
from jira_emulator import FIXED, INVALID, REQUEST, JiraEmulator

from unified_platform.frameworks import anthropic


def call(arguments: dict[str, Any], number: int) -> dict[str, Any]:
    return {"type": "tool_use", "id": f"call-{number}", "name": "tasks_create", "input": arguments}


class ScriptedModel:
    """Scripted model that records its requests."""

    def __init__(self, *script: dict[str, Any]) -> None:
        self._script = iter(script)
        self.requests: list[dict[str, Any]] = []

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(json.loads(request.content))
        block = next(self._script)
        stop = "tool_use" if block["type"] == "tool_use" else "end_turn"
        usage = {"input_tokens": 1, "output_tokens": 1}
        message = {"id": "m", "type": "message", "role": "assistant", "model": "scripted", "content": [block], "stop_reason": stop}
        return httpx2.Response(200, json=message | {"stop_sequence": None, "usage": usage})


def main() -> None:
    jira = JiraEmulator()
    model = ScriptedModel(call(INVALID, 1), call(FIXED, 2), {"type": "text", "text": "I created PROJ-1."})
    client = Anthropic(api_key="unused", http_client=httpx2.Client(transport=httpx2.MockTransport(model)))
    runner = client.beta.messages.tool_runner(
        model="scripted",
        max_tokens=1000,
        tools=anthropic.tools(user="alice", toolsets=["jira.tasks"], **jira.connected()),
        messages=[{"role": "user", "content": REQUEST}],
    )
    for message in runner:
        print(*(block.model_dump_json(exclude_none=True) for block in message.content))
    for request in model.requests[1:]:
        print("request:", request["messages"][-1]["content"])
    print(jira.issues)


if __name__ == "__main__":
    main()
