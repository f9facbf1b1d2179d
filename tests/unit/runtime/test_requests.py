"""Requests as sent: paths, queries, headers and bodies for any input."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.callers import Caller
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_runtime import Endpoint, Request, Retry, Settings, basic
from unified_runtime.core import errors
from unified_runtime.core.connections import Connection
from unified_runtime.core.messages import NextPageURL
from unified_runtime.core.serialization import query_text
from unified_runtime.execution.http_requests import wire_request

GET = Endpoint("get", "GET", "/rest/{kind}/issue-{key}.json", Retry.SAFE)
HERE = Connection(VENDOR, basic("me", "password"), {"site": "acme"})


@pytest.mark.parametrize(
    ("id", "sent"),
    [
        ("a/b", "a%2Fb"),
        ("…/admin", "%E2%80%A6%2Fadmin"),
        ("%2Fadmin", "%252Fadmin"),
        ("P-1?expand=all", "P-1%3Fexpand%3Dall"),
        ("P-1#x", "P-1%23x"),
        ("100%", "100%25"),
        ("a b", "a%20b"),
        ("Grüße", "Gr%C3%BC%C3%9Fe"),
        ("a;b=c", "a%3Bb%3Dc"),
        ("...", "..."),
        (".git", ".git"),
        ("a\\b", "a%5Cb"),
        ("{key}", "%7Bkey%7D"),
    ],
)
def test_an_id_stays_in_its_segment(caller: Caller, server: Loopback, id: str, sent: str) -> None:
    server.answers(Reply.of(ISSUE))
    caller.run(tasks.get, id)
    assert server.targets == [f"GET /rest/issue/{sent}?fields=summary,status"]


@pytest.mark.parametrize("id", ["", " ", ".", "..", "a\nb", "a\r\nX-Evil: 1", "\x00", "a\x7f", "a\x85b", "\ud800"])
def test_an_id_that_names_nothing_is_refused_before_anything_is_sent(simple: Caller, server: Loopback, id: str) -> None:
    with pytest.raises(errors.InvalidInput) as caught:
        simple.run(tasks.get, id)
    assert caught.value.fields.keys() == {"id"}
    assert caught.value.operation == "tasks.get"
    assert server.seen == []


@pytest.mark.parametrize("id", [None, 7, b"P-1", ["P-1"], True])
def test_an_id_is_text(simple: Caller, id: object) -> None:
    with pytest.raises(errors.InvalidInput, match="id must be text"):
        simple.run(tasks.get, id)


def _leads_up(text: str) -> bool:
    return any(step.partition(";")[0] in {".", ".."} for step in unquote(unquote(text)).replace("\\", "/").split("/"))


@given(st.text(min_size=1), st.text(min_size=1))
def test_path_keeps_its_shape_for_any_value(kind: str, key: str) -> None:
    try:
        url = GET.url((kind, key))
    except errors.InvalidInput:
        assert (
            _leads_up(kind)
            or _leads_up(key)
            or any(ord(c) < 32 or 0x7F <= ord(c) <= 0x9F or 0xD800 <= ord(c) <= 0xDFFF for c in kind + key)
        )
        return
    empty, rest, first, second = url.split("/")
    assert (empty, rest, unquote(first), unquote(second)) == ("", "rest", kind, f"issue-{key}.json")
    assert not set(url) & set("?#\\ \t\r\n")
    assert first not in {".", ".."}


def test_an_endpoint_wants_all_its_values() -> None:
    with pytest.raises(ValueError, match="needs 2 path values"):
        GET.url(("a",))


@given(st.dictionaries(st.text(min_size=1), st.text() | st.integers() | st.booleans() | st.lists(st.text())))
def test_a_query_reads_back(query: dict[str, object]) -> None:
    from urllib.parse import parse_qsl

    try:
        text = query_text(query)
    except errors.InvalidInput:
        assert any(0xD800 <= ord(c) <= 0xDFFF for value in query.values() for c in str(value))
        return
    except UnicodeEncodeError:  # a name, which never comes from a caller
        assert any(0xD800 <= ord(c) <= 0xDFFF for name in query for c in name)
        return
    words = [
        (name, str(word).lower() if isinstance(word, bool) else str(word))
        for name, value in query.items()
        for word in (value if isinstance(value, list) else [value])
    ]
    assert parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text)) == words


def test_a_query_leaves_out_what_is_none() -> None:
    assert (
        query_text({"a": None, "b": 1, "c": [], "d": True, "e": "x y&z=1", "f": {"k": 1}}) == "b=1&d=true&e=x%20y%26z%3D1&f=%7B%22k%22:1%7D"
    )


def wire(**options: object) -> object:
    request = Request(endpoint=Endpoint("x", "POST", "/x", Retry.NEVER), target="/x", **options)  # type: ignore[arg-type]
    return wire_request(request, HERE, Settings(), float("inf"))


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "\x00", "é", "a\x7f"])
def test_a_header_cannot_begin_another(value: str) -> None:
    with pytest.raises(errors.InvalidInput, match="cannot be sent in the header If-Match"):
        wire(headers={"If-Match": value})


def test_a_header_of_a_request_replaces_a_constant_one() -> None:
    made = wire(headers={"accept": "text/plain", "If-Match": None, "x-api-version": "4"})
    names = [name.lower() for name, _ in made.headers]  # type: ignore[attr-defined]
    assert names.count(b"accept") == names.count(b"x-api-version") == 1
    assert b"if-match" not in names
    assert made.header("Accept") == "text/plain"  # type: ignore[attr-defined]


@pytest.mark.parametrize("body", [{"a": {1, 2}, "b": object()}, {"a": "\ud800"}, {object(): 1}])
def test_a_body_that_json_cannot_hold_is_refused(body: object) -> None:
    with pytest.raises(errors.InvalidInput, match="cannot be written as JSON"):
        wire(json=body)


def test_a_form_is_sent_as_a_form() -> None:
    made = wire(form={"text": "a&b", "flag": True, "blocks": {"x": [1]}, "none": None})
    assert made.body == b"text=a%26b&flag=true&blocks=%7B%22x%22:[1]%7D".replace(b"[", b"%5B").replace(b"]", b"%5D")  # type: ignore[attr-defined]
    assert made.header("content-type") == "application/x-www-form-urlencoded"  # type: ignore[attr-defined]


def test_a_body_of_bytes_is_sent_as_it_is() -> None:
    made = wire(content=b"\x00\x01", headers={"Content-Type": "image/png"})
    assert made.body == b"\x00\x01"  # type: ignore[attr-defined]
    assert made.header("content-length") == "2"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.test/next",
        "http://acme.acme.test/x",
        "//evil.test",
        "https://acme.acme.test:444/x",
        "https://acme.acme.test@evil.test/",
    ],
)
def test_the_next_page_must_be_on_the_connections_server(url: str) -> None:
    with pytest.raises(errors.VendorProtocolError, match="another server"):
        wire(url=NextPageURL(url))


def test_the_next_page_by_url() -> None:
    assert wire(url=NextPageURL("https://acme.acme.test/x?page=2", ("page",))).url == "https://acme.acme.test/x?page=2"  # type: ignore[attr-defined]
    assert wire(url=NextPageURL("/x?page=2", ("page",))).url == "https://acme.acme.test/x?page=2"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("/x?page=2&q=b", "/x?page=2&q=a"),
        ("/x?Q=b&page=2", "/x?page=2&q=a"),
        ("/x?%71=b&q[]=c&q.d=e&page[after]=f", "/x?page[after]=f&q=a"),
        ("/x?page=2;q=b", "/x?page=2%3Bq=b&q=a"),
        ("/x?PAGE=2&$skipToken=3", "/x?PAGE=2&$skipToken=3&q=a"),
        ("/x?page=2&page=3&p%61ge=4", "/x?page=2&q=a"),
        ("/x?page=2&$expand=events&%24select=body&expand=1&page[]=4&page.x=1&page%20=5", "/x?page=2&q=a"),
        ("/x?&&=&page", "/x?page&q=a"),
        ("/x/next?q=b&page=2", "/x?page=2&q=a"),
        ("/y?page=2", "/x?page=2&q=a"),
        ("/x#page=2", "/x?q=a"),
    ],
)
def test_a_page_adds_what_is_declared_to_the_query_and_changes_nothing_of_it(url: str, sent: str) -> None:
    followed = NextPageURL(url, ("page", "page[after]", "$skiptoken", "q"))
    assert wire(url=followed, query={"q": "a"}).url == f"https://acme.acme.test{sent}"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("url", "sent"),
    [
        ("/x/01g-2000", "/x/01g-2000"),
        ("/x/01g-2000?page=2&q=b&$expand=c", "/x/01g-2000?page=2"),
        ("/x/1/2", "/x/1/2"),
        ("/x", "/x?q=a"),
        ("/xy/1", "/x?q=a"),
        ("/x/", "/x?q=a"),
        ("/x/../y", "/x?q=a"),
        ("/x/%2e%2e/y", "/x?q=a"),
        ("/x/%252e%252e/y", "/x?q=a"),
        ("/x/..%2fy", "/x?q=a"),
        ("/x/..;/y", "/x?q=a"),
        ("/x/a%5c..%5cy", "/x?q=a"),
        ("/x/a\\y", "/x?q=a"),
        ("/x//y", "/x?q=a"),
        ("/x/.", "/x?q=a"),
    ],
)
def test_a_page_below_its_list_is_of_plain_segments(url: str, sent: str) -> None:
    assert wire(url=NextPageURL(url, ("page",), allow_subpaths=True), query={"q": "a"}).url == f"https://acme.acme.test{sent}"  # type: ignore[attr-defined]


@settings(max_examples=30)
@given(st.text(max_size=200))
def test_any_text_survives_in_a_body(text: str) -> None:
    import msgspec

    try:
        made = wire(json={"text": text})
    except errors.InvalidInput:
        assert any(0xD800 <= ord(c) <= 0xDFFF for c in text)
        return
    assert msgspec.json.decode(made.body) == {"text": text}  # type: ignore[attr-defined]
