"""Wrong calls of models: converted if nothing is lost, otherwise all problems are reported at once, with the value that was meant."""

from __future__ import annotations

from typing import Any

import pytest

from unified_platform.tools import tools
from unified_platform.tools.argument_coercion import coerced, localized
from unified_platform.tools.value_suggestions import suggested_value
from unified_runtime import Client, InvalidInput

VENDORS = ["google-calendar", "hubspot", "jira", "salesforce", "slack"]
BOX = tools(vendors=VENDORS, client=Client(), unconnected=True)
JIRA = tools(vendors=["jira"], client=Client(), unconnected=True)
TASK = {"title": "a", "project_id": "P"}


@pytest.mark.parametrize(
    ("tool", "given", "converted"),
    [
        ("tasks_create", {**TASK, "priority": "High"}, {**TASK, "priority": "high"}),
        ("tasks_create", {**TASK, "via": "Jira"}, TASK),
        ("tasks_list", {"limit": "10"}, {"limit": 10}),
        ("tasks_get", {"id": 12}, {"id": "12"}),
        ("tasks_create", {**TASK, "labels": "auth"}, {**TASK, "labels": ["auth"]}),
        ("tasks_create", {**TASK, "labels": '["auth", "ui"]'}, {**TASK, "labels": ["auth", "ui"]}),
        ("tasks_create", '{"title": "a", "project_id": "P"}', TASK),
        ("tasks_create", {**TASK, "custom_fields": '{"Team": "A"}'}, {**TASK, "custom_fields": {"Team": "A"}}),
        ("tasks_create", {**TASK, "description": None, "labels": None}, TASK),
        ("tasks_create", {**TASK, "assignee_ids": "u1"}, {**TASK, "assignee_ids": ["u1"]}),
        ("tasks_update", {"id": "P-1", "status": "In progress"}, {"id": "P-1", "status": "in_progress"}),
        ("tasks_update", {"id": "P-1", "due_date": None}, {"id": "P-1", "due_date": None}),
        ("tasks_list", {"limit": 5.0}, {"limit": 5}),
        ("tasks_create", {"arguments": TASK}, TASK),
        ("tasks_create", {"input": {"title": TASK["title"], "projectId": TASK["project_id"]}}, TASK),
        ("tasks_create", {"input": '{"title": "a", "project_id": "P"}'}, TASK),
        ("tasks_create", {"title": "a", "projectId": "P", "Due-Date": "2026-12-01"}, {**TASK, "due_date": "2026-12-01"}),
    ],
)
def test_conversions_without_loss(tool: str, given: Any, converted: Any) -> None:
    found = coerced(given, JIRA[tool].parameters, ("jira",))
    assert found == converted
    assert JIRA[tool]._checker.check(found) == converted


@pytest.mark.parametrize(
    ("tool", "given", "converted"),
    [
        ("deals_create", {"name": "a", "amount": 50000, "via": "HubSpot"}, {"name": "a", "amount": "50000", "via": "hubspot"}),
        ("contacts_create", {"emails": ["j@x.com"]}, {"emails": [{"address": "j@x.com"}]}),
        ("contacts_create", {"phones": "+1 555"}, {"phones": [{"number": "+1 555"}]}),
        ("events_create", {"attendees": ["bob@x.com"]}, {"attendees": [{"email": "bob@x.com"}]}),
        ("events_create", {"attendees": {"email": "bob@x.com"}}, {"attendees": [{"email": "bob@x.com"}]}),
    ],
)
def test_conversions_of_objects(tool: str, given: Any, converted: Any) -> None:
    assert coerced(given, BOX[tool].parameters) == converted


@pytest.mark.parametrize(
    "given",
    [
        {"labels": "auth, ui"},  # one or two
        {"fields": {"summary": "a"}},
        {"project_id": "P", "projectId": "Q"},
        {"title": True},
        {"title": None},  # required
        {"due_date": 20261201},
        {"priority": "P1"},
        {"labels": {"a": 1}},
        {"custom_fields": "[1]"},
        {"title": ["a"]},
        {"due_date": "Friday"},
    ],
)
def test_conversions_that_could_lose_information_are_left_for_the_checks(given: dict[str, Any]) -> None:
    assert coerced(given, JIRA["tasks_create"].parameters) == given


@pytest.mark.parametrize("value", ["007", "1e3", "10.5", " 10", "99999999999999999999", "ten"])
def test_texts_that_are_not_exactly_one_integer(value: str) -> None:
    assert coerced({"limit": value}, JIRA["tasks_list"].parameters) == {"limit": value}


def test_all_problems_are_reported_at_once() -> None:
    result = BOX.call("deals_create", {"amount": "$50k", "close_date": "Friday", "titel": "x", "via": "hubspot"})
    assert set(result.fields) >= {"name", "amount", "close_date", "titel"}
    result = BOX.call("tasks_create", {"title": ["x"], "priority": "highest", "labels": {"a": 1}})
    assert set(result.fields) == {"title", "priority", "labels", "project_id"}


def test_a_missing_vendor_lists_the_vendors() -> None:
    result = BOX.call("deals_create", {"name": "x"})
    assert result.fields["via"] == "is required: one of hubspot, salesforce"


@pytest.mark.parametrize(
    ("value", "choices", "meant"),
    [
        ("highest", ("low", "medium", "high", "urgent"), "urgent"),
        ("P1", ("low", "medium", "high", "urgent"), "urgent"),
        ("closed", ("open", "in_progress", "done", "canceled"), "done"),
        ("Completed", ("open", "in_progress", "done", "canceled"), "done"),
        ("to-do", ("open", "in_progress", "done", "canceled"), "open"),
        ("hihg", ("low", "medium", "high", "urgent"), "high"),
        ("maybe", ("accepted", "tentative", "declined"), "tentative"),
    ],
)
def test_values_are_suggested_by_meaning(value: str, choices: tuple[str, ...], meant: str) -> None:
    assert suggested_value(value, choices) == f"; did you mean {meant!r}?"
    assert suggested_value("nothing of this kind", choices) == ""


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("create_task", "tasks_create"), ("jira_create_issue", "tasks_create"), ("getIssue", "tasks_get"), ("search-issues", "tasks_list"),
        ("remove_task", "tasks_delete"), ("slack_post_message", "messages_send"), ("add_comment", "comments_create"),
        ("tasks_creat", "tasks_create"), ("update_ticket", "tasks_update"), ("tasks_complete", "tasks_update"),
        ("close_issue", "tasks_update"), ("assign_ticket", "tasks_update"), ("messages_create", "messages_send"),
        ("functions.tasks_create", "tasks_create"),
    ],
)  # fmt: skip
def test_tools_are_suggested_by_meaning(name: str, meant: str) -> None:
    assert BOX.call(name, {}).text == f"There is no tool {name!r}; did you mean {meant!r}?"


@pytest.mark.parametrize(
    ("tool", "given", "meant"),
    [
        ("tasks_create", {"project_id": "P", "summary": "a"}, "title"),
        ("tasks_create", {"title": "a", "project": "P"}, "project_id"),
        ("tasks_create", {**TASK, "deadline": "2026-12-01"}, "due_date"),
        ("tasks_create", {**TASK, "issue_type": "Bug"}, "type"),
        ("tasks_create", {**TASK, "assignee": "bob"}, "assignee_ids"),
        ("tasks_update", {"task_id": "P-1", "title": "a"}, "id"),
        ("tasks_update", {"key": "P-1", "title": "a"}, "id"),
        ("tasks_update", {"id": "P-1", "completed": True}, "status"),
        ("tasks_list", {"query": "login"}, "text"),
        ("tasks_list", {"page": 2}, "cursor"),
        ("comments_create", {"task_id": "P-1", "comment": "a"}, "body"),
        ("events_create", {"title": "a", "start": "2026-12-01T15:00:00Z", "duration": 30}, "end"),
        ("events_list", {"timeMin": "2026-12-01T00:00:00Z"}, "starts_after"),
        ("messages_send", {"channel": "C1", "text": "a"}, "channel_id"),
        ("messages_send", {"channel_id": "C1", "message": "a"}, "text"),
    ],
)
def test_arguments_are_suggested_by_meaning(tool: str, given: dict[str, Any], meant: str) -> None:
    box = JIRA if tool.startswith(("tasks", "comments")) else BOX
    text = box.call(tool, given).text
    assert f"is not an argument of this tool; did you mean {meant!r}?" in text
    assert "(there is " not in text, "the suggestion is enough"


def test_a_time_in_a_date_is_reported_with_the_date() -> None:
    result = JIRA.call("tasks_create", {"project_id": "P", "due_date": "2026-12-01T17:00:00+02:00"})
    assert result.fields["due_date"] == "must be only a date, such as 2026-12-01, not '2026-12-01T17:00:00+02:00'"


def test_names_are_not_addresses_of_attendees() -> None:
    result = BOX.call("events_create", {"title": "a", "start": "2026-12-01T15:00:00Z", "end": "2026-12-01T16:00:00Z", "attendees": ["Bob"]})
    assert result.fields["attendees.0"] == "must be an object, not 'Bob'"


def test_unknown_tools_have_no_suggestion() -> None:
    assert BOX.call("launch_rocket", {}).text == "There is no tool 'launch_rocket'."


def test_the_time_zone_argument_gives_the_offset() -> None:
    schema = BOX["events_create"].parameters
    given = {"start": "2026-12-01T15:00:00", "end": "2026-07-01 16:00", "time_zone": "America/New_York"}
    found = localized(given, schema, "events.create")
    assert found == given | {"start": "2026-12-01T15:00:00-05:00", "end": "2026-07-01T16:00:00-04:00"}
    for same in ({"start": "2026-12-01", "time_zone": "Europe/Paris"}, {"start": "2026-12-01T15:00:00Z"}, {"title": "2026-12-01T15:00:00"}):
        assert localized(same, schema, "events.create") == same
    with pytest.raises(InvalidInput, match="time_zone: 'Nowhere/City' is not a time zone such as America/New_York"):
        localized(given | {"time_zone": "Nowhere/City"}, schema, "events.create")
    with pytest.raises(InvalidInput, match="start: has no UTC offset: pass time_zone, or write an offset such as -05:00"):
        localized({"start": "2026-12-01T15:00:00"}, schema, "events.create")


def test_only_given_arguments_are_looked_up() -> None:
    from unified_emulation.serving.local import LocalEmulator

    with Client(emulated=LocalEmulator(["jira"])) as client:
        box = tools(vendors=["jira"], client=client)
        text = box.call("tasks_update", {"id": "NOPE-99999", "title": "x"}).text
    assert "tasks_list finds id" in text
    assert "assignee_ids" not in text
