"""Run the benchmarks: `python -m bench` writes docs/reference/benchmarks.md, `python -m bench SECTION...` prints sections."""

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
    "builds",
    "catalog_growth",
    "imports",
    "calls",
    "graphql_calls",
    "governed_calls",
    "clients",
    "decoding",
    "tool_search",
    "programs",
    "mcp",
    "vault",
    "observability",
    "broker",
)
SEPARATE = ("hostile", "toolkits", "scaling")
CACHE = ROOT / ".cache" / "bench"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument(
        "sections", nargs="*", metavar="SECTION", help=f"{', '.join((*SECTIONS, *SEPARATE))} (default: all, and write the page)"
    )
    parser.add_argument("--quick", action="store_true", help="run one round of each subject as a smoke test, and write nothing")
    parser.add_argument("--write", action="store_true", help="replace the given sections in docs/reference/benchmarks.md")
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)  # one section, in its own process
    if sys.argv[1:2] and sys.argv[1] in SEPARATE:  # have tables and options of their own
        name = sys.argv.pop(1)
        importlib.import_module(f"bench.{name}").main()
        return
    options = parser.parse_args()
    if unknown := set(options.sections) - set(SECTIONS):
        parser.error(f"unknown section {', '.join(sorted(unknown))}; sections: {', '.join(SECTIONS)}")
    if options.into is not None:
        (section,) = options.sections
        save(importlib.import_module(f"bench.{section}").measure(options.quick), options.into)
        return
    results_file = CACHE / "results.json"
    if not (options.sections or options.quick):
        _python("bench.call_profile")
    run(options.sections or SECTIONS, results_file, quick=options.quick)
    document = ROOT / "docs" / "reference" / "benchmarks.md"
    if options.quick or (options.sections and not options.write):
        sys.stdout.write(page(*load(results_file)))
        return
    measured = load(results_file)
    images = document.with_name("images")
    text = renewed(document.read_text(encoding="utf-8"), *measured, images) if options.sections else page(*measured, images)
    document.write_text(text, encoding="utf-8")
    sys.stderr.write(f"wrote {document.relative_to(ROOT)}\n")


def run(sections: Sequence[str], into: Path, *, quick: bool) -> None:
    """Measure each section in a new process, so that none has the imports of another."""
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
    completed = subprocess.run([sys.executable, "-m", module, *arguments], env=environ, check=False)  # noqa: S603  this interpreter
    if completed.returncode != 0:
        sys.exit(f"bench: {' '.join([module, *arguments[:1]])} failed; nothing was written")


if __name__ == "__main__":
    main()
