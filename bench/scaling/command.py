"""Command of the measurement: `python -m bench scaling`."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from bench.scaling import postgres
from bench.scaling.figures import spread

SERVER = os.environ.get("UNIFIED_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
RESULTS = Path(__file__).with_name("results.json")


def subjects(url: str, folder: Path) -> dict[str, Callable[[], Any]]:
    """Return constructors of the stores by their titles, in the order of the page."""
    from bench.scaling.audit_entries import AuditEntries
    from bench.scaling.connections import Connections
    from bench.scaling.idempotency_keys import IdempotencyKeys
    from bench.scaling.paused_programs import PausedPrograms
    from bench.scaling.sagas import SagaRows
    from bench.scaling.usage_rows import UsageRows

    key = f"file:{folder / 'key'}"
    return {
        "Connections": lambda: Connections(url, key),
        "Idempotency keys": lambda: IdempotencyKeys(url),
        "Audit entries": lambda: AuditEntries(url),
        "Usage rows": lambda: UsageRows(url),
        "Paused programs": lambda: PausedPrograms(url, key),
        "Sagas": lambda: SagaRows(url),
    }


def main() -> None:
    """Measure the stores that are named, or all and the broker processes."""
    parser = argparse.ArgumentParser(prog="python -m bench scaling", description=__doc__)
    parser.add_argument(
        "stores", nargs="*", metavar="STORE", help="beginning of a store's title, such as `paused`, or `broker` (default: all)"
    )
    parser.add_argument("--rows", type=int, nargs="+", default=[50_000, 1_000_000], help="numbers of rows, ascending")
    parser.add_argument("--seconds", type=float, default=60.0, help="duration of the load on broker processes at 80 %% of the maximum rate")
    parser.add_argument("--write", action="store_true", help="update the tables of docs/reference/scaling.md")
    options = parser.parse_args()
    wanted = tuple(name.lower() for name in options.stores)
    results: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else {}
    with tempfile.TemporaryDirectory(prefix="bench-scaling-") as folder:
        for title in subjects("", Path(folder)):
            if not wanted or title.lower().startswith(wanted):
                with postgres.database(SERVER) as url:
                    results[title] = measured(title, subjects(url, Path(folder))[title], options.rows, url)
                _save(results, options.write)
    if not wanted or "broker" in wanted:
        from bench.scaling.broker_processes import measure

        results["Broker processes"] = {"date": time.strftime("%Y-%m-%d"), **measure(SERVER, options.seconds)}
        _save(results, options.write)


def _save(results: dict[str, Any], write: bool) -> None:
    from bench.scaling.page import tables, write_page

    if write:
        RESULTS.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        write_page(results)
    else:
        sys.stdout.write("\n\n".join(tables(results).values()) + "\n")


def measured(title: str, create: Callable[[], Any], sizes: Sequence[int], url: str) -> dict[str, Any]:
    """Load a store to each number of rows, check rows, and return times and sizes."""
    found: dict[str, Any] = {"date": time.strftime("%Y-%m-%d"), "sizes": []}
    before = 0
    with closing(create()) as subject:
        for rows in sizes:
            start = time.monotonic()
            subject.load(before + 1, rows)
            seconds = time.monotonic() - start
            before = rows
            size = postgres.size(url, subject.tables)
            sys.stderr.write(f"{title}: {rows:,} rows loaded in {seconds:.0f} s, {size / 1e6:,.0f} MB\n")
            figures = []
            for one in subject.figures(rows):
                sys.stderr.write(f"  {one.operation}: {one.median * 1e3:,.2f} ms, p99 {one.p99 * 1e3:,.2f} ms ({one.count})\n")
                figures.append({"operation": one.operation, "median": one.median, "p99": one.p99, "count": one.count})
            found["sizes"].append({"rows": rows, "bytes": size, "load": os.getloadavg()[0], "figures": figures})
    return found


def checked(title: str, create: Callable[[], Any], rows: int) -> None:
    """Load a store and read rows through it.

    Raises:
        AssertionError: the store does not accept a loaded row.
    """
    with closing(create()) as subject:
        subject.load(1, rows)
        for number in spread(rows, min(rows, 10)):
            subject.check(number)
