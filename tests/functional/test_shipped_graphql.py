"""Linear through its emulator: what is written is read, errors beside data are errors, and plans show query and variables."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from tests.unit.runtime.policies import MemoryAuditLog
from unified import api_key, comments, projects, statuses, tasks, users
from unified.api import linear
from unified_emulation.serving.local import LocalEmulator
from unified_platform.policy.cedar import CedarPolicies
from unified_runtime import Client, Denied, PolicyEnforcer, using
from unified_runtime.client import current
from unified_runtime.core.errors import Forbidden, InvalidInput, NotFound, RateLimited, Rejected, Unauthorized, UnifiedError
from unified_runtime.core.responses import Response
from unified_runtime.core.vendors import load
from unified_runtime.toolkits.raw_requests import raw_request

TEAM = "11111111-1111-4111-8111-111111111111"


@pytest.fixture(scope="module")
def emulated() -> Iterator[LocalEmulator]:
    emulator = LocalEmulator(["linear"])
    with Client(emulated=emulator) as client, using(client):
        yield emulator


def test_a_task_is_written_read_found_and_deleted(emulated: LocalEmulator) -> None:
    project = next(iter(projects.list(via="linear")))
    made = tasks.create(
        title="Fix the *login*", description="As reported.", status="in_progress", priority="high", project_id=project.id, via="linear"
    )
    assert (made.title, made.status, made.priority, made.project_id) == ("Fix the *login*", "in_progress", "high", project.id)
    assert tasks.get(made.id, via="linear") == made
    done = tasks.update(made.id, status="done", priority=None, append_description="And more.", via="linear")
    assert (done.status, done.status_label, done.priority) == ("done", "Done", None)
    assert str(done.description) == "As reported.\n\nAnd more."
    assert made.id in [task.id for task in tasks.list(project_id=project.id, status="done", via="linear")]
    assert made.id not in [task.id for task in tasks.list(project_id="another", via="linear")]
    tasks.delete(made.id, via="linear")
    with pytest.raises(NotFound, match="Could not find referenced Issue"):
        tasks.get(made.id, via="linear")


def test_pages_end_and_filters_narrow(emulated: LocalEmulator) -> None:
    every = list(tasks.list(via="linear"))
    pages = list(tasks.list(limit=2, via="linear").pages())
    assert [len(page.items) for page in pages[:2]] == [2, 2]
    assert [task.id for page in pages for task in page.items] == [task.id for task in every]
    assert len({task.id for task in every}) == len(every) > 2
    assert {task.title for task in tasks.list(text="sign-in", via="linear")} == {"Fix the sign-in redirect"}


def test_comments_are_those_of_their_task(emulated: LocalEmulator) -> None:
    task = tasks.create(title="One", via="linear")
    made = comments.create(task_id=task.id, body="Seen.", via="linear")
    assert [(one.id, str(one.body), one.task_id) for one in comments.list(task_id=task.id, via="linear")] == [(made.id, "Seen.", task.id)]
    assert str(comments.update(made.id, body="Fixed.", via="linear").body) == "Fixed."


def test_users_and_states(emulated: LocalEmulator) -> None:
    assert users.me(via="linear").name == users.get(users.me(via="linear").id, via="linear").name
    assert {one.status for one in statuses.list(via="linear")} == {"open", "in_progress", "done", "canceled"}


def test_a_plan_shows_query_and_variables(emulated: LocalEmulator) -> None:
    (request,) = tasks.create.plan(title="One", via="linear").requests
    given = request.body["variables"]["input"]
    assert request.body["variables"] == {"input": {"id": given["id"], "teamId": given["teamId"], "title": "One"}}
    assert request.body["query"].startswith("mutation issueCreate($input: IssueCreateInput!) {")


def test_labels_are_written_by_name(emulated: LocalEmulator) -> None:
    for name in ("blocked", "ui", "api"):
        linear.call("issueLabelCreate", input={"name": name})
    made = tasks.create(title="One", labels=["ui", "api"], via="linear")
    assert set(made.labels or ()) == {"ui", "api"}
    changed = tasks.update(made.id, add_labels=["blocked"], remove_labels=["ui"], via="linear")
    assert set(changed.labels or ()) == {"api", "blocked"}
    assert tasks.update(made.id, labels=[], via="linear").labels == []
    with pytest.raises(InvalidInput, match="does not have all of these labels"):
        tasks.create(title="Two", labels=["ui", "unknown"], via="linear")


@pytest.mark.parametrize(
    ("sort", "sent"),
    [
        ("created_desc", {"createdAt": {"order": "Descending"}}),
        ("updated", {"updatedAt": {"order": "Ascending"}}),
        ("due", {"dueDate": {"order": "Ascending"}}),
        ("priority", {"priority": {"order": "Ascending"}}),
    ],
)
def test_an_order_is_an_object_with_the_name_of_its_field(emulated: LocalEmulator, sort: Any, sent: Any) -> None:
    (request,) = tasks.list.plan(sort=sort, via="linear").requests
    assert request.body["variables"]["sort"] == [sent]
    (request,) = tasks.list.plan(via="linear").requests
    assert "sort" not in request.body["variables"]


def test_a_lost_response_does_not_duplicate() -> None:
    """The id of a new issue is chosen by the client: it is looked up by this id, and a second request with it is rejected."""
    stored: dict[str, Any] = {}

    def respond(request: httpx2.Request) -> httpx2.Response:
        variables = json.loads(request.content)["variables"]
        if "input" not in variables:
            return httpx2.Response(200, json={"data": {"issue": stored[variables["id"]]}})
        issue = variables["input"]
        assert issue["id"] not in stored
        stored[issue["id"]] = {"id": issue["id"], "title": issue["title"], "state": None, "labels": {"nodes": []}}
        raise httpx2.ReadError("connection lost", request=request)

    client = Client(transport=httpx2.Client(transport=httpx2.MockTransport(respond)))
    client.connect("linear", api_key(key="k"), team=TEAM)
    with client, using(client):
        made = tasks.create(title="Once", via="linear")
    assert [made.id] == list(stored)
    assert uuid.UUID(made.id).version == 4


def test_any_operation_of_the_schema_can_be_called(emulated: LocalEmulator) -> None:
    (team, *_) = linear.call("teams")
    made = linear.call("issueCreate", input={"title": "By its document", "teamId": team["id"]})
    assert (made["success"], made["issue"]["title"], made["issue"]["team"]["id"]) == (True, "By its document", team["id"])
    with pytest.raises(InvalidInput, match="titel"):
        linear.call("issueCreate", input={"titel": "x", "teamId": team["id"]})


def responding(body: Any, status: int = 200) -> Client:
    """Return a client whose vendor gives one response to everything."""
    transport = httpx2.MockTransport(lambda request: httpx2.Response(status, json=body))
    client = Client(transport=httpx2.Client(transport=transport))
    client.connect("linear", api_key(key="k"), team=TEAM)
    return client


@pytest.mark.parametrize(
    ("body", "status", "error", "words"),
    [
        ({"errors": [{"message": "Entity not found: Issue", "extensions": {"type": "invalid input"}}]}, 200, NotFound, "Entity not found"),
        ({"errors": [{"message": "no", "extensions": {"type": "ratelimited"}}]}, 400, RateLimited, "no"),
        ({"errors": [{"message": "no", "extensions": {"type": "authentication error"}}]}, 400, Unauthorized, "no"),
        ({"errors": [{"message": "no", "extensions": {"code": "GRAPHQL_VALIDATION_FAILED"}}]}, 400, Rejected, "no"),
        (
            {"data": {"issue": {"id": "1", "title": "x"}}, "errors": [{"message": "half", "path": ["issue", "team"]}]},
            200,
            UnifiedError,
            "half",
        ),
    ],
)
def test_errors_beside_data_are_errors(body: Any, status: int, error: type[UnifiedError], words: str) -> None:
    with responding(body, status) as client, using(client), pytest.raises(error, match=words):
        tasks.get("1", via="linear")


def test_all_errors_beside_data_are_reported() -> None:
    errors = [
        {"message": "no team", "path": ["issue", "team"], "extensions": {"type": "forbidden", "userPresentableMessage": "Not your team."}},
        {"message": "no labels", "path": ["issue", "labels"]},
        {"message": "no labels", "path": ["issue", "project"]},
    ]
    expected = pytest.raises(Forbidden, match=r"Not your team\.; no labels \(HTTP")
    with responding({"data": {"issue": {"id": "1"}}, "errors": errors}) as client, using(client), expected:
        tasks.get("1", via="linear")


def test_a_request_with_a_query_reads(emulated: LocalEmulator) -> None:
    client = current.client()
    assert client.request("linear", "POST", "/", json={"query": "{ viewer { name } }"})["data"]["viewer"]["name"]
    effects = {}
    for text in (
        "query Q($id: String!) { issue(id: $id) { id } }",
        "mutation { issueDelete { success } }",
        "mutation { issues { id } }",  # a field of queries, and not one of mutations
    ):
        operation, _ = raw_request("linear", "POST").resolve({"path": "/", "json": {"query": text}})
        effects[operation.name] = operation.effect
    assert effects == {"linear.QUERY": "read", "linear.issueDelete": "destructive", "linear.POST": "write"}
    operation, _ = raw_request("github", "POST").resolve({"path": "/graphql", "json": {"query": "{ viewer { login } }"}})
    assert operation.effect == "write"  # its document is that of REST


DELETED = {"query": "mutation M($i: String!) { issueDelete(id: $i) { success } }", "variables": {"i": "1"}}
UPDATED = {
    "query": "mutation M($a: String!, $b: IssueUpdateInput!) { x: issueUpdate(id: $a, input: $b) { ...F } } fragment F on P { success }",
    "variables": {"a": "1", "b": {"title": "} mutation { issueDelete"}},
}


def test_a_policy_allows_single_mutations_of_raw_requests() -> None:
    rules = CedarPolicies({"p.cedar": '@id("update") permit (principal, action == Action::"linear.issueUpdate", resource);'})
    log = MemoryAuditLog()
    enforcer = PolicyEnforcer(rules, audit=log)
    with responding({"data": {"x": {"success": True}}}) as client:
        governed = client.with_policy(enforcer)
        assert governed.request("linear", "POST", "/", json=UPDATED)["data"]["x"]["success"]
        with pytest.raises(Denied, match=r"linear\.issueDelete"):
            governed.request("linear", "POST", "/", json=DELETED)
    assert {one.get("operation") for one in log.entries} == {"linear.issueUpdate", "linear.issueDelete"}


def test_a_policy_decides_by_the_arguments_of_a_raw_mutation() -> None:
    rules = CedarPolicies(
        {
            "p.cedar": '@id("all") permit (principal, action in Action::"linear.api", resource);'
            '@id("one") forbid (principal, action == Action::"linear.issueUpdate", resource)'
            'when { context.input has id && context.input.id == "1" };'
        }
    )
    with responding({"data": {"x": {"success": True}}}) as client:
        governed = client.with_policy(PolicyEnforcer(rules))
        governed.request("linear", "POST", "/", json={**UPDATED, "variables": {"a": "2", "b": {}}})
        with pytest.raises(Denied, match="rule one"):
            governed.request("linear", "POST", "/", json=UPDATED)
        for text, variables in (
            ('mutation { issueUpdate(id: "1", input: {}) { success } }', {}),
            ('mutation M($a: String = "1", $b: I) { issueUpdate(id: $a, input: $b) { success } }', {"b": {}}),
        ):
            with pytest.raises(InvalidInput, match="'id' without a value in `variables`"):
                governed.request("linear", "POST", "/", json={"query": text, "variables": variables})
        with pytest.raises(InvalidInput, match="'idd', which is not an argument of issueUpdate; did you mean 'id'"):
            governed.request(
                "linear", "POST", "/", json={"query": "mutation M($a: S) { issueUpdate(idd: $a) { id } }", "variables": {"a": 1}}
            )


@pytest.mark.parametrize(
    "body",
    [
        {"query": 'mutation { issueUpdate(id: "1", input: {}) { success } issueDelete(id: "1") { success } }'},
        {"query": 'mutation { ...F } fragment F on Mutation { issueDelete(id: "1") { success } }'},
        {"query": "mutation M { issueDelete } mutation N { viewer { id } }", "operationName": "N"},
        [DELETED],
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": "0"}}},
    ],
)
def test_a_request_whose_fields_a_policy_cannot_decide_about_is_rejected(body: Any) -> None:
    with responding({"data": {}}) as client, pytest.raises(InvalidInput, match="one mutation with one field"):
        client.request("linear", "POST", "/", json=body)


def test_a_mutation_is_sent_once_with_its_own_text(emulated: LocalEmulator) -> None:
    operation, invocation = raw_request("linear", "POST").resolve({"path": "/", "json": UPDATED})
    (planned,) = current.client().plan(operation, invocation).requests
    assert planned.body == UPDATED
    with pytest.raises(InvalidInput, match=r"this mutation is linear\.issueUpdate"):
        raw_request("linear", "POST").bind({"path": "/", "json": UPDATED})


def test_a_mutation_that_reports_no_success_fails() -> None:
    with responding({"data": {"issueDelete": {"success": False}}}) as client, using(client), pytest.raises(Rejected):
        tasks.delete("1", via="linear")
    with responding({"data": {"issueDelete": {"success": True}}}) as client, using(client):
        tasks.delete("1", via="linear")


@pytest.mark.parametrize("vendor", ["linear", "monday"])
def test_a_failure_is_found_however_its_json_is_written(vendor: str) -> None:
    failed = load(vendor).failed
    assert failed is not None
    for body in (
        r'{"errors": [{"message": "no"}]}',
        r'{"\u0065rr\u006Frs": [{"message": "no"}]}',
        r'{"data": {"one": {"success": false}}}',
        r'{"data": {"one": {"s\u0075ccess": false}}}',
        r'{"data": {"one": "{\"success\": false}"}}',
        r'{"data": {"one": "{\"\\u0073uccess\": false}"}}',
    ):
        assert failed(Response(200, (), body.encode(), ""))
    for body in (
        '{"errors": []}',
        '{"data": {"one": {"title": "caf\\u00e9"}}}',
        '{"data": {"one": {"title": "errors: none, success"}}}',
        "[]",
        "",
    ):
        assert not failed(Response(200, (), body.encode(), ""))


def test_the_emulator_refuses_queries_that_the_schema_does_not_have(emulated: LocalEmulator) -> None:
    endpoint = emulated.emulators.by_name["linear"].emulator.graphql
    assert endpoint is not None
    account = emulated.emulators.by_name["linear"].emulator.account
    body = json.dumps({"query": "{ issues { nodes { titel } } }"}).encode()
    response = endpoint.respond(body, lambda call: pytest.fail("nothing is performed"), account, [])
    assert (response.status, response.body["errors"][0]["extensions"]["code"]) == (400, "GRAPHQL_VALIDATION_FAILED")
