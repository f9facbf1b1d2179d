"""Tools of a resource that cost a model more context than its `tokens` allow, or tools of the catalog that cost more than 6,000.

Every tool an agent may call is sent with every prompt, so its schema and description are paid for each time. Each operation of a
model becomes a tool; `tokens` limits their total cost (one token for four bytes of compact JSON). Names and types explain most: shorten a
`hint`, leave it out, or raise `tokens`.

Wrong: `hint: The identifier of the project to which the task is to be added.` Right: no hint on `project_id`, `{type: id, of: projects}`.
"""

from collections.abc import Iterable, Mapping

from unified_gen.diagnostics.rule import rule
from unified_gen.language import ast
from unified_openapi.diagnostics import Diagnostic, finding

CODE = rule("MAP501", "tools cost too many tokens", __doc__)


CATALOG = 6000
"""The most tokens that all tools may cost together: they have to fit into a prompt beside the user's request."""


def check_catalog(costs: Iterable[tuple[ast.Model, Mapping[str, int]]]) -> list[Diagnostic]:
    """Check the tools of all models that some vendor has, together, but for those that an agent's toolset has to name.

    `costs` are the tokens of each model's tools, by name.
    """
    totals = [(sum(tools.values()), model) for model, tools in costs if not model.named]
    total = sum(cost for cost, _ in totals)
    if total <= CATALOG:
        return []
    cost, most = max(totals, key=lambda pair: pair[0])
    message = f"the tools of the catalog cost {total} tokens, more than {CATALOG}"
    return [finding(CODE, message, most.resource.span, help=f"those of `{most.resource}` cost most, {cost}: shorten its hints")]


def check(model: ast.Model, costs: Mapping[str, int]) -> list[Diagnostic]:
    """Check the tools of one model, whose tokens are given by name, against its bound."""
    total = sum(costs.values())
    if total <= model.tokens:
        return []
    most = max(costs, key=lambda name: costs[name])
    return [
        finding(
            CODE,
            f"the {len(costs)} tools of `{model.resource}` cost {total} tokens, more than {model.tokens}",
            model.resource.span,
            help=f"`{most}` costs most, {costs[most]}: shorten its hints, or write `tokens: {-(-total // 50) * 50}` into the model",
        )
    ]
