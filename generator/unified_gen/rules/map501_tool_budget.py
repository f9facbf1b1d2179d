"""The tools of a resource cost a model more context than the model's `tokens` allow.

Every tool an agent may call is sent along with every prompt, so its schema and description are paid for again and again. Each
operation of a model becomes a tool; `tokens` bounds what they cost together (one token for four bytes of compact JSON). Names and
types say most: shorten a `hint`, leave it out, or allow more in the open.

Wrong: `hint: The identifier of the project to which the task is to be added.` Right: no hint on `project_id`, `{type: id, of: projects}`.
"""

from unified_gen.diagnostics import Diagnostic
from unified_gen.language import ast
from unified_gen.render.tools import tokens, tools
from unified_gen.rules.base import finding, rule

CODE = rule("MAP501", "tools over budget", __doc__)


def check(model: ast.Model) -> list[Diagnostic]:
    """The tools of one model against its bound."""
    costs = {tool["name"]: tokens(tool) for tool in tools(model)["tools"]}
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
