"""The batch of an endpoint, as the runtime is told it."""

from __future__ import annotations

from unified_gen.lower.context import ModuleContext
from unified_gen.lower.python import lit, tuple_of
from unified_gen.resolve.batched import Batched, Where


def batch_code(module: ModuleContext, batch: Batched, retry: str) -> str:
    """A `Batch`; it may be repeated where the single requests may."""
    facts = batch.facts
    on = f", {lit(batch.host)}" if batch.host is not None else ""
    endpoint = f"{module.use('Endpoint')}({lit(facts.name)}, {lit(facts.method)}, {lit(facts.path)}, {module.use('Retry')}.{retry}{on})"
    arguments = [f"endpoint={endpoint}", f"most={batch.way.most}", f"items={_where(batch.items)}"]
    if batch.item:
        arguments.append(f"item={tuple_of(f'({_where(where)}, {lit(name)})' for where, name in batch.item)}")
    if batch.once:
        arguments.append(f"once={tuple_of(f'({_where(where)}, {lit(name)}, {listed})' for where, name, listed in batch.once)}")
    for name, literals in (("set", batch.set), ("fixed", batch.fixed), ("each", batch.each)):
        if literals:
            arguments.append(f"{name}={tuple_of(f'({_where(where)}, {lit(value)})' for where, value in literals)}")
    if batch.wraps is not None:
        wraps = batch.wraps
        parts = [f"method={_where(wraps.method)}", f"address={_where(wraps.address)}"]
        parts += [f"{name}=True" for name in ("lower", "apart") if getattr(wraps, name)]
        if wraps.query:
            parts.append(f"query={tuple_of(f'({lit(name)}, {_where(where)}, {listed})' for name, where, listed in wraps.query)}")
        parts += [f"{name}={_where(where)}" for name, where in (("body", wraps.body), ("headers", wraps.headers)) if where is not None]
        parts += [f"below={lit(wraps.below)}"] if wraps.below is not None else []
        parts += [f"constant={tuple_of(f'({lit(name)}, {lit(value)})' for name, value in wraps.constant)}"] if wraps.constant else []
        arguments.append(f"wraps={module.use('Wraps')}({', '.join(parts)})")
    if batch.only:
        arguments.append(f"only={tuple_of(f'({lit(name)}, {lit(form)})' for name, form in batch.only)}")
    for name in ("body", "mark", "results", "done", "errors", "status", "headers"):
        where: Where | None = getattr(batch, name)
        if where is not None:
            arguments.append(f"{name}={_where(where)}")
    arguments += [f"{name}={_where(where)}" for name, where in (("result", batch.result), ("error", batch.error)) if where]
    if batch.way.alone:
        arguments.append(f"alone=frozenset({lit(sorted(batch.way.alone))})")
    for name in ("match", "blames"):
        pairs: tuple[tuple[Where, Where], ...] = getattr(batch, name)
        if pairs:
            arguments.append(f"{name}={tuple_of(f'({_where(there)}, {_where(here)})' for there, here in pairs)}")
    return f"{module.use('Batch')}({', '.join(arguments)})"


def _where(where: Where) -> str:
    return tuple_of(map(lit, where)) if where else "()"
