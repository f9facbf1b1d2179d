"""Updates of tasks by shipped adapters, with responses as the vendors document them: workflows, parts of values, dropped fields."""

from __future__ import annotations

from typing import Any

import pytest

import unified.tasks
from tests.functional.shipped import responding
from unified_runtime import Conflict, InvalidInput, NotFound, Rejected, Unsupported

ISSUE = "/rest/api/3/issue/PROJ-1"


def jira_issue(status: str = "To Do", category: str = "new", **fields: Any) -> dict[str, Any]:
    return {"key": "PROJ-1", "fields": {"status": {"name": status, "statusCategory": {"key": category}}, "labels": [], **fields}}


def transition(number: str, name: str, category: str = "done", **fields: Any) -> dict[str, Any]:
    return {"id": number, "name": f"to {name}", "to": {"name": name, "statusCategory": {"key": category}}, "fields": fields}


# ------------------------------------------------------------------------------------------------------------------ transitions
def test_jira_prefers_the_usual_status_to_the_first_of_its_category() -> None:
    offered = {"transitions": [transition("21", "Won't Do"), transition("31", "Done")]}
    with responding("jira", jira_issue(), offered, 204, jira_issue("Done", "done")) as sent:
        assert unified.tasks.update("PROJ-1", status="done").status == "done"
    assert sent.body(2) == {"transition": {"id": "31"}}


def test_jira_moves_to_the_status_that_is_named() -> None:
    offered = {"transitions": [transition("21", "Won't Do"), transition("31", "Done")]}
    with responding("jira", jira_issue(), offered, 204, jira_issue("Won't Do", "done")) as sent:
        unified.tasks.update("PROJ-1", status_name="won't do")
    assert sent.body(2) == {"transition": {"id": "21"}}


def test_jira_does_not_guess_among_several_statuses() -> None:
    offered = {"transitions": [transition("21", "Won't Do"), transition("41", "Duplicate")]}
    with responding("jira", jira_issue(), offered) as sent, pytest.raises(Conflict, match="Won't Do, Duplicate"):
        unified.tasks.update("PROJ-1", title="x", status="done")
    assert sent.lines == [f"GET {ISSUE}", f"GET {ISSUE}/transitions"]  # nothing is changed


@pytest.mark.parametrize(("name", "category", "wanted"), [("In Review", "indeterminate", "in_progress"), ("Done", "done", "done")])
def test_jira_leaves_a_status_that_is_reached(name: str, category: str, wanted: Any) -> None:
    now = jira_issue(name, category)
    with responding("jira", now, now) as sent:
        assert unified.tasks.update("PROJ-1", status=wanted).status_label == name
    assert sent.lines == [f"GET {ISSUE}", f"GET {ISSUE}"]


def test_jira_gets_the_fields_of_a_screen_with_the_transition() -> None:
    offered = {"transitions": [transition("31", "Done", resolution={"required": True})]}
    extra = {"jira": {"fields": {"resolution": {"name": "Fixed"}, "environment": None}}}
    with responding("jira", jira_issue(), offered, 204, 204, jira_issue("Done", "done")) as sent:
        unified.tasks.update("PROJ-1", status="done", extra=extra)
    assert sent.lines[2:4] == [f"POST {ISSUE}/transitions", f"PUT {ISSUE}"]
    assert sent.body(2) == {"transition": {"id": "31"}, "fields": {"resolution": {"name": "Fixed"}}}
    assert sent.body(3) == {"fields": {"environment": None}}


def test_clickup_leaves_a_status_of_the_same_meaning() -> None:
    task = {"id": "t1", "status": {"status": "in review", "type": "custom"}, "list": {"id": "9"}, "assignees": [], "tags": []}
    statuses = {"statuses": [{"status": "in progress", "type": "custom"}, {"status": "in review", "type": "custom"}]}
    with responding("clickup", task, statuses, task, task) as sent:
        unified.tasks.update("t1", status="in_progress")
    assert sent.body(2)["status"] == "in review"


# ------------------------------------------------------------------------------------------------------------------ parts of values
NO_TASK = (400, {"errorMessages": [], "errors": {"issuetype": "The issue type selected is invalid."}})
MADE = {"id": "10", "key": "SD-7", "self": "https://acme.atlassian.net/rest/api/3/issue/10"}


def test_jira_creates_an_issue_if_no_type_is_called_task() -> None:
    """Service projects, and sites in other languages, have none: the first standard type of the project is used."""
    types = {"issueTypes": [{"id": "1", "name": "Epic", "hierarchyLevel": 1}, {"id": "2", "name": "Unteraufgabe", "subtask": True}]}
    types["issueTypes"] += [{"id": "3", "name": "Aufgabe", "hierarchyLevel": 0}, {"id": "4", "name": "Fehler", "hierarchyLevel": 0}]
    with responding("jira", NO_TASK, types, MADE, jira_issue()) as sent:
        unified.tasks.create(title="x", project_id="SD")
    lines = [
        "POST /rest/api/3/issue",
        "GET /rest/api/3/issue/createmeta/SD/issuetypes",
        "POST /rest/api/3/issue",
        "GET /rest/api/3/issue/SD-7",
    ]
    assert sent.lines == lines
    assert [sent.body(index)["fields"]["issuetype"] for index in (0, 2)] == [{"name": "Task"}, {"id": "3"}]


def test_jira_makes_a_sub_task_where_the_parent_cannot_have_a_task() -> None:
    wrong = (400, {"errorMessages": [], "errors": {"parentId": "Given parent work item does not belong to appropriate hierarchy."}})
    types = {"issueTypes": [{"id": "3", "name": "Task"}, {"id": "2", "name": "Subtask", "subtask": True, "hierarchyLevel": -1}]}
    with responding("jira", wrong, types, MADE, jira_issue()) as sent:
        unified.tasks.create(title="x", project_id="SD", parent_id="SD-1")
    assert sent.body(2)["fields"]["issuetype"] == {"id": "2"}


def test_jira_does_not_replace_a_type_that_was_given() -> None:
    with responding("jira", NO_TASK) as sent, pytest.raises(Rejected):
        unified.tasks.create(title="x", project_id="SD", type="Task")
    with responding("jira", (400, {"errorMessages": [], "errors": {"summary": "You must specify a summary"}})), pytest.raises(Rejected):
        unified.tasks.create(title="x", project_id="SD")
    assert sent.lines == ["POST /rest/api/3/issue"]


def test_jira_adds_a_label_to_the_present_ones() -> None:
    with responding("jira", jira_issue(labels=["a", "b"]), 204, jira_issue(labels=["a", "c"])) as sent:
        unified.tasks.update("PROJ-1", add_labels=["c", "A"], remove_labels=["b"])
    assert sent.body(1) == {"fields": {"labels": ["a", "c"]}}


def test_a_list_and_its_parts_are_not_given_together() -> None:
    with responding("jira", jira_issue(labels=["a"])) as sent, pytest.raises(InvalidInput, match="not both"):
        unified.tasks.update("PROJ-1", labels=["b"], add_labels=["c"])
    assert sent.lines == [f"GET {ISSUE}"]


def test_a_member_is_not_added_and_removed() -> None:
    with responding("jira", jira_issue(labels=["a"])), pytest.raises(InvalidInput, match="added and removed"):
        unified.tasks.update("PROJ-1", add_labels=["b"], remove_labels=["B"])


def test_a_list_replaces_all_beside_parts_without_members() -> None:
    with responding("jira", jira_issue(labels=["a"]), 204, jira_issue(labels=["b"])) as sent:
        unified.tasks.update("PROJ-1", labels=["b"], add_labels=[], remove_labels=[])
    assert sent.body(1) == {"fields": {"labels": ["b"]}}


def test_clickup_changes_assignees_and_tags_by_member() -> None:
    task = {"id": "t1", "list": {"id": "9"}, "assignees": [{"id": 1}, {"id": 2}], "tags": [{"name": "old"}, {"name": "kept"}]}
    with responding("clickup", task, task, {}, {}, task) as sent:
        unified.tasks.update("t1", assignee_ids=["2", "3"], labels=["kept", "new"])
    assert sent.body(1) == {"assignees": {"add": [3], "rem": [1]}}
    assert sent.lines[2:4] == ["POST /api/v2/task/t1/tag/new", "DELETE /api/v2/task/t1/tag/old"]


def test_zendesk_keeps_the_tags_of_the_ticket_s_fields() -> None:
    ticket = {
        "ticket": {"id": 7, "tags": ["plan_gold", "old"], "custom_fields": [{"id": 1, "value": "plan_gold"}, {"id": 2, "value": None}]}
    }
    with responding("zendesk", ticket, ticket) as sent:
        unified.tasks.update("7", labels=["new"])
    assert sent.body(1) == {"ticket": {"tags": ["plan_gold", "new"]}}


MENTION = {"type": "mention", "attrs": {"id": "a1", "text": "@Ada"}}
STORED = {"version": 1, "type": "doc", "content": [{"type": "paragraph", "content": [MENTION, {"type": "text", "text": " see"}]}]}


def test_jira_appends_to_a_description_and_keeps_its_mentions() -> None:
    with responding("jira", jira_issue(description=STORED), 204, jira_issue(description=STORED)) as sent:
        unified.tasks.update("PROJ-1", append_description="**more**")
    added = {"type": "paragraph", "content": [{"type": "text", "text": "more", "marks": [{"type": "strong"}]}]}
    assert sent.body(1) == {"fields": {"description": {**STORED, "content": [*STORED["content"], added]}}}  # type: ignore[misc]


def test_jira_does_not_overwrite_mentions_unnoticed() -> None:
    with responding("jira", jira_issue(description=STORED)) as sent, pytest.raises(Conflict, match="mentions"):
        unified.tasks.update("PROJ-1", description="@Ada see, and more")
    assert sent.lines == [f"GET {ISSUE}"]
    with responding("jira", jira_issue(description=STORED), 204, jira_issue()) as sent:
        unified.tasks.update("PROJ-1", description="short", overwrite=True)
    assert sent.lines[1] == f"PUT {ISSUE}"
    with responding("jira", jira_issue(description=STORED), 204, jira_issue(description=STORED)) as sent:
        read = unified.tasks.update("PROJ-1", description="[Ada](user:a1) see, and more")  # the mention is written again
    assert sent.body(1)["fields"]["description"]["content"][0]["content"][0] == MENTION
    assert read.description == "[Ada](user:a1) see"


def test_asana_appends_to_rich_text() -> None:
    notes = '<body><a data-asana-gid="1" data-asana-type="user">@Ada</a></body>'
    found = {"data": {"gid": "1", "html_notes": notes}}
    with responding("asana", found, found) as sent:
        unified.tasks.update("1", append_description="more")
    assert sent.body(1)["data"]["html_notes"] == notes.removesuffix("</body>") + "\n\nmore</body>"
    with responding("asana", found), pytest.raises(Conflict, match="mentions"):
        unified.tasks.update("1", description="more")


# ------------------------------------------------------------------------------------------------------------------ GitHub
def github_issue(**more: Any) -> dict[str, Any]:
    found = {"id": 1, "number": 5, "state": "open", "title": "x", "labels": [], "assignees": [], **more}
    return {**found, "repository_url": "https://api.github.com/repos/o/r", "html_url": "https://github.com/o/r/issues/5"}


def test_a_pull_request_of_github_is_not_changed() -> None:
    with responding("github", github_issue(pull_request={"url": "u"})) as sent, pytest.raises(NotFound):
        unified.tasks.update("o/r#5", status="done")
    assert sent.lines == ["GET /repos/o/r/issues/5"]


def test_a_plan_has_the_requests_of_an_update() -> None:
    with responding("github"):
        assert "PATCH https://api.github.com/repos/o/r/issues/5" in str(unified.tasks.update.plan("o/r#5", status="done"))
    with responding("jira"):
        assert f"POST https://acme.atlassian.net{ISSUE}/transitions" in str(unified.tasks.update.plan("PROJ-1", status="done"))


def test_a_value_that_github_dropped_is_reported_with_the_record() -> None:
    with responding("github", (201, github_issue())), pytest.raises(Rejected, match="dropped labels and assignee_ids") as caught:
        unified.tasks.create(project_id="o/r", title="x", assignee_ids=["ada"], labels=["bug"])
    assert caught.value.fields.keys() == {"assignee_ids", "labels"}
    assert "wrote o/r#5" in caught.value.message
    assert caught.value.record.id == "o/r#5"


def test_github_adds_an_assignee() -> None:
    bob = {"login": "bob"}
    with responding("github", github_issue(assignees=[bob]), github_issue(assignees=[bob, {"login": "Ada"}])) as sent:
        unified.tasks.update("o/r#5", add_assignee_ids=["ada"])
    assert sent.body(1) == {"assignees": ["bob", "ada"]}


def test_a_ticket_is_opened_for_a_customer() -> None:
    ticket = {"ticket": {"id": 7, "subject": "x", "requester_id": 9}}
    with responding("zendesk", (201, ticket)) as sent:
        made = unified.tasks.create(title="x", description="y", requester_email="customer@example.com")
    assert sent.body()["ticket"]["requester"] == {"email": "customer@example.com"}
    assert made.requester_id == "9"


# ------------------------------------------------------------------------------------------------------------------ enum values
@pytest.mark.parametrize(("vendor", "project"), [("asana", "1200000000000001"), ("github", "acme/api")])
def test_a_status_that_the_vendor_lacks_is_refused_before_a_task_is_created(vendor: str, project: str) -> None:
    """Refuse what only a later step writes, such as the status, before the first one creates the task."""
    with responding(vendor) as sent, pytest.raises(Unsupported, match="in_progress"):
        unified.tasks.create(title="x", project_id=project, status="in_progress")
    assert sent.lines == []
