"""Storage of results in pyperf's format: `pyperf stats`, `hist` and `compare_to` read .cache/bench/results.json."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyperf  # type: ignore[import-untyped]  # it ships no types

from bench.measure import Measured, Series


@dataclass(frozen=True, slots=True)
class Machine:
    """Machine and date of a measurement, for the page."""

    processor: str
    system: str
    python: str
    load: tuple[float, float] | None
    """Lowest and highest load average during the measurement."""
    date: str


def save(measured: Measured, file: Path) -> None:
    """Write results, with pyperf's metadata of the machine."""
    machine = _machine()
    benchmarks = []
    for group, subjects in measured.items():
        for series in subjects:
            # pyperf reads the name and the memory from these keys.
            metadata = machine | {"name": f"{group}: {series.name}"}
            if series.memory is not None:
                metadata["mem_max_rss"] = series.memory
            if series.wall is not None:
                metadata["wall"] = series.wall
            run = pyperf.Run(series.seconds, metadata=metadata, collect_metadata=False)
            benchmarks.append(pyperf.Benchmark([run]))
    file.parent.mkdir(parents=True, exist_ok=True)
    pyperf.BenchmarkSuite(benchmarks).dump(str(file), replace=True)


def merge(parts: Sequence[Path], file: Path) -> None:
    """Merge result files into one."""
    first, *others = (pyperf.BenchmarkSuite.load(str(part)) for part in parts)
    for other in others:
        for benchmark in other.get_benchmarks():
            first.add_benchmark(benchmark)
    file.parent.mkdir(parents=True, exist_ok=True)
    first.dump(str(file), replace=True)


def load(file: Path) -> tuple[Measured, Machine]:
    """Read saved results and their machine."""
    benchmarks = pyperf.BenchmarkSuite.load(str(file)).get_benchmarks()
    groups: dict[str, list[Series]] = {}
    for benchmark in benchmarks:
        group, _, name = benchmark.get_name().partition(": ")
        metadata_ = benchmark.get_metadata()
        values = tuple(benchmark.get_values())
        groups.setdefault(group, []).append(Series(name, values, metadata_.get("mem_max_rss"), metadata_.get("wall")))
    machine_data = benchmarks[0].get_metadata()
    loads = [float(load) for benchmark in benchmarks if (load := benchmark.get_metadata().get("load_avg_1min")) is not None]
    machine = Machine(
        processor=f"{machine_data.get('cpu_count', '?')} × {machine_data.get('cpu_model_name', 'unknown processor')}",
        system=machine_data.get("platform", "unknown system"),
        python=str(machine_data.get("python_version", "unknown")).partition(" ")[0],
        load=(min(loads), max(loads)) if loads else None,
        date=str(machine_data.get("date", ""))[:10],
    )
    return {group: tuple(series) for group, series in groups.items()}, machine


_METADATA = ("cpu_model_name", "cpu_count", "load_avg_1min", "platform", "python_version", "date")


def _machine() -> dict[str, Any]:
    collected: dict[str, Any] = pyperf.Run([1.0], collect_metadata=True).get_metadata()
    return {name: collected[name] for name in _METADATA if name in collected}
