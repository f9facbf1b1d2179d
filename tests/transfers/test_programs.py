"""Programs that copy a file from vendor to vendor: the content never enters the interpreter, and is never in memory as a whole."""

from __future__ import annotations

import asyncio
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import unified
from tests.support.drives import double_of
from tests.transfers.conftest import MIB, VALUES, Bench, file_of
from unified import files
from unified_platform.programs import Limits, Outcome, ProgramRunner
from unified_platform.tools import tools
from unified_runtime import AsyncClient, Client, using
from unified_runtime.rate_limits.rate_limiter import Unlimited

SIZE = 100 * MIB
MORE = 32 * MIB
"""Memory that a large content may need beyond a small one: parts that are received, hashed and sent."""
COPY = """
from unified import files
content = files.download(id, via="google-drive")
made = files.upload(name=content.name or "copy.bin", content=content, via="dropbox")
[made.id, content.name, content.size]
"""
CLIENT = """
import json, sys
import unified
from unified_platform.programs import ProgramRunner
from unified_platform.tools import tools
from unified_runtime import Client
from unified_runtime.core.settings import Settings
from unified_runtime.rate_limits.rate_limiter import Unlimited

given = json.loads(sys.argv[1])
client = Client(rate_limiter=Unlimited(), settings=Settings(read_timeout=60, deadline=300))
for vendor, servers in given["servers"].items():
    client.connect(vendor, unified.bearer("token"), server=servers)
runner = ProgramRunner(list(tools(toolsets=["files"], vendors=[*given["servers"]], client=client)))

def peak():
    return next(int(line.split()[1]) * 1024 for line in open("/proc/self/status") if line.startswith("VmHWM"))

found = {}
for name in ("small", "large"):
    outcome = runner.run(f"id = {given[name]!r}\\n" + given["code"])
    assert outcome.state == "completed", outcome
    found[name] = [outcome.value[0], peak()]
print(json.dumps(found))
"""


@pytest.fixture
def benches() -> Iterator[dict[str, Bench]]:
    made = {vendor: Bench(vendor, double_of(vendor)) for vendor in ("google-drive", "dropbox")}
    doubles = [bench.double for bench in made.values()]
    with doubles[0].api.running(), doubles[0].elsewhere.running(), doubles[1].api.running(), doubles[1].elsewhere.running():
        yield made


def uploaded(bench: Bench, path: Path) -> str:
    with using(bench.client()):
        return str(files.upload(path, name=path.name).id)


def connected(benches: dict[str, Bench], client: Any) -> Any:
    for vendor, bench in benches.items():
        client.connect(vendor, unified.bearer("token"), server=bench.double.servers(), **VALUES[vendor])
    return client


def runner(benches: dict[str, Bench], limits: Limits | None = None) -> ProgramRunner:
    client = connected(benches, Client(rate_limiter=Unlimited()))
    return ProgramRunner(list(tools(toolsets=["files"], vendors=[*benches], client=client)), limits=limits)


@pytest.mark.parametrize("mode", ["sync", "async"])
def test_a_file_is_copied_between_vendors(benches: dict[str, Bench], tmp_path: Path, mode: str) -> None:
    path = file_of(tmp_path / "report.bin", 3 * MIB + 7)
    code = f"id = {uploaded(benches['google-drive'], path)!r}\n{COPY}"
    if mode == "sync":
        outcome = runner(benches).run(code)
    else:

        async def run() -> Outcome:
            async with connected(benches, AsyncClient(rate_limiter=Unlimited())) as client:
                return await ProgramRunner(list(tools(toolsets=["files"], vendors=[*benches], async_client=client))).arun(code)

        outcome = asyncio.run(run())
    assert outcome.state == "completed", outcome
    id, name, size = outcome.value
    assert (name, size) == ("report.bin", path.stat().st_size)
    saved = benches["dropbox"].double.content(id)
    assert saved.hashed("sha256") == hashlib.sha256(path.read_bytes()).hexdigest()
    for bench in benches.values():
        bench.right()


def test_a_larger_file_is_not_passed_on(benches: dict[str, Bench], tmp_path: Path) -> None:
    id = uploaded(benches["google-drive"], file_of(tmp_path / "report.bin", 2 * MIB))
    outcome = runner(benches, Limits(file=MIB)).run(f"id = {id!r}\n{COPY}")
    assert outcome.state == "failed"
    assert f"the file has more than {MIB} bytes" in outcome.text
    assert "Nothing was changed." in outcome.text


def test_the_beginning_of_a_text_is_read(benches: dict[str, Bench], tmp_path: Path) -> None:
    (tmp_path / "text.txt").write_text("äöü" * 100_000)
    id = uploaded(benches["google-drive"], tmp_path / "text.txt")
    code = f"from unified import files\nfiles.download({id!r}, via='google-drive').text(4)"
    assert runner(benches).run(code).value == "äöüä"
    binary = uploaded(benches["google-drive"], file_of(tmp_path / "binary", 1000))
    assert "binary is not text" in runner(benches).run(code.replace(id, binary)).text


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of a process is read from /proc")
@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(
    benches: dict[str, Bench], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    drive = benches["google-drive"]
    given = {
        "servers": {vendor: dict(bench.double.servers()) for vendor, bench in benches.items()},
        "small": uploaded(drive, file_of(tmp_path / "small", MIB)),
        "large": uploaded(drive, file_of(tmp_path / "large", SIZE)),
        "code": COPY,
    }
    ran = subprocess.run([sys.executable, "-c", CLIENT, json.dumps(given)], capture_output=True, text=True, timeout=600, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    found = json.loads(ran.stdout)
    assert benches["dropbox"].double.content(found["large"][0]).size == SIZE
    grown = found["large"][1] - found["small"][1]
    record_property("memory", f"{grown / MIB:.1f} MiB more than for 1 MiB")
    print(f"{grown / MIB:.1f} MiB more than for 1 MiB")
    assert grown < MORE
