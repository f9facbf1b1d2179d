"""Option `--into` of `gen build`: the package of private vendors, its folder and its registration."""

from __future__ import annotations

import keyword
import tomllib
from collections.abc import Mapping
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import click

from unified_gen.pipeline.incremental import Project
from unified_gen.pipeline.inputs import resource_of, shipped_models, stated
from unified_gen.pipeline.output import present
from unified_gen.pipeline.private import MARK, PrivateNameError, private_files

GROUP = "unified.vendors"
"""Entry point group in which the runtime looks up packages of private vendors."""


def package_folder(root: Path, package: Path) -> str:
    """Return the name of the package's folder below the project.

    Raises:
        click.BadParameter: the package cannot be written there.
    """
    path = package.resolve()
    if not path.is_relative_to(root) or path == root:
        raise click.BadParameter(f"{package} is not a folder in the project {root}", param_hint="--into")
    if not path.name.isidentifier() or keyword.iskeyword(path.name):
        raise click.BadParameter(f"{path.name!r} is not a valid name of a Python package", param_hint="--into")
    if not path.parent.is_dir():
        raise click.BadParameter(f"there is no folder {path.parent}: create it, or correct the path of the package", param_hint="--into")
    into = path.relative_to(root).as_posix()
    made = path / "__init__.py"
    if any(True for _ in present(root, into)) and not (made.is_file() and MARK in made.read_text("utf-8", "replace").partition("\n")[0]):
        message = f"{into} holds files that `gen build --into` has not written, and would be overwritten: name a folder of its own"
        raise click.BadParameter(message, param_hint="--into")
    return into


def package_files(project: Project) -> Mapping[str, str]:
    """Return the files of the package of a project that compiles without errors.

    Raises:
        click.ClickException: there is no vendor to build, or one or a model has the name of one of the distribution.
    """
    models = {name: text for name, text in project.sources.items() if name.startswith("mappings/models/")}
    if not any(not vendor.stats.draft for vendor in project.result.vendors):
        raise click.ClickException("mappings/vendors holds no vendor, or drafts only: there is nothing to build")
    try:
        return private_files(
            project.result,
            models=_records(models),
            shipped=_records(shipped_models({})),
            vendors=_shipped_vendors(),
            version=metadata.version("unified-apis"),
        )
    except PrivateNameError as error:
        raise click.ClickException(str(error)) from None


def _records(models: Mapping[str, str]) -> dict[str, str]:
    return {resource_of(text): stated(text, "record") for text in models.values()}


def registration(root: Path, into: str) -> str | None:
    """Return the lines of pyproject.toml that register the package; None if it has an entry point of this group."""
    file = root / "pyproject.toml"
    try:
        known = tomllib.loads(file.read_text("utf-8"))
    except (FileNotFoundError, tomllib.TOMLDecodeError):
        known = {}
    if known.get("project", {}).get("entry-points", {}).get(GROUP):
        return None
    path = into.removeprefix("src/")
    return f'[project.entry-points."{GROUP}"]\n{path.rpartition("/")[2]} = "{path.replace("/", ".")}"'


def _shipped_vendors() -> frozenset[str]:
    """Return the distribution's vendors, from its files: the compiler does not import what it compiles for."""
    spec = find_spec("unified")
    folders = spec.submodule_search_locations if spec is not None else None
    return frozenset(file.stem for folder in folders or () for file in Path(folder, "catalog").glob("*.json"))
