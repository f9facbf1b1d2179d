"""Behavior that the schemas of vendors' documents do not declare: the property from which a written property is read.

Each declaration names the schema that states it. All are independent of mappings/. A vendor without a store is tested by everything that
needs none; the summary of a run lists it, with the tests that are not run for it.
"""

from __future__ import annotations

import importlib
from collections.abc import Container, Iterable
from pathlib import Path
from typing import Any

import pytest

from tests.support import emulated
from tests.support.store import Document, Store

WITHOUT: dict[str, dict[str, None]] = {}
"""Vendors without a store, and the modules of tests that are not run for them."""
_KEY = "vendors without a store"


def has_store(vendor: str) -> bool:
    """Return true if the vendor has a store or an emulator."""
    return emulated.is_emulated(vendor) or _module(vendor) in {path.stem for path in Path(__file__).parent.glob("[a-z]*.py")}


def stored(vendors: Iterable[str], module: str, among: Container[str] | None = None) -> tuple[str, ...]:
    """Return those of the vendors that have a store; with `among`, only those whose store can do what the tests need.

    The summary lists the others with the module of tests, by name.
    """
    every = tuple(dict.fromkeys(vendors))
    found = tuple(vendor for vendor in every if has_store(vendor) and (among is None or vendor in among))
    for vendor in every:
        if vendor not in found:
            WITHOUT.setdefault(vendor, {})[module.rpartition(".")[2]] = None
    return found


def store_of(vendor: str, document: Document) -> Store | emulated.EmulatedStore:
    """Return a new server for a vendor's complete document: an emulated account, or an empty store."""
    if emulated.is_emulated(vendor):
        importlib.import_module("tests.support.accounts").account_of(vendor)  # it has the records of the account
        return emulated.EmulatedStore(vendor, document)
    made: Store = importlib.import_module(f"tests.support.stores.{_module(vendor)}").store(document)
    return made


def _module(vendor: str) -> str:
    return vendor.replace("-", "_")


# --------------------------------------------------------------------------------------------------------- hooks of pytest
def pytest_sessionfinish(session: pytest.Session) -> None:
    output: dict[str, Any] | None = getattr(session.config, "workeroutput", None)
    if output is not None:  # a worker of pytest-xdist: the terminal is the controller's
        output[_KEY] = {vendor: list(modules) for vendor, modules in WITHOUT.items()}


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    for vendor, modules in getattr(node, "workeroutput", {}).get(_KEY, {}).items():
        WITHOUT.setdefault(vendor, {}).update(dict.fromkeys(modules))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if WITHOUT:
        found = "; ".join(f"{vendor} ({', '.join(sorted(modules))})" for vendor, modules in sorted(WITHOUT.items()))
        terminalreporter.line(f"{_KEY}, and the tests that are not run for them: {found}")
