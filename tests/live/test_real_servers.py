"""The behaviour suite on real servers: their emulators behave equally, and `unified verify` leaves nothing behind.

`make verified` writes the results to specs/<vendor>/verified.yaml. About 30 s on an idle machine of two cores.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from click.testing import CliRunner

from tests.support.servers import roundup as roundups
from tests.support.servers.messengers import of_synapse
from tests.support.servers.redmine import Redmine
from tests.support.servers.synapse import Synapse
from tests.support.servers.trackers import of_redmine, of_roundup
from unified import channels, projects, tasks, using
from unified_emulation.serving.local import LocalEmulator
from unified_emulation.suite import compare, evidence, targets
from unified_emulation.suite.run import Plan, run
from unified_openapi.behaviour.load import load_behaviour
from unified_openapi.behaviour.verified import VERIFIED, load_verified
from unified_platform.cli import main
from unified_runtime import Client
from unified_runtime.rate_limits.rate_limiter import Unlimited

pytestmark = pytest.mark.live
SEEDS = Path(__file__).with_name("seeds")
SPECS = Path(__file__).parents[2] / "specs"
WRITE = "UNIFIED_WRITE_VERIFIED"
"""Environment variable that makes this test write the results instead of comparing them."""


def emulated(vendor: str) -> tuple[targets.Target, Plan]:
    """Return the emulator with the records that the real server has, and the plan of its suite."""
    target = targets.emulated(vendor, LocalEmulator([vendor], seed=SEEDS / f"{vendor}.yaml"))
    with using(target.client):
        for name in ("Paged", "Demo") if vendor == "matrix" else ():
            channels.create(name=name, private=False, via="matrix")
        scratch = {"projects": [each.id for each in projects.list(via="redmine") if each.name == "Demo"]} if vendor == "redmine" else {}
    return target, Plan(scratch=scratch, create={"channels": "Suite"} if vendor == "matrix" else {})


def _add_versions(server: Redmine) -> None:
    """Create the versions of the project, if it has none. They are its sprints; there is no unified operation for it."""
    with httpx2.Client(base_url=server.url, headers={"X-Redmine-API-Key": server.key}, trust_env=False) as client:
        path = f"/projects/{server.project_id}/versions.json"
        there = client.get(path).raise_for_status().json()["versions"]
        for name, due in () if there else (("Sprint 1", "2030-02-01"), ("Sprint 2", "2030-03-01")):
            version = {"name": name, "due_date": due}
            client.post(path, json={"version": version}).raise_for_status()


def real(vendor: str, request: pytest.FixtureRequest) -> tuple[targets.Target, Plan, str]:
    """Return the real server, the plan of its suite, and its product and version."""

    def connected(connect: Callable[[Client], None]) -> targets.Target:
        target = targets.real(vendor, lambda transport: Client(transport, rate_limiter=Unlimited()))
        connect(target.client)
        return target

    if vendor == "redmine":
        redmine: Redmine = request.getfixturevalue("running_redmine")
        _add_versions(redmine)
        plan = Plan(scratch={"projects": [str(redmine.project_id)]})
        return connected(of_redmine(redmine).connect), plan, f"Redmine {redmine.version}"
    if vendor == "roundup":
        host = request.getfixturevalue("empty_roundup")
        tracker = host.fresh()
        return connected(of_roundup(tracker).connect), Plan(), f"Roundup {tracker.version}"
    synapse: Synapse = request.getfixturevalue("running_synapse")
    return connected(of_synapse(synapse).connect), Plan(create={"channels": "Suite"}), f"Synapse {synapse.version}"


@pytest.fixture(scope="module")
def empty_roundup() -> Any:
    if reason := roundups.missing():
        pytest.skip(reason)
    with roundups.running(paged=0) as host:
        yield host


@pytest.mark.parametrize("vendor", ["matrix", "redmine", "roundup"])
def test_emulators_behave_as_real_servers(vendor: str, request: pytest.FixtureRequest) -> None:
    target, plan = emulated(vendor)
    with target.client:
        of_emulator = run(target, plan)
    server, server_plan, product = real(vendor, request)
    with server.client:
        of_server = run(server, server_plan)
    differences = [str(one) for one in compare.differences(of_emulator, of_server)]
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    made = evidence.suite_run(of_server, server, "real_server", product, today, tuple(differences))
    if os.environ.get(WRITE):
        (SPECS / vendor / VERIFIED).write_text(
            evidence.verified_text(evidence.merged(load_verified(SPECS / vendor), made)), encoding="utf-8"
        )
    assert differences == []
    (committed,) = (each for each in load_verified(SPECS / vendor).runs if each.basis == "real_server")
    assert msgspec.structs.replace(made, checked=committed.checked, product=committed.product) == committed


@pytest.mark.parametrize("vendor", ["redmine", "roundup"])
def test_an_account_is_verified_and_left_as_it_was(vendor: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    server, _, _ = real(vendor, request)
    connection = server.client.connections
    if vendor == "redmine":
        redmine: Redmine = request.getfixturevalue("running_redmine")
        _add_versions(redmine)
        environment = {"UNIFIED_REDMINE_X_REDMINE_API_KEY": redmine.key, "UNIFIED_REDMINE_URL": redmine.url}
        scratch = ("--scheme", "ApiKey", "--scratch", f"projects={redmine.project_id}")
    else:
        host = request.getfixturevalue("empty_roundup")
        url = max(host.trackers)
        environment = {
            "UNIFIED_ROUNDUP_URL": f"{host.seeded.url}/{url}",
            "UNIFIED_ROUNDUP_USERNAME": host.seeded.admin,
            "UNIFIED_ROUNDUP_PASSWORD": host.seeded.password,
        }
        scratch = ()
    assert connection is not None
    with server.client, using(server.client):
        before = [task.id for task in tasks.list(via=vendor, **({} if vendor == "roundup" else {"project_id": str(redmine.project_id)}))]
        arguments = ["verify", vendor, *scratch, "--resource", "comments", "--yes", "--output", str(tmp_path)]
        result = CliRunner().invoke(main, arguments, env=environment)
        after = [task.id for task in tasks.list(via=vendor, **({} if vendor == "roundup" else {"project_id": str(redmine.project_id)}))]
    assert result.exit_code == 0, result.output
    assert after == before
    assert load_behaviour(tmp_path).faults == ()
    (made,) = load_verified(tmp_path).runs
    assert made.basis == "live_account"
    assert made.operations["comments.create"].held > 2
    secrets = [value for name, value in environment.items() if not name.endswith("URL")]
    assert not [each for each in secrets for file in tmp_path.iterdir() if len(each) > 8 and each in file.read_text("utf-8")]
