"""`make mutate`: edit every file of the catalog at every location, compile each edit, and report what the compiler missed, by kind.

Results are saved in build/mutations/ as they are found; a run that was stopped continues there.
"""

from __future__ import annotations

import argparse
import os
import sys

import msgspec

from tests.mutations.judging import ROOT, Outcome
from tests.mutations.report import share, share_with_laws, table, to_json
from tests.mutations.running import PARTS, every_edit, judged, proved
from tests.support import sampling


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutations", description=__doc__)
    parser.add_argument("vendors", nargs="*", help="only these vendors")
    parser.add_argument("--seed", default="1", help="another seed gives other edits")
    parser.add_argument("--part", action="append", choices=PARTS, help="only these files")
    parser.add_argument(
        "--prove",
        nargs="?",
        type=int,
        const=10**6,
        default=0,
        metavar="MOST",
        help="also run the adapters of edits that the compiler missed, or of a sample of so many",
    )
    parser.add_argument("--sample", type=int, metavar="NUMBER", help="only so many edits, chosen by the seed")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    folder = ROOT / "build/mutations"
    chosen = every_edit(options.seed, options.vendors, options.part or PARTS)
    if options.sample is not None:
        wanted = sampling.sample(chosen, options.sample, options.seed)
        chosen = {name: edit for name, edit in chosen.items() if name in wanted}
    checked = judged(chosen, options.seed, options.jobs, folder, _progress)
    print(f"reported by the compiler: {share(checked):.1%}", file=sys.stderr)
    run = proved(chosen, checked, options.prove, options.seed, options.jobs, folder, _progress) if options.prove else []
    if run:
        found = sum(one.outcome is Outcome.PROVED for one in run)
        print(f"of {len(run)} missed edits, laws find {found}; together: {share_with_laws(checked, run):.1%}", file=sys.stderr)
    again = {one.name: one for one in run}
    results = [again.get(one.name, one) for one in checked]
    (folder / "report.json").write_bytes(msgspec.json.format(msgspec.json.encode(to_json(checked, options.seed, run))))
    misses = sorted((one.kind, one.name, one.detail) for one in results if one.outcome in (Outcome.MISSED, Outcome.CRASHED))
    (folder / "missed.txt").write_text("".join(f"{kind}\t{name}\t{detail}\n" for kind, name, detail in misses), "utf-8")
    print(table(results))
    print("build/mutations/report.json has the counts, build/mutations/missed.txt the edits that were missed", file=sys.stderr)
    return 1 if any(one.outcome is Outcome.CRASHED for one in results) else 0


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
