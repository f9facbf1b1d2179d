"""Access to the MCP server over HTTP: other processes and web pages of this machine, other host names, too many sessions."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp.client.client import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.server.auth.provider import AccessToken
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.support.brokers import free_port
from tests.support.mcp.serving import served
from unified_platform import mcp
from unified_platform.cli.mcp import CONNECTIONS
from unified_platform.common.client_addresses import CONNECTION
from unified_platform.mcp import local_tokens, request_checks
from unified_platform.mcp.request_checks import RequestChecks
from unified_runtime import AsyncClient, InvalidInput, Secret

TOKEN = "umt_0123456789abcdefghij0123456789"
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}
ACCEPT = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
SHOWN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def url() -> Iterator[str]:
    server = mcp.server(mcp.Profile(user="alice"), client=AsyncClient())
    with served(mcp.http_app(server, token=Secret(TOKEN), origins=["https://app.example", "http://localhost:5173"])) as found:
        yield found


def post(url: str, headers: list[tuple[str, str]] | dict[str, str], body: Any = HELLO) -> httpx2.Response:
    pairs = [*ACCEPT.items(), *(headers.items() if isinstance(headers, dict) else headers)]
    return httpx2.post(f"{url}/mcp", content=json.dumps(body), headers=pairs, trust_env=False)


# ------------------------------------------------------------------------------------------------ Host and Origin
HOSTS = [
    "evil.example",
    "127.0.0.1",
    "localhost",
    "[::1]",
    "127.0.0.1:{port}.evil",
    "127.0.0.1:{port}0",
    "127.0.0.1:1{port}",
    "127.0.0.1:80",
    "127.0.0.1:",
    "127.0.0.1:{port}@evil.example",
    "evil.example:{port}",
    "localhost:evil",
    "localhost:{port}.evil.example",
    "localhost.evil.example:{port}",
    "localhost.:{port}",
    "LOCALHOST:{port}",
    "127.0.0.2:{port}",
    "127.1:{port}",
    "2130706433:{port}",
    "0.0.0.0:{port}",
    "[::ffff:127.0.0.1]:{port}",
    "::1:{port}",
    "user@localhost:{port}",
    "localhost:{port}/",
    "http://localhost:{port}",
    "localhost:{port},evil.example",
    "localhost:{port} evil.example",
]


@pytest.mark.parametrize("host", HOSTS)
def test_another_host_is_refused(url: str, host: str) -> None:
    port = url.rpartition(":")[2]
    assert post(url, SHOWN | {"Host": host.format(port=port)}).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:{port}", "localhost:{port}", "[::1]:{port}"])
def test_its_own_host_is_accepted(url: str, host: str) -> None:
    port = url.rpartition(":")[2]
    assert post(url, SHOWN | {"Host": host.format(port=port)}).status_code == 200


ORIGINS = [
    "null",
    "https://evil.example",
    "http://localhost",
    "http://localhost:3000",
    "http://localhost:5173.evil.example",
    "http://localhost:51730",
    "http://localhost:@evil.example",
    "http://localhost:5173@evil.example",
    "http://localhost:5173/",
    "https://localhost:5173",
    "HTTP://LOCALHOST:5173",
    "http://127.0.0.1:5173",
    "http://127.0.0.1",
    "https://127.0.0.1:{port}",
    "http://127.0.0.1:{port}.evil",
    "http://app.example",
    "https://app.example.evil.example",
    "https://app.example:8443",
    "https://app.example, https://evil.example",
    "https://evil.example, https://app.example",
    "https://app.example https://evil.example",
    "https://notapp.example",
    "https://app.example#",
    "file://",
    "chrome-extension://abcdef",
    "app.example",
]


@pytest.mark.parametrize("origin", ORIGINS)
def test_another_origin_is_refused(url: str, origin: str) -> None:
    port = url.rpartition(":")[2]
    assert post(url, SHOWN | {"Origin": origin.format(port=port)}).status_code == 403


@pytest.mark.parametrize("origin", ["https://app.example", "http://localhost:5173", "http://127.0.0.1:{port}", "http://localhost:{port}"])
def test_its_own_origins_are_accepted(url: str, origin: str) -> None:
    port = url.rpartition(":")[2]
    assert post(url, SHOWN | {"Origin": origin.format(port=port)}).status_code == 200
    assert post(url, {"Origin": origin.format(port=port)}).status_code == 401, "an origin is no token"


def test_headers_that_come_twice_are_refused(url: str) -> None:
    port = url.rpartition(":")[2]
    good = f"127.0.0.1:{port}"
    for first, second in ((good, "evil.example"), ("evil.example", good), (good, good)):
        with socket.create_connection(("127.0.0.1", int(port)), 10) as raw:
            raw.sendall(f"POST /mcp HTTP/1.1\r\nHost: {first}\r\nHost: {second}\r\nContent-Length: 0\r\n\r\n".encode())
            assert re.match(rb"HTTP/1.1 4(21|00)", raw.recv(4096))
    for origins in (["https://app.example", "https://evil.example"], ["https://app.example"] * 2):
        assert post(url, [*SHOWN.items(), *(("Origin", one) for one in origins)]).status_code == 403
    for shown in (["Bearer x", f"Bearer {TOKEN}"], [f"Bearer {TOKEN}"] * 2):
        assert post(url, [("Authorization", one) for one in shown]).status_code == 401


@pytest.mark.parametrize(
    "origin", ["https://app.example/", "app.example", "*", "null", "https://", "https://app.example/path", "file:///x"]
)
def test_an_origin_that_is_none_is_refused_at_the_start(origin: str) -> None:
    with pytest.raises(InvalidInput, match="is not a web origin"):
        mcp.http_app(mcp.server(mcp.Profile(), client=AsyncClient()), origins=[origin])


# ------------------------------------------------------------------------------------------------ tokens
@pytest.mark.parametrize(
    "shown",
    [
        "",
        "Bearer",
        TOKEN,
        f"Basic {TOKEN}",
        f"Bearer  {TOKEN}",
        f"Bearer {TOKEN[:-1]}",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN.upper()}",
        f"Bearer {TOKEN}, Bearer x",
        f"Token Bearer {TOKEN}",
    ],
)
def test_a_request_without_the_token_is_refused(url: str, shown: str) -> None:
    response = post(url, {"Authorization": shown})
    assert (response.status_code, response.headers["www-authenticate"]) == (401, "Bearer")
    for method in ("GET", "DELETE", "OPTIONS", "PUT"):
        assert httpx2.request(method, f"{url}/mcp", headers={"Authorization": shown}, trust_env=False).status_code == 401
    assert httpx2.get(f"{url}/other", headers={"Authorization": shown}, trust_env=False).status_code == 401


def test_a_token_elsewhere_is_none(url: str) -> None:
    for path in (f"/mcp?token={TOKEN}", f"/mcp?access_token={TOKEN}", f"/mcp?Authorization=Bearer%20{TOKEN}"):
        assert httpx2.post(f"{url}{path}", json=HELLO, headers=ACCEPT, trust_env=False).status_code == 401
    assert post(url, {"X-Authorization": f"Bearer {TOKEN}", "Cookie": f"token={TOKEN}"}).status_code == 401


def test_a_client_with_the_token_is_served(url: str) -> None:
    async def run() -> int:
        async with (
            httpx2.AsyncClient(headers={"Authorization": f"bearer {TOKEN}"}, trust_env=False) as http,
            Client(streamable_http_client(f"{url}/mcp", http_client=http)) as client,
        ):
            return len((await client.list_resources()).resources)

    assert asyncio.run(run()) > 0


def test_token_files_that_others_can_read_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "token"
    before = os.umask(0)
    try:
        made, new = local_tokens.of_file(path)
    finally:
        os.umask(before)
    assert new
    assert path.stat().st_mode & 0o777 == 0o600
    again, new = local_tokens.of_file(path)
    assert (again.reveal(), new) == (made.reveal(), False)
    for mode in (0o604, 0o640, 0o644, 0o660, 0o666):
        path.chmod(mode)
        with pytest.raises(InvalidInput, match="others can read the token file"):
            local_tokens.of_file(path)
    path.chmod(0o600)
    (tmp_path / "link").symlink_to(path)
    (tmp_path / "dangling").symlink_to(tmp_path / "nothing")
    os.mkfifo(tmp_path / "pipe", 0o600)
    for name, expected in (
        ("link", "cannot be used"),
        ("dangling", "cannot be used"),
        ("pipe", "not a regular file"),
        (".", "not a regular|cannot be used"),
    ):
        with pytest.raises(InvalidInput, match=expected):
            local_tokens.of_file(tmp_path / name)
    assert not (tmp_path / "nothing").exists()
    for text in ("", "short", "x" * 501, "with a blank in the middle", "line\nline-line-line-line"):
        path.write_text(text)
        with pytest.raises(InvalidInput, match="no valid token"):
            local_tokens.of_file(path)
    monkeypatch.setenv(local_tokens.VARIABLE, "short")
    with pytest.raises(InvalidInput, match="UNIFIED_MCP_TOKEN has no valid token"):
        local_tokens.of_variable()
    assert len({local_tokens.generated().reveal() for _ in range(100)}) == 100


# ------------------------------------------------------------------------------------------------ sessions
@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(request_checks, "SESSIONS", 8)
    monkeypatch.setattr(request_checks, "SESSIONS_OF_TOKEN", 5)


def test_sessions_are_limited(few: None) -> None:
    server = mcp.server(mcp.Profile(user="alice"), client=AsyncClient())
    with served(mcp.http_app(server, token=Secret(TOKEN))) as url:
        responses = [post(url, SHOWN) for _ in range(12)]
        assert [one.status_code for one in responses] == [200] * 5 + [503] * 7
        assert responses[-1].headers["retry-after"] == "60"
        session = {"Mcp-Session-Id": responses[0].headers["mcp-session-id"], "MCP-Protocol-Version": "2025-11-25"}
        assert post(url, SHOWN | session, {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}).status_code == 200
        assert httpx2.delete(f"{url}/mcp", headers=ACCEPT | SHOWN | session, trust_env=False).status_code == 200
        assert post(url, SHOWN).status_code == 200, "an ended session makes room"
        assert post(url, SHOWN).status_code == 503

        async def flood() -> list[int]:
            async with httpx2.AsyncClient(headers=ACCEPT | SHOWN, trust_env=False) as client:
                ended = [httpx2.URL(f"{url}/mcp")] * 40
                return [one.status_code for one in await asyncio.gather(*(client.post(one, json=HELLO) for one in ended))]

        assert asyncio.run(flood()) == [503] * 40, "however many come at the same time"


class Opening:
    """Server that opens a session for each POST without one."""

    def __init__(self, clock: list[float]) -> None:
        self.number = 0
        self.started = asyncio.Event()
        app = Starlette(routes=[Route("/mcp", self._opened, methods=["POST", "GET", "DELETE"])])
        self.app = RequestChecks(app, clock=lambda: clock[0])

    async def _opened(self, request: Request) -> Response:
        await asyncio.sleep(0.01)
        self.number += 1
        return Response(b"", 200, {} if "mcp-session-id" in request.headers else {"Mcp-Session-Id": f"s{self.number}"})

    async def post(self, token: str, session: str | None = None, method: str = "POST") -> int:
        transport = httpx2.ASGITransport(self.app)
        headers = {"Authorization": f"Bearer {token}", "Host": "localhost:8123"} | ({"Mcp-Session-Id": session} if session else {})
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8123") as client:
            return (await client.request(method, "/mcp", headers=headers)).status_code


def test_sessions_are_limited_by_token_and_in_total(few: None) -> None:
    clock = [0.0]
    opening = Opening(clock)

    async def run() -> None:
        assert sorted(await asyncio.gather(*(opening.post("one") for _ in range(20)))) == [200] * 5 + [503] * 15
        assert [await opening.post("two") for _ in range(4)] == [200] * 3 + [503], "eight of all"
        clock[0] = request_checks.IDLE - 1
        assert await opening.post("one", "s1") == 200
        clock[0] = request_checks.IDLE + 1
        assert [await opening.post("one") for _ in range(5)] == [200] * 4 + [503], "all but the one that was used are over"
        assert await opening.post("two", "s1", "DELETE") == 200
        assert await opening.post("one") == 503, "nobody ends another's session in the count"
        assert await opening.post("one", "s1", "DELETE") == 200
        assert await opening.post("one") == 200

    asyncio.run(run())


def test_a_session_counts_once_while_its_first_response_is_sent(few: None) -> None:
    async def run() -> None:
        released, started = asyncio.Event(), []

        async def streaming(scope: Any, receive: Any, send: Any) -> None:
            started.append(scope)
            await send({"type": "http.response.start", "status": 200, "headers": [(b"mcp-session-id", b"s%d" % len(started))]})
            await released.wait()
            await send({"type": "http.response.body", "body": b""})

        app = RequestChecks(streaming)
        statuses: list[int] = []

        async def send(message: Any) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        scope = {"type": "http", "method": "POST", "headers": [(b"host", b"localhost:1")], "server": ("localhost", 1), "scheme": "http"}
        opened = [asyncio.create_task(app(dict(scope), asyncio.Queue().get, send)) for _ in range(6)]
        for _ in range(20):
            await asyncio.sleep(0)
        assert sorted(statuses) == [200] * 5 + [503]
        released.set()
        await asyncio.gather(*opened)
        assert not app._opening

    asyncio.run(run())


# ------------------------------------------------------------------------------------------------ the command
@contextmanager
def command(tmp_path: Path, *words: str, **more: str) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    port = free_port()
    env = {name: value for name, value in os.environ.items() if not name.startswith("UNIFIED_")}
    env |= {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)} | more
    env |= {"UNIFIED_REDMINE_URL": "http://127.0.0.1:9", "UNIFIED_REDMINE_KEY": "key"}
    words = ("mcp", "--toolsets", "redmine", "--http", f"127.0.0.1:{port}", *words)
    running = subprocess.Popen([sys.executable, "-m", "unified_platform.cli", *words], env=env, stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(600):
            assert running.poll() is None, running.stderr.read() if running.stderr else ""
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        else:
            pytest.fail("it does not listen")
        yield port, running
    finally:
        running.terminate()
        running.wait(20)
        if running.stderr is not None:
            running.stderr.close()


def hello(port: int, token: str | None) -> int:
    return post(f"http://127.0.0.1:{port}", {"Authorization": f"Bearer {token}"} if token else {}).status_code


def test_the_command_prints_a_token_and_needs_it(tmp_path: Path) -> None:
    with command(tmp_path) as (port, running):
        assert running.stderr is not None
        text = running.stderr.readline() + running.stderr.readline()
        found = re.search(
            r'claude mcp add --transport http unified http://127\.0\.0\.1:\d+/mcp --header "Authorization: Bearer (\S+)"', text
        )
        assert found is not None, text
        assert hello(port, None) == 401
        assert hello(port, found[1]) == 200


def test_the_command_has_its_token_in_a_file_or_a_variable_and_prints_neither(tmp_path: Path) -> None:
    path = tmp_path / "the token's file"
    with command(tmp_path, "--token-file", str(path)) as (port, running):
        assert running.stderr is not None
        text = running.stderr.readline() + running.stderr.readline()
        token = path.read_text().strip()
        assert token not in text
        copied = text.partition("--header ")[2].strip()
        output = subprocess.run(["bash", "-c", f"echo {copied}"], capture_output=True, text=True, check=True, timeout=10).stdout
        assert output.strip() == f"Authorization: Bearer {token}", "the command can be copied, whatever the file is named"
        assert (hello(port, None), hello(port, token)) == (401, 200)
    with command(tmp_path, UNIFIED_MCP_TOKEN=TOKEN) as (port, running):
        assert running.stderr is not None
        assert TOKEN not in running.stderr.readline() + running.stderr.readline()
        assert (hello(port, None), hello(port, TOKEN)) == (401, 200)


def test_the_command_serves_without_a_token_only_if_configured(tmp_path: Path) -> None:
    with command(tmp_path, "--no-token") as (port, _):
        assert hello(port, None) == 200


# ------------------------------------------------------------------------------------------------ connections
PARTIAL = b"POST /mcp HTTP/1.1\r\nHost: localhost\r\nX-Sl"


def opened(port: int, sent: bytes) -> socket.socket:
    made = socket.create_connection(("127.0.0.1", port), 10)
    if sent:
        made.sendall(sent)
    return made


def alive(connections: list[socket.socket]) -> int:
    """Return how many of them the server did not close."""
    found = 0
    for one in connections:
        one.settimeout(0.001)
        try:
            found += bool(one.recv(1))
        except TimeoutError:
            found += 1
        except ConnectionError:
            pass
    return found


@pytest.mark.parametrize("words", [(), ("--no-token",)], ids=["token", "no token"])
def test_idle_and_half_open_connections_do_not_displace_clients(tmp_path: Path, words: tuple[str, ...]) -> None:
    token = TOKEN if not words else None
    with command(tmp_path, *words, **({"UNIFIED_MCP_TOKEN": TOKEN} if token else {})) as (port, _):
        held = [opened(port, PARTIAL if number % 2 else b"") for number in range(CONNECTIONS + 50)]
        try:
            assert hello(port, token) == 200
            assert alive(held) <= CONNECTIONS
            deadline = time.monotonic() + 20
            while alive(held) and time.monotonic() < deadline:
                assert hello(port, token) == 200
                time.sleep(0.5)
            assert not alive(held), "a connection without a request is closed in time"
        finally:
            for one in held:
                one.close()


async def _scope_of(application: Any, headers: dict[str, str]) -> list[bool]:
    """Return whether a request counts as that of an authenticated client."""
    found: list[bool] = []

    class Connection:
        def identified(self) -> None:
            found.append(True)

    async def with_connection(scope: Any, receive: Any, send: Any) -> None:
        await application({**scope, "state": {CONNECTION: Connection()}}, receive, send)

    transport = httpx2.ASGITransport(with_connection)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost:8123") as client:
        await client.put("/mcp", headers={"Host": "localhost:8123", **headers})
    return found


class Verifier:
    async def verify_token(self, token: str) -> AccessToken | None:
        known = token == TOKEN
        return AccessToken(token=token, client_id="c", scopes=[], subject="alice", resource="http://localhost:8123/mcp") if known else None


@pytest.mark.parametrize("by", ["token", "verifier", "nothing"])
@pytest.mark.parametrize("shown", [SHOWN, {"Authorization": "Bearer wrong-wrong-wrong-wrong-wrong"}, {}], ids=["valid", "invalid", "none"])
def test_only_requests_with_a_valid_token_have_the_capacity_of_known_clients(by: str, shown: dict[str, str]) -> None:
    server = mcp.server(mcp.Profile(user="alice"), client=AsyncClient())
    verified = {"verifier": Verifier(), "url": "http://localhost:8123/mcp", "issuer": "https://login.example"}
    given: dict[str, Any] = {"token": {"token": Secret(TOKEN)}, "verifier": verified, "nothing": {}}[by]
    application = mcp.http_app(server, **given)

    async def run() -> list[bool]:
        async with application.router.lifespan_context(application):
            return await _scope_of(application, shown)

    assert asyncio.run(run()) == ([True] if shown == SHOWN and by != "nothing" else [])
