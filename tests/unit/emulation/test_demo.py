"""`make demo`: its calls to the emulators of all vendors. About 15 seconds of CPU: every vendor's document is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from unified_runtime import Client, using
from unified_runtime.core.vendors import available


def test_every_vendor_is_called(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parents[3] / "examples")
    import demo

    with Client(emulated=True) as client, using(client):
        demo.emulated()
    rows = [line.split() for line in capsys.readouterr().out.splitlines()[1:]]
    assert {row[0] for row in rows} == set(available())
    complete = {row[0] for row in rows if row[3:] == ["ok", "ok", "ok"]}
    assert {"asana", "clickup", "github", "jira", "redmine", "roundup", "todoist", "trello", "zendesk"} <= complete
    assert {"discord", "google-calendar", "microsoft-graph", "hubspot", "pipedrive", "salesforce"} <= complete
