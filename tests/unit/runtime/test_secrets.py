"""Secrets in texts, log lines, errors, pickles or tracebacks: each test searches for a sentinel."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import traceback
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import msgspec
import pytest

from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.callers import QUICK, WAYS, Caller
from tests.unit.runtime.server import Loopback, Reply, closed_port
from tests.unit.runtime.test_statuses import ISSUE
from unified_runtime import Client, Credential, Secret, Settings, api_key, basic, bearer, using
from unified_runtime.core import errors
from unified_runtime.core.applied_credentials import AppliedCredential
from unified_runtime.core.connections import Connection
from unified_runtime.core.endpoints import Endpoint, Retry
from unified_runtime.core.messages import Request
from unified_runtime.core.responses import Response
from unified_runtime.execution.http_requests import wire_request

SENTINEL = "sentinel/7f3a+Zq=="
ENCODED = ("sentinel/7f3a", "sentinel%2F7f3a", "c2VudGluZWwvN2YzYStacT09", "bWU6c2VudGluZWwv")
"""The beginning of the secret as it is, percent-encoded, and as base64 by itself and after `me:`."""

CREDENTIALS = [
    pytest.param(basic("me", SENTINEL), "basicAuth", id="basic"),
    pytest.param(bearer(SENTINEL), "OAuth2", id="bearer"),
    pytest.param(api_key(key="public-key-1", token=SENTINEL), "keys", id="query"),
    pytest.param(api_key(SENTINEL), "header", id="header"),
]


def leaks(text: str) -> bool:
    return any(form in text for form in ENCODED)


@pytest.fixture(autouse=True)
def everything_is_logged(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    caplog.set_level(logging.DEBUG)
    yield
    for record in caplog.get_records("call"):
        assert not leaks(record.getMessage()), record.name
        assert not leaks(repr(record.__dict__)), record.name


def test_a_secret_shows_itself_nowhere() -> None:
    secret = Secret(SENTINEL)
    shown = [repr(secret), str(secret), f"{secret}", f"{secret:>40}", f"{secret!r}", "%s" % secret, repr([secret]), repr({"a": secret})]  # noqa: UP031
    shown += [repr(copy.copy(secret)), repr(copy.deepcopy(secret)), repr(vars(type(secret))), repr(dir(secret))]
    assert not any(leaks(text) for text in shown)
    assert not hasattr(secret, "__dict__")
    for dump in (pickle.dumps, json.dumps, msgspec.json.encode, copy_through_pickle):
        with pytest.raises(TypeError) as caught:
            dump(secret)
        assert not leaks(str(caught.value))
    assert secret.reveal() == SENTINEL
    assert secret == Secret(SENTINEL)
    assert secret != Secret("another")
    assert secret != SENTINEL
    assert hash(secret) == hash(Secret(SENTINEL))


def copy_through_pickle(value: object) -> object:
    return pickle.loads(pickle.dumps([value]))


@pytest.mark.parametrize(("credential", "scheme"), CREDENTIALS)
def test_objects_do_not_show_their_secrets(credential: Credential, scheme: str) -> None:
    connection = Connection(VENDOR, credential, {"site": "acme", "cloud_id": "1"}, scheme=scheme)
    request = Request(endpoint=Endpoint("x", "GET", "/x", Retry.SAFE), target="/x")
    wire = wire_request(request, connection, Settings(), float("inf"))
    for holder in (credential, connection, connection.credential, connection.secrets, wire, wire.headers, wire.url, connection.values):
        assert not leaks(repr(holder))
        assert not leaks(str(holder))
    for holder in (connection.credential, credential, wire, connection):
        with pytest.raises(TypeError):
            pickle.dumps(holder)


@pytest.mark.parametrize(("credential", "scheme"), CREDENTIALS)
def test_the_secret_is_sent(server: Loopback, credential: Credential, scheme: str) -> None:
    caller = Caller("default", "sync")
    caller.connect(server.url, credential, scheme=scheme)
    server.answers(Reply.of(ISSUE))
    caller.run(tasks.get, "P-1")
    seen = server.seen[0]
    assert leaks(seen.target + repr(seen.headers))


BAD_RESPONSES = [
    pytest.param(
        Reply.of({"errorMessages": [f"token {SENTINEL} is bad"], "code": SENTINEL, "errors": {SENTINEL: SENTINEL}}, 401), id="echo"
    ),
    pytest.param(Reply.of({"errorMessages": ["key=public-key-1&token=sentinel%2F7f3a%2BZq%3D%3D"]}, 400), id="echoed url"),
    pytest.param(Reply(200, SENTINEL.encode()), id="echo as garbage"),
    pytest.param(Reply.of({"key": [SENTINEL]}), id="echo in a wrong type"),
    pytest.param(Reply(hang_up=True), id="hang up"),
    pytest.param(Reply(raw=f"HTTP/1.1 {SENTINEL}\r\n\r\n".encode()), id="no HTTP"),
    pytest.param(Reply(302, b"", {"Location": f"http://evil.test/?token={SENTINEL}"}), id="redirect"),
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("credential", "scheme"), CREDENTIALS)
@pytest.mark.parametrize("reply", BAD_RESPONSES)
def test_errors_contain_no_secret(server: Loopback, way: str, credential: Credential, scheme: str, reply: Reply) -> None:
    flavour, _, mode = way.rpartition("-")
    caller = Caller(flavour, mode)
    caller.settings = replace(QUICK, attempts=2)
    caller.connect(server.url, credential, scheme=scheme)
    server.answers(reply, reply)
    with pytest.raises(errors.UnifiedError) as caught:
        caller.run(tasks.get, "P-1")
    check(caught.value)


def test_connection_errors_contain_no_secret() -> None:
    caller = Caller("default", "sync")
    caller.connect(f"http://127.0.0.1:{closed_port()}", api_key(key="public-key-1", token=SENTINEL), scheme="keys")
    with pytest.raises(errors.Unavailable) as caught:
        caller.run(tasks.get, "P-1")
    check(caught.value)


def check(error: errors.UnifiedError) -> None:
    """Return the error, its chained errors, the locals of its traceback's frames in our code, and its pickle."""
    assert not leaks(str(error))
    assert not leaks(repr(error.__dict__))
    assert not leaks(repr(pickle.dumps(error)))
    result: Any = traceback.TracebackException.from_exception(error, capture_locals=True)
    ours = [frame for frame in result.stack if "unified_runtime" in frame.filename]
    assert ours
    for frame in ours:
        for name, value in (frame.locals or {}).items():
            assert not leaks(value), f"{frame.filename}:{frame.lineno} {name}"
    chained = error.__cause__ or error.__context__
    assert chained is None or isinstance(chained, errors.UnifiedError), "a library's exception holds its request, and that the credential"


def test_a_plan_shows_where_secrets_go_and_not_what_they_are() -> None:
    client = Client()
    with using(client):
        client.connect(VENDOR, api_key(key="public-key-1", token=SENTINEL), site="acme", scheme="keys")
        plan = tasks.get.plan("P-1")
        text = str(plan) + repr(plan) + json.dumps(plan.to_dict())
        assert not leaks(text)
        assert "token=•••" in str(plan)
        assert "public-key-1" not in text
        client.connect(VENDOR, api_key(SENTINEL), site="acme", scheme="header")
        assert "X-Api-Key: Bot •••" in str(tasks.get.plan("P-1"))


def test_a_clients_own_log_lines_are_left_as_they_are(server: Loopback, caplog: pytest.LogCaptureFixture) -> None:
    import httpx2

    server.answers(Reply(200), Reply.of(ISSUE))
    with httpx2.Client() as own:
        client = Client(own)
        client.connect(VENDOR, api_key(key="public-key-1", token=SENTINEL), scheme="keys", server=server.url)
        own.get(f"{server.url}/elsewhere?page=2")
        with using(client):
            tasks.get("P-1")
    lines = [record.getMessage() for record in caplog.records if record.name == "httpx2"]
    assert any("/elsewhere?page=2" in line for line in lines)
    assert any("/rest/issue/P-1?…" in line for line in lines)


@pytest.mark.parametrize("make", [lambda value: basic("me", value), bearer, api_key, lambda value: api_key(key=value)])
@pytest.mark.parametrize("value", ["", " padded", "padded\n", "two\r\nlines", "nul\x00", 7, None])
def test_a_credential_that_cannot_be_is_refused_without_quoting_it(make: Any, value: Any) -> None:
    with pytest.raises(errors.InvalidInput) as caught:
        make(value)
    assert not value or str(value).strip() not in str(caught.value)


def test_a_credential_no_header_can_carry_is_refused_without_quoting_it() -> None:
    with pytest.raises(errors.InvalidInput) as caught:
        Connection(VENDOR, bearer("sentinel-é"), {"cloud_id": "1"})
    assert "sentinel" not in str(caught.value)
    assert caught.value.__context__ is None


def test_a_user_name_is_checked() -> None:
    for name in ("", "a:b", "a\nb"):
        with pytest.raises(errors.InvalidInput):
            basic(name, "x")


def test_a_basic_credential_may_hold_any_letters(server: Loopback) -> None:
    import base64

    caller = Caller("default", "sync")
    caller.connect(server.url, basic("müller", "pässword"))
    server.answers(Reply.of(ISSUE))
    caller.run(tasks.get, "P-1")
    sent = next(value for name, value in server.seen[0].headers.items() if name.lower() == "authorization")
    assert base64.b64decode(sent.removeprefix("Basic ")).decode() == "müller:pässword"


@pytest.mark.parametrize(
    "written",
    [
        lambda secret: "".join(f"\\u{ord(character):04x}" for character in secret),
        lambda secret: secret.replace("/", "\\/"),
        lambda secret: secret.replace("/", "\\u002F"),
    ],
    ids=["every character", "slashes, as PHP does", "slashes, as numbers"],
)
def test_a_secret_that_a_response_repeats_in_escapes_is_not_read(caller: Caller, server: Loopback, written: Callable[[str], str]) -> None:
    secret = "sentinel/4f7c+1e9b/2d9f"
    caller.connect(server.url, basic("me", secret))
    beside = r"\\u0041 \" \n \u0022 \u00e9"
    server.answers(Reply(200, ('{"key":"P-1","fields":{"summary":"' + written(secret) + " " + beside + '"}}').encode()))
    task = caller.run(tasks.get, "P-1")
    assert task.title == '••• \\u0041 " \n " é'
    assert secret not in str(task.raw)


@pytest.mark.parametrize(
    "secret", ["sentinel4f7c1e9b2d9f", "c2VudGluZWw6NGY3Yw==", "sentinel/4f7c+1e9b/2d9f", "/sentinel-4f7c1e9b2d9f", "säntinel 4f7c1e9b2d9f"]
)
@pytest.mark.parametrize(
    "written",
    [str, lambda secret: quote(secret, safe=""), lambda secret: secret.replace("/", "\\/")],
    ids=["plain", "for URLs", "slashes, as PHP does"],
)
def test_a_secret_is_found_in_a_response_in_each_of_its_forms(secret: str, written: Callable[[str], str]) -> None:
    applied = AppliedCredential(secrets=(Secret(secret),))
    response = Response(200, (), f'["a\\n", "{written(secret)} {written(secret)}"]'.encode(), "https://acme.example/")
    assert applied.redacted(response).body == '["a\\n", "••• •••"]'.encode()
    other = Response(200, (), f'["a\\/\\u0041", "{written(secret[:-1])}"]'.encode(), "https://acme.example/")
    assert applied.redacted(other) is other
