"""The cache finds a result by the inputs that it depends on, and by nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from unified_gen.cache import keys, store
from unified_gen.cache.keys import key_of
from unified_gen.cache.store import Cache


def test_a_result_is_found_again(tmp_path: Path) -> None:
    key = key_of([("a", "1")], kind="vendor")
    assert Cache(tmp_path).get(key, Any) is None
    Cache(tmp_path).put(key, {"files": {"a": "ü"}})
    assert Cache(tmp_path).get(key, Any) == {"files": {"a": "ü"}}


def test_a_key_depends_on_every_name_and_text_but_not_on_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    base = key_of([("a", "1"), ("b", "2")], kind="vendor")
    assert key_of([("b", "2"), ("a", "1")], kind="vendor") == base
    others = [
        key_of([("a", "1"), ("b", "3")], kind="vendor"),
        key_of([("a", "1"), ("c", "2")], kind="vendor"),
        key_of([("a", "1b"), ("", "2")], kind="vendor"),
        key_of([("a", "1")], kind="vendor"),
        key_of([("a", "1"), ("b", "2")], kind="catalog"),
    ]
    monkeypatch.setattr(keys, "compiler_key", lambda: "another compiler")
    others.append(key_of([("a", "1"), ("b", "2")], kind="vendor"))
    assert len({base, *others}) == len(others) + 1


def test_a_damaged_result_is_none(tmp_path: Path) -> None:
    stored = Cache(tmp_path)
    stored.put("k", {"files": {}})
    (file,) = (tmp_path / store.FOLDER).iterdir()
    file.write_bytes(file.read_bytes()[:-3])
    assert stored.get("k", Any) is None
    file.write_bytes(b"\xff\xfe")
    assert stored.get("k", Any) is None


def test_results_of_earlier_runs_are_dropped(tmp_path: Path) -> None:
    stored = Cache(tmp_path)
    stored.put("old", 1)
    stored.put("new", 2)
    stored.keep_only({"new"})
    assert stored.get("old", Any) is None
    assert stored.get("new", Any) == 2


def test_a_cache_that_cannot_be_written_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / ".cache").write_text("a file where the folder should be")
    stored = Cache(tmp_path)
    stored.put("k", 1)
    stored.keep_only({"k"})
    assert stored.get("k", Any) is None
