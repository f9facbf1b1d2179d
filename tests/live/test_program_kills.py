"""Durable programs over real Redmine and Roundup, with their processes killed at random: nothing is lost, nothing is executed twice.

`UNIFIED_TEST_KILLS=100` sets the number of kills; 6 by default, which take about half a minute. The records are counted on the servers,
by their own interfaces.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.support.servers.redmine import Redmine
from tests.support.servers.roundup import Roundup
from tests.support.servers.trackers import of_redmine, of_roundup
from unified_platform.idempotency.store import open_idempotency_store
from unified_platform.programs import ProgramRunner, open_program_store, store
from unified_platform.tools import tools
from unified_runtime import Client, Settings
from unified_runtime.core.errors import Conflict
from unified_runtime.rate_limits.rate_limiter import Unlimited

pytestmark = pytest.mark.live  # processes are killed while they talk to the servers: this cannot be recorded

KILLS = int(os.environ.get("UNIFIED_TEST_KILLS", "6"))
_PER_PROGRAM = 3
CODE = """
from unified import tasks
made = []
for i in range(4):
    made.append(tasks.create(title=f"{title}-{i}", project_id=project, via="redmine").id)
    made.append(tasks.create(title=f"{title}-{i}", via="roundup").id)
tasks.update(made[0], description="changed", via="redmine")
[tasks.get(made[0], via="redmine").description, len(made)]
"""


def _run(folder: str, redmine: Redmine, roundup: Roundup, number: int, begun: Any) -> None:
    """Run the program in a process, again and again until it has ended."""
    store.LEASE = 1.0
    client = Client(settings=Settings(backoff=0.05, deadline=30), rate_limiter=Unlimited(), idempotency=_idempotency(folder))
    of_redmine(redmine).connect(client)
    of_roundup(roundup).connect(client)
    opened = open_program_store(Path(folder) / "programs.db", key=f"file:{folder}/key")
    runner = ProgramRunner(list(tools(toolsets=["tasks"], vendors=["redmine", "roundup"], client=client)), store=opened)
    code = f"title = 'program-{number}'\nproject = '{redmine.project_id}'\n{CODE}"
    begun.set()
    last = ""
    for _ in range(60):
        try:
            outcome = runner.run(code, key=f"program-{number}")
        except Conflict as error:  # the lease of the process that was killed has not ended
            last = error.message
            time.sleep(0.2)
            continue
        if outcome.state == "completed":
            assert outcome.value == ["changed", 8], outcome
            return
        assert outcome.state == "paused", outcome
        assert "whether it was executed is not known" in outcome.text, outcome
        last = outcome.text
        _settle(client.idempotency)
        time.sleep(0.2)
    raise AssertionError(f"the program did not come to its end: {last}")


def _settle(writes: Any) -> None:
    """Settle unconfirmed writes as a person would: each title is used once, so a record with it is the one that was created."""
    for write in writes.unconfirmed_writes():
        writes.resolve(write.id, made=write.candidates[0].id if write.candidates else None)


def _idempotency(folder: str) -> Any:
    opened = open_idempotency_store(Path(folder) / "writes.db")
    lease = opened.own(alive=1.0)
    time.sleep(1.1)
    lease.dead()  # releases the writes of the process that was killed, as a broker does: its name may not have been free yet
    return opened


def test_killed_programs_lose_nothing_and_repeat_nothing(redmine: Redmine, roundup: Roundup, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    chance = random.Random(20261130)
    numbers = range(-(-KILLS // _PER_PROGRAM))
    killed = 0
    for number in numbers:
        left = _PER_PROGRAM
        while True:
            begun = context.Event()
            process = context.Process(target=_run, args=(str(tmp_path), redmine, roundup, number, begun), daemon=True)
            process.start()
            assert begun.wait(90)
            process.join(chance.random() * 1.5 if left else 120)
            if process.exitcode is not None:
                break
            assert left, "the program did not come to its end"
            os.kill(process.pid or 0, signal.SIGKILL)
            process.join()
            left, killed = left - 1, killed + 1
        assert process.exitcode == 0
    print(f"{killed} kills")
    expected = sorted(f"program-{number}-{i}" for number in numbers for i in range(4))
    assert _redmine(redmine) == expected
    assert _roundup(roundup) == expected


def _redmine(server: Redmine) -> list[str]:
    found: list[str] = []
    with httpx2.Client(base_url=server.url, headers={"X-Redmine-API-Key": server.key}, trust_env=False, timeout=60) as client:
        while True:  # a page has at most 100 issues
            query = {"project_id": server.project_id, "status_id": "*", "limit": 100, "offset": len(found), "subject": "~program-"}
            page = client.get("/issues.json", params=query).raise_for_status().json()
            found += [one["subject"] for one in page["issues"]]
            if not page["issues"] or len(found) >= page["total_count"]:
                return sorted(found)


def _roundup(server: Roundup) -> list[str]:
    auth = (server.admin, server.password)
    with httpx2.Client(base_url=server.url, auth=auth, trust_env=False, timeout=60) as client:
        query = {"@fields": "title", "@page_size": "500", "title": "program-"}
        found = client.get("/rest/data/issue", params=query).raise_for_status().json()["data"]["collection"]
        return sorted(one["title"] for one in found)
