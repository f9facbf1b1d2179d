"""Run tests with each supported Python, and with the lowest versions of the dependencies.

    .ci/matrix.py                              every Python of pyproject.toml's classifiers, and `lowest`
    .ci/matrix.py 3.12 lowest -- tests/golden  these environments, and these arguments of pytest

Each environment is a virtual environment in .cache/matrix. Those of a Python version install .ci/requirements.txt; `lowest` has the lowest
versions that the dependencies and extras in pyproject.toml allow, under the lowest supported Python, with current test tools. A Python that
is not installed is reported and not run; UNIFIED_MATRIX=required makes that a failure.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".cache" / "matrix"
LOCKED = ROOT / ".ci" / "requirements.txt"
LOWEST = "lowest"
TOOLS = frozenset({"dev", "docs"})
"""Extras of this project's own work: their lowest versions concern no user."""
CONFLICTING = frozenset({"crewai"})
"""Extras that cannot be installed with the others."""
TESTS = ("tests/golden", "tests/unit", "tests/functional")


def versions(project: Mapping[str, Any]) -> list[str]:
    """Return the supported versions of Python, lowest first."""
    prefix = "Programming Language :: Python :: 3."
    return [f"3.{one.removeprefix(prefix)}" for one in project["classifiers"] if one.startswith(prefix)]


def extras(project: Mapping[str, Any]) -> list[str]:
    """Return the extras that users install, without those that conflict with others."""
    return [extra for extra in project["optional-dependencies"] if extra not in TOOLS | CONFLICTING]


def interpreter(version: str) -> str | None:
    """Return the path of an installed Python, also of one that pyenv has and does not use; None if there is none."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    found = [shutil.which(f"python{version}"), *sorted(map(str, pyenv.glob(f"{version}.*/bin/python{version}")))]
    program = "import sys; print('%d.%d' % sys.version_info[:2])"
    for path in filter(None, found):
        done = subprocess.run([path, "-c", program], capture_output=True, text=True, check=False)
        if done.stdout.strip() == version:
            return path
    return None


def uv(*arguments: str | Path) -> None:
    subprocess.run([Path(sys.executable).with_name("uv"), "--quiet", *arguments], cwd=ROOT, check=True)


def tools(project: Mapping[str, Any], locked: str) -> list[str]:
    """Return the test tools at their locked versions. If they require a later version of a dependency, that version is tested."""
    wanted = {canonicalize_name(Requirement(one).name) for extra in TOOLS for one in project["optional-dependencies"].get(extra, ())}
    own = canonicalize_name(project["name"])
    pins = [line.removesuffix(" \\") for line in locked.splitlines() if line[:1].isalnum()]
    return [pin for pin in pins if canonicalize_name(Requirement(pin).name) in wanted - {own}]


def lowest(project: Mapping[str, Any], python: str, folder: Path) -> Path:
    """Resolve the lowest versions of the project's dependencies, together with the test tools."""
    given, resolved = folder / "tools.in", folder / "lowest.txt"
    given.write_text("\n".join(tools(project, LOCKED.read_text(encoding="utf-8"))), encoding="utf-8")
    chosen = [part for extra in extras(project) for part in ("--extra", extra)]
    compiled = ["--no-header", "--no-annotate", "--python-version", python, "--resolution", "lowest-direct"]
    uv("pip", "compile", *compiled, *chosen, "pyproject.toml", given, "-o", resolved)
    return resolved


def make(name: str, python: str, project: Mapping[str, Any]) -> Path:
    """Install an environment and return its Python."""
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    uv("venv", "--python", python, folder)
    installed = folder / "bin" / "python"
    if name == LOWEST:
        uv("pip", "install", "--python", installed, "--requirements", lowest(project, versions(project)[0], folder))
    else:
        uv("pip", "install", "--python", installed, "--require-hashes", "--requirements", LOCKED)
    uv("pip", "install", "--python", installed, "--no-deps", "--no-build-isolation", "--editable", ".")
    return installed


def run(names: Iterable[str], project: Mapping[str, Any], arguments: list[str]) -> dict[str, str]:
    """Run the tests in each environment; return an outcome by name."""
    outcomes = {}
    for name in names:
        version = versions(project)[0] if name == LOWEST else name
        python = interpreter(version)
        if python is None:
            outcomes[name] = f"not run: Python {version} is not installed"
            continue
        print(f"== {name} ({python})", flush=True)
        try:
            installed = make(name, python, project)
        except subprocess.CalledProcessError as error:
            outcomes[name] = f"failed: {' '.join(map(str, error.cmd))} exited with {error.returncode}"
            continue
        done = subprocess.run([installed, "-m", "pytest", *arguments], cwd=ROOT, check=False)
        outcomes[name] = "passed" if done.returncode == 0 else f"failed: pytest exited with {done.returncode}"
    return outcomes


def main(given: list[str] | None = None) -> int:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    names = [*versions(project), LOWEST]
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"environments: {', '.join(names)}")
    given = sys.argv[1:] if given is None else given
    split = given.index("--") if "--" in given else len(given)
    options = parser.parse_args(given[:split])
    if unknown := set(options.names) - set(names):
        parser.error(f"unknown environments: {', '.join(sorted(unknown))}; known are {', '.join(names)}")
    outcomes = run(options.names or names, project, given[split + 1 :] or ["-q", "-n", "auto", *TESTS])
    for name, outcome in outcomes.items():
        print(f"{name}: {outcome}")
    refused = ("failed", "not run") if os.environ.get("UNIFIED_MATRIX") == "required" else ("failed",)
    return int(any(outcome.startswith(refused) for outcome in outcomes.values()))


if __name__ == "__main__":
    sys.exit(main())
