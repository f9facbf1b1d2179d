"""The Dockerfile's steps without a container: its files copied, its packages installed, its command run until it is ready."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import httpx2
import pytest

from tests.support import postgres
from tests.support.brokers import free_port

pytestmark = pytest.mark.live

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
LOCATION = "/opt/unified"
"""Folder of the packages in the image."""


def lines(instruction: str) -> list[str]:
    return re.findall(rf"^{instruction} (.+)$", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)


def installed(folder: Path) -> Path:
    """Execute the first stage in a folder. Return the folder of the programs."""
    source, target = folder / "src", folder / "opt"
    for words in lines("COPY"):
        if not words.startswith("--from"):
            *names, into = words.split()
            for name in names:
                location = source / into / Path(name).name if into.endswith("/") else source / into
                location.parent.mkdir(parents=True, exist_ok=True)
                (shutil.copytree if (ROOT / name).is_dir() else shutil.copy)(ROOT / name, location)
    commands = [line for line in lines("RUN") if "/opt/" in line]
    assert any(LOCATION in line for line in commands)
    for command in commands:
        here = command.replace("/opt/", f"{folder}/opt/")
        done = subprocess.run(here, shell=True, cwd=source, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-2000:]
    target /= "unified"
    assert any(f"--from=build {LOCATION} {LOCATION}" in line for line in lines("COPY")), "the second stage takes them along as they are"
    return target / "bin"


def test_the_image_s_command_serves(tmp_path: Path) -> None:
    programs = installed(tmp_path)
    port, metrics = free_port(), free_port()
    with postgres.database() as database:
        # The stack's settings and environment, with this machine's names instead of those of its networks.
        settings = (DEPLOY / "broker.toml").read_text()
        for right, here in (("redis://redis:6379", "redis://127.0.0.1:6379"), ("0.0.0.0:9464", f"127.0.0.1:{metrics}")):
            assert right in settings
            settings = settings.replace(right, here)
        (tmp_path / "broker.toml").write_text(f"port = {port}\n{settings}")
        stack = re.findall(r"^  (UNIFIED_\w+): postgresql://", (DEPLOY / "compose.yaml").read_text(), re.MULTILINE)
        environ = {
            "PATH": f"{programs}:{os.defpath}",
            "HOME": str(tmp_path),
            "VAULT_KEY": "k" * 43 + "=",
            "UNIFIED_VAULT_KEY": "env:VAULT_KEY",
        }
        (entry,), (command,) = lines("ENTRYPOINT"), lines("CMD")
        words = [*json.loads(entry), *json.loads(command)]
        assert words[-1] == "/etc/unified/broker.toml"
        with (tmp_path / "log").open("wb") as log:
            running = subprocess.Popen(
                [programs / words[0], *words[1:-1], tmp_path / "broker.toml"],
                env=environ | dict.fromkeys(stack, database),
                cwd=tmp_path,
                stderr=log,
            )
        try:
            assert ready(running, f"http://127.0.0.1:{port}/ready"), (tmp_path / "log").read_text()
            assert "unified_approvals_waiting 0.0" in httpx2.get(f"http://127.0.0.1:{metrics}/metrics").text
        finally:
            running.send_signal(signal.SIGTERM)
            assert running.wait(40) == 0, (tmp_path / "log").read_text()
    output = (tmp_path / "log").read_text().splitlines()
    assert [line for line in output if not line.startswith('{"')] == [], "its log is JSON from its first line"
    assert all(json.loads(line)["event"] for line in output)


def ready(running: subprocess.Popen[bytes], url: str) -> bool:
    until = time.monotonic() + 60
    while time.monotonic() < until and running.poll() is None:
        try:
            if httpx2.get(url).status_code == 200:
                return True
        except httpx2.TransportError:
            pass
        time.sleep(0.2)
    return False
