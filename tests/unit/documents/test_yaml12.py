"""The YAML reader: the core schema of YAML 1.2, locations, and rejection of constructs that hide an error."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from unified_openapi.source.nodes import MappingNode, Node, ScalarNode, SyntaxFault, plain
from unified_openapi.source.spans import Span
from unified_openapi.source.yaml12 import compose, compose_lenient, load


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("off", "off"),
        ("true", True),
        ("False", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("=", "="),
        ("<<", "<<"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("2024-01-01", "2024-01-01"),
        ("2024-01-01T10:00:00Z", "2024-01-01T10:00:00Z"),
        ("0x1F", 31),
        ("0o17", 15),
        ("017", 17),
        ("-3", -3),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("1.", 1.0),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("1e999", "1e999"),
        ("'true'", "true"),
        ('"12"', "12"),
        ("!!str 12", "12"),
        ("!!float 3", 3),
        ("9" * 5000, "9" * 5000),
    ],
)
def test_a_scalar_means_what_the_core_schema_states(text: str, value: object) -> None:
    found = plain(compose(f"a: {text}\n", "f"))
    assert found == {"a": value}
    assert type(found["a"]) is type(value)
    assert load(f"a: {text}\n", "f") == {"a": value}


def test_keys_are_text() -> None:
    text = "200: a\ntrue: b\n~: c\n1.0: d\n'x': e\n"
    assert plain(compose(text, "f")) == load(text, "f") == {"200": "a", "true": "b", "~": "c", "1.0": "d", "x": "e"}


def entry(node: Node, name: str) -> Node:
    assert isinstance(node, MappingNode)
    return next(value for key, value in node.entries if key.text == name)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("a: word\n", (1, 4, 1, 8)),
        ("a: 'word'\n", (1, 5, 1, 9)),
        ('a: "word"\n', (1, 5, 1, 9)),
        ("a: &x 'word'\n", (1, 8, 1, 12)),
        ("a: !!str 12\n", (1, 10, 1, 12)),
        ("a: |\n  one\n  two\n\nb: 1\n", (2, 3, 3, 6)),
        ("a: >-\n\n  one\n\n  two\n", (3, 3, 5, 6)),
        ("a: [1, 2]\nb: 1\n", (1, 4, 1, 10)),
        ("a:\n  - 1\n  - 2\n\n# remark\nb: 1\n", (2, 3, 3, 6)),
        ("a:\n  x: 1\n\n\nb: 1\n", (2, 3, 2, 7)),
        ("a:\nb: 1\n", (1, 3, 1, 3)),
    ],
)
def test_a_span_is_that_of_the_content(text: str, span: tuple[int, int, int, int]) -> None:
    assert entry(compose(text, "f"), "a").span == Span("f", *span)


def test_a_key_knows_its_location_and_its_text() -> None:
    node = compose("a:\n  200: {b: 0x10}\n", "f")
    inner = entry(node, "a")
    assert isinstance(inner, MappingNode)
    key = inner.entries[0][0]
    assert (key.text, key.value, key.span) == ("200", 200, Span("f", 2, 3, 2, 6))
    leaf = entry(inner.entries[0][1], "b")
    assert isinstance(leaf, ScalarNode)
    assert (leaf.value, leaf.text, leaf.plain) == (16, "0x10", True)


@pytest.mark.parametrize(
    ("text", "line", "column", "reports"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, 1, "occurs twice"),
        ("200: 1\n'200': 2\n", 2, 1, "occurs twice"),
        ("a: &x [*x]\n", 1, 8, "contains itself"),
        ("a: *y\n", 1, 4, "not set before"),
        ("a:\n\t- b\n", 2, 1, "a tab cannot indent"),
        ("a: [1\n", 1, 6, "expected ',' or ']'"),
        ("a: 1\n---\nb: 2\n", 2, 1, "second YAML document"),
        ("? [a]\n: b\n", 1, 3, "a key is one word"),
        ("a: !ruby/object x\n", 1, 4, "tag"),
        ("a: !!int x\n", 1, 4, "not of the type int"),
        ("a: \x01\n", 1, 4, "U+0001"),
        ("a: '\ud800'\n", 1, 5, "surrogate"),
        ("a: b: c\n", 1, 5, "not allowed"),
    ],
)
def test_constructs_that_hide_an_error_are_rejected_at_their_location(text: str, line: int, column: int, reports: str) -> None:
    for reader in (compose, load):
        with pytest.raises(SyntaxFault) as caught:
            reader(text, "f")
        assert reports in caught.value.message
        assert (caught.value.span.file, caught.value.span.line, caught.value.span.column) == ("f", line, column)


def test_aliases_cannot_make_a_text_explode() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    with pytest.raises(SyntaxFault, match="explode"):
        load("\n".join(lines), "f")


def test_depth_is_bounded() -> None:
    assert load("- " * 150 + "x", "f")
    for text in ("- " * 250 + "x", "[" * 5000):
        with pytest.raises(SyntaxFault, match=r"deep|depth"):
            compose(text, "f")


def test_line_separators_of_yaml_11_are_characters() -> None:
    text = "a: one\u2028two\u0085three\nb: 1\n"
    node = compose(text, "f")
    assert plain(node) == {"a": "one\u2028two\u0085three", "b": 1}
    assert entry(node, "b").span.line == 2


def test_a_byte_order_mark_is_not_content() -> None:
    assert load("\ufeffa: 1\n", "f") == plain(compose("\ufeffa: 1\n", "f")) == {"a": 1}


def test_repeated_keys_can_be_lived_with() -> None:
    received: list[tuple[str, int]] = []
    assert load("a: 1\na: 2\n", "f", lambda key, span: received.append((key, span.line))) == {"a": 2}
    assert received == [("a", 2)]
    assert plain(compose_lenient("a: 1\na: 2\n", "f")) == {"a": 2}


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_json_reads_as_json(value: Any) -> None:
    text = json.dumps(value)  # in ASCII: YAML accepts JSON's escapes except surrogate pairs
    assume("\\ud" not in text)
    assert plain(compose(text, "f")) == value
    assert load(text, "f") == value


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused_with_a_location(text: str) -> None:
    found = attempted(text)
    if isinstance(found, SyntaxFault):
        assert found.span.file == "f"
        assert found.span.line >= 1
        assert found.span.column >= 1
    else:
        assert load(text, "f") == plain(found)


def attempted(text: str) -> Node | SyntaxFault:
    try:
        return compose(text, "f")
    except SyntaxFault as fault:
        return fault
