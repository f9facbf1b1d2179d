"""Reconciliation of a write whose response was lost: looked up, found, sent again if it was not executed, never on a guess."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.functional.compiled import Build, Catalog, Scripted, call, document, model, obj
from tests.support.cursors import vendors_own
from unified_runtime import Client, Conflict, TransportFailure, Unavailable, Unconfirmed, VendorProtocolError, bearer, using
from unified_runtime.adapter_api import reconciliation
from unified_runtime.core.errors import UnifiedError
from unified_runtime.core.messages import HTTPRequest
from unified_runtime.core.responses import Response
from unified_runtime.core.settings import Settings

FIELDS = "id: {type: id, read_only: true}\ntitle: {type: text, required: create}\nnote: {type: text}"
GET = call("getThing", "GET /things/{thingId}", returns="Thing")
LIST = call("listThings", "GET /things", query={"state": "string"}, returns=obj(found=["Thing"]))
MAKE = call("make", "POST /things", takes=obj(title="string", note="string", mark="string"), returns=obj(thing="Thing"))
THING = obj(id="string", title="string", note="string", mark="string", made="string:date-time")
CREATE = """  create:
    - {operation: make, send: fields, save: {made: thing}, reconcile: {
        operation: listThings, constants: {state: all}, items: found, where: {title: title, note: note}, created_at: made, response_record: thing%s}}
    - {operation: getThing, params: {thingId: made.id}}"""
LOST = TransportFailure("connection reset", sent=True)
NOW = datetime(2026, 11, 26, 12, 0, 0, tzinfo=UTC)
SENT = ("POST /things", {"title": "T"})
LOOK = "GET /things?state=all"


def project(build: Build, steps: str, calls: list[Any] = [MAKE, GET, LIST], vendor: str = "", get: bool = False) -> Catalog:  # noqa: B006  never changed
    return build(
        None,
        vendor=vendor,
        model=model(FIELDS, "{create: {}, get: {}}" if get else "{create: {}}"),
        document=document(calls, {"Thing": THING}),
        mapping=f"resource: things\nschema: Thing\nfields:\n  id: {{read: id}}\n  title: title\n  note: note\noperations:\n{steps}\n",
    )


def thing(id: str, ago: float = 0.0, **more: Any) -> dict[str, Any]:
    return {"id": id, "title": "T", "made": (NOW - timedelta(seconds=ago)).isoformat(), **more}


def listed(*things: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
    """Return a list of a vendor whose clock is NOW."""
    return 200, {"found": list(things)}, {"Date": format_datetime(NOW, usegmt=True)}


def refused(catalog: Catalog, kind: type[UnifiedError], match: str, responses: list[Any]) -> UnifiedError:
    with pytest.raises(kind, match=match) as caught:
        catalog.run("create", title="T", responses=responses)
    assert type(caught.value) is kind
    return caught.value


@pytest.mark.parametrize(
    "lost", [LOST, TransportFailure("timed out", sent=True, late=True), 502, 504, (200, b"<html>log in</html>"), (200, b"")]
)
@pytest.mark.parametrize("within", ["", ", visible_within_seconds: 0", ", visible_within_seconds: 0, executes_within_seconds: 60"])
def test_a_record_of_the_same_content_is_a_candidate_and_no_more(build: Build, lost: Any, within: str) -> None:
    catalog = project(build, CREATE % within)
    other = [thing("1", 1), thing("x", title="U"), thing("old", 9 * 3600)]
    with pytest.raises(Unconfirmed, match="nothing proves") as caught:
        catalog.run("create", title="T", responses=[lost, listed(*other)])
    assert [(each.id, each.title) for each in caught.value.candidates] == [("1", "T")]
    assert (caught.value.retry_safe, caught.value.retry_after, caught.value.done) == (False, None, ())
    assert "may have been created by it: 1 'T'" in str(caught.value)


@pytest.mark.parametrize("lost", [LOST, 502, 504, (200, b"<html>log in</html>"), (200, b"")])
@pytest.mark.parametrize("within", ["", ", visible_within_seconds: 0", ", visible_within_seconds: 0, executes_within_seconds: 60"])
def test_unconfirmed_write_without_candidate_is_not_repeated(build: Build, lost: Any, within: str) -> None:
    error = refused(project(build, CREATE % within), Unconfirmed, "proves nothing", [lost, listed(thing("old", 9 * 3600))])
    assert (error.retry_safe, error.candidates) == (False, ())


@pytest.mark.parametrize("hours", [-1, 1])
@pytest.mark.parametrize("dated", [True, False])
def test_candidates_are_listed_with_any_clock_skew(build: Build, hours: int, dated: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """The vendor's database is an hour ahead of or behind the clock of the `Date` header, or of this machine."""
    monkeypatch.setattr(reconciliation.time, "time", NOW.timestamp)
    found: Any = {"found": [thing("1", hours * 3600.0)]}
    response = (200, found, {"Date": format_datetime(NOW, usegmt=True)}) if dated else found
    error = refused(project(build, CREATE % ", visible_within_seconds: 0"), Unconfirmed, "nothing proves", [LOST, response])
    assert [each.id for each in error.candidates] == ["1"]


def test_several_candidates_are_listed(build: Build) -> None:
    found = listed(thing("1"), thing("2", 1))
    error = refused(project(build, CREATE % ", visible_within_seconds: 0"), Unconfirmed, "2 records of the same content", [LOST, found])
    assert [each.id for each in error.candidates] == ["1", "2"]


def test_the_list_is_read_back_to_the_time_of_sending(build: Build) -> None:
    steps = CREATE.replace("constants: {state: all}", "constants: {limit: 2}") % ", visible_within_seconds: 0"
    lists = call("listThings", "GET /things", query={"limit": "integer", "page": "integer"}, returns=obj(found=["Thing"]))
    catalog = project(
        build,
        steps,
        [MAKE, GET, lists],
        vendor="pagination: {default: {page_param: page, start_at: 1, page_size_param: limit, max_page_size: 2}}\n",
    )
    pages = [listed(*(thing(f"{n}-{m}", title="U") for m in range(2))) for n in range(3)]
    last = listed(thing("7", 1), thing("old", 9 * 3600))
    error = refused(catalog, Unconfirmed, "nothing proves", [LOST, *pages, last])
    assert [each.id for each in error.candidates] == ["7"]
    without_end = [listed(*(thing(f"{n}-{m}", title="U") for m in range(2))) for n in range(reconciliation.PAGES)]
    refused(catalog, Unconfirmed, "proves nothing", [LOST, *without_end])


def test_the_list_is_read_back_over_pages_of_a_link_header(build: Build) -> None:
    """Further pages are at the addresses of the `Link` header, as GitHub's are."""
    steps = CREATE.replace("constants: {state: all}", "constants: {state: all, limit: 2}") % ", visible_within_seconds: 0"
    lists = call("listThings", "GET /things", query={"limit": "integer", "state": "string"}, returns=obj(found=["Thing"]))
    paging = "pagination: {default: {link_header: next, added_params: [page], page_size_param: limit, max_page_size: 2}}\n"
    catalog = project(build, steps, [MAKE, GET, lists], vendor=paging)
    link = {"Link": '<https://acme.example/things?limit=2&page=2&other=1>; rel="next"'}
    status, body, headers = listed(thing("1", title="U"), thing("2", title="U"))
    first = (status, body, headers | link)
    transport = Scripted([LOST, first, listed(thing("7", 1), thing("old", 9 * 3600))])
    client = Client(transport, settings=Settings(attempts=1))
    client.connect("acme", bearer("secret"))
    with using(client), vendors_own(), pytest.raises(Unconfirmed, match="nothing proves") as caught:
        catalog.module("things").create(title="T")
    assert [each.id for each in caught.value.candidates] == ["7"]
    assert [parse_qs(urlsplit(request.url).query) for request in transport.requests[1:]] == [
        {"state": ["all"], "limit": ["2"]},
        {"state": ["all"], "limit": ["2"], "page": ["2"]},
    ]


def test_a_failed_lookup_is_reported(build: Build) -> None:
    refused(project(build, CREATE % ", visible_within_seconds: 0"), Unconfirmed, "look-up failed", [LOST, 403])


def test_a_truncated_response_that_is_not_found_states_what_was_done(build: Build) -> None:
    error = refused(
        project(build, CREATE % ", visible_within_seconds: 0"), VendorProtocolError, "malformed", [(200, b'{"thing'), listed(thing("1"))]
    )
    assert [done.request for done in error.done] == ["POST /things"]
    assert [each.id for each in error.candidates] == ["1"]


def test_unsent_write_is_not_reconciled(build: Build) -> None:
    refused(project(build, CREATE % ", visible_within_seconds: 0"), Unavailable, "was not sent", [TransportFailure("refused", sent=False)])


@pytest.mark.parametrize("status", [421, 425, 429])
def test_provably_unprocessed_write_is_repeated(build: Build, status: int) -> None:
    catalog = project(build, CREATE % "")
    transport = Scripted([status, {"thing": thing("1")}, thing("1")])
    client = Client(transport, settings=Settings(attempts=2, backoff=0.001))
    client.connect("acme", bearer("secret"))
    with using(client):
        assert catalog.module("things").create(title="T").id == "1"
    assert [request.method for request in transport.requests] == ["POST", "POST", "GET"]


# --------------------------------------------------------------------------------------------------------------------- marks and ids
MARKED = """  create:
    - {operation: make, send: fields, params: {mark: call.mark}, save: {made: thing}, reconcile: {
        operation: listThings, items: found, where: {mark: call.mark}, response_record: thing}}
    - {operation: getThing, params: {thingId: made.id}}"""


def test_a_mark_distinguishes_the_record_from_all_others(build: Build) -> None:
    catalog = project(build, MARKED)
    client_sent: list[str] = []

    class Server:
        def send(self, request: HTTPRequest) -> Response:
            import json

            if request.method == "POST":
                client_sent.append(json.loads(request.body or b"")["mark"])
                raise LOST
            response: Any = {"found": [thing("1", mark="another"), thing("2", mark=client_sent[-1])]}
            response = response if request.url.endswith("/things") else thing("2")
            return Response(200, [], json.dumps(response).encode(), request.url)

        def close(self) -> None:
            pass

    client = Client(Server(), settings=Settings(attempts=1))
    client.connect("acme", bearer("secret"))
    with using(client):
        create = catalog.module("things").create
        assert create(title="T").id == "2"
        assert create(title="T").id == "2"
    first, second = client_sent
    assert first != second
    assert len(first) == 25


OWN = """  create:
    operation: make
    params: {id: call.key.short}
    send: fields
    reconcile: {operation: getThing, params: {thingId: call.key.short}, on_duplicate: conflict}"""


def test_an_id_of_our_own_making(build: Build) -> None:
    make = call(
        "make",
        "POST /things",
        takes=obj(id={"type": "string", "pattern": "^[0-9a-v]{5,26}$"}, title="string", note="string"),
        returns="Thing",
    )
    catalog = project(build, OWN, [make, GET])
    ran = catalog.run("create", title="T", responses=[409, thing("mine")], planned=False)
    _, body = ran.sent[0]
    assert ran.sent[1] == f"GET /things/{body['id']}"
    assert ran.value.id == "mine"
    with pytest.raises(Conflict):  # the vendor has no such record: the error is about another one
        catalog.run("create", title="T", responses=[409, 404], planned=False)
    assert "create" in catalog.module("vendors.acme.things").REPEATABLE
    ran = catalog.run("create", title="T", responses=[b'{"id": "mi', 409, thing("mine")], planned=False)  # read again, it is there already
    assert [line if isinstance(line, str) else line[0] for line in ran.sent][:2] == ["POST /things"] * 2
    assert ran.value.id == "mine"


# -------------------------------------------------------------------------------------------- vendors that accept idempotency keys
KEYED = """  create:
    - {operation: send, params: {txn: call.key}, send: fields, save: made}
    - {operation: getThing, params: {thingId: made.id}}"""
SEND = call("send", "PUT /things/by/{txn}", takes=obj(title="string", note="string"), returns="Thing")


def test_a_vendors_key_repeats_the_request_and_the_callers_key_the_call(build: Build) -> None:
    """Without a key from the caller, the repeated call has another key: a write that may have been executed must not be called safe."""
    catalog = project(build, KEYED, [SEND, GET])
    with pytest.raises(Unconfirmed) as lost:
        catalog.run("create", title="T", responses=[LOST])
    assert not lost.value.retry_safe
    with pytest.raises(Unavailable) as stored:
        catalog.run("create", title="T", idempotency_key="k", responses=[LOST])
    assert stored.value.retry_safe
    with pytest.raises(Unavailable) as unsent:
        catalog.run("create", title="T", responses=[TransportFailure("refused", sent=False)])
    assert unsent.value.retry_safe
    for key, again in ((None, True), ("k", False)):
        with pytest.raises(Unavailable) as after:
            catalog.run("create", title="T", idempotency_key=key, responses=[thing("1"), 503])
        assert ([done.again for done in after.value.done], after.value.retry_safe) == ([again], not again)


def test_a_response_that_breaks_off_is_requested_again(build: Build) -> None:
    catalog = project(build, KEYED, [SEND, GET])
    ran = catalog.run(
        "create", title="T", idempotency_key="k", responses=[b'{"id"', thing("1"), b'{"id": "1", "ti', thing("1")], planned=False
    )
    assert [line if isinstance(line, str) else line[0] for line in ran.sent] == ["PUT /things/by/k"] * 2 + ["GET /things/1"] * 2
    for key, safe in ((None, False), ("k", True)):
        with pytest.raises(VendorProtocolError, match="truncated") as broken:
            catalog.run("create", title="T", idempotency_key=key, responses=[b'{"id"'] * 2)
        assert (broken.value.retry_safe, [done.again for done in broken.value.done]) == (safe, [not safe])
