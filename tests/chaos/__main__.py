"""`make chaos`: the full run, and the table of docs/reliability.md."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.chaos import proxies
from tests.chaos.faults import FAULTS
from tests.chaos.judging import THREADS, Row, judge
from tests.chaos.servers import SERVERS, missing

PAGE = proxies.ROOT / "docs" / "reliability.md"
_BEGIN, _END = "<!-- chaos: written by `make chaos` -->\n", "<!-- chaos ends -->\n"
SHARES = {"redmine": 2, "roundup": 3, "synapse": 5}
"""How the writes are shared out: by how many of them a server takes in a second, roughly."""
_COSTLY = 60
"""Writes of one server under a fault that takes seconds each time."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run, print and write down. 0: every write was done once, or said not to be."""
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
    whole = sum(SHARES[server] for server in given.servers)

    def judged(server: str) -> list[Row]:
        wanted = given.writes * SHARES[server] // whole
        costly = min(_COSTLY, wanted // len(faults))
        dear = sum(fault.costly for fault in faults)
        share = max(1, -(-(wanted - costly * dear) // max(1, len(faults) - dear)))
        found = []
        for row in judge(server, faults, share, costly):
            found.append(row)
            told = [
                f"{_line(row)} {row.seconds:.0f} s {row.wrong or ''}",
                *dict.fromkeys(why[:300].replace("\n", " / ") for why in row.whys[:3]),
            ]
            print("\n    ".join(told), flush=True)
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
    return f"| {row.fault.told} | {row.server} | {' | '.join(map(str, counts))} |"


def _late(count: int) -> tuple[str, ...]:
    return (f"{count} of the unconfirmed are so since the machine itself took longer to answer than the client waits.",) * (count > 0)


def _write_down(rows: Sequence[Row]) -> None:
    order = {fault.name: number for number, fault in enumerate(FAULTS)}
    total = sum(row.writes for row in rows)
    met = sum(row.injected for row in rows)
    lines = (
        f"{total:,} writes, {THREADS} at a time, half of them under idempotency keys. {proxies.RATE} % of all requests met the fault of",
        f"their line, writing ones {met:,} times. *Partly*: the record was made, and a request after it failed; the error says so.",
        "*Not done*: the caller was told so, and it is not there.",
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
