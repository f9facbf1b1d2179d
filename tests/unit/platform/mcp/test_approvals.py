"""Approvals in the client: its user sees what would be done and decides; only then, once, for that call, it is done."""

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
from unified_platform.control.approvals import ApprovalStore
from unified_platform.control.store import open_store
from unified_runtime.control.guard import Guard
from unified_runtime.control.policy import Decision, Question, allow, needs_approval

ALICE = mcp.Profile(user="alice", agent="helper", approver="alice")


class DeletingNeedsApproval:
    embedded = True

    def decide(self, questions: Sequence[Question]) -> list[Decision]:
        return [allow() if one.approved or one.effect != "destructive" else needs_approval("deleting is for good") for one in questions]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ApprovalStore]:
    database = open_store(tmp_path / "control.db")
    yield ApprovalStore(database)
    database.close()


def deleting(
    opened: Opened, redmine: Loopback, store: ApprovalStore, answer: ElicitResult | None, *, profile: mcp.Profile = ALICE, times: int = 1
) -> tuple[list[Any], list[str]]:
    """Deletes a task so often; gives the results, and what the client's user was shown."""
    shown: list[str] = []

    async def ask(context: Any, params: Any) -> ElicitResult:
        shown.append(params.message)
        assert answer is not None
        return answer

    async def run() -> list[Any]:
        client = connected(redmine, Guard(DeletingNeedsApproval(), approvals=store))
        async with opened(client=client, profile=profile, approvals=store, ask=ask if answer is not None else None) as session:
            return [await session.call_tool("tasks_delete", {"id": "7"}) for _ in range(times)]

    return asyncio.run(run()), shown


def test_what_is_approved_is_done(opened: Opened, redmine: Loopback, store: ApprovalStore) -> None:
    redmine.answers(Reply(204, b""))
    (result,), (shown,) = deleting(opened, redmine, store, ElicitResult(action="accept", content={"approve": True}))
    assert not result.is_error
    assert redmine.targets == ["DELETE /issues/7.json"]
    for told in ("helper", "deleting is for good", "tasks.delete (destructive) via redmine", 'id = "7"', "DELETE", "/issues/7.json"):
        assert told in shown
    (approval,) = store.list(None)
    assert (approval.status, approval.decided_by, approval.note) == ("spent", "alice", "in the MCP client")


def test_one_approval_is_for_one_call(opened: Opened, redmine: Loopback, store: ApprovalStore) -> None:
    redmine.answers(Reply(204, b""), Reply(204, b""))
    results, shown = deleting(opened, redmine, store, ElicitResult(action="accept", content={"approve": True}), times=2)
    assert len(shown) == len(redmine.seen) == len(results) == 2


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (ElicitResult(action="decline"), "denied"),
        (ElicitResult(action="accept", content={"approve": False}), "denied"),
        (ElicitResult(action="accept", content={}), "denied"),
        (ElicitResult(action="cancel"), "pending"),
    ],
)
def test_what_is_not_approved_is_not_done(
    opened: Opened, redmine: Loopback, store: ApprovalStore, answer: ElicitResult, status: str
) -> None:
    results, shown = deleting(opened, redmine, store, answer)
    assert not redmine.seen
    assert results[0].is_error
    assert ("does not approve" if status == "denied" else "has not decided") in results[0].content[0].text
    assert [one.status for one in store.list(None)] == [status]
    assert len(shown) == 1


@pytest.mark.parametrize("who", ["a client that cannot ask", "a profile without approver"])
def test_nobody_is_asked(opened: Opened, redmine: Loopback, store: ApprovalStore, who: str) -> None:
    answer = None if who == "a client that cannot ask" else ElicitResult(action="accept", content={"approve": True})
    profile = ALICE if answer is None else mcp.Profile(user="alice", agent="helper")
    (result,), shown = deleting(opened, redmine, store, answer, profile=profile)
    assert result.is_error
    assert "somebody has to approve it" in result.content[0].text
    assert not shown
    assert not redmine.seen
    assert [one.status for one in store.list(None)] == ["pending"]


def test_the_agent_cannot_approve_itself(opened: Opened, redmine: Loopback, store: ApprovalStore) -> None:
    profile = mcp.Profile(user="alice", agent="helper", approver="helper")
    (result,), _ = deleting(opened, redmine, store, ElicitResult(action="accept", content={"approve": True}), profile=profile)
    assert result.is_error
    assert not redmine.seen


def test_a_made_up_answer_approves_nothing(opened: Opened, redmine: Loopback, store: ApprovalStore, era: str) -> None:
    """From 2026-07-28 on the client hands back which approval it answers: one that the server did not seal for this call is refused."""
    if era == "legacy":
        return

    async def ask(context: Any, params: Any) -> ElicitResult:
        raise AssertionError("the client answers by itself")

    async def run() -> None:
        client = connected(redmine, Guard(DeletingNeedsApproval(), approvals=store))
        async with opened(client=client, profile=ALICE, approvals=store, ask=ask) as session:
            first = await session.session.call_tool("tasks_delete", {"id": "7"}, allow_input_required=True)
            given = {"approval": ElicitResult(action="accept", content={"approve": True})}
            (waiting,) = store.list()
            for name, arguments, state in (
                ("tasks_delete", {"id": "7"}, waiting.id),
                ("tasks_delete", {"id": "8"}, first.request_state),
                ("tasks_get", {"id": "7"}, first.request_state),
                ("tasks_delete", {"id": "7"}, first.request_state[:-2] + "AA"),
            ):
                made_up = session.session.call_tool(name, arguments, input_responses=given, request_state=state, allow_input_required=True)
                assert (await refused(made_up)).code == -32602
            assert [one.status for one in store.list(None)] == ["pending"]
            assert not redmine.seen

    asyncio.run(run())
