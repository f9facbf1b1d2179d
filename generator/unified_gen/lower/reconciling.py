"""A write wrapped in what finds its record where its answer was lost."""

from __future__ import annotations

from msgspec.structs import replace

from unified_gen.lower.answers import AnswerPlan
from unified_gen.lower.context import ModuleContext
from unified_gen.lower.python import Block, lit, tuple_of, unique
from unified_gen.lower.requests import RequestWriter
from unified_gen.lower.values import Values
from unified_gen.resolve.resolved import ResolvedOperation, ResolvedStep


def reconciled(
    module: ModuleContext,
    operation: ResolvedOperation,
    step: ResolvedStep,
    values: Values,
    block: Block,
    taken: set[str],
    sending: str,
    reads: str | None,
    *,
    endpoint: str,
    raw: bool,
) -> str:
    """The code that sends, with a function before it that looks; `sending` as it is where the step declares nothing."""
    found = step.reconcile
    if found is None:
        return sending
    name = unique("look", taken)
    taken.add(name)
    block.open(f"def {name}() -> {module.use('Steps')}[{module.use('reconcile')}.Found]:")
    looking = replace(found.look, condition=None)
    request = RequestWriter(module, replace(operation, steps=(looking,)), looking, values, block, taken, AnswerPlan(None, None))
    arguments = [endpoint, *request.write()]
    block.add(f"return (yield from reconcile.look({', '.join(arguments)}))")
    block.close()
    options = [f"reads={reads}", *(["raw=True"] if raw else [])]
    if found.items is not None:
        options.append(f"items={lit(found.items)}")
    if found.where:
        tests = [f"({lit(place)}, {values.plainly(reference)})" for place, reference in found.where]
        options.append(f"where={tuple_of(tests)}")
    if found.since is not None:
        options.append(f"since={lit(found.since)}")
    if found.fills:
        options.append(f"fills={lit(found.fills)}")
    if found.ast.within is not None:
        options.append(f"within={found.ast.within}")
    if found.ast.lasts is not None:
        options.append(f"lasts={found.ast.lasts}")
    if found.size is not None:
        options.append(f"size={found.size}")
    options += [f"{word}=True" for word, said in (("marked", found.marked), ("twice", found.ast.twice)) if said]
    return f"reconcile.once({sending}, {name}, {', '.join(options)})"
