"""Write one step of an operation: its request, and what is made of the answer."""

from __future__ import annotations

from unified_gen.lower.answers import AnswerPlan, plan_answer, struct_at
from unified_gen.lower.bodies import nest
from unified_gen.lower.function import Function
from unified_gen.lower.inline import inline
from unified_gen.lower.made import made_id
from unified_gen.lower.python import lit, snake
from unified_gen.lower.reading import Reader, predicate_function
from unified_gen.lower.reconciling import reconciled
from unified_gen.lower.requests import RequestWriter
from unified_gen.lower.results import write_result
from unified_gen.lower.searches import search
from unified_gen.lower.values import Values
from unified_gen.resolve.places import step_references
from unified_gen.resolve.resolved import ResolvedPoll, ResolvedStep
from unified_gen.schema.paths import Index, Name, Predicate


def write_step(fn: Function, values: Values, step: ResolvedStep, *, final: bool, returns: bool) -> None:
    """Write the request, what is kept of its answer and, of a final one, what the operation makes of it."""
    plan = plan_answer(fn.module, fn.operation, step, fn.reader)
    request = RequestWriter(fn.module, fn.operation, step, values, fn.block, fn.taken, plan).write()
    arguments = [fn.endpoints[step.facts.name], *request]
    if plan.reads == "bytes" and final:
        arguments += _verified(fn, values, step)
        fn.block.add(f"return (yield from {fn.module.use('media')}.streamed({', '.join(arguments)}))")
        return
    if plan.reads is None:
        sending = _reconciled(fn, values, step, f"{fn.module.use('call')}({', '.join(arguments)})", None, raw=False)
        fn.block.add(f"yield from {sending}")
        return
    arguments.append(f"reads={plan.reads}")
    if step.kept and not (step.media is not None and returns):  # what an upload answers ends a plan, unless later requests need it
        arguments.append(f"keep={lit(step.kept[0].name)}")
    answer = _answer_name(fn, step, plan, final)
    if step.poll is not None:
        arguments += _polled(fn, step, step.poll, plan)
        how = "repeated" if step.poll.ast.at is None else "started"
        fn.block.add(f"{answer} = yield from {fn.module.use('jobs')}.{how}({', '.join(arguments)})")
    elif step.media is not None:
        arguments += [f"{role}={fn.endpoints[facts.name]}" for role, facts, _ in step.media.calls]
        function = f"{fn.module.use('media')}.{step.media.how}"
        fn.block.add(f"{answer}, raw = yield from {function}({', '.join(arguments)})")
    elif step.through is not None:
        arguments += [f"{name}={values.plainly(reference)}" for name, reference in step.through.told]
        arguments += [f"{role}={fn.endpoints[facts.name]}" for role, facts, _ in step.through.calls]
        exchange = f"{fn.module.use('exchanges')}.{step.through.name}"
        fn.block.add(f"{answer}{', raw' if final else ''} = yield from {exchange}({', '.join(arguments)})")
    elif final:
        first = _reconciled(fn, values, step, _fetched(fn, step, arguments), plan.reads, raw=True)
        further = _further(fn, step, plan)
        if further is not None:
            fn.block.open("if ctx.cursor is not None:")
            fn.block.add(f"{answer}, raw = yield from {_fetched(fn, step, further)}")
            fn.block.close()
            fn.block.open("else:")
        fn.block.add(f"{answer}, raw = yield from {first}")
        if further is not None:
            fn.block.close()
    else:
        sending = _reconciled(fn, values, step, f"{fn.module.use('call')}({', '.join(arguments)})", plan.reads, raw=False)
        fn.block.add(f"{answer} = yield from {sending}")
    if step.kept:
        _keep(fn, values, step, plan, answer)
        made = made_id(fn, values, step)
        if made:
            fn.block.add(f"yield {fn.module.use('Made')}({', '.join(made)})")
    if step.media is not None and step.verify:
        told = ", ".join(part.partition("=")[2] for part in _verified(fn, values, step))
        fn.block.add(f"media.verify({values.raw(step.media.input)}, {told})")
    if final:
        write_result(fn, values, step, plan, answer, returns=returns)


def _reconciled(fn: Function, values: Values, step: ResolvedStep, sending: str, reads: str | None, *, raw: bool) -> str:
    if step.reconcile is None:
        return sending
    endpoint = fn.endpoints[step.reconcile.look.facts.name]
    return reconciled(fn.module, fn.operation, step, values, fn.block, fn.taken, sending, reads, endpoint=endpoint, raw=raw)


def _polled(fn: Function, step: ResolvedStep, poll: ResolvedPoll, plan: AnswerPlan) -> list[str]:
    """How it is known that work in the background is done or has failed, and why."""
    struct, envelope = plan.struct, step.answer.envelope if step.answer is not None else ()
    assert struct is not None
    inner = struct_at(struct, tuple(Name(name) for name in envelope))
    assert inner is not None
    place = "each" if not envelope else inline(fn.module, "each", struct, tuple(Name(name) for name in envelope))

    def test(name: str, predicate: Predicate) -> str:
        function = predicate_function(fn.module, inner, name, predicate)
        blank = f" or {fn.module.struct(inner)}()" if envelope else ""
        return function if not envelope else f"lambda each: {function}({place}{blank})"

    arguments = [f"until={test('_has_ended', poll.until)}"]
    if poll.failed is not None:
        arguments.append(f"failed={test('_has_failed', poll.failed)}")
    if poll.message is not None:
        segments = (*(Name(name) for name in envelope), *poll.message.path.segments)
        arguments.append(f"message=lambda each: {inline(fn.module, 'each', struct, segments)}")
    if poll.ast.at is not None:
        arguments.append(f"header={lit(poll.ast.at.value)}")
    return arguments


def _further(fn: Function, step: ResolvedStep, plan: AnswerPlan) -> list[str] | None:
    """The arguments of the call that gives further pages, where it is another one."""
    paging = step.paging
    if paging is None or paging.call is None or paging.send is None:
        return None
    place = {"body": "json"}.get(paging.send.place, paging.send.place)
    return [fn.endpoints[paging.call.name], f"{place}={nest(paging.send.path.segments, 'ctx.cursor')}", f"reads={plan.reads}"]


def _fetched(fn: Function, step: ResolvedStep, arguments: list[str]) -> str:
    """The request whose answer is read; the vendor may no longer know the cursor of changes that it holds."""
    fetched = f"{fn.module.use('fetch')}({', '.join(arguments)})"
    if step.cursor is None or step.cursor.ast.stale is None:
        return fetched
    return f"{fn.module.use('syncing')}.since({fetched}, ctx.cursor, {step.cursor.ast.stale})"


def _verified(fn: Function, values: Values, step: ResolvedStep) -> list[str]:
    """What a content is held against: its size, and checksums by name."""
    size = next((values.raw(reference) for name, reference in step.verify if name == "size"), None)
    sums = ", ".join(f"{lit(name)}: {values.raw(reference)}" for name, reference in step.verify if name != "size")
    if step.media is not None:
        return [f"size={size}", f"checksums={{{sums}}}"]
    return [*([f"size={size}"] if size is not None else []), *([f"checksums={{{sums}}}"] if sums else [])]


def _answer_name(fn: Function, step: ResolvedStep, plan: AnswerPlan, final: bool) -> str:
    """A name of its own for each answer: they are of different types."""
    wanted = "answer"
    if step.kept and not final:
        kept = step.kept[0]
        whole = not kept.leaf.path.segments and not kept.searched
        if whole:
            return fn.kept[kept.name]
        wanted = snake(f"{kept.name}_answer")
    return fn.local(wanted)


def _keep(fn: Function, values: Values, step: ResolvedStep, plan: AnswerPlan, answer: str) -> None:
    kept = step.kept[0]
    local = fn.kept[kept.name]
    code = answer
    if kept.leaf.path.segments and plan.struct is not None:
        code = Reader(fn.module, answer, plan.struct, fn.block, taken=fn.taken).place(kept.leaf.path.segments).code
    elif kept.leaf.path.segments and isinstance(kept.leaf.path.segments[0], Index):
        code = f"{fn.module.use('answers')}.item({answer}, {kept.leaf.path.segments[0].index})"
    if kept.more is not None and plan.struct is not None:
        more = Reader(fn.module, answer, plan.struct, fn.block, taken=fn.taken).place(kept.more.path.segments).code
        fn.block.add(f"{fn.module.use('answers')}.all_of_it({more}, {lit(fn.module.title)})")
    struct = plan.kept_struct
    recorded = step.answer is not None and step.answer.record is not None and plan.struct is None
    if kept.leaf.path.segments and recorded and struct is not None:  # a part of the record itself
        code = Reader(fn.module, answer, struct, fn.block, taken=fn.taken).place(kept.leaf.path.segments).code
        struct = struct_at(struct, kept.leaf.path.segments)
    if kept.searched:
        code = search(fn.module, values, kept, code, struct)
    if kept.missing is not None:
        message = values.template(kept.missing)
        error = "Conflict" if fn.operation.like == "update" else "InvalidInput"
        code = f"{fn.module.use('answers')}.found({code}, {message}, {lit(error)})"
    elif kept.leaf.path.segments and not kept.searched and struct is not None:
        code = f"{code} or {fn.module.struct(struct)}()"
    named = {r.name for other in fn.operation.steps for r in step_references(other) if r.kind == "kept"}
    if kept.missing is not None and kept.name not in named:  # it is looked at and no more
        fn.block.add(code)
    elif code != local:
        fn.block.add(f"{local} = {code}")
    values.kept[kept.name] = (local, struct)
