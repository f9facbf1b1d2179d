"""Connections: their valid arguments, and the connection that a call uses."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from typing import Any

import pytest

import unified_runtime
from tests.unit.runtime import tasks
from tests.unit.runtime.acme import VENDOR
from tests.unit.runtime.callers import QUICK, Caller
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_runtime import AsyncClient, Client, ConnectionValue, KeyLocation, Scheme, Vendor, acting, api_key, basic, bearer, using
from unified_runtime.client import current
from unified_runtime.core import errors
from unified_runtime.core.connections import Connection
from unified_runtime.core.vendors import load


def test_the_server_follows_the_scheme() -> None:
    assert Connection(VENDOR, basic("me", "x"), {"site": "acme-1"}).server == "https://acme-1.acme.test"
    assert Connection(VENDOR, bearer("x"), {"cloud_id": "11-22"}).server == "https://api.acme.test/ex/11-22"


@pytest.mark.parametrize(
    "site",
    [
        "evil.com/",
        "evil.com#",
        "evil.com?",
        "evil.com\\",
        "evil.com:443",
        "me@evil.com",
        "a b",
        "a\n",
        "-a",
        "a-",
        "a..b",
        ".",
        "",
        "ä",
        "a" * 64,
        "%2e",
        "a_b",
        "[::1]",
    ],
)
def test_a_value_cannot_lead_the_host_elsewhere(site: str) -> None:
    with pytest.raises(errors.InvalidInput, match="site"):
        Connection(VENDOR, basic("me", "x"), {"site": site})


@pytest.mark.parametrize("cloud_id", ["../x", "a/b", "..", ".", "a?b", "a#b", "a%2fb", ""])
def test_value_stays_in_its_path_segment(cloud_id: str) -> None:
    with pytest.raises(errors.InvalidInput, match="cloud_id"):
        Connection(VENDOR, bearer("x"), {"cloud_id": cloud_id})


@pytest.mark.parametrize(
    "server",
    [
        "ftp://x",
        "example.com",
        "http://example.com",
        "https://",
        "https://me:pw@example.com",
        "https://a.test?x=1",
        "https://a.test#x",
        "https://a b",
        "https://ä.test",
        "javascript:alert(1)",
    ],
)
def test_a_server_is_https_or_on_this_machine(server: str) -> None:
    with pytest.raises(errors.InvalidInput, match="cannot be Acme's server"):
        Connection(VENDOR, basic("me", "x"), {}, server=server)


def test_a_vendor_may_take_its_complete_server_as_a_value() -> None:
    vendor = Vendor(
        name="self",
        title="Self",
        servers={"default": "{url}/api/v1"},
        connection={"url": ConnectionValue("the address of your server")},
        schemes={"token": Scheme("bearer")},
    )
    assert Connection(vendor, bearer("x"), {"url": "https://tracker.example.com/base"}).server == "https://tracker.example.com/base/api/v1"
    for url in ("http://tracker.example.com", "https://a.test?x", "tracker"):
        with pytest.raises(errors.InvalidInput):
            Connection(vendor, bearer("x"), {"url": url})
    with pytest.raises(errors.InvalidInput, match="needs url: the address of your server"):
        Connection(vendor, bearer("x"), {})


def test_values_are_checked_with_suggestions() -> None:
    with pytest.raises(errors.InvalidInput, match="no connection value 'sit'; did you mean 'site'"):
        Connection(VENDOR, basic("me", "x"), {"sit": "acme"})
    with pytest.raises(errors.InvalidInput, match="basicAuth needs site"):
        Connection(VENDOR, basic("me", "x"), {})
    with pytest.raises(errors.InvalidInput, match="must be text"):
        Connection(VENDOR, basic("me", "x"), {"site": 7})  # type: ignore[dict-item]


def test_a_pattern_holds_for_the_complete_value() -> None:
    vendor = Vendor(
        name="p", title="P", servers={"default": "https://{team}.p.test"}, schemes={"b": Scheme("bearer")},
        connection={"team": ConnectionValue("the team's short name", pattern="T[0-9]+")},
    )  # fmt: skip
    assert Connection(vendor, bearer("x"), {"team": "T12"}).server == "https://T12.p.test"
    for team in ("T12x", "T", "T1\n"):
        with pytest.raises(errors.InvalidInput, match=r"connection is not of the form T\[0-9\]\+: the team's short name"):
            Connection(vendor, bearer("x"), {"team": team})


def test_the_credential_decides_the_scheme() -> None:
    assert Connection(VENDOR, api_key(key="k", token="t"), {}, server="https://a.test").scheme == "keys"
    assert Connection(VENDOR, api_key(secret="k"), {}, server="https://a.test").scheme == "header"
    assert Connection(VENDOR, api_key("k"), {}, server="https://a.test").scheme == "header"
    with pytest.raises(errors.InvalidInput, match=r"needs key and token: api_key\(key=…, token=…\)"):
        Connection(VENDOR, api_key(key="k"), {}, server="https://a.test", scheme="keys")
    with pytest.raises(errors.InvalidInput, match="has no scheme 'nope'"):
        Connection(VENDOR, basic("me", "x"), {}, server="https://a.test", scheme="nope")
    with pytest.raises(errors.InvalidInput, match="needs a bearer credential, not basic"):
        Connection(VENDOR, basic("me", "x"), {}, server="https://a.test", scheme="OAuth2")
    redmine = Vendor(
        name="r",
        title="R",
        servers={"default": "https://r.test"},
        schemes={
            "query": Scheme("api_key", (KeyLocation("key", "query", "key"),)),
            "header": Scheme("api_key", (KeyLocation("x_key", "header", "X-Key"),)),
            "first": Scheme("bearer"),
            "same": Scheme("bearer"),
        },
    )
    elsewhere = replace(redmine, servers={"default": "https://r.test", "same": "https://oauth.r.test"})
    assert Connection(redmine, api_key("k"), {}).scheme == "header", "a secret stays out of URLs where it can"
    assert Connection(redmine, api_key(key="k"), {}).scheme == "query"
    assert Connection(redmine, bearer("t"), {}).scheme == "first"
    with pytest.raises(errors.InvalidInput, match="select one: scheme='first' or 'same'"):
        Connection(elsewhere, bearer("t"), {})
    plain = Vendor(name="p", title="Plain", servers={"default": "https://p.test"}, schemes={"b": Scheme("bearer")})
    with pytest.raises(errors.InvalidInput, match="does not accept basic credentials; it accepts: bearer"):
        Connection(plain, basic("me", "x"), {})


@pytest.mark.parametrize("name", ["nosuchvendor", "../x", "os.path", "", "Jira!"])
def test_an_unknown_vendor_is_reported(name: str) -> None:
    with pytest.raises(errors.InvalidInput):
        load(name)


@pytest.fixture
def client() -> Client:
    made = Client(settings=QUICK)
    made.connect(VENDOR, basic("shared", "x"), server="https://shared.test")
    made.connect(VENDOR, basic("alice", "x"), server="https://alice.test", user="alice")
    return made


def server_of(client: Client, **options: Any) -> str:
    with using(client):
        url: str = tasks.get.plan("P-1", **options).requests[0].url
        return url.removeprefix("https://").partition(".")[0]


def test_a_call_goes_through_its_users_connection(client: Client) -> None:
    assert server_of(client) == "shared"
    with acting(user="alice"):
        assert server_of(client) == "alice"
        with acting(via="acme"):
            assert server_of(client) == "alice"
    assert server_of(client) == "shared"


def test_a_named_user_is_never_served_by_another_connection(client: Client) -> None:
    with using(client), acting(user="bob"), pytest.raises(errors.NotConnected) as caught:
        tasks.get("P-1")
    assert "user='bob'" in str(caught.value)
    assert "does not serve named users" in str(caught.value)
    client.disconnect("acme")
    with using(client), pytest.raises(errors.NotConnected, match=r"acting\(user='alice'\)"):
        tasks.get("P-1")


def test_via_is_explicit_then_acting_then_the_only_one(client: Client) -> None:
    other = Vendor(name="other", title="Other", servers={"default": "https://other.test"}, schemes={"b": Scheme("bearer")})
    assert server_of(client) == "shared"
    client.connect(other, bearer("x"))
    with using(client), pytest.raises(errors.InvalidInput, match="via='acme' or via='other'"):
        tasks.get("P-1")
    with acting(via="acme"):
        assert server_of(client) == "shared"
        with using(client), pytest.raises(ModuleNotFoundError):  # no adapter for it: the connection was found
            tasks.get("P-1", via="other")
    with using(client), pytest.raises(errors.InvalidInput, match="via 'acm'; did you mean 'acme'"):
        tasks.get("P-1", via="acm")


def test_an_exception_ends_acting() -> None:
    with pytest.raises(ZeroDivisionError), acting(user="alice", via="acme"):
        raise ZeroDivisionError
    assert (current.ambient.get(), unified_runtime.core.context.current_acting().user) == (None, None)


def test_one_acting_object_serves_many_threads_and_nests() -> None:
    from unified_runtime.core.context import current_acting

    shared = acting(user="alice")
    found = []
    ready = threading.Barrier(4)

    def work() -> None:
        with shared:
            ready.wait()
            with shared, acting(via="acme"):
                found.append((current_acting().user, current_acting().via))
        found.append((current_acting().user, current_acting().via))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found, key=str) == sorted([("alice", "acme"), (None, None)] * 4, key=str)


def test_threads_and_tasks_act_for_themselves(server: Loopback) -> None:
    caller = Caller("default", "sync")
    users = [f"user{number}" for number in range(6)]
    for user in users:
        caller.connect(server.url, basic(user, "x"), user=user)

    async def one(user: str) -> None:
        with acting(user=user):
            await asyncio.sleep(0.01)
            await tasks.get.asynchronous(user)

    async def all_of_them() -> None:
        async with AsyncClient(settings=QUICK, connections=caller.connections) as client, using(client):
            await asyncio.gather(*(one(user) for user in users))
            await client.aclose()

    server.answers(*[Reply.of(ISSUE)] * 6)
    asyncio.run(all_of_them())
    import base64

    for seen in server.seen:
        header = next(value for name, value in seen.headers.items() if name.lower() == "authorization")
        assert base64.b64decode(header.removeprefix("Basic ")).decode() == seen.target.split("/")[3].partition("?")[0] + ":x"


def test_a_list_keeps_its_connection(server: Loopback) -> None:
    caller = Caller("default", "sync")
    caller.connect(server.url, basic("alice", "x"), user="alice")
    server.answers(Reply.of({"issues": [], "next": None}))
    with Client(settings=QUICK, connections=caller.connections) as client, using(client):
        with acting(user="alice"):
            pages = tasks.list()
        assert [*pages] == []
        client.close()


def test_the_default_client_is_filled_by_connect(server: Loopback) -> None:
    unified_runtime.connect(VENDOR, basic("me", "x"), server=server.url)
    try:
        server.answers(Reply.of(ISSUE), Reply.of(ISSUE))
        assert tasks.get("P-1").id == "P-1"

        async def asynchronous() -> str:
            found = (await tasks.get.asynchronous("P-1")).id
            await current.default_async().aclose()
            return found

        assert asyncio.run(asynchronous()) == "P-1"
    finally:
        unified_runtime.disconnect("acme")
        current.default().close()
    with pytest.raises(errors.NotConnected, match=r"unified.connect\('acme', <credential>\) first"):
        tasks.get("P-1")


def test_clients_nest() -> None:
    outer, inner = Client(), Client()
    with using(outer):
        with using(inner), using(inner):
            assert current.client() is inner
        assert current.client() is outer
    assert current.client() is current.default()
