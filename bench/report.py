"""Write docs/reference/benchmarks.md from results."""

from __future__ import annotations

import statistics
import textwrap
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path

from bench.measure import Measured, Series
from bench.plots import plot
from bench.results import Machine
from bench.sections import MEMORY, SECTIONS, SHORT, Section, Table

VERSIONS = ("datamodel-code-generator", "httpx", "httpx2", "msgspec", "orjson", "pydantic", "pyperf", "ruff")


_SCALE = {"ms": 1e3, "µs": 1e6}


def page(measured: Measured, machine: Machine, images: Path | None = None) -> str:
    """Return the document, and write its plots into the folder `images`."""
    lines = ["# Benchmarks", "", *_about(machine), "", *_short(measured), ""]
    for section in SECTIONS:
        lines += _section(section, measured, images)
    return "\n".join(lines).rstrip() + "\n"


def renewed(text: str, measured: Measured, machine: Machine, images: Path | None = None) -> str:
    """Return the document with the measured sections replaced and dated, and the rest unchanged."""
    head, *blocks = text.split("\n## ")
    old = {block.partition("\n")[0]: block.rstrip() for block in blocks}
    parts = []
    for section in SECTIONS:
        lines = _section(section, measured, images)
        if lines:
            when = f"Measured on {machine.date}{_load(machine)}." if section.tables else f"Counted on {machine.date}."
            parts.append("\n".join([*lines, when]).removeprefix("## "))
        elif section.title in old:
            parts.append(old[section.title])
    return "\n\n## ".join([_with_rows(head.rstrip(), _short(measured)), *parts]) + "\n"


def _with_rows(head: str, new: Sequence[str]) -> str:
    """Return the head of the page with these rows replaced in its table."""
    lines = head.split("\n")
    rows = {_first(line): line for line in (*lines, *new[2:]) if line.startswith("| ") and _first(line)}
    text = [line for line in lines if not line.startswith("|")]
    return "\n".join([*text, *new[:2], *(rows[row.title] for row in (*SHORT, *MEMORY) if row.title in rows)])


def _first(row: str) -> str:
    return row.split(" | ")[0].removeprefix("| ").strip("| ")


def _section(section: Section, measured: Measured, images: Path | None) -> list[str]:
    """Return the lines of a section, or none if no table of it was measured."""
    tables = [table for table in section.tables if table.group in measured]
    if not tables and (section.tables or section.counted is None):
        return []
    lines = [f"## {section.title}", "", section.text.strip(), ""]
    if section.counted is not None:
        lines += [*section.counted(), ""]
    for table in tables:
        if len(tables) > 1:
            lines += [f"### {table.group[0].upper()}{table.group[1:]}", ""]
        subjects = {series.name: series for series in measured[table.group]}
        lines += [*_table(table, subjects), ""]
        if table.plot and images is not None:
            lines += [_plot(table, subjects, images), ""]
    seen = {series.name for table in tables for series in measured[table.group]}
    if absent := [name for name in section.expected if name not in seen]:
        lines += [f"Not installed on the measured machine: {', '.join(absent)}.", ""]
    if missing := [table.group for table in section.tables if table.group not in measured]:
        lines += [f"Not measured in this run: {'; '.join(missing)}.", ""]
    return lines


def _load(machine: Machine) -> str:
    return f"; load average {machine.load[0]:.1f} to {machine.load[1]:.1f} while measuring" if machine.load is not None else ""


def _about(machine: Machine) -> list[str]:
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in VERSIONS)
    lines = [
        "Speed of calls, builds, the vault, the broker and tools, compared with other libraries. Read the ratios: the times are those of "
        "one machine on one day. `make bench` (`python -m bench`) writes this page, `python -m bench SECTION` prints one section, and "
        "`pyperf` reads the values of a run in `.cache/bench/results.json`.",
        "",
        f"- Machine: {machine.processor}; {machine.system}{_load(machine)}",
        f"- Python {machine.python}; {versions}",
        f"- Date: {machine.date}",
        "- Time is CPU time, user and system, descendants included. Each round measures every subject of a table once, in alternating "
        "order; a ratio is the median, over the rounds, of a subject's time by the baseline's in the same round. *Middle half*: the "
        "quartiles of those ratios. Times are medians too. Bytecode is cached between processes, as in an ordinary installation.",
        "- *Goal*: the target. If it is missed, the section describes what was tried and where the rest of the time goes.",
    ]
    return [wrapped for line in lines for wrapped in _wrapped(line)]


def _wrapped(line: str) -> list[str]:
    """Return a line as lines of at most 118 characters."""
    indent = "  " if line.startswith("- ") else ""
    return textwrap.wrap(line, 118, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False) or [""]


def _short(measured: Measured) -> list[str]:
    tables = {table.group: table for section in SECTIONS for table in section.tables}
    lines = ["| | ratio | to | goal |", "|---|--:|---|--:|"]
    for title, group, name, goal in SHORT:
        subjects = {series.name: series for series in measured.get(group, ())}
        if name in subjects:
            table = tables[group]
            ratio, _ = _ratio(table, subjects, name)
            if goal.endswith("ms"):
                ratio += f" ({_number(statistics.median(_above_floor(table, subjects, name)) * 1e3)} ms)"
            to = f"{table.baseline}{'' if table.floor is None else ', both without starting Python'}"
            lines.append(f"| {title} | {ratio} | {to} | {goal} |")
    for title, group, name, goal in MEMORY:
        sizes = {series.name: series.memory for series in measured.get(group, ())}
        if (size := sizes.get(name)) and (baseline := sizes.get(tables[group].baseline)):
            lines.append(f"| {title} | **{_number(size / baseline)}** | {tables[group].baseline} | {goal} |")
    return lines


def _table(table: Table, subjects: Mapping[str, Series]) -> list[str]:
    columns = [f"× {table.baseline}", "middle half", f"CPU {table.unit}"]
    if table.floor is not None:
        columns.append(f"over {table.floor}")
    if table.memory:
        columns.append("peak MB")
    walls = any(series.wall is not None for series in subjects.values())
    if walls:
        columns.append(f"wall {table.unit}")
    columns.append("rounds")
    lines = ["| | " + " | ".join(columns) + " |", "|---|" + "--:|" * len(columns)]
    scale = _SCALE[table.unit]
    for name, series in subjects.items():
        cells = [*_ratio(table, subjects, name), _number(statistics.median(series.seconds) * scale)]
        if table.floor is not None:
            cells.append("" if name == table.floor else _number(statistics.median(_above_floor(table, subjects, name)) * scale))
        if table.memory:
            cells.append("" if series.memory is None else f"{series.memory / 1e6:.0f}")
        if walls:
            cells.append("" if series.wall is None else _number(series.wall * scale))
        cells.append(str(len(series.seconds)))
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return lines


def _plot(table: Table, subjects: Mapping[str, Series], images: Path) -> str:
    """Write the plot of a table's ratios, lowest first, and return its Markdown."""
    label = f"{table.group[0].upper()}{table.group[1:]}: CPU time, times that of {table.baseline}"
    ratios = {name: statistics.median(_ratios(table, subjects, name)) for name in subjects}
    file = plot(images, table.group, label, dict(sorted(ratios.items(), key=lambda pair: pair[1])))
    return f"![{label}]({images.name}/{file})"


def _ratio(table: Table, subjects: Mapping[str, Series], name: str) -> tuple[str, str]:
    if name == table.baseline:
        return "1", ""
    if name == table.floor:
        return "", ""
    ratios = _ratios(table, subjects, name)
    if not ratios:
        return "?", ""
    low, high = _middle_half(ratios)
    return f"**{_number(statistics.median(ratios))}**", f"{_number(low)} to {_number(high)}"


def _ratios(table: Table, subjects: Mapping[str, Series], name: str) -> list[float]:
    """Return a subject's time divided by the baseline's, round by round."""
    pairs = zip(_above_floor(table, subjects, name), _above_floor(table, subjects, table.baseline), strict=True)
    return [mine / theirs for mine, theirs in pairs if theirs > 0]


def _above_floor(table: Table, subjects: Mapping[str, Series], name: str) -> list[float]:
    seconds = subjects[name].seconds
    if table.floor is None:
        return list(seconds)
    return [value - least for value, least in zip(seconds, subjects[table.floor].seconds, strict=True)]


def _middle_half(values: Sequence[float]) -> tuple[float, float]:
    if len(values) < 2:
        return values[0], values[0]
    low, _, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, high


def _number(value: float) -> str:
    """Format with at most three significant digits, which is more than the precision of such a machine."""
    if value >= 100:
        return f"{value:,.0f}"
    if value >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}"
