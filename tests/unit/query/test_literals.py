"""No value can leave its literal: each language has a reader here, written from its grammar, that reads the literal back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unified_runtime.adapter_api.query import drive, github, gmail, google_filter, jql, kql, odata, redmine, slack, soql, zendesk
from unified_runtime.adapter_api.query.errors import UnwritableValue

LANGUAGES = [jql, soql, odata, drive, redmine, github, zendesk]
EACH = pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.__name__.rpartition(".")[2])
MANY = settings(max_examples=1100, deadline=None)

hostile = st.one_of(
    st.lists(
        st.sampled_from(
            [
                '"', "'", "\\", "''", '\\"', "\\'", "\\\\", "|", ")", "(", "%", "_", "*", "?", "~", " OR ", " AND ", " or 1 eq 1",
                "--", "/*", "*/", ";", "\t", "\n", "\r", "\b", "\f", "\x00", "\x1f", "\x7f", "\x85", "\u2028", "\ufeff", "\u0022",
                "\\u0022", "%27", "%22", "+", "&", "#", "x", "é", "’", "＂", "＇", "\ud800", "currentUser()", "EMPTY", "null", "NOT",
                "to", "{x}", "[", "]", ":",
            ]
        ),
        max_size=8,
    ).map("".join),
    st.text(max_size=12),
    st.text("\\'\"|%_", max_size=8),
)  # fmt: skip


# ------------------------------------------------------------------ readers: (value, rest of the query)
def read_jql(query: str) -> tuple[str, str]:
    """Jql.g: QUOTE_STRING, escapes `\\\\ \\" \\' \\t \\n \\r \\uXXXX` and backslash-space; no raw control characters."""
    assert query[0] == '"'
    value, at = "", 1
    while query[at] != '"':
        char = query[at]
        assert char >= " "
        if char == "\\":
            at += 1
            value += {"\\": "\\", '"': '"', "'": "'", " ": " ", "t": "\t", "n": "\n", "r": "\r"}[query[at]]
        else:
            value += char
        at += 1
    return value, query[at + 1 :]


def read_soql(query: str) -> tuple[str, str]:
    assert query[0] == "'"
    value, at = "", 1
    while query[at] != "'":
        char = query[at]
        assert char >= " "
        if char == "\\":
            at += 1
            named = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
            value += named[query[at]]
        else:
            value += char
        at += 1
    return value, query[at + 1 :]


def read_odata(query: str) -> tuple[str, str]:
    found = re.match(r"'((?:[^']|'')*)'(?!')", query, re.DOTALL)
    assert found
    return found[1].replace("''", "'"), query[found.end() :]


def read_drive(query: str) -> tuple[str, str]:
    found = re.match(r"'((?:[^'\\]|\\['\\])*)'", query)
    assert found
    return re.sub(r"\\(.)", r"\1", found[1]), query[found.end() :]


def read_redmine(query: str) -> tuple[str, str]:
    """Read as Ruby does: the first line of the text, split at bars."""
    found = re.match(r"^(.*)$", query, re.MULTILINE)
    assert found
    values = found[1].split("|")
    assert len(values) == 1
    return values[0], query[found.end() :]


def read_quoted(query: str) -> tuple[str, str]:
    """GitHub and Zendesk: a value in quotes, which ends at the next one, or a bare word."""
    found = re.match(r'"([^"]*)"|([^\s"]+)', query)
    assert found
    return found[1] if found[1] is not None else found[2], query[found.end() :]


READERS: dict[ModuleType, Callable[[str], tuple[str, str]]] = {
    jql: read_jql, soql: read_soql, odata: read_odata, drive: read_drive, redmine: read_redmine, github: read_quoted,
    gmail: read_quoted, google_filter: read_quoted, kql: read_quoted,
    slack: read_quoted, zendesk: read_quoted,
}  # fmt: skip
HOLDS = {jql: "\t\n\r", soql: "\t\n\r\b\f", odata: "\t\n\r", drive: "", redmine: "", github: "", zendesk: ""}
REFUSES = {redmine: "|", github: '"\\', zendesk: '"\\'}
"""Characters that a language without escapes cannot hold; it does not accept blank text either."""


@EACH
@MANY
@given(value=hostile)
def test_a_text_stays_in_its_literal(language: ModuleType, value: str) -> None:
    unholdable = any((ord(char) < 32 or 0xD800 <= ord(char) < 0xE000) and char not in HOLDS[language] for char in value)
    try:
        literal = language.text(value)
    except UnwritableValue:
        refused = language in REFUSES and (not value.strip() or bool({*value} & {*REFUSES[language]}))
        assert unholdable or refused or re.search("[\x7f-\x9f\u2028\u2029\ufdd0-\ufdef\ufffe\uffff]", value)
        return
    assert not unholdable
    tail = "" if language is redmine else " x"
    assert READERS[language](literal + tail) == (value, tail)


@MANY
@given(value=hostile)
def test_a_contains_search_in_jql_is_the_text_and_nothing_else(value: str) -> None:
    try:
        literal = jql.contains(value)
    except UnwritableValue:
        return
    terms, rest = read_jql(literal)
    assert rest == ""
    assert not re.search(r"\b(?:AND|OR|NOT)\b", terms)
    plain = ""
    at = 0
    while at < len(terms):
        if terms[at] == "\\":
            at += 1
        else:
            assert terms[at] not in '+-&|!(){}[]^~*?:"/'
        plain += terms[at]
        at += 1
    assert plain.lower() == value.lower()


@MANY
@given(value=hostile)
def test_a_like_in_soql_matches_the_text_and_nothing_else(value: str) -> None:
    try:
        literal = soql.contains(value)
    except UnwritableValue:
        return
    assert literal[:2] == "'%"
    assert literal[-2:] == "%'"
    plain, at = "", 2
    while at < len(literal) - 2:
        if literal[at] == "\\":
            at += 1
            plain += {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}.get(literal[at], literal[at])
        else:
            assert literal[at] not in "%_'"
            plain += literal[at]
        at += 1
    assert plain == value


@EACH
@settings(max_examples=200, deadline=None)
@given(value=st.one_of(st.integers(), st.floats(), st.decimals()))
def test_a_number_is_digits(language: ModuleType, value: int | float | Decimal) -> None:
    try:
        literal = language.number(value)
    except UnwritableValue:
        assert not Decimal(value).is_finite() or abs(Decimal(value).adjusted()) >= 350
        return
    assert re.fullmatch(r"-?\d+(\.\d+)?", literal)
    assert Decimal(literal) == (Decimal(repr(value)) if isinstance(value, float) else value)


@EACH
@settings(max_examples=200, deadline=None)
@given(value=st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30)), timezone(timedelta(hours=-8))])))
def test_an_instant_is_written_in_utc(language: ModuleType, value: datetime) -> None:
    try:
        literal = language.date_time(value)
    except UnwritableValue:
        assert value.year in (1, 9999)
        return
    if language is jql:
        read = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=int(literal))
        assert timedelta() <= value - read < timedelta(milliseconds=1)
        return
    found = re.fullmatch(r"[\"']?(\d{4})[-/](\d\d)[-/](\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(\.\d{3})?Z)?[\"']?", literal)
    assert found
    read = datetime(*(int(part or 0) for part in found.groups()[:6]), int(float(found[7] or 0) * 1000 + 0.5) * 1000, UTC)  # type: ignore[misc]
    finest = timedelta(seconds=1) if language in (redmine, github, zendesk) else timedelta(milliseconds=1)
    assert timedelta() <= value - read < finest


@EACH
def test_invalid_instants_are_rejected(language: ModuleType) -> None:
    with pytest.raises(UnwritableValue, match="with a UTC offset"):
        language.date_time(datetime(2026, 1, 31))


@EACH
@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), Decimal("-Infinity"), Decimal("1e9999"), 10**500, True, "1"])
def test_invalid_numbers_are_rejected(language: ModuleType, value: object) -> None:
    with pytest.raises(UnwritableValue):
        language.number(value)


@EACH
def test_invalid_booleans_are_rejected(language: ModuleType) -> None:
    with pytest.raises(UnwritableValue):
        language.boolean("true or 1=1")


DAY = date(2026, 1, 31)
INSTANT = datetime(2026, 1, 31, 23, 59, 30, 250_000, UTC)


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        (jql.text('a "b" \\ c'), '"a \\"b\\" \\\\ c"'),
        (jql.contains("foo-bar OR (x)"), '"foo\\\\-bar or \\\\(x\\\\)"'),
        (jql.date(DAY), '"2026/01/31"'),
        (jql.date_time(INSTANT), "1769903970250"),
        (jql.among(["new", 'a"b']), '("new", "a\\"b")'),
        (soql.among(["new", "a'b"]), "('new', 'a\\'b')"),
        (jql.number(Decimal("1E+2")), "100"),
        (jql.boolean(True), '"true"'),
        (soql.text('Bob\'s "BBQ"\n'), "'Bob\\'s \\\"BBQ\\\"\\n'"),
        (soql.like("50%_x"), "'50\\%\\_x'"),
        (soql.contains("a"), "'%a%'"),
        (soql.date(DAY), "2026-01-31"),
        (soql.date_time(INSTANT), "2026-01-31T23:59:30.250Z"),
        (soql.boolean(False), "false"),
        (odata.text("O'Neil"), "'O''Neil'"),
        (odata.date(DAY), "2026-01-31"),
        (odata.date_time(INSTANT.replace(microsecond=0)), "2026-01-31T23:59:30Z"),
        (odata.number(-1.5), "-1.5"),
        (drive.text("valentine's \\ day"), "'valentine\\'s \\\\ day'"),
        (drive.date(DAY), "'2026-01-31T00:00:00Z'"),
        (drive.date_time(INSTANT), "'2026-01-31T23:59:30.250Z'"),
        (drive.boolean(True), "true"),
        (redmine.text("two words"), "two words"),
        (redmine.date(DAY), "2026-01-31"),
        (redmine.date_time(INSTANT), "2026-01-31T23:59:30Z"),
        (redmine.boolean(True), "1"),
        (github.text("octo-org/Hello.World"), "octo-org/Hello.World"),
        (github.text("two words"), '"two words"'),
        (github.text("-x"), '"-x"'),
        (github.text("is:pr"), '"is:pr"'),
        (github.contains("OR"), '"OR"'),
        (github.contains('a "b" repo:x\n\\'), '"a b repo:x"'),
        (github.date(DAY), "2026-01-31"),
        (zendesk.text("42"), "42"),
        (zendesk.text("two words"), '"two words"'),
        (zendesk.text("-x"), '"-x"'),
        (zendesk.text("x:y"), '"x:y"'),
        (zendesk.text("a*"), '"a*"'),
        (zendesk.contains('a "b" status:new\n\\'), '"a b status:new"'),
        (zendesk.among(["open", "new"], "status:"), "open status:new"),
        (zendesk.among(["on hold"], "status:"), '"on hold"'),
        (zendesk.date(DAY), "2026-01-31"),
        (zendesk.date_time(INSTANT), "2026-01-31T23:59:30Z"),
        (github.date_time(INSTANT), "2026-01-31T23:59:30Z"),
    ],
)
def test_literals(literal: str, expected: str) -> None:
    assert literal == expected


@pytest.mark.parametrize("value", ["", "  ", "--", '"', "()"])
def test_jira_cannot_search_for_nothing(value: str) -> None:
    with pytest.raises(UnwritableValue):
        jql.contains(value)


@pytest.mark.parametrize("value", ["", " ", "a|b", "a\nb"])
def test_redmine_cannot_hold_every_text(value: str) -> None:
    with pytest.raises(UnwritableValue):
        redmine.text(value)


@pytest.mark.parametrize("language", [github, zendesk])
@pytest.mark.parametrize("value", ["", " ", 'a"b', "a\\", "a\nb"])
def test_without_escapes_not_every_value_can_be_held(language: ModuleType, value: str) -> None:
    with pytest.raises(UnwritableValue):
        language.text(value)


@pytest.mark.parametrize("language", [github, zendesk])
@MANY
@given(value=hostile)
def test_a_text_searched_for_is_one_phrase(language: ModuleType, value: str) -> None:
    try:
        literal = language.contains(value)
    except UnwritableValue:
        return
    phrase, rest = read_quoted(literal)
    assert rest == ""
    assert literal == f'"{phrase}"'
    assert phrase.split() == re.sub('["\\\\\x00-\x1f\x7f-\x9f\u2028\u2029]', " ", value).split()


def test_github_searches_for_at_most_256_characters() -> None:
    assert len(github.contains("x" * 256)) == 258
    with pytest.raises(UnwritableValue, match="at most 256 characters; these are 257"):
        github.contains("x" * 257)


@pytest.mark.parametrize("language", [github, zendesk])
@pytest.mark.parametrize("value", ["", "--", '""'])
def test_nothing_cannot_be_searched_for(language: ModuleType, value: str) -> None:
    with pytest.raises(UnwritableValue):
        language.contains(value)


def test_a_message_names_the_character_and_not_the_value() -> None:
    with pytest.raises(UnwritableValue, match=r"^a Drive query cannot hold the character U\+0000$"):
        drive.text("secret\x00")


@given(st.text(max_size=20) | st.from_regex(r"[A-Za-z_0-9' ]{1,12}\n?", fullmatch=True))
def test_an_identifier_of_soql_is_one_word_or_refused(value: str) -> None:
    try:
        written = soql.identifier(value)
    except UnwritableValue:
        assert not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", value, re.ASCII)
    else:
        assert written == value
        assert re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", value, re.ASCII)


@pytest.mark.parametrize("language", [gmail, google_filter, slack])
@MANY
@given(value=hostile)
def test_a_search_is_one_phrase(language: ModuleType, value: str) -> None:
    try:
        literal = language.contains(value)
    except UnwritableValue:
        return
    assert READERS[language](literal) == (literal[1:-1], "")


@MANY
@given(value=hostile)
def test_gmail_searches_by_words_and_addresses_only(value: str) -> None:
    assert gmail.text("ada+work@example.com") == "ada+work@example.com"
    try:
        assert re.fullmatch(r"\w[\w.+@'/-]*", gmail.text(value), re.ASCII)
    except UnwritableValue:
        assert not re.fullmatch(r"\w[\w.+@'/-]*", value, re.ASCII)


@MANY
@given(value=hostile | st.lists(st.sampled_from(["from:boss", "AND", "NOT", "x", '"', "size>1", "(", "a*", "NEAR(3)"])).map(" ".join))
def test_a_search_in_kql_has_words_only(value: str) -> None:
    try:
        literal = kql.contains(value)
    except UnwritableValue:
        return
    words = literal.removeprefix('"').removesuffix('"').split(" ")
    assert all(re.fullmatch(r"[\w.@'-]+", word) and word not in ("AND", "OR", "NOT", "NEAR", "ONEAR") for word in words)


def test_gmail_compares_times_in_seconds() -> None:
    assert gmail.date_time(datetime(2030, 1, 1, 1, tzinfo=timezone(timedelta(hours=1)))) == "1893456000"
    with pytest.raises(UnwritableValue):
        gmail.date_time(datetime(2030, 1, 1))


@MANY
@given(value=hostile)
def test_slack_searches_in_channels_by_id_only(value: str) -> None:
    assert slack.text("C0DEMO00001") == "<#C0DEMO00001>"
    if not re.fullmatch("[CGD][A-Z0-9]{2,}", value):
        with pytest.raises(UnwritableValue):
            slack.text(value)


@MANY
@given(value=hostile)
def test_a_text_of_a_google_filter_matches_only_itself(value: str) -> None:
    try:
        literal = google_filter.text(value)
    except UnwritableValue:
        return
    assert read_quoted(literal) == (value, "")
    assert not {*value} & {*'"\\*'}


def test_a_google_filter_compares_times_in_utc() -> None:
    assert google_filter.date_time(INSTANT) == '"2026-01-31T23:59:30.250Z"'
    with pytest.raises(UnwritableValue):
        google_filter.date_time(datetime(2030, 1, 1))
