"""The behaviour suite, against emulators in this process."""

from __future__ import annotations

from dataclasses import replace

import pytest

from unified_emulation.laws.verdicts import State
from unified_emulation.serving.local import LocalEmulator
from unified_emulation.suite import compare, targets
from unified_emulation.suite.checks import Key
from unified_emulation.suite.errors import unknown
from unified_emulation.suite.run import Plan, Run, run


@pytest.fixture(scope="module")
def todoist() -> Run:
    return run(targets.emulated("todoist"), Plan(resources=("projects", "tasks", "comments")))


def test_every_kind_of_check_is_made_of_a_vendor(todoist: Run) -> None:
    kinds = {result.key.kind for result in todoist.results}
    wanted = {"new records", "round trips", "enum values", "clearing", "rest unchanged", "filters", "pages", "ids", "deletion", "errors"}
    assert wanted <= kinds
    assert not [
        str(result) for result in todoist.results if result.state is State.BROKEN and result.key.kind in ("pages", "ids", "deletion")
    ]
    assert sum(result.state is State.HELD for result in todoist.results) > 50


def test_each_result_has_the_requests_that_it_rests_on(todoist: Run) -> None:
    results = {result.key: result for result in todoist.results}
    assert results[Key("errors", "tasks", "get", "unknown id")].observed == ("GET /tasks/{id} 404",)
    assert results[Key("errors", "tasks", "get", "unknown id")].seen == "NotFound"
    assert all(exchange.call is not None for exchange in todoist.exchanges)


def test_created_records_are_deleted_at_the_end() -> None:
    emulator = LocalEmulator(["todoist"])
    engine = emulator.emulators.by_name["todoist"].emulator
    tables = [engine.tables.by_noun[noun] for noun in ("task", "project", "comment")]
    before = [len(engine.account.records(table)) for table in tables]
    made = run(targets.emulated("todoist", emulator), Plan(resources=("tasks",)))
    assert sum(call.operation.method == "POST" for exchange in made.exchanges if (call := exchange.call) is not None) > 10
    assert made.remains == ()
    assert [len(engine.account.records(table)) for table in tables] == before


def test_only_records_of_the_suite_are_changed_in_an_account_that_others_use() -> None:
    emulator = LocalEmulator(["todoist"])
    engine = emulator.emulators.by_name["todoist"].emulator
    before = {record.number: dict(record.values) for table in engine.tables for record in engine.account.records(table)}
    run(targets.emulated("todoist", emulator), Plan(shared=True))
    after = {record.number: record.values for table in engine.tables for record in engine.account.records(table)}
    assert {number: after.get(number) for number in before} == before


def test_equal_runs_have_no_differences(todoist: Run) -> None:
    again = run(targets.emulated("todoist"), Plan(resources=("projects", "tasks", "comments")))
    assert [str(one) for one in compare.differences(todoist, again)] == []


def test_differences_have_the_check_and_both_results(todoist: Run) -> None:
    first, second, third, *rest = todoist.results
    changed = (
        replace(first, state=State.BROKEN, reason="it is red"),
        replace(second, seen="NotFound"),
        replace(third, observed=("GET /x 500",)),
    )
    found = compare.differences(todoist, replace(todoist, results=(*changed, *rest[1:])))
    assert [one.what for one in found] == ["result", "outcome", "responses", "check"]
    assert found[0].other == "broken (it is red)"
    assert (found[3].key, found[3].other) == (rest[0].key, "not made")


@pytest.mark.parametrize(
    ("known", "other"), [("12", "9999999"), ("PROJ-7", "PROJ-9999999"), ("6X4Vw2Hfmg73Q2XR", "6X4Vw2Hfmg000000"), ("!a:b/$x", "!a:b/$0")]
)
def test_an_unknown_id_has_the_form_of_a_known_one(known: str, other: str) -> None:
    assert unknown(known) == other
