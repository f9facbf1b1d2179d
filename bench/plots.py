"""Plots of ratios as SVG, with the geometry of the dashboard's charts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import jinja2

from unified_platform.broker.charts import rows

OWN = frozenset({"unified", "unified, governed", "gen build", "gen build, shared files too"})
"""Subjects of this project, which are drawn in another color."""


def plot(folder: Path, group: str, label: str, ratios: Mapping[str, float]) -> str:
    """Write the plot of a group's ratios into a folder, and return its file name."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined
    )
    name = "bench-" + "-".join(word for word in "".join(one if one.isalnum() else " " for one in group.lower()).split()) + ".svg"
    drawn = environment.get_template("plot.svg.j2").render(chart=rows(ratios), label=label, ours=OWN)
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(drawn, encoding="utf-8")
    return name
