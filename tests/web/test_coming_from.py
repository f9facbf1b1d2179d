"""The example of `docs/how-to/coming-from.md`: a user connects an account by a link, and a task is created for that user."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.testclient import TestClient

from tests.support.doc_examples import blocks
from tests.web.site import consent, hidden, leave
from unified_emulation.serving.emulators import Emulators
from unified_runtime.http import network_policy

HOST = "http://127.0.0.1:8000"


def test_a_user_connects_and_a_task_is_created(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, emulated: tuple[str, Emulators]) -> None:
    monkeypatch.setenv("UNIFIED_VAULT", str(tmp_path / "vault.db"))
    monkeypatch.setenv("UNIFIED_VAULT_KEY", f"file:{tmp_path / 'vault.key'}")
    code = blocks("docs/how-to/coming-from.md")[0]
    assert "http://127.0.0.1:4600" in code
    printed: list[tuple[Any, ...]] = []
    names: dict[str, Any] = {"print": lambda *values: printed.append(values)}
    thread = threading.Thread(target=exec, args=(code.replace("http://127.0.0.1:4600", emulated[0]), names), daemon=True)
    try:
        thread.start()
        while not printed and thread.is_alive():
            time.sleep(0.02)
        app = Starlette(routes=[Mount("/connect", names["connect"].app)])
        browser = TestClient(app, base_url=HOST, follow_redirects=False)
        opened = browser.get(printed[0][0].removeprefix(HOST)).text
        form = browser.post("/connect/link", data=hidden(opened), headers={"Origin": HOST}).headers["location"]
        given = {**hidden(browser.get(form).text), "value-site": "acme"}
        started = browser.post("/connect/jira/start", data=given, headers={"Origin": HOST})
        done = browser.get(consent(leave(started), "ada").removeprefix(HOST))
        assert browser.get(done.headers["location"]).status_code == 200
        thread.join(30)
        assert not thread.is_alive()
    finally:
        network_policy.anywhere()
    created, address = printed[1]
    assert created
    assert address.startswith("https://")
