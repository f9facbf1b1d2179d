"""The example application: two users connect accounts by links, and the agent of each reaches only those."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.support.doc_examples import ROOT, commands
from tests.web.site import consent, hidden, leave
from unified_emulation.serving.emulators import Emulators
from unified_runtime.http import network_policy

EXAMPLE = ROOT / "examples" / "two_users.py"
HOST = "http://127.0.0.1:8000"


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, emulated: tuple[str, Emulators]) -> Any:
    """The names of the example, whose accounts are in an empty vault."""
    monkeypatch.setenv("UNIFIED_VAULT", str(tmp_path / "vault.db"))
    monkeypatch.setenv("UNIFIED_VAULT_KEY", f"file:{tmp_path / 'vault.key'}")
    script = tmp_path / "two_users.py"
    code = EXAMPLE.read_text(encoding="utf-8")
    assert "http://127.0.0.1:4600" in code
    script.write_text(code.replace("http://127.0.0.1:4600", emulated[0]), encoding="utf-8")
    yield runpy.run_path(str(script), run_name="two_users")
    network_policy.anywhere()


def connected_by(one: TestClient, vendor: str, login: str, **values: str) -> Any:
    """Open a link, connect an account on the pages, and return the last page."""
    opened = one.get(one.get(f"/link/{vendor}").json().removeprefix(HOST)).text
    form = one.post("/connect/link", data=hidden(opened), headers={"Origin": HOST}).headers["location"]
    given = {f"value-{name}": value for name, value in values.items()}
    started = one.post(f"/connect/{vendor}/start", data={**hidden(one.get(form).text), **given}, headers={"Origin": HOST})
    done = one.get(consent(leave(started), login).removeprefix(HOST))
    return one.get(done.headers["location"])


def test_agents_act_for_two_users(example: Any) -> None:
    alice, bob = (TestClient(example["app"], base_url=HOST, follow_redirects=False) for _ in range(2))
    for one, name in ((alice, "alice"), (bob, "bob")):
        assert one.get("/ask?question=My+tasks").status_code == 401
        assert one.get(f"/login/{name}").status_code == 200
        assert f"Connect an account: {HOST}/connect/link?token=" in one.get("/ask?question=My+tasks").json()
    assert 'href="/ask?question=My+tasks"' in connected_by(alice, "jira", "ada", site="acme").text
    assert "Connect an account" in bob.get("/ask?question=My+tasks").json()
    assert "grace@example.com" in connected_by(bob, "todoist", "grace").text
    responses = [one.get("/ask?question=My+tasks").json() for one in (alice, bob)]
    assert ['<data from="jira">' in response.replace("\\", "") for response in responses] == [True, False]
    assert ['<data from="todoist">' in response.replace("\\", "") for response in responses] == [False, True]
    assert all("Fix the sign-in redirect" in response for response in responses)


def test_the_page_starts_the_example() -> None:
    page = ROOT / "docs" / "how-to" / "connect-users.md"
    section = page.read_text(encoding="utf-8").split("## Two users, each with an agent\n")[1].split("\n## ")[0]
    assert f"[examples/{EXAMPLE.name}](../../examples/{EXAMPLE.name})" in section
    assert f"cd examples && uvicorn {EXAMPLE.stem}:app" in section
    assert ["emulate", "jira", "todoist"] in commands(page)
