"""Virtual environment in which the wheel of this repository is installed, without the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


class Environment:
    """A virtual environment with the wheel of this repository, and third-party packages of the environment that runs the tests."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder)
        self.bin = folder / ("Scripts" if os.name == "nt" else "bin")
        self.python = self.bin / "python"
        packages = subprocess.run(
            [self.python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], capture_output=True, text=True, check=True
        ).stdout.strip()
        # A path in a .pth file is searched last, and .pth files of its own are not read: this checkout is not found by it.
        Path(packages, "outer.pth").write_text(sysconfig.get_path("purelib") + "\n")
        built = folder / "wheel"
        run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", built], ROOT)
        self.install(*built.glob("*.whl"))

    def install(self, *packages: str | Path) -> None:
        pip = [sys.executable, "-m", "pip", "--python", self.python, "--disable-pip-version-check"]
        run([*pip, "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation", *packages], ROOT)


def run(command: list[Any], folder: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    """Return a finished command, which has to succeed."""
    done = attempt(command, folder, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def attempt(
    command: list[Any], folder: Path, *, typed: str | None = None, variables: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Return a finished command. It sees no variables of this process's Python, of unified, and of pip."""
    clean = {**clean_variables(), **(variables or {})}
    return subprocess.run([*map(str, command)], cwd=folder, env=clean, input=typed, capture_output=True, text=True, check=False)


def clean_variables() -> dict[str, str]:
    """Return the environment variables without those of Python, unified and pip."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "UNIFIED", "PIP"))}
