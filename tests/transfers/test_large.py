"""Uploads and downloads of 300 MiB: a client's memory does not grow with the content.

The client is a process of its own, so that its peak is not the server's. Its memory for a content of 1 MiB is measured first: libraries
loaded, buffers, a connection. The rest is the parts in transit.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.transfers.conftest import MIB, VALUES, Bench, noise

SIZE = 300 * MIB
PIECES = 40 * MIB
"""Memory that a large content may need beyond a small one: chunks of 8 MiB, one being read, hashed and sent while the previous is freed."""

CLIENT = """
import json, sys
from collections.abc import Callable
from pathlib import Path
import unified
from unified import files
from unified_runtime import Client, using
from unified_runtime.rate_limits.rate_limiter import Unlimited
from unified_runtime.core.settings import Settings

given = json.loads(sys.argv[1])
client = Client(rate_limiter=Unlimited(), settings=Settings(read_timeout=60, deadline=300))
client.connect(given["vendor"], unified.bearer("token"), server=given["servers"], **given["values"])

def peak():  # of this program: `ru_maxrss` begins with what the process that started it had
    return next(int(line.split()[1]) * 1024 for line in open("/proc/self/status") if line.startswith("VmHWM"))

def both(path, name):
    made = files.upload(Path(path), name=name)
    up = peak()
    target = Path(path).with_suffix(".back")
    files.download(made.id).save(target)
    return {"id": made.id, "up": up, "down": peak()}

with using(client):
    small = both(given["small"], "small.bin")
    large = both(given["large"], "large.bin")
print(json.dumps({"small": small, "large": large}))
"""


def _file(path: Path, size: int) -> tuple[Path, str]:
    """Write a file of noise without repeated parts; return its SHA-256 too."""
    block, sha = noise(MIB), hashlib.sha256()
    with path.open("wb") as file:
        for number in range(size // MIB):
            piece = number.to_bytes(8, "big") + block[8:]
            file.write(piece)
            sha.update(piece)
    return path, sha.hexdigest()


def _sha(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of a process is read from /proc")
@pytest.mark.slow
def test_memory_does_not_grow_with_the_content(bench: Bench, tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    small, _ = _file(tmp_path / "small", MIB)
    large, sha = _file(tmp_path / "large", SIZE)
    given = {
        "vendor": bench.vendor,
        "servers": dict(bench.double.servers()),
        "values": VALUES[bench.vendor],
        "small": str(small),
        "large": str(large),
    }
    ran = subprocess.run([sys.executable, "-c", CLIENT, json.dumps(given)], capture_output=True, text=True, timeout=600, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    result = json.loads(ran.stdout)
    saved = bench.double.content(result["large"]["id"])
    assert saved.size == SIZE
    assert saved.hashed("sha256") == sha == _sha(large.with_suffix(".back"))
    bench.right()
    up, down = (result["large"][way] - result["small"]["down"] for way in ("up", "down"))
    most = result["large"]["down"]
    figures = f"{bench.vendor}: {most / MIB:.0f} MiB at most, {down / MIB:.1f} MiB more than for 1 MiB ({up / MIB:.1f} MiB sending)"
    record_property("memory", figures)
    print(figures)
    assert 0 < up <= down < PIECES, figures
