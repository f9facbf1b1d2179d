"""Policy of the examples with a person in the loop: an agent may create a ticket only with an approval."""

from __future__ import annotations

from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from jira_emulator import JiraEmulator

from unified_platform.policy.enforcer import open_enforcer

POLICY = """
@id("agents")
permit (principal, action, resource);

@id("tickets")
@approval("a new ticket is for a person to decide")
forbid (principal, action == Action::"tasks.create", resource);
"""


def supervised(jira: JiraEmulator) -> dict[str, Any]:
    """Return options of an agent's tools: clients that are connected to the emulator under the policy, and the name of the approver."""
    folder = Path(mkdtemp())
    (folder / "tickets.cedar").write_text(POLICY, encoding="utf-8")
    enforcer = open_enforcer(folder / "tickets.cedar", store=str(folder / "control.db"))
    clients = {name: client.with_policy(enforcer) for name, client in jira.connected().items()}
    return {"user": "alice", "agent": "secretary", "approver": "ada", "toolsets": ["jira.tasks"], **clients}
