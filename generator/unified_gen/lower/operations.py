"""Write the generator function of one operation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from unified_gen.language import ast
from unified_gen.lower.answers import AnswerPlan, plan_answer, raw_keys, record_segments, struct_at
from unified_gen.lower.bodies import nest
from unified_gen.lower.context import ModuleContext
from unified_gen.lower.gaps import refused_fields, refused_here, refused_values, uncleared
from unified_gen.lower.inline import inline
from unified_gen.lower.pages import write_page
from unified_gen.lower.python import Block, constant, docstring, lit, pascal, snake, tuple_of, unique
from unified_gen.lower.reading import Reader, predicate_function
from unified_gen.lower.reconciling import reconciled
from unified_gen.lower.records import RecordReader
from unified_gen.lower.requests import RequestWriter
from unified_gen.lower.searches import search
from unified_gen.lower.structs import StructDef
from unified_gen.lower.values import Values
from unified_gen.resolve.places import step_references, takes_extra
from unified_gen.resolve.resolved import Assignment, Condition, ResolvedOperation, ResolvedPoll, ResolvedResource, ResolvedStep, Test
from unified_gen.schema.paths import Index, Match, Name, Predicate, Segment

_GIVEN = "given = "
_USES_GIVEN = re.compile(r"\bin given\b|\bgiven &|, given,").search


def input_class(model: ast.Model, operation: ast.ModelOperation) -> str | None:
    """The class of an operation's input; None where its inputs are parameters of the function."""
    record = model.record.value
    match operation.like:
        case "create" | "update":
            return record + pascal(operation.name.value)
        case "list" | "changes":
            return record + ("Filters" if operation.name.value == "list" else pascal(operation.name.value))
    return None


def function_name(operation: ast.ModelOperation) -> str:
    """The adapter's function; `list` gets an underscore so that no builtin is hidden."""
    return snake(operation.name.value)


@dataclass(slots=True)
class OperationWriter:
    """Writes one operation of a resource."""

    module: ModuleContext
    operation: ResolvedOperation
    reader: RecordReader | None
    endpoints: dict[str, str]
    """Vendor operation to the constant that holds its endpoint."""
    used: frozenset[str]
    """Inputs that some step takes."""
    block: Block = field(default_factory=Block)
    taken: set[str] = field(default_factory=set)
    found: str = "found"
    """The variable that holds the answer of the last step that ran."""
    kept: dict[str, str] = field(default_factory=dict)
    """What is kept, and the variables that hold it."""

    def __post_init__(self) -> None:
        self.taken |= self.module.reserved("ctx", "given", "raw", "record", "id", "each", "records", "index")

    @property
    def resource(self) -> ResolvedResource:
        return self.module.resource

    def write(self) -> str:
        """The function's source."""
        model = self.operation.model
        lists = self.operation.like in ("list", "changes")
        given = input_class(self.resource.model, model)
        direct: dict[str, str] = {}
        for i in model.ids:
            direct[i.name.value] = "id" if i.name.value == "id" else self._local(i.name.value)
        record = self._local("filters" if lists else self.resource.model.record.value)
        self.kept = {kept.name: self._local(kept.name) for step in self.operation.steps for kept in step.kept}
        values = Values(self.module, record, direct)
        result = self._result()
        parameters = [
            f"ctx: {self.module.use('Context')}",
            *(f"{local}: {self._parameter_type(name)}" for name, local in direct.items()),
        ]
        if given is not None:
            parameters.append(f"{record}: {self.module.model(given)}")
        self.block.open(f"def {function_name(model)}({', '.join(parameters)}) -> {self.module.use('Steps')}[{result}]:")
        self.block.add(docstring(self._doc(), ""))
        self._checks(values, record if given is not None else None)
        if self.operation.ast.either:
            self._either(values, record if given is not None else None)
        else:
            self._sequence(values)
        self.block.close()
        text = str(self.block)
        # Only what is written after the checks tells whether they have to be remembered.
        return text if _USES_GIVEN(text) else text.replace(_GIVEN, "", 1)

    def _local(self, name: str) -> str:
        """A variable of the function, its own and no name that the module needs."""
        local = unique(snake(name), self.taken)
        self.taken.add(local)
        return local

    def _parameter_type(self, name: str) -> str:
        given = next(i for i in self.operation.model.ids if i.name.value == name)
        kind = self.module.use("Source") if given.type.kind == "bytes" else "str"
        return kind if given.required else f"{kind} | None"

    def _result(self) -> str:
        if self.operation.model.answer is not None:
            return self.module.use("Fetch")
        record = self.module.model(self.resource.model.record.value) if self.operation.like != "delete" else "None"
        if self.operation.like in ("list", "changes"):
            return f"{self.module.use('Page')}[{record}]"
        return record

    def _doc(self) -> str:
        calls = [
            f"{step.facts.method} {step.facts.path}" + (", if needed" if _maybe(self.operation, step) else "") + _of_size(step)
            for step in self.operation.steps
        ]
        summary = self.operation.model.summary
        if len(calls) == 1:
            return f"{summary.rstrip('.')}: {calls[0]}."
        return "\n".join([summary, "", "One of:" if self.operation.ast.either else "In turn:", *(f"    {each}" for each in calls), ""])

    # ------------------------------------------------------------------------------------- checks first
    def _checks(self, values: Values, record: str | None) -> None:
        name, title = self.operation.name, lit(self.module.title)
        if record is not None:
            self._refuse(values, record, refused_fields(self.resource, self.operation, self.used), constant(name, "gaps"))
            for field_name, reasons in refused_values(self.resource, self.operation, self.used).items():
                self.block.add(f"{values.inputs()}.refuse_values({lit(field_name)}, {record}.{field_name}, {lit(reasons)}, {title})")
        for given in self.operation.model.ids:
            if given.name.value not in self.used and not given.required:
                keys = (f"{name}.{given.name}", f"filter.{given.name}")
                reason = next((self.resource.gaps[key].value for key in keys if key in self.resource.gaps), "")
                value = values.plain(given.name.value)
                self.block.add(f"{values.inputs()}.refuse_input({lit(given.name.value)}, {value}, {lit(reason)}, {title})")
        if self.operation.like == "update" and record is not None and self.operation.model.fields != ():
            stuck = uncleared(self.resource, self.operation, self.used)
            self.block.add(f"{_GIVEN}{values.inputs()}.changes({record}, ctx.extra, {title})")
            if stuck:
                names = self.module.constant(constant(name, "never", "cleared"), tuple_of(map(lit, stuck)))
                self.block.add(f"{values.inputs()}.refuse_clearing({record}, given, {names}, {title})")
            for known, fields in told_beside(self.operation).items():
                self.block.add(f"{values.inputs()}.together({record}, {lit(known)}, {tuple_of(map(lit, fields))}, {title})")
        if not self.operation.ast.either:
            for step in self.operation.steps:
                if step.condition is None:
                    self._require(values, step)
        self._parts(values)
        self._sums(values)

    def _sums(self, values: Values) -> None:
        """The checksums of contents that are compared with what the vendor tells: asked for before anything is read."""
        wanted: dict[str, list[str]] = {}
        for step in self.operation.steps:
            if step.media is not None:
                names = wanted.setdefault(values.raw(step.media.input), [])
                names += [name for name, _ in step.verify if name != "size" and name not in names]
        for content, names in wanted.items():
            if names:
                self.block.add(f"{content}.sums({', '.join(map(lit, names))})")

    def _refuse(self, values: Values, record: str, reasons: dict[str, str], named: str) -> None:
        """Tell a caller who gives what nothing takes."""
        if reasons:
            gaps = self.module.constant(named, lit(reasons))
            clears = ", clears=True" if self.operation.like == "update" else ""
            self.block.add(f"{values.inputs()}.refuse({record}, {gaps}, {lit(self.module.title)}{clears})")

    def _require(self, values: Values, step: ResolvedStep) -> None:
        """Inputs the vendor needs though the model does not: made sure of, and held in a local."""
        for name in dict.fromkeys(reference.name for reference in step.requires):
            if name in values.locals or name in values.present:
                continue
            local = unique(snake(name), self.taken)
            self.taken.add(local)
            self.block.add(f"{local} = {values.inputs()}.require({lit(name)}, {values.plain(name)}, {lit(self.module.title)})")
            values.locals[name] = local

    def _parts(self, values: Values) -> None:
        """Take composite ids apart, once, before anything is sent."""
        needed: dict[str, tuple[ast.Parts, bool]] = {}
        named: set[tuple[str, str | None]] = set()
        for step in self.operation.steps:
            for reference in step_references(step):
                if reference.kind == "part" and reference.carrier is not None and reference.carrier.ast.parts is not None:
                    needed[reference.name] = (reference.carrier.ast.parts, reference.absent)
                    named.add((reference.name, reference.part))
        for name, (parts, absent) in needed.items():
            pattern, names = self.module.id_pattern(parts)
            locals_ = [unique(snake(part) if (name, part) in named else f"_{snake(part)}", self.taken) for part in names]
            self.taken.update(locals_)
            whole = values.plain(name)
            optional = absent and name not in values.locals
            function = "optional_parts" if optional else "parts"
            self.block.add(
                f"{', '.join(locals_)}{',' if len(locals_) == 1 else ''} = {values.inputs()}.{function}({pattern}, {whole}, {lit(name)})"
            )
            values.parts.update({(name, part): local for part, local in zip(names, locals_, strict=True)})

    # ------------------------------------------------------------------------------------- steps
    def _sequence(self, values: Values) -> None:
        steps = self.operation.steps
        finals = [step for step in steps if self._is_final(step)]
        several = self._may_end_early(values, finals)
        self._declare_kept(values)
        if several:
            assert self.reader is not None
            record, raw = self.module.struct(self.reader.struct), self.module.use("Raw")
            self.found = self._local("found")
            self.block.add(f"{self.found}: tuple[{record}, {raw}] | None = None")
        for step in steps:
            condition = self._condition(values, step)
            if condition is not None:
                self.block.open(f"if {condition}:")
            before = set(values.present)
            values.present |= _present(step.condition)
            values.present |= {found} if step.condition is not None and (found := self._found_before(step)) is not None else set()
            values.asked = _asked(step.condition)
            self._step(values, step, final=step in finals, returns=step is steps[-1] and condition is None and len(finals) <= 1)
            values.present, values.asked = before, frozenset()
            if condition is not None:
                self.block.close()
        if self.operation.like in ("list", "changes"):
            if self._condition(values, steps[-1]) is not None:
                self.block.add(f"return {self.module.use('Page')}([])")
        elif several:
            self.block.add(f"record, raw = {self.module.use('answers')}.known({self.found}, {lit(self.module.title)})")
            self.block.add(f"return {self._read(values, finals[-1], 'record', 'raw')}")

    def _may_end_early(self, values: Values, finals: list[ResolvedStep]) -> bool:
        """Whether the answer is that of the last step that ran, of several that may (rule 9)."""
        if self.operation.like in ("list", "changes") or not finals or self.operation.model.answer is not None:
            return False
        return len(finals) > 1 or self._condition(values, finals[-1]) is not None

    def _either(self, values: Values, record: str | None) -> None:
        for step in self.operation.steps:
            condition = self._condition(values, step)
            if condition is not None:
                self.block.open(f"if {condition}:")
            before = set(values.present)
            values.present |= _present(step.condition) | {kept.name for kept in step.kept}
            locals_before = dict(values.locals)
            if record is not None:
                refused = refused_here(self.resource, self.operation, step, self.used)
                self._refuse(values, record, refused, constant(self.operation.name, step.facts.name, "gaps"))
            self._require(values, step)
            self._step(values, step, final=True, returns=True)
            values.present, values.locals = before, locals_before
            if condition is not None:
                self.block.close()
        last = self.operation.steps[-1]
        if self._condition(values, last) is not None:
            named = " or ".join(
                sorted({test.reference.name for step in self.operation.steps for test in _tests(step.condition) if test.given})
            )
            self.block.add(f"raise {values.inputs()}.needs({lit(named)}, {lit(self.module.title)})")

    def _is_final(self, step: ResolvedStep) -> bool:
        return step.answer is not None and (step.answer.record is not None or step.answer.items is not None or step.answer.binary)

    def _condition(self, values: Values, step: ResolvedStep) -> str | None:
        parts = []
        if step.condition is not None:
            kept = self._found_before(step) if not self.operation.ast.either else None
            parts.append(f"{self.kept[kept]} is not None" if kept is not None else values.condition(step.condition))
        if _skipped(self.operation, step):
            sends = sorted(_takes(self.operation, step))
            name = self.module.constant(constant(step.facts.name, "sends"), f"frozenset({tuple_of(map(lit, sends))})")
            parts.append(self._given(name, step, alone=not parts))
        earlier = self.operation.ast.either and step is not self.operation.steps[-1]
        if earlier and step.media is not None and step.media.ast.upto is not None:
            content = values.raw(step.media.input)
            parts.append(f"(yield from {self.module.use('media')}.fits({content}, {step.media.ast.upto}))")
        return " and ".join(parts) if parts else None

    def _given(self, names: str, step: ResolvedStep, *, alone: bool) -> str:
        """Whether a sending step of an update has anything to send."""
        if step is not takes_extra(self.operation):
            return f"given & {names}"
        test = f"given & {names} or ctx.extra"
        return test if alone else f"({test})"

    def _found_before(self, step: ResolvedStep) -> str | None:
        """A look-up under the very condition of this step that it refers to: that it was found says the same, and more plainly."""
        assert step.condition is not None
        named = {reference.name for reference in step_references(step) if reference.kind == "kept"}
        for other in self.operation.steps:
            if other is step:
                return None
            kept = other.kept[0] if other.kept else None
            same = other.condition is not None and other.condition.text.value == step.condition.text.value
            if same and kept is not None and kept.name in named and (kept.missing is not None or self._struct_kept(other) is not None):
                return kept.name
        return None

    def _struct_kept(self, step: ResolvedStep) -> StructDef | None:
        """The struct of what a step keeps, which is there whenever the step ran; None where it may be nothing."""
        return None if step.kept[0].searched else plan_answer(self.module, self.operation, step, self.reader).kept_struct

    def _declare_kept(self, values: Values) -> None:
        """A name kept by a step that may not run is None until it does."""
        for step in self.operation.steps:
            if step.kept and step.condition is not None:
                plan = plan_answer(self.module, self.operation, step, self.reader)
                kind = f"{self.module.struct(plan.kept_struct)} | None" if plan.kept_struct is not None else self.module.typing("Any")
                self.block.add(f"{self.kept[step.kept[0].name]}: {kind} = None")

    def _step(self, values: Values, step: ResolvedStep, *, final: bool, returns: bool) -> None:
        plan = plan_answer(self.module, self.operation, step, self.reader)
        request = RequestWriter(self.module, self.operation, step, values, self.block, self.taken, plan)
        arguments = [self._endpoint(step), *request.write()]
        if plan.reads == "bytes" and final:
            arguments += self._verified(values, step)
            self.block.add(f"return (yield from {self.module.use('media')}.streamed({', '.join(arguments)}))")
            return
        if plan.reads is None:
            sending = self._reconciled(values, step, f"{self.module.use('call')}({', '.join(arguments)})", None, raw=False)
            self.block.add(f"yield from {sending}")
            return
        arguments.append(f"reads={plan.reads}")
        if step.kept and not (step.media is not None and returns):  # what an upload answers ends a plan, unless later requests need it
            arguments.append(f"keep={lit(step.kept[0].name)}")
        answer = self._answer_name(step, plan, final)
        if step.poll is not None:
            arguments += self._polled(step, step.poll, plan)
            how = "repeated" if step.poll.ast.at is None else "started"
            self.block.add(f"{answer} = yield from {self.module.use('jobs')}.{how}({', '.join(arguments)})")
        elif step.media is not None:
            arguments += [f"{role}={self.endpoints[facts.name]}" for role, facts, _ in step.media.calls]
            function = f"{self.module.use('media')}.{step.media.how}"
            self.block.add(f"{answer}, raw = yield from {function}({', '.join(arguments)})")
        elif step.through is not None:
            arguments += [f"{name}={values.plainly(reference)}" for name, reference in step.through.told]
            arguments += [f"{role}={self.endpoints[facts.name]}" for role, facts, _ in step.through.calls]
            exchange = f"{self.module.use('exchanges')}.{step.through.name}"
            self.block.add(f"{answer}{', raw' if final else ''} = yield from {exchange}({', '.join(arguments)})")
        elif final:
            first = self._reconciled(values, step, self._fetched(step, arguments), plan.reads, raw=True)
            further = self._further(step, plan)
            if further is not None:
                self.block.open("if ctx.cursor is not None:")
                self.block.add(f"{answer}, raw = yield from {self._fetched(step, further)}")
                self.block.close()
                self.block.open("else:")
            self.block.add(f"{answer}, raw = yield from {first}")
            if further is not None:
                self.block.close()
        else:
            sending = self._reconciled(values, step, f"{self.module.use('call')}({', '.join(arguments)})", plan.reads, raw=False)
            self.block.add(f"{answer} = yield from {sending}")
        if step.kept:
            self._keep(values, step, plan, answer)
        if step.media is not None and step.verify:
            told = ", ".join(part.partition("=")[2] for part in self._verified(values, step))
            self.block.add(f"media.verify({values.raw(step.media.input)}, {told})")
        if final:
            self._finish(values, step, plan, request, answer, returns=returns)

    def _reconciled(self, values: Values, step: ResolvedStep, sending: str, reads: str | None, *, raw: bool) -> str:
        if step.reconcile is None:
            return sending
        endpoint = self.endpoints[step.reconcile.look.facts.name]
        return reconciled(self.module, self.operation, step, values, self.block, self.taken, sending, reads, endpoint=endpoint, raw=raw)

    def _polled(self, step: ResolvedStep, poll: ResolvedPoll, plan: AnswerPlan) -> list[str]:
        """How it is known that work in the background is done or has failed, and why."""
        struct, envelope = plan.struct, step.answer.envelope if step.answer is not None else ()
        assert struct is not None
        inner = struct_at(struct, tuple(Name(name) for name in envelope))
        assert inner is not None
        place = "each" if not envelope else inline(self.module, "each", struct, tuple(Name(name) for name in envelope))

        def test(name: str, predicate: Predicate) -> str:
            function = predicate_function(self.module, inner, name, predicate)
            blank = f" or {self.module.struct(inner)}()" if envelope else ""
            return function if not envelope else f"lambda each: {function}({place}{blank})"

        arguments = [f"until={test('_has_ended', poll.until)}"]
        if poll.failed is not None:
            arguments.append(f"failed={test('_has_failed', poll.failed)}")
        if poll.message is not None:
            segments = (*(Name(name) for name in envelope), *poll.message.path.segments)
            arguments.append(f"message=lambda each: {inline(self.module, 'each', struct, segments)}")
        if poll.ast.at is not None:
            arguments.append(f"header={lit(poll.ast.at.value)}")
        return arguments

    def _further(self, step: ResolvedStep, plan: AnswerPlan) -> list[str] | None:
        """The arguments of the call that gives further pages, where it is another one."""
        paging = step.paging
        if paging is None or paging.call is None or paging.send is None:
            return None
        place = {"body": "json"}.get(paging.send.place, paging.send.place)
        return [self.endpoints[paging.call.name], f"{place}={nest(paging.send.path.segments, 'ctx.cursor')}", f"reads={plan.reads}"]

    def _fetched(self, step: ResolvedStep, arguments: list[str]) -> str:
        """The request whose answer is read; the vendor may no longer know the cursor of changes that it holds."""
        fetched = f"{self.module.use('fetch')}({', '.join(arguments)})"
        if step.cursor is None or step.cursor.ast.stale is None:
            return fetched
        return f"{self.module.use('syncing')}.since({fetched}, ctx.cursor, {step.cursor.ast.stale})"

    def _verified(self, values: Values, step: ResolvedStep) -> list[str]:
        """What a content is held against: its size, and checksums by name."""
        size = next((values.raw(reference) for name, reference in step.verify if name == "size"), None)
        sums = ", ".join(f"{lit(name)}: {values.raw(reference)}" for name, reference in step.verify if name != "size")
        if step.media is not None:
            return [f"size={size}", f"checksums={{{sums}}}"]
        return [*([f"size={size}"] if size is not None else []), *([f"checksums={{{sums}}}"] if sums else [])]

    def _answer_name(self, step: ResolvedStep, plan: AnswerPlan, final: bool) -> str:
        """A name of its own for each answer: they are of different types."""
        wanted = "answer"
        if step.kept and not final:
            kept = step.kept[0]
            whole = not kept.leaf.path.segments and not kept.searched
            if whole:
                return self.kept[kept.name]
            wanted = snake(f"{kept.name}_answer")
        name = unique(wanted, self.taken)
        self.taken.add(name)
        return name

    def _endpoint(self, step: ResolvedStep) -> str:
        return self.endpoints[step.facts.name]

    def _keep(self, values: Values, step: ResolvedStep, plan: AnswerPlan, answer: str) -> None:
        kept = step.kept[0]
        local = self.kept[kept.name]
        code = answer
        if kept.leaf.path.segments and plan.struct is not None:
            code = Reader(self.module, answer, plan.struct, self.block, taken=self.taken).place(kept.leaf.path.segments).code
        elif kept.leaf.path.segments and isinstance(kept.leaf.path.segments[0], Index):
            code = f"{self.module.use('answers')}.item({answer}, {kept.leaf.path.segments[0].index})"
        if kept.more is not None and plan.struct is not None:
            more = Reader(self.module, answer, plan.struct, self.block, taken=self.taken).place(kept.more.path.segments).code
            self.block.add(f"{self.module.use('answers')}.all_of_it({more}, {lit(self.module.title)})")
        struct = plan.kept_struct
        recorded = step.answer is not None and step.answer.record is not None and plan.struct is None
        if kept.leaf.path.segments and recorded and struct is not None:  # a part of the record itself
            code = Reader(self.module, answer, struct, self.block, taken=self.taken).place(kept.leaf.path.segments).code
            struct = struct_at(struct, kept.leaf.path.segments)
        if kept.searched:
            code = search(self.module, values, kept, code, struct)
        if kept.missing is not None:
            message = values.template(kept.missing)
            error = "Conflict" if self.operation.like == "update" else "InvalidInput"
            code = f"{self.module.use('answers')}.found({code}, {message}, {lit(error)})"
        elif kept.leaf.path.segments and not kept.searched and struct is not None:
            code = f"{code} or {self.module.struct(struct)}()"
        named = {r.name for other in self.operation.steps for r in step_references(other) if r.kind == "kept"}
        if kept.missing is not None and kept.name not in named:  # it is looked at and no more
            self.block.add(code)
        elif code != local:
            self.block.add(f"{local} = {code}")
        values.kept[kept.name] = (local, struct)

    def _finish(self, values: Values, step: ResolvedStep, plan: AnswerPlan, request: RequestWriter, source: str, *, returns: bool) -> None:
        answer = step.answer
        assert answer is not None and self.reader is not None
        if answer.items is not None:
            write_page(self.module, step, plan, self.reader, self.block, source, self._request(values, step), values, self.taken)
            return
        record = source
        path = record_segments(answer)
        if plan.struct is not None and path:
            place = Reader(self.module, source, plan.struct, self.block, taken=self.taken).place(plan.record_segments)
            if any(isinstance(segment, Index | Match) for segment in path):  # a list without this element: there is no such record
                named = lit(self.resource.model.record.value)
                record = f"{self.module.use('answers')}.one({place.code}, {named}, {lit(self.module.title)})"
            else:
                named = lit(".".join(segment.name for segment in path if isinstance(segment, Name)))
                record = f"{self.module.use('answers')}.present({place.code}, {named}, {lit(self.module.title)})"
            raw = f"raw.at({', '.join(raw_keys(path))})"
        else:
            raw = "raw"
        if returns:
            if path:
                self.block.add(f"record = {record}")
                record = "record"
            self.block.add(f"return {self._read(values, step, record, raw)}")
            return
        self.block.add(f"{self.found} = {record}, {raw}")

    def _read(self, values: Values, step: ResolvedStep, record: str, raw: str) -> str:
        assert self.reader is not None
        if self.reader.predicate is not None:
            self.block.add(
                f"if not {self.reader.predicate}({record}):",
                f"    raise {self.module.use('answers')}.not_one({lit(self.resource.model.record.value)}, {lit(self.module.title)})",
            )
        return self.reader.call(record, raw, self._request(values, step))

    def _request(self, values: Values, step: ResolvedStep) -> dict[str, str]:
        """Inputs of the request that the record is read with, as text."""
        assert self.reader is not None
        found = {}
        for name in self.reader.request:
            default = next((lit(str(a.literal)) for a in step.assignments if a.target.name == name and a.origin == "default"), "''")
            for assignment in step.assignments:
                if assignment.target.name == name and assignment.reference is not None:
                    code = values.raw(assignment.reference)
                    text = assignment.reference.kind in ("part", "id") or assignment.reference.name in values.locals
                    found[name] = code if text or not assignment.reference.absent else f"{code} or {default}"
                elif assignment.target.name == name and assignment.literal is not None and assignment.origin != "default":
                    found[name] = lit(str(assignment.literal))
                elif assignment.target.name == name and _sent_as_it_is(assignment):
                    assert assignment.field is not None
                    code = values.plain(assignment.field.name)
                    found[name] = code if self.operation.name in assignment.field.model.required else f"{code} or {default}"
            if name not in found:
                found[name] = next(
                    (
                        values.raw(a.reference)
                        for s in self.operation.steps
                        for a in s.assignments
                        if a.target.name == name and a.reference is not None
                    ),
                    "''",
                )
        return found


def _sent_as_it_is(assignment: Assignment) -> bool:
    """Whether what is sent is a field's own text."""
    field = assignment.field
    if field is None or assignment.origin != "send" or assignment.owners or len(assignment.target.path.segments) != 1:
        return False
    return field.model.type.kind in ("text", "id") and not field.model.type.many and field.ast.codec is None and field.table is None


def _tests(condition: Condition | None) -> Iterator[Test]:
    for group in condition.any_of if condition is not None else ():
        yield from group


def _present(condition: Condition | None) -> set[str]:
    """Inputs that are there for sure once a condition holds."""
    if condition is None or len(condition.any_of) != 1:
        return set()
    return {test.reference.name for test in condition.any_of[0] if test.given}


def _asked(condition: Condition | None) -> frozenset[tuple[str, tuple[Segment, ...]]]:
    """Places of kept answers that hold something for sure once a condition holds."""
    tests = condition.any_of[0] if condition is not None and len(condition.any_of) == 1 else ()
    kept = (test.reference for test in tests if test.given and test.reference.kind == "kept")
    return frozenset((reference.name, reference.path.segments) for reference in kept if reference.path is not None)


def _skipped(operation: ResolvedOperation, step: ResolvedStep) -> bool:
    """An update skips a step that would send nothing (rule 8); a lone step always has something to send."""
    return operation.like == "update" and step.ast.send is not None and len(operation.steps) > 1 and not operation.ast.either


def _takes(operation: ResolvedOperation, step: ResolvedStep) -> set[str]:
    """The fields that reach a request: sent, referred to, or looked up before by an earlier step."""
    found = {(a.owners or (a.field,))[0].name for a in step.assignments if a.field is not None and a.origin == "send"}
    keepers = {kept.name: other for other in operation.steps for kept in other.kept}
    for reference in step_references(step):
        if reference.kind in ("field", "part") and reference.carrier is not None and reference.name != "id":
            found.add(reference.name)
        elif reference.kind == "kept" and keepers[reference.name].condition is not None:
            found |= {t.reference.name for t in _tests(keepers[reference.name].condition) if t.reference.kind == "field"}
    return found


def _maybe(operation: ResolvedOperation, step: ResolvedStep) -> bool:
    return not operation.ast.either and (step.condition is not None or _skipped(operation, step))


def _of_size(step: ResolvedStep) -> str:
    if step.media is None or step.media.ast.upto is None:
        return ""
    return f", up to {step.media.ast.upto} bytes"


def told_beside(operation: ResolvedOperation) -> dict[str, list[str]]:
    """Inputs that go nowhere but into the codecs of other fields, and those fields: given alone, they would be lost."""
    sent = {a.field.name: a.field for step in operation.steps for a in step.assignments if a.field is not None and a.origin == "send"}
    found: dict[str, list[str]] = {}
    for name, each in sent.items():
        for known in each.ast.known_write:
            if known.value not in sent:
                found.setdefault(known.value, []).append(name)
    return found
