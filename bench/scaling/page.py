"""Tables of docs/reference/scaling.md."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "scaling.md"


def write_page(results: Mapping[str, Any], page: Path = PAGE) -> None:
    """Replace the tables of the page that were measured, each between two comments."""
    text = page.read_text(encoding="utf-8")
    for title, table in tables(results).items():
        marked = re.compile(rf"(<!-- table: {re.escape(title)} -->\n).*?(<!-- end -->)", re.DOTALL)
        text = marked.sub(lambda found, table=table: f"{found[1]}\n{table}\n\n{found[2]}", text)  # type: ignore[misc]
    page.write_text(text, encoding="utf-8")


def tables(results: Mapping[str, Any]) -> dict[str, str]:
    """Return the tables by their titles."""
    return {title: _broker(one) if "processes" in one else _store(one) for title, one in results.items()}


def _store(result: Mapping[str, Any]) -> str:
    sizes = result["sizes"]
    names = list(dict.fromkeys(figure["operation"] for size in sizes for figure in size["figures"]))
    heads = [cell for size in sizes for cell in (f"{size['rows']:,}: median, ms", "p99, ms")]
    lines = ["| | " + " | ".join(heads) + " |", "|---|" + "--:|" * len(heads)]
    for name in names:
        cells = []
        for size in sizes:
            one = next((figure for figure in size["figures"] if figure["operation"] == name), None)
            cells += ["", ""] if one is None else [number(one["median"] * 1e3), number(one["p99"] * 1e3) if one["count"] > 1 else ""]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    disk = [cell for size in sizes for cell in (f"{size['bytes'] / 1e6:,.0f} MB", "")]
    lines.append("| *size on disk* | " + " | ".join(disk) + " |")
    loads = " and ".join(f"{size['load']:.1f}" for size in sizes)
    return "\n".join([*lines, "", f"Measured on {result['date']}; load average {loads}."])


def _broker(result: Mapping[str, Any]) -> str:
    lines = ["| broker processes | " + " | ".join(str(one["count"]) for one in result["processes"]) + " |"]
    lines.append("|---|" + "--:|" * len(result["processes"]))
    for name, key in _BROKER.items():
        lines.append(f"| {name} | " + " | ".join(number(one[key]) for one in result["processes"]) + " |")
    return "\n".join([*lines, "", f"Measured on {result['date']}, {result['seconds']:.0f} seconds at 80 %."])


_BROKER = {
    "maximum rate, calls/s": "capacity",
    "rate of the test, calls/s": "rate",
    "calls": "calls",
    "errors": "errors",
    "calls for each second of broker CPU": "per_core",
    "CPU cores: brokers": "cores",
    "CPU cores: Postgres and Redis": "store_cores",
    "p50, ms": "median",
    "p99, ms": "p99",
    "maximum, ms": "longest",
    "memory of one process at the start, MB": "memory_first",
    "memory of one process at the end, MB": "memory_last",
}


def number(value: float) -> str:
    """Format with at most three significant digits."""
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
