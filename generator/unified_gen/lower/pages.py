"""Code that reads one page of a list: its records, the filters applied after reading, the cursor of the next page."""

from __future__ import annotations

from unified_gen.language import ast
from unified_gen.lower.context import ModuleContext
from unified_gen.lower.inline_paths import inline
from unified_gen.lower.python import Block, lit, tuple_of, unique
from unified_gen.lower.reading import Reader, predicate_function
from unified_gen.lower.records import RecordReader, removed_predicate
from unified_gen.lower.responses import ResponsePlan, raw_keys, struct_at
from unified_gen.lower.values import Values
from unified_gen.resolve.record_fields import Leaf
from unified_gen.resolve.resolved import ResolvedPagination, ResolvedStep
from unified_openapi.schemas.paths import Each, Name, opposite


def write_page(
    module: ModuleContext,
    step: ResolvedStep,
    plan: ResponsePlan,
    reader: RecordReader,
    block: Block,
    source: str,
    inputs: dict[str, str],
    values: Values,
    taken: set[str],
) -> None:
    """Emit everything after the response of a list step, the `return` included."""
    response = step.response
    assert response is not None and response.items is not None
    segments = (*(Name(name) for name in response.envelope), *response.items.segments)
    if plan.struct is None:
        items = source
    else:
        location = Reader(module, source, plan.struct, block, taken=taken).at(segments)
        empty = "[]" if step.ast.items_key is None else "{}"
        items = f"{location.code} or {empty}" if location.optional else location.code
    if response.incomplete_if is not None and plan.struct is not None:
        partial = Reader(module, source, plan.struct, block, taken=taken).at(response.incomplete_if.path.segments).code
        block.add(f"{module.use('responses')}.check_not_partial({partial}, {values.title()})")
    number = "index" if step.ast.items_key is None else "key"
    nested = bool(response.inside) and isinstance(response.inside[-1], Each)  # lists in the elements of a list
    raw = f"raw.at({', '.join([*raw_keys(segments), number, *raw_keys(response.inside), *(['position'] if nested else [])])})"
    name = items if items.isidentifier() else unique("items", taken)
    if name != items:
        taken.add(name)
        block.add(f"{name} = {items}")
    pairs, one = f"index, each in enumerate({name})", "each"
    if step.ast.items_key is not None:
        inputs, pairs = {**inputs, step.ast.items_key.value: "key"}, f"key, each in {name}.items()"
    tests: list[str] = []
    if response.inside:
        outer = plan.saved_struct if plan.struct is None else struct_at(plan.struct, (*segments, Each()))
        one = "inner"  # a type checker narrows a tested value only if it is a name
        inside = response.inside[:-1] if nested else response.inside
        found = inline(module, "each", outer, inside)
        loop = f"position, inner in enumerate({found} or ())" if nested else f"inner in ({found},)"
        pairs, tests = f"{pairs} for {loop}", [] if nested else ["inner is not None"]
    if step.located:
        wanted = tuple_of([f"({lit(names)}, {values.plainly(reference)})" for names, reference in step.located])
        element = f"raw.at({', '.join([*raw_keys(segments), number])}).value"
        tests.append(f"{module.use('reconciliation')}.matches({element}, {wanted})")
    for sent, leaf in step.items_inputs:
        value = inline(module, one, reader.struct, leaf.path.segments)
        inputs = {**inputs, sent: f"{module.use('responses')}.required({value}, {lit(sent)}, {lit(module.title)})"}
    if reader.predicate is not None:
        tests.append(f"{reader.predicate}({one})")
    if step.exclude is not None:
        tests.append(f"{predicate_function(module, reader.struct, '_is_listed', opposite(step.exclude))}({one})")
    gone = removed_predicate(module, reader.struct, step.sync_token) if step.sync_token is not None else None
    saved = " and ".join([*tests, *([f"not {gone}({one})"] if gone is not None else [])])
    read = reader.call(one, raw, inputs)
    block.add(f"records = [{read} for {pairs}{f' if {saved}' if saved else ''}]")
    if step.ast.reverse:
        block.add("records.reverse()")
    more = ""
    if gone is not None:
        block.add(f"removed = [{read}.id for {pairs} if {' and '.join([*tests, f'{gone}({one})'])}]")
        more = ", removed=removed"
    certain = step.condition.given if step.condition is not None else frozenset()
    for given in step.local_filters:
        _locally(module, given, values, block, taken, certain=given.required or given.name.value in certain)
    cursor = _cursor(module, step, reader, plan, block, source, taken, name, values.start)
    if step.sync_token is not None:
        assert plan.struct is not None
        token = f"pagination.token({Reader(module, source, plan.struct, block, taken=taken).at(step.sync_token.next.path.segments).code})"
        module.use("pagination")
        if step.sync_token.param is not None:
            token, cursor = (
                f"{module.use('change_cursors')}.sync_cursor({token})",
                f"change_cursors.page_cursor(sync, {cursor})" if cursor else None,
            )
        more += f", sync={token}"
    page = f"{module.use('Page')}(records{f', cursor={cursor}' if cursor else ''}{more})"
    block.add(f"return {values.elements}.page({page})" if values.elements else f"return {page}")


def _locally(module: ModuleContext, given: ast.Input, values: Values, block: Block, taken: set[str], *, certain: bool) -> None:
    """Write a filter that the vendor lacks: it is applied to the records of the page. `certain`: it always has a value here."""
    name = given.name.value
    value = values.plain(name)
    indent = ""
    if name not in values.locals and not certain:
        block.open(f"if {value} is not None:")
        indent = " "
    if given.field is None and given.type.kind == "enum":  # an order, of a list that comes complete
        block.add(f"records = {module.use('local_order')}.ordered(records, {value}, {_refused(module, name)})")
    elif given.empty_field is not None:
        block.add(f"records = [each for each in records if (not each.{given.empty_field}) == {value}]")
    elif given.searched_fields:
        text = " ".join(f"{{each.{field} or ''}}" for field in given.searched_fields)
        words = unique("words", taken)
        taken.add(words)
        block.add(f"{words} = {value}.casefold()", f'records = [each for each in records if {words} in f"{text}".casefold()]')
    else:
        field = given.field or name
        model = next(f for f in module.resource.model.fields if f.name.value == field)
        location = f"each.{field}"
        if given.type.many:
            test = f"any(one in {location} for one in {value})" if model.type.many else f"{location} in {value}"
        elif model.type.many:
            test = f"{value} in {location}"
        elif given.type.kind in ("date", "datetime"):
            test = f"{location} is not None and {location} {'<' if 'before' in name else '>='} {value}"
        else:
            test = f"{location} == {value}"
        block.add(f"records = [each for each in records if {test}]")
    if indent:
        block.close()


def _refused(module: ModuleContext, name: str) -> str:
    """Return the reasons of the values of an input that the vendor does not support, by value."""
    prefix = f"filter.{name}."
    return lit({key.removeprefix(prefix): text.value for key, text in module.resource.unsupported.items() if key.startswith(prefix)})


def _cursor(
    module: ModuleContext,
    step: ResolvedStep,
    reader: RecordReader,
    plan: ResponsePlan,
    block: Block,
    source: str,
    taken: set[str],
    items: str,
    start: str,
) -> str | None:
    """Return code of the cursor that requests the next page; None if there is none."""
    pagination = step.pagination
    if pagination is None:
        return None
    helper = module.use("pagination")
    style = pagination.ast.style

    locations = Reader(module, source, plan.struct, block, taken=taken) if plan.struct is not None else None

    def location(leaf: Leaf | None) -> str | None:
        return locations.at(leaf.path.segments).code if leaf is not None and locations is not None else None

    if style == "link":
        code = f"{helper}.link_header(raw)"
    elif style in ("token", "url"):
        code = f"{helper}.token({location(pagination.next)})"
    elif style == "last" and pagination.ast.lowest:
        assert pagination.next is not None
        held = inline(module, "each", reader.struct, pagination.next.path.segments)
        code = f"{helper}.behind_lowest([{held} for each in {items}], {_size(step)})"
    elif style == "last":
        assert pagination.next is not None
        leaves = (pagination.next, *(leaf for _, leaf in pagination.further))
        held = ", ".join(inline(module, f"{items}[-1]", reader.struct, leaf.path.segments) for leaf in leaves)
        code = f"{helper}.{'parts' if pagination.further else 'token'}({held}) if {items} else None"
        total = location(pagination.total)
        if total is not None:
            code = f"{helper}.after_last({code}, len({items}), {total})"
    else:
        arguments = [start, f"len({items})", f"size={_size(step)}"]
        total = location(pagination.total)
        if total is not None:
            arguments.append(f"total={total}")
            if style == "page" and pagination.ast.start_at != 1:
                arguments.append(f"first={pagination.ast.start_at}")
        code = f"{helper}.{'after_offset' if style == 'offset' else 'after_page'}({', '.join(arguments)})"
    until = location(pagination.last_page_if)
    code = f"None if {until} else {code}" if until is not None else code
    if pagination.ast.max_records is not None:
        code = f"{helper}.truncated({code}, {location(pagination.total)}, {pagination.ast.max_records})"
    more = location(pagination.more_if)
    if more is None:
        return code
    ends_empty = f" if {items} else None"
    if code.endswith(ends_empty):
        return f"{code.removesuffix(ends_empty)} if {items} and {more} else None"
    return f"{code} if {more} else None"


def page_size(helper: str, pagination: ResolvedPagination) -> str:
    """Return code of the page size to request."""
    within = f", ctx.cursor, {pagination.ast.max_records}" if pagination.ast.max_records is not None else ""
    return f"{helper}.{'page_size_within' if within else 'page_size'}(ctx.limit, {pagination.ast.max_page_size}{within})"


def _size(step: ResolvedStep) -> str:
    """Return the page size that was requested, as the request holds it."""
    pagination = step.pagination
    if pagination is None or pagination.page_size_param is None:
        return "None"
    return page_size("input_validation", pagination)
