"""Plans: the requests of a call, without an account or a network."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.cursors import vendors_own
from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_runtime import Client, Symbol, acting, api_key, basic, using
from unified_runtime.core import errors

CREATE = """\
tasks.create on acme: 2 requests
1. POST https://{site}.acme.test/rest/issue
   X-Api-Version: 3
   Authorization: Basic •••
   Content-Type: application/json
   {
     "fields": {
       "summary": "Fix »it«",
       "project": {
         "key": "P"
       },
       "issuetype": {
         "name": "Task"
       }
     }
   }
2. GET https://{site}.acme.test/rest/issue/{created.key}?fields=summary,status
   X-Api-Version: 3
   Authorization: Basic •••"""


def test_a_plan_needs_no_account() -> None:
    assert str(tasks.create.plan(title="Fix »it«", project_id="P", via="acme")) == CREATE


def test_a_plan_of_several_steps_is_symbolic_where_it_must_be() -> None:
    plan = tasks.update.plan("P-1", status="done", title="x", via="acme")
    assert [f"{request.method} {request.url}" for request in plan.requests] == [
        "GET https://{site}.acme.test/rest/issue/P-1/transitions",
        "PUT https://{site}.acme.test/rest/issue/P-1",
        "POST https://{site}.acme.test/rest/issue/P-1/transitions",
        "GET https://{site}.acme.test/rest/issue/P-1",
    ]
    assert plan.requests[2].body == {"transition": {"id": "{transition.transitions[].id}"}}
    assert plan.requests[2].endpoint == "doTransition"


def test_a_plan_is_what_is_sent(server: Loopback) -> None:
    client = Client()
    client.connect(VENDOR, api_key(key="public-1", token="secret-1"), scheme="keys", server=server.url)
    with using(client):
        planned = tasks.create.plan(title="a b", project_id="P/1", extra={"acme": {"fields": {"points": 2}}}).requests
        server.answers(Reply.of({"key": "P-1"}), Reply.of(ISSUE))
        tasks.create(title="a b", project_id="P/1", extra={"acme": {"fields": {"points": 2}}})
    client.close()
    assert [planned[0].method, planned[1].method] == [seen.method for seen in server.seen]
    assert planned[0].body == server.seen[0].json
    assert planned[0].full_url == f"{server.url}/rest/issue?key=•••&token=•••"
    assert server.seen[0].target == "/rest/issue?key=public-1&token=secret-1"
    assert (
        planned[1].full_url.replace("{created.key}", "P-1").replace("key=•••&token=•••", "key=public-1&token=secret-1")
        == server.url + server.seen[1].target
    )


def test_a_plan_is_plain_data_too() -> None:
    client = Client()
    client.connect(VENDOR, basic("alice", "x"), site="alices")
    with using(client), vendors_own():
        plan = tasks.list.plan(status="open", limit=7, cursor="a b", via="acme")
    data = json.loads(json.dumps(plan.to_dict()))
    assert data["requests"][0]["query"] == [["status", "new"], ["limit", "7"], ["token", "a b"]]
    assert data["requests"][0]["headers"]["Authorization"] == "Basic •••"
    assert plan.requests[0].full_url.endswith("?status=new&limit=7&token=a%20b")


def test_a_plan_checks_as_the_call_does() -> None:
    with pytest.raises(errors.InvalidInput, match="title"):
        tasks.create.plan(title=7, via="acme")  # type: ignore[arg-type]
    with pytest.raises(errors.Unsupported) as caught:
        tasks.create.plan(title="x", status="done", via="acme")
    assert (caught.value.vendor, caught.value.operation) == ("acme", "tasks.create")
    with pytest.raises(errors.InvalidInput, match="did you mean 'acme'"):
        tasks.create.plan(title="x", via="acmee")
    with pytest.raises(errors.InvalidInput, match="limit"):
        tasks.list.plan(limit=0, via="acme")


def test_a_plan_goes_where_the_call_would() -> None:
    client = Client()
    client.connect(VENDOR, basic("alice", "x"), user="alice", site="alices")
    with using(client):
        with acting(user="alice"):
            assert tasks.get.plan("P-1").requests[0].url == "https://alices.acme.test/rest/issue/P-1"
        with acting(via="acme"):
            assert tasks.get.plan("P-1").requests[0].url == "https://{site}.acme.test/rest/issue/P-1"
        with pytest.raises(errors.NotConnected):
            tasks.get.plan("P-1")


def test_async_operations_plan_too() -> None:
    assert str(tasks.create.asynchronous.plan(title="Fix »it«", project_id="P", via="acme")) == CREATE


@given(st.lists(st.sampled_from(["key", "fields", "id"]) | st.integers(0, 3), max_size=4))
def test_symbols_represent_values_of_responses(path: list[str | int]) -> None:
    symbol = Symbol("created")
    for part in path:
        symbol = getattr(symbol, part) if isinstance(part, str) else symbol[part]
    assert symbol is not None
    assert symbol
    assert symbol == "anything"
    assert not (symbol != 7)  # noqa: SIM202  the other operator is what is tested
    assert [str(item) for item in symbol] == [str(symbol)[:-1] + "[]}"]
    assert f"{symbol}" == str(symbol) == "{created" + "".join(f".{part}" if isinstance(part, str) else f"[{part}]" for part in path) + "}"
    assert str(symbol["x"]) == str(symbol.x)
