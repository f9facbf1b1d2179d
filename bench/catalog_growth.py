"""Benchmark of catalog growth: builds, imports, first and further calls with 3, 30, 100 and 300 vendors.

The vendors are copies of Asana's mapping and facts under other names, in one project for each number.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench import peer_responses
from bench.builds import GEN, ROOT, clean
from bench.loopback import serving
from bench.measure import Command, Measured, Series, processes
from bench.peer_process import Peer, measure_peers

TEMPLATE = "asana"
SIZES = (3, 30, 100, 300)

_FIRST = """
import unified
from unified import tasks
unified.connect({vendor!r}, unified.bearer("token"), workspace="1", server={server!r})
assert tasks.get("12001").id == "12001"
"""


def measure(quick: bool) -> Measured:
    sizes, rounds = (SIZES[:2], 1) if quick else (SIZES, 9)
    with tempfile.TemporaryDirectory(prefix="bench-grown-") as folder, serving(peer_responses.responses()) as server:
        projects = {size: _project(Path(folder, str(size)), size) for size in sizes}
        builds = {
            subject_name(size): Command([GEN, "build", "--root", str(project)], lambda project=project: clean(project))
            for size, project in projects.items()
        }
        built = processes(builds, 1 if quick else 2, warm=False)
        again = {subject_name(size): Command([GEN, "build", "--root", str(project)]) for size, project in projects.items()}
        python = {"python -c pass": _python("pass")}
        imports = {subject_name(size): _python("from unified import tasks", project) for size, project in projects.items()}
        first = _FIRST.format(vendor=vendor_name(1), server=f"{server}/api/1.0")
        calls = {subject_name(size): _python(first, project) for size, project in projects.items()}
        with _peers(projects, f"{server}/api/1.0") as running:
            return {
                "catalog growth, clean build": built,
                "catalog growth, each further vendor": _per_vendor(built, sizes),
                "catalog growth, unchanged build": processes(python | again, rounds),
                "catalog growth, import": processes(python | imports, rounds),
                "catalog growth, first call": processes(python | calls, rounds),
                "catalog growth, call": measure_peers(running, rounds, 20 if quick else 100),
            }


def subject_name(size: int) -> str:
    """Return the name of the subject with `size` vendors."""
    return f"{size} vendors"


def vendor_name(number: int) -> str:
    """Return the name of a vendor."""
    return f"vendor-{number:03d}"


def _project(folder: Path, size: int) -> Path:
    shutil.copytree(ROOT / "mappings" / "models", folder / "mappings" / "models")
    for number in range(1, size + 1):
        for part in ("mappings/vendors", "specs"):
            shutil.copytree(ROOT / part / TEMPLATE, folder / part / vendor_name(number))
        _raise_limits(folder / "mappings/vendors" / vendor_name(number) / "vendor.yaml")
    return folder


def _raise_limits(declaration: Path) -> None:
    """Raise the rate limits: with Asana's 150 calls a minute, this benchmark would wait for half an hour."""
    text, found = re.subn(r"requests: \d+", f"requests: {10**9}", declaration.read_text("utf-8"))
    if not found:
        raise ValueError(f"{TEMPLATE} declares no rate limits")
    declaration.write_text(text, "utf-8")


def _per_vendor(built: tuple[Series, ...], sizes: tuple[int, ...]) -> tuple[Series, ...]:
    """Return the time per added vendor between sizes, which is constant for a linear build."""
    steps = zip(built, built[1:], sizes, sizes[1:], strict=False)
    return tuple(
        Series(f"from {small} to {large}", tuple((b - a) / (large - small) for a, b in zip(less.seconds, more.seconds, strict=True)))
        for less, more, small, large in steps
    )


def _python(source: str, project: Path | None = None) -> Command:
    """Return a Python process that imports a project's generated code instead of the repository's."""
    before = "" if project is None else f"import sys; sys.path.insert(0, {str(project / 'generated')!r})\n"
    return Command([sys.executable, "-c", before + source])


@contextlib.contextmanager
def _peers(projects: dict[int, Path], server: str) -> Iterator[dict[str, tuple[Peer, str]]]:
    with contextlib.ExitStack() as stack:
        yield {
            subject_name(size): (
                stack.enter_context(Peer("large_catalog", None, [server, str(project / "generated"), vendor_name(1)])),
                "get",
            )
            for size, project in projects.items()
        }
