"""Everything a compilation reads, as text: read once, then the compiler touches no disk."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct


class NotAProject(Exception):
    """The folder holds no mappings and no specs."""


class UnreadableFile(Exception):
    """A file of the project whose bytes are no UTF-8 text, or that cannot be opened."""


class VendorInputs(Struct, frozen=True):
    """One vendor's files: name relative to the project's root, to text."""

    name: str
    mappings: Mapping[str, str]
    """`vendor.yaml` and a file for each resource."""
    specs: Mapping[str, str]
    """`openapi.yaml`, `overlay.yaml`."""

    @property
    def declaration(self) -> str | None:
        """The name of its `vendor.yaml`, if it has one."""
        return next((name for name in self.mappings if name.endswith("/vendor.yaml")), None)

    def spec(self, name: str) -> tuple[str, str] | None:
        """A file of `specs/<vendor>/`: its name and text."""
        return next(((path, text) for path, text in self.specs.items() if path.endswith("/" + name)), None)

    def texts(self) -> dict[str, str]:
        return {**self.mappings, **self.specs}


class Inputs(Struct, frozen=True):
    """A project: its models and its vendors, in the order of their names."""

    models: Mapping[str, str]
    vendors: tuple[VendorInputs, ...]

    def texts(self) -> dict[str, str]:
        """Every text by its name, for showing source lines."""
        found = dict(self.models)
        for vendor in self.vendors:
            found.update(vendor.texts())
        return found


def read_inputs(root: Path) -> Inputs:
    """Read a project's models, mappings and specs.

    Raises:
        NotAProject: there is no `mappings/` below `root`.
        UnreadableFile: one of the files is no text.
    """
    mappings = root / "mappings"
    if not mappings.is_dir():
        raise NotAProject(f"{root} holds no mappings/ folder")
    folders = sorted(entry.name for entry in os.scandir(mappings / "vendors") if entry.is_dir()) if (mappings / "vendors").is_dir() else ()
    return Inputs(_texts(root, "mappings/models"), tuple(_vendor(root, name) for name in folders))


def _vendor(root: Path, name: str) -> VendorInputs:
    return VendorInputs(name, _texts(root, f"mappings/vendors/{name}"), _texts(root, f"specs/{name}"))


def _texts(root: Path, folder: str) -> dict[str, str]:
    """The YAML files of a folder below the project's root, by their names from there."""
    try:
        names = sorted(name for name in os.listdir(root / folder) if name.endswith(".yaml"))
    except FileNotFoundError:
        return {}
    return {f"{folder}/{name}": _text(root / folder / name) for name in names}


def _text(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise UnreadableFile(f"{path}, line {line}: the bytes of this file are no UTF-8 text from here on") from None
    except OSError as error:
        raise UnreadableFile(f"{path}: {(error.strerror or str(error)).lower()}") from None
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text  # as text files are read; here for whole documents
