"""A write whose answer was lost: looked for, found, sent again where it was not carried out, and never sent again on a guess."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from tests.functional.compiled import Build, Catalog, call, document, model, obj
from unified_runtime import Client, Conflict, TransportFailure, Unavailable, Unconfirmed, VendorProtocolError, bearer, reconcile
from unified_runtime.errors import UnifiedError
from unified_runtime.messages import HTTPRequest, Response
from unified_runtime.settings import Settings

FIELDS = "id: {type: id, computed: true}\ntitle: {type: text, required: create}\nnote: {type: text}"
GET = call("getThing", "GET /things/{thingId}", answers="Thing")
LIST = call("listThings", "GET /things", query={"state": "string"}, answers=obj(found=["Thing"]))
MAKE = call("make", "POST /things", takes=obj(title="string", note="string", mark="string"), answers=obj(thing="Thing"))
THING = obj(id="string", title="string", note="string", mark="string", made="string:date-time")
CREATE = """  create:
    - {call: make, send: fields, keep: {made: thing}, reconcile: {
        call: listThings, set: {state: all}, items: found, where: {title: title, note: note}, since: made, fills: thing%s}}
    - {call: getThing, with: {thingId: made.id}}"""
LOST = TransportFailure("connection reset", sent=True)
NOW = datetime(2026, 11, 26, 12, 0, 0, tzinfo=UTC)
SENT = ("POST /things", {"title": "T"})
LOOK = "GET /things?state=all"


@pytest.fixture(autouse=True)
def nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls of other tests write the same content seconds ago."""
    monkeypatch.setattr(reconcile, "_twins", reconcile._Twins())


def project(build: Build, steps: str, calls: list[Any] = [MAKE, GET, LIST], vendor: str = "") -> Catalog:  # noqa: B006  never changed
    return build(
        None,
        vendor=vendor,
        model=model(FIELDS, "{create: {}}"),
        document=document(calls, {"Thing": THING}),
        mapping=f"resource: things\nreads: Thing\nfields:\n  id: {{read: id}}\n  title: title\n  note: note\noperations:\n{steps}\n",
    )


def thing(id: str, ago: float = 0.0, **more: Any) -> dict[str, Any]:
    return {"id": id, "title": "T", "made": (NOW - timedelta(seconds=ago)).isoformat(), **more}


def listed(*things: dict[str, Any]) -> tuple[int, Any, dict[str, str]]:
    """A list, by a vendor whose clock says NOW."""
    return 200, {"found": list(things)}, {"Date": format_datetime(NOW, usegmt=True)}


def refused(catalog: Catalog, kind: type[UnifiedError], match: str, answers: list[Any]) -> UnifiedError:
    with pytest.raises(kind, match=match) as caught:
        catalog.run("create", title="T", answers=answers)
    assert type(caught.value) is kind
    return caught.value


@pytest.mark.parametrize("lost", [LOST, 502, (200, b"\x7b\x22thing")], ids=["reset", "502", "truncated"])
def test_what_was_carried_out_is_found_and_is_the_answer(build: Build, lost: Any) -> None:
    catalog = project(build, CREATE % "")
    other = [thing("old", 60), thing("1", 1), thing("x", title="U")]
    ran = catalog.run("create", title="T", answers=[lost, listed(*other), thing("1")], planned=False)
    assert ran.sent == [SENT, LOOK, "GET /things/1"]
    assert ran.value.id == "1"


def test_what_was_found_is_known_to_have_been_carried_out(build: Build) -> None:
    error = refused(project(build, CREATE % ""), Unavailable, "failing", [LOST, listed(thing("1")), 503])
    assert [done.request for done in error.done] == ["POST /things"]
    assert not error.retry_safe


def test_not_found_proves_nothing_where_the_vendor_promises_nothing(build: Build) -> None:
    error = refused(project(build, CREATE % ""), Unconfirmed, "proves nothing", [LOST, listed(thing("old", 60))])
    assert not error.retry_safe


def test_not_found_in_time_it_is_sent_again(build: Build) -> None:
    catalog = project(build, CREATE % ", within: 1")
    ran = catalog.run("create", title="T", answers=[LOST, *[listed()] * 2, {"thing": thing("1")}, thing("1")], planned=False)
    assert ran.sent == [SENT, *[LOOK] * 2, SENT, "GET /things/1"]  # at once, and when the vendor shows all
    late = catalog.run("create", title="T", note="N", answers=[LOST, listed(), listed(thing("2", note="N")), thing("2")], planned=False)
    assert late.value.id == "2"


@pytest.mark.parametrize("lost", [TransportFailure("timed out", sent=True, late=True), 504], ids=["timeout", "504"])
def test_what_the_server_may_still_be_at_is_not_sent_again(build: Build, lost: Any) -> None:
    """Found in a run of `make chaos`: a server that was busy carried out, seconds later, what had been given up and sent again."""
    catalog = project(build, CREATE % ", within: 0")
    refused(catalog, Unconfirmed, "proves nothing", [lost, listed(thing("old", 60))])
    ran = catalog.run("create", title="T", note="N", answers=[lost, listed(thing("1", note="N")), thing("1")], planned=False)
    assert ran.value.id == "1"


def test_a_full_list_that_does_not_reach_back_proves_nothing(build: Build) -> None:
    steps = CREATE.replace("set: {state: all}", "set: {limit: 2}") % ", within: 0"
    lists = call("listThings", "GET /things", query={"limit": "integer", "page": "integer"}, answers=obj(found=["Thing"]))
    catalog = project(build, steps, [MAKE, GET, lists], vendor="paging: {default: {page: page, first: 1, size: limit, most: 2}}\n")
    newer = [thing("8", title="U"), thing("9", title="V")]
    refused(catalog, Unconfirmed, "proves nothing", [LOST, listed(*newer)])
    for enough in ([newer[0]], [newer[0], thing("old", 60)]):
        reconcile._twins = reconcile._Twins()
        ran = catalog.run("create", title="T", answers=[LOST, listed(*enough), {"thing": thing("1")}, thing("1")], planned=False)
        assert ran.value.id == "1"


def test_it_is_sent_three_times_and_no_more(build: Build) -> None:
    error = refused(project(build, CREATE % ", within: 0"), Unavailable, "not carried out, and was sent 3 times", [LOST, listed()] * 3)
    assert error.retry_safe


def test_several_are_told_and_nothing_is_sent(build: Build) -> None:
    found = listed(thing("1"), thing("2", 1))
    refused(project(build, CREATE % ", within: 0"), Unconfirmed, "2 records may be it", [LOST, found])


def test_a_look_that_fails_is_told(build: Build) -> None:
    refused(project(build, CREATE % ", within: 0"), Unconfirmed, "looked for, and that failed", [LOST, 403])


def test_a_truncated_answer_that_is_not_found_says_what_was_done(build: Build) -> None:
    error = refused(project(build, CREATE % ", within: 0"), VendorProtocolError, "malformed", [(200, b'{"thing'), listed()])
    assert [done.request for done in error.done] == ["POST /things"]


def test_what_was_not_sent_is_not_looked_for(build: Build) -> None:
    refused(project(build, CREATE % ", within: 0"), Unavailable, "was not sent", [TransportFailure("refused", sent=False)])


def test_a_twin_of_the_same_content_is_not_taken_for_it(build: Build) -> None:
    """Two calls write the same. One's answer is lost before the work; the one record there is the other's."""
    catalog = project(build, CREATE % ", within: 0")
    create = catalog.module("things").create
    first_is_sent, other_is_made = threading.Event(), threading.Event()

    class Server:
        def __init__(self) -> None:
            self.made: list[dict[str, Any]] = []

        def send(self, request: HTTPRequest) -> Response:
            answer: Any
            if request.method == "POST" and not first_is_sent.is_set():
                first_is_sent.set()
                assert other_is_made.wait(10)
                raise LOST
            if request.method == "POST":
                self.made.append(thing("1"))
                answer = {"thing": self.made[0]}
            else:
                answer = self.made[0] if request.url.endswith("/1") else {"found": self.made}
            import json

            date = format_datetime(NOW, usegmt=True).encode()
            return Response(200, [(b"date", date)], json.dumps(answer).encode(), request.url)

        def close(self) -> None:
            pass

    client = Client(Server(), settings=Settings(attempts=1))
    client.connect("acme", bearer("secret"))
    caught: list[BaseException] = []

    def lose() -> None:
        with client, pytest.raises(Unconfirmed, match="another call may have made") as error:
            create(title="T")
        caught.append(error.value)

    thread = threading.Thread(target=lose)
    thread.start()
    assert first_is_sent.wait(10)
    with client:
        assert create(title="T").id == "1"
    other_is_made.set()
    thread.join(10)
    assert caught


# --------------------------------------------------------------------------------------------------------------------- marks and ids
MARKED = """  create:
    - {call: make, send: fields, with: {mark: call.mark}, keep: {made: thing}, reconcile: {
        call: listThings, items: found, where: {mark: call.mark}, fills: thing}}
    - {call: getThing, with: {thingId: made.id}}"""


def test_a_mark_tells_the_record_from_all_others(build: Build) -> None:
    catalog = project(build, MARKED)
    client_sent: list[str] = []

    class Server:
        def send(self, request: HTTPRequest) -> Response:
            import json

            if request.method == "POST":
                client_sent.append(json.loads(request.body or b"")["mark"])
                raise LOST
            answer: Any = {"found": [thing("1", mark="another"), thing("2", mark=client_sent[-1])]}
            answer = answer if request.url.endswith("/things") else thing("2")
            return Response(200, [], json.dumps(answer).encode(), request.url)

        def close(self) -> None:
            pass

    client = Client(Server(), settings=Settings(attempts=1))
    client.connect("acme", bearer("secret"))
    with client:
        create = catalog.module("things").create
        assert create(title="T").id == "2"
        assert create(title="T").id == "2"
    first, second = client_sent
    assert first != second
    assert len(first) == 25


OWN = """  create:
    call: make
    with: {id: call.key.short}
    send: fields
    reconcile: {call: getThing, with: {thingId: call.key.short}, twice: conflict}"""


def test_an_id_of_our_own_making(build: Build) -> None:
    make = call(
        "make",
        "POST /things",
        takes=obj(id={"type": "string", "pattern": "^[0-9a-v]{5,26}$"}, title="string", note="string"),
        answers="Thing",
    )
    catalog = project(build, OWN, [make, GET])
    ran = catalog.run("create", title="T", answers=[409, thing("mine")], planned=False)
    _, body = ran.sent[0]
    assert ran.sent[1] == f"GET /things/{body['id']}"
    assert ran.value.id == "mine"
    with pytest.raises(Conflict):  # the vendor has no such record: it is about something else
        catalog.run("create", title="T", answers=[409, 404], planned=False)
    assert "create" in catalog.module("vendors.acme.things").REPEATABLE
    ran = catalog.run("create", title="T", answers=[b'{"id": "mi', 409, thing("mine")], planned=False)  # read again, it is there already
    assert [line if isinstance(line, str) else line[0] for line in ran.sent][:2] == ["POST /things"] * 2
    assert ran.value.id == "mine"


# ---------------------------------------------------------------------------------------------------------- vendors that take keys
KEYED = """  create:
    - {call: send, with: {txn: call.key}, send: fields, keep: made}
    - {call: getThing, with: {thingId: made.id}}"""
SEND = call("send", "PUT /things/by/{txn}", takes=obj(title="string", note="string"), answers="Thing")


def test_a_vendors_key_repeats_the_request_and_the_callers_key_the_call(build: Build) -> None:
    """Without a key of the caller's, the same call again has another one: what may have been carried out must not be said to be safe."""
    catalog = project(build, KEYED, [SEND, GET])
    with pytest.raises(Unconfirmed) as lost:
        catalog.run("create", title="T", answers=[LOST])
    assert not lost.value.retry_safe
    with pytest.raises(Unavailable) as kept:
        catalog.run("create", title="T", idempotency_key="k", answers=[LOST])
    assert kept.value.retry_safe
    with pytest.raises(Unavailable) as unsent:
        catalog.run("create", title="T", answers=[TransportFailure("refused", sent=False)])
    assert unsent.value.retry_safe
    for key, again in ((None, True), ("k", False)):
        with pytest.raises(Unavailable) as after:
            catalog.run("create", title="T", idempotency_key=key, answers=[thing("1"), 503])
        assert ([done.again for done in after.value.done], after.value.retry_safe) == ([again], not again)


def test_an_answer_that_breaks_off_is_asked_for_again(build: Build) -> None:
    catalog = project(build, KEYED, [SEND, GET])
    ran = catalog.run(
        "create", title="T", idempotency_key="k", answers=[b'{"id"', thing("1"), b'{"id": "1", "ti', thing("1")], planned=False
    )
    assert [line if isinstance(line, str) else line[0] for line in ran.sent] == ["PUT /things/by/k"] * 2 + ["GET /things/1"] * 2
    for key, safe in ((None, False), ("k", True)):
        with pytest.raises(VendorProtocolError, match="truncated") as broken:
            catalog.run("create", title="T", idempotency_key=key, answers=[b'{"id"'] * 2)
        assert (broken.value.retry_safe, [done.again for done in broken.value.done]) == (safe, [not safe])
