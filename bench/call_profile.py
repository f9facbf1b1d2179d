"""Profile of a call: bytecode instructions by module, machine instructions by library (callgrind), samples by package (py-spy).

`python -m bench.call_profile` measures and stores the tables; with `get SERVER LOOPS` or `bare SERVER LOOPS` it is the profiled program.
"""

from __future__ import annotations

import collections
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from bench import jira_responses
from bench.bytecode import calls
from bench.loopback import serving
from bench.peers.workload import HEADERS, ISSUE, KEY, NAMES, TOKEN, USER

FEW, MANY = 60, 160
"""Numbers of calls of two runs, whose difference excludes starting Python."""

SAMPLED = 6000
ROWS = 10


STORED = Path(__file__).with_name("call_profile.json")
"""Tables of the last run."""


def stored_tables() -> Sequence[str]:
    """Return the tables of the last run."""
    stored = json.loads(STORED.read_text(encoding="utf-8"))
    return [*stored["lines"], "", f"Counted on {stored['date']}."]


def count_tables() -> Sequence[str]:
    """Return the tables, with a line for each tool that is not installed."""
    with (
        serving({"GET /rest/api/3/issue/": jira_responses.dump(jira_responses.issue(1))}) as server,
        tempfile.TemporaryDirectory() as folder,
    ):
        return [*_bytecode(), "", *_callgrind(server, Path(folder)), "", *_sampled(server, Path(folder))]


# ------------------------------------------------------------------------------------------------ bytecode
def _bytecode() -> list[str]:
    counts: collections.Counter[str] = collections.Counter()

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        if event == "opcode":
            counts[frame.f_globals.get("__name__", "?")] += 1
        return trace

    with calls() as available:
        get = available["get"]
        for _ in range(3):
            get()
        sys.settrace(trace)
        try:
            get()
        finally:
            sys.settrace(None)
    own = {name: number for name, number in counts.items() if not name.startswith("bench.")}
    return _table("bytecode instructions, by module", own, sum(own.values()))


# ------------------------------------------------------------------------------------------------ machine instructions
def _callgrind(server: str, folder: Path) -> list[str]:
    if shutil.which("valgrind") is None:
        return ["valgrind is not installed: machine instructions were not counted."]
    ours, bare = (_instructions(subject, server, folder) for subject in ("get", "bare"))
    total = sum(ours.values())
    lines = _table("machine instructions, by library", ours, total)
    return [
        *lines,
        "",
        f"All of them are {total / sum(bare.values()):.2f} × those of `httpx2.Client.get` and `json()`, {sum(bare.values()):,}.",
    ]


def _instructions(subject: str, server: str, folder: Path) -> dict[str, int]:
    """Return the machine instructions of one call, by library."""
    few, many = (_counted(subject, server, loops, folder / f"{subject}-{loops}") for loops in (FEW, MANY))
    found = {name: (many[name] - few.get(name, 0)) // (MANY - FEW) for name in many}
    return {name: number for name, number in found.items() if number > 0}


def _counted(subject: str, server: str, loops: int, path: Path) -> collections.Counter[str]:
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={path}", sys.executable, "-m", "bench.call_profile", subject]
    subprocess.run([*command, server, str(loops)], check=True, capture_output=True)  # noqa: S603  a program of Debian, this package
    return by_library(path.read_text(encoding="utf-8", errors="replace").splitlines())


_NAMED = re.compile(r"(ob|cob)=\((\d+)\)(?: (.*))?")


def by_library(lines: Iterable[str]) -> collections.Counter[str]:
    """Return self cost by object file, from callgrind's format (valgrind's manual, "Callgrind Format Specification")."""
    names: dict[str, str] = {}
    found: collections.Counter[str] = collections.Counter()
    library, in_call = "?", False
    for line in lines:
        if match := _NAMED.match(line):
            names.setdefault(match[2], match[3] or "?")
            if match[1] == "ob":
                library = names[match[2]]
        elif line.startswith("calls="):
            in_call = True  # the next line is the cost of the called function, which is listed separately
        elif line[:1].isdigit() or line[:1] in "+-*":
            _, _, cost = line.partition(" ")
            if not in_call and cost:
                found[_short(library)] += int(cost)
            in_call = False
    return found


def _short(library: str) -> str:
    """Return the package of a library, or its own name: `…/site-packages/msgspec/_core.cpython-311-x86_64-linux-gnu.so` is msgspec."""
    inside = library.partition("site-packages/")[2]
    return inside.partition("/")[0] or Path(library).name.partition(".")[0].lstrip("_") or "?"


# ------------------------------------------------------------------------------------------------ samples
def _sampled(server: str, folder: Path) -> list[str]:
    tool = shutil.which("py-spy", path=str(Path(sys.executable).parent))
    if tool is None:
        return ["py-spy is not installed: not sampled."]
    command = [tool, "record", "--rate", "400", "--format", "raw", "--full-filenames", "--output", str(folder / "raw"), "--"]
    subprocess.run(  # noqa: S603  a tool of this environment
        [*command, sys.executable, "-m", "bench.call_profile", "get", server, str(SAMPLED)], check=True, capture_output=True
    )
    found: collections.Counter[str] = collections.Counter()
    for line in (folder / "raw").read_text(encoding="utf-8").splitlines():
        stack, _, number = line.rpartition(" ")
        if "bench/call_profile.py" in stack and (package := _package(stack.split(";")[-1])) is not None:
            found[package] += int(number)
    return _table("samples, by package", found, sum(found.values()))


def _package(frame: str) -> str | None:
    """Return the package or module of a frame, or None for the loop itself."""
    path = frame.partition("(")[2].rpartition(":")[0]
    if "bench/call_profile.py" in path:
        return None
    if "site-packages/" in path:
        return path.rpartition("site-packages/")[2].partition("/")[0]
    for root in ("/runtime/", "/generated/"):
        if root in path:
            return path.rpartition(root)[2].removesuffix(".py").replace("/", ".")
    return "the standard library"


def _table(title: str, found: Mapping[str, int], total: int) -> list[str]:
    most = sorted(found.items(), key=lambda pair: -pair[1])
    lines = [f"| {title} | | |", "|---|--:|--:|", f"| all | {total:,} | |"]
    lines += [f"| `{name}` | {number:,} | {number / total:.0%} |" for name, number in most[:ROWS]]
    rest = sum(number for _, number in most[ROWS:])
    return [*lines, f"| others | {rest:,} | {rest / total:.0%} |"] if rest else lines


# ------------------------------------------------------------------------------------------------ profiled programs
def get(server: str, loops: int) -> None:
    """Call `tasks.get`."""
    import unified
    from unified import tasks

    unified.connect("jira", unified.basic(USER, TOKEN), site="acme", server=server)
    for _ in range(loops):
        assert tasks.get(KEY).id == KEY


def bare(server: str, loops: int) -> None:
    """Send the same request with a bare client."""
    import httpx2

    client = httpx2.Client(headers=HEADERS)
    for _ in range(loops):
        assert client.get(f"{server}{ISSUE}/{KEY}?fields={NAMES}").json()["key"] == KEY


if __name__ == "__main__":
    if len(sys.argv) > 1:
        {"get": get, "bare": bare}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
    else:
        result = {"date": time.strftime("%Y-%m-%d"), "lines": count_tables()}
        STORED.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        sys.stdout.write("\n".join(stored_tables()) + "\n")
