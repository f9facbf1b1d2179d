"""Approvals replayed, altered, used for other calls, or given by their requester; with the store and the command that people use."""

from __future__ import annotations

import hashlib
import itertools
import sqlite3
import threading
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import unified
from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.callers import QUICK
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_pages import page
from tests.unit.runtime.test_statuses import ISSUE
from unified_platform.approvals.store import ApprovalStore
from unified_platform.audit.database import open_store
from unified_platform.audit.log import StoredAuditLog
from unified_platform.cli import main
from unified_platform.policy.cedar import CedarPolicies
from unified_platform.policy.schema import Schema, shipped
from unified_runtime import ApprovalRequired, Client, Denied, PolicyEnforcer, acting, basic, using
from unified_runtime.core.connections import Connection
from unified_runtime.core.context import Acting
from unified_runtime.core.errors import Conflict, InvalidInput
from unified_runtime.core.operations import Invocation
from unified_runtime.core.records import Page
from unified_runtime.execution.sealed_cursors import ListCursors
from unified_runtime.policy.approvals import RedeemedApproval, plain, title_of

SECRET = "sentinel-2f90"
SCHEMA = Schema(shipped().text)
"""The shipped schema, not compared with the catalog: the vendor of these tests is not in it."""
REQUIRES_APPROVAL = """
@id("all") @extra("acme") permit (principal, action, resource);
@id("people") @approval("people decide about changes") forbid (principal, action in Action::"write", resource);
"""


class Desk:
    """An agent's process, with the command and store that a person needs to approve its calls."""

    def __init__(self, server: Loopback, location: Path, *, policy: str = REQUIRES_APPROVAL, **limits: Any) -> None:
        self.place = location
        database = open_store(location)
        self.audit = StoredAuditLog(database)
        self.store = ApprovalStore(database, audit=self.audit, **limits)
        self.client = Client(
            settings=QUICK,
            policy=PolicyEnforcer(CedarPolicies({"asks.cedar": policy}, schema=SCHEMA), approvals=self.store, audit=self.audit),
        )
        self.client.connect(VENDOR, basic("me", SECRET), server=server.url)
        server.record = Reply.of(ISSUE)
        self.server = server

    def called(self, call: Any = None, **who: str) -> ApprovalRequired:
        """Return the approval request with which a call ends."""
        with pytest.raises(ApprovalRequired) as caught:
            self.make(call, **who)
        return caught.value

    def make(self, call: Any = None, *, agent: str = "helper", **who: str) -> Any:
        with using(self.client), acting(agent=agent, **who):
            return (call or (lambda: tasks.delete("P-1")))()

    def person(self, *words: str) -> str:
        done = CliRunner().invoke(main, ["approvals", *words, "--store", str(self.place)])
        assert done.exit_code == 0, done.output
        return done.output


@pytest.fixture
def desk(server: Loopback, tmp_path: Path) -> Desk:
    return Desk(server, tmp_path / "control.db")


def test_from_the_wish_to_the_call(desk: Desk) -> None:
    """End to end: the agent requests approval, a person sees the exact call and approves it, and it is executed once."""
    wish = desk.called(lambda: tasks.update("P-1", title="New"))
    assert [(request.method, request.url.rpartition("/")[2]) for request in wish.plan.requests] == [("PUT", "P-1"), ("GET", "P-1")]  # type: ignore[union-attr]
    shown = desk.person("show", wish.approval)
    assert '"New"' in shown
    assert "PUT " in shown
    for text in (str(wish), str(wish.plan), str(wish.plan.to_dict()), shown):  # type: ignore[union-attr]
        assert SECRET not in text
        assert "Basic b" not in text
    assert SECRET.encode() not in desk.place.read_bytes()
    desk.person("approve", wish.approval, "--note", "go on")
    desk.server.answers(Reply(204))
    desk.make(lambda: tasks.update("P-1", title="New"))
    assert [seen.method for seen in desk.server.seen] == ["GET", "PUT", "GET"]
    entries = [(entry["kind"], entry.get("decision") or entry.get("outcome")) for _, entry in desk.audit.entries()]
    assert [one for one in entries if one[0] == "approval"] == [("approval", step) for step in ("requested", "approved", "spent")]
    assert entries[-1] == ("call", "done")
    desk.audit.verify()


def test_an_approval_is_not_used_twice(desk: Desk) -> None:
    wish = desk.called()
    desk.person("approve", wish.approval)
    desk.server.answers(Reply(204), Reply(204))
    desk.make()
    again = desk.called()
    assert again.approval != wish.approval
    with pytest.raises(Conflict):
        desk.store.approve(wish.approval, by="ada")
    assert len(desk.server.writes) == 1


def test_an_approval_is_spent_by_a_call_that_fails(desk: Desk) -> None:
    """One approval does not cover a second attempt: the first attempt may have had its effect."""
    desk.person("approve", desk.called().approval)
    desk.server.answers(Reply(hang_up=True), Reply(hang_up=True), Reply(hang_up=True), Reply(hang_up=True))
    with pytest.raises(unified.UnifiedError):
        desk.make()
    desk.called()


OTHERS: dict[str, Any] = {
    "another record": (lambda: tasks.update("P-2", title="New"), {}),
    "another text": (lambda: tasks.update("P-1", title="New "), {}),
    "one field more": (lambda: tasks.update("P-1", title="New", status="done"), {}),
    "another operation": (lambda: tasks.delete("P-1"), {}),
    "another agent": (lambda: tasks.update("P-1", title="New"), {"agent": "other"}),
    "on behalf of somebody": (lambda: tasks.update("P-1", title="New"), {"on_behalf_of": "bob"}),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS.keys())
def test_an_approval_serves_no_other_call(desk: Desk, other: tuple[Any, dict[str, str]]) -> None:
    desk.person("approve", desk.called(lambda: tasks.update("P-1", title="New")).approval)
    call, who = other
    with pytest.raises(ApprovalRequired):
        desk.make(call, **who)
    assert desk.server.writes == []


def test_an_approved_create_is_of_those_fields(desk: Desk) -> None:
    desk.person("approve", desk.called(lambda: tasks.create(title="New", project_id="P")).approval)
    for more in ({"labels": None}, {"due_date": "2026-12-01"}, {"extra": {"acme": {"fields": {"points": 3}}}}):
        desk.called(lambda more=more: tasks.create(title="New", project_id="P", **more))
    assert desk.server.writes == []


def test_impossible_calls_request_no_approval(desk: Desk) -> None:
    with pytest.raises(unified.Unsupported, match="cannot clear title"):
        desk.make(lambda: tasks.update("P-1", title=None))
    assert desk.store.list(None) == []
    assert [entry.get("decision") or entry["outcome"] for _, entry in desk.audit.entries()] == ["deny", "Unsupported"]


def test_an_approval_serves_no_other_users_connection(desk: Desk) -> None:
    desk.person("approve", desk.called().approval)
    desk.client.connect(VENDOR, basic("bob", "pw"), server=desk.server.url, user="bob")
    with pytest.raises(ApprovalRequired):
        desk.make(user="bob")
    assert desk.server.writes == []


OTHER_CONNECTIONS: dict[str, dict[str, Any]] = {
    "path": {"path": "/sandbox"},
    "connection": {"id": "c-2"},
    "name": {"name": "prod"},
    "account": {"account_id": "7"},
    "account's name": {"account": "bob@example.com"},
}


@pytest.mark.parametrize("other", OTHER_CONNECTIONS.values(), ids=OTHER_CONNECTIONS.keys())
def test_an_approval_serves_no_other_connection(desk: Desk, other: dict[str, Any]) -> None:
    """The vendor's sandbox server was approved: production, on the same host, was not."""
    desk.person("approve", desk.called().approval)
    changed = dict(other)
    server = desk.server.url + changed.pop("path", "")
    desk.client.connections.add(Connection(VENDOR, basic("me", SECRET), {}, server=server, **changed))
    desk.called()
    assert desk.server.writes == []


def test_an_approval_serves_no_other_tenant(desk: Desk) -> None:
    """Users of two tenants may have the same name, and their brokers one store."""
    desk.person("approve", desk.called(lambda: tasks.delete("P-1")).approval)
    beta = Client(settings=QUICK, policy=desk.client.policy)
    beta.connections.tenant = "beta"
    beta.connect(VENDOR, basic("me", SECRET), server=desk.server.url)
    with using(beta), acting(agent="helper"), pytest.raises(ApprovalRequired) as caught:
        tasks.delete("P-1")
    assert "tenant" in str(caught.value)
    assert desk.server.writes == []


ALIKE: dict[str, tuple[Any, Any]] = {
    "decimal": (Decimal("5.0"), {"decimal": "5.0"}),
    "tagged decimal": (Decimal("5.0"), {"$decimal": "5.0"}),
    "escaped decimal": ({"$decimal": "5.0"}, {"$$decimal": "5.0"}),
    "float": (1.5, {"float": "1.5"}),
    "tagged float": (1.5, {"$float": "1.5"}),
    "whole float": (1.0, 1),
    "bool": (True, 1),
    "text": ("1", 1),
    "bytes": (b"ab", {"$bytes": [2, hashlib.sha256(b"ab").hexdigest()]}),
    "large integer": (2**63, {"$int": hex(2**63)}),
    "date": (date(2026, 1, 1), {"$date": "2026-01-01"}),
    "date and time": (datetime(2026, 1, 1, tzinfo=UTC), {"$datetime": "2026-01-01T00:00:00+00:00"}),
    "date or time": (date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)),
    "null": (None, {}),
    "empty": ([], {}),
    "digits": (Decimal("5.0"), Decimal("5.00")),
    "nested": ([1, [2]], [1, 2]),
}


@pytest.mark.parametrize(("approved", "used"), ALIKE.values(), ids=ALIKE.keys())
def test_an_approved_value_is_of_its_type(approved: Any, used: Any) -> None:
    for wrapped in (lambda value: value, lambda value: [value], lambda value: {"$x": {"y": value}}):
        assert msgspec.json.encode(plain(wrapped(approved)), order="sorted") != msgspec.json.encode(plain(wrapped(used)), order="sorted")


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.decimals(allow_nan=False)
    | st.text(st.characters(codec="utf-8"), max_size=3)
    | st.binary(max_size=3)
    | st.dates(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "$a", "$$a", "$decimal", "$float", "$bytes", "$date", "$int"]), inner, max_size=2)
    ),
    max_leaves=5,
)


def _typed(value: Any) -> Any:
    """Return the value with its types, for comparison in Python."""
    if isinstance(value, dict):
        return dict, tuple(sorted((name, _typed(item)) for name, item in value.items())).__repr__()
    if isinstance(value, list):
        return list, [_typed(item) for item in value].__repr__()
    return type(value), repr(value)


@settings(max_examples=500)
@given(VALUES, VALUES)
def test_no_two_values_have_the_same_form(one: Any, other: Any) -> None:
    same = msgspec.json.encode(plain(one), order="sorted") == msgspec.json.encode(plain(other), order="sorted")
    assert same == (_typed(one) == _typed(other))


def test_an_approval_serves_no_other_server(desk: Desk, elsewhere: Loopback) -> None:
    desk.person("approve", desk.called().approval)
    desk.client.connect(VENDOR, basic("me", SECRET), server=elsewhere.url)
    desk.called()
    assert elsewhere.writes == []


@pytest.mark.parametrize(
    "swapped",
    [b"harmless!", bytearray(b"harmful"), memoryview(b"harmful"), Path(__file__), [b"harm", b"less"]],
    ids=["bytes", "bytearray", "memoryview", "file", "pieces"],
)
def test_an_approved_upload_is_of_those_bytes(desk: Desk, swapped: Any) -> None:
    client = Client(policy=desk.client.policy)
    client.connect("google-drive", unified.bearer(SECRET), server=desk.server.url)

    def upload(content: Any) -> None:
        with using(client), acting(agent="helper"):
            unified.files.upload(content, name="a.txt", mime_type="text/plain")

    with pytest.raises(ApprovalRequired) as caught:
        upload(b"harmless")
    desk.person("approve", caught.value.approval)
    # A file or a stream can change between request and call: no approval can be bound to one.
    with pytest.raises((ApprovalRequired, Denied), match=r"approve this|cannot be bound"):
        upload(swapped)
    assert desk.server.writes == []


@pytest.mark.parametrize(
    ("approved", "used"),
    [(Decimal(1000), Decimal("1000.01")), (Decimal(10), Decimal("1E+3")), (Decimal(1), Decimal(-1)), ("1", None)],
)
def test_an_approved_amount_is_that_amount(desk: Desk, approved: Any, used: Any) -> None:
    desk.client.connect("hubspot", unified.bearer(SECRET), server=desk.server.url, portal_id="1")
    desk.person("approve", desk.called(lambda: unified.deals.update("7", amount=approved, via="hubspot")).approval)
    desk.called(lambda: unified.deals.update("7", amount=used, via="hubspot"))
    assert desk.server.writes == []


def test_an_approval_ends(server: Loopback, tmp_path: Path) -> None:
    desk = Desk(server, tmp_path / "control.db", lifetime=3600)
    wish = desk.called()
    desk.person("approve", wish.approval)
    _altered(desk, "UPDATE control_approvals SET expires_at = expires_at - 7200")
    desk.called()
    with pytest.raises(Conflict, match="expired"):
        desk.store.approve(wish.approval, by="ada")
    assert wish.expires_at > datetime.now(UTC)
    assert server.writes == []


@pytest.mark.parametrize(
    "statement",
    [
        """UPDATE control_approvals SET subject = replace(subject, '"P-1"', '"P-2"')""",
        """UPDATE control_approvals SET subject = replace(subject, 'tasks.delete', 'tasks.get')""",
        """UPDATE control_approvals SET digest = 'x'""",
    ],
)
def test_a_wish_that_was_altered_in_the_store_cannot_be_approved(desk: Desk, statement: str) -> None:
    """Write access to the store, without the right to decide, gets nothing approved other than what is shown."""
    wish = desk.called()
    _altered(desk, statement)
    done = CliRunner().invoke(main, ["approvals", "approve", wish.approval, "--store", str(desk.place)])
    assert done.exit_code != 0
    assert "altered" in done.output
    desk.called()
    assert desk.server.writes == []


def test_an_approval_that_was_altered_after_it_was_given_serves_nothing(desk: Desk) -> None:
    desk.person("approve", desk.called(lambda: tasks.delete("P-2")).approval)
    wish = desk.called()
    # The digest of the attacker's call, under the approval subject of the call that was approved.
    _altered(desk, f"UPDATE control_approvals SET digest = (SELECT digest FROM control_approvals WHERE id = '{wish.approval}')")
    with pytest.raises(ApprovalRequired):
        desk.make()
    assert desk.server.writes == []


def test_the_agent_cannot_decide(desk: Desk) -> None:
    wish = desk.called()
    for by in ("helper", "", " "):
        with pytest.raises(InvalidInput):
            desk.store.approve(wish.approval, by=by)
    desk.called()


@pytest.mark.parametrize("attempts", [8, 30])
def test_of_many_attempts_at_once_one_is_made(desk: Desk, attempts: int) -> None:
    desk.person("approve", desk.called().approval)
    desk.server.answers(*[Reply(204)] * attempts)
    outcomes: list[str] = []

    def attempt() -> None:
        try:
            desk.make()
            outcomes.append("done")
        except ApprovalRequired:
            outcomes.append("asked")

    threads = [threading.Thread(target=attempt) for _ in range(attempts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["asked"] * (attempts - 1) + ["done"]
    assert len(desk.server.writes) == 1


# ------------------------------------------------------------------------------------------------ lists
READS = """
@id("all") permit (principal, action, resource);
@id("people") @approval("people decide about lists") forbid (principal, action == Action::"tasks.list", resource);
"""


@pytest.fixture
def reader(server: Loopback, tmp_path: Path) -> Desk:
    """Client whose lists need an approval."""
    desk = Desk(server, tmp_path / "control.db", policy=READS)
    server.record = None
    return desk


def first_page(**given: Any) -> Any:
    return next(iter(tasks.list(**given).pages()))


def test_an_approval_covers_the_pages_that_follow(reader: Desk) -> None:
    reader.person("approve", reader.called(lambda: list(tasks.list())).approval)
    reader.server.answers(page("P-1", next="2"), page("P-2", next="3"), page("P-3"))
    assert [task.id for task in reader.make(lambda: list(tasks.list()))] == ["P-1", "P-2", "P-3"]
    reader.called(lambda: list(tasks.list()))
    assert len(reader.server.seen) == 3
    ids = {entry["approval"] for _, entry in reader.audit.entries() if entry.get("outcome") == "done"}
    assert len(ids) == 1, "each page names the approval that it was read under"


def test_an_approval_is_not_stretched_by_reading_pages(reader: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The validity starts when the approval was spent, however many pages are read afterwards."""
    reader.person("approve", reader.called(lambda: list(tasks.list())).approval)
    reader.server.answers(*(page(f"P-{number}", next=f"c{number}") for number in range(6)))
    now, passed = time.time, [0.0]
    monkeypatch.setattr(time, "time", lambda: now() + passed[0])
    found = reader.make(first_page)
    for passed[0] in (1000, 2000, 3000, 3590):
        found = reader.make(lambda cursor=found.cursor: first_page(cursor=cursor))
    sent = len(reader.server.seen)
    passed[0] = 3601
    for cursor in (found.cursor, None):
        reader.called(lambda cursor=cursor: first_page(cursor=cursor))
    assert len(reader.server.seen) == sent == 5


def test_an_approved_list_is_not_begun_again(reader: Desk) -> None:
    reader.person("approve", reader.called(first_page).approval)
    reader.server.answers(page("P-1", next="2"), page("P-2"))
    cursor = reader.make(first_page).cursor
    reader.called(first_page)
    assert [task.id for task in reader.make(lambda: first_page(cursor=cursor)).items] == ["P-2"]
    reader.called(first_page)


@pytest.mark.parametrize(
    ("given", "who"),
    [({"project_id": "P"}, {}), ({}, {"agent": "other"}), ({}, {"user": "bob"}), ({}, {"on_behalf_of": "bob"})],
    ids=["arguments", "agent", "user", "on behalf of"],
)
def test_the_pages_of_an_approved_list_are_no_one_elses(reader: Desk, given: dict[str, Any], who: dict[str, str]) -> None:
    reader.client.connect(VENDOR, basic("bob", SECRET), server=reader.server.url, user="bob")
    reader.person("approve", reader.called(first_page).approval)
    reader.server.answers(page("P-1", next="2"))
    cursor = reader.make(first_page).cursor
    with pytest.raises(InvalidInput, match="not a cursor of this list"):
        reader.make(lambda: first_page(cursor=cursor, **given), **who)
    assert len(reader.server.seen) == 1


def test_an_approval_of_one_page_is_none_of_another(reader: Desk) -> None:
    """The page at which a list begins is part of the approval subject."""
    plain_list = Client(settings=QUICK)
    plain_list.connect(VENDOR, basic("me", SECRET), server=reader.server.url)
    reader.server.answers(page("P-1", next="2"), page("P-2", next="3"))
    with using(plain_list), acting(agent="helper"):
        pages = list(itertools.islice(tasks.list().pages(), 2))
    wishes = [reader.called(lambda cursor=cursor: first_page(cursor=cursor)) for cursor in (None, pages[0].cursor, pages[1].cursor)]
    assert len({wish.approval for wish in wishes}) == 3
    assert [wish.plan.requests[0].full_url.partition("token=")[2] for wish in wishes] == ["", "2", "3"]  # type: ignore[union-attr]
    reader.person("approve", wishes[1].approval)
    reader.called(lambda: first_page(cursor=pages[1].cursor))
    reader.called(first_page)
    reader.server.answers(page("P-2"))
    assert [task.id for task in reader.make(lambda: first_page(cursor=pages[0].cursor)).items] == ["P-2"]


def test_approval_does_not_cover_later_changes() -> None:
    """A sync cursor is valid for months, an approval is not."""
    listed, page_ = _listed(), Page([], cursor="next", sync="later")
    for action in listed.sealed(page_, RedeemedApproval("a1", time.time() + 60)):
        action.run()
    opened = {}
    for cursor in (page_.cursor, page_.sync):
        flow = listed.opened(cursor or "")
        try:
            while True:
                next(flow)
        except StopIteration as stop:
            opened[stop.value[0]] = stop.value[1]
    assert opened["later"] is None
    assert opened["next"].approval == "a1"


def _listed() -> ListCursors:
    connection = Connection(VENDOR, basic("me", SECRET), {}, server="http://127.0.0.1:1")
    return ListCursors(tasks.list, Invocation(), connection, (), {}, Acting(), None)


# -------------------------------------------------------------------------------------- texts and number of the requests that approvers see
def test_the_approver_sees_whose_record_it_is(desk: Desk) -> None:
    connection = Connection(
        VENDOR, basic("me", SECRET), {}, server=desk.server.url, id="c-1", name="prod", account="ada@example.com", account_id="7"
    )
    connection.user = "ada"
    desk.client.connections.tenant = "acme"
    desk.client.connections.add(connection)
    with using(desk.client), acting(agent="helper", user="ada"), pytest.raises(ApprovalRequired) as caught:
        tasks.update("P-1", title="New\u202e")
    wish = caught.value
    for shown in (str(wish), desk.person("show", wish.approval), desk.person("list")):
        for part in ("tasks.update", "P-1", "New\\u202e", "acme", "ada@example.com", "prod", desk.server.url):
            assert part in shown, (part, shown)
        assert "\u202e" not in shown


def test_a_record_that_the_policy_has_read_is_named() -> None:
    assert title_of({"id": "P-1", "title": "Fix the login"}) == "Fix the login"
    assert title_of({"id": "P-1", "name": "Ada"}) == "Ada"
    assert title_of({"id": "P-1", "title": None}) is None
    assert title_of(None) is None


@pytest.mark.parametrize("owner", ["agent", "user"])
def test_an_agent_cannot_flood_the_approver(server: Loopback, tmp_path: Path, owner: str) -> None:
    desk = Desk(server, tmp_path / "control.db", **{f"per_{owner}": 3})
    desk.client.connect(VENDOR, basic("me", SECRET), server=server.url, user="ada")
    desk.client.connect(VENDOR, basic("me", SECRET), server=server.url, user="bob")

    def delete(number: int, agent: str = "helper", user: str = "ada") -> str:
        return desk.called(lambda: tasks.delete(f"P-{number}"), agent=agent, user=user).approval

    ids = [delete(number) for number in range(3)]
    for _ in range(5):
        with pytest.raises(Denied, match=f"3 calls of {owner} '.*' wait for one already") as caught:
            desk.make(lambda: tasks.delete("P-9"), user="ada")
        assert caught.value.retry_safe
    assert [delete(number) for number in range(3)] == ids, "what waits already is given back"
    delete(9, **({"agent": "other"} if owner == "agent" else {"user": "bob"}))
    desk.person("deny", ids[0])
    delete(10)
    assert len(desk.store.list(None)) == 5
    assert server.writes == []


def test_calls_of_no_agent_are_limited_together(server: Loopback, tmp_path: Path) -> None:
    desk = Desk(server, tmp_path / "control.db", per_agent=2)
    with using(desk.client):
        for number in range(2):
            with pytest.raises(ApprovalRequired):
                tasks.delete(f"P-{number}")
        with pytest.raises(Denied, match="2 calls of agent '' wait for one already"):
            tasks.delete("P-9")
    desk.called()


def test_concurrent_wishes_stay_within_the_limit(server: Loopback, tmp_path: Path) -> None:
    desk = Desk(server, tmp_path / "control.db", per_agent=5)
    outcomes: list[type] = []

    def attempt(number: int) -> None:
        try:
            desk.make(lambda: tasks.delete(f"P-{number}"))
        except (ApprovalRequired, Denied) as error:
            outcomes.append(type(error))

    threads = [threading.Thread(target=attempt, args=(number,)) for number in range(30)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count(ApprovalRequired) == 5
    assert outcomes.count(Denied) == 25
    assert desk.store.waiting() == 5


def test_calls_too_large_to_review_request_no_approval(desk: Desk) -> None:
    with pytest.raises(Denied, match="too large for a person to review"):
        desk.make(lambda: tasks.create(title="x", project_id="P", description="y" * 300_000))
    assert desk.store.list(None) == []
    assert desk.server.writes == []


def test_a_listing_is_read_in_pages(desk: Desk) -> None:
    ids = [desk.called(lambda number=number: tasks.delete(f"P-{number}")).approval for number in range(7)]
    found, after = [], None
    while listed := desk.store.list(limit=3, after=after):
        found += [approval.id for approval in listed]
        after = found[-1]
    assert sorted(found) == sorted(ids)
    shown = desk.person("list", "--limit", "2")
    assert shown.count("tasks.delete") == 2
    assert f"--after {found[1]}" in shown
    with pytest.raises(InvalidInput, match="did you mean 'pending'"):
        desk.store.list("pendin")
    with pytest.raises(InvalidInput, match="unknown approval 'x'"):
        desk.store.list(after="x")


def test_old_approvals_are_deleted_in_batches(desk: Desk) -> None:
    for number in range(3):
        desk.called(lambda number=number: tasks.delete(f"P-{number}"))
    with sqlite3.connect(desk.place) as database:
        columns = "digest, status, subject, plan, reasons, requested_at, expires_at"
        database.execute(
            f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 250) "
            f"INSERT INTO control_approvals (id, {columns}) SELECT 'old' || i, digest, status, subject, plan, reasons, 0, 60 "
            "FROM n, (SELECT * FROM control_approvals LIMIT 1)"
        )
    database.close()
    desk.called(lambda: tasks.delete("P-7"))
    with sqlite3.connect(desk.place) as database:
        assert database.execute("SELECT COUNT(*) FROM control_approvals").fetchone() == (154,)
    database.close()
    assert desk.store.purge() == 150
    assert desk.store.waiting() == 4


def _altered(desk: Desk, statement: str) -> None:
    with sqlite3.connect(desk.place) as database:
        assert database.execute(statement).rowcount > 0
    database.close()
