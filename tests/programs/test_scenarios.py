"""Tasks of several steps by programs: the same results as by tool calls, for far fewer tokens and turns. Ten seconds."""

from __future__ import annotations

from tests.programs.scenarios import SCENARIOS, by_program, by_tools, counted, needed, toolbox, words

_READS = frozenset(("tasks without a date", "count by status", "compare two vendors", "tasks of four people", "longest description of six"))


def test_programs_cost_less_and_find_the_same() -> None:
    box = toolbox()
    read, rounds, requests = [], [], []
    for scenario in SCENARIOS:
        one, other = counted(by_tools, scenario, box), counted(by_program, scenario, box)
        if scenario.name in _READS:
            assert other.value == one.value, scenario.name
        assert other.read < one.read, scenario.name
        requests.append((other.requests, one.requests))
        read.append(1 - other.read / one.read)
        rounds.append(1 - other.turns / one.turns)
    assert len(SCENARIOS) == 12
    assert all(0 < programs <= calls for programs, calls in requests), requests
    assert sum(read) / len(read) >= 0.8
    assert sum(rounds) / len(rounds) >= 0.7


def test_stubs_are_read_for_names_that_definitions_lack() -> None:
    stubs = "def list(*, status: Literal['open'] = ...) -> List[Task]: ...\nclass Task:\n    due_date: date | None"
    code = "from unified import tasks\n[t.due_date for t in tasks.list(status='open') if t.strip()]"
    assert needed(code, stubs) == {"list", "status", "open", "due_date"}
    assert not needed(code, stubs) <= words("tasks.list(status?) status: open")
    assert needed(code, stubs) <= words("tasks.list(status?) status: open Task: id, due_date")
