"""Compiled adapters, imported from their texts: those of a compilation in memory, not the installed ones."""

from __future__ import annotations

import importlib
import importlib.util
import json
import re
import sys
import tempfile
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import unified.vendors
from unified_runtime.core.operations import OperationBase
from unified_runtime.core.vendor_names import module_name
from unified_runtime.core.vendors import Vendor

_MODELS = re.compile(r"^from \.\.\.models\.(\w+) import", re.MULTILINE)
_OWN = "_own"
"""Folder, in the package of the adapter, of the models that the distribution does not have: facades and records."""


@dataclass(frozen=True, slots=True)
class Adapter:
    """A vendor's compiled adapter: its `VENDOR`, its catalog, and the facade's operations bound to it, by `resource.operation`."""

    vendor: Vendor
    catalog: Mapping[str, Any]
    operations: Mapping[str, OperationBase[Any, Any]]


@contextmanager
def adapter(name: str, files: Mapping[str, str]) -> Iterator[Adapter]:
    """Import a vendor's adapter from the texts of compiled files, by their names below `generated/`, for the duration of a block.

    Models that the distribution does not have are imported from these texts, too: a project's own need not be built or installed.
    """
    module = module_name(name)
    package = f"unified.vendors.{module}"
    catalog = json.loads(files[f"unified/catalog/{name}.json"])
    packages = {resource: "unified" if _distributed(resource) else f"{package}.{_OWN}" for resource in _resources(files, catalog)}
    with tempfile.TemporaryDirectory(prefix="unified-prove-") as folder:
        for path, text in _modules(module, files, [resource for resource, own in packages.items() if own != "unified"]):
            target = Path(folder, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(_MODELS.sub(lambda found: f"from {packages[found[1]]}.models.{found[1]} import", text), encoding="utf-8")
        saved = _evicted(package)
        writes, sys.dont_write_bytecode = sys.dont_write_bytecode, True
        unified.vendors.__path__.insert(0, folder)
        importlib.invalidate_caches()
        try:
            vendor: Vendor = importlib.import_module(package).VENDOR
            yield Adapter(vendor, catalog, _operations(name, package, catalog, packages))
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


def _resources(files: Mapping[str, str], catalog: Mapping[str, Any]) -> set[str]:
    """Return the resources of the adapter, and those that the project has models of."""
    return {*catalog["resources"], *(Path(path).stem for path in files if path.startswith("unified/models/"))}


def _distributed(resource: str) -> bool:
    return importlib.util.find_spec(f"unified.{resource}") is not None


def _modules(module: str, files: Mapping[str, str], own: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield the texts of the adapter's modules and of its models, by their names below the folder of vendors."""
    for path, text in files.items():
        name = path.removeprefix("unified/")
        if name.startswith(f"vendors/{module}/"):
            yield name.removeprefix("vendors/"), text
        elif name.removeprefix("models/") in {f"{resource}.py" for resource in own}:
            yield f"{module}/{_OWN}/{name}", text


def _operations(name: str, package: str, catalog: Mapping[str, Any], packages: Mapping[str, str]) -> dict[str, OperationBase[Any, Any]]:
    found: dict[str, OperationBase[Any, Any]] = {}
    for resource, declared in catalog["resources"].items():
        facade = importlib.import_module(f"{packages[resource]}.{resource}")
        for operation in declared["operations"]:
            made = getattr(facade, operation, None)
            if isinstance(made, OperationBase):
                vendors = {name: f"{package}.{resource}"}
                bound = type(made)(made.resource, made.operation, vendors, made.build, made.effect, made.like, made.finds)
                found[f"{resource}.{operation}"] = bound
    return found
