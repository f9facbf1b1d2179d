"""`unified writes`: unconfirmed writes are listed, and a person resolves them."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from unified_platform.cli import main
from unified_platform.idempotency.store import open_idempotency_store
from unified_runtime.core.errors import Candidate, Unconfirmed
from unified_runtime.core.wire import errors


@pytest.fixture
def store(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.db"
    idempotency_store = open_idempotency_store(path)
    for user in ("alice", "bob"):
        entry = idempotency_store.begin(user, "k-1", "digest", lease=60, operation="tasks.create on redmine")
        idempotency_store.sending(entry.token, "POST /issues.json was sent", lease=60, mark="m")
        error = Unconfirmed("lost", candidates=(Candidate("7", "Fix it", "https://x.example/7"),))
        idempotency_store.unconfirmed(entry.token, "POST /issues.json was sent", error=msgspec.json.encode(errors.failure(error)))
    idempotency_store.close()
    return path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["writes", *arguments])


def test_unconfirmed_writes_are_listed_with_their_candidates(store: Path) -> None:
    shown = run("list", "--store", str(store))
    assert shown.exit_code == 0
    assert "tasks.create on redmine" in shown.output
    assert "may have created 7 'Fix it' https://x.example/7" in shown.output
    found = json.loads(run("list", "--store", str(store), "--json").output)
    assert [one["key"] for one in found] == ["k-1", "k-1"]
    assert found[0]["candidates"][0]["id"] == "7"


def test_a_key_of_several_writes_is_named_by_its_id(store: Path) -> None:
    refused = run("resolve", "k-1", "--not-made", "--store", str(store))
    assert refused.exit_code == 2
    assert "name one by its id" in refused.output
    first, second = (one["id"] for one in json.loads(run("list", "--store", str(store), "--json").output))
    assert run("resolve", first[:12], "--made", "7", "--store", str(store)).exit_code == 0
    assert run("resolve", second, "--not-made", "--store", str(store)).exit_code == 0
    (left,) = json.loads(run("list", "--store", str(store), "--json").output)
    assert (left["id"], left["made"]) == (first, "7")


@pytest.mark.parametrize("arguments", [(), ("--made", "7", "--not-made")])
def test_resolution_needs_an_outcome(store: Path, arguments: tuple[str, ...]) -> None:
    refused = run("resolve", "k-1", *arguments, "--store", str(store))
    assert refused.exit_code == 2
    assert "--made ID or --not-made" in refused.output


def test_without_a_store_there_is_nothing(tmp_path: Path) -> None:
    assert run("list", "--store", str(tmp_path / "none.db")).output == "no unconfirmed writes\n"
    assert not (tmp_path / "none.db").exists()
