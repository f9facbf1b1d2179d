"""The real servers: started with `--live` or `--record`, otherwise replayed from cassettes/."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.support import recording
from tests.support.servers import redmine as redmines
from tests.support.servers import roundup as roundups
from tests.support.servers import synapse as synapses
from tests.support.servers.messengers import Messenger, of_synapse
from tests.support.servers.redmine import Redmine
from tests.support.servers.roundup import Host, Roundup
from tests.support.servers.synapse import Synapse
from tests.support.servers.trackers import Tracker, of_redmine, of_roundup

Server = TypeVar("Server", Redmine, Roundup, Synapse)


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "tracker_settings(**settings): lines of config.ini of the Roundup that this test talks to")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that cannot be recorded (`live`) belong to `make test-live` only. Emulators are compared with servers that are still new."""
    if config.getoption("--live"):
        items.sort(key=lambda item: item.path.name != "test_real_servers.py")
        return
    live = [item for item in items if item.get_closest_marker("live")]
    config.hook.pytest_deselected(items=live)
    items[:] = [item for item in items if item not in live]


@pytest.fixture(scope="session")
def running_redmine() -> Iterator[Redmine]:
    if reason := redmines.missing():
        pytest.skip(reason)
    with redmines.running() as server:
        yield server


@pytest.fixture(scope="session")
def running_roundup() -> Iterator[Host]:
    if reason := roundups.missing():
        pytest.skip(reason)
    with roundups.running() as host:
        yield host


@pytest.fixture(scope="session")
def running_synapse() -> Iterator[Synapse]:
    if reason := synapses.missing():
        pytest.skip(reason)
    with synapses.running() as server:
        yield server


def _fresh_synapse(request: pytest.FixtureRequest) -> Synapse:
    """The running server with a room for this test only."""
    server: Synapse = request.getfixturevalue("running_synapse")
    return synapses.with_room(server, request.node.name)


def _fresh_redmine(request: pytest.FixtureRequest) -> Redmine:
    """The running server with a project for this test only."""
    server: Redmine = request.getfixturevalue("running_redmine")
    return redmines.with_project(server, re.sub(r"[^a-z0-9]+", "-", request.node.name).strip("-")[:100])


def _fresh_roundup(request: pytest.FixtureRequest) -> Roundup:
    """A tracker for this test only, with the settings that its `tracker_settings` marker names."""
    host: Host = request.getfixturevalue("running_roundup")
    marker = request.node.get_closest_marker("tracker_settings")
    return host.fresh(**(marker.kwargs if marker is not None else {}))


@contextmanager
def _served(
    request: pytest.FixtureRequest,
    made: type[Server],
    product: str,
    secrets: tuple[str, ...],
    fresh: Callable[[pytest.FixtureRequest], Server],
    vendor: str = "",
) -> Iterator[Server]:
    """A real server, or its responses when this test was recorded. `secrets` are the fields of `made` that no cassette may hold."""
    path = Path(vendor or product.lower(), f"{_name(request)}.yaml")
    if request.config.getoption("--record"):
        server = fresh(request)
        reported = asdict(server)
        hidden = [reported.pop(secret) for secret in secrets]
        url, version = reported.pop("url"), reported.pop("version")
        with recording.recorded(path, url) as cassette:
            cassette.get_metadata("server", {"product": product, "version": version, "seeded": reported})
            yield server
        text = (recording.FOLDER / path).read_text(encoding="utf-8")
        assert not [secret for secret in hidden if secret in text]
    elif request.config.getoption("--live"):
        yield fresh(request)
    else:
        with recording.replayed(path) as cassette:
            reported = cassette.get_metadata("server", None)
            known: dict[str, Any] = {"url": recording.replay_url(path), "version": reported["version"]}
            yield made(**known, **dict.fromkeys(secrets, recording.REDACTED), **reported["seeded"])
            assert cassette.all_played, f"{path} holds requests that were not made"


def _name(request: pytest.FixtureRequest) -> str:
    """Return the test's name with its parameters except the vendor, which is the name of the folder."""
    name: str = request.node.originalname
    given = [word for word in request.node.name[len(name) :].strip("[]").split("-") if word and word not in (*TRACKERS, *MESSENGERS)]
    return f"{name}[{'-'.join(given)}]" if given else name


@pytest.fixture
def redmine(request: pytest.FixtureRequest) -> Iterator[Redmine]:
    with _served(request, Redmine, "Redmine", ("key",), _fresh_redmine) as server:
        yield server


@pytest.fixture
def roundup(request: pytest.FixtureRequest) -> Iterator[Roundup]:
    with _served(request, Roundup, "Roundup", ("password",), _fresh_roundup) as server:
        yield server


TRACKERS = {"redmine": of_redmine, "roundup": of_roundup}


@pytest.fixture(params=sorted(TRACKERS))
def tracker(request: pytest.FixtureRequest) -> Tracker:
    """Each real tracker in turn: the results must be the same."""
    made: Tracker = TRACKERS[request.param](request.getfixturevalue(request.param))
    return made


@pytest.fixture
def synapse(request: pytest.FixtureRequest) -> Iterator[Synapse]:
    secrets = ("token", "other_token", "limited_token")
    with _served(request, Synapse, "Synapse", secrets, _fresh_synapse, "matrix") as server:
        yield server


MESSENGERS = {"matrix": ("synapse", of_synapse)}


@pytest.fixture(params=sorted(MESSENGERS))
def messenger(request: pytest.FixtureRequest) -> Messenger:
    """Each real messenger in turn: the results must be the same."""
    server, of = MESSENGERS[request.param]
    made: Messenger = of(request.getfixturevalue(server))
    return made
