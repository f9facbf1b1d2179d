"""The three judges of each vendor, with its complete document and our overlay; one of each per vendor and session."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from tests.support.complete_documents import CompleteDocument, complete_document
from tests.support.judges import Judge, Request, prism
from tests.support.judges.closed import ClosedWorld
from tests.support.judges.core import OpenapiCore
from tests.support.judges.prepare import prepared

SAMPLE = 4
"""Vendors that the judges test for one commit: each starts a Prism, and judges 100 requests of each operation."""


@dataclass(frozen=True, slots=True)
class Bench:
    """The judges of one vendor. `refusals` is empty if all of them accept the request."""

    prism: prism.Prism
    core: Judge
    closed: Judge

    def refusals(self, request: Request) -> dict[str, list[str]]:
        verdicts = {judge.name: judge.verdict(request) for judge in (self.closed, self.core, self.prism)}
        return {name: reasons for name, reasons in verdicts.items() if reasons}


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist looks at the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # All tests of a vendor on one worker: its Prism is then started once.
    for item in items:
        vendor = item.callspec.params.get("vendor") if isinstance(item, pytest.Function) and hasattr(item, "callspec") else None
        if vendor is not None:
            item.add_marker(pytest.mark.xdist_group(f"vendor-{vendor}"))


@pytest.fixture
def document(vendor: str, record_property: Callable[[str, object], None]) -> CompleteDocument:
    """Return the vendor's complete document, or its facts; the summary lists it."""
    found = complete_document(vendor)
    record_property("document", str(found))
    return found


@pytest.fixture(scope="session")
def benches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Bench]]:
    started: dict[str, Bench] = {}
    with ExitStack() as stack:

        def bench(vendor: str) -> Bench:
            if vendor not in started:
                document, _ = prepared(complete_document(vendor).document)
                server = stack.enter_context(prism.serving(document, tmp_path_factory.mktemp("prism"), vendor))
                started[vendor] = Bench(
                    server, OpenapiCore(complete_document(vendor).document), ClosedWorld(complete_document(vendor).document)
                )
            return started[vendor]

        yield bench


@pytest.fixture
def judges(vendor: str, document: CompleteDocument, benches: Callable[[str], Bench]) -> Bench:
    if reason := prism.missing():
        pytest.skip(reason)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Unsupported scheme type", UserWarning)  # openapi-core on OAuth2; Prism and ours check it
        return benches(vendor)
