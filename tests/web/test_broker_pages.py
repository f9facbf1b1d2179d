"""The connect pages of a broker: agents' calls and keys lead to them, and users connect with links."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from tests.support.brokers import free_port, serving
from tests.web.site import consent, hidden, leave
from unified import tasks
from unified_emulation.serving.emulators import Emulators
from unified_platform.broker.agent_keys import KeyStore, Scope
from unified_platform.broker.assembly import build
from unified_platform.broker.config import Config, ConnectPages
from unified_platform.broker.database import open_store
from unified_runtime import Client, NotConnected, acting, using
from unified_runtime.http import network_policy


def test_a_user_connects_at_the_broker(tmp_path: Path, emulated: tuple[str, Emulators]) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    config = Config(
        port=port,
        vault=str(tmp_path / "vault.db"),
        vault_key=f"file:{tmp_path / 'vault.key'}",
        control=str(tmp_path / "control.db"),
        audit_heads="none",
        idempotency=str(tmp_path / "idempotency.db"),
        usage=str(tmp_path / "usage.db"),
        inside=("127.0.0.1",),
        connect=ConnectPages(name="Acme", vendors=("todoist",), return_origins=("https://app.example.com",), emulated=emulated[0]),
    )
    key = KeyStore(open_store(config.control)).create(Scope("helper", ("alice",), (), ("tasks",)), lifetime=None)[1].reveal()
    with serving(build(config), port=port), Client(broker=address, key=key) as client, using(client):
        with acting(user="alice"), pytest.raises(NotConnected) as raised:
            tasks.create(title="Too early", via="todoist")
        assert raised.value.url is not None
        assert raised.value.url.startswith(f"{address}/connect/link?token=")
        given = {"vendor": "todoist", "return_to": "https://app.example.com/done"}
        authorized = {"Authorization": f"Bearer {key}"}

        def link(user: str, **given: str) -> httpx2.Response:
            return httpx2.post(f"{address}/v1/connect-link", json={"acting": {"user": user}, **given}, headers=authorized)

        assert link("bob", **given).status_code == 403, "the key is not for bob"
        assert link("alice", vendor="todoist", return_to="https://evil.example/").status_code == 400
        assert httpx2.post(f"{address}/v1/connect-link", json={"acting": {"user": "alice"}, **given}).status_code == 401
        with httpx2.Client(trust_env=False, base_url=address) as browser:
            assert browser.get("/connect/todoist").status_code == 401
            page = browser.get(link("alice", **given).json()["url"])
            entered = browser.post("/connect/link", data=hidden(page.text), headers={"Origin": address})
            started = browser.post(
                "/connect/todoist/start", data=hidden(browser.get(entered.headers["location"]).text), headers={"Origin": address}
            )
            done = browser.get(browser.get(consent(leave(started))).headers["location"])
            assert 'href="https://app.example.com/done"' in done.text
        with acting(user="alice"):
            assert tasks.create(title="Connected", via="todoist").title == "Connected"
    network_policy.anywhere()


def test_a_broker_without_the_setting_has_no_pages(tmp_path: Path) -> None:
    port = free_port()
    config = Config(
        port=port,
        vault=str(tmp_path / "vault.db"),
        vault_key=f"file:{tmp_path / 'vault.key'}",
        control=str(tmp_path / "control.db"),
        audit_heads="none",
        idempotency=str(tmp_path / "idempotency.db"),
        usage=str(tmp_path / "usage.db"),
        inside=("127.0.0.1",),
    )
    key = KeyStore(open_store(config.control)).create(Scope("helper", ("alice",), (), ("tasks",)), lifetime=None)[1].reveal()
    with serving(build(config), port=port) as address:
        assert httpx2.get(f"{address}/connect/").status_code == 404
        body = {"acting": {"user": "alice"}}
        refused = httpx2.post(f"{address}/v1/connect-link", json=body, headers={"Authorization": f"Bearer {key}"})
        assert (refused.status_code, "no [connect]" in refused.text) == (404, True)
    network_policy.anywhere()
