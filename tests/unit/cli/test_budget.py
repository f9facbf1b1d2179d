"""What the tools of a whole catalog may cost."""

from __future__ import annotations

from tests.functional.compiled import model
from unified_gen.language.parse import parse_model
from unified_gen.rules import map501_tool_budget


def test_the_catalog_has_a_budget_of_its_own() -> None:
    """Each model may be within its own bound, and all of them too many for a prompt."""
    fields = "\n".join(["id: {type: id, computed: true}", *(f"field_{number}: {{type: text}}" for number in range(60))])
    text = model(fields, "create:\nupdate:")
    one, faults = parse_model(text, "mappings/models/things.yaml")
    assert one is not None
    assert not faults
    cost = sum(map501_tool_budget._costs(one).values())
    few, many = map501_tool_budget.CATALOG // cost, map501_tool_budget.CATALOG // cost + 1
    assert map501_tool_budget.check_catalog([one] * few) == []
    (found,) = map501_tool_budget.check_catalog([one] * many)
    assert found.code == "MAP501"
    assert f"cost {cost * many} tokens, more than 6000" in found.message
    assert found.help is not None
    assert "`things`" in found.help
