"""Trees of the constructs that have more than one spelling, or more than one part."""

from __future__ import annotations

from typing import Any

from tests.unit.language.inputs import FOLDER, parse
from unified_gen.language import ast
from unified_gen.language.parse import parse_vendor
from unified_openapi.source.spans import Span

BEFORE = "resource: tasks\nschema: Task\noperations: {get: {operation: getTask, params: id}}\nfields:\n"


def field(text: str) -> ast.Field:
    tree, found = parse("resource", BEFORE + "  it: " + text)
    assert found == ()
    return tree.fields[0]


def step(text: str) -> ast.Step:
    tree, found = parse("resource", "resource: tasks\nschema: Task\nfields: {id: id}\noperations: {do: " + text + "}")
    assert found == ()
    return tree.operations[0].steps[0]


def vendor(text: str) -> ast.Vendor:
    tree, found = parse("vendor", "name: Acme\n" + text)
    assert found == ()
    return tree


def texts(pairs: Any) -> Any:
    """Return names and texts without their locations."""
    return [(name.value, getattr(value, "value", value)) for name, value in pairs]


# ---------------------------------------------------------------------------------------------------------------- fields
def test_a_short_path_reads_and_writes() -> None:
    it = field("fields.summary")
    assert it.read is not None
    assert it.read.value == "fields.summary"
    assert it.read.span == Span("mappings/vendors/acme/tasks.yaml", 5, 7, 5, 21)
    assert it.write == {ast.ANY: it.read}
    assert it.span == Span("mappings/vendors/acme/tasks.yaml", 5, 3, 5, 21)
    assert not it.one


def test_a_quoted_path_begins_after_its_quote() -> None:
    it = field('"labels[].name"')
    assert it.read is not None
    assert (it.read.span.column, it.read.span.end_column) == (8, 21)


def test_a_list_of_one_path() -> None:
    assert field("[a.b]").one
    assert field("{path: [a.b], codec: x}").one
    both = field("{read: [assignee.gid], write: {create: [assignee]}}")
    assert both.one
    assert {name: path.value for name, path in both.write.items()} == {"create": "assignee"}


def test_read_only_and_write_only_fields() -> None:
    assert field("{read: a}").write == {}
    assert field("{write: a}").read is None
    assert set(field("{write: a}").write) == {ast.ANY}


def test_a_table_of_one_column() -> None:
    table = field("{path: a, enum: {true: [opaque, null], false: transparent, other: otherwise}}").enum
    assert table is not None
    assert table.columns == ()
    assert [row.value.value for row in table.rows] == [True, False, "other"]
    assert [word.value for word in table.rows[0].cells[""].values] == ["opaque", None]
    assert (table.rows[2].cells[""].values, table.rows[2].cells[""].otherwise) == ((), True)


def test_a_quoted_otherwise_is_the_vendors_word() -> None:
    table = field('{path: a, enum: {x: b, y: "otherwise"}}').enum
    assert table is not None
    assert not table.rows[1].cells[""].otherwise
    assert [word.value for word in table.rows[1].cells[""].values] == ["otherwise"]


def test_a_table_of_several_columns() -> None:
    it = field("{enum: {canceled: {closed: true}, done: {closed: false, state.x: [1, null]}}}")
    assert it.enum is not None
    assert (it.read, it.write) == (None, {})
    assert [column.value for column in it.enum.columns] == ["closed", "state.x"]
    assert [set(row.cells) for row in it.enum.rows] == [{"closed"}, {"closed", "state.x"}]


def test_slots_keep_constants_apart_from_what_may_be_a_path() -> None:
    (slot,) = field("{slots: [{type: work, primary: {const: true}, number: Phone}]}").slots
    assert {name: text.value for name, text in slot.paths.items()} == {"type": "work", "number": "Phone"}
    assert {name: literal.value for name, literal in slot.constants.items()} == {"primary": True}


def test_slots_by_enum_value() -> None:
    work, other = field('{slots: {work: email, other: {path: more, separator: ";"}}}').slots
    assert (work.key and work.key.value, other.key and other.key.value) == ("work", "other")
    assert [text.value for slot in (work, other) for text in slot.paths.values()] == ["email", "more"]
    assert [text.value for text in other.separators.values()] == [";"]


def test_each_nested_case_and_parts() -> None:
    each = field("{items: attendees, fields: {email: email, on: {items: days, fields: {day: d}}}}")
    assert each.items is not None
    assert [inner.name.value for inner in each.fields] == ["email", "on"]
    assert each.fields[1].fields[0].name.value == "day"
    assert field("{fields: {street: MailingStreet}}").read is None
    assert texts(field("{by_type: {date: start.date, datetime: start.dateTime}}").by_type) == [
        ("date", "start.date"),
        ("datetime", "start.dateTime"),
    ]
    parts = field('{format: "{owner}/{repo}#{n}", parse: {number: "{n}"}}').id_format
    assert parts is not None
    assert parts.format.value == "{owner}/{repo}#{n}"
    assert texts(parts.sources) == [("number", "{n}")]


def test_codec_and_clear() -> None:
    plain = field("{path: a, codec: adf, clear: never}")
    assert plain.codec is not None
    assert (plain.codec.name.value, plain.codec.argument) == ("adf", None)
    assert plain.clear is not None
    assert plain.clear.value == ast.NEVER
    used = field('{read: key, codec: {link: "{connection.site}/browse/{}"}}').codec
    assert used is not None
    assert used.argument is not None
    assert used.argument.value == "{connection.site}/browse/{}"
    nothing = field("{path: a, clear: null}").clear
    assert nothing is not None, "null is a literal, not an absent key"
    assert nothing.value is None


# ----------------------------------------------------------------------------------------------------------------- steps
def test_with_is_names_inputs_or_both() -> None:
    def bound(text: str) -> list[tuple[str | None, str]]:
        step_ = step("{operation: a, params: " + text + "}")
        return [(binding.input.value if binding.input else None, binding.reference.value) for binding in step_.params]

    assert bound("id") == [(None, "id")]
    assert bound("{owner: project_id.owner, If-Match: version}") == [("owner", "project_id.owner"), ("If-Match", "version")]
    assert bound("[project_id, {n: created.number, m: b}]") == [(None, "project_id"), ("n", "created.number"), ("m", "b")]


def test_send() -> None:
    assert step("{operation: a}").send is None
    assert step("{operation: a, send: fields}").send == ()
    assert [name.value for name in step("{operation: a, send: [b, c]}").send or ()] == ["b", "c"]


def test_keep_and_where() -> None:
    complete = step("{operation: a, save: created}").save
    part = step('{operation: a, save: {list: "[0]"}}').save
    assert complete is not None
    assert part is not None
    assert part.path is not None
    assert (complete.name.value, complete.path, part.name.value, part.path.value) == ("created", None, "list", "[0]")
    searched = step('{operation: a, save: {it: items}, where: {"@": name, to.key: status}}')
    assert texts(searched.where) == [("@", "name"), ("to.key", "status")]


def test_literals_keep_their_type() -> None:
    it = step('{operation: a, constants: {b: true, c: [1, {d: null}], e: "3"}, defaults: {fields.x: 2}}')
    assert texts(it.constants) == [("b", True), ("c", [1, {"d": None}]), ("e", "3")]
    assert texts(it.defaults) == [("fields.x", 2)]


def test_operations() -> None:
    operations = "{a: {operation: x}, b: [{operation: x}, {operation: y}], c: {either: [{operation: x, if: z}, {operation: y}]}}"
    text = f"resource: r\nschema: R\nfields: {{id: id}}\noperations: {operations}"
    tree, found = parse("resource", text)
    assert found == ()
    assert [(operation.name.value, len(operation.steps), operation.either) for operation in tree.operations] == [
        ("a", 1, False),
        ("b", 2, False),
        ("c", 2, True),
    ]


def test_query() -> None:
    (query,) = step(
        '{operation: a, query: {q: {language: soql, prefix: "SELECT {columns} FROM C", all: ["A = {b}"], suffix: ORDER BY Id}}}'
    ).queries
    assert (query.input.value, query.language.value) == ("q", "soql")
    assert query.prefix is not None
    assert query.suffix is not None
    assert [clause.value.value for clause in query.all] == ["A = {b}"]


# --------------------------------------------------------------------------------------------------------------- vendors
def test_the_vendor_is_named_by_its_folder() -> None:
    tree, _ = parse_vendor("name: Google Drive", "mappings/vendors/google-drive/vendor.yaml")
    assert tree is not None
    assert (tree.name.value, tree.title) == ("google-drive", "Google Drive")


def test_select_styles() -> None:
    def style(text: str) -> tuple[str, str, str | None, str | None]:
        select = vendor("select: {fields: {" + text + "}}").select
        assert select is not None
        return select.input.value, select.style, select.root, select.separator

    assert style("paths: true") == ("fields", "paths", None, None)
    assert style("braces: true") == ("fields", "braces", None, None)
    assert style('names: "@"') == ("fields", "names", "@", None)
    assert style('columns: ", "') == ("fields", "columns", None, ", ")


def test_paging_styles() -> None:
    def style(text: str) -> tuple[str, str | None, str | None]:
        paging = vendor("pagination: {default: {" + text + "}}").pagination[0]
        return paging.style, paging.param and paging.param.value, paging.next and paging.next.value

    assert style("token_param: pageToken, next_token: nextPageToken, page_size_param: n, max_page_size: 100") == (
        "token",
        "pageToken",
        "nextPageToken",
    )
    assert style("offset_param: startAt, total: total") == ("offset", "startAt", None)
    assert style("page_param: page, start_at: 1") == ("page", "page", None)
    assert style("last_record_param: after, next_token: id") == ("last", "after", "id")
    assert style("last_record_clause: 'id > {cursor}', next_token: id") == ("last", None, "id")
    assert style("link_header: next, added_params: [page]") == ("link", None, None)
    assert style("next_url: nextRecordsUrl, allow_subpaths: true, last_page_if: done") == ("url", None, "nextRecordsUrl")


def test_error_fields() -> None:
    def fields(text: str) -> tuple[str | None, str | None, str]:
        errors = vendor("errors: {fields: " + text + "}").errors
        assert errors is not None
        return errors.fields and errors.fields.value, errors.fields_prefix, errors.fields_form

    assert fields("errors") == ("errors", None, "map")
    assert fields("{map: errors, prefix: fields}") == ("errors", "fields", "map")
    assert fields('{names: "[0].fields"}') == ("[0].fields", None, "names")
    assert fields("{text: errors, prefix: x}") == ("errors", "x", "text")


def test_the_rest_of_a_vendor() -> None:
    tree = parse_vendor((FOLDER / "vendors/slack/vendor.yaml").read_text(), "slack/vendor.yaml")[0]
    assert tree is not None
    assert (tree.draft, tree.body_encoding) == (True, "form")
    assert [(value.name.value, value.required, value.pattern) for value in tree.connection] == [("team", False, "[a-z0-9-]+")]
    assert tree.security[1].parameters == (("key", "header", "X-Key", "Bot "), ("token", "query", "token", ""))
    assert tree.errors is not None
    assert texts(tree.errors.types)[1] == ("RateLimited", ("ratelimited", "429"))


# ---------------------------------------------------------------------------------------------------------------- models
def test_models() -> None:
    tree, found = parse("model", (FOLDER / "models/tasks.yaml").read_text())
    assert found == ()
    fields = {field.name.value: field for field in tree.fields}
    assert fields["title"].required == {"create"}
    assert fields["project_id"].required == {"create", "list"}
    assert (fields["assignee_ids"].type.many, fields["assignee_ids"].references) == (True, "users")
    assert [arm.kind for arm in fields["start"].type.arms] == ["date", "datetime"]
    assert (fields["attendees"].type.record, fields["attendees"].type.many) == ("Attendee", True)
    assert [inner.name.value for inner in fields["attendees"].type.fields] == ["email", "response"]
    operations = {operation.name.value: operation for operation in tree.operations}
    assert [given.name.value for given in operations["get"].inputs] == ["id"]
    assert operations["create"].inputs == ()
    assert (operations["mine"].kind, operations["mine"].inputs) == ("list", ())
    filters = {given.name.value: given for given in operations["list"].inputs}
    assert [value.value for value in filters["status"].type.values] == ["open", "in_progress", "done", "canceled"]
    assert filters["status"].summary == "How far the work has come."
    assert (filters["assignee_id"].type.many, filters["assignee_id"].references) == (False, "users")
    assert filters["text"].searched_fields == ("title", "description")


def test_inputs_written_out_are_all_there_are() -> None:
    tree, _ = parse(
        "model", "resource: r\nrecord: R\nsummary: x\nfields: {id: {type: id, summary: x}}\noperations: {get: {summary: x, inputs: {}}}"
    )
    assert tree.operations[0].inputs == ()
