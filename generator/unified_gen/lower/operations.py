"""Code of the generator function of one operation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from unified_gen.lower.checks import GIVEN, refuse, require, write_checks
from unified_gen.lower.conditions import maybe, present, requested, skipped, takes, tests
from unified_gen.lower.current_values import CUSTOM_FIELDS, declare_extra, sent_for_each, write_custom_fields
from unified_gen.lower.function import Function
from unified_gen.lower.python import constant, docstring, lit, tuple_of
from unified_gen.lower.responses import plan_response
from unified_gen.lower.results import read_record
from unified_gen.lower.saved_headers import declare_headers
from unified_gen.lower.signatures import function_name, input_class
from unified_gen.lower.steps import is_tested_only, write_step
from unified_gen.lower.structs import StructDef
from unified_gen.lower.unsupported import refused_here
from unified_gen.lower.values import Values
from unified_gen.resolve.inspection import step_references, takes_extra
from unified_gen.resolve.resolved import ResolvedAlternative, ResolvedOperation, ResolvedStep

_USES_GIVEN = re.compile(r"\bin given\b|\bgiven &|, given,").search


def write_operation(fn: Function) -> str:
    """Return the function's source."""
    model = fn.operation.model
    lists = fn.operation.kind in ("list", "changes")
    given = input_class(fn.resource.model, model)
    direct: dict[str, str] = {}
    for i in model.ids:
        direct[i.name.value] = "id" if i.name.value == "id" else fn.local(i.name.value)
    record = fn.local("filters" if lists else fn.resource.model.record.value)
    fn.saved = {saved.name: fn.local(saved.name) for step in _single_steps(fn.operation) for saved in step.saved}
    values = Values(fn.module, record, direct, filters=fn.operation.kind in ("list", "changes"))
    result = _result(fn)
    parameters = [
        f"ctx: {fn.module.use('Context')}",
        *(f"{local}: {_parameter_type(fn, name)}" for name, local in direct.items()),
    ]
    if given is not None:
        parameters.append(f"{record}: {fn.module.model(given)}")
    fn.block.open(f"def {function_name(model)}({', '.join(parameters)}) -> {fn.module.use('Steps')}[{result}]:")
    fn.block.add(docstring(_doc(fn), ""))
    write_checks(fn, values, record if given is not None else None)
    if fn.operation.by_element:
        values.elements = fn.local("elements")
        fn.block.add(f"{values.elements}, ctx = {fn.module.use('element_pages')}.enter(ctx)")
    if fn.operation.ast.either:
        _either(fn, values, record if given is not None else None)
    else:
        _sequence(fn, values)
    fn.block.close()
    text = str(fn.block)
    # Only the code after the checks shows if the given inputs have to be recorded.
    return text if _USES_GIVEN(text) else text.replace(GIVEN, "", 1)


def _parameter_type(fn: Function, name: str) -> str:
    given = next(i for i in fn.operation.model.ids if i.name.value == name)
    kind = fn.module.use("Source") if given.type.kind == "bytes" else "str"
    return kind if given.required else f"{kind} | None"


def _result(fn: Function) -> str:
    if fn.operation.model.content:
        return fn.module.use("Fetch")
    record = fn.module.model(fn.resource.model.record.value) if not fn.operation.model.empty else "None"
    if fn.operation.kind in ("list", "changes"):
        return f"{fn.module.use('Page')}[{record}]"
    return record


def _doc(fn: Function) -> str:
    calls = [_calls(fn.operation.of(alternative)) for alternative in fn.operation.alternatives] or [*_each_call(fn.operation)]
    summary = fn.operation.model.summary
    if len(calls) == 1:
        return f"{summary.rstrip('.')}: {calls[0]}."
    one = fn.operation.ast.either and not fn.operation.ast.sources
    return "\n".join([summary, "", "One of:" if one else "In turn:", *(f"    {each}" for each in calls), ""])


def _calls(operation: ResolvedOperation) -> str:
    """Return the requests of one alternative; a condition of its only step is that of the alternative."""
    (first, *more) = operation.steps
    return ", then ".join(_each_call(operation)) if more else f"{first.facts.method} {first.facts.path}{_of_size(first)}"


def _each_call(operation: ResolvedOperation) -> Iterator[str]:
    each = ""
    for step in operation.steps:
        yield f"{step.facts.method} {step.facts.path}{each}" + (", if needed" if maybe(operation, step) else "") + _of_size(step)
        each = f" for each {step.saved[0].name}" if step.ast.each and step.saved else each


def _sequence(fn: Function, values: Values) -> None:
    steps = fn.operation.steps
    finals = [step for step in steps if _is_final(fn, step)]
    several = _may_end_early(fn, values, finals)
    _declare_saved(fn, values)
    if several:
        assert fn.reader is not None
        record, raw = fn.module.struct(fn.reader.struct), fn.module.use("Raw")
        fn.found = fn.local("found")
        fn.block.add(f"{fn.found}: tuple[{record}, {raw}] | None = None")
    for step in steps:
        condition = _condition(fn, values, step)
        if condition is not None:
            fn.block.open(f"if {condition}:")
        before = set(values.present)
        if step.repeat is not None:
            _repeated(fn, values, step)
        elif sent_for_each(step):
            write_custom_fields(fn, values, step)
        values.present |= present(step.condition)
        values.present |= {found} if step.condition is not None and (found := _found_before(fn, step)) is not None else set()
        values.requested = requested(step.condition)
        write_step(fn, values, step, final=step in finals, returns=step is steps[-1] and condition is None and len(finals) <= 1)
        values.present, values.requested = before, frozenset()
        if step.repeat is not None or sent_for_each(step):
            fn.block.close()
        if condition is not None:
            fn.block.close()
    if fn.operation.kind in ("list", "changes"):
        if _condition(fn, values, steps[-1]) is not None:
            fn.block.add(f"return {fn.module.use('Page')}([])")
    elif several:
        fn.block.add(f"record, raw = {fn.module.use('responses')}.last_response({fn.found}, {lit(fn.module.title)})")
        fn.block.add(f"return {read_record(fn, values, finals[-1], 'record', 'raw')}")


def _repeated(fn: Function, values: Values, step: ResolvedStep) -> None:
    """Open the loop over the elements that a request is sent for."""
    assert step.repeat is not None
    name, listed = step.repeat
    local = fn.local(name)
    values.direct = {**values.direct, name: local}
    fn.block.open(f"for {local} in {values.raw(listed)} or ():")


def _may_end_early(fn: Function, values: Values, finals: list[ResolvedStep]) -> bool:
    """Return true if the response is that of the last step that ran, of several that may (rule 9)."""
    if fn.operation.kind in ("list", "changes") or not finals or fn.operation.model.content:
        return False
    return len(finals) > 1 or _condition(fn, values, finals[-1]) is not None


def _either(fn: Function, values: Values, record: str | None) -> None:
    source = ""
    if fn.operation.ast.sources:
        source = fn.local("source")
        fn.block.add(f'{source} = {values.elements}.pick(range({len(fn.operation.alternatives)}), "source")')
    for number, alternative in enumerate(fn.operation.alternatives):
        first, several = alternative.steps[0], len(alternative.steps) > 1
        condition = _condition(fn, values, first) if not several else _chosen(fn, values, alternative)
        if source and alternative is not fn.operation.alternatives[-1]:
            condition = f"{source} == {number}"
        if condition is not None:
            fn.block.open(f"if {condition}:")
        before = set(values.present)
        values.present |= present(alternative.condition) | {saved.name for saved in first.saved if not several}
        locals_before = dict(values.locals)
        if record is not None:
            refused = refused_here(fn.resource, fn.operation, alternative, fn.used)
            refuse(fn, values, record, refused, constant(fn.operation.name, alternative.steps[-1].facts.name, "unsupported"))
        for step in alternative.steps:
            if step is first or step.condition is None:
                require(fn, values, step)
        if several:
            _write_steps(fn, values, alternative)
        else:
            declare_headers(fn, values, first)
            write_step(fn, values, first, final=True, returns=True)
        if fn.operation.model.empty and condition is not None:
            fn.block.add("return")
        values.present, values.locals = before, locals_before
        if condition is not None:
            fn.block.close()
    last = fn.operation.alternatives[-1]
    if last.condition is not None:
        named = " or ".join(
            sorted({test.reference.name for one in fn.operation.alternatives for test in tests(one.condition) if test.given})
        )
        fn.block.add(f"raise {values.inputs()}.needs({lit(named)}, {lit(fn.module.title)})")


def _write_steps(fn: Function, values: Values, alternative: ResolvedAlternative) -> None:
    """Write the steps of one alternative, as if they were the operation's."""
    operation, saved = fn.operation, fn.saved
    fn.operation = operation.of(alternative)
    fn.saved = {value.name: fn.local(value.name) for step in alternative.steps for value in step.saved}
    _sequence(fn, values)
    fn.operation, fn.saved = operation, saved


def _chosen(fn: Function, values: Values, alternative: ResolvedAlternative) -> str | None:
    """Return the condition of an alternative of several steps: its own, and that a content is small enough for it."""
    parts = [values.condition(alternative.condition)] if alternative.condition is not None else []
    if alternative.partial and alternative is not fn.operation.alternatives[-1]:
        parts.append(_fits(fn, values, alternative.steps[-1]))
    return _all(parts)


def _fits(fn: Function, values: Values, step: ResolvedStep) -> str:
    assert step.media is not None
    return f"(yield from {fn.module.use('media')}.fits({values.raw(step.media.input)}, {step.media.ast.max_bytes}))"


def _single_steps(operation: ResolvedOperation) -> Iterator[ResolvedStep]:
    """Yield the steps whose saved values are in the scope of the entire function: not those of an alternative of several steps."""
    grouped = {id(step) for alternative in operation.alternatives if len(alternative.steps) > 1 for step in alternative.steps}
    yield from (step for step in operation.steps if id(step) not in grouped)


def _is_final(fn: Function, step: ResolvedStep) -> bool:
    return step.response is not None and (step.response.record is not None or step.response.items is not None or step.response.binary)


def _condition(fn: Function, values: Values, step: ResolvedStep) -> str | None:
    parts = []
    if step.condition is not None:
        saved = _found_before(fn, step) if not fn.operation.ast.either else None
        parts.append(f"{fn.saved[saved]} is not None" if saved is not None else values.condition(step.condition))
    if skipped(fn.operation, step):
        sends = sorted(takes(fn.operation, step))
        if sends:
            name = fn.module.constant(constant(step.facts.name, "sends"), f"frozenset({tuple_of(map(lit, sends))})")
            parts.append(_given(fn, name, step))
        else:  # it sends only what a caller passes through
            parts.append("ctx.extra")
    if step.ast.custom_fields is not None and not sent_for_each(step):
        parts.append(values.extra.get(CUSTOM_FIELDS, "custom"))
    earlier = fn.operation.ast.either and step is not fn.operation.steps[-1]
    if earlier and step.media is not None and step.media.ast.max_bytes is not None:
        parts.append(_fits(fn, values, step))
    return _all(parts)


def _all(parts: list[str]) -> str | None:
    """Return the condition that all parts hold; of several, one with `or` is in parentheses."""
    if len(parts) < 2:
        return parts[0] if parts else None
    return " and ".join(f"({part})" if " or " in part else part for part in parts)


def _given(fn: Function, names: str, step: ResolvedStep) -> str:
    """Return true if a sending step of an update has anything to send."""
    if step is not takes_extra(fn.operation):
        return f"given & {names}"
    return f"given & {names} or ctx.extra"


def _found_before(fn: Function, step: ResolvedStep) -> str | None:
    """Return a lookup under the very condition of this step that it refers to: testing the value that it found is enough, and plainer."""
    assert step.condition is not None
    named = {reference.name for reference in step_references(step) if reference.kind == "saved"}
    for other in fn.operation.steps:
        if other is step:
            return None
        saved = other.saved[0] if other.saved else None
        same = other.condition is not None and other.condition.text.value == step.condition.text.value
        if same and saved is not None and saved.name in named and (saved.not_found is not None or _saved_struct(fn, other) is not None):
            return saved.name
    return None


def _saved_struct(fn: Function, step: ResolvedStep) -> StructDef | None:
    """Return the struct of a step's saved value if it is always there when the step ran; None if it may be missing."""
    return None if step.saved[0].searched else plan_response(fn.module, fn.operation, step, fn.reader).saved_struct


def _declare_saved(fn: Function, values: Values) -> None:
    """Declare names that are saved by a step which may not run: they are None until it does."""
    declare_extra(fn, values)
    for step in fn.operation.steps:
        declare_headers(fn, values, step)
        if step.saved and step.condition is not None and not is_tested_only(fn, step):
            plan = plan_response(fn.module, fn.operation, step, fn.reader)
            kind = f"{fn.module.struct(plan.saved_struct)} | None" if plan.saved_struct is not None else fn.module.typing("Any")
            fn.block.add(f"{fn.saved[step.saved[0].name]}: {kind} = None")


def _of_size(step: ResolvedStep) -> str:
    if step.media is None or step.media.ast.max_bytes is None:
        return ""
    return f", up to {step.media.ast.max_bytes} bytes"
