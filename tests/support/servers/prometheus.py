"""The real Prometheus and its tool, from Debian's packages."""

from __future__ import annotations

import contextlib
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2

from tests.support.brokers import free_port

DEPLOY = Path(__file__).parents[3] / "deploy" / "prometheus"
TARGET = "broker:9464"
FAST = 60
"""Seconds of the shipped rules that are shortened to one here."""


def alerts() -> list[str]:
    """Return the names of the shipped alerts."""
    return re.findall(r"- alert: (\w+)", (DEPLOY / "alerts.yml").read_text())


def shortened(target: str, folder: Path, factor: int = FAST) -> Path:
    """Copy the shipped files to a folder: for one target, scraped every second, with each duration divided by a factor.

    Durations are the windows of expressions, what alerts wait (`for`), and thresholds of a minute and more of metrics that are seconds.
    Nothing else of an expression is touched. Returns the file of the configuration.
    """

    def divided(found: re.Match[str]) -> str:
        return f"{found[1]}{max(1, round(int(found[2]) * 60 / factor))}s{found[3]}"

    def threshold(found: re.Match[str]) -> str:
        value = int(found[2])
        return f"{found[1]}{value / factor if value >= 60 else value:g}{found[3]}"

    for file in ("prometheus.yml", "rules.yml", "alerts.yml"):
        text = (DEPLOY / file).read_text()
        assert file != "prometheus.yml" or TARGET in text
        text = re.sub(r"(\[)(\d+)m(\])", divided, text)
        text = re.sub(r"(for: )(\d+)m()", divided, text)
        text = re.sub(r"(expr: .*_seconds.* > )(\d+)(\n)", threshold, text)
        text = re.sub(r"(scrape|evaluation)_interval: 15s", r"\1_interval: 1s", text)
        (folder / file).write_text(text.replace(TARGET, target))
    return folder / "prometheus.yml"


def missing() -> str | None:
    """Return the reason that it cannot be used, in one line; None if it can."""
    gone = [name for name in ("prometheus", "promtool") if shutil.which(name) is None]
    return f"{' and '.join(gone)} not installed: tests/support/servers/install.sh" if gone else None


def promtool(*words: str) -> str:
    """Return the tool's output; it must succeed."""
    done = subprocess.run(["promtool", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Prometheus:
    """Running Prometheus."""

    def __init__(self, url: str) -> None:
        self.url = url

    def query(self, text: str) -> list[tuple[dict[str, str], float]]:
        """Return the samples of an instant query."""
        response = httpx2.get(f"{self.url}/api/v1/query", params={"query": text}).json()
        assert response["status"] == "success", response
        return [(sample["metric"], float(sample["value"][1])) for sample in response["data"]["result"]]

    def value(self, text: str) -> float:
        """Return the value of the one sample."""
        ((_, value),) = self.query(text)
        return value

    def firing_for(self) -> set[tuple[str, str]]:
        """Return the alerts that fire now, each with its vendor; an empty text if it has none."""
        found: list[dict[str, Any]] = httpx2.get(f"{self.url}/api/v1/alerts").json()["data"]["alerts"]
        return {(one["labels"]["alertname"], one["labels"].get("vendor", "")) for one in found if one["state"] == "firing"}

    def scrapes(self) -> str:
        """Return the state of each target and the error of its last scrape."""
        targets = httpx2.get(f"{self.url}/api/v1/targets").json()["data"]["activeTargets"]
        return "; ".join(f"{target['scrapeUrl']} is {target['health']}: {target['lastError'] or 'no error'}" for target in targets)

    def comes_to(self, condition: Any, *, within: float = 120.0) -> bool:
        """Return true if a condition becomes true before the timeout."""
        until = time.monotonic() + within
        while time.monotonic() < until:
            if condition():
                return True
            time.sleep(0.2)
        return False


@contextlib.contextmanager
def running(config: Path, folder: Path) -> Iterator[Prometheus]:
    """Start it with a configuration, and stop it at the end."""
    port = free_port()
    command = [
        "prometheus",
        f"--config.file={config}",
        f"--storage.tsdb.path={folder / 'tsdb'}",
        f"--web.listen-address=127.0.0.1:{port}",
        "--log.level=error",
    ]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    found = Prometheus(f"http://127.0.0.1:{port}")
    try:
        for _ in range(300):
            assert process.poll() is None, process.stderr.read() if process.stderr else b""
            with contextlib.suppress(httpx2.TransportError):
                if httpx2.get(f"{found.url}/-/ready").status_code == 200:
                    break
            time.sleep(0.1)
        else:
            raise TimeoutError("Prometheus does not become ready")
        yield found
    finally:
        process.terminate()
        process.wait(20)
        if process.stderr is not None:
            process.stderr.close()
