"""The formatter: style, comments, anchors, texts; and that it changes no value."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from unified_gen.formatting.format import format_text, kind_of, syntax_errors
from unified_gen.formatting.reading import comments
from unified_gen.formatting.writing import WIDTH
from unified_openapi.source.nodes import SyntaxFault, plain
from unified_openapi.source.yaml12 import compose

ROOT = Path(__file__).parents[3]
CATALOG = sorted((ROOT / "mappings").rglob("*.yaml"))
PROJECTS = sorted(
    path for path in (ROOT / "tests").rglob("*.yaml") if kind_of(path.as_posix()) is not None and "expected" not in path.parts
)


def formatted(text: str, kind: str = "resource") -> str:
    """Format a text, and the result once more: the same bytes."""
    made = format_text(text, kind)
    assert format_text(made, kind) == made
    return made


def becomes(before: str, after: str, kind: str = "resource") -> None:
    assert formatted(textwrap.dedent(before).lstrip("\n"), kind) == textwrap.dedent(after).lstrip("\n")


def value(text: str) -> Any:
    """The values of a text with their types: 1, 1.0 and true differ."""
    return json.dumps(plain(compose(text, "x")), sort_keys=True)


# ----------------------------------------------------------------------------------------------------------------- files
@pytest.mark.parametrize("path", [*CATALOG, *PROJECTS], ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_value_and_no_comment_of_a_file_changes(path: Path) -> None:
    kind = kind_of(path.as_posix())
    assert kind is not None
    text = path.read_text()
    try:
        before = value(text)
    except SyntaxFault:
        with pytest.raises(SyntaxFault):
            format_text(text, kind)
        return
    made = formatted(text, kind)
    assert value(made) == before
    assert words(made) == words(text)
    for line in made.splitlines():
        assert len(line) <= WIDTH or len(line.split()) <= 2, "only one word that cannot be broken makes a line longer"


def words(text: str) -> list[str]:
    return sorted(word for comment in comments(text) for word in comment.lstrip("#").split())


def test_the_catalog_and_the_projects_are_there() -> None:
    assert len(CATALOG) > 100
    assert PROJECTS


# ----------------------------------------------------------------------------------------------------------------- style
def test_flow_becomes_block() -> None:
    becomes(
        """
        fields: {status: {path: state, as: x, table: {open: [new, undefined], done: closed}}}
        """,
        """
        fields:
          status:
            path: state
            as: x
            table: {open: [new, undefined], done: closed}
        """,
    )


def test_small_flat_collections_become_one_line() -> None:
    becomes(
        """
        fields:
          description:
            path: body
            codec: adf
          labels:
            - fields.labels
        """,
        """
        fields:
          description: {path: body, codec: adf}
          labels: [fields.labels]
        """,
    )


def test_a_mapping_of_plain_values_is_one_line_if_it_fits() -> None:
    becomes("initial: {}\nfields:\n  a:\n    b: 1\n    c: 2\n    d: 3\n    e: 4\n", "initial: {}\nfields:\n  a: {b: 1, c: 2, d: 3, e: 4}\n")
    long = [f"key_number_{number}: value" for number in range(6)]
    becomes(f"a: {{{', '.join(long)}}}\n", "a:\n" + "".join(f"  {entry}\n" for entry in long))


def test_a_mapping_that_holds_lists_or_mappings_has_at_most_three_entries_on_one_line() -> None:
    becomes("a:\n  b: [x, y]\n  c: {d: 1, e: 2}\n  f: 3\n", "a: {b: [x, y], c: {d: 1, e: 2}, f: 3}\n")
    becomes("a: {b: [x, y], c: d, e: f, g: h}\n", "a:\n  b: [x, y]\n  c: d\n  e: f\n  g: h\n")
    becomes("a: {b: {c: 1, d: 2, e: 3}}\n", "a:\n  b: {c: 1, d: 2, e: 3}\n")
    becomes("a: {b: {c: [d]}, e: f}\n", "a:\n  b: {c: [d]}\n  e: f\n")


def test_mappings_at_the_top_are_in_block_style() -> None:
    becomes("unsupported: {a: b}\n", "unsupported:\n  a: b\n")


def test_mappings_of_a_list_are_all_on_one_line_or_none_is() -> None:
    becomes(
        """
        operations:
          a: [{operation: x, if: w}, {operation: y, if: z}]
          b: [{operation: x, if: w}, {operation: y, if: z, params: id, send: [b]}]
          c: [{operation: x, if: w}, {returns: get}]
        """,
        """
        operations:
          a:
            - {operation: x, if: w}
            - {operation: y, if: z}
          b:
            - operation: x
              if: w
            - operation: y
              if: z
              params: id
              send: [b]
          c:
            - {operation: x, if: w}
            - returns: get
        """,
    )


def test_the_operation_of_a_step_in_short_form_is_its_first_key() -> None:
    becomes(
        """
        operations:
          get: {send: fields, getTask: {params: id, b: c, d: e}}
          list: {local_filters: [a], items: b, either: [{if: x, listTasks: {y: z}}, listAll]}
        """,
        """
        operations:
          get:
            getTask: {params: id, b: c, d: e}
            send: fields
          list:
            items: b
            local_filters: [a]
            either:
              - {listTasks: {y: z}, if: x}
              - listAll
        """,
    )


def test_a_list_of_short_values_that_does_not_fit_continues_on_the_next_line() -> None:
    items = [f"item number {number}" for number in range(8)]
    becomes("a:\n" + "".join(f"  - {item}\n" for item in items), f"a: [{', '.join(items[:6])},\n  {', '.join(items[6:])}]\n")
    becomes("a:\n" + "".join(f"  - &b{item[-1]} {item}\n" for item in items), "a: [" + _anchored(items, 5) + "]\n")


def _anchored(items: list[str], first: int) -> str:
    named = [f"&b{item[-1]} {item}" for item in items]
    return ", ".join(named[:first]) + ",\n  " + ", ".join(named[first:])


@pytest.mark.parametrize("other", ["x" * 31, "{a} in {b}", "a: b", "1, 2"])
def test_a_list_with_a_long_value_or_one_in_quotes_is_an_item_a_line(other: str) -> None:
    items = [f"item_number_{number}" for number in range(8)]
    last = other if other[0] == "x" or other[0] == "1" else f'"{other}"'
    becomes("a:\n" + "".join(f'  - "{item}"\n' for item in [*items, other]), "a:\n" + "".join(f"  - {item}\n" for item in [*items, last]))


def test_a_list_in_a_list_that_does_not_fit_is_an_item_a_line() -> None:
    items = [f"item_number_{number}" for number in range(8)]
    becomes(f"a: [[{', '.join(items)}]]\n", "a:\n  - - item_number_0\n" + "".join(f"    - {item}\n" for item in items[1:]))


def test_lists_of_lists() -> None:
    becomes("a: [[b, c], [d]]\n", "a:\n  - [b, c]\n  - [d]\n")
    becomes("[a, b]\n", "- a\n- b\n")
    becomes("- - a: 1\n    b: [{}, []]\n", "- - a: 1\n    b:\n      - {}\n      - []\n")


def test_keys_are_in_the_order_of_the_language() -> None:
    becomes(
        """
        operations:
          zeta: {send: fields, operation: x, if: id}
          alpha: {either: [{params: id, operation: y}, {items: "@", operation: z}]}
        schema: Thing
        fields: {z: {codec: c, path: p}, a: {write: w, read: r}}
        resource: things
        """,
        """
        resource: things
        schema: Thing
        fields:
          z: {path: p, codec: c}
          a: {read: r, write: w}
        operations:
          zeta: {operation: x, if: id, send: fields}
          alpha:
            either:
              - {operation: y, params: id}
              - {operation: z, items: "@"}
        """,
    )


def test_models_and_vendors_have_orders_of_their_own() -> None:
    becomes(
        "record: A\nfields: {b: {summary: s, type: id}}\nresource: as\n",
        "resource: as\nrecord: A\nfields:\n  b: {type: id, summary: s}\n",
        "model",
    )
    becomes(
        "pagination: {default: {next_token: n, token_param: t}}\nname: A\n",
        "name: A\npagination: {default: {token_param: t, next_token: n}}\n",
        "vendor",
    )


def test_names_that_the_author_chose_stay_in_order() -> None:
    text = "fields:\n  write: a\n  read: b\n  path: c\n"
    assert formatted(text) == text


def test_unknown_keys_come_last() -> None:
    becomes("wrong: 1\nschema: A\nresource: as\n", "resource: as\nschema: A\nwrong: 1\n")


# -------------------------------------------------------------------------------------------------------------- comments
def test_comments_in_every_position() -> None:
    becomes(
        """
        # of the file

        # of reads
        schema: Thing      # beside reads
        resource: things
        fields:           # beside fields
          # before id
          id: {read: id}   # beside id

          # after a blank line
          name: {read: name,   # in a flow mapping
                 write: name}
          # at the end of fields
        # before operations
        operations:
          create:
            # before a step
            - {operation: x, if: y}   # beside a step
            -   # behind a dash
              operation: z   # beside an entry
            # at the end of a list
          list: {operation: l, query: {q: {language: soql, prefix: >-   # at a block text
            SELECT}}}
        # at the end
        """.replace(">-   # at a block text\n            SELECT", "SELECT"),
        """
        # of the file

        resource: things
        # of reads
        schema: Thing  # beside reads
        fields:  # beside fields
          # before id
          id: {read: id}  # beside id

          # after a blank line
          name:
            read: name  # in a flow mapping
            write: name
          # at the end of fields
        # before operations
        operations:
          create:
            # before a step
            - {operation: x, if: y}  # beside a step
            # behind a dash
            - operation: z  # beside an entry
            # at the end of a list
          list:
            operation: l
            query: {q: {language: soql, prefix: SELECT}}
        # at the end
        """,
    )


def test_comments_at_and_after_block_texts() -> None:
    becomes(
        """
        a: >-  # at the header
          some
          text
        # after the text
        b: |
          one
          # text
          two
          # text too
        c: 1
        """,
        """
        a: some text  # at the header
        # after the text
        b: |
          one
          # text
          two
          # text too
        c: 1
        """,
    )


def test_a_hash_in_a_text() -> None:
    text = 'a: b#c\nd: \'x # y\'  # z\ne: "p \\" # q"\n'
    assert formatted(text) == 'a: b#c\nd: "x # y"  # z\ne: \'p " # q\'\n'


def test_comments_within_lists_keep_them_open() -> None:
    becomes("a: [b, # of b\n  c]\n", "a:\n  - b  # of b\n  - c\n")
    becomes("a: [b,\n  # of c\n  c\n  # last\n  ]\n", "a:\n  - b\n  # of c\n  - c\n  # last\n")
    becomes("a: [  # one\n  # two\n  ]\n", "# two\na: []  # one\n")
    becomes("[ # one\n]\n", "# one\n[]\n")
    becomes("fields: {b: c}  # one\n", "fields:  # one\n  b: c\n")
    becomes("f:\n  a: {  # one\n    b: c}  # two\n", "f:\n  # one\n  # two\n  a: {b: c}\n")


def test_long_comments_are_wrapped_and_go_before_their_entry() -> None:
    long = "word " * 19
    becomes(f"fields:\n  a: b  # {long}\n", f"fields:\n  # {long.strip()}\n  a: b\n")
    becomes(f"a: b  # {long}{long}\n", f"# {long.strip()}\n# {long.strip()}\na: b\n")
    url = "https://example.com/" + "x" * 100
    becomes(f"a: b  # {url} and why\n", f"# {url}\n# and why\na: b\n")


def test_the_end_of_a_long_comment_joins_a_line_that_continues_it() -> None:
    long = " ".join(["word"] * 20)
    becomes(f"# {long}\n# goes on\na: b\n", f"# {long[:-5]}\n# word goes on\na: b\n")
    becomes(f"# {long}\n# Another\na: b\n", f"# {long[:-5]}\n# word\n# Another\na: b\n")


def test_comments_move_with_their_entries() -> None:
    becomes("# of reads\nschema: A  # a\n# of resource\nresource: as\n", "# of resource\nresource: as\n# of reads\nschema: A  # a\n")


def test_the_setting_of_an_editor_stays_first() -> None:
    modeline = "# yaml-language-server: $schema=../x.json\n"
    becomes(modeline + "schema: A\nresource: as\n", modeline + "resource: as\nschema: A\n")


def test_at_most_one_blank_line_remains() -> None:
    becomes("\n\nschema: A\n\n\n\nfields:\n\n  c: 2\n\n\n", "schema: A\n\nfields:\n  c: 2\n")


# --------------------------------------------------------------------------------------------------- anchors and aliases
def test_anchors_and_aliases() -> None:
    becomes(
        """
        a: &list [x, y]
        b: *list
        c: &map {p: {q: {r: s}}}
        d: [*list, *map]
        &key e: &text hello
        f: {g: *text}
        *key : h
        """.replace("*key : h", "i: *key"),
        """
        a: &list [x, y]
        b: *list
        c: &map
          p: {q: {r: s}}
        d: [*list, *map]
        &key e: &text hello
        f: {g: *text}
        i: *key
        """,
    )


def test_an_alias_as_a_key() -> None:
    becomes("a: &k x\n*k : y\n", "a: &k x\n*k : y\n")


def test_anchored_items_of_lists() -> None:
    becomes("- &a {b: {c: d}}\n- &e [f]\n- &g h\n- *a\n", "- &a {b: {c: d}}\n- &e [f]\n- &g h\n- *a\n")


def test_keys_stay_where_an_alias_would_come_before_its_anchor() -> None:
    text = "schema: &name A\nresource: *name\n"
    assert formatted(text) == text


def test_an_anchor_that_is_set_twice() -> None:
    text = "schema: &n A\nx: *n\nresource: &n b\ny: *n\n"
    assert formatted(text) == text


# ----------------------------------------------------------------------------------------------------------------- texts
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"plain"', "plain"),
        ("'it''s'", "it's"),
        ('"{x}"', '"{x}"'),
        ('"a: b"', '"a: b"'),
        ('"a #b"', '"a #b"'),
        ('"12"', '"12"'),
        ("12", "12"),
        ("0x1F", "0x1F"),
        ("1.50", "1.50"),
        ("~", "~"),
        ("", "null"),
        ('""', '""'),
        ('"true"', '"true"'),
        ("yes", '"yes"'),
        ("12:30", '"12:30"'),
        ("2024-01-01", '"2024-01-01"'),
        ("'C:\\d'", r"C:\d"),
        (r"'\d: x'", r"'\d: x'"),
        (r'"a\tb"', r'"a\tb"'),
        ('"a\\u2028b"', '"a\\u2028b"'),
        ("a-b", "a-b"),
        ("-b", "-b"),
        ('"- b"', '"- b"'),
        ("'- \"b\"'", "'- \"b\"'"),
        ('"@"', '"@"'),
        ("!!str 12", '"12"'),
        ('!!int "12"', "12"),
        ("über ✓ 日本", "über ✓ 日本"),
        ('" a"', '" a"'),
        ("a:b", "a:b"),
        ('"a:"', '"a:"'),
    ],
)
def test_quotes_only_if_they_are_needed(before: str, after: str) -> None:
    becomes(f"a: {before}\n", f"a: {after}\n")


def test_commas_and_brackets_need_quotes_in_flow_style_only() -> None:
    becomes('a: "b, [c]"\nd: ["b, [c]"]\n', 'a: b, [c]\nd: ["b, [c]"]\n')


def test_keys_are_texts() -> None:
    becomes('"200": a\ntrue: b\n"x: y": c\n"": d\n', '200: a\ntrue: b\n"x: y": c\n"": d\n')


def test_long_texts_are_wrapped() -> None:
    text = " ".join(["word"] * 30)
    becomes(f"a: {text}\n", "a: " + " ".join(["word"] * 19) + "\n  " + " ".join(["word"] * 11) + "\n")
    becomes(f"- {text}\n", "- " + " ".join(["word"] * 19) + "\n  " + " ".join(["word"] * 11) + "\n")
    becomes(f"{'k' * 20}: {'v ' * 45}\n", f"{'k' * 20}: >-\n  {('v ' * 45).strip()}\n")


def test_long_texts_that_need_quotes_are_block_texts() -> None:
    text = "a: " + " ".join(["word"] * 30)
    becomes(f"a: '{text}'\n", "a: >-\n  a: " + " ".join(["word"] * 19) + "\n  " + " ".join(["word"] * 11) + "\n")


def test_a_long_word_that_fits_below_its_key_is_a_block_text() -> None:
    becomes(f"{'k' * 20}: PUT {'v' * 90}\n", f"{'k' * 20}: >-\n  PUT {'v' * 90}\n")


def test_enum_values_are_on_one_line() -> None:
    text = "fields:\n  a: {path: b, enum: {low: [Low, Lowest], medium: Medium, high: High, urgent: Highest}}\n"
    becomes("fields: {a: {path: b, enum: {low: [Low, Lowest], medium: Medium, high: High, urgent: Highest}}}\n", text)


def test_a_mapping_in_a_single_entry_is_on_its_line() -> None:
    becomes("operations:\n  get:\n    getTask:\n      id: id\n", "operations:\n  get: {getTask: {id: id}}\n")
    becomes("a:\n  b:\n    c: {d: e}\n", "a:\n  b: {c: {d: e}}\n")


def test_names_before_a_small_mapping_are_one_line() -> None:
    becomes("params:\n  - id\n  - a: b\n    c: d\n", "params: [id, {a: b, c: d}]\n")
    becomes("params:\n  - a: b\n  - id\n", "params:\n  - a: b\n  - id\n")


def test_a_long_word_stays_long() -> None:
    text = "x" * 120
    becomes(f"a: {text}\n", f"a: {text}\n")


def test_texts_of_several_lines() -> None:
    becomes('a: "one\\ntwo\\n"\n', "a: |\n  one\n  two\n")
    becomes("a: |-\n    one\n\n      two\n", "a: |-\n  one\n\n    two\n")
    becomes('a: "one \\ntwo"\n', 'a: "one \\ntwo"\n')
    becomes("a: |+\n  one\n  two\n\nb: 1\n", 'a: "one\\ntwo\\n\\n"\n\nb: 1\n')
    becomes('a: ["one\\ntwo"]\n', "a:\n  - |-\n    one\n    two\n")
    becomes('f:\n  a: {split: "\\n"}\n', 'f: {a: {split: "\\n"}}\n')
    becomes("a: one\n  two\n", "a: one two\n")


# -------------------------------------------------------------------------------------------------------- files as bytes
def test_line_ends_and_byte_order_marks() -> None:
    assert formatted("\ufeffa: 1\r\nb: >-\r\n  x\r\n  y\r\n# c\r\n") == "a: 1\nb: x y\n# c\n"
    assert formatted("a: 1\rb: 2") == "a: 1\nb: 2\n"


@pytest.mark.parametrize("text", ["", "\n\n", "# only\n\n# comments\n", "a\n", "- a\n- b\n", "{}\n", "[]\n", "null\n"])
def test_files_without_a_mapping(text: str) -> None:
    assert formatted(text) == text.lstrip("\n")


def test_document_markers_are_left_out() -> None:
    becomes("%YAML 1.2\n---  # x\na: 1\n...\n# y\n", "# x\na: 1\n# y\n")


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("a: 1\na: 2\n", "MAP006", "`a` occurs twice"),
        ("a: [b\n", "MAP008", ""),
        ("a: 1\n---\nb: 2\n", "MAP008", "second YAML document"),
        ("\ta: 1\n", "MAP008", "tab"),
        ("a: !x 1\n", "MAP008", "tag"),
    ],
)
def test_malformed_files_are_refused_with_the_compilers_diagnostic(text: str, code: str, message: str) -> None:
    with pytest.raises(SyntaxFault):
        format_text(text, "resource")
    found = syntax_errors(text, "mappings/vendors/acme/tasks.yaml")
    assert [one.code for one in found] == [code]
    assert message in found[0].message


# ------------------------------------------------------------------------------------------------------------ properties
TEXTS = st.one_of(
    st.text(max_size=12),
    st.text(alphabet="ab -:#,[]{}'\"\\\n\t&*!|>%@`?=<~0.1", max_size=12),
    st.text(alphabet="ab ", min_size=80, max_size=240),
    st.sampled_from(
        ["call", "with", "fields", "reads", "resource", "when", "yes", "null", "1e3", "0o7", "~", "---", "...", "\u2028", "\x85"]
    ),
)
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXTS)
TREES = st.recursive(
    SCALARS, lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXTS, inner, max_size=4)), max_leaves=20
)


@given(TREES, st.sampled_from(["model", "vendor", "resource"]), st.sampled_from(["json", "flow", "block"]))
def test_any_tree_keeps_its_values(tree: Any, kind: str, style: str) -> None:
    if style == "json":
        text = json.dumps(tree)
    else:
        text = yaml.safe_dump(tree, default_flow_style=style == "flow", allow_unicode=True)
    try:
        before = value(text)
    except SyntaxFault:  # what YAML 1.1 writes and 1.2 does not read, and halves of surrogate pairs
        return
    assert value(formatted(text, kind)) == before


PIECES = """
# c

a: 1
a: 1  # d
b:
b:  # e
- x
- {y: 1}  # f
- c: 2
c: [x,  # g
z]
d: {x: 1,
  w: 2}
f: []  # p
g: [  # q
  # r
]
  k: v
  # h
    # i
  - q  # j
  l:
    m: n
e: >-
  text # t
    o: [p]  # o
"""
LINES = st.sampled_from(PIECES.splitlines(keepends=True))


@given(st.lists(LINES, max_size=12))
def test_no_comment_is_lost(lines: list[str]) -> None:
    text = "".join(lines)
    try:
        compose(text, "x")
    except SyntaxFault:
        return
    made = formatted(text)
    assert value(made) == value(text)
    assert words(made) == words(text)
