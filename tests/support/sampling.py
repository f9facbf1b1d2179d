"""Samples of parametrized tests, chosen by the commit, for tests that are too expensive to run completely each time.

`@pytest.mark.sample("vendor", 8)` runs a test for 8 values of its parameter `vendor`, and deselects the others. The commit decides which
values, so that a run can be repeated and other commits test other values. Vendors whose mappings or facts changed come first.
UNIFIED_SAMPLE names another commit, or is `all`.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
from collections.abc import Collection, Iterable
from pathlib import PurePosixPath
from typing import Any

import pytest

from tests.support.scripts import load

ALL = "all"


def seed() -> str:
    """Return UNIFIED_SAMPLE or the checked out commit; `all` without either."""
    if given := os.environ.get("UNIFIED_SAMPLE"):
        return given
    try:
        return str(load("select_tests").git("rev-parse", "HEAD")[0])
    except (OSError, subprocess.CalledProcessError):
        return ALL


def touched() -> frozenset[str]:
    """Return the names of the folders of mappings/ and specs/ that changed since the merge base with main."""
    try:
        changed: Iterable[str] = load("select_tests").changed_files()
    except (OSError, subprocess.CalledProcessError):
        return frozenset()
    return frozenset(part for path in changed if path.startswith(("mappings/", "specs/")) for part in PurePosixPath(path).parent.parts)


def sample(values: Collection[str], size: int, seed: str, first: Collection[str] = ()) -> frozenset[str]:
    """Return `size` of the values: those that come `first`, then others, in an order that depends on the seed only."""
    if seed == ALL:
        return frozenset(values)
    ordered = sorted(set(values), key=lambda value: (value not in first, hashlib.sha256(f"{seed} {value}".encode()).digest()))
    return frozenset(ordered[:size])


def select(items: Iterable[pytest.Item], seed: str, first: Collection[str] = ()) -> tuple[list[pytest.Item], list[pytest.Item], list[str]]:
    """Return the items to run, those to deselect, and a line on each sample. The values to choose from are those of a module."""
    saved: list[pytest.Item] = []
    deselected: list[pytest.Item] = []
    values: dict[tuple[str, str, int], dict[str, None]] = {}
    keys: list[tuple[pytest.Item, tuple[str, str, int] | None, str]] = []
    for item in items:
        marker = item.get_closest_marker("sample")
        parameters: dict[str, Any] = getattr(getattr(item, "callspec", None), "params", {})
        if marker is None or marker.args[0] not in parameters:
            keys.append((item, None, ""))
            continue
        name, size = marker.args
        key = (item.location[0], name, size)
        value = str(parameters[name])
        values.setdefault(key, {})[value] = None
        keys.append((item, key, value))
    chosen = {key: sample(found, key[2], seed, first) for key, found in values.items()}
    for item, key, value in keys:
        (saved if key is None or value in chosen[key] else deselected).append(item)
    lines = [
        f"{path}: {len(chosen[key])} of {len(found)} ({name}: {', '.join(sorted(chosen[key]))})"
        for key, found in sorted(values.items())
        if len(chosen[key]) < len(found)
        for path, name, _ in [key]
    ]
    return saved, deselected, lines


_LINES = pytest.StashKey[dict[str, None]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_LINES] = {}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    saved, deselected, lines = select(items, seed(), touched())
    config.stash[_LINES].update(dict.fromkeys(lines))
    if deselected:
        items[:] = saved
        config.hook.pytest_deselected(items=deselected)


def pytest_sessionfinish(session: pytest.Session) -> None:
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:  # a worker of pytest-xdist: the terminal is the controller's
        output["samples"] = list(session.config.stash[_LINES])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash[_LINES].update(dict.fromkeys(getattr(node, "workeroutput", {}).get("samples", ())))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if config.stash[_LINES]:
        terminalreporter.section(f"samples of {seed()} (UNIFIED_SAMPLE={ALL} runs everything)")
    for line in sorted(config.stash[_LINES]):
        terminalreporter.line(line)
