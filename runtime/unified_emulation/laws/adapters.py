"""Compiled adapters, imported from their texts: those of a compilation in memory, not the installed ones."""

from __future__ import annotations

import importlib
import json
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import unified.vendors
from unified_runtime.core.operations import OperationBase
from unified_runtime.core.private_vendors import resource_package
from unified_runtime.core.vendor_names import module_name
from unified_runtime.core.vendors import Vendor

_MODELS = re.compile(r"^from \.\.\.models\.(\w+) import", re.MULTILINE)


def _of_package(found: re.Match[str]) -> str:
    """Return the import of a model from the package that has it: the distribution's, or that of a project's own models."""
    return f"from {resource_package(found[1])}.models.{found[1]} import"


@dataclass(frozen=True, slots=True)
class Adapter:
    """A vendor's compiled adapter: its `VENDOR`, its catalog, and the facade's operations bound to it, by `resource.operation`."""

    vendor: Vendor
    catalog: Mapping[str, Any]
    operations: Mapping[str, OperationBase[Any, Any]]
    lacks: tuple[str, ...]
    """Resources that the installed facade does not have: those of a project's own models."""


@contextmanager
def adapter(name: str, files: Mapping[str, str]) -> Iterator[Adapter]:
    """Import a vendor's adapter from the texts of its compiled files, by their names below `generated/`, for the duration of a block."""
    module = module_name(name)
    package = f"unified.vendors.{module}"
    catalog = json.loads(files[f"unified/catalog/{name}.json"])
    with tempfile.TemporaryDirectory(prefix="unified-prove-") as folder:
        for path, text in files.items():
            if path.startswith(f"unified/vendors/{module}/"):
                target = Path(folder, path.removeprefix("unified/vendors/"))
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(_MODELS.sub(_of_package, text), encoding="utf-8")
        saved = _evicted(package)
        writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
        unified.vendors.__path__.insert(0, folder)
        importlib.invalidate_caches()
        try:
            vendor: Vendor = importlib.import_module(package).VENDOR
            operations, lacks = _operations(name, package, catalog)
            yield Adapter(vendor, catalog, operations, lacks)
        finally:
            unified.vendors.__path__.remove(folder)
            sys.dont_write_bytecode = writes
            _evicted(package)
            sys.modules.update(saved)
            importlib.invalidate_caches()


def _evicted(package: str) -> dict[str, Any]:
    found = {name: module for name, module in sys.modules.items() if name == package or name.startswith(f"{package}.")}
    for name in found:
        del sys.modules[name]
    return found


def _operations(name: str, package: str, catalog: Mapping[str, Any]) -> tuple[dict[str, OperationBase[Any, Any]], tuple[str, ...]]:
    found: dict[str, OperationBase[Any, Any]] = {}
    lacks: list[str] = []
    for resource, declared in catalog["resources"].items():
        try:
            facade = importlib.import_module(f"{resource_package(resource)}.{resource}")
        except ModuleNotFoundError:
            lacks.append(resource)
            continue
        for operation in declared["operations"]:
            made = getattr(facade, operation, None)
            if isinstance(made, OperationBase):
                vendors = {name: f"{package}.{resource}"}
                bound = type(made)(made.resource, made.operation, vendors, made.build, made.effect, made.like, made.finds)
                found[f"{resource}.{operation}"] = bound
    return found, tuple(lacks)
