"""Modules of the vendors' adapters of one resource; `VENDORS` of each generated resource module."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from unified_runtime.core.vendor_names import module_name


class VendorModules(Mapping[str, str]):
    """Module of each vendor's adapter, by vendor.

    `resource` is the name of the resource's module, `vendors` are those of the same package. Vendors of private packages are added if a
    name is not among them, or if all are listed: finding them reads the metadata of installed distributions.
    """

    __slots__ = ("_own", "_resource")

    def __init__(self, resource: str, vendors: Sequence[str]) -> None:
        package, _, self._resource = resource.rpartition(".")
        self._own = {vendor: f"{package}.vendors.{module_name(vendor)}.{self._resource}" for vendor in vendors}

    def __getitem__(self, vendor: str) -> str:
        found = self._own.get(vendor)
        return self._all()[vendor] if found is None else found

    def __contains__(self, vendor: object) -> bool:
        return vendor in self._own or vendor in self._all()

    def __iter__(self) -> Iterator[str]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __repr__(self) -> str:
        return f"VendorModules({dict(self)})"

    def _all(self) -> Mapping[str, str]:
        from unified_runtime.core.private_vendors import adapters

        private = adapters(self._resource)
        return dict(sorted({**self._own, **private}.items())) if private else self._own
