"""Code that wraps a write in the lookup of its record, for a response that was lost."""

from __future__ import annotations

from msgspec.structs import replace

from unified_gen.lower.context import ModuleContext
from unified_gen.lower.python import Block, lit, tuple_of, unique
from unified_gen.lower.requests import RequestWriter
from unified_gen.lower.responses import ResponsePlan
from unified_gen.lower.structs import StructDef
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
    id: str | None,
    record: StructDef | None = None,
) -> str:
    """Return the code that sends, after the function that looks the record up; `sending` unchanged if the step declares no lookup."""
    found = step.reconcile
    if found is None:
        return sending
    name = unique("look", taken)
    taken.add(name)
    block.open(f"def {name}() -> {module.use('Steps')}[{module.use('reconciliation')}.Found]:")
    looking = replace(found.lookup, condition=None)
    plan = ResponsePlan(None, None, value=record if looking.facts.graphql is not None else None)
    request = RequestWriter(module, replace(operation, steps=(looking,)), looking, values, block, taken, plan, record)
    arguments = [endpoint, *request.write()]
    block.add(f"return (yield from reconciliation.look_up({', '.join(arguments)}))")
    block.close()
    options = [f"schema={reads}", *(["raw=True"] if raw else [])]
    if found.items is not None:
        options.append(f"items={lit(found.items)}")
    elif looking.facts.graphql is not None:
        options.append(f"record={lit(looking.facts.graphql.value_at)}")
    if found.where:
        tests = [f"({lit(location)}, {values.plainly(reference)})" for location, reference in found.where]
        options.append(f"where={tuple_of(tests)}")
    if found.created_at is not None:
        options.append(f"created_at={lit(found.created_at)}")
    if found.response_record:
        options.append(f"response_record={lit(found.response_record)}")
    if id is not None:
        options.append(f"id={id}")
    if found.ast.visible_within_seconds is not None:
        options.append(f"visible_within={found.ast.visible_within_seconds}")
    if found.ast.executes_within_seconds is not None:
        options.append(f"executes_within={found.ast.executes_within_seconds}")
    if found.pagination is not None:
        options.append(f"pagination={lit(found.pagination)}")
    flags = {"has_mark": found.marked, "by_account": found.ast.by_account, "conflict_on_duplicate": found.ast.conflict_on_duplicate}
    options += [f"{word}=True" for word, value in flags.items() if value]
    return f"reconciliation.send_once({sending}, {name}, {', '.join(options)})"
