"""Transports: accepted arguments, proxies, forks, cassettes; and the cost of the import."""

from __future__ import annotations

import asyncio
import os
import shutil
import ssl
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import httpx2
import pytest
import vcr

from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.callers import QUICK, Caller
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_runtime import AsyncClient, Client, api_key, basic, using
from unified_runtime.core import errors
from unified_runtime.http.adapt import adapt, adapt_async
from unified_runtime.http.proxies import proxy_for


@pytest.mark.parametrize("wrong", [object(), "httpx", httpx2.AsyncClient(), httpx.AsyncClient(), httpx2.AsyncHTTPTransport()])
def test_a_sync_client_wants_a_sync_transport(wrong: Any) -> None:
    with pytest.raises(TypeError, match="transport"):
        Client(wrong)


@pytest.mark.parametrize("wrong", [object(), httpx2.Client(), httpx.Client(), httpx2.HTTPTransport()])
def test_an_async_client_wants_an_async_transport(wrong: Any) -> None:
    with pytest.raises(TypeError, match="transport"):
        AsyncClient(wrong)


@pytest.mark.parametrize("library", [httpx2, httpx])
def test_mock_transports_are_transports(library: Any) -> None:
    def answer(request: Any) -> Any:
        assert request.headers["authorization"].startswith("Basic ")
        return library.Response(200, json=ISSUE)

    for inner in (library.MockTransport(answer), library.Client(transport=library.MockTransport(answer))):
        with Client(inner) as client, using(client):
            client.connect(VENDOR, basic("me", "x"), site="acme")
            assert tasks.get("P-1").id == "P-1"

    async def asynchronous() -> str:
        async with AsyncClient(library.AsyncClient(transport=library.MockTransport(answer))) as client, using(client):
            client.connect(VENDOR, basic("me", "x"), site="acme")
            return (await tasks.get.asynchronous("P-1")).id

    assert asyncio.run(asynchronous()) == "P-1"
    assert adapt(library.MockTransport(answer)) is not None
    assert adapt_async(library.MockTransport(answer)) is not None


@pytest.mark.parametrize("library", [httpx2, httpx])
def test_a_clients_cookies_and_authentication_stay_its_own(server: Loopback, library: Any) -> None:
    server.answers(Reply.of(ISSUE).__class__(200, Reply.of(ISSUE).body, {"Set-Cookie": "session=alice; Path=/"}), Reply.of(ISSUE))
    own = library.Client(auth=("own", "password"), cookies={"own": "1"}, follow_redirects=True)
    with own, Client(own, settings=QUICK) as client, using(client):
        client.connect(VENDOR, basic("me", "password"), server=server.url)
        tasks.get("P-1")
        tasks.get("P-1")
    for seen in server.seen:
        headers = {name.lower(): value for name, value in seen.headers.items()}
        assert "cookie" not in headers
        assert headers["authorization"] == "Basic bWU6cGFzc3dvcmQ="


def test_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    assert proxy_for("https://api.acme.test") is None
    monkeypatch.setenv("HTTPS_PROXY", "proxy.test:3128")
    monkeypatch.setenv("NO_PROXY", "internal.test,.local.test")
    assert proxy_for("https://api.acme.test") == "http://proxy.test:3128"
    assert proxy_for("https://internal.test") is None
    assert proxy_for("https://a.local.test:8443") is None
    assert proxy_for("http://api.acme.test") is None
    monkeypatch.setenv("ALL_PROXY", "http://all.test:1")
    assert proxy_for("http://api.acme.test") == "http://all.test:1"


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_requests_go_through_the_proxy(monkeypatch: pytest.MonkeyPatch, server: Loopback, mode: str) -> None:
    monkeypatch.setenv("HTTP_PROXY", server.url)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    caller = Caller("default", mode)
    caller.connect("http://localhost:9")
    server.answers(Reply.of(ISSUE))
    assert caller.run(tasks.get, "P-1").id == "P-1"
    assert server.seen[0].target.startswith("http://localhost:9/rest/issue/P-1")


def test_an_invalid_proxy_is_reported_and_not_retried(monkeypatch: pytest.MonkeyPatch, simple: Caller) -> None:
    monkeypatch.setenv("HTTP_PROXY", "gopher://x")
    simple.connect("http://localhost:9")
    with pytest.raises(errors.Unavailable, match="proxy of the environment cannot be used"):
        simple.run(tasks.get, "P-1")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_child_opens_its_own_connections(server: Loopback) -> None:
    server.answers(Reply.of(ISSUE), Reply.of(ISSUE), Reply.of(ISSUE))
    with Client(settings=QUICK) as client:
        client.connect(VENDOR, basic("me", "x"), server=server.url)
        with using(client):
            tasks.get("P-1")
            pid = os.fork()
            if pid == 0:
                os._exit(0 if tasks.get("P-1").id == "P-1" else 1)
            assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
            tasks.get("P-1")
    assert len(server.seen) == 3
    assert server.accepted == 2, "the child has one of its own, and its parent's is used on"


@pytest.mark.parametrize("mode", ["sync", "async"])
@pytest.mark.parametrize("flavour", ["default", "httpx-client"])
def test_a_cassette_records_and_replays(server: Loopback, tmp_path: Path, mode: str, flavour: str) -> None:
    options = {
        "filter_headers": [("Authorization", "REDACTED")],
        "filter_query_parameters": ["key", "token"],
        "match_on": ["method", "path"],
    }
    server.answers(Reply.of({"key": "P-1"}, 201), Reply.of(ISSUE))
    caller = Caller(flavour, mode)
    caller.connect(server.url, api_key(key="public-1", token="s3cr3t"), scheme="keys")
    for step, record in enumerate(("once", "none")):
        with vcr.VCR(record_mode=record, **options).use_cassette(str(tmp_path / "cassette.yaml")) as cassette:
            assert caller.run(tasks.create, title="x", project_id="P").id == "P-1"
            assert cassette.play_count == (2 if step else 0)
    assert len(server.seen) == 2
    assert "s3cr3t" not in (tmp_path / "cassette.yaml").read_text()


@pytest.mark.parametrize(
    ("statement", "absent"),
    [
        ("import unified_runtime", ("unified_runtime.client._sync.client", "pydantic", "msgspec", "httpx2", "typing_extensions")),
        ("import unified_runtime.client.operations", ("unified_runtime.client._sync.client", "pydantic", "msgspec", "httpx2")),
        ("import unified_runtime.client.operations", ("dataclasses",)),
        ("import tests.unit.runtime.tasks", ("tests.unit.runtime.acme", "pydantic", "msgspec", "httpx2")),
        ("from unified_runtime import Client; Client()", ("httpx2", "httpx", "tenacity", "limits", "fastjsonschema", "tests")),
        ("from unified import tasks; from unified.aio import tasks", ("typing", "re", "datetime", "pydantic", "msgspec", "httptools")),
        ("import unified_runtime.core.records", ("unified_runtime.client._sync.client", "httpx2")),
    ],
)  # fmt: skip
def test_importing_is_light(statement: str, absent: tuple[str, ...]) -> None:
    check = f"{statement}\nimport sys\nprint([name for name in {absent!r} if name in sys.modules])"
    root = Path(__file__).parents[3]
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, cwd=root, check=False)
    assert done.stderr == ""
    assert done.stdout.strip() == "[]"


def test_every_exported_name_exists() -> None:
    import unified_runtime

    for name in unified_runtime.__all__:
        assert getattr(unified_runtime, name) is not None
    assert set(dir(unified_runtime)) >= set(unified_runtime.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        unified_runtime.nothing  # noqa: B018


@pytest.mark.skipif(shutil.which("openssl") is None, reason="the command openssl makes the certificate")
@pytest.mark.parametrize("way", ["default-sync", "default-async", "httpx2-client-sync", "httpx2-client-async"])
def test_a_certificate_that_is_not_trusted_is_reported_at_once(tmp_path: Path, way: str) -> None:
    flavour, _, mode = way.rpartition("-")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-keyout",
        key,
        "-out",
        certificate,
        "-days",
        "1",
        "-subj",
        "/CN=localhost",
    ]
    subprocess.run(make, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    loopback = Loopback(context)
    caller = Caller(flavour, mode)
    caller.settings = replace(QUICK, backoff=5, longest_backoff=5, deadline=60)
    caller.connect(loopback.url.replace("http://", "https://"))
    caller.ended = []
    try:
        with pytest.raises(errors.Unavailable, match=r"(?i)certificate") as caught:
            caller.run(tasks.create, title="x", project_id="P")
    finally:
        loopback.close()
    assert not isinstance(caught.value, errors.Unconfirmed)
    assert [call.retry_wait for call in caller.ended] == [0], "no pause was taken: trying again cannot help"
    assert loopback.seen == []


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_a_call_needs_no_library_but_the_parser(server: Loopback, mode: str) -> None:
    server.answers(Reply.of(ISSUE))
    kind = "Client" if mode == "sync" else "AsyncClient"
    made = f"""
import sys
from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from unified_runtime import {kind} as Client, basic, using
client = Client()
client.connect(VENDOR, basic("me", "x"), server={server.url!r})
"""
    called = """
with client, using(client):
    assert tasks.get("P-1").id == "P-1"
"""
    awaited = """
import asyncio
async def called():
    async with client, using(client):
        assert (await tasks.get.asynchronous("P-1")).id == "P-1"
asyncio.run(called())
"""
    heavy = ("httpx2", "httpcore2", "h11", "anyio", "ssl", "urllib.request", "tenacity")
    program = f"{made}{called if mode == 'sync' else awaited}\nprint([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=Path(__file__).parents[3], check=False)
    present = [] if mode == "sync" else ["ssl"]  # imported by asyncio
    assert (done.stderr, done.stdout.strip()) == ("", str(present))
