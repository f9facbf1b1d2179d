"""Tools of a resource that cost a model more context than its `max_tokens` allow, or tools of one vendor that cost more than 6,000.

Every tool an agent may call is sent with every prompt, so its schema and description are paid for each time. Each operation of a model
becomes a tool; `max_tokens` limits their total cost (one token for four bytes of compact JSON). Names and types explain most: shorten a
`hint`, leave it out, or raise `max_tokens`.

The second limit is that of a toolset with everything that one vendor offers (`jira`); models with `opt_in: true` are not part of it. The
number of vendors has no limit: an agent gets the tools of the vendors that it is connected to.

Wrong: `hint: The identifier of the project to which the task is to be added.` Right: no hint on `project_id`, `{type: id, references:
projects}`."""

from collections.abc import Iterable, Mapping

from unified_gen.diagnostics.rule import rule
from unified_gen.language import ast
from unified_openapi.diagnostics import Diagnostic, finding

CODE = rule("MAP501", "tools cost too many tokens", __doc__)


TOOLSET = 6000
"""Maximum tokens of all tools of one vendor: they have to fit into a prompt beside the user's request."""


def check_toolset(vendor: str, costs: Iterable[tuple[ast.Model, int]]) -> list[Diagnostic]:
    """Check the toolset of a vendor: the tools of all its models, except those that only a toolset with their name includes.

    `costs` are the tokens of the operations that it offers, by model.
    """
    counted = [(model, cost) for model, cost in costs if not model.opt_in]
    total = sum(cost for _, cost in counted)
    if total <= TOOLSET:
        return []
    most, cost = max(counted, key=lambda pair: pair[1])
    message = f"the tools of `{vendor}` cost {total} tokens, more than {TOOLSET}"
    return [finding(CODE, message, most.resource.span, help=f"those of `{most.resource}` cost most, {cost}: shorten its hints")]


def check(model: ast.Model, costs: Mapping[str, int]) -> list[Diagnostic]:
    """Check the tools of one model, whose tokens are given by name, against its bound."""
    total = sum(costs.values())
    if total <= model.max_tokens:
        return []
    most = max(costs, key=lambda name: costs[name])
    return [
        finding(
            CODE,
            f"the {len(costs)} tools of `{model.resource}` cost {total} tokens, more than {model.max_tokens}",
            model.resource.span,
            help=f"`{most}` costs most, {costs[most]}: shorten its hints, or write `max_tokens: {-(-total // 50) * 50}` into the model",
        )
    ]
