"""The real servers: started with `--live` or `--record`, replayed from cassettes/ without."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from tests.support import recording
from tests.support.servers import redmine as servers
from tests.support.servers.redmine import Redmine


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that no recording can stand for (`live`) belong to `make test-live` alone."""
    if config.getoption("--live"):
        return
    live = [item for item in items if item.get_closest_marker("live")]
    config.hook.pytest_deselected(items=live)
    items[:] = [item for item in items if item not in live]


@pytest.fixture(scope="session")
def running_redmine() -> Iterator[Redmine]:
    if reason := servers.missing():
        pytest.skip(reason)
    with servers.running() as server:
        yield server


def _fresh(request: pytest.FixtureRequest) -> Redmine:
    """The running server with a project for this test alone."""
    server: Redmine = request.getfixturevalue("running_redmine")
    return servers.with_project(server, re.sub(r"[^a-z0-9]+", "-", request.node.name).strip("-")[:100])


@pytest.fixture
def redmine(request: pytest.FixtureRequest) -> Iterator[Redmine]:
    """A real Redmine, or what one answered when this test was recorded."""
    path = Path("redmine", f"{request.node.name}.yaml")
    if request.config.getoption("--record"):
        server = _fresh(request)
        with recording.recorded(path, server.url) as cassette:
            seeded = {name: value for name, value in asdict(server).items() if name not in ("url", "key", "version")}
            cassette.get_metadata("server", {"product": "Redmine", "version": server.version, "seeded": seeded})
            yield server
        assert server.key not in (recording.FOLDER / path).read_text(encoding="utf-8")
    elif request.config.getoption("--live"):
        yield _fresh(request)
    else:
        with recording.replayed(path) as cassette:
            told = cassette.get_metadata("server", None)
            yield Redmine(url=recording.replay_url(path), key=recording.REDACTED, version=told["version"], **told["seeded"])
            assert cassette.all_played, f"{path} holds requests that were not made"
