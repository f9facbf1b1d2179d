"""More vendors: what a build, an import, a first call and every further call cost with 3, 30, 100 and 300 of them.

They are Asana's mapping and facts under other names, in a project of its own for each number.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import elsewhere
from bench.building import GEN, ROOT, forget
from bench.loopback import serving
from bench.measure import Command, Measured, Series, processes
from bench.peer import Peer, asked

LIKE = "asana"
SIZES = (3, 30, 100, 300)

_FIRST = """
import unified
from unified import tasks
unified.connect({vendor!r}, unified.bearer("token"), workspace="1", server={server!r})
assert tasks.get("12001").id == "12001"
"""


def measure(quick: bool) -> Measured:
    sizes, rounds = (SIZES[:2], 1) if quick else (SIZES, 9)
    with tempfile.TemporaryDirectory(prefix="bench-grown-") as folder, serving(elsewhere.answers()) as server:
        projects = {size: _project(Path(folder, str(size)), size) for size in sizes}
        builds = {
            name(size): Command([GEN, "build", "--root", str(project)], lambda project=project: forget(project))
            for size, project in projects.items()
        }
        built = processes(builds, 1 if quick else 2, warm=False)
        again = {name(size): Command([GEN, "build", "--root", str(project)]) for size, project in projects.items()}
        python = {"python -c pass": _python("pass")}
        imports = {name(size): _python("from unified import tasks", project) for size, project in projects.items()}
        first = _FIRST.format(vendor=vendor(1), server=f"{server}/api/1.0")
        calls = {name(size): _python(first, project) for size, project in projects.items()}
        with _callers(projects, f"{server}/api/1.0") as callers:
            return {
                "growing, clean build": built,
                "growing, each further vendor": _further(built, sizes),
                "growing, unchanged build": processes(python | again, rounds),
                "growing, import": processes(python | imports, rounds),
                "growing, first call": processes(python | calls, rounds),
                "growing, call": asked(callers, rounds, 20 if quick else 100),
            }


def name(size: int) -> str:
    """What a subject with so many vendors is called."""
    return f"{size} vendors"


def vendor(number: int) -> str:
    """The name of one of the vendors."""
    return f"vendor-{number:03d}"


def _project(folder: Path, size: int) -> Path:
    shutil.copytree(ROOT / "mappings" / "models", folder / "mappings" / "models")
    for number in range(1, size + 1):
        for part in ("mappings/vendors", "specs"):
            shutil.copytree(ROOT / part / LIKE, folder / part / vendor(number))
        _unbound(folder / "mappings/vendors" / vendor(number) / "vendor.yaml")
    return folder


def _unbound(declaration: Path) -> None:
    """Budgets are kept, and too large to be waited for: at Asana's own 150 calls a minute, all that are made here take half an hour."""
    text, found = re.subn(r"requests: \d+", f"requests: {10**9}", declaration.read_text("utf-8"))
    if not found:
        raise ValueError(f"{LIKE} has no limits any more")
    declaration.write_text(text, "utf-8")


def _further(built: tuple[Series, ...], sizes: tuple[int, ...]) -> tuple[Series, ...]:
    """What each vendor adds from one size to the next: a build is linear where that stays the same."""
    steps = zip(built, built[1:], sizes, sizes[1:], strict=False)
    return tuple(
        Series(f"from {small} to {large}", tuple((b - a) / (large - small) for a, b in zip(less.seconds, more.seconds, strict=True)))
        for less, more, small, large in steps
    )


def _python(source: str, project: Path | None = None) -> Command:
    """A process that finds the vendors of a project before those of the repository."""
    before = "" if project is None else f"import sys; sys.path.insert(0, {str(project / 'generated')!r})\n"
    return Command([sys.executable, "-c", before + source])


@contextlib.contextmanager
def _callers(projects: dict[int, Path], server: str) -> Iterator[dict[str, tuple[Peer, str]]]:
    with contextlib.ExitStack() as stack:
        yield {
            name(size): (stack.enter_context(Peer("grown", None, [server, str(project / "generated"), vendor(1)])), "get")
            for size, project in projects.items()
        }
