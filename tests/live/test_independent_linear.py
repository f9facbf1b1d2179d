"""Linear's adapter against an emulator of Linear that others wrote (`emulate` of Vercel Labs), which has a part of the schema."""

from __future__ import annotations

from collections.abc import Iterator

import httpx2
import pytest

from tests.support.servers import emulate
from tests.support.servers.reduced_graphql import Reducing
from unified import api_key, comments, tasks, users, using
from unified_runtime import Client, VendorProtocolError

pytestmark = pytest.mark.live
TEAM_QUERY = "{ teams { nodes { id } } }"
LACKS = {
    "Comment.botActor",
    "Comment.externalUser",
    "Issue.parent",
    "IssueCreateInput.id",
    "Query.issues(includeArchived)",
    "Query.issues(sort)",
    "Query.users(includeArchived)",
    "Query.users(includeDisabled)",
    "Query.users(orderBy)",
    "Query.users(sort)",
}
"""Parts of the schema that these calls send or select, and that it does not have."""


@pytest.fixture(scope="module")
def linear() -> Iterator[Reducing]:
    if reason := emulate.missing():
        pytest.skip(reason)
    headers = {"Authorization": emulate.TOKEN}
    with emulate.running("linear") as address:
        endpoint = f"{address}/graphql"
        found = httpx2.post(endpoint, json={"query": TEAM_QUERY}, headers=headers, trust_env=False).json()
        transport = Reducing(endpoint, headers)
        client = Client(transport=httpx2.Client(transport=transport))
        client.connect("linear", api_key(key=emulate.TOKEN), team=found["data"]["teams"]["nodes"][0]["id"])
        with client, using(client):
            yield transport


def test_records_are_written_and_read(linear: Reducing) -> None:
    me = users.me(via="linear")
    assert me.id in {one.id for one in users.list(via="linear")}
    task = tasks.create(title="Fix it", description="Soon", priority="high", assignee_ids=[me.id], due_date="2031-05-06", via="linear")
    assert (task.title, str(task.description), task.priority, task.priority_label) == ("Fix it", "Soon", "high", "High")
    assert (task.assignee_ids, str(task.due_date), task.status) == ([me.id], "2031-05-06", "open")
    assert tasks.get(task.id, via="linear") == task
    changed = tasks.update(task.id, title="Fixed", priority="low", via="linear")
    assert (changed.title, changed.priority_label, str(changed.description)) == ("Fixed", "Low", "Soon")
    comment = comments.create(task_id=task.id, body="Seen", via="linear")
    assert (comment.task_id, str(comment.body)) == (task.id, "Seen")
    assert str(comments.update(comment.id, body="Done", via="linear").body) == "Done"
    assert str(comments.get(comment.id, via="linear").body) == "Done"
    comments.delete(comment.id, via="linear")
    assert task.id in {one.id for one in tasks.list(via="linear")}
    assert linear.lacks == LACKS


def test_null_for_an_unknown_id_violates_the_schema(linear: Reducing) -> None:
    """Linear's `issue` is not nullable, and an unknown id is an error there: this emulator responds with null, without an error."""
    with pytest.raises(VendorProtocolError, match=r"lacks data\.issue"):
        tasks.get("00000000-0000-4000-8000-000000000000", via="linear")
