"""Private vendors: packages written by `gen build --into`, found through entry points of the group `unified.vendors`.

They are read when the catalog is first needed, once for the process, and not if a call names a vendor that is part of the distribution.
"""

from __future__ import annotations

import functools
import importlib.resources
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import PurePath
from typing import TYPE_CHECKING

from unified_runtime.core.errors import UnifiedError
from unified_runtime.core.vendor_names import module_name

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint  # it takes longer to import than all else here

GROUP = "unified.vendors"
DISTRIBUTION = "unified-apis"
PACKAGE = "unified"
"""The generated package of the distribution, with the vendors that are part of it."""


class PrivateVendorError(UnifiedError):
    """An installed package of private vendors cannot be used: it does not load, is outdated, or has a vendor that exists already."""


@dataclass(frozen=True, slots=True)
class PrivatePackage:
    """Package of private vendors: its module, of each vendor the resources that it offers, and the resources that it has models of."""

    module: str
    vendors: Mapping[str, tuple[str, ...]]
    resources: tuple[str, ...]


@functools.cache
def packages() -> tuple[PrivatePackage, ...]:
    """Return the installed packages of private vendors.

    Raises:
        PrivateVendorError: one of them cannot be used.
    """
    from importlib.metadata import entry_points

    found: list[PrivatePackage] = []
    owners = dict.fromkeys(_shipped(), DISTRIBUTION)
    models = dict.fromkeys(_names("tools"), DISTRIBUTION)
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.value):
        package = _load(point)
        for vendor in package.vendors:
            owner = owners.setdefault(module_name(vendor), package.module)
            if owner != package.module:
                raise PrivateVendorError(
                    f"{package.module} has a vendor {vendor!r}, and {owner} has one of this name. Rename the folders "
                    f"mappings/vendors/{vendor} and specs/{vendor}, then run `gen build --into` again"
                )
        for resource in package.resources:
            owner = models.setdefault(resource, package.module)
            if owner != package.module:
                raise PrivateVendorError(
                    f"{package.module} has a model of {resource!r}, and {owner} has one. Rename mappings/models/{resource}.yaml and its "
                    "`resource`, or remove the file to use the other model, then run `gen build --into` again"
                )
        found.append(package)
    return tuple(found)


@functools.cache
def adapters(resource: str) -> Mapping[str, str]:
    """Return the modules of private vendors' adapters of a resource, by vendor."""
    return {
        vendor: f"{package.module}.vendors.{module_name(vendor)}.{resource}"
        for package in packages()
        for vendor, resources in package.vendors.items()
        if resource in resources
    }


def vendor_names() -> list[str]:
    """Return the names of the private vendors."""
    return sorted(vendor for package in packages() for vendor in package.vendors)


def resource_names() -> list[str]:
    """Return the resources that private packages have models of."""
    return sorted(resource for package in packages() for resource in package.resources)


def resource_package(resource: str) -> str:
    """Return the package that has the model of a resource: that of the distribution, or a private one."""
    if resource in _names("tools"):
        return PACKAGE
    return next((package.module for package in packages() if resource in package.resources), PACKAGE)


def resource_module(resource: str, folder: str | None = None) -> str | None:
    """Return the module path of a resource of a private model, in a folder of its package (`aio`); None if no package has it."""
    package = next((package.module for package in packages() if resource in package.resources), None)
    return None if package is None else ".".join(filter(None, (package, folder, resource)))


def package_of(vendor: str) -> str:
    """Return the package that has a vendor: that of the distribution, or a private one."""
    module = module_name(vendor)
    if module in _shipped():
        return PACKAGE
    return next((package.module for package in packages() if module in map(module_name, package.vendors)), PACKAGE)


def vendor_package(vendor: str) -> str:
    """Return the module path of a vendor's package, which need not exist."""
    return f"{package_of(vendor)}.vendors.{module_name(vendor)}"


def catalog_file(vendor: str) -> Traversable:
    """Return the catalog file of a vendor, which need not exist."""
    return importlib.resources.files(f"{package_of(vendor)}.catalog") / f"{vendor}.json"


def catalog_files() -> list[Traversable]:
    """Return the catalog files of all vendors, in the order of their names."""
    return _files("catalog", [PACKAGE, *(package.module for package in packages())])


def model_files(folder: str) -> list[Traversable]:
    """Return the data files that are compiled from models (`tools`, `policy`), in the order of their names."""
    return _files(folder, [PACKAGE, *(package.module for package in packages() if package.resources)])


def is_shipped(vendor: str) -> bool:
    """Return true if the distribution has a vendor."""
    return module_name(vendor) in _shipped()


@functools.cache
def _shipped() -> frozenset[str]:
    """Return the modules of the distribution's vendors."""
    return frozenset(map(module_name, _names("catalog")))


@functools.cache
def _names(folder: str) -> tuple[str, ...]:
    """Return the names of the distribution's data files in a folder; none if only the runtime is used."""
    try:
        return tuple(PurePath(file.name).stem for file in _files(folder, [PACKAGE]))
    except ModuleNotFoundError:
        return ()


def _files(folder: str, packages: list[str]) -> list[Traversable]:
    found = [file for package in packages for file in importlib.resources.files(f"{package}.{folder}").iterdir()]
    return sorted((file for file in found if file.name.endswith(".json")), key=lambda file: file.name)


def _load(point: EntryPoint) -> PrivatePackage:
    from importlib.metadata import version

    origin = f" of {point.dist.name}" if point.dist is not None else ""
    entry = f"the entry point {point.name} = {point.value!r}{origin} in the group {GROUP}"
    try:
        module = point.load()
    except (ImportError, AttributeError) as error:
        raise PrivateVendorError(
            f"{entry} does not load: {error}. It has to name the package that `gen build --into` writes; install that package again"
        ) from error
    built, vendors = getattr(module, "COMPILER", None), getattr(module, "VENDORS", None)
    if not isinstance(built, str) or not isinstance(vendors, dict):
        raise PrivateVendorError(f"{entry} is not a package that `gen build --into` has written")
    installed = version(DISTRIBUTION)
    if built != installed:
        raise PrivateVendorError(
            f"{module.__name__} was built by {DISTRIBUTION} {built}, and {installed} is installed: run `gen build --into PACKAGE` again, "
            "with the folder of this package"
        )
    for vendor in vendors:
        if not (importlib.resources.files(module) / "catalog" / f"{vendor}.json").is_file():
            raise PrivateVendorError(
                f"{module.__name__} was installed without catalog/{vendor}.json: include the JSON files of this package in your "
                "distribution (with setuptools, as package-data)"
            )
    return PrivatePackage(module.__name__, vendors, module.RESOURCES)
