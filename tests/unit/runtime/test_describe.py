"""Descriptions of connections: combined from the vendor's lists, cached, and used to check `extra`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

import unified
from tests.unit.runtime.callers import QUICK
from tests.unit.runtime.server import Loopback, Reply
from unified import tasks
from unified_runtime import AsyncClient, Client, using
from unified_runtime.core import descriptions
from unified_runtime.core.connection_registry import Connections
from unified_runtime.rate_limits.rate_limiter import Unlimited

SECRET = "a-token-that-nobody-may-see"
TO_DO = {"id": "1", "name": "To Do", "statusCategory": {"key": "new"}}
REVIEW = {"id": "2", "name": "Review", "statusCategory": {"key": "indeterminate"}}
TYPES = [
    {"id": "10", "name": "Task", "statuses": [TO_DO, REVIEW]},
    {"id": "11", "name": "Bug", "statuses": [TO_DO, {"id": "3", "name": "Fixed", "statusCategory": {"key": "done"}}]},
]
KINDS = {"issueTypes": [{"id": "10", "name": "Task"}, {"id": "11", "name": "Bug"}], "total": 2}
FIELDS = {
    "fields": [
        {"fieldId": "summary", "name": "Summary", "required": True, "schema": {"type": "string", "system": "summary"}},
        {
            "fieldId": "customfield_10010",
            "name": "Severity",
            "required": True,
            "schema": {"type": "option", "custom": "com.example:select"},
            "allowedValues": [{"id": "7", "value": "Minor"}, {"id": "8", "value": "Major"}],
        },
        {
            "fieldId": "customfield_10016",
            "name": "Story Points",
            "required": False,
            "schema": {"type": "number", "custom": "com.example:float"},
        },
    ],
    "total": 3,
}
TRACKERS = {"project": {"id": 1, "name": "P", "trackers": [{"id": 1, "name": "Bug"}]}}
STATES = {"issue_statuses": [{"id": 1, "name": "New", "is_closed": False}, {"id": 5, "name": "Closed", "is_closed": True}]}
CUSTOM = {
    "custom_fields": [
        {"id": 3, "name": "Phase", "customized_type": "issue", "field_format": "list", "is_required": True,
         "possible_values": [{"value": "plan", "label": "Planning"}, {"value": "build", "label": "Building"}]},
        {"id": 4, "name": "Office", "customized_type": "user", "field_format": "string", "is_required": False},
    ]
}  # fmt: skip


@pytest.fixture
def client(server: Loopback) -> Iterator[Client]:
    made = Client(settings=QUICK, rate_limiter=Unlimited())
    made.connect("jira", unified.basic("me@example.com", SECRET), site="acme", server=server.url)
    made.connect("redmine", unified.api_key(SECRET), url="https://redmine.example.org", server=server.url)
    with using(made):
        yield made


def described(server: Loopback, **given: Any) -> unified.Description:
    """Return Jira's description of tasks of type Task in PROJ."""
    server.answers(Reply.of(TYPES), Reply.of(KINDS), Reply.of(FIELDS))
    return unified.describe("tasks", via="jira", project_id="PROJ", type="Task", **given)


def test_jira_reports_types_statuses_and_fields(client: Client, server: Loopback) -> None:
    description = described(server)
    assert (description.vendor, description.resource) == ("jira", "tasks")
    assert [kind.name for kind in description.types] == ["Task", "Bug"]
    assert [(state.id, state.name, state.status) for state in description.statuses] == [
        ("1", "To Do", "open"),
        ("2", "Review", "in_progress"),
    ]
    assert [(field.id, field.required, field.custom, field.kind) for field in description.fields] == [
        ("summary", True, False, "string"),
        ("customfield_10010", True, True, "option"),
        ("customfield_10016", False, True, "number"),
    ]
    assert [choice.value for choice in description.fields[1].choices or ()] == ["Minor", "Major"]
    assert description.unified["title"] == ("create", "update")
    assert "workflow" in description.unsupported["create.status"]
    assert [target.partition("?")[0] for target in server.targets] == [
        "GET /rest/api/3/project/PROJ/statuses",
        "GET /rest/api/3/issue/createmeta/PROJ/issuetypes",
        "GET /rest/api/3/issue/createmeta/PROJ/issuetypes/10",
    ]
    assert SECRET not in repr(description)


def test_statuses_of_several_types_are_reported_once(client: Client, server: Loopback) -> None:
    server.answers(Reply.of(TYPES))
    description = unified.describe("tasks", via="jira", project_id="PROJ")
    assert [state.name for state in description.statuses] == ["To Do", "Review", "Fixed"]
    assert description.fields == ()
    assert description.unsupported["fields"] == "Jira lists them by project_id and type: pass type"


def test_without_a_project_the_statuses_are_those_of_the_site(client: Client, server: Loopback) -> None:
    server.answers(Reply.of([TO_DO]))
    description = unified.describe("tasks", via="jira")
    assert [state.name for state in description.statuses] == ["To Do"]
    assert server.targets == ["GET /rest/api/3/status"]
    assert {"types", "fields"} <= set(description.unsupported)


def test_transitions_of_a_task(client: Client, server: Loopback) -> None:
    server.answers(Reply.of([TO_DO]), Reply.of({"transitions": [{"id": "31", "name": "Start review", "to": REVIEW}]}))
    description = unified.describe("tasks", via="jira", task_id="PROJ-1")
    assert [(step.id, step.name, step.status, step.status_label) for step in description.transitions] == [
        ("31", "Start review", "in_progress", "Review")
    ]


def test_redmine_reports_trackers_statuses_and_custom_fields(client: Client, server: Loopback) -> None:
    server.answers(Reply.of(TRACKERS), Reply.of(STATES), Reply.of(CUSTOM))
    description = unified.describe("tasks", via="redmine", project_id="1")
    assert [kind.name for kind in description.types] == ["Bug"]
    assert [(state.name, state.status) for state in description.statuses] == [("New", "open"), ("Closed", "done")]
    assert [(field.id, field.name, field.required, field.custom) for field in description.fields] == [("3", "Phase", True, True)]


def test_clickup_reports_the_statuses_of_a_list(client: Client, server: Loopback) -> None:
    client.connect("clickup", unified.api_key(SECRET), workspace="5", server=server.url)
    kinds = {"custom_items": [{"id": 1002, "name": "Bug", "name_plural": "Bugs"}]}
    states = {"id": "9", "statuses": [{"status": "to do", "type": "open"}, {"status": "shipped", "type": "closed"}]}
    stage = {"id": "f-1", "name": "Stage", "type": "drop_down", "type_config": {"options": [{"id": "o-1", "name": "Plan"}]}}
    server.answers(Reply.of(kinds), Reply.of(states), Reply.of({"fields": [stage]}))
    description = unified.describe("tasks", via="clickup", project_id="9")
    assert [(state.name, state.status) for state in description.statuses] == [("to do", "open"), ("shipped", "done")]
    assert [kind.name for kind in description.types] == ["Bug"]
    assert chosen(description) == [("f-1", "drop_down", True, [("Plan", "o-1")])]
    custom = [{"id": "f-1", "value": "plan"}]
    with pytest.raises(unified.InvalidInput, match="'o-1', not 'plan'; Plan is 'o-1'"):
        tasks.create(title="x", project_id="9", via="clickup", extra={"clickup": {"custom_fields": custom}})
    server.answers(Reply.of(kinds))
    assert unified.describe("tasks", via="clickup").unsupported["statuses"] == "ClickUp lists them by project_id: pass project_id"


def chosen(reported: unified.Description) -> list[tuple[Any, ...]]:
    """Return fields with their pick lists."""
    return [(f.id, f.kind, f.custom, [(choice.name, choice.value) for choice in f.choices or ()]) for f in reported.fields]


def test_asana_reports_the_custom_fields_of_a_project(client: Client, server: Loopback) -> None:
    client.connect("asana", unified.bearer(SECRET), workspace="5", server=server.url, scheme="personalAccessToken")
    options = [{"gid": "71", "name": "Plan"}, {"gid": "72", "name": "Build"}]
    field = {"gid": "61", "name": "Stage", "resource_subtype": "enum", "enum_options": options}
    server.answers(Reply.of({"data": [{"gid": "31", "name": "Doing"}]}), Reply.of({"data": [{"gid": "51", "custom_field": field}]}))
    description = unified.describe("tasks", via="asana", project_id="9")
    assert [(state.id, state.name) for state in description.statuses] == [("31", "Doing")]
    assert chosen(description) == [("61", "enum", True, [("Plan", "71"), ("Build", "72")])]
    with pytest.raises(unified.InvalidInput, match="can be '71', '72', not 'build'; Build is '72'"):
        tasks.create(title="x", project_id="9", via="asana", extra={"asana": {"custom_fields": {"61": "build"}}})
    with pytest.raises(unified.InvalidInput, match="has no field '62' here"):
        tasks.create(title="x", project_id="9", via="asana", extra={"asana": {"custom_fields": {"62": "x"}}})
    assert len(server.seen) == 2


def test_trello_reports_the_lists_and_custom_fields_of_a_board(client: Client, server: Loopback) -> None:
    client.connect("trello", unified.api_key(key=SECRET, token=SECRET), server=server.url)
    board, one = "5f" * 12, "6f" * 12
    field = {"id": one, "name": "Stage", "type": "list", "modelType": "board", "options": [{"id": board, "value": {"text": "Plan"}}]}
    server.answers(Reply.of([{"id": one, "name": "Doing"}]), Reply.of([field]))
    description = unified.describe("tasks", via="trello", project_id=board)
    assert [(state.id, state.name, state.status) for state in description.statuses] == [(one, "Doing", None)]
    assert chosen(description) == [(one, "list", True, [("Plan", board)])]


def test_todoist_reports_the_sections_of_a_project(client: Client, server: Loopback) -> None:
    client.connect("todoist", unified.bearer(SECRET), server=server.url)
    server.answers(Reply.of({"results": [{"id": "s-1", "name": "Doing"}], "next_cursor": None}))
    description = unified.describe("tasks", via="todoist", project_id="p-1")
    assert [(state.id, state.name, state.status) for state in description.statuses] == [("s-1", "Doing", None)]


def test_zendesk_reports_types_statuses_and_fields(client: Client, server: Loopback) -> None:
    client.connect("zendesk", unified.basic("me@example.com/token", SECRET), subdomain="acme", server=server.url, scheme="basicAuth")
    kinds = [{"name": "Task", "value": "task"}]
    fields = [
        {"id": 1, "type": "tickettype", "title": "Type", "active": True, "required": False, "removable": False,
         "system_field_options": kinds},
        {"id": 2, "type": "tagger", "title": "Stage", "active": True, "required": True, "removable": True,
         "custom_field_options": [{"id": 9, "name": "Plan", "value": "stage_plan"}]},
        {"id": 3, "type": "text", "title": "Former", "active": False},
    ]  # fmt: skip
    states = [{"id": 5, "agent_label": "Waiting for parts", "status_category": "hold"}]
    server.answers(Reply.of({"ticket_fields": fields}), Reply.of({"custom_statuses": states}), Reply.of({"ticket_fields": fields}))
    description = unified.describe("tasks", via="zendesk")
    assert [kind.name for kind in description.types] == ["task"]
    assert description.types[0].raw == kinds[0]  # type: ignore[attr-defined]
    assert [(state.name, state.status) for state in description.statuses] == [("Waiting for parts", "in_progress")]
    assert [(field.id, field.required) for field in description.fields] == [("1", False), ("2", True)]
    with pytest.raises(unified.InvalidInput, match="can be 'stage_plan', not 'Plan'; Plan is 'stage_plan'"):
        tasks.create(title="x", via="zendesk", extra={"zendesk": {"ticket": {"custom_fields": [{"id": 2, "value": "Plan"}]}}})


def test_github_reports_types_and_fields_and_lacks_those_that_belong_to_organizations(client: Client, server: Loopback) -> None:
    client.connect("github", unified.bearer(SECRET), server=server.url)
    kinds = [{"id": 1, "name": "Bug", "is_enabled": True}, {"id": 2, "name": "Epic", "is_enabled": False}]
    field = {"id": 7, "name": "Stage", "data_type": "single_select", "options": [{"id": 1, "name": "Plan"}]}
    server.answers(Reply.of(kinds), Reply.of([field]))
    description = unified.describe("tasks", via="github", project_id="octo/app")
    assert [kind.name for kind in description.types] == ["Bug"]
    assert chosen(description) == [("7", "single_select", True, [("Plan", "Plan")])]
    assert server.targets[-1] == "GET /orgs/octo/issue-fields"
    values = [{"field_id": 7, "value": "plan"}]
    with pytest.raises(unified.InvalidInput, match=r"issue_field_values\.7 can be 'Plan', not 'plan'"):
        tasks.create(title="x", project_id="octo/app", via="github", extra={"github": {"issue_field_values": values}})
    server.answers(Reply.of(kinds), Reply.of({"message": "Not Found"}, 404))
    description = unified.describe("tasks", via="github", project_id="ada/own")
    assert (len(description.types), description.fields) == (1, ())
    assert "404" in description.unsupported["fields"] or "Not Found" in description.unsupported["fields"]


def test_unreadable_parts_are_reported_as_missing(client: Client, server: Loopback) -> None:
    server.answers(Reply.of(TRACKERS), Reply.of(STATES), Reply.of({}, 403))
    description = unified.describe("tasks", via="redmine", project_id="1")
    assert description.fields == ()
    assert "403" in description.unsupported["fields"]
    assert SECRET not in description.unsupported["fields"]
    assert len(description.statuses) == 2


def test_other_failures_are_raised_and_nothing_is_stored(client: Client, server: Loopback) -> None:
    server.answers(Reply.of({"errorMessages": ["No project"]}, 404))
    with pytest.raises(unified.NotFound):
        unified.describe("tasks", via="jira", project_id="PROJ", type="Task")
    assert described(server).fields


def test_a_description_is_stored_for_its_connection_and_inputs(client: Client, server: Loopback, monkeypatch: pytest.MonkeyPatch) -> None:
    description = described(server)
    assert unified.describe("tasks", via="jira", project_id="PROJ", type="Task") is description
    assert len(server.seen) == 3
    assert described(server, refresh=True) is not description
    assert len(server.seen) == 6
    server.answers(Reply.of(TYPES))
    unified.describe("tasks", via="jira", project_id="OTHER")
    assert len(server.seen) == 7
    client.connect("jira", unified.basic("me@example.com", SECRET), site="acme", server=server.url)
    described(server)
    assert len(server.seen) == 10
    late = time.monotonic() + descriptions.TIME_TO_LIVE
    # Only this client's clock: an event loop in another thread that saw it would sleep until that time.
    monkeypatch.setattr(descriptions, "time", SimpleNamespace(monotonic=lambda: late + 1))
    described(server)
    assert len(server.seen) == 13


@pytest.mark.parametrize(
    ("resource", "given", "message"),
    [
        ("task", {"via": "jira"}, "there is no resource 'task'; did you mean 'tasks'?"),
        ("tasks", {"via": "jria"}, "did you mean 'jira'?"),
        ("tasks", {"via": "jira", "project_id": 7}, "project_id must be text, not 7"),
        ("tasks", {}, "several connected vendors have this operation"),
    ],
)
def test_bad_input_is_refused_before_anything_is_sent(
    client: Client, server: Loopback, resource: str, given: dict[str, Any], message: str
) -> None:
    with pytest.raises(unified.InvalidInput) as refused:
        unified.describe(resource, **given)
    assert message in str(refused.value)
    assert server.seen == []


def test_a_type_that_the_project_lacks(client: Client, server: Loopback) -> None:
    server.answers(Reply.of(TYPES))
    with pytest.raises(unified.InvalidInput, match=r"Jira has no type 'Tsk' here; did you mean 'Task'[?]; there are Task, Bug"):
        unified.describe("tasks", via="jira", project_id="PROJ", type="Tsk")


def test_another_resource_has_what_the_catalog_knows(client: Client, server: Loopback) -> None:
    description = unified.describe("comments", via="jira")
    assert description.unified["body"] == ("create", "update")
    assert (description.statuses, description.fields, server.seen) == ((), (), [])


def test_async(server: Loopback) -> None:
    async def run() -> unified.Description:
        made = AsyncClient(settings=QUICK, rate_limiter=Unlimited(), connections=Connections())
        made.connect("redmine", unified.api_key(SECRET), url="https://redmine.example.org", server=server.url)
        async with using(made):
            description = await unified.adescribe("tasks", via="redmine", project_id="1")
            assert await unified.adescribe("tasks", via="redmine", project_id="1") is description
            await made.aclose()
        return description

    server.answers(Reply.of(TRACKERS), Reply.of(STATES), Reply.of({}, 403))
    description = asyncio.run(run())
    assert [kind.name for kind in description.types] == ["Bug"]
    assert "fields" in description.unsupported


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"customfield_10011": 1}, "extra['jira'].fields has no field 'customfield_10011' here; did you mean 'customfield_10016'?"),
        ({"story points": 3}, "extra['jira'].fields has no field 'story points' here; Story Points is 'customfield_10016'"),
        (
            {"customfield_10010": {"value": "Mayor"}},
            "extra['jira'].fields.customfield_10010 can be 'Minor', 'Major', not 'Mayor'; did you mean 'Major'?",
        ),
        ({"customfield_10010": [{"id": "9"}]}, "extra['jira'].fields.customfield_10010 can be '7', '8', not '9'"),
    ],
)
def test_extra_is_checked_against_what_is_known(client: Client, server: Loopback, fields: dict[str, Any], message: str) -> None:
    described(server)
    before = len(server.seen)
    with pytest.raises(unified.InvalidInput) as refused:
        tasks.create(title="x", project_id="PROJ", type="Task", via="jira", extra={"jira": {"fields": fields}})
    assert message in str(refused.value)
    assert refused.value.operation == "tasks.create"
    assert len(server.seen) == before


def test_extra_that_is_known_is_sent(client: Client, server: Loopback) -> None:
    described(server)
    fields = {"customfield_10010": {"value": "Major"}, "customfield_10016": 3}
    server.answers(Reply.of({"id": "1", "key": "PROJ-1"}, 201), Reply.of({"id": "1", "key": "PROJ-1", "fields": {"summary": "x"}}))
    tasks.create(title="x", project_id="PROJ", type="Task", via="jira", extra={"jira": {"fields": fields}})
    assert fields.items() <= server.seen[-2].json["fields"].items()


def test_a_description_speaks_for_its_own_project_and_type_only(client: Client, server: Loopback) -> None:
    described(server)
    server.answers(Reply.of({"id": "1", "key": "X-1"}, 201), Reply.of({"id": "1", "key": "X-1", "fields": {"summary": "x"}}))
    tasks.create(title="x", project_id="X", type="Task", via="jira", extra={"jira": {"fields": {"customfield_10099": 1}}})
    assert server.seen[-2].json["fields"]["customfield_10099"] == 1


@pytest.mark.parametrize(
    ("issue", "message"),
    [
        ({"custom_fields": [{"id": 5, "value": "x"}]}, "extra['redmine'].issue.custom_fields has no field '5' here"),
        (
            {"custom_fields": [{"id": 3, "value": "built"}]},
            "extra['redmine'].issue.custom_fields.3 can be 'plan', 'build', not 'built'; did you mean 'build'?",
        ),
        (
            {"custom_field_values": {"3": ["plan", "built"]}},
            "extra['redmine'].issue.custom_field_values.3 can be 'plan', 'build', not 'built'",
        ),
    ],
)
def test_custom_fields_in_lists_are_checked(client: Client, server: Loopback, issue: dict[str, Any], message: str) -> None:
    server.answers(Reply.of(TRACKERS), Reply.of(STATES), Reply.of(CUSTOM))
    unified.describe("tasks", via="redmine", project_id="1")
    with pytest.raises(unified.InvalidInput) as refused:
        tasks.update("7", title="x", via="redmine", extra={"redmine": {"issue": issue}})
    assert message in str(refused.value)
    assert len(server.seen) == 3


def test_fields_that_could_not_be_read_check_nothing(client: Client, server: Loopback) -> None:
    server.answers(Reply.of(TRACKERS), Reply.of(STATES), Reply.of({}, 403))
    unified.describe("tasks", via="redmine", project_id="1")
    assert client.connections.get("redmine", None).descriptions.fields_of("tasks", {"project_id": "1"}, (None, None)) is None  # type: ignore[union-attr]
