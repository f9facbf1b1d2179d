"""Tasks of several steps by programs: the same results as by tool calls, for far fewer tokens and turns. Ten seconds."""

from __future__ import annotations

from tests.programs.scenarios import SCENARIOS, by_program, by_tools, toolbox

_READS = frozenset(("tasks without a date", "count by status", "compare two vendors", "tasks of four people", "longest description of six"))


def test_programs_cost_less_and_find_the_same() -> None:
    box = toolbox()
    read, rounds = [], []
    for scenario in SCENARIOS:
        one, other = by_tools(scenario, box), by_program(scenario, box)
        if scenario.name in _READS:
            assert other.value == one.value, scenario.name
        assert other.read < one.read, scenario.name
        read.append(1 - other.read / one.read)
        rounds.append(1 - other.turns / one.turns)
    assert len(SCENARIOS) == 12
    assert sum(read) / len(read) >= 0.8
    assert sum(rounds) / len(rounds) >= 0.6
