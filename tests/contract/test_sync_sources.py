"""Sync modules that are translated from async ones match the output of `make sync`."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def translator() -> ModuleType:
    pytest.importorskip("unasync", reason="unasync is not installed")
    spec = importlib.util.spec_from_file_location("unasync_sources", ROOT / ".ci" / "unasync_sources.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_sync_modules_are_translations(translator: ModuleType) -> None:
    assert translator.sources(), "no async source was found"
    assert [str(path) for path in translator.outdated()] == [], "run `make sync`"


def test_each_sync_module_has_a_source() -> None:
    for twin in (ROOT / "runtime").rglob("_sync/*.py"):
        assert (twin.parents[1] / "_async" / twin.name).exists(), f"{twin} has no source in _async"
