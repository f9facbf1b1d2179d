"""Code that reads one page of a list: its records, the filters applied after reading, the cursor of the next page."""

from __future__ import annotations

from unified_gen.language import ast
from unified_gen.lower.answers import AnswerPlan, raw_keys, struct_at
from unified_gen.lower.context import ModuleContext
from unified_gen.lower.inline import inline
from unified_gen.lower.python import Block, unique
from unified_gen.lower.reading import Reader
from unified_gen.lower.records import RecordReader, removed_predicate
from unified_gen.lower.values import Values
from unified_gen.resolve.resolved import Leaf, ResolvedPaging, ResolvedStep
from unified_gen.schema.paths import Each, Name


def write_page(
    module: ModuleContext,
    step: ResolvedStep,
    plan: AnswerPlan,
    reader: RecordReader,
    block: Block,
    source: str,
    inputs: dict[str, str],
    values: Values,
    taken: set[str],
) -> None:
    """Emit everything after the answer of a list step, the `return` included."""
    answer = step.answer
    assert answer is not None and answer.items is not None
    segments = (*(Name(name) for name in answer.envelope), *answer.items.segments)
    if plan.struct is None:
        items = source
    else:
        place = Reader(module, source, plan.struct, block, taken=taken).place(segments)
        empty = "[]" if step.ast.keyed is None else "{}"
        items = f"{place.code} or {empty}" if place.optional else place.code
    number = "index" if step.ast.keyed is None else "key"
    raw = f"raw.at({', '.join([*raw_keys(segments), number, *raw_keys(answer.inside)])})"
    name = items if items.isidentifier() else unique("items", taken)
    if name != items:
        taken.add(name)
        block.add(f"{name} = {items}")
    pairs, one = f"index, each in enumerate({name})", "each"
    if step.ast.keyed is not None:
        inputs, pairs = {**inputs, step.ast.keyed.value: "key"}, f"key, each in {name}.items()"
    tests: list[str] = []
    if answer.inside:
        assert plan.struct is not None
        one = "inner"  # a type checker knows again what was tested only if it is a name
        found = inline(module, "each", struct_at(plan.struct, (*segments, Each())), answer.inside)
        pairs, tests = f"{pairs} for inner in ({found},)", ["inner is not None"]
    if reader.predicate is not None:
        tests.append(f"{reader.predicate}({one})")
    gone = removed_predicate(module, reader.struct, step.cursor) if step.cursor is not None else None
    kept = " and ".join([*tests, *([f"not {gone}({one})"] if gone is not None else [])])
    read = reader.call(one, raw, inputs)
    block.add(f"records = [{read} for {pairs}{f' if {kept}' if kept else ''}]")
    more = ""
    if gone is not None:
        block.add(f"removed = [{read}.id for {pairs} if {' and '.join([*tests, f'{gone}({one})'])}]")
        more = ", removed=removed"
    for given in step.locally:
        _locally(module, given, values, block, taken)
    cursor = _cursor(module, step, reader, plan, block, source, taken, name, values.start)
    if step.cursor is not None:
        assert plan.struct is not None
        token = f"paging.token({Reader(module, source, plan.struct, block, taken=taken).place(step.cursor.next.path.segments).code})"
        module.use("paging")
        if step.cursor.send is not None:
            token, cursor = f"{module.use('syncing')}.sync({token})", f"syncing.page(sync, {cursor})" if cursor else None
        more += f", sync={token}"
    block.add(f"return {module.use('Page')}(records{f', cursor={cursor}' if cursor else ''}{more})")


def _locally(module: ModuleContext, given: ast.Input, values: Values, block: Block, taken: set[str]) -> None:
    """A filter the vendor lacks, applied to the records of the page."""
    name = given.name.value
    value = values.plain(name)
    indent = ""
    if name not in values.locals:
        block.open(f"if {value} is not None:")
        indent = " "
    if given.over:
        text = " ".join(f"{{each.{field} or ''}}" for field in given.over)
        words = unique("words", taken)
        taken.add(words)
        block.add(f"{words} = {value}.casefold()", f'records = [each for each in records if {words} in f"{text}".casefold()]')
    else:
        field = given.field or name
        model = next(f for f in module.resource.model.fields if f.name.value == field)
        place = f"each.{field}"
        if given.type.many:
            test = f"any(one in {place} for one in {value})" if model.type.many else f"{place} in {value}"
        elif model.type.many:
            test = f"{value} in {place}"
        elif given.type.kind in ("date", "datetime"):
            test = f"{place} is not None and {place} {'<' if 'before' in name else '>='} {value}"
        else:
            test = f"{place} == {value}"
        block.add(f"records = [each for each in records if {test}]")
    if indent:
        block.close()


def _cursor(
    module: ModuleContext,
    step: ResolvedStep,
    reader: RecordReader,
    plan: AnswerPlan,
    block: Block,
    source: str,
    taken: set[str],
    items: str,
    start: str,
) -> str | None:
    """Code of the cursor that asks for the next page; None where there is none."""
    paging = step.paging
    if paging is None:
        return None
    helper = module.use("paging")
    style = paging.ast.style

    places = Reader(module, source, plan.struct, block, taken=taken) if plan.struct is not None else None

    def place(leaf: Leaf | None) -> str | None:
        return places.place(leaf.path.segments).code if leaf is not None and places is not None else None

    if style == "link":
        code = f"{helper}.link(raw)"
    elif style in ("token", "url"):
        code = f"{helper}.token({place(paging.next)})"
    elif style == "last":
        assert paging.next is not None
        leaves = (paging.next, *(leaf for _, leaf in paging.beside))
        held = ", ".join(inline(module, f"{items}[-1]", reader.struct, leaf.path.segments) for leaf in leaves)
        code = f"{helper}.{'parts' if paging.beside else 'token'}({held}) if {items} else None"
    else:
        arguments = [start, f"len({items})", f"size={_size(step)}"]
        total = place(paging.total)
        if total is not None:
            arguments.append(f"total={total}")
            if style == "page" and paging.ast.first != 1:
                arguments.append(f"first={paging.ast.first}")
        code = f"{helper}.{'after_offset' if style == 'offset' else 'after_page'}({', '.join(arguments)})"
    until = place(paging.until)
    code = f"None if {until} else {code}" if until is not None else code
    if paging.ast.within is not None:
        code = f"{helper}.cut_off({code}, {place(paging.total)}, {paging.ast.within})"
    more = place(paging.more)
    return f"{code} if {more} else None" if more is not None else code


def page_size(helper: str, paging: ResolvedPaging) -> str:
    """Code of the page size to ask for."""
    within = f", ctx.cursor, {paging.ast.within}" if paging.ast.within is not None else ""
    return f"{helper}.{'page_size_within' if within else 'page_size'}(ctx.limit, {paging.ast.most}{within})"


def _size(step: ResolvedStep) -> str:
    """The page size that was asked for, as the request holds it."""
    paging = step.paging
    if paging is None or paging.size is None:
        return "None"
    return page_size("inputs", paging)
