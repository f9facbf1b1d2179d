"""Code of an operation's return value: the record or the page that its last response holds."""

from __future__ import annotations

from unified_gen.lower.function import Function
from unified_gen.lower.pages import write_page
from unified_gen.lower.python import lit, tuple_of, unique
from unified_gen.lower.reading import Reader
from unified_gen.lower.responses import ResponsePlan, raw_keys, record_segments
from unified_gen.lower.values import Values
from unified_gen.resolve.assignments import Assignment
from unified_gen.resolve.resolved import ResolvedStep
from unified_openapi.schemas.paths import Index, Match, Name


def write_result(fn: Function, values: Values, step: ResolvedStep, plan: ResponsePlan, source: str, *, returns: bool) -> None:
    """Return the page or the record, or (`returns` false) keep the record for the end of the function."""
    response = step.response
    assert response is not None and fn.reader is not None
    if response.items is not None:
        write_page(fn.module, step, plan, fn.reader, fn.block, source, _request(fn, values, step), values, fn.taken)
        return
    record = source
    path = record_segments(response)
    if plan.struct is not None and step.located:
        before, last = path[:-1], path[-1]
        assert isinstance(last, Index)
        tests = tuple_of([f"({lit(names)}, {values.plainly(reference)})" for names, reference in step.located])
        listed = Reader(fn.module, source, plan.struct, fn.block, taken=fn.taken).at(before).code
        name = f"{lit(fn.resource.model.record.value)}, {lit(fn.module.title)}"
        found = f"{fn.module.use('reconciliation')}.index_of(raw.at({', '.join(raw_keys(before))}).value, {tests}, {last.index})"
        number = unique("place", fn.taken)
        fn.taken.add(number)
        fn.block.add(f"{number} = {found}")
        record = f"{fn.module.use('responses')}.one({fn.module.use('responses')}.item({listed}, {number}), {name})"
        raw = f"raw.at({', '.join([*raw_keys(before), number])})"
    elif plan.struct is not None and path:
        location = Reader(fn.module, source, plan.struct, fn.block, taken=fn.taken).at(plan.record_segments)
        if any(isinstance(segment, Index | Match) for segment in path):  # a list without this element: there is no such record
            named = lit(fn.resource.model.record.value)
            record = f"{fn.module.use('responses')}.one({location.code}, {named}, {lit(fn.module.title)})"
        else:
            named = lit(".".join(segment.name for segment in path if isinstance(segment, Name)))
            record = f"{fn.module.use('responses')}.required({location.code}, {named}, {lit(fn.module.title)})"
        raw = f"raw.at({', '.join(raw_keys(path))})"
    else:
        raw = "raw"
    if returns:
        if path:
            fn.block.add(f"record = {record}")
            record = "record"
        fn.block.add(f"return {read_record(fn, values, step, record, raw)}")
        return
    fn.block.add(f"{fn.found} = {record}, {raw}")


def read_record(fn: Function, values: Values, step: ResolvedStep, record: str, raw: str) -> str:
    """Return the unified record, made of the vendor's; one that is of another resource is refused."""
    assert fn.reader is not None
    if fn.reader.predicate is not None:
        fn.block.add(
            f"if not {fn.reader.predicate}({record}):",
            f"    raise {fn.module.use('responses')}.wrong_resource({lit(fn.resource.model.record.value)}, {lit(fn.module.title)})",
        )
    code = fn.reader.call(record, raw, _request(fn, values, step))
    sent = [name.value for name in fn.resource.ast.may_drop if name.value in fn.used] if fn.operation.kind in ("create", "update") else []
    if not sent or not values.record:
        return code
    return f"{fn.module.use('dropped_fields')}.check({code}, {values.record}, {tuple_of(map(lit, sent))}, {lit(fn.module.title)})"


def _request(fn: Function, values: Values, step: ResolvedStep) -> dict[str, str]:
    """Return inputs of the request that the record is read with, as text."""
    assert fn.reader is not None
    found = {}
    for name in fn.reader.request:
        default = next((lit(str(a.literal)) for a in step.assignments if a.target.name == name and a.origin == "default"), "''")
        for assignment in step.assignments:
            if assignment.target.name == name and assignment.reference is not None:
                code = values.raw(assignment.reference)
                text = assignment.reference.kind in ("part", "id") or assignment.reference.name in values.locals
                saved = assignment.reference.kind == "saved"  # a response may lack it
                found[name] = code if text or not (saved or assignment.reference.absent) else f"{code} or {default}"
            elif assignment.target.name == name and assignment.literal is not None and assignment.origin != "default":
                found[name] = lit(str(assignment.literal))
            elif assignment.target.name == name and _sent_as_it_is(assignment):
                assert assignment.field is not None
                code = values.plain(assignment.field.name)
                found[name] = code if fn.operation.name in assignment.field.model.required else f"{code} or {default}"
        if name not in found:
            found[name] = next(
                (
                    values.raw(a.reference)
                    for s in fn.operation.steps
                    for a in s.assignments
                    if a.target.name == name and a.reference is not None
                ),
                "''",
            )
    return found


def _sent_as_it_is(assignment: Assignment) -> bool:
    """Return true if the value that is sent is a field's own text."""
    field = assignment.field
    if field is None or assignment.origin != "send" or assignment.owners or len(assignment.target.path.segments) != 1:
        return False
    return field.model.type.kind in ("text", "id") and not field.model.type.many and field.ast.codec is None and field.table is None
