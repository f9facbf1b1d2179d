"""`make demo`: its calls to the emulators of all vendors. About 15 seconds of CPU: every vendor's document is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from unified_runtime.core.vendors import available


def test_every_vendor_is_called(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parents[3] / "examples")
    import demo

    demo.emulated({name: demo.Vendor(name) for name in available()})
    rows = [line.split() for line in capsys.readouterr().out.splitlines()[1:]]
    assert {vendor for vendor, *_ in rows} == set(available())
    assert {vendor for vendor, _, listed, *_ in rows if listed not in ("0", "-")} == set(available())
    assert {vendor for vendor, _, _, *calls in rows if calls[:2] == ["ok", "ok"]} >= {*available()} - {"dropbox", "google-people"}
    assert ["google-people", "users", "2", "-", "ok", "-"] in rows  # it only reads
