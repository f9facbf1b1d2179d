"""Charts as geometry for SVG templates: no scripts run in the browser, and every number is in a table too."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from unified_platform.usage.totals import TimeBucket

WIDTH, NARROW, HEIGHT = 960.0, 360.0, 240.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 56.0, 8.0, 12.0, 28.0
_ROW = 26.0


@dataclass(frozen=True, slots=True)
class Mark:
    """Line of an axis, and its label."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """Bar of one period: successful calls, and above them failed ones. Heights are 0 if there are none."""

    x: float
    width: float
    made_y: float
    made: float
    failed_y: float
    failed: float
    label: str


@dataclass(frozen=True, slots=True)
class Bars:
    """Bar chart of calls over time."""

    bars: Sequence[Bar]
    across: Sequence[Mark]
    along: Sequence[Mark]
    width: float
    left: float = _LEFT
    bottom: float = HEIGHT - _BOTTOM
    height: float = HEIGHT

    @property
    def right(self) -> float:
        """X coordinate of the ends of grid lines."""
        return self.width - _RIGHT


def bars(times: Sequence[TimeBucket], step: int, width: float = WIDTH) -> Bars:
    """Return a chart of calls over time, with bars of `step` hours."""
    most = max((one.calls for one in times), default=0)
    unit = _unit(most)
    top = max(unit, math.ceil(most / unit) * unit)
    floor, room = HEIGHT - _BOTTOM, HEIGHT - _BOTTOM - _TOP
    location = (width - _LEFT - _RIGHT) / max(len(times), 1)
    drawn = []
    for number, one in enumerate(times):
        failed = one.errors / top * room
        made = (one.calls - one.errors) / top * room
        unsupported = 1.5 if failed and made > 3 else 0.0
        drawn.append(
            Bar(
                round(_LEFT + number * location + location * 0.12, 2),
                round(location * 0.76, 2),
                round(floor - made + unsupported, 2),
                round(max(0.0, made - unsupported), 2),
                round(floor - made - failed, 2),
                round(max(failed, 1.5) if one.errors else 0.0, 2),
                f"{_time(one.at, step)}: {one.calls:,} calls, {one.errors:,} failed",
            )
        )
    across = [Mark(round(floor - value / top * room, 2), short(value)) for value in range(0, top + 1, unit)]
    every = max(1, math.ceil(len(times) / (width // 110)))
    along = [
        Mark(round(_LEFT + (number + 0.5) * location, 2), f"{datetime.fromtimestamp(one.at, UTC):{'%H:%M' if step == 1 else '%d %b'}}")
        for number, one in enumerate(times)
        if number % every == 0
    ]
    return Bars(drawn, across, along, width)


@dataclass(frozen=True, slots=True)
class Row:
    """Name and value, as a horizontal bar."""

    y: float
    width: float
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Rows:
    """Horizontal bars of values by name, and grid lines at round values."""

    rows: Sequence[Row]
    along: Sequence[Mark]
    left: float
    width: float
    height: float


def rows(values: Mapping[str, float], width: float = WIDTH, left: float = 240.0) -> Rows:
    """Return a chart of values by name, in their order; `left` is the width for names."""
    most = max(values.values(), default=0.0)
    unit = 10.0 ** math.floor(math.log10(most or 1.0))
    unit = next(unit * factor for factor in (0.2, 0.5, 1, 2) if most / (unit * factor) <= 6)
    room = width - left - 64
    drawn = [
        Row(_TOP + number * _ROW, round(max(value / most * room, 1.5), 2) if most else 0.0, name, f"{value:.3g}")
        for number, (name, value) in enumerate(values.items())
    ]
    along = [Mark(round(left + value / most * room, 2), f"{value:.3g}") for value in (unit * n for n in range(math.floor(most / unit) + 1))]
    return Rows(drawn, along, left, width, _TOP + len(drawn) * _ROW + _BOTTOM)


@dataclass(frozen=True, slots=True)
class Span:
    """Row of a call's timeline: an event from `x` on for `width`, in percent."""

    x: float
    width: float
    kind: str
    name: str
    label: str


def spans(story: Mapping[str, Any]) -> list[Span]:
    """Return the requests of a call and the pauses before them as a timeline, one row each."""
    begun, complete = float(story["started_at"]), max(float(story["duration"]), 1e-6)
    found = []
    for attempt in story.get("attempts", ()):
        start, lasted, waited = attempt["started_at"] - begun, attempt["duration"], attempt.get("waited") or 0.0
        if waited > 0:
            found.append(_span(start - waited, waited, complete, "waiting", "wait"))
        failed = attempt.get("error") is not None or (attempt.get("status") or 0) >= 400
        outcome = str(attempt.get("status") or attempt.get("error")).replace("_", " ")
        found.append(_span(start, lasted, complete, "failed" if failed else "made", f"{attempt['method']} {outcome}"))
    return found


def _span(start: float, lasted: float, total: float, kind: str, name: str) -> Span:
    x = min(max(start / total * 100, 0.0), 99.5)
    width = min(max(lasted / total * 100, 0.5), 100 - x)
    return Span(round(x, 2), round(width, 2), kind, name, f"{name}: from {seconds(max(start, 0.0))}, {seconds(lasted)}")


# ------------------------------------------------------------------------------------------------ formatting of numbers
def seconds(value: float | None) -> str:
    """Format a duration: 840 µs, 84 ms, 1.24 s, 2 min 5 s."""
    if value is None:
        return "–"
    if value < 0.001:
        return f"{value * 1e6:.0f} µs" if value else "0 s"
    if value < 1:
        return f"{value * 1000:.3g} ms" if value < 0.9995 else "1 s"
    if value < 60:
        return f"{value:.3g} s"
    return f"{value // 60:.0f} min {value % 60:.0f} s"


def short(value: float) -> str:
    """Format a number of an axis: 950, 1.2 k, 34 M."""
    for size, unit in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value:.3g}"


def share(part: float, total: float) -> str:
    """Format a share: 0 %, 0.4 %, 12 %. A share above zero is never shown as 0 %."""
    if not total or not part:
        return "0 %"
    found = part / total * 100
    return "< 0.1 %" if found < 0.1 else f"{found:.1f} %" if found < 10 else f"{found:.0f} %"


def _unit(most: int) -> int:
    """Return the distance of grid lines, 1, 2 or 5 times a power of ten, so that there are about four."""
    rough = max(most, 1) / 4
    power = 10 ** math.floor(math.log10(rough)) if rough >= 1 else 1
    return int(next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough))


def _time(at: float, step: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):{'%d %b %H:%M' if step < 24 else '%d %b'}}"
