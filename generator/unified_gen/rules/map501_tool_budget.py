"""The tools of a resource cost a model more context than the model's `tokens` allow, or those of the catalog more than 6,000.

Every tool an agent may call is sent along with every prompt, so its schema and description are paid for again and again. Each
operation of a model becomes a tool; `tokens` bounds what they cost together (one token for four bytes of compact JSON). Names and
types say most: shorten a `hint`, leave it out, or allow more in the open.

Wrong: `hint: The identifier of the project to which the task is to be added.` Right: no hint on `project_id`, `{type: id, of: projects}`.
"""

from collections.abc import Iterable

from unified_gen.diagnostics import Diagnostic
from unified_gen.language import ast
from unified_gen.render.tools import tokens, tools
from unified_gen.rules.base import finding, rule

CODE = rule("MAP501", "tools over budget", __doc__)


CATALOG = 6000
"""The most that all tools may cost together: they have to fit into a prompt beside what the user wants."""


def check_catalog(models: Iterable[ast.Model]) -> list[Diagnostic]:
    """The tools of all models that some vendor has, together, but for those that an agent's toolset has to name."""
    costs = [(sum(_costs(model).values()), model) for model in models if not model.named]
    total = sum(cost for cost, _ in costs)
    if total <= CATALOG:
        return []
    cost, most = max(costs, key=lambda pair: pair[0])
    message = f"the tools of the catalog cost {total} tokens, more than {CATALOG}"
    return [finding(CODE, message, most.resource.span, help=f"those of `{most.resource}` cost most, {cost}: shorten its hints")]


def _costs(model: ast.Model) -> dict[str, int]:
    return {tool["name"]: tokens(tool) for tool in tools(model)["tools"]}


def check(model: ast.Model) -> list[Diagnostic]:
    """The tools of one model against its bound."""
    costs = _costs(model)
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
