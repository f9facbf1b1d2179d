"""Packages of private vendors, found through entry points: what they add, and errors of those that cannot be used."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path

import pytest

from unified_runtime.core import private_vendors
from unified_runtime.core.private_vendors import PrivateVendorError
from unified_runtime.core.vendor_modules import VendorModules
from unified_runtime.core.vendors import available, load

VERSION = metadata.version("unified-apis")
Install = Callable[..., Path]


def forget() -> None:
    for cached in (private_vendors.packages, private_vendors.adapters):
        cached.cache_clear()


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Install a package of private vendors in this process: its module, its version, its vendors and resources."""
    monkeypatch.syspath_prepend(tmp_path)
    before = {*sys.modules}
    forget()

    def installed(
        module: str = "acme_vendors",
        *,
        built: str = VERSION,
        vendors: dict[str, tuple[str, ...]] | None = None,
        resources: tuple[str, ...] = (),
        text: str | None = None,
        entry: str | None = None,
    ) -> Path:
        vendors = {"acme-desk": ("tasks",)} if vendors is None else vendors
        folder = tmp_path / module
        (folder / "catalog").mkdir(parents=True)
        (folder / "catalog/__init__.py").touch()
        (folder / "__init__.py").write_text(text or f"COMPILER = {built!r}\nVENDORS = {vendors!r}\nRESOURCES = {resources!r}\n")
        for vendor, offered in vendors.items():
            (folder / f"catalog/{vendor}.json").write_text(json.dumps({"vendor": vendor}))
            package = folder / "vendors" / vendor.replace("-", "_")
            package.mkdir(parents=True)
            (folder / "vendors/__init__.py").touch()
            source = f"from unified_runtime import Vendor\nVENDOR = Vendor(name={vendor!r}, title='Acme', servers={{}}, package=__name__)\n"
            (package / "__init__.py").write_text(source)
            for resource in offered:
                (package / f"{resource}.py").touch()
        information = tmp_path / f"{module}-1.0.dist-info"
        information.mkdir()
        (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
        (information / "entry_points.txt").write_text(f"[unified.vendors]\n{module} = {entry or module}\n")
        return folder

    yield installed
    forget()
    for name in {*sys.modules} - before:
        if name.partition(".")[0] in {path.name for path in tmp_path.iterdir()}:
            del sys.modules[name]


def test_a_private_vendor_joins_those_of_its_resource(install: Install) -> None:
    vendors = VendorModules("unified.tasks", ("jira", "google-drive"))
    install(vendors={"acme-desk": ("tasks",), "acme-chat": ("messages",)})
    assert dict(vendors) == {
        "acme-desk": "acme_vendors.vendors.acme_desk.tasks",
        "google-drive": "unified.vendors.google_drive.tasks",
        "jira": "unified.vendors.jira.tasks",
    }
    assert ("acme-desk" in vendors, "acme-chat" in vendors, len(vendors)) == (True, False, 3)
    with pytest.raises(KeyError):
        vendors["acme-chat"]


def test_a_private_vendor_is_loaded_by_name(install: Install) -> None:
    install()
    assert load("acme-desk").package == "acme_vendors.vendors.acme_desk"
    assert {"acme-desk", "jira"} <= {*available()}
    assert load("jira").package == "unified.vendors.jira"


def test_vendors_of_the_distribution_need_no_private_package(install: Install) -> None:
    install(built="0.0.1")
    vendors = VendorModules("unified.tasks", ("jira",))
    assert vendors["jira"] == "unified.vendors.jira.tasks"
    assert "jira" in vendors
    assert load("jira").name == "jira"


def test_a_package_of_another_version(install: Install) -> None:
    install(built="0.0.1")
    with pytest.raises(PrivateVendorError, match=rf"built by unified-apis 0\.0\.1, and {VERSION} is installed: run `gen build --into"):
        private_vendors.packages()


def test_an_entry_point_without_its_package(install: Install) -> None:
    install(entry="acme_vendor")
    with pytest.raises(PrivateVendorError, match=r"acme_vendors = 'acme_vendor' of acme_vendors in the group .* does not load"):
        private_vendors.packages()


def test_an_entry_point_of_an_object_that_does_not_exist(install: Install) -> None:
    install(entry="acme_vendors:register")
    with pytest.raises(PrivateVendorError, match=r"does not load: .*register"):
        private_vendors.packages()


def test_an_entry_point_of_another_package(install: Install) -> None:
    install(text='"""The application."""\n')
    with pytest.raises(PrivateVendorError, match="is not a package that `gen build --into` has written"):
        private_vendors.packages()


def test_a_package_without_its_data(install: Install) -> None:
    folder = install()
    (folder / "catalog/acme-desk.json").unlink()
    with pytest.raises(PrivateVendorError, match=r"without catalog/acme-desk\.json: include the JSON files"):
        private_vendors.packages()


def test_a_vendor_of_the_distribution(install: Install) -> None:
    install(vendors={"jira": ("tasks",)})
    with pytest.raises(PrivateVendorError, match="acme_vendors has a vendor 'jira', and unified-apis has one of this name"):
        VendorModules("unified.tasks", ("jira",))["other"]


def test_two_packages_with_one_vendor(install: Install) -> None:
    install("one_vendors")
    install("two_vendors")
    with pytest.raises(PrivateVendorError, match="two_vendors has a vendor 'acme-desk', and one_vendors has one"):
        available()


@pytest.mark.parametrize("resource", ["tasks", "invoices"])
def test_a_model_that_exists(install: Install, resource: str) -> None:
    install("one_vendors", vendors={"one": ("invoices",)}, resources=("invoices",))
    install("two_vendors", vendors={"two": (resource,)}, resources=(resource,))
    with pytest.raises(PrivateVendorError, match=f"two_vendors has a model of '{resource}', and (unified-apis|one_vendors) has one"):
        private_vendors.resource_names()


def test_the_package_of_a_resource(install: Install) -> None:
    install(vendors={"acme-desk": ("invoices", "tasks")}, resources=("invoices",))
    assert [private_vendors.resource_package(name) for name in ("tasks", "invoices", "unknown")] == ["unified", "acme_vendors", "unified"]
