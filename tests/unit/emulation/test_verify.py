"""`unified verify`, against emulators, and the evidence that it writes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from unified_emulation.laws.verdicts import State
from unified_emulation.serving.emulators import Emulators
from unified_emulation.suite import evidence, facts, targets
from unified_emulation.suite.checks import Key
from unified_emulation.suite.run import Plan, models, run
from unified_emulation.suite.scratch import SCRATCH, scratch_of
from unified_openapi.behaviour.load import load_behaviour
from unified_openapi.behaviour.verified import load_verified, parse_verified
from unified_openapi.documents.reading import DocumentFault
from unified_platform.cli import main
from unified_runtime import InvalidInput


def verified(address: str, *arguments: str, input: str | None = None) -> Result:
    return CliRunner().invoke(main, ["verify", "todoist", "--emulator", address, "--resource", "comments", *arguments], input=input)


def project(emulators: Emulators) -> str:
    engine = emulators.by_name["todoist"].emulator
    return str(engine.account.seeded(engine.tables.by_noun["project"], {})[0].values["id"])


def test_it_writes_nothing_without_consent(served: tuple[str, Emulators]) -> None:
    address, emulators = served
    emulators.reset()
    result = verified(address, "--scratch", f"projects={project(emulators)}", input="n\n")
    assert result.exit_code == 1
    assert "creates, changes and deletes records at http://127.0.0.1" in result.stderr
    assert f"in projects {project(emulators)}" in result.stderr
    assert [exchange.method for exchange in emulators.exchanges.listed() if exchange.method != "GET"] == []


def test_it_prints_a_table_of_operations(served: tuple[str, Emulators]) -> None:
    address, emulators = served
    emulators.reset()
    result = verified(address, "--scratch", f"projects={project(emulators)}", "--yes")
    rows = {line.split()[0]: line.split()[1:] for line in result.stdout.splitlines() if line.startswith("comments.")}
    assert {name: row[1] for name, row in rows.items()}["comments.get"] == "0"
    assert int(rows["comments.update"][0]) >= 3
    assert result.exit_code == (0 if all(row[1] == "0" for row in rows.values()) else 1)
    data = json.loads(verified(address, "--scratch", f"projects={project(emulators)}", "--yes", "--json").stdout)
    assert data["operations"]["comments.get"]["held"] == int(rows["comments.get"][0])


def test_a_scratch_record_is_required() -> None:
    target = targets.emulated("confluence")
    with pytest.raises(InvalidInput, match=f"create a space named '{SCRATCH}' in Confluence"):
        scratch_of(target, models(), {}, ["pages"])


@pytest.mark.parametrize(("given", "message"), [("projects", "accepts RESOURCE=ID"), ("projekts=1", "did you mean 'projects'?")])
def test_a_scratch_record_that_is_not_valid_is_rejected(served: tuple[str, Emulators], given: str, message: str) -> None:
    result = verified(served[0], "--scratch", given, "--yes")
    assert message in result.stderr
    assert result.exit_code != 0


def test_a_scratch_record_is_found_by_its_name() -> None:
    target = targets.emulated("todoist")
    assert scratch_of(target, models(), {}, ["tasks"]) == ({}, ["projects"])
    target.client.request("todoist", "POST", "/projects", json={"name": SCRATCH})
    found, missing = scratch_of(target, models(), {}, ["tasks"])
    assert (len(found["projects"]), missing) == (1, [])
    assert scratch_of(target, models(), {}, ["users"]) == ({}, [])


def test_evidence_has_the_formats_of_the_specs_and_no_values_of_the_account(tmp_path: Path) -> None:
    target = targets.emulated("redmine")
    done = run(target, Plan(resources=("tasks",), shared=True))
    made = evidence.suite_run(done, target, "real_server", "Redmine 6.0.5", "2031-01-02")
    files = evidence.write(done, target, tmp_path, run=made)
    behaviour = load_behaviour(tmp_path)
    assert behaviour.faults == ()
    assert {"issue-starts", "update-is-204", "assignee-exists"} <= behaviour.facts.keys()
    assert {(fact.basis, fact.checked) for fact in behaviour.facts.values()} == {("real_server", "2031-01-02")}
    (loaded,) = load_verified(tmp_path).runs
    assert loaded == made
    assert loaded.operations["tasks.create"].held > 10
    texts = "".join(file.read_text("utf-8") for file in files)
    engine = target.client.transport
    ids = {str(each.content["issue"]["id"]) for each in done.exchanges if isinstance(each.content, dict) and "issue" in each.content}
    assert ids
    assert engine is not None
    assert not [id for id in ids if id in texts]
    assert "Title1" not in texts


def test_a_contradicted_fact_is_left_out_of_the_evidence() -> None:
    target = targets.emulated("redmine")
    done = run(target, Plan(resources=("tasks",), shared=True))
    fact = target.behaviour.facts["issue-starts-normal"]
    wrong = msgspec.structs.replace(fact, values={"priority.name": "High"})
    changed = msgspec.structs.replace(target.behaviour, facts={"issue-starts-normal": wrong})
    ((_, _, state, reason),) = facts.judged(changed, target.reader, done.exchanges)
    assert (state, reason) == (State.BROKEN, "`priority.name` is 'Normal', not 'High'")
    assert evidence.suite_run(done, replace(target, behaviour=changed), "live_account", "Redmine", "2031-01-02").facts == ()


def test_a_new_run_replaces_that_of_its_basis() -> None:
    target = targets.emulated("todoist")
    done = run(target, Plan(resources=("projects",)))
    assert Key("errors", "projects", "get", "unknown id") in {result.key for result in done.results}
    first, second = (evidence.suite_run(done, target, "live_account", "Todoist", date) for date in ("2031-01-02", "2031-02-03"))
    other = evidence.suite_run(done, target, "real_server", "Todoist 1", "2031-01-02")
    known = parse_verified(evidence.verified_text([first, other]).encode(), "verified.yaml")
    assert evidence.merged(known, second) == [other, second]


def test_runs_that_are_not_valid_are_rejected() -> None:
    with pytest.raises(DocumentFault, match="Invalid enum value 'guess'"):
        parse_verified(b"runs: [{basis: guess, product: A, checked: 2031-01-02, operations: {}}]", "verified.yaml")


def test_a_scratch_record_is_created_and_deleted_if_the_vendor_can() -> None:
    target = targets.emulated("matrix")
    done = run(target, Plan(resources=("messages",), shared=True, create={"channels": SCRATCH}))
    calls = [each.call.operation.name for each in done.exchanges if each.call is not None]
    assert calls.index("createRoom") < calls.index("sendMessage")
    assert calls[-1] == "leaveRoom"
    assert done.remains == ()
    sent = {str(each.call.path["roomId"]) for each in done.exchanges if each.call is not None and each.call.operation.name == "sendMessage"}
    assert "!general:emulated.example" not in sent
