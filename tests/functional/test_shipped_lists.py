"""Lists and errors of shipped task vendors, with responses as the vendors document them: scope, completeness, people, kinds of errors."""

from __future__ import annotations

from typing import Any

import pytest

import unified.comments
import unified.projects
import unified.sprints
import unified.statuses
import unified.tasks
import unified.users
from tests.functional.shipped import responding
from unified_runtime import NotFound, RateLimited, Unavailable, Unsupported


def issues(count: int = 1, **more: Any) -> dict[str, Any]:
    one = {"id": 1, "number": 5, "state": "open", "repository_url": "https://api.github.com/repos/o/r"}
    return {"total_count": count, "incomplete_results": False, "items": [one], **more}


def test_a_search_of_github_without_a_repository_is_the_user_s_own() -> None:
    with responding("github", issues()) as sent:
        list(unified.tasks.list(text="login bug"))
    assert "involves:@me" in sent.query()["q"].split()
    with responding("github", issues()) as sent:
        list(unified.tasks.list(text="login bug", project_id="o/r"))
    assert "repo:o/r" in sent.query()["q"]
    assert "involves" not in sent.query()["q"]


def test_the_end_of_github_s_search_is_reported() -> None:
    with responding("github", issues(48211)), pytest.raises(Unsupported, match="first 1000"):
        list(unified.tasks.list(text="x"))
    with responding("github", issues(incomplete_results=True)), pytest.raises(Unavailable, match="part of the results"):
        list(unified.tasks.list(text="x"))


def test_github_lists_open_issues_only_where_these_are_wanted() -> None:
    with responding("github", []) as sent:
        list(unified.tasks.list(project_id="o/r", status="open"))
    assert sent.query()["state"] == "open"


def test_the_secondary_limit_of_github_is_a_rate_limit() -> None:
    message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    refused = (403, {"message": message})
    with responding("github", *[refused] * 10), pytest.raises(RateLimited):
        unified.tasks.create(project_id="o/r", title="x")


def test_an_id_of_clickup_that_does_not_exist_is_not_found() -> None:
    with responding("clickup", (401, {"err": "Team not authorized", "ECODE": "OAUTH_027"})), pytest.raises(NotFound, match="Workspaces"):
        unified.tasks.get("abc")


def test_a_plan_that_lacks_an_operation_is_unsupported() -> None:
    refused = (402, {"errors": [{"message": "Payment Required"}]})
    with responding("asana", refused), pytest.raises(Unsupported, match="plan"):
        list(unified.tasks.list(text="x"))


def test_users_of_jira_are_people() -> None:
    found = [
        {"accountId": "1", "displayName": "Ada", "accountType": "atlassian", "active": True},
        {"accountId": "2", "displayName": "Automation for Jira", "accountType": "app", "active": True},
        {"accountId": "3", "displayName": "A customer", "accountType": "customer", "active": True},
    ]
    with responding("jira", found):
        assert [user.name for user in unified.users.list(project_id="PROJ")] == ["Ada"]


def test_users_of_jira_are_active() -> None:
    found = [
        {"accountId": "1", "displayName": "Ada", "accountType": "atlassian", "active": True},
        {"accountId": "2", "displayName": "Grace", "accountType": "atlassian", "active": False},
        {"accountId": "3", "displayName": "Alan"},
    ]
    for filters in ({}, {"text": "a"}, {"project_id": "PROJ"}):
        with responding("jira", found):
            assert [user.name for user in unified.users.list(**filters)] == ["Ada", "Alan"]


def test_users_of_zendesk_are_agents() -> None:
    found = {"users": [{"id": 1, "name": "Ada", "role": "agent"}, {"id": 2, "name": "A customer", "role": "end-user"}], "meta": {}}
    with responding("zendesk", found) as sent:
        assert [user.name for user in unified.users.list()] == ["Ada"]
    assert "role" in sent.transport.requests[0].url
    with responding("zendesk", {**found, "count": 2}) as sent:
        assert [user.name for user in unified.users.list(text="a")] == ["Ada"]
    assert "role:agent role:admin" in sent.query()["query"]


def test_a_list_of_tickets_has_archived_ones() -> None:
    with responding("zendesk", {"results": [], "meta": {}}) as sent:
        list(unified.tasks.list())
    assert sent.lines == ["GET /api/v2/search/export"]
    assert sent.query()["query"] == "created>=1970-01-01"


def test_asana_lists_only_open_tasks() -> None:
    with responding("asana", {"data": []}) as sent:
        list(unified.tasks.list(project_id="1", status="open"))
    assert sent.query()["completed_since"] == "now"


def test_trello_does_not_load_archived_cards_for_open_ones() -> None:
    with responding("trello", []) as sent:
        list(unified.tasks.list(project_id="a" * 24, status="open"))
    assert sent.lines == [f"GET /1/boards/{'a' * 24}/cards/visible"]


@pytest.mark.parametrize(
    ("vendor", "order", "sent_as"),
    [
        ("jira", "due", {"jql": "ORDER BY duedate ASC"}),
        ("jira", "priority", {"jql": "ORDER BY priority DESC"}),
        ("jira", None, {"jql": "ORDER BY created DESC"}),
        ("redmine", "updated_desc", {"sort": "updated_on:desc"}),
        ("redmine", None, {"sort": "id:desc"}),
        ("roundup", "created", {"@sort": "creation"}),
        ("roundup", "priority", {"@sort": "priority"}),
        ("github", "updated_desc", {"sort": "updated", "direction": "desc"}),
        ("github", "created", {"sort": "created", "direction": "asc"}),
    ],
)
def test_tasks_are_listed_in_an_order(vendor: str, order: Any, sent_as: dict[str, str]) -> None:
    empty: Any = {"issues": [], "total_count": 0, "data": {"collection": [], "@total_size": 0}} if vendor != "github" else []
    with responding(vendor, empty) as sent:
        list(unified.tasks.list(sort=order))
    query = sent.query()
    assert all(query[name].endswith(value) for name, value in sent_as.items()), query


def test_github_searches_in_an_order_and_sorts_parts_itself() -> None:
    with responding("github", {"items": [], "total_count": 0, "incomplete_results": False}) as sent:
        list(unified.tasks.list(text="login", project_id="acme/app", sort="updated"))
    assert (sent.query()["sort"], sent.query()["order"]) == ("updated", "asc")
    part = {"title": "x", "state": "open", "repository_url": "https://api.github.com/repos/acme/app", "user": {"login": "ada"}}
    parts = [{**part, "number": number, "created_at": f"2031-01-0{day}T00:00:00Z"} for number, day in ((1, 2), (2, 3), (3, 1))]
    with responding("github", parts):
        assert [task.id[-1] for task in unified.tasks.list(parent_id="acme/app#9", sort="created_desc")] == ["2", "1", "3"]
    with responding("github", parts), pytest.raises(Unsupported, match="no due date"):
        list(unified.tasks.list(parent_id="acme/app#9", sort="due"))


@pytest.mark.parametrize("vendor", ["asana", "clickup", "todoist", "trello", "zendesk"])
def test_an_order_is_unsupported_where_the_vendor_has_none(vendor: str) -> None:
    with responding(vendor) as sent, pytest.raises(Unsupported, match="sort"):
        list(unified.tasks.list(project_id="a" * 24, sort="created"))
    assert sent.lines == []


def test_trello_lists_boards_of_more_than_a_thousand_cards() -> None:
    """A page has the newest cards, in the order of the board: the next one ends before the oldest of them."""

    def cards(*numbers: int) -> list[dict[str, Any]]:
        return [{"id": f"{number:024x}", "name": str(number)} for number in numbers]

    with responding("trello", cards(1007, 8, *range(9, 1007)), cards(5, 7, 6)) as sent:
        found = [*unified.tasks.list(project_id="a" * 24)]
    assert len({task.id for task in found}) == 1003
    assert [sent.query(index).get("limit") for index in range(2)] == ["1000", "1000"]
    assert [sent.query(index).get("before") for index in range(2)] == [None, f"{8:024x}"]


def test_redmine_servers_that_ignore_a_filter_do_not_return_everything() -> None:
    found = {"issues": [{"id": 1, "subject": "login"}, {"id": 2, "subject": "other"}], "total_count": 2}
    with responding("redmine", found):
        assert [task.id for task in unified.tasks.list(text="login")] == ["1"]
    found = {"projects": [{"id": 1, "name": "App"}, {"id": 2, "name": "Other"}], "total_count": 2}
    with responding("redmine", found):
        assert [project.name for project in unified.projects.list(text="app")] == ["App"]


# ------------------------------------------------------------------------------------------------------------------ Todoist
def todoist_task(**more: Any) -> dict[str, Any]:
    return {"id": "7", "content": "x", "priority": 1, "checked": False, **more}


def test_a_repeating_task_of_todoist_stays_one() -> None:
    due = {"date": "2031-01-02", "string": "every day", "is_recurring": True, "lang": "en"}
    with responding("todoist", todoist_task(due=due), todoist_task(), todoist_task(due=due)) as sent:
        changed = unified.tasks.update("7", due_date="2031-02-03", title="x")
    assert sent.body(1) == {"due_string": "every day", "due_date": "2031-02-03", "content": "x"}, "never without its repetition"
    assert (changed.recurring, changed.priority) == (True, None)


def test_a_single_date_of_todoist_is_replaced() -> None:
    due = {"date": "2031-01-02", "string": "Jan 2", "is_recurring": False}
    with responding("todoist", todoist_task(due=due), todoist_task(), todoist_task(due=due)) as sent:
        unified.tasks.update("7", due_date="2031-02-03")
    assert sent.body(1) == {"due_date": "2031-02-03"}
    with responding("todoist", (204, None), todoist_task()) as sent:
        unified.tasks.update("7", status="done")
    assert sent.lines == ["POST /api/v1/tasks/7/close", "GET /api/v1/tasks/7"], "nothing else is sent"


def test_a_user_of_todoist_is_read_by_id() -> None:
    found = {"collaborators": [{"id": "1", "full_name": "Bob"}, {"id": "2", "full_name": "Ada"}]}
    with responding("todoist", found):
        assert unified.users.get("2").name == "Ada"


def test_redmine_is_read_in_the_language_of_its_default_data() -> None:
    status = {"id": 3, "name": "In Bearbeitung", "is_closed": False}
    found = {"issue": {"id": 1, "subject": "x", "status": status, "priority": {"id": 4, "name": "Dringend"}}}
    with responding("redmine", found):
        read = unified.tasks.get("1")
    assert (read.status, read.priority) == ("in_progress", "urgent")


# ------------------------------------------------------------------------------------------------------------------ servers
CLOUD = "11111111-2222-3333-4444-555555555555"


def test_scoped_tokens_of_jira_have_a_server_of_their_own() -> None:
    issue = {"key": "PROJ-1", "fields": {}}
    with responding("jira", issue, cloud_id=CLOUD) as sent:
        unified.tasks.get("PROJ-1")
    assert sent.transport.requests[0].url.startswith(f"https://api.atlassian.com/ex/jira/{CLOUD}/rest/api/3/")
    with responding("jira", issue) as sent:
        unified.tasks.get("PROJ-1")
    assert sent.transport.requests[0].url.startswith("https://acme.atlassian.net/rest/api/3/")


def test_github_enterprise_has_its_own_address() -> None:
    with responding("github", {"login": "ada"}, url="https://github.example.org/api/v3") as sent:
        unified.users.me()
    assert sent.transport.requests[0].url == "https://github.example.org/api/v3/user"
    with responding("github", {"login": "ada"}) as sent:
        unified.users.me()
    assert sent.transport.requests[0].url == "https://api.github.com/user"


# ------------------------------------------------------------------------------------------------------------------ filters
def test_jira_finds_tasks_by_label_priority_type_parent_and_dates() -> None:
    with responding("jira", {"issues": []}) as sent:
        list(
            unified.tasks.list(label="a b", priority="low", type="Bug", parent_id="PROJ-1", due_after="2031-01-02", due_before="2031-02-03")
        )
    assert sent.query()["jql"].split(" ORDER")[0].split(" AND ")[1:] == [
        'duedate >= "2031/01/02"',
        'duedate < "2031/02/03"',
        'labels = "a b"',
        'priority in ("Low", "Lowest")',
        'issuetype = "Bug"',
        'parent = "PROJ-1"',
    ]


def test_zendesk_finds_tickets_by_tag_and_due_date() -> None:
    with responding("zendesk", {"results": [], "meta": {}}) as sent:
        list(unified.tasks.list(label="vip", priority="medium", due_before="2031-02-03"))
    assert sent.query()["query"] == "created>=1970-01-01 due_date<2031-02-03 tags:vip priority:normal"


def test_subtasks_are_listed() -> None:
    with responding("asana", {"data": [{"gid": "2", "name": "part"}]}) as sent:
        assert [task.title for task in unified.tasks.list(parent_id="1")] == ["part"]
    assert sent.lines == ["GET /api/1.0/tasks/1/subtasks"]
    found = [{"id": 1, "number": 6, "title": "part", "repository_url": "https://api.github.com/repos/o/r"}]
    with responding("github", found) as sent:
        assert [task.title for task in unified.tasks.list(parent_id="o/r#5")] == ["part"]
    assert sent.lines == ["GET /repos/o/r/issues/5/sub_issues"]


def test_a_filter_that_a_vendor_lacks_is_applied_to_its_records() -> None:
    cards = [{"id": "a" * 24, "name": "x", "labels": [{"name": "bug"}], "due": "2031-01-02T12:00:00.000Z"}, {"id": "b" * 24, "name": "y"}]
    with responding("trello", cards):
        assert [task.title for task in unified.tasks.list(project_id="c" * 24, label="bug", due_after="2031-01-01")] == ["x"]


@pytest.mark.parametrize(
    ("vendor", "parameter", "words"),
    [
        ("jira", "jql", {True: "assignee is EMPTY", False: "assignee is NOT EMPTY"}),
        ("zendesk", "query", {True: "assignee:none", False: "assignee:*"}),
        ("github", "q", {True: " no:assignee", False: " -no:assignee"}),
    ],
)
def test_tasks_of_no_one_are_found_by_the_words_of_the_language(vendor: str, parameter: str, words: dict[bool, str]) -> None:
    for chosen, word in words.items():
        with responding(vendor, {"issues": [], "items": [], "results": [], "meta": {}, "total_count": 0}) as sent:
            list(unified.tasks.list(text="x", unassigned=chosen))
        assert word in sent.query()[parameter]


def test_tasks_of_no_one_are_found() -> None:
    with responding("github", []) as sent:
        list(unified.tasks.list(project_id="o/r", unassigned=True))
    assert sent.query()["assignee"] == "none"
    with responding("linear", {"data": {"issues": {"nodes": [], "pageInfo": {"hasNextPage": False}}}}) as sent:
        list(unified.tasks.list(unassigned=False))
    assert sent.body()["variables"]["filter"] == {"assignee": {"null": False}}
    cards = [{"id": "a" * 24, "name": "x", "idMembers": ["c" * 24]}, {"id": "b" * 24, "name": "y", "idMembers": []}]
    for chosen, names in ((True, ["y"]), (False, ["x"])):
        with responding("trello", cards):
            assert [task.title for task in unified.tasks.list(project_id="c" * 24, unassigned=chosen)] == names


# ---------------------------------------------------------------------------------------------------- columns and sprints
def test_a_card_is_created_in_a_column_and_moved_to_another() -> None:
    lists, card = [{"id": "1" * 24, "name": "To do"}], {"id": "a" * 24, "name": "x", "idList": "2" * 24}
    with responding("trello", lists, card, {**card, "idList": "1" * 24}) as sent:
        assert unified.tasks.create(project_id="c" * 24, title="x", column_id="2" * 24).column_id == "2" * 24
        assert sent.query(1)["idList"] == "2" * 24
        assert unified.tasks.update("a" * 24, column_id="1" * 24).column_id == "1" * 24
        assert sent.query(2)["idList"] == "1" * 24
    with responding("trello", lists, card) as sent:
        unified.tasks.create(project_id="c" * 24, title="x")
        assert sent.query(1)["idList"] == "1" * 24


def test_sections_are_columns() -> None:
    task = {"gid": "7", "name": "x", "memberships": [{"section": {"gid": "12"}}]}
    with responding("asana", {"data": {}}, {"data": task}) as sent:
        assert unified.tasks.update("7", column_id="12").column_id == "12"
        assert sent.lines == ["POST /api/1.0/sections/12/addTask", "GET /api/1.0/tasks/7"]
        assert sent.body(0) == {"data": {"task": "7"}}
    item = {"id": "8", "content": "x", "section_id": "s2"}
    with responding("todoist", item, item) as sent:
        assert unified.tasks.update("8", column_id="s2").column_id == "s2"
        assert sent.body(0) == {"section_id": "s2"}
    with responding("asana", {"data": [{"gid": "12", "name": "Doing"}]}):
        assert [(each.id, each.name) for each in unified.statuses.list(project_id="1")] == [("12", "Doing")]


def test_sprints_are_listed_and_planned_for() -> None:
    milestone = {"number": 3, "title": "v2", "state": "open", "due_on": "2031-01-02T08:00:00Z"}
    issue = {**issues()["items"][0], "milestone": milestone}
    with responding("github", [milestone], issue, issue) as sent:
        (sprint,) = unified.sprints.list(project_id="o/r")
        assert (sprint.id, sprint.name, str(sprint.due_date), sprint.done) == ("3", "v2", "2031-01-02", False)
        assert unified.tasks.update("o/r#5", sprint_id=sprint.id).sprint_id == "3"
        assert sent.body(2) == {"milestone": "3"}
    with responding("jira"), pytest.raises(Unsupported, match="custom_fields"):
        unified.tasks.update("PROJ-1", sprint_id="3")
