"""The facts of specs/roundup, which has no published document, compared with a real Roundup; and behavior of Roundup only.

Each operation is called with each of its parameters, and with each reason for an error that its responses name; each response must
match the facts, and hold nothing that they omit.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import jsonschema_rs
import pytest
import yaml

import unified
from tests.support.servers.roundup import Roundup
from tests.support.servers.trackers import of_roundup
from unified import comments, tasks, users
from unified_runtime import Client, using
from unified_runtime.core.settings import Settings
from unified_runtime.rate_limits.rate_limiter import Unlimited

_FACTS: dict[str, Any] = yaml.safe_load(Path(__file__).parents[2].joinpath("specs/roundup/openapi.yaml").read_text(encoding="utf-8"))
_CALLS = {
    operation["operationId"]: (method.upper(), path, item.get("parameters", []) + operation.get("parameters", []), operation)
    for path, item in _FACTS["paths"].items()
    for method, operation in item.items()
    if method != "parameters"
}


def _resolved(node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        found: Any = _FACTS
        for name in node["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        node = found
    return node


def _closed(node: Any) -> Any:
    """Return a schema that rejects undeclared properties: a property of a response that it does not name is missing from the facts."""
    if isinstance(node, list):
        return [_closed(item) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        return _closed(_resolved(node))
    if "allOf" in node:
        return {"allOf": [_opened(part) for part in node["allOf"]], "unevaluatedProperties": False}
    inner = {name: _closed(value) for name, value in node.items()}
    return inner | {"unevaluatedProperties": False} if "properties" in node else inner


def _opened(node: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in _closed(node).items() if name != "unevaluatedProperties"}


class Prober:
    """Call operations by name, compare each response with the facts, and record which of them were seen."""

    def __init__(self, server: Roundup) -> None:
        self.server = server
        self.seen: set[tuple[str, str]] = set()
        self.sent: set[tuple[str, str]] = set()
        parts = httpx2.URL(server.url)
        self.origin = f"{parts.scheme}://{parts.netloc.decode()}"
        self._client = httpx2.Client(trust_env=False)

    def __call__(self, name: str, status: int, given: dict[str, Any] | None = None, body: Any = None, *, login: str | None = "ada") -> Any:
        """Call an operation and return its response; `given` are parameters by name, None for a required header left out."""
        method, path, declared, operation = _CALLS[name]
        parameters = {parameter["name"]: parameter for parameter in map(_resolved, declared)}
        values = {"X-Requested-With": "tests", "Origin": self.origin} | (given or {})
        query, headers, url = {}, {}, f"{self.server.url}{path}"
        for key, value in values.items():
            if key not in parameters:
                assert key in ("X-Requested-With", "Origin"), f"{name} has no parameter {key}"
                headers[key] = value  # a browser sends them with any request
                continue
            self.sent.add((name, key))
            location = parameters[key]["in"]
            if location == "path":
                url = url.replace(f"{{{key}}}", str(value))
            elif value is not None:
                (query if location == "query" else headers)[key] = value
        auth = None if login is None else (login, self.server.password if login in ("ada", "wanda") else "wrong")
        headers = {key: value for key, value in headers.items() if value is not None}
        response = self._client.request(method, url, params=query, headers=headers, json=body, auth=auth)
        assert response.status_code == status, f"{name}: {response.status_code} {response.text}"
        self.seen.add((name, str(status)))
        described = _resolved(operation["responses"][str(status)])
        media_type = response.headers["Content-Type"].split(";")[0]
        assert media_type in described["content"], f"{name}: {media_type}"
        if media_type != "application/json":
            return response.text
        for header in described.get("headers", {}):
            assert header in response.headers, f"{name}: no {header}"
        validator = jsonschema_rs.Draft202012Validator(_closed(described["content"][media_type]["schema"]))
        assert [f"{name} {list(error.instance_path)}: {error.message}" for error in validator.iter_errors(response.json())] == []
        return response.json()


def _version(probe: Prober, issue: str) -> str:
    found: str = probe("getIssue", 200, {"issue_id": issue})["data"]["@etag"]
    return found


ISSUE_FIELDS = "id,title,status,priority,assignedto,keyword,messages,files,nosy,superseder,creator,actor,creation,activity"


def test_each_response_matches_the_facts(roundup: Roundup) -> None:
    probe = Prober(roundup)
    # Written values, by name or by id, and the values read at each verbosity.
    message = probe("createMessage", 201, body={"content": "Hello\r\nthere", "author": "wanda", "date": "."})["data"]["id"]
    full = {
        "title": "  Full ",
        "status": "testing",
        "priority": "2",
        "assignedto": "wanda",
        "keyword": ["green", "1"],
        "messages": [message],
    }
    issue = probe("createIssue", 201, body=full)["data"]["id"]
    bare = probe("createIssue", 201, body={"title": "Bare"})["data"]["id"]
    read = probe("getIssue", 200, {"issue_id": issue, "@verbose": 2, "@fields": ISSUE_FIELDS})["data"]["attributes"]
    assert (read["title"], read["status"]["name"], read["priority"]["name"]) == ("Full", "testing", "urgent")
    assert (read["assignedto"]["username"], [word["name"] for word in read["keyword"]]) == ("wanda", ["red", "green"])
    assert [each["id"] for each in read["messages"]] == [message]
    assert set(read) == _FACTS["components"]["schemas"]["Issue"]["properties"].keys() - {"link"}, "each property of the facts is read"
    empty = probe("getIssue", 200, {"issue_id": bare, "@verbose": 2, "@fields": ISSUE_FIELDS})["data"]["attributes"]
    assert (empty["priority"], empty["assignedto"], empty["keyword"], empty["status"]["name"]) == (None, None, [], "unread")
    output = probe("getMessage", 200, {"message_id": message, "@verbose": 3, "@fields": "id,content,author,date,creation,activity"})
    assert (output["data"]["attributes"]["content"], output["data"]["attributes"]["author"]["username"]) == ("Hello\r\nthere", "wanda")

    # Lists: a filter for each parameter, pages, an order.
    assert probe("listIssues", 200, {"id": issue, "@fields": ISSUE_FIELDS, "@verbose": 2})["data"]["collection"][0]["title"] == "Full"
    assert probe("listIssues", 200, {"id": "999999"})["data"] == {"collection": [], "@total_size": 0}
    assert [each["id"] for each in probe("listIssues", 200, {"title": "fUL"})["data"]["collection"]] == [issue]
    assert [each["id"] for each in probe("listIssues", 200, {"status": "testing,resolved"})["data"]["collection"]] == [issue]
    assert probe("listIssues", 200, {"assignedto": str(roundup.paged_user_id)})["data"]["@total_size"] == roundup.paged
    page = probe("listIssues", 200, {"@page_size": 2, "@page_index": 2, "@sort": "-id"})["data"]
    assert [each["id"] for each in page["collection"]] == [str(int(bare) - 2), str(int(bare) - 3)]
    assert (page["@total_size"], set(page["@links"])) == (roundup.paged + 2, {"next", "prev", "self"})
    second = probe("createMessage", 201, body={"content": "Second", "author": "ada", "date": "2031-01-02.03:04:05"})["data"]["id"]
    nobodys = probe("createMessage", 201, body={"content": "Nobody's"})["data"]["id"]
    fields = {"@verbose": 3, "@fields": "content,author,date,creation", "@sort": "-id"}
    listed = probe("listMessages", 200, {"id": [message, nobodys], **fields})["data"]["collection"]
    assert [(each["content"], each["author"] is None) for each in listed] == [("Nobody's", True), ("Hello\r\nthere", False)]
    (dated,) = probe("listMessages", 200, {"id": [second], **fields})["data"]["collection"]
    assert dated["date"] == "2031-01-02.03:04:05"  # in UTC
    with_nobodys = {"issue_id": issue, "If-Match": _version(probe, issue)}
    probe("updateIssue", 409, with_nobodys, {"@op": "add", "messages": [nobodys]})  # a message without an author cannot be expressed
    assert probe("listMessages", 200, {"@page_size": 1, "@page_index": 2})["data"]["collection"][0]["id"] == second
    people = probe("listUsers", 200, {"@fields": "username,realname,address", "@sort": "username", "@verbose": 1})["data"]["collection"]
    assert [each["username"] for each in people] == ["ada", "admin", "anonymous", "paul", "wanda"]
    assert probe("listUsers", 200, {"@page_size": 2, "@page_index": 3})["data"]["@total_size"] == 5
    assert probe("getUser", 200, {"user_id": "ada", "@fields": "id,username,realname,address", "@verbose": 0})["data"]["id"] == str(
        roundup.admin_id
    )

    # Writes name the version that they are for; a stale one, or none, is rejected.
    version = _version(probe, issue)
    changed = probe("updateIssue", 200, {"issue_id": issue, "If-Match": version}, {"title": "Changed", "assignedto": "", "keyword": []})
    assert changed["data"]["attribute"] == {"title": "Changed", "assignedto": None, "keyword": []}
    for stale in (version, None):
        probe("updateIssue", 412, {"issue_id": issue, "If-Match": stale}, {"title": "Stale"})
        probe("deleteIssue", 412, {"issue_id": issue, "If-Match": stale})
    for operation, messages, result in (
        ("add", [second], [message, second]),
        ("remove", [message], [second]),
        ("replace", [message], [message]),
    ):
        probe("updateIssue", 200, {"issue_id": issue, "If-Match": _version(probe, issue)}, {"@op": operation, "messages": messages})
        saved = probe("getIssue", 200, {"issue_id": issue, "@verbose": 1, "@fields": "messages"})["data"]["attributes"]["messages"]
        assert [each["id"] for each in saved] == result

    # Each status that an operation can respond with.
    version = _version(probe, issue)
    for wrong, status in (({"titel": "x"}, 400), ({"status": "nothing"}, 400), ({"title": None}, 400), ({"assignedto": "999999"}, 409)):
        probe("createIssue", status, body=wrong)
        probe("updateIssue", status, {"issue_id": issue, "If-Match": version}, wrong)
    probe("createIssue", 409, body={"title": ""})
    probe("createMessage", 400, body={"text": "x"})
    probe("createMessage", 409, body={"content": ""})
    for name in ("listIssues", "listMessages", "listUsers"):
        probe(name, 400, {"@fields": "nothing"})
        probe(name, 400, {"@page_size": "x"})
    for name, key in (("getIssue", "issue_id"), ("getMessage", "message_id"), ("getUser", "user_id")):
        probe(name, 400, {key: "1", "@fields": "nothing"})
        probe(name, 404, {key: "999999"})
    probe("updateIssue", 404, {"issue_id": "999999", "If-Match": "x"}, {"title": "x"})
    probe("deleteIssue", 404, {"issue_id": "999999", "If-Match": "x"})
    for header in ("X-Requested-With", "Origin"):
        probe("createIssue", 400, {header: None}, {"title": "x"})
        probe("createMessage", 400, {header: None}, {"content": "x"})
        probe("updateIssue", 400, {"issue_id": issue, "If-Match": version, header: None}, {"title": "x"})
        probe("deleteIssue", 400, {"issue_id": issue, "If-Match": version, header: None})
    probe("deleteIssue", 403, {"issue_id": issue, "If-Match": version}, login="wanda")  # a permission of administrators
    _everywhere(probe, 401, login="nobody of {}")
    _everywhere(probe, 403, login=None)
    probe("deleteIssue", 200, {"issue_id": issue, "If-Match": version})
    assert probe("listIssues", 200, {"id": issue})["data"]["collection"] == []  # deleting retires
    probe("updateIssue", 409, {"issue_id": issue, "If-Match": version}, {"title": "x"})

    declared = {(name, status) for name, (*_, operation) in _CALLS.items() for status in operation["responses"]}
    assert probe.seen == declared - {(name, "429") for name in _CALLS}
    named = {(name, _resolved(parameter)["name"]) for name, (_, _, parameters, _) in _CALLS.items() for parameter in parameters}
    assert probe.sent == named, "each parameter of the facts was sent"


def _everywhere(probe: Prober, status: int, login: str | None) -> None:
    for name in _CALLS:
        ids = {"issue_id": "1", "message_id": "1", "user_id": "1"}
        known = {_resolved(parameter)["name"] for parameter in _CALLS[name][2]}
        given = {key: value for key, value in {**ids, "If-Match": "x"}.items() if key in known}
        probe(name, status, given, {"title": "x"} if _CALLS[name][0] in ("POST", "PATCH") else None, login=login and login.format(name))


@pytest.mark.tracker_settings(api_calls_per_interval=1, api_interval_in_sec=3600)
def test_limits_of_each_operation_match_the_facts(roundup: Roundup) -> None:
    probe = Prober(roundup)
    probe("getUser", 200, {"user_id": "ada"})
    _everywhere(probe, 429, login="ada")
    assert {name for name, status in probe.seen if status == "429"} == set(_CALLS)


def test_wrong_logins_are_limited_too(roundup: Roundup) -> None:
    probe = Prober(roundup)
    for _ in range(4):
        assert "Invalid Login" in probe("getUser", 401, {"user_id": "ada"}, login="nobody")
    assert "Logins occurring too fast" in probe("getUser", 429, {"user_id": "ada"}, login="nobody")


def _client(roundup: Roundup, **settings: Any) -> Client:
    made = Client(rate_limiter=Unlimited(), settings=Settings(**settings))
    of_roundup(roundup).connect(made)
    return made


@pytest.fixture
def client(roundup: Roundup) -> Iterator[Client]:
    with using(_client(roundup)) as made:
        yield made


@pytest.mark.tracker_settings(api_calls_per_interval=2, api_interval_in_sec=3)
def test_waits_as_long_as_roundup_states(roundup: Roundup) -> None:
    with using(_client(roundup, attempts=1)):
        users.me()
        users.me()
        with pytest.raises(unified.RateLimited) as limited:
            users.me()
    assert limited.value.retry_after is not None
    assert 0 < limited.value.retry_after <= 3
    assert limited.value.retry_safe is True
    assert "Api rate limits exceeded" in str(limited.value)
    with using(_client(roundup)):
        assert users.me().name == "Ada Admin"


def test_roundup_s_own_words_are_stored(client: Client) -> None:
    created = tasks.create(title="Labelled", priority="medium")
    assert (created.status_label, created.priority_label) == ("unread", "bug")
    assert tasks.update(created.id, status="in_progress").status_label == "in-progress"
    assert tasks.update(created.id, status="done").status_label == "resolved"


def test_a_comment_reopens_a_task_that_is_done(client: Client) -> None:
    done = tasks.update(tasks.create(title="Over").id, status="done")
    comments.create(task_id=done.id, body="It is not")
    again = tasks.get(done.id)
    assert (again.status, again.status_label) == ("open", "chatting")


def test_roundup_errors_are_reported(client: Client) -> None:
    with pytest.raises(unified.Rejected, match="'blue' is not a keyword"):
        tasks.create(title="x", labels=["blue"])
    with pytest.raises(unified.Conflict, match="user has no node 999999"):
        tasks.create(title="x", assignee_ids=["999999"])


def test_post_once_is_not_an_idempotency_key(roundup: Roundup) -> None:
    """Why new tasks are reconciled by a search and not posted once: the token is the server's, a second request is rejected without the
    first one's result, and a request that creates nothing uses it up (docs/explanation/decisions/language-limits.md)."""
    origin = httpx2.URL(roundup.url)
    headers = {"X-Requested-With": "tests", "Origin": f"{origin.scheme}://{origin.netloc.decode()}"}
    with httpx2.Client(headers=headers, auth=("ada", roundup.password), trust_env=False) as client:

        def token() -> str:
            link: str = client.post(f"{roundup.url}/rest/data/issue/@poe").raise_for_status().json()["data"]["link"]
            return f"{roundup.url}/rest/{link.partition('/rest/')[2]}"

        first = token()
        assert first != token()  # another process could not know it
        assert client.post(first, json={"title": "Once"}).status_code == 201
        again = client.post(first, json={"title": "Once"})
        assert (again.status_code, set(again.json()["error"])) == (400, {"status", "msg"})
        assert "not valid" in again.json()["error"]["msg"]

        used = token()
        wrong = client.post(used, json={"title": "Never", "status": "no such status"})
        assert (wrong.status_code, "no such status" in wrong.json()["error"]["msg"]) == (400, True), wrong.text
        corrected = client.post(used, json={"title": "Never"})
        assert (corrected.status_code, "not valid" in corrected.json()["error"]["msg"]) == (400, True)
        found = client.get(f"{roundup.url}/rest/data/issue", params={"@fields": "title"}).raise_for_status().json()
        titles = [issue["title"] for issue in found["data"]["collection"]]
        assert (titles.count("Once"), titles.count("Never")) == (1, 0)
