"""Input that would block the event loop, or use memory out of proportion to its size: texts, numbers, JSON, responses and patterns.

Costs are compared at two sizes, in CPU time of this thread: a linear cost grows fourfold when its input does, a quadratic one sixteenfold.
"""

from __future__ import annotations

import re
from decimal import Decimal

import fastjsonschema
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bench import hostile
from unified_openapi.schemas import patterns
from unified_runtime.adapter_api import extra_fields, input_validation
from unified_runtime.adapter_api.codecs import adf, asana_html, html, html_tree, markdown, markdown_parser, mrkdwn
from unified_runtime.adapter_api.codecs.errors import CodecError
from unified_runtime.core import json_limits, serialization
from unified_runtime.core import linear_regex as runtime_patterns
from unified_runtime.core.errors import InvalidInput

SMALL = 1_000
TIMES_LARGER = 4
MOST_GROWTH = 9.0
"""Between 4, which is linear, and 16, which is quadratic."""
UNMEASURABLE = 0.01
"""Seconds of CPU for the larger input below which growth is noise."""

KINDS = {kind.name: kind for kind in hostile.kinds()}


def grows_too_fast(kind: hostile.Kind, small: object, large: object) -> bool:
    """Return true if the cost grows faster than the input; a first result that is too high is measured again."""
    for times in (1, 3, 5):
        after = hostile.seconds(kind.function, large, times)
        if after < UNMEASURABLE or after < MOST_GROWTH * hostile.seconds(kind.function, small, times):
            return False
    return True


@pytest.mark.parametrize("name", KINDS)
def test_the_cost_of_a_text_grows_with_its_length(name: str) -> None:
    kind = KINDS[name]
    inputs = list(zip(kind.inputs(SMALL), kind.inputs(TIMES_LARGER * SMALL), strict=True))
    assert len(inputs) >= (60 if "ADF to" not in name else 25)
    for one, _ in inputs:
        kind.function(one.value)
    assert [one.name for one, larger in inputs if grows_too_fast(kind, one.value, larger.value)] == []


SOUP = st.lists(st.sampled_from([*hostile.MARKDOWN, "a", " ", "](x)", "\n\n"]), min_size=1, max_size=6).map("".join)


@given(SOUP)
@settings(max_examples=40, deadline=None)
def test_the_cost_of_delimiters_in_any_order_grows_with_their_number(part: str) -> None:
    kind = KINDS["Markdown to Slack's mrkdwn"]
    assert not grows_too_fast(kind, part * (SMALL // len(part)), part * (TIMES_LARGER * SMALL // len(part)))


@given(st.lists(st.sampled_from(hostile.HTML), min_size=1, max_size=6).map("".join))
@settings(max_examples=40, deadline=None)
def test_the_cost_of_tags_in_any_order_grows_with_their_number(part: str) -> None:
    kind = KINDS["HTML to Markdown"]
    assert not grows_too_fast(kind, part * (SMALL // len(part)), part * (TIMES_LARGER * SMALL // len(part)))


@pytest.mark.parametrize("encode", [adf.encode, html.encode, asana_html.encode, mrkdwn.encode])
@pytest.mark.parametrize(
    "text", ["*a" * 20_001, "\n" * 20_001, "[" * 50_000, "*" + "a " * 600_000], ids=["marks", "lines", "brackets", "long"]
)
def test_a_text_with_more_markup_than_can_be_converted_is_refused(encode: object, text: str) -> None:
    with pytest.raises(CodecError, match=r"more than 1,000,000 characters, or more than 20,000 line ends and Markdown delimiters"):
        encode(text)  # type: ignore[operator]


@pytest.mark.parametrize("encode", [adf.encode, html.encode, asana_html.encode, mrkdwn.encode])
def test_a_long_text_is_converted(encode: object) -> None:
    prose = "Some words of *prose* that go on, and end.\n\n" * 2_500
    assert len(prose) > 100_000
    assert encode(prose)  # type: ignore[operator]


def test_a_text_beyond_the_limits_is_read_literally() -> None:
    text = "*a " * 30_000
    assert text.strip() in mrkdwn.decode(text)
    assert "a" in markdown.normalize(text)


def test_a_table_has_no_more_cells_than_its_text_pays_for() -> None:
    """1.7 KB could otherwise add 65,000 empty cells."""
    table = "|" + "a|" * 100 + "\n|" + "-|" * 100 + "\n" + "a\n" * 2_000
    assert len(markdown.normalize(table)) < 20 * len(table)
    ragged = "<table><tr>" + "<td>a</td>" * 1_000 + "</tr>" + "<tr><td>b</td></tr>" * 1_000 + "</table>"
    assert len(html.decode(ragged)) < 5 * len(ragged)
    assert html.decode(ragged).count("a") == 1_000


@pytest.mark.parametrize("reference", ["&#" + "1" * 5_000 + ";", "&#x" + "f" * 5_000 + ";", "&#" + "0" * 5_000 + "65;"])
def test_a_long_character_reference_is_read(reference: str) -> None:
    """Python raises ValueError for whole numbers of more than 4300 digits."""
    assert html.decode(f"<p>{reference}</p>") in ("\ufffd", "A")
    assert html.decode(reference) in ("\ufffd", "A")
    assert html_tree.parse(f'<a title="{reference}">').children[0].attrs["title"] in ("\ufffd", "A")  # type: ignore[union-attr]


# ------------------------------------------------------------------------------------------------ rules of the parser
class _Library(MarkdownIt):
    def normalizeLink(self, url: str) -> str:
        return markdown_parser.normalized(url)


LIBRARY = (
    _Library("commonmark", {"html": False, "maxNesting": 96})
    .enable(["table", "strikethrough"])
    .disable(["reference", "html_block", "html_inline"])
)
OWN = markdown_parser.parser(96)
# fmt: off
PIECES = [
    "[", "]", "(", ")", "!", "![", "](", "[a]", "(b)", "a", "b", "*", "**", "_", "`", "<", ">", "<http://x>", "\\", "~~", '"', "'", "&amp;",
    "|", "http://x.y", "(u", '"t")', "](u)", "[x](y)", "![x](y)", "<a", "b>", "(<", ">)", "|a|\n|-|\n", " ", "\n",
]
# fmt: on


@given(st.lists(st.sampled_from(PIECES), max_size=16).map("".join))
@settings(max_examples=1500, deadline=None)
def test_links_images_and_tables_are_those_of_markdown_it(text: str) -> None:
    """Brackets are matched by other rules, for their cost; the matches are the same.

    One difference is left out: for markdown-it, the text of a link ends before `]`, so that marks before it are never left-flanking. In
    CommonMark 0.31 (6.2), a bracket follows them.
    """
    assume(re.search(r"[*_~]\]", text) is None)

    def flat(parser: MarkdownIt) -> list[tuple[str, str, object]]:
        return [
            (token.type, token.content if token.type != "inline" else "", token.attrs.get("href") or token.attrs.get("src"))
            for block in parser.parse(text)
            for token in (block.children or [block])
        ]

    assert flat(OWN) == flat(LIBRARY)


# ------------------------------------------------------------------------------------------------ patterns of documents
BACKTRACKING = ["^(a+)+$", "^(a|a)*$", "^(a*)*b$", r"^(\w+\s?)*$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*a){20}$", r"^(a?){30}a{30}$"]


@pytest.mark.parametrize("pattern", BACKTRACKING)
def test_a_pattern_takes_time_linear_in_the_text(pattern: str) -> None:
    """The engine of `re` needs hours for each of these."""
    portable = patterns.linear(pattern)
    assert portable is not None
    kind = hostile.Kind(pattern, lambda text: runtime_patterns.matches(portable, text), hostile.markdown_texts)
    assert not runtime_patterns.matches(portable, "a" * 50_000 + "!")
    assert not grows_too_fast(kind, "a" * 50_000 + "!", "a" * 200_000 + "!")
    with pytest.raises(InvalidInput, match="does not have the format that Acme accepts"):
        input_validation.bounded("a" * 60 + "!", "title", "Acme", max_length=100, pattern=portable)


@pytest.mark.parametrize("pattern", ["(?=a)b", "(?!a)b", "(?<=a)b", "(?<!a)b", r"(a)\1", "(", "a{1000}{1000}{1000}"])
def test_a_pattern_that_cannot_be_matched_so_is_not_enforced(pattern: str) -> None:
    assert patterns.linear(pattern) is None
    assert patterns.matches(pattern, "a") is None


@pytest.mark.parametrize(
    ("pattern", "text", "matched"),
    [
        (r"^\d+$", "123", True), (r"^\d+$", "\u0661", False), (r"^\w+$", "a_1", True), (r"^\w+$", "\u00e9", False),
        (r"^\W$", "\u00e9", True),
        (r"^[\w.-]+$", "a.b-c", True), (r"^[^\d]+$", "ab", True), (r"^[^\d]+$", "a1", False), (r"^[[\]]+$", "[]", True),
        ("^[a&&b]+$", "&", True),
        (r"^\/x", "/x", True), ("^a$", "a\n", False), (r"^\p{L}+$", "\u00e9a", True), (r"^\p{L}+$", "1", False), ("b", "abc", True),
        (r"^[\D]+$", "ab", True), (r"^[\D]+$", "1", False), (r"^\u0041$", "A", True),
    ],
)  # fmt: skip
def test_a_pattern_means_what_it_means_in_the_document(pattern: str, text: str, matched: bool) -> None:
    """ECMA-262: its classes are ASCII, `$` is the very end, `[` in a class is a character."""
    assert patterns.matches(pattern, text) is matched


def test_patterns_of_extra_fields_take_linear_time(monkeypatch: pytest.MonkeyPatch) -> None:
    schema = {
        "type": "object",
        "properties": {"name": {"type": "string", "pattern": "^(a+)+$"}},
        "patternProperties": {"^(b+)+$": {"type": "string"}},
        "additionalProperties": False,
    }
    monkeypatch.setattr(extra_fields, "schemas", lambda package: {"tasks.create": schema})
    check = extra_fields._check("hostile", "tasks.create")
    check({"name": "aaa", "bbb": "x"})
    for wrong in ({"name": "a" * 60 + "!"}, {"b" * 60 + "!": "x"}):
        with pytest.raises(fastjsonschema.JsonSchemaValueException):
            check(wrong)


# ------------------------------------------------------------------------------------------------ numbers and JSON
@pytest.mark.parametrize(
    "value", [Decimal("1E+401"), Decimal("1E-401"), Decimal("1E+100000000"), Decimal("NaN"), Decimal("-Infinity"), 10**400]
)
def test_a_number_is_not_written_out_beyond_400_digits(value: Decimal | int) -> None:
    with pytest.raises(InvalidInput):
        json_limits.digits(value)
    with pytest.raises(InvalidInput):
        serialization.query_text({"a": value})
    with pytest.raises(InvalidInput, match="extra"):
        json_limits.check({"acme": [{"deep": value}]}, "extra")


@pytest.mark.parametrize("value", [Decimal("1E+399"), Decimal("1E-400"), 10**399, -7, Decimal("0E-400"), True])
def test_a_number_within_400_digits_is(value: Decimal | int) -> None:
    assert Decimal(json_limits.digits(value)) == value if not isinstance(value, bool) else json_limits.digits(value) == "True"
    json_limits.check([value], "extra")


def test_depth_and_number_of_values_are_bounded() -> None:
    deep: object = 1
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(InvalidInput, match="more than 64 levels deep"):
        json_limits.check(deep, "extra")
    with pytest.raises(InvalidInput, match="more than 20,000 values"):
        json_limits.check([[0] * 300] * 300, "extra")
    json_limits.check([[0] * 100] * 190, "extra")
