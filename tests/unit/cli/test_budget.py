"""Size limit of the tools of one vendor; the number of vendors has none."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from tests.functional.compiled import model
from unified_gen.check import map501_tool_tokens
from unified_gen.language.parse import parse_model
from unified_gen.pipeline.compiler import combine, compile_vendor, parse_models
from unified_gen.pipeline.inputs import read_inputs
from unified_gen.render.tools import tool_costs

ACME = Path(__file__).parents[2] / "golden" / "acme"


def test_the_tools_of_a_vendor_have_a_size_limit() -> None:
    """Each model may be within its own limit, and all models of a vendor too many for a prompt."""
    fields = "\n".join(["id: {type: id, read_only: true}", *(f"field_{number}: {{type: text}}" for number in range(60))])
    text = model(fields, "create:\nupdate:")
    one, faults = parse_model(text, "mappings/models/things.yaml")
    assert one is not None
    assert not faults
    cost = sum(tool_costs(one).values())
    few, many = map501_tool_tokens.TOOLSET // cost, map501_tool_tokens.TOOLSET // cost + 1
    assert map501_tool_tokens.check_toolset("acme", [(one, cost)] * few) == []
    (found,) = map501_tool_tokens.check_toolset("acme", [(one, cost)] * many)
    assert found.code == "MAP501"
    assert f"the tools of `acme` cost {cost * many} tokens, more than 6000" in found.message
    assert found.help is not None
    assert "`things`" in found.help


def test_the_hundredth_vendor_of_a_model_costs_nothing() -> None:
    inputs = read_inputs(ACME)
    models = parse_models(inputs.models)
    acme = compile_vendor(inputs.vendors[0], models)
    assert acme.offers["tasks"]
    cost = sum(tool_costs(models.by_resource["tasks"]).values())
    assert 100 * cost > map501_tool_tokens.TOOLSET
    result = combine(models, [replace(acme, name=f"acme-{number}", files={}) for number in range(100)], lambda offers: {})
    assert result.diagnostics == ()
    assert len(result.vendors) == 100
