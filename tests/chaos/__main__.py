"""`make chaos`: the full run, and the table of docs/reliability.md."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from tests.chaos import proxies
from tests.chaos.faults import FAULTS
from tests.chaos.judging import THREADS, Row, judge
from tests.chaos.servers import SERVERS, missing

PAGE = proxies.ROOT / "docs" / "reliability.md"
_BEGIN, _END = "<!-- chaos: written by `make chaos` -->\n", "<!-- chaos ends -->\n"
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
    cheap = max(1, sum(not fault.costly for fault in faults))
    costly = min(_COSTLY, given.writes // (len(faults) * len(given.servers)))
    share = max(1, -(-(given.writes // len(given.servers) - costly * (len(faults) - cheap)) // cheap))
    rows: list[Row] = []
    for server in given.servers:
        for row in judge(server, faults, share, costly):
            rows.append(row)
            print(_line(row), f"{row.seconds:.0f} s", row.wrong or "", flush=True)
            for why in dict.fromkeys(why[:300] for why in row.whys[:3]):
                print("   ", why.replace("\n", " / "), flush=True)
    total = sum(row.writes for row in rows)
    print(f"{total} writes, {sum(row.injected for row in rows)} faults met by writing requests")
    if given.faults is None and len(given.servers) == len(SERVERS):
        _write_down(rows)
    return 1 if any(row.wrong for row in rows) else 0


def _line(row: Row) -> str:
    counts = (row.writes, row.injected, row.done, row.partly, row.failed, row.unconfirmed, row.lost, row.twice)
    return f"| {row.fault.told} | {row.server} | {' | '.join(map(str, counts))} |"


def _write_down(rows: Sequence[Row]) -> None:
    order = {fault.name: number for number, fault in enumerate(FAULTS)}
    total = sum(row.writes for row in rows)
    met = sum(row.injected for row in rows)
    lines = (
        f"{total:,} writes, {THREADS} at a time, half of them under idempotency keys. {proxies.RATE} % of all requests met the fault of",
        f"their line, writing ones {met:,} times. *Partly*: the record was made, and a request after it failed; the error says so.",
        "*Not done*: the caller was told so six times, and it is not there.",
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
