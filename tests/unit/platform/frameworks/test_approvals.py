"""Approvals inside a framework: rejected, decided elsewhere, resumed with another value, and without a person in the loop."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.runnables import RunnableConfig
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode
from langgraph.types import Command

from tests.unit.runtime.policies import Engine
from tests.unit.runtime.server import Loopback, Reply
from unified_platform.approvals.store import ApprovalStore
from unified_platform.audit.database import open_store
from unified_platform.frameworks import anthropic, google_adk, langchain, llama_index, openai_agents, pydantic_ai
from unified_runtime import AsyncClient, Client, InvalidInput, PolicyEnforcer, api_key
from unified_runtime.core.policy_decisions import Decision, Outcome, allow

ISSUE = {"id": 1, "subject": "One", "project": {"id": 3}, "status": {"id": 1, "name": "New", "is_closed": False}, "tracker": {"id": 1}}
RENAMED = {"name": "tasks_update", "args": {"id": "1", "title": "Two"}, "id": "call-1", "type": "tool_call"}


def decision(question: Any) -> Decision:
    if question.name != "tasks.update":
        return allow()
    return Decision(Outcome.ALLOW if question.approved else Outcome.APPROVAL, ("changes are for a person to decide",))


@pytest.fixture
def redmine() -> Iterator[Loopback]:
    loopback = Loopback()
    yield loopback
    loopback.close()


@pytest.fixture
def store(tmp_path: Path) -> ApprovalStore:
    return ApprovalStore(open_store(tmp_path / "control.db"))


@pytest.fixture
def options(redmine: Loopback, store: ApprovalStore) -> dict[str, Any]:
    enforcer = PolicyEnforcer(Engine(decision), approvals=store)
    client = Client(policy=enforcer)
    client.connect("redmine", api_key("key"), url=redmine.url, user="alice")
    return {
        "user": "alice",
        "agent": "helper",
        "toolsets": "tasks",
        "client": client,
        "async_client": AsyncClient(connections=client.connections, policy=enforcer),
    }


class Graph:
    """Graph of one node that executes `RENAMED`, with a checkpointer."""

    def __init__(self, options: dict[str, Any], *, wait: bool = False) -> None:
        graph = StateGraph(MessagesState)
        graph.add_node("tools", ToolNode(langchain.tools(approver="ada", **options)))
        graph.add_edge(START, "tools")
        self._graph = graph.compile(checkpointer=InMemorySaver())
        self._thread: RunnableConfig = {"configurable": {"thread_id": uuid.uuid4().hex}}
        self._wait = wait

    def begin(self) -> dict[str, Any]:
        """Execute the call until it is interrupted. Returns what is shown to the person."""
        found: dict[str, Any] = self._invoke({"messages": [{"role": "assistant", "content": "", "tool_calls": [RENAMED]}]})
        (interrupt,) = found["__interrupt__"]
        shown: dict[str, Any] = interrupt.value["action_requests"][0]
        return shown

    def resume(self, value: Any) -> Any:
        """Return the message of the tool."""
        return self._invoke(Command(resume=value))["messages"][-1]

    def _invoke(self, value: Any) -> Any:
        if self._wait:
            return asyncio.run(self._graph.ainvoke(value, self._thread))
        return self._graph.invoke(value, self._thread)


def decided(kind: str) -> dict[str, Any]:
    return {"decisions": [{"type": kind}]}


@pytest.mark.parametrize("wait", [False, True], ids=["sync", "async"])
def test_an_approved_call_is_executed_once(options: dict[str, Any], redmine: Loopback, store: ApprovalStore, wait: bool) -> None:
    graph = Graph(options, wait=wait)
    redmine.answers(Reply.of({"issue": ISSUE}))  # the record, for the approver
    shown = graph.begin()
    assert shown["name"] == "tasks_update"
    assert shown["args"] == {"id": "1", "title": "Two"}
    assert "title" in shown["description"]
    assert [one.method for one in redmine.seen] == ["GET"]
    redmine.answers(Reply(204), Reply.of({"issue": ISSUE | {"subject": "Two"}}))
    message = graph.resume(decided("approve"))
    assert message.status == "success"
    assert "Two" in message.content
    assert [one.method for one in redmine.seen] == ["GET", "PUT", "GET"]
    (found,) = store.list("spent")
    assert (found.id, found.decided_by) == (shown["approval"], "ada")


@pytest.mark.parametrize("wait", [False, True], ids=["sync", "async"])
def test_a_rejected_call_is_not_executed(options: dict[str, Any], redmine: Loopback, store: ApprovalStore, wait: bool) -> None:
    graph = Graph(options, wait=wait)
    redmine.answers(Reply.of({"issue": ISSUE}))
    graph.begin()
    message = graph.resume(decided("reject"))
    assert (message.status, "denied this call" in message.content) == ("error", True)
    assert [one.method for one in redmine.seen] == ["GET"]
    assert [one.decided_by for one in store.list("denied")] == ["ada"]


def test_a_decision_on_another_page_counts(options: dict[str, Any], redmine: Loopback, store: ApprovalStore) -> None:
    graph = Graph(options)
    redmine.answers(Reply.of({"issue": ISSUE}))
    store.approve(graph.begin()["approval"], by="grace")
    redmine.answers(Reply(204), Reply.of({"issue": ISSUE | {"subject": "Two"}}))
    assert "Two" in graph.resume(decided("reject")).content, "the call was executed before it was rejected here"
    assert [one.decided_by for one in store.list("spent")] == ["grace"]


@pytest.mark.parametrize("value", [True, "approve", {"decisions": []}, {"decisions": [{"type": "edit"}]}, {"decisions": ["approve"]}])
def test_another_value_decides_nothing(options: dict[str, Any], redmine: Loopback, store: ApprovalStore, value: Any) -> None:
    graph = Graph(options)
    redmine.answers(Reply.of({"issue": ISSUE}))
    graph.begin()
    with pytest.raises(InvalidInput, match="resume with Command"):
        graph.resume(value)
    assert len(store.list("pending")) == 1


def test_the_agent_cannot_approve(options: dict[str, Any], redmine: Loopback, store: ApprovalStore) -> None:
    options["agent"] = "ada"
    graph = Graph(options)
    redmine.answers(Reply.of({"issue": ISSUE}))
    graph.begin()
    message = graph.resume(decided("approve"))
    assert (message.status, "cannot decide" in message.content) == ("error", True)
    assert [one.method for one in redmine.seen] == ["GET"]


def test_an_approver_needs_a_name(options: dict[str, Any]) -> None:
    for framework in (langchain, openai_agents, pydantic_ai):
        with pytest.raises(InvalidInput, match="name the person who decides"):
            framework.tools(approver=" ", **options)


def test_programs_pause_by_themselves(options: dict[str, Any]) -> None:
    tools = openai_agents.tools(approver="ada", programs=True, **options)
    assert {tool.needs_approval for tool in tools} == {False}


# ------------------------------------------------------------------------------------------------ without a person in the loop
def test_a_pending_approval_is_not_a_failure(options: dict[str, Any], redmine: Loopback, store: ApprovalStore) -> None:
    redmine.answers(Reply.of({"issue": ISSUE}))
    arguments = RENAMED["args"]
    found = {
        "langchain": _named(langchain.tools(**options)).invoke(RENAMED),
        "llama_index": _named(llama_index.tools(**options), "metadata").call(**arguments),
        "anthropic": next(one for one in anthropic.tools(**options) if one.to_dict()["name"] == "tasks_update").call(arguments),
        "google_adk": asyncio.run(_named(google_adk.tools(**options)).run_async(args=arguments, tool_context=None)),
    }
    assert found["langchain"].status == "success"
    assert found["llama_index"].is_error is False
    (pending,) = store.list("pending")
    for text in (found["langchain"].content, found["llama_index"].content, found["anthropic"], found["google_adk"]["result"]):
        assert pending.id in text
        assert "repeat exactly the same call" in text


def _named(tools: Any, through: str = "") -> Any:
    return next(one for one in tools if (getattr(one, through) if through else one).name == "tasks_update")
