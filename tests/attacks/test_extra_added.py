"""`extra` of a deletion or a list, past a policy: a parameter that no rule names does not leave the process."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

import unified
from tests.attacks.test_extra import connected, engine
from tests.unit.runtime.callers import QUICK
from tests.unit.runtime.server import Loopback, Reply
from unified_platform.policy.cedar import CedarPolicies
from unified_platform.tools import tools
from unified_runtime import AsyncClient, Denied, InvalidInput, PolicyEnforcer, using

EMPTY: dict[str, list[Any]] = {"data": []}


def deleted(**more: Any) -> None:
    unified.tasks.delete("PROJ-1", via="jira", extra={"jira": {"deleteSubtasks": "true"}}, **more)


def archived(**filters: Any) -> list[Any]:
    return list(unified.projects.list(via="asana", extra={"asana": {"archived": True}}, **filters))


@pytest.mark.parametrize("language", ["cedar", "rego"])
def test_a_policy_allows_each_parameter_by_name(server: Loopback, language: str) -> None:
    with using(connected(server, PolicyEnforcer(engine(language)))):
        for call in (deleted, archived):
            with pytest.raises(Denied, match="has to allow it by name"):
                call()
    assert server.seen == []
    server.answers(Reply(204), Reply.of(EMPTY))
    with using(connected(server, PolicyEnforcer(engine(language, "jira.deleteSubtasks", "asana.archived")))):
        deleted()
        archived()
        with pytest.raises(Denied, match=r"asana\.team is not among"):
            list(unified.projects.list(via="asana", extra={"asana": {"team": "1"}}))
    assert ["deleteSubtasks=true" in server.seen[0].target, "archived=true" in server.seen[1].target, len(server.seen)] == [True, True, 2]


def test_a_rule_sees_its_path(server: Loopback) -> None:
    text = """@id("all") @extra("jira, asana") permit (principal, action, resource);
@id("subtasks") forbid (principal, action == Action::"tasks.delete", resource) when { context.extra.contains("deleteSubtasks") };
@id("archived") forbid (principal, action == Action::"projects.list", resource) when { context.extra.contains("archived") };"""
    with using(connected(server, PolicyEnforcer(CedarPolicies({"p.cedar": text})))):
        for rule, call in (("subtasks", deleted), ("archived", archived)):
            with pytest.raises(Denied) as caught:
                call()
            assert rule in caught.value.policies
    assert server.seen == []


def test_no_filter_is_replaced(server: Loopback) -> None:
    """Also by a parameter that another call of the same list would send."""
    with using(connected(server, None)):
        for own in ({"workspace": "2"}, {"limit": 1}, {"offset": "x"}, {"opt_fields": "gid"}):
            with pytest.raises(InvalidInput, match="has no field"):
                list(unified.projects.list(via="asana", extra={"asana": own}))
        for vendor, project, own in (
            ("jira", "PROJ", {"jql": "project = SECRET"}),
            ("github", "octo/hello", {"labels": "x"}),
            ("github", "octo/hello", {"page": 2}),
        ):
            with pytest.raises(InvalidInput):
                list(unified.tasks.list(project_id=project, via=vendor, extra={vendor: own}))
    assert server.seen == []


def test_plans_and_async_calls_have_it_too(server: Loopback) -> None:
    with using(connected(server, PolicyEnforcer(engine("cedar", "asana")))):
        plan = unified.projects.list.plan(via="asana", extra={"asana": {"archived": True}})
        assert "archived=true" in str(plan)
        with pytest.raises(Denied, match="has to allow it by name"):
            unified.tasks.delete.plan("PROJ-1", via="jira", extra={"jira": {"deleteSubtasks": "true"}})

    async def run() -> list[Any]:
        async with AsyncClient(settings=QUICK) as client:
            client.connect("asana", unified.bearer("t"), workspace="1", server=server.url)
            with using(client):
                from unified import aio

                return [one async for one in aio.projects.list(via="asana", extra={"asana": {"archived": False}})]

    server.answers(Reply.of(EMPTY))
    assert asyncio.run(run()) == []
    assert "archived=false" in server.seen[0].target


def test_a_tool_has_the_parameters_of_its_toolset(server: Loopback) -> None:
    server.answers(Reply(204))
    with using(connected(server, None)) as client:
        made = tools(client=client, toolsets=["tasks", "extra.jira.deleteSubtasks"], vendors=["jira", "asana"])
        assert "extra" in made["tasks_delete"].parameters["properties"]
        assert "extra" not in made["tasks_list"].parameters["properties"]
        assert made.call("tasks_delete", {"id": "PROJ-1", "via": "jira", "extra": {"jira": {"other": "true"}}}).failed
        found = made.call("tasks_delete", {"id": "PROJ-1", "via": "jira", "extra": {"jira": {"deleteSubtasks": "true"}}})
        assert not found.failed, found.text
    assert [seen.target.partition("?")[2] for seen in server.seen] == ["deleteSubtasks=true"]
