"""The three judges of each vendor, over its whole document with our overlay; one of each per vendor and session."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from tests.support import whole as documents
from tests.support.judges import Judge, Request, prism
from tests.support.judges.closed import ClosedWorld
from tests.support.judges.core import OpenapiCore
from tests.support.judges.prepare import prepared
from tests.support.whole import Whole, whole


@dataclass(frozen=True, slots=True)
class Bench:
    """The judges of one vendor. `refusals` is empty when all of them accept the request."""

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
def document(vendor: str, record_property: Callable[[str, object], None]) -> Whole:
    """The vendor's whole document; the summary names it."""
    if reason := documents.missing():
        pytest.skip(reason)
    found = whole(vendor)
    record_property("document", str(found))
    return found


@pytest.fixture(scope="session")
def benches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Bench]]:
    started: dict[str, Bench] = {}
    with ExitStack() as stack:

        def bench(vendor: str) -> Bench:
            if vendor not in started:
                document, _ = prepared(whole(vendor).document)
                server = stack.enter_context(prism.serving(document, tmp_path_factory.mktemp("prism"), vendor))
                started[vendor] = Bench(server, OpenapiCore(whole(vendor).document), ClosedWorld(whole(vendor).document))
            return started[vendor]

        yield bench


@pytest.fixture
def judges(vendor: str, document: Whole, benches: Callable[[str], Bench]) -> Bench:
    if reason := prism.missing():
        pytest.skip(reason)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Unsupported scheme type", UserWarning)  # openapi-core on OAuth2; Prism and ours check it
        return benches(vendor)
