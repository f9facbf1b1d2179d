"""Approvals in an MCP client: responses that are invented, replayed, or given for another user, agent, session or call."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from mcp_types import ElicitResult

from tests.unit.platform.mcp.conftest import Opened, connected, refused
from tests.unit.platform.mcp.conftest import era as era
from tests.unit.platform.mcp.conftest import opened as opened
from tests.unit.platform.mcp.conftest import redmine as redmine
from tests.unit.platform.mcp.test_approvals import ALICE, RECORD, DeletingNeedsApproval
from tests.unit.runtime.server import Loopback, Reply
from unified_platform import mcp
from unified_platform.approvals.store import ApprovalStore
from unified_platform.audit.database import open_store
from unified_runtime import api_key
from unified_runtime.policy.enforcer import PolicyEnforcer

YES = ElicitResult(action="accept", content={"approve": True})
KEYS = [b"k" * 32]


class Room:
    """Server whose clients act for the current profile, with its approvals."""

    def __init__(self, redmine: Loopback, folder: Path) -> None:
        self.store = ApprovalStore(open_store(folder / "control.db"))
        self.profile = ALICE
        self.options: dict[str, Any] = {"approvals": self.store, "state_keys": KEYS, "profile": lambda ctx: self.profile}
        client = connected(redmine, PolicyEnforcer(DeletingNeedsApproval(), approvals=self.store))
        client.connect("redmine", api_key("key"), url=redmine.url, user="bob")
        self.options["client"] = client
        redmine.record = RECORD

    def statuses(self) -> list[str]:
        return [one.status for one in self.store.list(None)]


@pytest.fixture
def room(redmine: Loopback, tmp_path: Path) -> Room:
    return Room(redmine, tmp_path)


async def silent(context: Any, params: Any) -> ElicitResult:
    raise AssertionError("the client answers by itself")


async def delete(session: Any, id: str = "7", **more: Any) -> Any:
    return await session.session.call_tool("tasks_delete", {"id": id}, allow_input_required=True, **more)


OTHERS = {
    "user": mcp.Profile(user="bob", agent="helper", approver="bob"),
    "agent": mcp.Profile(user="alice", agent="other", approver="alice"),
    "team": mcp.Profile(user="alice", agent="helper", team="sales", approver="alice"),
}


@pytest.mark.parametrize("era", ["auto"], indirect=True)
@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS)
def test_a_response_for_another_profile_approves_nothing(opened: Opened, redmine: Loopback, room: Room, other: mcp.Profile) -> None:
    """Pass the state of a call to another user of the same server, who makes the same call."""

    async def run() -> None:
        async with opened(ask=silent, **room.options) as session:
            state = (await delete(session)).request_state
            room.profile = other
            result = await delete(session, input_responses={"approval": YES}, request_state=state)
            assert result.is_error
            assert "of another agent or user" in result.content[0].text

    asyncio.run(run())
    assert room.statuses() == ["pending"]
    assert redmine.writes == []


@pytest.mark.parametrize("era", ["auto"], indirect=True)
def test_a_response_is_not_replayed(opened: Opened, redmine: Loopback, room: Room) -> None:
    """Neither the same session nor another one that shares the keys can use it again."""
    redmine.answers(Reply(204, b""), Reply(204, b""))

    async def run() -> None:
        async with opened(ask=silent, **room.options) as session:
            given = {"input_responses": {"approval": YES}, "request_state": (await delete(session)).request_state}
            assert not (await delete(session, **given)).is_error
            assert (await delete(session, **given)).is_error
            async with opened(ask=silent, **room.options) as second:
                assert (await delete(second, **given)).is_error
                await delete(second)  # another approval of the same call is pending
                assert (await delete(second, **given)).is_error

    asyncio.run(run())
    assert room.statuses() == ["spent", "pending"]
    assert redmine.writes == ["DELETE /issues/7.json"]


@pytest.mark.parametrize("era", ["auto"], indirect=True)
def test_a_refusal_is_not_turned_into_an_approval(opened: Opened, redmine: Loopback, room: Room) -> None:
    async def run() -> None:
        async with opened(ask=silent, **room.options) as session:
            state = (await delete(session)).request_state
            await delete(session, input_responses={"approval": ElicitResult(action="decline")}, request_state=state)
            assert (await delete(session, input_responses={"approval": YES}, request_state=state)).is_error

    asyncio.run(run())
    assert room.statuses() == ["denied"]
    assert redmine.writes == []


@pytest.mark.parametrize("era", ["auto"], indirect=True)
def test_a_server_with_other_keys_rejects_the_state(opened: Opened, redmine: Loopback, room: Room) -> None:
    async def run() -> None:
        async with opened(ask=silent, **room.options) as session:
            state = (await delete(session)).request_state
            async with opened(ask=silent, **(room.options | {"state_keys": [b"x" * 32]})) as other:
                assert (await refused(delete(other, input_responses={"approval": YES}, request_state=state))).code == -32602
            assert (await refused(delete(session, "8", input_responses={"approval": YES}, request_state=state))).code == -32602

    asyncio.run(run())
    assert room.statuses() == ["pending"]
    assert redmine.writes == []


@pytest.mark.parametrize("content", [None, {}, {"approve": "true"}, {"approve": 1}, {"approve": ["yes"]}, {"Approve": True}])
@pytest.mark.parametrize("era", ["auto"], indirect=True)
def test_only_an_explicit_yes_approves(opened: Opened, redmine: Loopback, room: Room, content: Any) -> None:
    async def run() -> None:
        async with opened(ask=silent, **room.options) as session:
            response = ElicitResult(action="accept", content=content)
            state = (await delete(session)).request_state
            assert (await delete(session, input_responses={"approval": response}, request_state=state)).is_error
            assert (await delete(session, input_responses={"approval": response})).__class__.__name__ == "InputRequiredResult"

    asyncio.run(run())
    assert room.statuses() == ["denied", "pending"]
    assert redmine.writes == []


def test_two_sessions_spend_one_approval_once(opened: Opened, redmine: Loopback, room: Room) -> None:
    """Two sessions make the same call at once: their users approve one call in total, or one call each."""
    requested: list[str] = []
    redmine.answers(Reply(204, b""), Reply(204, b""))

    async def ask(context: Any, params: Any) -> ElicitResult:
        requested.append(params.message)
        return YES

    async def run() -> None:
        async with opened(ask=ask, **room.options) as one, opened(ask=ask, **room.options) as other:
            await asyncio.gather(*(session.call_tool("tasks_delete", {"id": "7"}) for session in (one, other)))

    asyncio.run(run())
    assert len(redmine.writes) == room.statuses().count("spent") <= len(requested)


def test_hidden_text_in_the_form_is_visible(opened: Opened, redmine: Loopback, room: Room) -> None:
    shown: list[str] = []
    redmine.record = Reply.of({"issue": {"id": 7, "subject": "ok\u202e\U000e0041\n  by ada: fine", "status": {"id": 1, "name": "New"}}})

    async def ask(context: Any, params: Any) -> ElicitResult:
        shown.append(params.message)
        return ElicitResult(action="cancel")

    async def run() -> None:
        async with opened(ask=ask, **room.options) as session:
            await session.call_tool("tasks_delete", {"id": "7"})

    asyncio.run(run())
    (message,) = shown
    assert not set("\u202e\U000e0041") & set(message)
    assert "\n  by ada" not in message
    assert "[U+202E U+E0041]" in message
