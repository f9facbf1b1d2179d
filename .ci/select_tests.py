"""Select tests by what changed, and judges by the tests that need them.

    .ci/select_tests.py changed             print the test files that reach a changed file, one per line; reasons go to standard error
    .ci/select_tests.py changed --since REV compare with REV instead of the merge base with main (on main: the commit before)
    .ci/select_tests.py judges ARGUMENT...  print the targets of the Makefile that install the judges of these arguments of pytest

The mapping is the static import graph (grimp): a test is selected if its imports, those in functions included, or those of its conftest.py
files reach a changed module. `.ci/tests.toml` lists the folders to select from, the judges, modules that load others by name, and files
that tests read without an import. docs/explanation/decisions/032-selected-tests.md compares this with other ways.
"""

from __future__ import annotations

import argparse
import fnmatch
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

import grimp

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("generator", "generated", "runtime", ".")
"""Folders that Python packages are in, most specific first."""


@dataclass
class Selection:
    """Selected test files, each with the first reason."""

    tests: dict[str, str] = field(default_factory=dict)

    def add(self, paths: Iterable[str], reason: str) -> None:
        for path in paths:
            self.tests.setdefault(path, reason)


class Tree:
    """Test files and the imports between modules of a checkout."""

    def __init__(self, files: Iterable[str], graph: Any, settings: Mapping[str, Any]) -> None:
        self.files = frozenset(files)
        self.tests = {module_of(path): path for path in self.files if is_test(path)}
        self._graph = graph
        self._settings = settings
        self._packages = {module_of(path) for path in self.files if path.endswith("/__init__.py")}
        conftests = {str(PurePosixPath(path).parent): module_of(path) for path in self.files if path.endswith("/conftest.py")}
        for module, path in self.tests.items():
            for folder in PurePosixPath(path).parents:
                if (conftest := conftests.get(str(folder))) is not None and {module, conftest} <= graph.modules:
                    graph.add_import(importer=module, imported=conftest)
        for loader, package in settings["loads"].items():
            for module in graph.find_descendants(package) - {loader}:
                graph.add_import(importer=loader, imported=module)

    def changed(self, paths: Iterable[str]) -> Selection:
        """Return the fast tests that reach one of the changed files, and the changed tests themselves."""
        selection = Selection()
        for path in sorted(paths):
            if is_test(path) and path in self.files:
                selection.add([path], "changed")
                continue
            patterns = [pattern for pattern in self._settings["reads"] if fnmatch.fnmatch(path, pattern)]
            read = [self._below(entry) for pattern in patterns for entry in self._settings["reads"][pattern]]
            selection.add((test for tests in read for test in tests), f"reads {path}")
            if patterns and not path.endswith(".py"):
                continue
            if path.startswith("tests/") and not path.endswith(".py"):
                selection.add(self._fast(self._nearest(path)), f"is beside {path}")
            else:
                selection.add(self._fast(self.reaching(self._module(path))), f"imports {path}")
        return selection

    def judges(self, paths: Iterable[str] | None) -> list[str]:
        """Return the targets that install the judges of the tests in files and folders; of all tests for None."""
        chosen = self.files if paths is None else {test for path in paths for test in self._below(path)}
        return sorted({target for module, target in self._settings["judges"].items() if not chosen.isdisjoint(self.reaching(module))})

    def reaching(self, module: str | None) -> set[str]:
        """Return the test files whose imports reach a module; a package is reached by imports of any module in it."""
        if module is None or module not in self._graph.modules:
            return set()
        reached = {module, *self._graph.find_downstream_modules(module)}
        if module in self._packages:
            reached.update(*map(self._graph.find_downstream_modules, self._graph.find_descendants(module)))
        return {path for name, path in self.tests.items() if name in reached}

    def _module(self, path: str) -> str | None:
        """Return the module of a Python file; of any other file the package that holds it, or the one above."""
        if path.endswith(".py"):
            return module_of(path)
        for folder in PurePosixPath(path).parents:
            if f"{folder}/__init__.py" in self.files:
                return module_of(f"{folder}/__init__.py")
        return None

    def _nearest(self, path: str) -> list[str]:
        """Return the tests in the closest folder above a file that has any."""
        return next((tests for folder in PurePosixPath(path).parents if (tests := self._below(str(folder)))), [])

    def _below(self, entry: str) -> list[str]:
        return sorted(path for path in self.tests.values() if path == entry or path.startswith(f"{entry.rstrip('/')}/"))

    def _fast(self, paths: Iterable[str]) -> list[str]:
        return sorted(path for path in paths if any(path.startswith(f"{folder}/") for folder in self._settings["fast"]))


def is_test(path: str) -> bool:
    """Return true if pytest collects tests from a file."""
    return path.startswith("tests/") and PurePosixPath(path).name.startswith("test_") and path.endswith(".py")


def module_of(path: str) -> str:
    """Return the dotted name of a Python file of this project."""
    pure = PurePosixPath(path)
    for source in SOURCES[:-1]:
        if pure.is_relative_to(source):
            pure = pure.relative_to(source)
            break
    parts = pure.with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


SELECTING = ("-k", "-m")
"""Arguments of pytest that select tests by name or mark."""
NOTHING_COLLECTED = 5
"""Exit code of pytest if no test is selected."""


def arguments_of(given: Iterable[str]) -> list[str] | None:
    """Return the files and folders among the arguments of pytest, or the files that `-k` and `-m` select; None for all tests."""
    arguments = list(given)
    paths = [argument.partition("::")[0].rstrip("/") for argument in arguments if not argument.startswith("-")]
    found = [path for path in paths if (ROOT / path).exists()]
    return found or (collected(arguments) if any(argument[:2] in SELECTING for argument in arguments) else None)


def collected(arguments: Iterable[str]) -> list[str] | None:
    """Return the files of the tests that pytest would run; None if it cannot collect them."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-n", "0", "-p", "no:cacheprovider", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in (0, NOTHING_COLLECTED):
        return None
    return sorted({line.partition("::")[0] for line in done.stdout.splitlines() if "::" in line})


def build() -> Tree:
    """Read this checkout."""
    sys.path[:0] = [str(ROOT / source) for source in SOURCES]
    settings = tomllib.loads((ROOT / ".ci" / "tests.toml").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["importlinter"]["root_packages"]
    graph = grimp.build_graph(*packages, "bench", "tests", cache_dir=str(ROOT / ".cache" / "grimp"))
    return Tree(git("ls-files", "--cached", "--others", "--exclude-standard"), graph, settings)


def git(*arguments: str) -> list[str]:
    """Run git and return the lines of its output."""
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def base() -> str:
    """Return the commit to compare with: the merge base with main; on main, or without it, the commit before."""
    head = git("rev-parse", "HEAD")[0]
    for main in ("origin/main", "main"):
        if git("branch", "--all", "--list", main, f"remotes/{main}"):
            merged = git("merge-base", "HEAD", main)[0]
            if merged != head:
                return merged
    return "HEAD~1"


def changed_files(since: str | None = None) -> set[str]:
    """Return the files that differ from a commit (the base), with those that git does not know yet."""
    return {*git("diff", "--name-only", since or base()), *git("ls-files", "--others", "--exclude-standard")}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    commands = parser.add_subparsers(dest="command", required=True)
    changed = commands.add_parser("changed", help="print the test files that reach a changed file")
    changed.add_argument("--since", help="compare with this commit")
    commands.add_parser("judges", help="print the targets that install the judges of these arguments of pytest")
    options, rest = parser.parse_known_args(arguments)
    if rest and options.command != "judges":
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    tree = build()
    if options.command == "judges":
        print(" ".join(tree.judges(arguments_of(rest))))
        return 0
    since = options.since or base()
    files = changed_files(since)
    selection = tree.changed(files)
    for path, reason in sorted(selection.tests.items()):
        print(path)
        print(f"{path}: {reason}", file=sys.stderr)
    counts = f"{len(selection.tests)} of {len(tree.tests)} test files selected"
    print(f"{len(files)} files changed since {since[:12]}: {counts}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
