"""Size limit of the tools of a complete catalog."""

from __future__ import annotations

from tests.functional.compiled import model
from unified_gen.check import map501_tool_tokens
from unified_gen.language.parse import parse_model
from unified_gen.render.tools import tool_costs


def test_the_catalog_has_its_own_size_limit() -> None:
    """Each model may be within its own bound, and all of them too many for a prompt."""
    fields = "\n".join(["id: {type: id, computed: true}", *(f"field_{number}: {{type: text}}" for number in range(60))])
    text = model(fields, "create:\nupdate:")
    one, faults = parse_model(text, "mappings/models/things.yaml")
    assert one is not None
    assert not faults
    costs = tool_costs(one)
    cost = sum(costs.values())
    few, many = map501_tool_tokens.CATALOG // cost, map501_tool_tokens.CATALOG // cost + 1
    assert map501_tool_tokens.check_catalog([(one, costs)] * few) == []
    (found,) = map501_tool_tokens.check_catalog([(one, costs)] * many)
    assert found.code == "MAP501"
    assert f"cost {cost * many} tokens, more than 6000" in found.message
    assert found.help is not None
    assert "`things`" in found.help
