"""The distribution: files of the wheel, and a clean install of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = {
    "unified_openapi": ROOT / "generator/unified_openapi",
    "unified_gen": ROOT / "generator/unified_gen",
    "unified": ROOT / "generated/unified",
    "unified_runtime": ROOT / "runtime/unified_runtime",
    "unified_platform": ROOT / "runtime/unified_platform",
    "unified_emulation": ROOT / "runtime/unified_emulation",
}


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel, built by the project's build backend."""
    folder = tmp_path_factory.mktemp("wheel")
    done = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_the_packages_and_nothing_else(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    expected = {
        f"{package}/{path.relative_to(folder).as_posix()}"
        for package, folder in PACKAGES.items()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    expected |= {f"unified_gen/shipped_models/{path.name}" for path in (ROOT / "mappings/models").glob("*.yaml")}
    assert names == expected
    assert {f"{package}/py.typed" for package in PACKAGES} <= names
    assert any(name.endswith(".j2") for name in names), "templates are part of the compiler"


def test_facts_are_a_distribution_that_the_code_finds(tmp_path: Path) -> None:
    """It is built from specs/, and an environment without a checkout reads toolkits and emulators from it."""
    source, built = tmp_path / "specs", tmp_path / "built"
    shutil.copytree(ROOT / "specs", source)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(built)]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (wheel,) = built.glob("*.whl")
    files = zipfile.ZipFile(wheel)
    names = {name for name in files.namelist() if ".dist-info/" not in name}
    shipped = ("facts.json.gz", "further-facts.json.gz", "lock.json", "overlay.yaml", "behaviour.yaml", "verified.yaml")
    expected = {f"unified_facts/{path.relative_to(source).as_posix()}" for path in source.glob("*/*") if path.name in shipped}
    assert names == expected | {"unified_facts/toolkits.json"}
    assert wheel.stat().st_size < 8_000_000
    files.extractall(tmp_path / "installed")
    code = "from unified_openapi.facts.shipped import facts_file; print(facts_file('stripe'))"
    environment = {"PYTHONPATH": str(tmp_path / "installed")}
    found = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == str(tmp_path / "installed" / "unified_facts" / "stripe" / "facts.json.gz")


def test_the_wheel_names_its_licence_and_extras(wheel: Path) -> None:
    files = zipfile.ZipFile(wheel)
    metadata = next(files.read(name).decode() for name in files.namelist() if name.endswith(".dist-info/METADATA"))
    assert "License-Expression: Apache-2.0" in metadata
    assert "Provides-Extra: gen" in metadata
    assert any(name.endswith("licenses/LICENSE") for name in files.namelist())
    scripts = next(files.read(name).decode() for name in files.namelist() if name.endswith("entry_points.txt"))
    assert "gen = unified_gen.cli:main" in scripts
    assert "unified = unified_platform.cli:main" in scripts


@pytest.mark.slow
def test_a_clean_install_runs_and_names_what_the_compiler_needs(wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    folder = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    done = subprocess.run(
        [folder / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        pytest.skip(f"the core dependencies cannot be installed here: {done.stderr.strip().splitlines()[-1]}")
    listed = subprocess.run(
        [folder / "python", "-m", "pip", "list", "--format=freeze"], capture_output=True, text=True, check=True
    ).stdout.lower()
    for name in ("jinja2", "datamodel-code-generator", "openapi-spec-validator", "pytest", "ruff"):
        assert f"{name}==" not in listed, f"{name} belongs to an extra"
    program = "import unified; from unified import tasks; import unified.aio.tasks; print(unified.__file__)"
    ran = subprocess.run([folder / "python", "-c", program], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert ran.returncode == 0, ran.stderr
    assert str(tmp_path) in ran.stdout, "the installed package runs, not this checkout"
    (tmp_path / "project/mappings").mkdir(parents=True)
    (tmp_path / "project/specs").mkdir()
    built = subprocess.run([folder / "gen", "build"], capture_output=True, text=True, cwd=tmp_path / "project", check=False)
    assert built.returncode == 2, built.stderr
    assert "pip install 'unified-apis[gen]'" in built.stderr
    assert subprocess.run([folder / "gen", "--help"], capture_output=True, check=False).returncode == 0
    catalog = subprocess.run([folder / "unified", "--help"], capture_output=True, text=True, check=False)
    assert catalog.returncode == 0, catalog.stderr
