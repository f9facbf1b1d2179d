"""`make chaos`: the full run, and the table of docs/explanation/reliability.md."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.chaos import proxies
from tests.chaos.faults import FAULTS
from tests.chaos.judging import THREADS, Row, judge
from tests.chaos.servers import SERVERS, missing

PAGE = proxies.ROOT / "docs" / "explanation" / "reliability.md"
_BEGIN, _END = "<!-- chaos: written by `make chaos` -->\n", "<!-- chaos ends -->\n"
SHARES = {"redmine": 2, "redmine-exclusive": 1, "roundup": 3, "synapse": 5}
"""Shares of the writes, roughly by the number that a server executes in a second."""
_COSTLY = 60
"""Writes of one server under a fault that costs seconds each time."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print and save the table. Return 0 if every write was executed once, or reported as not executed."""
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--writes", type=int, default=10_000, help="writes in all")
    parser.add_argument("--servers", nargs="*", choices=sorted(SERVERS), default=sorted(SERVERS))
    parser.add_argument("--faults", nargs="*", choices=[fault.name for fault in FAULTS], help="these alone; nothing is written down then")
    given = parser.parse_args(arguments)
    for reason in (proxies.missing(), *map(missing, given.servers)):
        if reason is not None:
            print(reason, file=sys.stderr)
            return 2
    faults = [fault for fault in FAULTS if given.faults is None or fault.name in given.faults]
    entire = sum(SHARES[server] for server in given.servers)

    def judged(server: str) -> list[Row]:
        wanted = given.writes * SHARES[server] // entire
        costly = min(_COSTLY, wanted // len(faults))
        dear = sum(fault.costly for fault in faults)
        share = max(1, -(-(wanted - costly * dear) // max(1, len(faults) - dear)))
        found = []
        for row in judge(server, faults, share, costly):
            found.append(row)
            reported = [
                f"{_line(row)} {row.seconds:.0f} s {row.wrong or ''}",
                *dict.fromkeys(why[: 1200 if row.twice else 300].replace("\n", " / ") for why in row.whys[:3]),
            ]
            print("\n    ".join(reported), flush=True)
        return found

    with ThreadPoolExecutor(len(given.servers)) as pool:  # each server waits most of the time
        rows = [row for found in pool.map(judged, given.servers) for row in found]
    total = sum(row.writes for row in rows)
    print(f"{total} writes, {sum(row.injected for row in rows)} faults met by writing requests")
    if given.faults is None and len(given.servers) == len(SERVERS):
        _write_down(rows)
    return 1 if any(row.wrong for row in rows) else 0


def _line(row: Row) -> str:
    counts = (row.writes, row.injected, row.done, row.partly, row.failed, row.unconfirmed, row.lost, row.twice)
    return f"| {row.fault.returned} | {row.server} | {' | '.join(map(str, counts))} |"


def _late(count: int) -> tuple[str, ...]:
    return (f"{count} of the unconfirmed are so because the busy machine took longer to respond than the client waits.",) * (count > 0)


def _write_down(rows: Sequence[Row]) -> None:
    order = {fault.name: number for number, fault in enumerate(FAULTS)}
    total = sum(row.writes for row in rows)
    met = sum(row.injected for row in rows)
    lines = (
        f"{total:,} writes, {THREADS} at a time, half of them under idempotency keys (all, on the exclusive connection).",
        f"{proxies.RATE} % of all requests met the fault of their row, writing ones {met:,} times. *Partly*: the record was created, and",
        "a later request failed; the error states it. *Not done*: the error states that nothing was written, and nothing was.",
        *_late(sum(row.late for row in rows)),
        "",
        "| fault | server | writes | faults | done | partly | not done | unconfirmed | lost | twice |",
        f"|---|---|{'--:|' * 8}",
        *(_line(row) for row in sorted(rows, key=lambda row: (order[row.fault.name], row.server))),
    )
    page = PAGE.read_text(encoding="utf-8")
    before, _, rest = page.partition(_BEGIN)
    _, _, after = rest.partition(_END)
    PAGE.write_text(before + _BEGIN + "\n" + "\n".join(lines) + "\n\n" + _END + after, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
