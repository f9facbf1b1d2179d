"""Every code of the parser, from a file with one error, at the location of the error."""

from __future__ import annotations

import pytest

from tests.unit.language.inputs import fragments, parse
from unified_gen.diagnostics.codes import map003_path
from unified_gen.language.codes import CODES
from unified_openapi.diagnostics import Code

FIELDS = "resource: tasks\nschema: Task\noperations: {get: {operation: getTask, params: id}}\nfields:\n"
STEP = "resource: tasks\nschema: Task\nfields: {id: {read: id}}\noperations:\n"
MODEL = "resource: tasks\nrecord: Task\nsummary: A task.\noperations: {get: {summary: Read it.}}\nfields:\n"
OPERATION = "resource: tasks\nrecord: Task\nsummary: A task.\nfields: {title: {type: text, summary: A line.}}\noperations:\n"
VENDOR = "name: Acme\n"
UNNAMED = "resource: tasks\nsummary: x\nfields: {a: {type: id, summary: x}}\noperations: {get: {summary: x}}\n"
MAPPED = "schema: T\nresource: t\nfields: {a: b}\noperations: {get: {operation: x}}\n"
BOMB = "- &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(f"- &{chr(98 + n)} [{','.join(['*' + chr(97 + n)] * 10)}]\n" for n in range(6))

# kind, text up to the wrong part, the wrong part, (code, the text the finding points at, a piece of message or help)
CASES = [
    # ------------------------------------------------------------------------------------------------------------- MAP001
    ("resource", FIELDS, "  title: {path: a, as: adf}", ("MAP001", "as", "use `codec`")),
    ("resource", FIELDS, "  title: {path: a, labell: b}", ("MAP001", "labell", "did you mean `label`?")),
    ("resource", STEP, "  get: {operation: getTask, param: {id: id}}", ("MAP001", "param", "did you mean `params`?")),
    ("resource", STEP, "  get: {operation: getTask, body: {id: id}}", ("MAP001", "body", "`params`, `constants` or `send`")),
    ("resource", STEP, "  get: {either: [{operation: a, if: x}, {operation: b}], if: c}", ("MAP010", "if", "each alternative has its own")),
    ("resource", FIELDS, "  id: {read: id}\ntables: {}", ("MAP001", "tables", "`enum` on the field")),
    ("vendor", VENDOR, "base_ulr: {default: x}", ("MAP001", "base_ulr", "did you mean `base_url`?")),
    ("vendor", VENDOR, "pagination: {default: {token_param: a, next_token: b, page_sise_param: c}}",
     ("MAP001", "page_sise_param", "did you mean `page_size_param`?")),
    ("model", MODEL, "  title: {type: text, summary: x, requred: create}", ("MAP001", "requred", "did you mean `required`?")),
    ("model", MODEL, "  title: {type: text, summary: A line, or two}", ("MAP001", "or two", "a comma inside braces ends a text")),
    # ------------------------------------------------------------------------------------------------------------- MAP002
    ("resource", FIELDS, "  title: {path: {a: b}}", ("MAP002", None, "expected a path, or a list of one path, got a mapping")),
    ("resource", FIELDS, "  title: {path: b, label: [a]}", ("MAP002", None, "expected a path, got a list")),
    ("resource", FIELDS, "  title: [a, b]", ("MAP002", None, "got a list of 2")),
    ("resource", FIELDS, "  title:", ("MAP002", None, "got nothing")),
    ("resource", FIELDS, "  title: true", ("MAP002", "true", "put it in quotes")),
    ("resource", FIELDS, "  title: {path: a, also_write: []}", ("MAP002", None, "got an empty list")),
    ("resource", FIELDS, "  start: {by_type: {date: a}}", ("MAP002", None, "one arm")),
    ("resource", FIELDS, "  start: {by_type: {date: a, day: b}}", ("MAP002", "day", "expected a type")),
    ("resource", FIELDS, "  status: {path: a, enum: {1: b}}", ("MAP002", "1", "expected a unified value")),
    ("resource", FIELDS, "  status: {path: a, enum: {open: [[b]]}}", ("MAP002", None, "expected a value of the vendor")),
    ("resource", FIELDS, "  status: {path: a, enum: {open: []}}", ("MAP002", None, "empty list")),
    ("resource", FIELDS, "  status: {enum: {open: {}}}", ("MAP002", None, "match anything")),
    ("resource", FIELDS, "  title: {path: a, codec: {x: 1, y: 2}}", ("MAP002", None, "one codec")),
    ("resource", STEP, "  get: 7", ("MAP002", "7", "expected a step, got the number `7`")),
    ("resource", STEP, "  get: []", ("MAP002", "[]", "expected a list of steps, got an empty list")),
    ("resource", STEP, "  get: {getTask: {id: 7}}", ("MAP002", "7", "expected a reference")),
    ("resource", STEP, "  get: {either: [{operation: a, if: x}, b], sned: fields}", ("MAP001", "sned", "did you mean `send`?")),
    ("resource", STEP, "  get: []", ("MAP002", None, "an empty list")),
    ("resource", STEP, "  get: {either: [{call: a}]}", ("MAP002", None, "at least two alternatives")),
    ("resource", STEP, "  create: {operation: a, send: field}", ("MAP002", "field", "expected `fields`")),
    ("resource", STEP, "  get: {operation: a, response: text}", ("MAP002", "text", "expected `bytes`")),
    ("resource", STEP, "  get: {operation: a, save: {a: b, c: d}}", ("MAP002", None, "got 2 entries")),
    ("resource", STEP, "  get: {operation: a, params: {id: 3}}", ("MAP002", "3", "expected a reference")),
    ("resource", STEP, "  list: {operation: a, items: b, requires: c}", ("MAP002", "c", "expected a list of names")),
    ("resource", STEP, "  list: {operation: a, items: b, sync_token: {param: c, next: d, expired_status: 10}}",
     ("MAP002", "10", "at least 400")),
    ("vendor", VENDOR, "headers: {X-Version: 3}", ("MAP002", "3", "put it in quotes")),
    ("vendor", VENDOR, "body_encoding: forms", ("MAP002", "forms", "did you mean `form`?")),
    ("vendor", VENDOR, "draft: yes", ("MAP002", "yes", "expected `true` or `false`")),
    ("vendor", VENDOR, "select: {fields: {paths: false}}", ("MAP002", "false", "expected `true`")),
    ("vendor", VENDOR, "security: {a: {type: digest}}", ("MAP002", "digest", "`basic`, `bearer`, `api_key` or `oauth2`")),
    ("vendor", VENDOR, "rate_limits: {default: {requests: 0, per_seconds: 1}}", ("MAP002", "0", "at least 1")),
    ("vendor", VENDOR, "errors: {code: a, types: {NotFound: [1.5]}}", ("MAP002", "1.5", "expected a code")),
    ("vendor", VENDOR, "errors: {code: a, types: {Notfound: [a]}}", ("MAP002", "Notfound", "did you mean `NotFound`?")),
    ("vendor", VENDOR, "clear: []", ("MAP002", None, "got a list")),
    ("model", MODEL, "  title: {type: txt, summary: x}", ("MAP002", "txt", "did you mean `text`?")),
    ("model", MODEL, "  title: {type: [id, id], summary: x}", ("MAP002", None, "a list of one type")),
    ("model", MODEL, "  title: {type: {id: id}, summary: x}", ("MAP002", None, "expected a type, got a mapping")),
    ("model", MODEL, "  title: {type: text, summary: ''}", ("MAP002", None, "got an empty text")),
    ("model", OPERATION, "  find: {kind: search, summary: x}", ("MAP002", "search", "expected `create`")),
    ("model", OPERATION, "  find: {kind: get, summary: x, custom_field_filters: true}",
     ("MAP010", "custom_field_filters", "for an operation like `list`")),
    # ----------------------------------------------------------------------------------------------------------- short forms
    ("resource", FIELDS, "  status: {path: a, enum: [open, open]}", ("MAP006", "open", "occurs twice")),
    ("resource", FIELDS, "  status: {path: a, enum: [open, 7]}", ("MAP002", "7", "the same at the vendor")),
    ("resource", FIELDS, "  status: {path: a, enum: []}", ("MAP002", "[]", "got an empty list")),
    ("resource", FIELDS, "  id: {read: id}\nunsupported: {'a, b': x, b: y}", ("MAP006", "b", "occurs twice")),
    ("resource", FIELDS, "  id: {read: id}\nunsupported: {'a, b c': x}", ("MAP011", "b c", "names joined by dots")),
    ("resource", FIELDS, "  a: {read: b, written_by: create}", ("MAP010", "written_by", "without `path`")),
    ("resource", FIELDS, "  a: {link: 'https://x/{b}/{c}'}", ("MAP009", "https://x/{b}/{c}", "and this has 2")),
    ("resource", FIELDS, "  a: {link: 'https://x/{b..c}'}", ("MAP003", None, "not a path")),
    ("resource", FIELDS, "  a: {link: 'https://x/{b}', read: c}", ("MAP010", "link", "has the paths of the values")),
    ("vendor", VENDOR, "rate_limits: {a: {requests: 10/0s}}", ("MAP002", "10/0s", "a number of requests and seconds")),
    ("vendor", VENDOR, "rate_limits: {a: {requests: 10}}", ("MAP010", "requests", "without seconds")),
    ("vendor", VENDOR, "rate_limits: {a: {requests: 10/1s, per_seconds: 1}}", ("MAP010", "per_seconds", "exclude each other")),
    ("vendor", VENDOR, "pagination: {default: {token_param: {a: b}, next_token: c}}", ("MAP010", "next_token", "exclude each other")),
    (
        "vendor",
        VENDOR,
        "pagination: {default: {page_param: a, page_size_param: {b: 5}, max_page_size: 5}}",
        ("MAP010", "max_page_size", "exclude each other"),
    ),
    ("vendor", VENDOR, "query: {a: soql, b: soql}", ("MAP002", None, "got 2 entries")),
    ("resource", STEP, "  get: {operation: a, query: 7}", ("MAP002", "7", "a list of clauses")),
    # ------------------------------------------------------------------------------------------------------------- MAP003
    ("resource", FIELDS, "  title: fields..summary", ("MAP003", None, "not a path")),
    ("resource", FIELDS, "  title: a[1]", ("MAP003", "a[1]", "from its first element")),
    ("resource", FIELDS, '  title: "a[?b==\'c\'].d"', ("MAP003", None, "any number of elements")),
    ("resource", FIELDS, "  title: {read: length(a)}", ("MAP003", None, "function")),
    ("resource", FIELDS, "  title: X-Name", ("MAP003", None, "in double quotes")),
    ("resource", STEP, "  get: {operation: a, params: {id: '@'}}", ("MAP003", "@", "begins with the name")),
    ("resource", STEP, "  get: {operation: a, if: a ||}", ("MAP003", None, "is not a condition")),
    ("resource", STEP, "  get: {operation: a, if: a == b}", ("MAP003", None, "which inputs are given")),
    ("resource", MAPPED, "exclude: a == b", ("MAP003", None, "a literal")),
    ("resource", MAPPED, "exclude: ends_with(a, b)", ("MAP003", None, "needs a path and a text")),
    ("resource", MAPPED, "exclude: starts_with(a, 'b')", ("MAP003", None, "function")),
    ("resource", FIELDS, "  title: " + "a." * 200 + "b", ("MAP003", None, "too long or too deep")),
    # ------------------------------------------------------------------------------------------------------------- MAP006
    ("resource", FIELDS, "  title: a\n  title: b", ("MAP006", "title", "occurs twice")),
    ("model", MODEL, "  status: {type: enum, values: [open, open], summary: x}", ("MAP006", "open", "occurs twice")),
    # ------------------------------------------------------------------------------------------------------------- MAP007
    ("vendor", VENDOR, "pagination: {default: {next_url: next}}", ("MAP007", "next_url", "needs `added_params` or `allow_subpaths`")),
    ("resource", STEP, "  get: {params: id}", ("MAP007", None, "a step needs `operation`")),
    ("resource", "schema: A\nfields: {a: b}\n", "", ("MAP007", None, "a mapping needs `operations`")),
    ("resource", FIELDS, "  title: {}", ("MAP007", "{}", "no path to read or write")),
    ("resource", FIELDS, "  title: {codec: adf}", ("MAP007", "codec", "a field needs a location")),
    ("resource", FIELDS, "  status: {enum: {open: a}}", ("MAP007", "enum", "a field needs a location")),
    ("vendor", "", "draft: true", ("MAP007", None, "a vendor needs `name`")),
    ("vendor", VENDOR, "pagination: {other: {token_param: a, next_token: b}}", ("MAP007", "other", "named `default`")),
    ("vendor", VENDOR, "pagination: {default: {token_param: a}}", ("MAP007", "token_param", "needs `next_token`")),
    ("vendor", VENDOR, "pagination: {default: {page_size_param: a}}",
     ("MAP007", None, "`last_record_param`, `last_record_clause`, `link_header` or `next_url`")),
    ("vendor", VENDOR, "select: {fields: {}}", ("MAP007", "{}", "needs a style")),
    ("vendor", VENDOR, "security: {a: {type: api_key}}", ("MAP007", "type", "needs `keys`")),
    ("vendor", VENDOR, "errors: {fields: {prefix: a}}", ("MAP007", None, "`map`, `names` or `text`")),
    ("model", MODEL, "  status: {type: enum, summary: x}", ("MAP007", "type", "needs `values`")),
    ("model", MODEL, "  a: {type: object, fields: {b: {type: id, summary: x}}, summary: x}", ("MAP007", "type", "needs `record`")),
    ("model", MODEL, "  a: {type: id}", ("MAP007", None, "needs `summary`")),
    ("model", OPERATION, "  search: {summary: x}", ("MAP007", "search", "needs `kind`")),
    ("model", OPERATION, "  list: {summary: x, inputs: {text: {summary: x}}}", ("MAP007", "text", "needs a `type`")),
    ("model", OPERATION, "  list: {summary: x, inputs: {kind: {type: enum}}}", ("MAP007", "kind", "needs `values`")),
    # ------------------------------------------------------------------------------------------------------------- MAP008
    ("resource", "", "resource: [", ("MAP008", None, "")),
    ("resource", "", "", ("MAP008", None, "empty")),
    ("resource", "", "a: " + "[" * 100 + "]" * 100, ("MAP008", None, "deeper")),
    ("resource", "", BOMB, ("MAP008", None, "")),
    # ------------------------------------------------------------------------------------------------------------- MAP009
    ("resource", STEP, '  get: {operation: a, save: b, not_found: "no {b"}', ("MAP009", "{", "without `}`")),
    ("resource", STEP, '  get: {operation: a, save: b, not_found: "no b}"}', ("MAP009", "}", "without `{`")),
    ("resource", STEP, '  get: {operation: a, save: b, not_found: "no {a{b}}"}', ("MAP009", "{", "inside")),
    ("resource", STEP, '  get: {operation: a, save: b, not_found: "no {}"}', ("MAP009", "{}", "names nothing")),
    ("resource", FIELDS, '  id: {format: "{a}{b}"}', ("MAP009", "}{", "next to each other")),
    ("resource", FIELDS, '  id: {format: "{a}/{a}"}', ("MAP009", "a", "occurs twice")),
    ("resource", FIELDS, '  id: {format: "a/b"}', ("MAP009", "a/b", "in braces")),
    ("resource", FIELDS, '  id: {format: "{a.b}"}', ("MAP009", "a.b", "not a name of a part")),
    ("resource", FIELDS, '  id: {format: "{a}", parse: {b: "*"}}', ("MAP009", "*", "names no part")),
    # ------------------------------------------------------------------------------------------------------------- MAP010
    ("resource", FIELDS, "  title: {path: a, codec: b, enum: {c: d}}", ("MAP010", "enum", "exclude each other")),
    ("resource", FIELDS, "  title: {path: a, read: b}", ("MAP010", "path", "exclude each other")),
    ("resource", FIELDS, "  title: {read: a, clear: ''}", ("MAP010", "clear", "read only")),
    ("resource", FIELDS, "  title: request.id", ("MAP010", "request.id", "cannot be written")),
    ("resource", FIELDS, '  id: {format: "{a}", clear: never}', ("MAP010", "clear", "composite id")),
    ("resource", FIELDS, "  a: {items: b}", ("MAP010", "items", "without `fields`")),
    ("resource", FIELDS, "  a: {read: b, parse: {a: '{b}'}}", ("MAP010", "parse", "without `format`")),
    ("resource", FIELDS, "  a: {read: [b], write: c}", ("MAP010", "write", "both sides")),
    ("resource", FIELDS, "  a: {write: c, enum: {open: {closed: false}}}", ("MAP010", "write", "several columns")),
    ("resource", FIELDS, "  a: {enum: {open: {closed: false}, done: b}}", ("MAP010", "done", "same columns")),
    ("resource", FIELDS, "  a: {path: b, enum: {open: otherwise, done: b}}", ("MAP010", "otherwise", "last row")),
    ("resource", STEP, "  get: {operation: a, not_found: b}", ("MAP010", "not_found", "without `save`")),
    ("resource", STEP, "  get: {operation: a, where: {b: c}}", ("MAP010", "where", "without `save`")),
    ("resource", STEP, "  get: {operation: a, items: b, record: c}", ("MAP010", "items", "exclude each other")),
    ("resource", STEP, "  get: {operation: a, query: {q: {language: json, prefix: b}}}", ("MAP010", "prefix", "languages that are text")),
    ("resource", STEP, "  get: {operation: a, query: {q: {language: json, all: [b]}}}", ("MAP010", "b", "is an object")),
    ("resource", STEP, "  get: {operation: a, query: {q: {language: jql, all: [{b: c}]}}}", ("MAP010", None, "is text")),
    ("resource", STEP, "  get: {operation: a, poll: {until: b, url_header: Location}}", ("MAP010", "url_header", "without `schema`")),
    ("resource", STEP, "  get: {operation: a, poll: {until: b, message: c}}", ("MAP010", "message", "without `failed_if`")),
    ("resource", STEP, "  get: {operation: a, record: b, poll: {until: c}}", ("MAP010", "poll", "a further step reads")),
    ("resource", FIELDS, "  a: {path: b, exclude: c}", ("MAP010", "exclude", "without `items`")),
    ("resource", FIELDS, "  a: {items: b, exclude: c, clear: [], fields: {d: e}}", ("MAP010", "clear", "is not written")),
    ("resource", STEP, "  get: {operation: a, query: {q: {language: jql}}}", ("MAP010", "language", "without `prefix`, `all` or `suffix`")),
    ("vendor", VENDOR, "pagination: {default: {page_param: a, offset_param: b}}", ("MAP010", "offset_param", "exclude each other")),
    ("vendor", VENDOR, "select: {fields: {paths: true, names: a}}", ("MAP010", "paths", "exclude each other")),
    ("vendor", VENDOR, "errors: {types: {NotFound: [a]}}", ("MAP010", "types", "without `code`")),
    ("vendor", VENDOR, "security: {a: {type: basic, keys: [{secret: a, in: query, name: b}]}}", ("MAP010", "keys", "type `api_key`")),
    ("model", MODEL, "  a: {type: text, values: [b], summary: x}", ("MAP010", "values", "belongs to the type `enum`")),
    ("model", MODEL, "  a: {type: text, label: true, summary: x}", ("MAP010", "label", "value to an `enum`")),
    ("model", MODEL, "  a: {type: text, references: users, summary: x}", ("MAP010", "references", "type `id`")),
    ("model", MODEL, "  a: {type: date, max_length: 3, summary: x}", ("MAP010", "max_length", "is for")),
    ("model", MODEL, "  a: {type: text, read_only: true, required: create, summary: x}", ("MAP010", "required", "not an input")),
    ("model", MODEL, "  a: {type: date | object, summary: x}", ("MAP010", "date | object", "a union")),
    ("model", OPERATION, "  list: {summary: x, inputs: {a: {type: object}}}", ("MAP010", None, "is an object")),
    # ------------------------------------------------------------------------------------------------------- MAP011 - MAP013
    ("resource", FIELDS, "  dueDate: a", ("MAP011", "dueDate", "small letters")),
    ("resource", FIELDS, "  class: a", ("MAP011", "class", "Python keyword")),
    ("resource", FIELDS, "  id: {read: id}\nunsupported: {a b: c}", ("MAP011", "a b", "joined by dots")),
    ("vendor", VENDOR, "allow: {map102: c}", ("MAP011", "map102", "a code")),
    ("model", UNNAMED, "record: task", ("MAP011", "task", "a capital")),
    ("vendor", VENDOR, "connection: {site: {summary: x, pattern: '('}}", ("MAP012", "(", "not a regular expression")),
    ("resource", FIELDS, "  id: {read: id}\ncustom_fields: {pattern: '[a'}", ("MAP012", "[a", "not a regular expression")),
    ("model", OPERATION, "  list: {summary: x, inputs: {a: {field: titel}}}", ("MAP013", "titel", "did you mean `title`?")),
    ("model", OPERATION, "  list: {summary: x, inputs: {a: {field: title.word}}}", ("MAP013", "title.word", "has no field `title.word`")),
    ("model", OPERATION, "  list: {summary: x, inputs: {a: {type: text, searched_fields: [titel]}}}",
     ("MAP013", "titel", "did you mean `title`?")),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "before", "wrong", "expected"), CASES, ids=[f"{case[3][0]}-{case[2][:40]}" for case in CASES])
def test_one_mistake_is_one_finding_at_its_location(kind: str, before: str, wrong: str, expected: tuple[str, str | None, str]) -> None:
    code, pointed, words = expected
    _, found = parse(kind, before + wrong)
    assert [finding.code for finding in found] == [code]
    finding = found[0]
    assert words in f"{finding.message} | {finding.help}"
    lines = (before + wrong).splitlines() or [""]
    span = finding.span
    assert span.line == span.end_line, "a finding points at one line"
    assert span.line <= len(lines)
    assert span.line > before.count("\n") or code == "MAP007", "a finding points at what is wrong"
    if pointed is not None:
        assert lines[span.line - 1][span.column - 1 : span.end_column - 1] == pointed


def test_every_code_of_the_parser_is_triggered() -> None:
    assert {case[3][0] for case in CASES} == {code.code for code in CODES} | {map003_path.CODE.code}


@pytest.mark.parametrize("code", CODES, ids=lambda code: code.code)
def test_the_examples_of_a_page_are_correct(code: Code) -> None:
    """The wrong file has this code and no other, the right one has none."""
    (wrong, right) = fragments(code.explanation)
    assert code.explanation.index("Wrong:") < code.explanation.index("Right:")
    assert {finding.code for finding in parse(wrong[0], wrong[1])[1]} == {code.code}
    assert parse(right[0], right[1])[1] == ()


def test_all_findings_of_a_file_are_shown() -> None:
    text = "resource: tasks\nschemas: Task\nfields:\n  titleX: a\n  b: {path: [x, y], codecs: z}\noperations:\n  get: {operations: a}\n"
    _, found = parse("resource", text)
    assert [(finding.span.line, finding.code) for finding in found] == [
        (2, "MAP001"),
        (4, "MAP011"),
        (5, "MAP002"),
        (5, "MAP001"),
        (7, "MAP001"),
    ]


def test_two_bad_references_of_one_text_are_two_findings() -> None:
    _, found = parse("resource", STEP + '  get: {operation: a, save: b, not_found: "{a..b} and {c..d}"}')
    assert [finding.code for finding in found] == ["MAP003", "MAP003"]


def test_invalid_parts_are_not_in_the_tree() -> None:
    tree, found = parse("resource", FIELDS + "  title: a..b\n  description: c")
    assert [field.name.value for field in tree.fields] == ["description"]
    assert len(found) == 1
