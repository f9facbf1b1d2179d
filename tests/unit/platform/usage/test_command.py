"""`unified usage` prints the content of the usage store, as a table, as CSV and as JSON."""

from __future__ import annotations

import csv
import io
import json
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from tests.support.usage import record
from unified_platform.cli import main
from unified_platform.usage.entries import entry
from unified_platform.usage.prices import parsed
from unified_platform.usage.store import open_usage_store

NOW = time.time()
PRICES = parsed("currency: EUR\nprices: [{call: 0.25}]", "prices.yaml", [])


@pytest.fixture
def store(tmp_path: Path) -> str:
    usage_store = open_usage_store(tmp_path / "usage.db", prices=PRICES)
    calls = [
        record("c1", NOW, agent="helper"),
        record("c2", NOW, agent="helper", outcome="rate_limited", duration=2.0),
        record("c3", NOW, agent="=cmd|' /C calc'!A0", tool="tasks.list", user="\x1b[31mred\nline"),
        record("c4", NOW - 20 * 86400, agent="helper", request_id="req-9"),
        record("c5", NOW, agent=None, attempts=()),
    ]
    usage_store.write([entry(one, PRICES) for one in calls], lost=3)
    usage_store.close()
    return str(tmp_path / "usage.db")


def run(*words: str) -> Any:
    return CliRunner().invoke(main, ["usage", *words])


def test_a_table(store: str) -> None:
    done = run("--by", "agent", "--store", store)
    assert done.exit_code == 0, done.output
    lines = done.stdout.splitlines()
    assert lines[0].split() == [
        "agent",
        "calls",
        "errors",
        "p50_ms",
        "p95_ms",
        "p99_ms",
        "requests",
        "sent",
        "received",
        "tokens",
        "cost",
        "currency",
    ]
    (helper,) = [line.split() for line in lines if line.startswith("helper")]
    assert helper[1:3] == ["2", "1"]
    assert helper[-2:] == ["0.5", "EUR"]
    assert "3 calls could not be stored" in done.stderr


def test_json_by_several_and_for_some(store: str) -> None:
    done = run("--by", "day", "--by", "tool", "--agent", "helper", "--since", "30d", "--store", store, "--format", "json")
    found = json.loads(done.stdout)
    assert [(row["tool"], row["calls"], row["cost"]) for row in found] == [("tasks.create", 1, "0.25"), ("tasks.create", 2, "0.5")]
    assert found[0]["day"] < found[1]["day"] == time.strftime("%Y-%m-%d", time.gmtime(NOW))
    assert json.loads(run("--by", "agent", "--agent", "", "--store", store, "--format", "json").stdout)[0]["cost"] == "0"


def test_csv_holds_no_formula(store: str) -> None:
    rows = list(csv.DictReader(io.StringIO(run("--by", "agent", "--store", store, "--format", "csv").stdout)))
    assert {row["agent"] for row in rows} == {"helper", "'=cmd|' /C calc'!A0", ""}
    assert [row["calls"] for row in rows if row["agent"] == "helper"] == ["2"]


def test_calls_one_by_one(store: str) -> None:
    found = json.loads(run("calls", "--agent", "helper", "--store", store, "--format", "json").stdout)
    assert {row["id"] for row in found} == {"c1", "c2", "c4"}
    assert json.loads(run("calls", "--outcome", "rate_limited", "--store", store, "--format", "json").stdout)[0]["ms"] == 2000
    table = run("calls", "--store", store, "--last", "2").stdout
    assert len(table.splitlines()) == 3, "a name with a line break is one line"
    assert "\x1b" not in run("calls", "--store", store).stdout
    (output,) = json.loads(run("call", "req-9", "--store", store).stdout)
    assert output["call_id"] == "c4"


def test_invalid_options_are_reported(store: str, tmp_path: Path) -> None:
    assert "there is no" in run("--store", str(tmp_path / "none.db")).stderr
    assert "--since accepts a date" in run("--since", "yesterday", "--store", store).stderr
    assert "not by 'agnet'" in run("--by", "agnet", "--store", store).stderr
    assert run("--agent", "nobody", "--store", store).stdout == "no calls\n"


def test_prune(store: str) -> None:
    assert "rows taken away" in run("prune", "--calls", "10", "--store", store).stdout
    assert {row["id"] for row in json.loads(run("calls", "--store", store, "--format", "json").stdout)} == {"c1", "c2", "c3", "c5"}
    assert "as many days" in run("prune", "--calls", "10", "--rollups", "5", "--store", store).stderr
