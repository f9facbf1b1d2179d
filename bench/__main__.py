"""`python -m bench`: measure everything and write docs/benchmarks.md. With names of sections: measure those and print them."""

from __future__ import annotations

import argparse
import importlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.measure import environment
from bench.report import page, renewed
from bench.results import load, merge, save

ROOT = Path(__file__).parents[1]
SECTIONS = (
    "building",
    "growing",
    "importing",
    "calling",
    "governed",
    "clients",
    "reading",
    "discovery",
    "protocol",
    "vaulting",
    "observing",
    "brokering",
)
CACHE = ROOT / ".cache" / "bench"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=f"of {', '.join(SECTIONS)}; all, and docs/benchmarks.md is written")
    parser.add_argument("--quick", action="store_true", help="one round of everything, to see that it runs; nothing is written")
    parser.add_argument("--write", action="store_true", help="put the sections that are named into docs/benchmarks.md")
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)  # a section, measured in a process of its own
    given = parser.parse_args()
    if unknown := set(given.sections) - set(SECTIONS):
        parser.error(f"there is no section {', '.join(sorted(unknown))}; there are {', '.join(SECTIONS)}")
    if given.into is not None:
        (section,) = given.sections
        save(importlib.import_module(f"bench.{section}").measure(given.quick), given.into)
        return
    kept = CACHE / "results.json"
    if not (given.sections or given.quick):
        _python("bench.spending")
    run(given.sections or SECTIONS, kept, quick=given.quick)
    place = ROOT / "docs" / "benchmarks.md"
    if given.quick or (given.sections and not given.write):
        sys.stdout.write(page(*load(kept)))
        return
    found = load(kept)
    images = place.with_name("images")
    text = renewed(place.read_text(encoding="utf-8"), *found, images) if given.sections else page(*found, images)
    place.write_text(text, encoding="utf-8")
    sys.stderr.write(f"wrote {place.relative_to(ROOT)}\n")


def run(sections: Sequence[str], into: Path, *, quick: bool) -> None:
    """Measure sections, each in a process that has imported nothing of the others."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        parts = [Path(folder, f"{section}.json") for section in sections]
        for section, part in zip(sections, parts, strict=True):
            sys.stderr.write(f"{section} …\n")
            _python("bench", section, "--into", str(part), *(["--quick"] if quick else []))
        merge(parts, into)


def _python(module: str, *arguments: str) -> None:
    """Run a module of this package."""
    environ = environment(CACHE)
    environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), environ.get("PYTHONPATH")]))
    done = subprocess.run([sys.executable, "-m", module, *arguments], env=environ, check=False)  # noqa: S603  this interpreter
    if done.returncode != 0:
        sys.exit(f"bench: {' '.join([module, *arguments[:1]])} could not be measured; nothing was written")


if __name__ == "__main__":
    main()
