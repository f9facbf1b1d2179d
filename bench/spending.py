"""Where a call's cost goes: bytecode instructions by module, machine instructions by library (callgrind), samples by package (py-spy).

`python -m bench.spending` counts and keeps the tables; with `get SERVER LOOPS` or `bare SERVER LOOPS` it is what the tools look at.
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

from bench import answers
from bench.bytecode import calls
from bench.loopback import serving
from bench.peers.wanted import HEADERS, ISSUE, KEY, NAMES, TOKEN, USER

FEW, MANY = 60, 160
"""Two numbers of calls: the difference of what they cost is that of the calls between, without starting Python."""

SAMPLED = 6000
SHOWN = 10


KEPT = Path(__file__).with_name("spending.json")
"""What the last counting came to."""


def spent() -> Sequence[str]:
    """The tables as they were counted last."""
    told = json.loads(KEPT.read_text(encoding="utf-8"))
    return [*told["lines"], "", f"Counted on {told['date']}."]


def counted() -> Sequence[str]:
    """The tables, each with what could not be counted."""
    with serving({"GET /rest/api/3/issue/": answers.dump(answers.issue(1))}) as server, tempfile.TemporaryDirectory() as folder:
        return [*_bytecode(), "", *_callgrind(server, Path(folder)), "", *_sampled(server, Path(folder))]


# ------------------------------------------------------------------------------------------------ bytecode
def _bytecode() -> list[str]:
    seen: collections.Counter[str] = collections.Counter()

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        frame.f_trace_opcodes = True
        frame.f_trace_lines = False
        if event == "opcode":
            seen[frame.f_globals.get("__name__", "?")] += 1
        return trace

    with calls() as made:
        get = made["get"]
        for _ in range(3):
            get()
        sys.settrace(trace)
        try:
            get()
        finally:
            sys.settrace(None)
    own = {name: number for name, number in seen.items() if not name.startswith("bench.")}
    return _table("bytecode instructions, by module", own, sum(own.values()))


# ------------------------------------------------------------------------------------------------ machine instructions
def _callgrind(server: str, folder: Path) -> list[str]:
    if shutil.which("valgrind") is None:
        return ["valgrind is not installed here: machine instructions were not counted."]
    ours, bare = (_instructions(subject, server, folder) for subject in ("get", "bare"))
    whole = sum(ours.values())
    lines = _table("machine instructions, by library", ours, whole)
    return [
        *lines,
        "",
        f"All of them are {whole / sum(bare.values()):.2f} × those of `httpx2.Client.get` and `json()`, {sum(bare.values()):,}.",
    ]


def _instructions(subject: str, server: str, folder: Path) -> dict[str, int]:
    """Machine instructions of one call, by library."""
    few, many = (_counted(subject, server, loops, folder / f"{subject}-{loops}") for loops in (FEW, MANY))
    found = {name: (many[name] - few.get(name, 0)) // (MANY - FEW) for name in many}
    return {name: number for name, number in found.items() if number > 0}


def _counted(subject: str, server: str, loops: int, place: Path) -> collections.Counter[str]:
    command = ["valgrind", "--tool=callgrind", f"--callgrind-out-file={place}", sys.executable, "-m", "bench.spending", subject]
    subprocess.run([*command, server, str(loops)], check=True, capture_output=True)  # noqa: S603  a program of Debian, this package
    return by_library(place.read_text(encoding="utf-8", errors="replace").splitlines())


_NAMED = re.compile(r"(ob|cob)=\((\d+)\)(?: (.*))?")


def by_library(lines: Iterable[str]) -> collections.Counter[str]:
    """Self cost by object file, of callgrind's own format (valgrind's manual, "Callgrind Format Specification")."""
    names: dict[str, str] = {}
    found: collections.Counter[str] = collections.Counter()
    library, called = "?", False
    for line in lines:
        if match := _NAMED.match(line):
            names.setdefault(match[2], match[3] or "?")
            if match[1] == "ob":
                library = names[match[2]]
        elif line.startswith("calls="):
            called = True  # the line behind it has the cost of what is called, which stands by itself elsewhere
        elif line[:1].isdigit() or line[:1] in "+-*":
            _, _, cost = line.partition(" ")
            if not called and cost:
                found[_short(library)] += int(cost)
            called = False
    return found


def _short(library: str) -> str:
    """The package of a library, or its own name: `…/site-packages/msgspec/_core.cpython-311-x86_64-linux-gnu.so` is msgspec."""
    inside = library.partition("site-packages/")[2]
    return inside.partition("/")[0] or Path(library).name.partition(".")[0].lstrip("_") or "?"


# ------------------------------------------------------------------------------------------------ samples
def _sampled(server: str, folder: Path) -> list[str]:
    tool = shutil.which("py-spy", path=str(Path(sys.executable).parent))
    if tool is None:
        return ["py-spy is not installed here: no samples were taken."]
    command = [tool, "record", "--rate", "400", "--format", "raw", "--full-filenames", "--output", str(folder / "raw"), "--"]
    subprocess.run(  # noqa: S603  a tool of this environment
        [*command, sys.executable, "-m", "bench.spending", "get", server, str(SAMPLED)], check=True, capture_output=True
    )
    found: collections.Counter[str] = collections.Counter()
    for line in (folder / "raw").read_text(encoding="utf-8").splitlines():
        stack, _, number = line.rpartition(" ")
        if "bench/spending.py" in stack and (package := _package(stack.split(";")[-1])) is not None:
            found[package] += int(number)
    return _table("samples, by package", found, sum(found.values()))


def _package(frame: str) -> str | None:
    """Whose file a frame stands in; None for the loop itself."""
    place = frame.partition("(")[2].rpartition(":")[0]
    if "bench/spending.py" in place:
        return None
    if "site-packages/" in place:
        return place.rpartition("site-packages/")[2].partition("/")[0]
    for root in ("/runtime/", "/generated/"):
        if root in place:
            return place.rpartition(root)[2].removesuffix(".py").replace("/", ".")
    return "the standard library"


def _table(title: str, found: Mapping[str, int], whole: int) -> list[str]:
    most = sorted(found.items(), key=lambda pair: -pair[1])
    lines = [f"| {title} | | |", "|---|--:|--:|", f"| all | {whole:,} | |"]
    lines += [f"| `{name}` | {number:,} | {number / whole:.0%} |" for name, number in most[:SHOWN]]
    rest = sum(number for _, number in most[SHOWN:])
    return [*lines, f"| others | {rest:,} | {rest / whole:.0%} |"] if rest else lines


# ------------------------------------------------------------------------------------------------ what is looked at
def get(server: str, loops: int) -> None:
    """Calls of ours."""
    import unified
    from unified import tasks

    unified.connect("jira", unified.basic(USER, TOKEN), site="acme", server=server)
    for _ in range(loops):
        assert tasks.get(KEY).id == KEY


def bare(server: str, loops: int) -> None:
    """The same request by a bare client."""
    import httpx2

    client = httpx2.Client(headers=HEADERS)
    for _ in range(loops):
        assert client.get(f"{server}{ISSUE}/{KEY}?fields={NAMES}").json()["key"] == KEY


if __name__ == "__main__":
    if len(sys.argv) > 1:
        {"get": get, "bare": bare}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
    else:
        kept = {"date": time.strftime("%Y-%m-%d"), "lines": counted()}
        KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        sys.stdout.write("\n".join(spent()) + "\n")
