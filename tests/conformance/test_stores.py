"""The stores themselves, by hand-made requests: they store what is written, in the document's format, and reject what it forbids."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.conformance.battery import CASES, CREDENTIALS
from tests.support.accounts import account_of
from tests.support.complete_documents import CompleteDocument
from tests.support.judges import Request
from tests.support.store import Store
from tests.support.stores import store_of
from unified_emulation.engine.queries import values_of
from unified_emulation.query_languages import jql, soql


class _Client:
    def __init__(self, vendor: str, store: Store) -> None:
        self.vendor = vendor
        self.store = store
        self.known = account_of(vendor).known

    def __call__(self, method: str, target: str, body: Any = None, *, status: int = 200) -> Any:
        if self.vendor == "trello":
            target += ("&" if "?" in target else "?") + "key=k&token=t"
        headers = CREDENTIALS[self.vendor] + ((("Content-Type", "application/json"),) if body is not None else ())
        response = self.store.respond(Request(method, target, headers, None if body is None else json.dumps(body).encode()))
        assert response.status == status, response.body
        return json.loads(response.body) if response.body else None


@pytest.fixture
def client(vendor: str, document: CompleteDocument) -> _Client:
    return _Client(vendor, store_of(vendor, document.served))


@pytest.mark.parametrize("vendor", ["jira"])
def test_jira(client: _Client) -> None:
    (project, other, *_), user = client.known["projects"], client.known["users"][0]
    fields = {"summary": "Fix it", "project": {"key": project}, "issuetype": {"name": "Task"}, "labels": ["a"], "duedate": "2030-01-02"}
    key = client("POST", "/rest/api/3/issue", {"fields": fields}, status=201)["key"]
    client("PUT", f"/rest/api/3/issue/{key}", {"fields": {"assignee": {"accountId": user}, "duedate": None}}, status=204)
    transitions = client("GET", f"/rest/api/3/issue/{key}/transitions")["transitions"]
    done = next(one["id"] for one in transitions if one["to"]["name"] == "Done")
    client("POST", f"/rest/api/3/issue/{key}/transitions", {"transition": {"id": done}}, status=204)
    read = client("GET", f"/rest/api/3/issue/{key}?fields=summary&fields=status&fields=assignee&fields=duedate")["fields"]
    assert (read["summary"], read["assignee"]["accountId"], read["duedate"]) == ("Fix it", user, None)
    assert read["status"]["statusCategory"]["key"] == "done"

    def found(clause: str) -> list[str]:
        listed = client("GET", f"/rest/api/3/search/jql?jql={clause}&maxResults=100&fields=labels")["issues"]
        assert all(issue["fields"].keys() <= {"labels"} for issue in listed)
        return [issue["key"] for issue in listed]

    assert key.startswith(f"{project}-")
    ascending, descending = (found(f"project%20%3D%20%22{project}%22%20ORDER%20BY%20created%20{each}") for each in ("ASC", "DESC"))
    assert key == ascending[-1] == descending[0] == found(f"project%20%3D%20%22{project}%22%20ORDER%20BY%20created")[0]
    assert sorted(ascending) == sorted(descending)
    assert key not in found(f"project%20%3D%20%22{other}%22")
    assert key not in found("statusCategory%20%3D%20new")
    client("DELETE", f"/rest/api/3/issue/{key}", status=204)
    client("GET", f"/rest/api/3/issue/{key}", status=404)


@pytest.mark.parametrize("vendor", ["asana"])
def test_asana(client: _Client) -> None:
    (_, wanda, *_), (demo, *_) = (client.known[kind] for kind in ("users", "projects"))
    gid = client("POST", "/tasks", {"data": {"name": "Fix it", "projects": [demo], "assignee": wanda}}, status=201)["data"]["gid"]
    client("PUT", f"/tasks/{gid}", {"data": {"completed": True, "html_notes": "<body>Do <b>it</b></body>", "due_on": "2030-01-02"}})
    read = client("GET", f"/tasks/{gid}?opt_fields=name,completed_at,assignee.name,html_notes")["data"]
    assert read == {
        "gid": gid,
        "name": "Fix it",
        "completed_at": read["completed_at"],
        "assignee": {"gid": wanda, "name": "Grace Hopper"},
        "html_notes": "<body>Do <b>it</b></body>",
    }
    assert read["completed_at"]
    client("PUT", f"/tasks/{gid}", {"data": {"assignee": None, "due_on": None}})
    listed = client("GET", f"/tasks?project={demo}&limit=100&opt_fields=assignee,due_on")
    assert listed["data"][-1] == {"gid": gid, "assignee": None, "due_on": None}
    first = client("GET", f"/tasks?project={demo}&limit=1")
    rest = client("GET", f"/tasks?project={demo}&limit=100&offset={first['next_page']['offset']}")
    assert [one["gid"] for page in (first, rest) for one in page["data"]] == [one["gid"] for one in listed["data"]]
    assert (listed["next_page"], rest["next_page"]) == (None, None)
    client("POST", "/tasks", {"data": {"name": "Nowhere"}}, status=400)
    client("POST", f"/tasks/{gid}/stories", {"data": {"text": "Hello"}}, status=201)
    assert [one["text"] for one in client("GET", f"/tasks/{gid}/stories?opt_fields=text")["data"]] == ["Hello"]
    client("DELETE", f"/tasks/{gid}")
    client("GET", f"/tasks/{gid}", status=404)


@pytest.mark.parametrize("vendor", ["trello"])
def test_trello(client: _Client) -> None:
    board, other, *_ = client.known["projects"]
    first = client("GET", f"/boards/{board}/lists?filter=open")[0]["id"]
    card = client("POST", f"/cards?idList={first}&name=Fix%20it&dueComplete=true")
    assert (card["idBoard"], card["dueComplete"]) == (board, True)
    client("PUT", f"/cards/{card['id']}?closed=true&desc=Do%20it&idBoard={other}")
    read = client("GET", f"/cards/{card['id']}?fields=name,desc,closed,idBoard")
    assert read == {"id": card["id"], "name": "Fix it", "desc": "Do it", "closed": True, "idBoard": other}
    client("POST", f"/cards/{card['id']}/actions/comments?text=Hello")
    assert "Hello" in [one["data"].get("text") for one in client("GET", f"/cards/{card['id']}/actions?filter=commentCard")]
    client("DELETE", f"/cards/{card['id']}")
    client("GET", f"/cards/{card['id']}", status=404)


@pytest.mark.parametrize("vendor", ["redmine"])
def test_redmine(client: _Client) -> None:
    (project, *_), (user, *_) = (map(int, client.known[kind]) for kind in ("projects", "users"))
    before = client("GET", "/issues.json")["total_count"]
    sent = {"issue": {"project_id": project, "subject": "Fix it", "assigned_to_id": user, "description": "a\nb"}}
    issue = client("POST", "/issues.json", sent, status=201)["issue"]
    assert issue["description"] == "a\r\nb"
    client("PUT", f"/issues/{issue['id']}.json", {"issue": {"status_id": 5, "assigned_to_id": "", "notes": "Hello"}}, status=204)
    read = client("GET", f"/issues/{issue['id']}.json?include=journals")["issue"]
    assert (read["status"]["name"], read.get("assigned_to"), read["journals"][0]["notes"]) == ("Closed", None, "Hello")
    assert read["closed_on"]
    assert client("GET", "/issues.json")["total_count"] == before
    assert issue["id"] in [one["id"] for one in client("GET", "/issues.json?status_id=*&limit=100")["issues"]]
    client("POST", "/issues.json", {"issue": {"project_id": 9, "subject": "x"}}, status=422)
    client("DELETE", f"/issues/{issue['id']}.json", status=204)
    client("GET", f"/issues/{issue['id']}.json", status=404)


@pytest.mark.parametrize("vendor", ["google-calendar"])
def test_google_calendar(client: _Client) -> None:
    events = "/calendars/primary/events"
    times = {
        "start": {"dateTime": "2030-01-07T09:00:00Z", "timeZone": "UTC"},
        "end": {"dateTime": "2030-01-07T10:00:00Z", "timeZone": "UTC"},
    }
    weekly = {"summary": "Weekly", **times, "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=2"]}
    id = client("POST", events, weekly)["id"]
    found = client("GET", f"{events}?singleEvents=true&orderBy=startTime&timeMax=2030-02-01T00:00:00Z&fields=items(id,start)")
    assert [each["start"]["dateTime"] for each in found["items"]] == ["2030-01-07T09:00:00+00:00", "2030-01-14T09:00:00+00:00"]
    token = client("GET", f"{events}?fields=nextSyncToken")["nextSyncToken"]
    day = {
        "start": {"date": "2030-01-07", "dateTime": None, "timeZone": None},
        "end": {"date": "2030-01-08", "dateTime": None, "timeZone": None},
    }
    assert client("PATCH", f"{events}/{id}", {**day, "recurrence": None})["start"] == {"date": "2030-01-07"}
    client("PATCH", f"{events}/{id}", {"start": {"dateTime": "2030-01-07T09:00:00Z"}}, status=400)
    client("POST", events, {**weekly, "start": {"dateTime": "2030-01-07T09:00:00Z"}}, status=400)
    client("DELETE", f"{events}/{id}", status=204)
    client("DELETE", f"{events}/{id}", status=410)
    assert client("GET", f"{events}/{id}?fields=status") == {"status": "cancelled"}
    changed = client("GET", f"{events}?syncToken={token}&showDeleted=true")
    assert [(each["id"], each["status"]) for each in changed["items"]] == [(id, "cancelled")]
    client("GET", f"{events}?syncToken={token}&orderBy=updated", status=400)
    window = {"timeMin": "2030-05-06T00:00:00Z", "timeMax": "2030-05-07T00:00:00Z"}
    busy = client("POST", "/freeBusy", {**window, "items": [{"id": "primary"}, {"id": "x@example.org"}]})["calendars"]
    assert busy["primary"]["busy"] == [{"start": "2030-05-06T09:00:00+00:00", "end": "2030-05-06T10:00:00+00:00"}]
    assert busy["x@example.org"]["errors"][0]["reason"] == "notFound"


@pytest.mark.parametrize("vendor", ["github"])
def test_github(client: _Client) -> None:
    project, user, type = client.known["projects"][0], client.known["users"][0], account_of("github").types[0]
    issues = f"/repos/{project}/issues"
    sent = {"title": "Fix it", "labels": ["a", "a"], "assignees": [user], "type": type}
    issue = client("POST", issues, sent, status=201)
    assert ([one["name"] for one in issue["labels"]], issue["assignees"][0]["login"], issue["type"]["name"]) == (["a"], user, type)
    assert issue["number"] in [one["number"] for one in client("GET", issues)]
    client("PATCH", f"{issues}/{issue['number']}", {"state": "closed", "body": "Do it", "assignees": []})
    read = client("GET", f"{issues}/{issue['number']}")
    assert (read["state_reason"], read["body"], read["assignees"]) == ("completed", "Do it", [])
    assert read["closed_at"]
    assert issue["number"] not in [one["number"] for one in client("GET", issues)]
    assert len(client("GET", f"{issues}?state=all&per_page=1")) == 1
    other = client("POST", issues, {"title": "Part"}, status=201)
    client("POST", f"{issues}/{issue['number']}/sub_issues", {"sub_issue_id": other["id"]}, status=201)
    assert client("GET", f"{issues}/{other['number']}")["parent_issue_url"].endswith(f"{issues}/{issue['number']}")
    client("POST", f"{issues}/{other['number']}/comments", {"body": "Hello"}, status=201)
    assert "Hello" in [one["body"] for one in client("GET", f"{issues}/{other['number']}/comments")]
    client("GET", f"{issues}/99", status=404)


@pytest.mark.parametrize("vendor", ["zendesk"])
def test_zendesk(client: _Client) -> None:
    (group, *_) = client.known["projects"]
    fields = {"subject": "Fix it", "comment": {"body": "Do it"}, "tags": ["a", "A"], "type": "task", "due_at": "2030-01-02T00:00:00Z"}
    ticket = client("POST", "/api/v2/tickets", {"ticket": {**fields, "group_id": int(group)}}, status=201)["ticket"]
    assert (ticket["description"], ticket["tags"], ticket["due_at"]) == ("Do it", ["a"], "2030-01-02T00:00:00Z")
    address = f"/api/v2/tickets/{ticket['id']}"
    written = client("PUT", address, {"ticket": {"status": "solved", "comment": {"body": "Hello", "public": False}}})
    newest = client("GET", f"{address}/comments?sort=-created_at")["comments"][0]
    assert (newest["body"], newest["public"], newest["audit_id"]) == ("Hello", False, written["audit"]["id"])

    selects = "filter%5Btype%5D=ticket&page%5Bsize%5D=100"

    def found(query: str) -> list[int]:
        return [one["id"] for one in client("GET", f"/api/v2/search/export?{selects}&query={query}")["results"]]

    assert ticket["id"] in found(f"group:{group}%20%22do%20it%22")
    assert ticket["id"] in found("status:solved%20status:closed")
    assert ticket["id"] not in found("status:open")
    client("DELETE", address, status=204)
    client("GET", address, status=404)
    people = client("GET", "/api/v2/users/search?query=role:agent%20%22grace%22")["users"]
    assert [one["email"] for one in people] == ["grace@example.com"]


@pytest.mark.parametrize("vendor", ["todoist"])
def test_todoist(client: _Client) -> None:
    (demo, other, *_), (_, grace, *_) = (client.known[kind] for kind in ("projects", "users"))
    before = client("GET", f"/tasks?project_id={demo}&limit=200")["results"]
    task = client(
        "POST", "/tasks", {"content": "Fix it", "project_id": demo, "labels": ["a"], "due_date": "2030-01-02", "assignee_id": grace}
    )
    address = f"/tasks/{task['id']}"
    assert (task["due"]["date"], task["responsible_uid"], task["checked"]) == ("2030-01-02", grace, False)
    part = client("POST", "/tasks", {"content": "Part", "project_id": demo, "parent_id": task["id"]})
    assert client("POST", address, {"due_string": "no date", "description": "Do it"})["due"] is None
    client("POST", f"{address}/close", status=204)
    assert [client("GET", f"/tasks/{one['id']}")["checked"] for one in (task, part)] == [True, True]
    assert client("GET", f"/tasks?project_id={demo}&limit=200") == {"results": before, "next_cursor": None}
    client("POST", f"{address}/reopen", status=204)
    first = client("GET", f"/tasks?project_id={demo}&limit=1")
    rest = client("GET", f"/tasks?project_id={demo}&limit=200&cursor={first['next_cursor']}")
    assert [one["id"] for page in (first, rest) for one in page["results"]] == [*(one["id"] for one in before), task["id"]]
    client("POST", f"{address}/move", {"project_id": other})
    assert client("GET", f"/tasks/{part['id']}")["project_id"] == other
    client("POST", f"{address}/move", {"project_id": demo, "parent_id": part["id"]}, status=400)
    client("POST", "/comments", {"task_id": task["id"], "content": "Hello"})
    assert [one["content"] for one in client("GET", f"/comments?task_id={task['id']}&limit=200")["results"]][-1] == "Hello"
    client("DELETE", address, status=204)
    client("GET", f"/tasks/{part['id']}", status=404)


@pytest.mark.parametrize("vendor", ["discord"])
def test_discord(client: _Client) -> None:
    (first, other, *_), (me, grace, *_) = (client.known[kind] for kind in ("channels", "users"))
    messages = f"/channels/{first}/messages"
    sent = client("POST", messages, {"content": "Ship it"})
    assert (sent["type"], sent["author"]["id"], sent["edited_timestamp"], sent["channel_id"]) == (0, me, None, first)
    reply = client("POST", messages, {"content": "Shipped", "message_reference": {"message_id": sent["id"]}})
    assert (reply["type"], reply["message_reference"]["message_id"], reply["message_reference"]["channel_id"]) == (19, sent["id"], first)
    client("POST", messages, {"content": "x", "message_reference": {"message_id": "1"}}, status=400)
    client("POST", messages, {"content": ""}, status=400)
    assert int(reply["id"]) > int(sent["id"]) > 2**53
    page = client("GET", f"{messages}?limit=2")
    assert [one["id"] for one in page] == [reply["id"], sent["id"]]
    assert client("GET", f"{messages}?limit=1&before={reply['id']}")[0]["id"] == sent["id"]
    address = f"{messages}/{sent['id']}"
    assert client("PATCH", address, {"content": "Ship it now"})["edited_timestamp"] > "2030"
    client("PATCH", address, {"content": ""}, status=400)
    client("PUT", f"{address}/reactions/thumbsup/@me", status=400)
    client("PUT", f"{address}/reactions/%F0%9F%91%8D/@me", status=204)
    assert [(one["emoji"]["name"], one["count"]) for one in client("GET", address)["reactions"]] == [("👍", 1)]
    client("PUT", f"{messages}/pins/{sent['id']}", status=204)
    assert client("GET", address)["pinned"] is True
    server = f"/guilds/{account_of('discord').values['guild_id']}"
    found = client("GET", f"{server}/messages/search?content=ship&limit=1&offset=0")
    assert (found["total_results"], [[one["id"] for one in group] for group in found["messages"]]) == (1, [[sent["id"]]])
    assert client("GET", f"{server}/messages/search?content=ship&channel_id={other}")["messages"] == []
    assert [one["user"]["id"] for one in client("GET", f"{server}/members/search?query=GRA&limit=9")] == [grace]
    client("GET", f"{server}/members/1", status=404)
    direct = client("POST", "/users/@me/channels", {"recipient_id": grace})
    assert client("POST", "/users/@me/channels", {"recipient_id": grace})["id"] == direct["id"]
    assert client("GET", f"/channels/{direct['id']}")["recipients"][0]["id"] == grace
    assert direct["id"] not in [one["id"] for one in client("GET", f"{server}/channels")]
    client("POST", "/users/@me/channels", {"recipient_id": "1"}, status=400)
    members = f"/channels/{first}/thread-members"
    for user in (grace, me, grace):
        client("PUT", f"{members}/{user}", status=204)
    client("PUT", f"{members}/1", status=404)
    assert [one["user_id"] for one in client("GET", members)] == sorted([me, grace], key=int)
    assert [one["user_id"] for one in client("GET", f"{members}?limit=1&after={me}&with_member=true")] == [grace]
    client("DELETE", f"{members}/@me", status=204)
    assert [one["user_id"] for one in client("GET", members)] == [grace]
    client("DELETE", address, status=204)
    client("GET", address, status=404)


@pytest.mark.parametrize("vendor", ["clickup"])
def test_clickup(client: _Client) -> None:
    demo, user = client.known["projects"][0], int(client.known["users"][0])
    tasks = f"/v2/list/{demo}/task"
    every = f"{tasks}?include_closed=true&subtasks=true"
    before = [one["id"] for one in client("GET", every)["tasks"]]
    made = client("POST", tasks, {"name": "Fix it", "priority": 1, "due_date": 1893556800000, "assignees": [user], "tags": ["a"]})
    address = f"/v2/task/{made['id']}"
    task = client("GET", f"{address}?include_markdown_description=true")
    assert (task["priority"]["id"], task["due_date"], task["assignees"][0]["id"], task["tags"][0]["name"]) == (
        "1",
        "1893556800000",
        user,
        "a",
    )
    assert (task["list"]["id"], task["status"]["type"], task["date_done"]) == (demo, "open", None)
    client("PUT", address, {"status": "complete", "due_date": None, "markdown_content": "Do **it**"})
    assert "markdown_description" not in client("GET", address)
    task = client("GET", f"{address}?include_markdown_description=true")
    assert (task["status"]["type"], task["due_date"], task["markdown_description"]) == ("closed", None, "Do **it**")
    assert task["date_done"]
    assert made["id"] not in [one["id"] for one in client("GET", tasks)["tasks"]]
    assert [one["id"] for one in client("GET", every)["tasks"]] == [made["id"], *before]
    assert client("GET", f"{every}&page=1") == {"tasks": [], "last_page": True}
    client("PUT", address, {"status": "shipped"}, status=400)
    client("PUT", address, {"assignees": {"add": [], "rem": [user]}})
    for tag in ("b", "b"):
        client("POST", f"{address}/tag/{tag}")
    client("DELETE", f"{address}/tag/a")
    task = client("GET", address)
    assert (task["assignees"], [tag["name"] for tag in task["tags"]]) == ([], ["b"])
    part = client("POST", tasks, {"name": "Part", "parent": made["id"]})
    client("PUT", address, {"parent": part["id"]}, status=400)
    listed = [{one["id"] for one in client("GET", f"{tasks}?subtasks={word}")["tasks"]} for word in ("true", "false")]
    assert [part["id"] in ids for ids in listed] == [True, False]
    for text in ("Hello", "Again"):
        client("POST", f"{address}/comment", {"comment_text": text, "notify_all": False})
    for _ in range(24):
        client("POST", f"{address}/comment", {"comment": [{"text": "More"}, {"text": "!"}], "notify_all": False})
    page = client("GET", f"{address}/comment")["comments"]
    assert [one["comment_text"] for one in page] == [*["More!"] * 24, "Again"]
    rest = client("GET", f"{address}/comment?start={page[-1]['date']}&start_id={page[-1]['id']}")["comments"]
    assert rest[0]["comment_text"] == "Hello"
    client("GET", f"{address}/comment?start=1893556800000", status=400)
    client("POST", "/v2/list/9/task", {"name": "x"}, status=404)
    client("DELETE", address, status=204)
    client("GET", f"/v2/task/{part['id']}", status=401)


@pytest.mark.parametrize("vendor", ["salesforce"])
def test_salesforce(client: _Client) -> None:
    deals, company = "/sobjects/Opportunity", "001000000000002AAA"
    fields = {"Name": " New ", "StageName": "Prospecting", "CloseDate": "2031-01-02", "Amount": 12.5, "AccountId": company}
    number = client("POST", deals, fields, status=201)["id"]
    read = client("GET", f"{deals}/{number}?fields=Name,Amount,IsWon,Probability,Description")
    assert read == {
        "attributes": {"type": "Opportunity", "url": f"/services/data/v59.0{deals}/{number}"}, "Id": number, "Name": "New", "Amount": 12.5,
        "IsWon": False, "Probability": 10, "Description": None,
    }  # fmt: skip
    client("PATCH", f"{deals}/{number}", {"StageName": "Closed Won", "AccountId": None}, status=204)
    read = client("GET", f"{deals}/{number}?fields=IsClosed,IsWon,Probability,AccountId")
    assert [read[name] for name in ("IsClosed", "IsWon", "Probability", "AccountId")] == [True, True, 100, None]
    client("PATCH", f"{deals}/{number}", {"StageName": "Nowhere"}, status=400)
    client("PATCH", f"{deals}/{number}", {"IsWon": True}, status=400)
    client("PATCH", f"{deals}/{number}", {"OwnerId": company}, status=400)
    client("POST", deals, {"Name": "New"}, status=400)
    for serial in range(9):
        client("POST", "/sobjects/Contact", {"LastName": f"Person {serial}", "AccountId": company}, status=201)
    page = client("GET", "/query?q=SELECT%20Id%20FROM%20Contact%20ORDER%20BY%20Id")
    assert (len(page["records"]), page["totalSize"], page["done"]) == (10, 11, False)
    rest = client("GET", page["nextRecordsUrl"].removeprefix("/services/data/v59.0"))
    assert (len(rest["records"]), rest["done"]) == (1, True)
    client("GET", "/query?q=SELECT%20Surname%20FROM%20Contact", status=400)
    client("GET", "/query?q=SELECT%20Id", status=400)
    client("DELETE", f"{deals}/{number}", status=204)
    client("GET", f"{deals}/{number}", status=404)


@pytest.mark.parametrize("vendor", list(CASES))
def test_a_store_refuses_what_the_closed_world_refuses(vendor: str, document: CompleteDocument) -> None:
    store = store_of(vendor, document.served)
    wrong = [case.request for case in CASES[vendor] if "closed" in case.refused_by]
    assert {store.respond(request).status for request in wrong} == {400}
    assert [request for request, _ in store.refused] == wrong


@pytest.mark.parametrize("vendor", ["pipedrive"])
def test_pipedrive(client: _Client) -> None:
    (stage, *_), (employer, *_), (person, *_) = (client.known[kind] for kind in ("deal_stages", "companies", "contacts"))
    before = [one["id"] for one in client("GET", "/deals")["data"]]
    deal = client("POST", "/deals", {"title": "New", "value": 12.5, "stage_id": int(stage), "org_id": int(employer)})["data"]
    assert [deal[name] for name in ("value", "status")] == [12.5, "open"]
    assert deal["pipeline_id"] == client("GET", f"/stages/{stage}")["data"]["pipeline_id"]
    address = f"/deals/{deal['id']}"
    client("PATCH", address, {"status": "won"})
    read = client("GET", address)["data"]
    assert (read["status"], read["close_time"] > "2030") == ("won", True)
    assert client("PATCH", address, {"status": "open"})["data"].get("close_time") is None
    client("PATCH", address, {"org_id": 1}, status=400)
    assert deal["id"] in [one["id"] for one in client("GET", f"/deals?org_id={employer}")["data"]]
    page = client("GET", f"/deals?limit={len(before)}")
    rest = client("GET", f"/deals?limit=9&cursor={page['additional_data']['next_cursor']}")
    assert [one["id"] for one in page["data"] + rest["data"]] == [*before, deal["id"]]
    client("DELETE", address)
    assert client("GET", address)["data"]["is_deleted"] is True
    assert [one["id"] for one in client("GET", "/deals")["data"]] == before
    added = client("POST", "/persons", {"name": "Ada King Noel", "emails": [{"value": "ada@example.org"}]})["data"]
    found = client("GET", "/persons/search?term=ADA@example.org&fields=email&exact_match=true")["data"]["items"]
    assert [one["item"]["id"] for one in found] == [added["id"]]
    assert client("GET", "/persons/search?term=ADA&fields=email&exact_match=true")["data"]["items"] == []
    listed = client("GET", f"/persons?ids={added['id']},{person}")["data"]
    assert {one["id"] for one in listed} == {int(person), added["id"]}
    assert client("GET", "/v1/users/me")["data"]["email"] == "ada@example.com"


_PEOPLE: tuple[soql.Row, ...] = ({"Name": "O'Hara", "Size": 3}, {"Name": "100%_sure", "Size": None}, {"Name": 'a\\"b', "Size": 7})


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (r"Name = 'O\'Hara'", [0]),
        (r"Name = 'o\'HARA'", [0]),
        (r"Name LIKE '100\%\_sure'", [1]),
        (r"Name LIKE '%_sure'", [1]),
        (r"Name LIKE '100\_%'", []),
        (r"""Name = 'a\\\"b'""", [2]),
        ("Size >= 3 AND (Name = 'x' OR Size = 7)", [2]),
        ("Size = null", [1]),
        ("Size = 3 AND Name = 'x' OR Size = 7", None),
        ("Name = 'O'Hara'", None),
        (r"Name = '100\%'", None),
        (r"Name = '\x'", None),
        ("Name = 'x' OR", None),
        ("Name = O", None),
        ("Name IN (SELECT Name FROM People WHERE Size = 7)", [2]),
        ("Name IN ('a', 'o\\'hara')", [0]),
    ],
)
def test_soql_is_read_by_its_own_grammar(where: str, found: list[int] | None) -> None:
    def rows(name: str) -> Any:
        return _PEOPLE if name == "People" else ()

    text = f"SELECT Name FROM People WHERE {where} ORDER BY Name"
    if found is None:
        with pytest.raises(ValueError, match="MALFORMED_QUERY"):
            soql.parse(text)
    else:
        assert [index for index, row in enumerate(_PEOPLE) if soql.parse(text).holds(row, rows)] == found


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"PROJ"', "PROJ"),
        ('"a\\"b"', 'a"b'),
        (r'"a\\"', "a\\"),
        ("'it''s'", None),
        ("PROJ", "PROJ"),
        ("and", None),
        ('"x" OR project = "y"', None),
    ],
)
def test_jql_is_read_by_its_own_grammar(text: str, value: str | None) -> None:
    issue = {"fields": {"project": {"key": value, "id": "1", "name": "n"}}}
    if value is None:
        with pytest.raises(ValueError, match=r"expecting|reserved"):
            jql.predicate(f"project = {text}", values_of)
    else:
        assert jql.predicate(f"project = {text}", values_of)(issue)
