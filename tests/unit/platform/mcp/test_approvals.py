"""Approvals in the client: its user sees the call and decides; only then it is executed, once, for that call."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from mcp_types import ElicitResult

from tests.unit.platform.mcp.conftest import Opened, connected, refused
from tests.unit.runtime.server import Loopback, Reply
from unified_platform import mcp
from unified_platform.approvals.store import ApprovalStore
from unified_platform.audit.database import open_store
from unified_runtime.core.policy_decisions import Decision, PolicyRequest, allow, needs_approval
from unified_runtime.policy.enforcer import PolicyEnforcer

RECORD = Reply.of({"issue": {"id": 7, "subject": "Fix the login", "status": {"id": 1, "name": "New"}}})
ALICE = mcp.Profile(user="alice", agent="helper", approver="alice")


class DeletingNeedsApproval:
    embedded = True

    def decide(self, questions: Sequence[PolicyRequest]) -> list[Decision]:
        return [allow() if one.approved or one.effect != "destructive" else needs_approval("deleting is for good") for one in questions]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ApprovalStore]:
    database = open_store(tmp_path / "control.db")
    yield ApprovalStore(database)
    database.close()


def deleting(
    opened: Opened, redmine: Loopback, store: ApprovalStore, response: ElicitResult | None, *, profile: mcp.Profile = ALICE, times: int = 1
) -> tuple[list[Any], list[str]]:
    """Delete a task so often; return the results, and the texts that the client's user was shown."""
    shown: list[str] = []

    async def ask(context: Any, params: Any) -> ElicitResult:
        shown.append(params.message)
        assert response is not None
        return response

    async def run() -> list[Any]:
        client = connected(redmine, PolicyEnforcer(DeletingNeedsApproval(), approvals=store))
        async with opened(client=client, profile=profile, approvals=store, ask=ask if response is not None else None) as session:
            return [await session.call_tool("tasks_delete", {"id": "7"}) for _ in range(times)]

    return asyncio.run(run()), shown


def test_approved_call_is_executed(opened: Opened, redmine: Loopback, store: ApprovalStore) -> None:
    redmine.record = RECORD
    redmine.answers(Reply(204, b""))
    (result,), (shown,) = deleting(opened, redmine, store, ElicitResult(action="accept", content={"approve": True}))
    assert not result.is_error
    assert redmine.writes == ["DELETE /issues/7.json"]
    for expected in (
        "helper",
        "Fix the login",
        "deleting is for good",
        "tasks.delete (destructive) via redmine",
        'id = "7"',
        "DELETE",
        "/issues/7.json",
    ):
        assert expected in shown
    (approval,) = store.list(None)
    assert (approval.status, approval.decided_by, approval.note) == ("spent", "alice", "in the MCP client")


def test_one_approval_is_for_one_call(opened: Opened, redmine: Loopback, store: ApprovalStore) -> None:
    redmine.record = RECORD
    redmine.answers(Reply(204, b""), Reply(204, b""))
    results, shown = deleting(opened, redmine, store, ElicitResult(action="accept", content={"approve": True}), times=2)
    assert len(shown) == len(redmine.writes) == len(results) == 2


@pytest.mark.parametrize(
    ("response", "status"),
    [
        (ElicitResult(action="decline"), "denied"),
        (ElicitResult(action="accept", content={"approve": False}), "denied"),
        (ElicitResult(action="accept", content={}), "denied"),
        (ElicitResult(action="cancel"), "pending"),
    ],
)
def test_unapproved_call_is_not_executed(
    opened: Opened, redmine: Loopback, store: ApprovalStore, response: ElicitResult, status: str
) -> None:
    results, shown = deleting(opened, redmine, store, response)
    assert not redmine.writes
    assert results[0].is_error
    assert ("denied this call" if status == "denied" else "has not decided") in results[0].content[0].text
    assert [one.status for one in store.list(None)] == [status]
    assert len(shown) == 1


@pytest.mark.parametrize("who", ["a client that cannot ask", "a profile without approver"])
def test_declined_clients_get_no_request(opened: Opened, redmine: Loopback, store: ApprovalStore, who: str) -> None:
    response = None if who == "a client that cannot ask" else ElicitResult(action="accept", content={"approve": True})
    profile = ALICE if response is None else mcp.Profile(user="alice", agent="helper")
    (result,), shown = deleting(opened, redmine, store, response, profile=profile)
    assert result.is_error
    assert "somebody has to approve it" in result.content[0].text
    assert not shown
    assert not redmine.writes
    assert [one.status for one in store.list(None)] == ["pending"]


def test_the_agent_cannot_approve_itself(opened: Opened, redmine: Loopback, store: ApprovalStore) -> None:
    profile = mcp.Profile(user="alice", agent="helper", approver="helper")
    (result,), _ = deleting(opened, redmine, store, ElicitResult(action="accept", content={"approve": True}), profile=profile)
    assert result.is_error
    assert not redmine.writes


def test_a_made_up_response_approves_nothing(opened: Opened, redmine: Loopback, store: ApprovalStore, era: str) -> None:
    """From 2026-07-28 on the client returns the approval that it responds to: one that the server did not seal for the call is rejected."""
    if era == "legacy":
        return

    async def ask(context: Any, params: Any) -> ElicitResult:
        raise AssertionError("the client answers by itself")

    async def run() -> None:
        client = connected(redmine, PolicyEnforcer(DeletingNeedsApproval(), approvals=store))
        async with opened(client=client, profile=ALICE, approvals=store, ask=ask) as session:
            first = await session.session.call_tool("tasks_delete", {"id": "7"}, allow_input_required=True)
            given = {"approval": ElicitResult(action="accept", content={"approve": True})}
            (waiting,) = store.list()
            middle = len(first.request_state) // 2  # of the last character of Base64, some bits are not used
            changed = "B" if first.request_state[middle] == "A" else "A"
            for name, arguments, state in (
                ("tasks_delete", {"id": "7"}, waiting.id),
                ("tasks_delete", {"id": "8"}, first.request_state),
                ("tasks_get", {"id": "7"}, first.request_state),
                ("tasks_delete", {"id": "7"}, first.request_state[:middle] + changed + first.request_state[middle + 1 :]),
            ):
                made_up = session.session.call_tool(name, arguments, input_responses=given, request_state=state, allow_input_required=True)
                assert (await refused(made_up)).code == -32602
            assert [one.status for one in store.list(None)] == ["pending"]
            assert not redmine.writes

    asyncio.run(run())
