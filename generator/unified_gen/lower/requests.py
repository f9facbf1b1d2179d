"""Code that assembles one request: path values, query, headers, body."""

from __future__ import annotations

import re
from collections.abc import Collection

from msgspec import Struct, field

from unified_gen.language.codecs import FORM_DATA
from unified_gen.lower.bodies import BodyEntry, BodyWriter, nest
from unified_gen.lower.context import ModuleContext
from unified_gen.lower.current_values import CUSTOM_FIELDS
from unified_gen.lower.fields import write_fields
from unified_gen.lower.graphql import query_text
from unified_gen.lower.pages import page_size
from unified_gen.lower.python import Block, constant, lit, tuple_of, unique
from unified_gen.lower.queries import query_code
from unified_gen.lower.responses import ResponsePlan
from unified_gen.lower.selects import select_value
from unified_gen.lower.structs import StructDef
from unified_gen.lower.values import Values
from unified_gen.lower.writing import FieldWriter, between, joined, joined_code
from unified_gen.resolve import passed
from unified_gen.resolve.assignments import Assignment
from unified_gen.resolve.inspection import accepts_extra, fills_array
from unified_gen.resolve.resolved import ResolvedMembers, ResolvedMerge, ResolvedOperation, ResolvedStep
from unified_openapi.schemas.paths import Name


class RequestWriter(Struct):
    """Writer of the statements and the arguments of one `call`."""

    module: ModuleContext
    operation: ResolvedOperation
    step: ResolvedStep
    values: Values
    block: Block
    taken: set[str]
    response: ResponsePlan
    record: StructDef | None = None
    """Struct of the resource's record."""
    _variables: dict[str, str] = field(default_factory=dict)

    def write(self) -> list[str]:
        """Emit the statements before the call; return its arguments."""
        arguments = []
        if self._syncs:
            self.block.add(f"sync, page = {self.module.use('change_cursors')}.parse(ctx.cursor)")
        path = self._path()
        if path:
            arguments.append(f"path={tuple_of(path)}")
        query = self._dictionary("query")
        body = self._dictionary("body")
        headers = self._dictionary("header")  # `extra` has no headers, so a default is always sent
        extra = self._extra_location()
        if extra == "query" and query is None and self._only_extra("query"):
            query = "ctx.extra or None"
        elif extra == "query":
            query = query or self._empty("query")
            self.block.add(f"{query} = {self.values.inputs()}.merge({query}, ctx.extra, {lit(self.module.title)})")
        for merge in self.step.merges if body is not None else ():
            if merge.current is not None:
                body = self._merged(body or "", merge)
        for members in self.step.members:
            body = self._changed_by_member(body or self._empty("body"), members)
        for name, _ in self.step.extra:
            body = body or self._empty("body")
            local = self.values.extra[(self.step.facts.name, name)]
            parts = f"{{{lit(name)}: {local}}} if {local} else {{}}"
            self.block.add(f"{body} = {self.values.inputs()}.merge({body}, {parts}, {lit(self.module.title)})")
        if self.step.ast.custom_fields is not None and self.step.ast.custom_fields.value == "list":
            body = body or self._empty("body")
            declared = self.module.resource.ast.custom_fields
            assert declared is not None
            assert declared.written_object is not None
            self.block.add(f"{body}[{lit(declared.written_object.path.names[0])}] = {self.values.extra[CUSTOM_FIELDS]}")
        if extra == "body" and body is None and self._only_extra("body") and not self._needs_body():
            body = "ctx.extra or None"
        elif extra == "body":
            body = body or self._empty("body")
            self.block.add(f"{body} = {self.values.inputs()}.merge({body}, ctx.extra, {lit(self.module.title)})")
        body = self._defaults("body", body)
        if body is None and self._needs_body():
            body = "[]" if fills_array(self.step) else "{}"
        query = self._defaults("query", query)
        follows = self.step.pagination is not None and self.step.pagination.ast.style in ("link", "url")
        if query is not None:
            size = self.step.pagination.page_size_param if self.step.pagination is not None and follows else None
            if size is not None:  # pages are counted by the size of the first request
                query = f"{self.module.use('pagination')}.page_query({query}, ctx.cursor, {lit(size.name)})"
            arguments.append(f"query={query}")
        if follows:
            self._check_within()
            arguments.append(f"url={self._followed()}")
        more = self._own_headers()
        if more and headers is not None:
            headers = f"{{**{headers}, {more[1:]}"
        if (headers or more) and self.step.in_header is None:
            arguments.append(f"headers={headers or more}")
        arguments += self._content()
        if self.step.in_header is not None and body is not None:
            arguments += self._in_header(body, headers, more)
        elif self.step.facts.graphql is not None:
            text = query_text(self.module, self.step, self.response, self.record, more=self._more_arguments() if extra else ())
            constant_name = self.module.constant(constant(self.step.facts.name, "query"), text)
            variables = f', "variables": {body}' if body is not None else ""
            arguments.append(f'json={{"query": {constant_name}{variables}}}')
        elif body is not None:
            entire = nest(tuple(Name(name) for name in self.step.body_envelope), body)
            if self._encoding() == "form" and self.module.resource.unit.declaration.body_encoding == "form-json":
                entire = f"{self.values.inputs()}.json_fields({entire}, {lit(self.module.title)})"
            arguments.append(f"{self._encoding()}={entire}")
        return arguments

    def _followed(self) -> str:
        """Return code of the next page's address, with the parameters in which it may differ from the list's."""
        pagination = self.step.pagination
        assert pagination is not None
        names = [name.value for name in pagination.ast.added_params] + (
            [pagination.page_size_param.name] if pagination.page_size_param is not None else []
        )
        more = (f", {tuple_of(map(lit, names))}" if names else "") + (", allow_subpaths=True" if pagination.ast.allow_subpaths else "")
        return f"{self.module.use('pagination')}.next_page_url(ctx.cursor{more})"

    def _merged(self, body: str, merge: ResolvedMerge) -> str:
        """Write the statement that completes an object by the parts of its current value that are not changed; return the body."""
        assert merge.current is not None
        shape = merge.target.walk.shape
        names = tuple(shape.properties) if shape is not None else ()
        path = tuple(segment.name for segment in merge.target.path.segments if isinstance(segment, Name))
        current = self.values.raw(merge.current)
        self.block.add(f"{body} = {self.values.inputs()}.complete({body}, {lit(path)}, {current}, {lit(names)})")
        return body

    def _changed_by_member(self, body: str, members: ResolvedMembers) -> str:
        """Write the statement that puts a list into the body if members are added or removed; return the body."""
        path = tuple(segment.name for segment in members.target.path.segments if isinstance(segment, Name))
        inputs = [self.values.raw(given) if given is not None else "None" for given in (members.add, members.remove)]
        arguments = [body, lit(path), self.values.raw(members.current), lit(members.key), *inputs]
        self.block.add(f"{body} = {self.module.use('list_members')}.change({', '.join(arguments)})")
        return body

    def _needs_body(self) -> bool:
        """Return true if the vendor wants an object though nothing goes into it."""
        step = self.step
        return step.facts.body_required and step.media is None and step.body is not None and self._encoding() == "json"

    @property
    def _syncs(self) -> bool:
        """True if a cursor holds a sync token beside that of a page."""
        return self.step.sync_token is not None and self.step.sync_token.param is not None

    def _own_headers(self) -> str:
        """Return the headers that the kinds of body and response need, if they are not JSON."""
        own = {"Accept": "*/*"} if self.response.reads == "bytes" else {}
        return lit(own) if own else ""

    def _content(self) -> list[str]:
        """Return how a content is sent."""
        media = self.step.media
        if media is None:
            return []
        octets = "application/octet-stream"
        if media.protocol == "body" and self.step.in_header is None:
            octets = self.step.media_type or octets
        kind = lit(octets)
        if media.content_type is not None:
            saved = media.content_type.kind == "saved"  # a saved value may be absent, though its response is there
            given = self.values.saved_value(media.content_type) if saved else self.values.raw(media.content_type)
            kind = f"{given} or {kind}" if saved or self.values.presence(media.content_type) is not None else given
        arguments = [f"content={self.values.raw(media.input)}", f"content_type={kind}"]
        if media.ast.field is not None:
            arguments.append(f"field={lit(media.ast.field.value)}")
        if media.filename is not None:
            arguments.append(f"filename={self.values.raw(media.filename)}")
        if media.ast.max_bytes is not None and media.protocol in ("body", "related", FORM_DATA):
            arguments.append(f"max_bytes={media.ast.max_bytes}")
        if media.ast.chunk_bytes is not None:
            arguments.append(f"chunk_bytes={media.ast.chunk_bytes}")
        return arguments

    def _in_header(self, body: str, headers: str | None, more: str) -> list[str]:
        """Return the arguments of a call that are in a header: the protocols of sessions put them together themselves."""
        name = lit(self.step.in_header)
        if self.step.media is not None and self.step.media.protocol not in ("body", "related"):
            return [f"header={name}", f"body={body}"]
        self.module.use("media")
        rest = f", **{headers}" if headers is not None else f", {more[1:-1]}" if more else ""
        return [f"headers={{{name}: media.argument({body}){rest}}}"]

    def _variable(self, location: str) -> str:
        """Return a dictionary's name, which is unique in the entire function."""
        if location not in self._variables:
            self._variables[location] = unique({"header": "headers"}.get(location, location), self.taken)
            self.taken.add(self._variables[location])
        return self._variables[location]

    def _empty(self, location: str) -> str:
        variable = self._variable(location)
        self.block.add(f"{variable}: dict[str, Any] = {{}}")
        self.module.typing("Any")
        return variable

    def _encoding(self) -> str:
        media_type = self.step.media_type or ""
        return "multipart" if media_type.startswith("multipart/") else "form" if "form" in media_type else "json"

    @property
    def _is_added(self) -> bool:
        """True if `extra` only adds to the request, of which the mapping writes nothing else by these names."""
        return self.operation.kind in passed.KINDS

    def _more_arguments(self) -> Collection[str]:
        """Return the arguments of a GraphQL field that callers may pass by `extra`."""
        if self._is_added:
            full = next(one for one in self.module.resource.operations if one.name == self.operation.name)
            return passed.names(self.module.resource, full)
        return self.step.body.properties if self.step.body is not None else ()

    def _only_extra(self, location: str) -> bool:
        """Return true if a part of the request to which the mapping gives nothing has `extra` and no literals."""
        return self._is_added and not self._yielding(location)

    def _extra_location(self) -> str | None:
        """Return the location of the vendor's own fields that the caller passes through."""
        if self._is_added:
            return passed.location(self.module.resource, self.operation.name, self.step)
        if self.step.ast.send is None or fills_array(self.step):
            return None
        if not self.operation.ast.either and not accepts_extra(self.operation, self.step):
            return None
        return "body" if self.step.body is not None else "query"

    # ------------------------------------------------------------------------------------- locations
    def _in(self, location: str) -> list[Assignment]:
        return [assignment for assignment in self.step.assignments if assignment.target.location == location]

    def _path(self) -> list[str]:
        found = []
        defaults = {a.target.name: self._literal(a) for a in self._in("path") if a.origin == "default"}
        given = {a.target.name: a for a in self._in("path") if a.origin != "default"}
        for name in _template_names(self.step.facts.path):
            assignment, default = given.get(name), defaults.get(name)
            condition = self.values.presence(assignment.reference) if assignment is not None and assignment.reference is not None else None
            if assignment is not None and assignment.texts:
                found.append(self._text(assignment).code)
            elif assignment is not None and assignment.query is not None:  # a location in a path is always filled
                found.append(query_code(self.module, self.values, assignment.query, self.block, self.taken, "")[0])
            elif assignment is None and default is not None:
                found.append(default)
            elif assignment is not None and default is not None and condition is not None:
                found.append(f"{self._value(assignment)} if {condition} else {default}")
            elif assignment is not None:
                found.append(self._value(assignment))
        return found

    def _dictionary(self, location: str) -> str | None:
        """Return a dictionary for one location of the request; small ones are written inline in the call."""
        assignments = [a for a in self._in(location) if (a.origin != "default" or location == "header") and not self._selects_nothing(a)]
        if not assignments:
            return None
        variable = self._variable(location)
        sent = [a for a in assignments if a.field is not None]
        writer = FieldWriter(self.module, self.operation, self.step, self.values, self.block, self.taken)
        fields, statements = write_fields(writer, sent, variable)
        entries: list[BodyEntry] = []
        for assignment in assignments:
            if assignment.origin == "cursor":
                statements += self._cursor(assignment, variable)
            elif assignment.origin == "sync":
                statements += ["if sync is not None:", f"    {variable}[{lit(assignment.target.name)}] = sync"]
            elif assignment.field is None:
                entries.append(self._entry(assignment))
            else:  # the fields are written together, at the position of the first
                entries += fields
                fields = []
        grows = statements or self._extra_location() == location or self._yielding(location)
        nested = any(len(entry.segments) > 1 for entry in entries)
        if (
            (location != "body" or self.step.facts.graphql is not None)
            and not grows
            and not nested
            and len(entries) <= 3
            and all(entry.always for entry in entries)
        ):
            return "{" + ", ".join(f"{lit(_wire(entry))}: {entry.code}" for entry in entries) + "}"
        self.module.typing("Any")
        BodyWriter(self.block, variable, self.taken, entries).write()
        self.block.add(*statements)
        return variable

    def _selects_nothing(self, assignment: Assignment) -> bool:
        """Return a response that is not read needs no field selected."""
        return assignment.origin == "select" and not select_value(self.module, self.operation, self.step)

    def _entry(self, assignment: Assignment) -> BodyEntry:
        target = assignment.target
        segments = target.path.segments
        if assignment.origin in ("set", "default"):
            return BodyEntry(segments, self._literal(assignment))
        if assignment.origin == "select":
            value = select_value(self.module, self.operation, self.step)
            shape = target.walk.shape
            listed = target.location == "body" and shape is not None and shape.items is not None
            selected = self.module.constant("SELECT", lit(tuple(value.split(",")) if listed else value))
            if self._requests_more():
                selected = f"[*{selected}, *ctx.custom_fields]" if listed else f"{selected} + {self._custom_columns()}"
            return BodyEntry(segments, selected)
        if assignment.origin == "text":
            return self._text(assignment)
        if assignment.origin == "size":
            assert self.step.pagination is not None
            return BodyEntry(segments, page_size(self.values.inputs(), self.step.pagination))
        if assignment.origin == "query":
            assert assignment.query is not None
            value, condition = query_code(self.module, self.values, assignment.query, self.block, self.taken, *self._columns())
            return BodyEntry(segments, value, condition)
        assert assignment.reference is not None
        condition = self.values.presence(assignment.reference, filled=target.location == "body")
        with self.values.assuming([assignment.reference]):
            value = self._value(assignment)
        default = self._default_of(assignment)
        if default is not None:
            return BodyEntry(segments, value if condition is None else f"{value} if {condition} else {default}")
        return BodyEntry(segments, value, condition)

    def _default_of(self, assignment: Assignment) -> str | None:
        """Return the literal of a query parameter whose reference is absent; None if there is none, or `extra` may change it."""
        if assignment.target.location != "query" or (not self._is_added and self._extra_location() == "query"):
            return None
        found = (self._literal(a) for a in self._in("query") if a.origin == "default" and a.target.name == assignment.target.name)
        return next(found, None)

    def _yielding(self, location: str) -> list[Assignment]:
        """Return the values of `default` that are not written beside the reference whose absence they are for."""
        given = {a.target.name for a in self._in(location) if a.reference is not None and self._default_of(a) is not None}
        return [a for a in self._in(location) if a.origin == "default" and a.target.name not in given]

    def _text(self, assignment: Assignment) -> BodyEntry:
        """Return the first template whose references are all there."""
        code, guards = "", []
        for pieces in reversed(assignment.texts):
            references = [piece for piece in pieces if not isinstance(piece, str)]
            found = [condition for reference in references if (condition := self.values.presence(reference, filled=True)) is not None]
            with self.values.assuming(references):
                if assignment.only_references:
                    text = self.values.passed(references[0])
                else:
                    text = self.values.template(pieces) if assignment.target.location == "header" else self.values.url_path(pieces)
            condition = " and ".join(dict.fromkeys(found))
            guards.append(condition)
            code = text if not code or not condition else f"{text} if {condition} else {code}"
        always = any(not condition for condition in guards)
        return BodyEntry(assignment.target.path.segments, code, None if always else _either(guards))

    def _joined(self, code: str, assignment: Assignment, name: str) -> str:
        return joined_code(self.values, assignment, code, name)

    def _columns(self) -> tuple[str, str | None]:
        """Return the columns of a query that names them; and the code of those that a caller may add."""
        select = self.module.resource.unit.declaration.select
        if select is None or select.style != "columns":
            return "", None
        return select_value(self.module, self.operation, self.step), self._custom_columns() if self._requests_more() else None

    def _requests_more(self) -> bool:
        """Return true if the response is one whose records can have fields that the caller requests."""
        response, declared = self.step.response, self.module.resource.ast.custom_fields
        if declared is None or declared.items is not None:  # a list has them in any case
            return False
        return self.module.custom and response is not None and (response.record is not None or response.items is not None)

    def _custom_columns(self) -> str:
        return f"{self.values.inputs()}.columns(ctx.custom_fields)"

    def _literal(self, assignment: Assignment) -> str:
        value = assignment.literal
        if assignment.target.location == "query" and isinstance(value, list):
            return lit(between(assignment).join(map(str, value))) if joined(self.module, assignment) else lit(value)
        return lit(value)

    def _value(self, assignment: Assignment) -> str:
        reference = assignment.reference
        if reference is None:
            return self._literal(assignment)
        filters = reference.kind == "saved" and assignment.target.location != "path"  # a path without the value is rejected anyway
        raw = self.values.saved_value(reference) if filters else self.values.raw(reference)
        if reference.kind == "saved":
            return self._joined(raw, assignment, reference.name) if raw.startswith("[") and joined(self.module, assignment) else raw
        if reference.kind == "connection":
            return self.values.of_connection(reference)
        if reference.type is None or reference.kind in ("key", "mark", "time", "header"):
            return raw
        carrier = reference.carrier if reference.kind != "part" else None
        encoded = self.values.encoded(raw, reference.type, carrier, reference.name, assignment.target)
        if assignment.target.location == "query" and reference.type.many:
            return self._joined(encoded, assignment, reference.name) if joined(self.module, assignment) else encoded
        return encoded

    def _check_within(self) -> None:
        """Write the rejection of a cursor beyond the records that the vendor returns of any list."""
        pagination = self.step.pagination
        if pagination is not None and pagination.ast.max_records is not None:
            self.block.add(f"{self.module.use('pagination')}.check_within(ctx.cursor, {pagination.ast.max_records}, {self.values.title()})")

    def _cursor(self, assignment: Assignment, variable: str) -> list[str]:
        name = lit(assignment.target.name)
        pagination = self.step.pagination
        self._check_within()
        if pagination is not None and pagination.ast.style in ("offset", "page"):
            start = self.values.start = unique("start", self.taken)
            self.taken.add(start)
            self.block.add(f"{start} = {self.module.use('pagination')}.number(ctx.cursor, {pagination.ast.start_at})")
            return [f"{variable}[{name}] = {start}"]
        shape, cursor = assignment.target.walk.shape, "page" if self._syncs else "ctx.cursor"
        if pagination is not None and pagination.further:
            number = next((index for index, (target, _) in enumerate(pagination.further, 1) if target is assignment.target), 0)
            cursor = f"{self.module.use('pagination')}.part(ctx.cursor, {number}, {len(pagination.further) + 1})"
        if assignment.target.location == "body" and shape is not None and shape.kinds and shape.kinds <= {"integer", "number"}:
            cursor = f"{self.values.inputs()}.integer_id({cursor}, 'cursor', {self.values.title()})"
        given = "page is not None" if self._syncs else "ctx.cursor is not None"
        first = pagination.ast.start_token if pagination is not None else None
        if first is not None:
            cursor = f"{cursor} if {given} else {lit(first.value)}"
        inner = nest(assignment.target.path.segments, cursor)
        if first is not None and len(assignment.target.path.segments) > 1:
            return [f"{variable} = {self.values.inputs()}.merge({variable}, {inner})"]
        if first is not None:
            return [f"{variable}[{name}] = {cursor}"]
        if len(assignment.target.path.segments) > 1:
            sent = f"{variable} = {self.values.inputs()}.merge({variable}, {inner})"
        else:
            sent = f"{variable}[{name}] = {cursor}"
        return [sent] if "cursor" in self.values.present else [f"if {given}:", f"    {sent}"]

    def _defaults(self, location: str, variable: str | None) -> str | None:
        """Write the values of `default`, which yield to those of `extra`."""
        defaults = self._yielding(location)
        if not defaults:
            return variable
        variable = variable or self._empty(location)
        for assignment in defaults:
            value = nest(assignment.target.path.segments, self._literal(assignment))
            self.block.add(f"{variable} = {self.values.inputs()}.default({variable}, {value})")
        return variable


def _template_names(path: str) -> list[str]:
    return re.findall(r"\{([^{}]+)\}", path)


def _wire(entry: BodyEntry) -> str:
    segment = entry.segments[0]
    assert isinstance(segment, Name)
    return segment.name


def _either(guards: list[str]) -> str:
    """Return one of several conditions, each once."""
    found = [*dict.fromkeys(guards)]
    return " or ".join(f"({condition})" if " and " in condition and len(found) > 1 else condition for condition in found)
