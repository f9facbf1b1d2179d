"""First call of a toolkit in a new process: the work of one operation, for any number of operations and toolkits.

Work is counted instead of timed: files read, modules imported, functions called and memory allocated, over those of a unified call.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from unified_openapi.facts.shipped import facts_file

CALL = """
import collections, json, os, pathlib, sys, tracemalloc

import unified
from unified import tasks
from unified_runtime import Client, using
from unified_runtime.core.responses import Response

class Server:
    def send(self, request):
        return Response(200, [(b"content-type", b"application/json")], b'{"id": 1, "data": {"gid": "1", "name": "Tea"}}', request.url)

    def close(self):
        pass

client = Client(Server())
client.connect("asana", unified.bearer("a-long-enough-token"), workspace="1")
client.connect("github", unified.bearer("a-long-enough-token"))

def unified_call():
    with using(client):
        tasks.get("1", via="asana")

def toolkit_call():
    from unified.api import github
    with using(client):
        assert github.call("repos/get", owner="acme", repo="app").id == 1

unified_call()
before = set(sys.modules)
read = []
sys.addaudithook(lambda event, given: read.append(str(given[0])) if event == "open" and "facts" in str(given[0]) else None)
calls = collections.Counter()
measure = sys.argv[1]
if measure == "memory":
    tracemalloc.start()
elif measure == "calls":
    sys.setprofile(lambda frame, event, _: calls.update([event]) if event in ("call", "c_call") else None)
toolkit_call()
sys.setprofile(None)
now, peak = tracemalloc.get_traced_memory()
from unified_runtime.toolkits import registry
toolkit = registry.toolkit("github")
print(json.dumps({
    "modules": sorted(set(sys.modules) - before), "files": read, "calls": sum(calls.values()), "memory": now, "peak": peak,
    "tables": len(toolkit._tables), "names": "names" in toolkit.__dict__, "operations": len(toolkit),
}))
"""
MEMORY = 15 * 1024 * 1024
CALLS = 60_000
"""Function calls of a first call: 1,223 operations are indexed, most of the rest is imports."""


def _measured(measure: str, toolkits: Path) -> dict[str, Any]:
    environment = {**os.environ, "UNIFIED_TOOLKITS": str(toolkits), "PYTHONHASHSEED": "0"}
    ran = subprocess.run([sys.executable, "-c", CALL, measure], capture_output=True, text=True, env=environment, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """Return a registry with 200 toolkits."""
    facts = facts_file("asana")
    assert facts is not None
    for number in range(200):
        folder = tmp_path / "many" / f"asana-{number}"
        folder.mkdir(parents=True)
        shutil.copy(facts, folder)
    return tmp_path / "many"


def test_one_toolkit_is_read_and_one_operation_is_decoded(many: Path) -> None:
    found = _measured("files", many)
    assert {Path(file).parent.name for file in found["files"] if file.endswith(".gz")} == {"github"}
    assert found["operations"] > 1200
    assert found["tables"] == 1
    assert not found["names"], "the names of other operations are not derived"
    heavy = {"asyncio", "importlib.metadata", "tempfile", "ssl", "yaml", "httpx2", "unified_openapi.documents.load", "unified_platform"}
    assert heavy.isdisjoint(found["modules"])


def test_memory_is_bounded(tmp_path: Path) -> None:
    found = _measured("memory", tmp_path)
    assert 1024 * 1024 < found["memory"] < found["peak"] < MEMORY, found


def test_the_work_does_not_grow_with_the_toolkits(many: Path, tmp_path: Path) -> None:
    none, some = (_measured("calls", folder)["calls"] for folder in (tmp_path / "none", many))
    assert none == pytest.approx(some, rel=0.01)
    assert none < CALLS
