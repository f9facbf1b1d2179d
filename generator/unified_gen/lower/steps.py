"""Code of one step of an operation: its request, and the use of the response."""

from __future__ import annotations

from unified_gen.lower.bodies import nest
from unified_gen.lower.created_ids import made_id
from unified_gen.lower.current_values import write_current, write_extra
from unified_gen.lower.function import Function
from unified_gen.lower.inline_paths import inline
from unified_gen.lower.lookups import search
from unified_gen.lower.python import lit, snake, tuple_of
from unified_gen.lower.reading import Reader, predicate_function
from unified_gen.lower.reconciliation import reconciled
from unified_gen.lower.requests import RequestWriter
from unified_gen.lower.responses import ResponsePlan, is_checked, plan_response, struct_at
from unified_gen.lower.results import write_result
from unified_gen.lower.saved_headers import write_headers
from unified_gen.lower.values import Values
from unified_gen.resolve.inspection import step_references
from unified_gen.resolve.resolved import ResolvedExchange, ResolvedMedia, ResolvedPoll, ResolvedStep, SavedValue
from unified_openapi.schemas.paths import Index, Name, Predicate, opposite


def write_step(fn: Function, values: Values, step: ResolvedStep, *, final: bool, returns: bool) -> None:
    """Write the request, the saved values of its response and, for a final one, the operation's result."""
    plan = plan_response(fn.module, fn.operation, step, fn.reader)
    record = fn.reader.struct if fn.reader is not None else None
    request = RequestWriter(fn.module, fn.operation, step, values, fn.block, fn.taken, plan, record).write()
    arguments = [fn.endpoints[step.facts.name], *request]
    if plan.reads == "bytes" and final:
        arguments += _verified(values, step)
        if step.base64_content is not None:
            arguments.append(f"base64_at={lit(step.base64_content.path.names)}")
        if step.content_url is not None:
            required = f"{fn.module.use('responses')}.required"
            url = f"{required}({values.raw(step.content_url)}, 'an address of the content', {lit(fn.module.title)})"
            arguments = [fn.endpoints[step.facts.name], *_verified(values, step), f"url={url}"]
        fn.block.add(f"return (yield from {fn.module.use('media')}.streamed({', '.join(arguments)}))")
        return
    if plan.reads is None:
        if step.save_headers:
            _with_headers(fn, values, step, "_", arguments)
            return
        if step.exchange is not None:
            fn.block.add(f"yield from {_exchanged(fn, values, step.exchange, arguments)}")
            return
        if step.media is not None:
            fn.module.typing("Any")
            fn.block.add(f"yield from {_uploaded(fn, step.media, [*arguments, 'schema=dict[str, Any]'])}")
            return
        sending = _reconciled(fn, values, step, f"{fn.module.use('call')}({', '.join(arguments)})", None, raw=False)
        fn.block.add(f"yield from {sending}")
        return
    arguments.append(f"schema={plan.reads}")
    names = (*(saved.name for saved in step.saved), *(header.ast.name.value for header in step.save_headers))
    if names and not (step.media is not None and returns):  # the response of an upload ends a plan, unless later requests need it
        arguments.append(f"save_as={lit(names[0])}")
    response = _response_name(fn, step, final)
    if step.poll is not None:
        arguments += _polled(fn, step, step.poll, plan)
        how = "poll_job" if step.poll.ast.url_header is None else "start_job"
        fn.block.add(f"{response} = yield from {fn.module.use('background_jobs')}.{how}({', '.join(arguments)})")
    elif step.media is not None:
        fn.block.add(f"{response}, {'raw' if final else '_raw'} = yield from {_uploaded(fn, step.media, arguments)}")
    elif step.exchange is not None:
        sending = _reconciled(fn, values, step, _exchanged(fn, values, step.exchange, arguments), plan.reads, raw=final)
        fn.block.add(f"{response}{', raw' if final else ''} = yield from {sending}")
    elif final:
        first = _reconciled(fn, values, step, _fetched(fn, step, arguments), plan.reads, raw=True)
        further = _further(fn, step, plan)
        if further is not None:
            fn.block.open("if ctx.cursor is not None:")
            fn.block.add(f"{response}, raw = yield from {_fetched(fn, step, further)}")
            fn.block.close()
            fn.block.open("else:")
        fn.block.add(f"{response}, raw = yield from {first}")
        if step.save_headers:
            write_headers(fn, values, step, "raw.response")
        if further is not None:
            fn.block.close()
    elif step.save_headers:
        _with_headers(fn, values, step, response, arguments)
    else:
        sending = _reconciled(fn, values, step, f"{fn.module.use('call')}({', '.join(arguments)})", plan.reads, raw=False)
        sending = _looked_up(fn, values, step, sending)
        if is_tested_only(fn, step):
            fn.block.add(f"yield from {sending}")
            return
        fn.block.add(f"{response} = yield from {sending}")
    if step.saved:
        _keep(fn, values, step, plan, response)
        _report_created(fn, values, step)
    if step.media is not None and step.verify:
        inputs = ", ".join(part.partition("=")[2] for part in _verified(values, step))
        compared = f"media.verify({values.raw(step.media.input)}, {inputs})"
        fn.block.add(*([f"if {values.condition(step.verify_if)}:", f"    {compared}"] if step.verify_if is not None else [compared]))
    if final:
        write_result(fn, values, step, plan, response, returns=returns)


def _looked_up(fn: Function, values: Values, step: ResolvedStep, sending: str) -> str:
    """Return the call of a look-up: a record that the vendor does not have is the error that the mapping states."""
    saved = _one_record(step)
    if saved is None or saved.not_found is None:
        return sending
    references = tuple(step_references(step))
    itself = bool(references) and all(reference.kind == "id" for reference in references)
    error = "NotFound" if itself else "InvalidInput"
    return f"{fn.module.use('responses')}.looked_up({sending}, {values.template(saved.not_found)}, {lit(error)})"


def is_tested_only(fn: Function, step: ResolvedStep) -> bool:
    """Return true if a step looks up one record only to reject a call if there is none."""
    saved = _one_record(step)
    return saved is not None and saved.name not in _saved_names(fn)


def _saved_names(fn: Function) -> frozenset[str]:
    """Return the names of the saved values that steps refer to."""
    return frozenset(r.name for other in fn.operation.steps for r in step_references(other) if r.kind == "saved")


def _one_record(step: ResolvedStep) -> SavedValue | None:
    """Return the saved value of a look-up of one record, for which the vendor responds with 404 if it has none; None for other steps."""
    saved = step.saved[0] if step.saved else None
    plain = step.poll is None and step.media is None and step.exchange is None and not step.save_headers
    if saved is None or saved.not_found is None or saved.searched or saved.leaf.path.segments or not plain:
        return None
    return saved


def _uploaded(fn: Function, media: ResolvedMedia, arguments: list[str]) -> str:
    """Return the call that uploads a content."""
    roles = [f"{role}={fn.endpoints[facts.name]}" for role, facts, _ in media.operations]
    return f"{fn.module.use('media')}.{media.protocol}({', '.join([*arguments, *roles])})"


def _exchanged(fn: Function, values: Values, exchange: ResolvedExchange, arguments: list[str]) -> str:
    """Return the call of an exchange, which replaces the step's one request."""
    more = [f"fills={lit(exchange.fills)}"] if exchange.fills else []
    value = values.raw if exchange.fills_request else values.plainly  # what is composed has no codec of its own
    more += [f"{name}={value(reference)}" for name, reference in exchange.params]
    more += [f"{role}={fn.endpoints[facts.name]}" for role, facts, _ in exchange.operations]
    return f"{fn.module.use(exchange.module)}.{exchange.name}({', '.join([*arguments, *more])})"


def _with_headers(fn: Function, values: Values, step: ResolvedStep, response: str, arguments: list[str]) -> None:
    """Write a request whose response's headers are saved."""
    headers = fn.local("headers_response")
    fn.block.add(f"{response}, {headers} = yield from {fn.module.use('response_headers')}.call({', '.join(arguments)})")
    write_headers(fn, values, step, headers)
    if not step.saved:
        _report_created(fn, values, step)


def _report_created(fn: Function, values: Values, step: ResolvedStep) -> None:
    made = made_id(fn, values, step)
    if made:
        fn.block.add(f"yield {fn.module.use('CreatedRecord')}({', '.join(made)})")


def _reconciled(fn: Function, values: Values, step: ResolvedStep, sending: str, reads: str | None, *, raw: bool) -> str:
    if step.reconcile is None:
        return sending
    endpoint = fn.endpoints[step.reconcile.lookup.facts.name]
    inputs = _named(fn, values, step)
    record = fn.reader.struct if fn.reader is not None else None
    return reconciled(
        fn.module, fn.operation, step, values, fn.block, fn.taken, sending, reads, endpoint=endpoint, raw=raw, id=inputs, record=record
    )


def _named(fn: Function, values: Values, step: ResolvedStep) -> str | None:
    """Return a function from the response of a create to the pieces of the new record's id."""
    if not step.saved or step.saved[0].leaf.path.segments or step.saved[0].searched:
        return None
    name, struct = step.saved[0].name, plan_response(fn.module, fn.operation, step, fn.reader).saved_struct
    before = values.saved.get(name)
    values.saved[name] = (fn.saved[name], struct)
    pieces = made_id(fn, values, step)
    if before is None:
        del values.saved[name]
    else:
        values.saved[name] = before
    return f"lambda {fn.saved[name]}: {tuple_of(pieces)}" if pieces else None


def _polled(fn: Function, step: ResolvedStep, poll: ResolvedPoll, plan: ResponsePlan) -> list[str]:
    """Return how it is known that work in the background is done or has failed, and why."""
    struct, envelope = plan.struct, step.response.envelope if step.response is not None else ()
    assert struct is not None
    inner = struct_at(struct, tuple(Name(name) for name in envelope))
    assert inner is not None
    location = "each" if not envelope else inline(fn.module, "each", struct, tuple(Name(name) for name in envelope))

    def test(name: str, predicate: Predicate) -> str:
        function = predicate_function(fn.module, inner, name, predicate)
        blank = f" or {fn.module.struct(inner)}()" if envelope else ""
        return function if not envelope else f"lambda each: {function}({location}{blank})"

    arguments = [f"until={test('_has_ended', poll.until)}"]
    if poll.failed_if is not None:
        arguments.append(f"failed={test('_has_failed', poll.failed_if)}")
    if poll.message is not None:
        segments = (*(Name(name) for name in envelope), *poll.message.path.segments)
        arguments.append(f"message=lambda each: {inline(fn.module, 'each', struct, segments)}")
    if poll.ast.url_header is not None:
        arguments.append(f"header={lit(poll.ast.url_header.value)}")
    return arguments


def _further(fn: Function, step: ResolvedStep, plan: ResponsePlan) -> list[str] | None:
    """Return the arguments of the call that returns further pages, if it is another operation."""
    pagination = step.pagination
    if pagination is None or pagination.operation is None or pagination.param is None:
        return None
    location = {"body": "json"}.get(pagination.param.location, pagination.param.location)
    return [
        fn.endpoints[pagination.operation.name],
        f"{location}={nest(pagination.param.path.segments, 'ctx.cursor')}",
        f"schema={plan.reads}",
    ]


def _fetched(fn: Function, step: ResolvedStep, arguments: list[str]) -> str:
    """Return the request whose response is read; the vendor may no longer know the cursor of changes that it holds."""
    fetched = f"{fn.module.use('fetch')}({', '.join(arguments)})"
    select = fn.module.resource.unit.declaration.select
    if select is not None and select.hidden_code is not None and any(one.origin == "select" for one in step.assignments):
        fetched = f"{fn.module.use('hidden_fields')}.or_unselected({fetched}, {lit(select.input.value)}, {lit(select.hidden_code)})"
    if step.sync_token is None or step.sync_token.ast.expired_status is None:
        return fetched
    return f"{fn.module.use('change_cursors')}.detect_stale({fetched}, ctx.cursor, {step.sync_token.ast.expired_status})"


def _verified(values: Values, step: ResolvedStep) -> list[str]:
    """Return the arguments that a content is compared with: its size, and checksums by name."""
    size = next((values.raw(reference) for name, reference in step.verify if name == "size"), None)
    sums = ", ".join(f"{lit(name)}: {values.raw(reference)}" for name, reference in step.verify if name != "size")
    if step.media is not None:
        return [f"size={size}", f"checksums={{{sums}}}"]
    if step.verify_if is not None:
        compared = values.condition(step.verify_if)
        return [
            *([f"size={size} if {compared} else None"] if size is not None else []),
            *([f"checksums={{{sums}}} if {compared} else {{}}"] if sums else []),
        ]
    return [*([f"size={size}"] if size is not None else []), *([f"checksums={{{sums}}}"] if sums else [])]


def _response_name(fn: Function, step: ResolvedStep, final: bool) -> str:
    """Return a name of its own for each response: they are of different types."""
    wanted = "response"
    if step.saved and not final:
        saved = step.saved[0]
        entire = not saved.leaf.path.segments and not saved.element
        if entire:
            return fn.saved[saved.name]
        wanted = snake(f"{saved.name}_response")
    return fn.local(wanted)


def _keep(fn: Function, values: Values, step: ResolvedStep, plan: ResponsePlan, response: str) -> None:
    saved = step.saved[0]
    local = fn.saved[saved.name]
    code = response
    if saved.leaf.path.segments and plan.struct is not None:
        code = Reader(fn.module, response, plan.struct, fn.block, taken=fn.taken).at(saved.leaf.path.segments).code
    elif saved.leaf.path.segments and isinstance(saved.leaf.path.segments[0], Index):
        code = f"{fn.module.use('responses')}.item({response}, {saved.leaf.path.segments[0].index})"
    if saved.incomplete_if is not None and plan.struct is not None:
        more = Reader(fn.module, response, plan.struct, fn.block, taken=fn.taken).at(saved.incomplete_if.path.segments).code
        fn.block.add(f"{fn.module.use('responses')}.check_complete({more}, {lit(fn.module.title)})")
    struct = plan.saved_struct
    recorded = step.response is not None and step.response.record is not None and plan.struct is None
    if saved.leaf.path.segments and recorded and struct is not None:  # a part of the record itself
        code = Reader(fn.module, response, struct, fn.block, taken=fn.taken).at(saved.leaf.path.segments).code
        struct = struct_at(struct, saved.leaf.path.segments)
    if saved.searched:
        code = search(fn.module, values, saved, code, struct)
    if saved.each:
        code = f"{values.elements}.pick({code}, {lit(snake(saved.name))})"
    if saved.not_found is not None and saved.choice is None and _one_record(step) is None:
        message = values.template(saved.not_found)
        error = "Conflict" if fn.operation.kind == "update" else "InvalidInput"
        if any(reference.kind == "id" for _, reference in saved.searched):  # it is the record itself
            error = "NotFound"
        code = f"{fn.module.use('responses')}.found({code}, {message}, {lit(error)})"
    elif saved.leaf.path.segments and not saved.element and struct is not None:
        code = f"{code} or {fn.module.struct(struct)}()"
    if saved.not_found is not None and saved.name not in _saved_names(fn):  # it is tested only
        fn.block.add(code)
    elif code != local:
        fn.block.add(f"{local} = {code}")
    if saved.each:
        fn.block.add(f"if {local} is None:", f"    return {values.elements}.page({fn.module.use('Page')}([]))")
    values.saved[saved.name] = (local, struct)
    if is_checked(fn.module, fn.operation, step) and struct is not None and fn.resource.exclude is not None:
        record = fn.resource.model.record.value
        predicate = predicate_function(fn.module, struct, f"_may_change_{snake(record)}", opposite(fn.resource.exclude))
        fn.block.add(f"{fn.module.use('responses')}.check_resource({local}, {predicate}, {lit(record)}, {lit(fn.module.title)})")
    write_current(fn, values, step)
    write_extra(fn, values, saved.name)
