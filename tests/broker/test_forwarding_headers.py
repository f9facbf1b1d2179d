"""Forged forwarding headers: sent directly, and through the proxies of docs/how-to/broker.md.

The broker knows its address only from its settings, and uses none of a client's. Its responses, records and requests are compared with and
without the headers.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.broker import test_broker_command, test_tls, test_tokens
from tests.broker.conftest import BrokerCaller
from tests.broker.test_broker_command import ISSUE, process, unified
from tests.broker.test_proxies import PROXIES
from tests.broker.test_tls import Authority
from tests.inbox import test_deliveries
from tests.unit.runtime import tasks
from tests.unit.runtime.server import Loopback, Reply
from unified_platform.audit.database import open_store
from unified_platform.audit.log import StoredAuditLog
from unified_platform.inbox.store import Inbox
from unified_runtime import Unauthorized

authority, key, server = test_tls.authority, test_tls.key, test_broker_command.server
trusting, provider = test_tokens.trusting, test_tokens.provider
receiver, inbox, hooks = test_deliveries.receiver, test_deliveries.inbox, test_deliveries.url

ELSEWHERE, NO_ONE = "evil.example", "203.0.113.66"
FORGED = {
    "Forwarded": f"for={NO_ONE};host={ELSEWHERE};proto=http;by={NO_ONE}",
    "X-Forwarded-For": f"{NO_ONE}, 127.0.0.1",
    "X-Forwarded-Host": ELSEWHERE,
    "X-Forwarded-Proto": "http",
    "X-Forwarded-Port": "81",
    "X-Forwarded-Prefix": f"//{ELSEWHERE}",
    "X-Forwarded-Server": ELSEWHERE,
    "X-Forwarded-User": "root",
    "X-Real-IP": NO_ONE,
    "X-Client-IP": NO_ONE,
    "True-Client-IP": NO_ONE,
    "X-Original-URL": "/health",
    "X-Rewrite-URL": "/health",
    "X-Original-Host": ELSEWHERE,
    "X-HTTP-Method-Override": "GET",
}

Way = Callable[[list[str], Authority, Path, dict[str, str]], Any]


@contextmanager
def directly(settings: list[str], authority: Authority, folder: Path, home: dict[str, str]) -> Iterator[tuple[str, httpx2.Client]]:
    with process(home, "--config", _config(folder, settings)) as (url, _), httpx2.Client() as inner:
        yield url, inner


def _behind(start: Callable[..., Any]) -> Way:
    @contextmanager
    def behind(settings: list[str], authority: Authority, folder: Path, home: dict[str, str]) -> Iterator[tuple[str, httpx2.Client]]:
        config = _config(folder, [*settings, 'proxies = ["127.0.0.1"]'])
        with ExitStack() as stack:
            broker = stack.enter_context(process(home, "--config", config))[0].removeprefix("http://")
            url = stack.enter_context(start(authority, folder, broker, broker))
            yield url, stack.enter_context(httpx2.Client(verify=authority.trusting()))

    return behind


def _config(folder: Path, settings: list[str]) -> str:
    made = folder / "broker.toml"
    made.write_text("\n".join(settings), encoding="utf-8")
    return str(made)


PUBLIC = "https://broker.example.com"
WAYS = [
    pytest.param(directly, "http://127.0.0.1:8320", id="directly"),
    pytest.param(directly, PUBLIC, id="directly, past the proxy"),
    *(pytest.param(_behind(one.values[0]), PUBLIC, id=str(one.id), marks=one.marks) for one in PROXIES),
]


@pytest.mark.parametrize(("way", "address"), WAYS)
def test_forwarding_headers_change_nothing(
    way: Way, address: str, home: dict[str, str], key: str, server: Loopback, authority: Authority, tmp_path: Path
) -> None:
    forged = FORGED | {"Host": ELSEWHERE, "X-Forwarded-Proto": "http" if address.startswith("https") else "https"}
    received: list[list[Any]] = []
    with way([f'url = "{address}"'], authority, tmp_path, home) as (url, inner):
        for more in ({}, forged):
            paths = ("/", "/login", "/approvals", "/approvals/", "/dashboard", "/login/", "//login", "/health", "/ready", "/callback")
            seen: list[Any] = [_shown(inner.get(f"{url}{path}", headers=more)) for path in paths]
            link = unified(home, "broker", "login", "ada", "--config", str(tmp_path / "broker.toml"))["link"]
            page, _, word = link.partition("?link=")
            entered = inner.post(f"{url}/login/link", data={"link": word}, headers={"Origin": address, **more})
            seen += [page, _shown(entered)]
            # A form of another origin is rejected, with any Host header.
            foreign = inner.post(f"{url}/login/link", data={"link": word}, headers={"Origin": f"https://{ELSEWHERE}", **more})
            seen.append(_shown(foreign))
            for wanted in ("Bearer uak_wrong", f"Bearer {key}"):
                server.answers(Reply.of(ISSUE))
                call = {"operation": "tasks.get", "input": {"id": "7", "via": "redmine"}, "acting": {"user": "alice"}}
                seen.append(_shown(inner.post(f"{url}/v1/call", json=call, headers={"Authorization": wanted, **more})))
            received.append(seen)
            inner.cookies.clear()
    assert received[0] == received[1]
    assert all(response[0] < 500 for response in received[1] if isinstance(response, tuple))
    assert received[1][-1][0] == 200, "the call was made"
    cookie = received[1][11][1]["set-cookie"]
    assert ("secure" in cookie.lower(), cookie.startswith("__Host-")) == (address.startswith("https"), address.startswith("https"))
    saved = [entry for _, entry in StoredAuditLog(open_store(home["UNIFIED_CONTROL"])).entries()]
    assert {entry["kind"] for entry in saved} == {"decision", "call", "login"}
    for text in (json.dumps(saved), str([one.headers for one in server.seen])):
        assert ELSEWHERE not in text
        assert NO_ONE not in text


def _shown(response: httpx2.Response) -> tuple[int, dict[str, str], str]:
    """Return a response without the values that are new in each: its time, ids, and the session."""
    headers = {name.lower(): value for name, value in response.headers.items() if name.lower() not in {"date", "connection"}}
    if "set-cookie" in headers:
        headers["set-cookie"] = re.sub(r"=[^;]+", "=…", headers["set-cookie"], count=1)
    text = re.sub(r'"(call_id|request_id|time|at|csrf)":\s*"[^"]*"', r'"\1": …', response.text)
    return response.status_code, headers, text


def test_a_token_is_for_the_broker_that_the_settings_name(trusting: BrokerCaller, server: Loopback) -> None:
    """A proof for another audience does not become valid by headers with that address; one for the broker does not become invalid."""
    call = {"operation": "tasks.get", "input": {"id": "P-1"}, "acting": {}}
    for forged in ({}, FORGED, {"Host": ELSEWHERE, **FORGED}):
        wrong = test_tokens.token({"aud": f"https://{ELSEWHERE}"})
        response = httpx2.post(f"{trusting.url}/v1/call", json=call, headers={"Authorization": f"Bearer {wrong}", **forged})
        assert response.status_code == 401
        right = test_tokens.token()
        response = httpx2.post(f"{trusting.url}/v1/call", json=call, headers={"Authorization": f"Bearer {right}", **forged})
        assert response.status_code != 401
    assert server.seen == []  # alice has no connection here
    trusting.key = test_tokens.token({"aud": f"https://{ELSEWHERE}"})
    with pytest.raises(Unauthorized):
        trusting.run(tasks.get, "P-1")


@pytest.mark.parametrize("more", [{}, FORGED, {"Host": ELSEWHERE, **FORGED}], ids=["plain", "forged", "and the host"])
@pytest.mark.parametrize(("signed", "status"), [("https://broker.example", 200), (f"https://{ELSEWHERE}", 401)])
def test_a_delivery_is_signed_for_the_address_that_the_settings_name(
    hooks: str, inbox: Inbox, signed: str, status: int, more: dict[str, str]
) -> None:
    """Trello signs the address that it delivers to: by forging the broker's address, a delivery made elsewhere could be replayed."""
    body = b'{"action": {"id": "a1", "type": "updateCard", "data": {"card": {"id": "c1"}}}}'
    seal = b64encode(hmac.digest(test_deliveries.SECRET.encode(), body + f"{signed}/hooks/board".encode(), hashlib.sha1)).decode()
    headers = {"X-Trello-Webhook": seal, "Content-Type": "application/json", **more}
    assert httpx2.post(f"{hooks}/hooks/board", content=body, headers=headers).status_code == status
