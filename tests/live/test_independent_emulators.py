"""The behaviour suite against an emulator of GitHub that others wrote: the mapping and our own emulator are judged by it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.servers import emulate
from unified import projects, using
from unified_emulation.laws.verdicts import State
from unified_emulation.serving.local import LocalEmulator
from unified_emulation.suite import targets
from unified_emulation.suite.checks import Key
from unified_emulation.suite.exchanges import Recorder
from unified_emulation.suite.run import Plan, Run, run
from unified_runtime import Client, bearer
from unified_runtime.rate_limits.rate_limiter import Unlimited

pytestmark = pytest.mark.live
LACKS = {
    "users.list": "GET /repos/{owner}/{repo}/assignees",
    "task_fields.list": "GET /orgs/{org}/issue-fields",
    "task_types.list": "GET /repos/{owner}/{repo}/issue-types",
    "tasks.create parent_id": "POST /repos/{owner}/{repo}/issues/{issue_number}/sub_issues",
    "tasks.update parent_id": "POST /repos/{owner}/{repo}/issues/{issue_number}/sub_issues",
    "tasks.create type": "dropped type",
    "tasks.update type": "dropped type",
}
"""Checks that need what it does not have, with what their failure names."""


RESOURCES = ("comments", "projects", "task_fields", "task_types", "tasks", "users")
"""Resources that it has: repositories have no commits there, so that branches, files and releases cannot be created."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    if reason := emulate.missing():
        pytest.skip(reason)
    with emulate.running("github") as found:
        yield found


def _judged(address: str) -> Run:
    def connected(transport: Recorder) -> Client:
        made = Client(transport, rate_limiter=Unlimited())
        made.connect("github", bearer(emulate.TOKEN), server=address)
        return made

    target = targets.real("github", connected)
    with target.client:
        return run(target, Plan(scratch={"projects": ["ada/demo"]}, shared=True, resources=RESOURCES))


def _check(key: Key) -> str:
    return f"{key.resource}.{key.operation} {key.subject}".strip()


def test_the_mapping_holds_for_all_operations_that_it_has(address: str) -> None:
    of_others = _judged(address)
    broken = {_check(each.key): each.reason for each in of_others.results if each.state is State.BROKEN}
    assert broken.keys() == LACKS.keys(), broken
    assert [name for name, reason in broken.items() if LACKS[name] not in (reason or "")] == []
    assert sum(each.state is State.HELD for each in of_others.results) >= 50


def test_our_emulator_holds_what_the_other_holds(address: str) -> None:
    others = {each.key: each.state for each in _judged(address).results}
    target = targets.emulated("github", LocalEmulator(["github"]))
    with target.client:
        with using(target.client):
            (project, *_) = (each.id for each in projects.list(via="github"))
        ours = {each.key: each for each in run(target, Plan(scratch={"projects": [project]}, shared=True, resources=RESOURCES)).results}
    held = {key for key, state in others.items() if state is State.HELD}
    assert {str(key): ours[key].reason for key in held & ours.keys() if ours[key].state is State.BROKEN} == {}
    assert len(held & ours.keys()) >= 40
