"""Page of the runs of the behaviour suite: what was checked against which server or account, and what differs from emulators."""

from __future__ import annotations

from collections.abc import Mapping

from unified_openapi.behaviour.verified import SuiteRun, VerifiedFile

PAGE = "verified.md"
_HEAD = """# Results on real servers and accounts

The behaviour suite runs against real servers (`make test-live`) and accounts ([`unified verify`](../how-to/verify.md)).
This page is written by `gen docs` from `specs/<vendor>/verified.yaml`. A check is *not decided* if the account lacks
what it needs, such as two records that a filter distinguishes.
"""
_BASES = {"emulator_of_others": "emulator of others", "real_server": "real server", "live_account": "live account"}


def verified_page(files: Mapping[str, VerifiedFile]) -> str:
    """Return the page of the runs, by vendor."""
    runs = [(vendor, run) for vendor, file in sorted(files.items()) for run in file.runs]
    rows = [_row(vendor, run) for vendor, run in runs]
    table = ["| vendor | checked with | date | held | broken | not decided | differs from the emulator |", "|---|---|---|---|---|---|---|"]
    return "\n".join([_HEAD, *table, *rows, *(line for vendor, run in runs for line in _section(vendor, run))]) + "\n"


def _row(vendor: str, run: SuiteRun) -> str:
    held, broken, undecided = (sum(getattr(one, name) for one in run.operations.values()) for name in ("held", "broken", "undecided"))
    cells = (vendor, f"{_BASES[run.basis]}: {run.product}", run.checked, held, broken, undecided, len(run.differences))
    return f"| {' | '.join(map(str, cells))} |"


def _section(vendor: str, run: SuiteRun) -> list[str]:
    lines = ["", f"## {vendor}: {run.product}", "", "| operation | held | broken | not decided | does not hold |", "|---|---|---|---|---|"]
    for name, one in run.operations.items():
        reasons = ", ".join(one.reasons)
        lines.append(f"| `{name}` | {one.held} | {one.broken} | {one.undecided} | {reasons} |".replace("|  |", "| |"))
    if run.facts:
        lines += ["", "Facts that held:", "", *(f"- `{fact}`" for fact in run.facts)]
    lines += ["", "Differences from the emulator:", "", *(f"- {each}" for each in run.differences)] if run.differences else []
    return lines
