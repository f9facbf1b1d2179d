"""Results as pyperf keeps them: `pyperf stats`, `hist` and `compare_to` read the file that a run leaves in .cache/bench."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyperf  # type: ignore[import-untyped]  # it ships no types

from bench.measure import Measured, Series


@dataclass(frozen=True, slots=True)
class Machine:
    """Where and when results were measured, for people."""

    processor: str
    system: str
    python: str
    load: tuple[float, float] | None
    """Load averages, the least and the greatest, that were seen while measuring."""
    date: str


def save(measured: Measured, place: Path) -> None:
    """Write results, with pyperf's account of the machine."""
    machine = _machine()
    benchmarks = []
    for group, subjects in measured.items():
        for series in subjects:
            # pyperf knows the name and the memory by these keys.
            metadata = machine | {"name": f"{group}: {series.name}"}
            if series.memory is not None:
                metadata["mem_max_rss"] = series.memory
            if series.wall is not None:
                metadata["wall"] = series.wall
            run = pyperf.Run(series.seconds, metadata=metadata, collect_metadata=False)
            benchmarks.append(pyperf.Benchmark([run]))
    place.parent.mkdir(parents=True, exist_ok=True)
    pyperf.BenchmarkSuite(benchmarks).dump(str(place), replace=True)


def merge(parts: Sequence[Path], place: Path) -> None:
    """Put results that were saved apart into one file."""
    first, *others = (pyperf.BenchmarkSuite.load(str(part)) for part in parts)
    for other in others:
        for benchmark in other.get_benchmarks():
            first.add_benchmark(benchmark)
    place.parent.mkdir(parents=True, exist_ok=True)
    first.dump(str(place), replace=True)


def load(place: Path) -> tuple[Measured, Machine]:
    """Results as they were saved, and where."""
    benchmarks = pyperf.BenchmarkSuite.load(str(place)).get_benchmarks()
    found: dict[str, list[Series]] = {}
    for benchmark in benchmarks:
        group, _, name = benchmark.get_name().partition(": ")
        told = benchmark.get_metadata()
        values = tuple(benchmark.get_values())
        found.setdefault(group, []).append(Series(name, values, told.get("mem_max_rss"), told.get("wall")))
    known = benchmarks[0].get_metadata()
    loads = [float(load) for benchmark in benchmarks if (load := benchmark.get_metadata().get("load_avg_1min")) is not None]
    machine = Machine(
        processor=f"{known.get('cpu_count', '?')} × {known.get('cpu_model_name', 'unknown processor')}",
        system=known.get("platform", "unknown system"),
        python=str(known.get("python_version", "unknown")).partition(" ")[0],
        load=(min(loads), max(loads)) if loads else None,
        date=str(known.get("date", ""))[:10],
    )
    return {group: tuple(series) for group, series in found.items()}, machine


_KEPT = ("cpu_model_name", "cpu_count", "load_avg_1min", "platform", "python_version", "date")


def _machine() -> dict[str, Any]:
    collected: dict[str, Any] = pyperf.Run([1.0], collect_metadata=True).get_metadata()
    return {name: collected[name] for name in _KEPT if name in collected}
