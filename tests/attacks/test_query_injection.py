"""Injection into query languages: a filter's value that would become a condition, an order or another object.

Every text input of every operation of the shipped catalog is planned with hostile values. If it ends up in a query language, the query must
be the one of a harmless value, except for the text of the literal; the literals are read by readers written from each language's grammar
(`tests/unit/query/test_literals.py`). If it is a parameter of its own, the parameters must be the same ones.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from types import ModuleType

import pytest

from tests.attacks.shipped import ALL, REFUSED, Shipped
from tests.support.samples import languages
from tests.unit.query.test_literals import READERS
from unified_runtime.adapter_api.query import drive, github, gmail, google_filter, jql, kql, odata, slack, soql, zendesk
from unified_runtime.core.plans import PlannedRequest

MARK = "zqx1"
QUOTES = {jql: '"', soql: "'", odata: "'", drive: "'", github: '"', gmail: '"', google_filter: '"', kql: '"', slack: '"'}
BARE = {gmail: re.compile(r"(?<=from:)[\w.+@'/-]+(?=\s|$)")}
"""Values without quotes: a word or an address."""
HOSTILE = [
    'x" OR project = "SECRET', "x' OR Name != '", "x' or 1 eq 1 or name eq '", "x') UNION SELECT Id FROM User --", '"', "'", "\\", '\\"',
    "\\'", "\\\\", 'x\\" OR assignee = currentUser() OR "', "x\\' OR '1'='1", "' and trashed = true and name contains '",
    "x' in parents or '", 'x" repo:evil/secrets "', "x repo:evil/secrets", "type:org", "x is:private", "x|*", "*", "%", "_", "~",
    "x\nrepo:evil", "x\r\nOR 1=1", 'x" ORDER BY created', "x' LIMIT 1 OFFSET 0 --", "x;DROP", "x/*", "*/x", "x\x00", "x\u2028y",
    "＂ OR 1=1", "ʼ OR 1=1", "{project_id}", "currentUser()", "EMPTY", "null", "NOT x", "-x", "x&q=y", "x#", "x%27", "x%22",
    "\\u0022 OR 1=1", "requester:me x", 'x" requester:"y', "order_by:created", "x status:open", "!*", "><2020-01-01", "a" * 5000,
]  # fmt: skip


def read_like(query: str) -> tuple[str, str]:
    """Match a SOQL literal behind LIKE, where wildcards are escaped too (SOQL reference, "Quoted String Escape Sequences")."""
    value, at = "", 1
    while query[at] != "'":
        assert query[at] >= " "
        if query[at] == "\\":
            at += 1
            assert query[at] in "nrtbf\"'\\%_"
        value += query[at]
        at += 1
    return value, query[at + 1 :]


READING = READERS | {soql: read_like}


def texts() -> Iterator[tuple[Shipped, str]]:
    """Return the operations with a text input that is in some query or parameter."""
    for one in ALL:
        for name, kind in one.takes.items():
            if "str" in kind:
                try:
                    requests = one.requests(**{name: MARK})
                except REFUSED:
                    continue
                if any(MARK in value for request in requests for _, value in request.query):
                    yield one, name


CASES = [*texts()]


def language(one: Shipped, name: str) -> ModuleType:
    """Return the module of the query language that an operation writes an input in: Outlook searches for a text in another one."""
    known = {*languages(one.vendor)[one.name]}
    (name,) = known if len(known) == 1 else known & ({"kql"} if name == "text" else {"odata"})
    return importlib.import_module(f"unified_runtime.adapter_api.query.{name}")


@pytest.mark.parametrize(("one", "name"), CASES, ids=lambda part: str(part))
def test_a_value_stays_a_value(one: Shipped, name: str) -> None:
    plain = one.requests(**{name: MARK})
    judged = 0
    for hostile in HOSTILE:
        try:
            requests = one.requests(**{name: hostile})
        except REFUSED:
            continue
        for expected, request in zip(plain, requests, strict=True):
            assert request.method == expected.method
            # Ids in paths are checked in test_path_traversal.py.
            assert name in one.ids or request.url == expected.url
            assert [word for word, _ in request.query] == [word for word, _ in expected.query]
            for (word, wanted), (_, found) in zip(expected.query, request.query, strict=True):
                if MARK not in wanted:
                    assert found == wanted, (hostile, word)
                elif wanted == MARK:
                    assert found == hostile, (hostile, word)
                else:
                    assert shape(language(one, name), found, wanted) == shape(language(one, name), wanted, wanted), (hostile, found)
                judged += 1
    assert judged > 5, "nearly every hostile value was refused: little was judged"


def shape(language: ModuleType, query: str, plain: str) -> str:
    """Return the query with its literals left blank. `plain` is the query of a harmless value: it shows the position of a bare word."""
    read, quote = READING[language], QUOTES.get(language)
    query = BARE[language].sub("<text>", query) if language in BARE else query
    if quote is not None:
        found, rest = "", query
        while rest:
            if rest[0] == quote:
                _, rest = read(rest)
                found += "<text>"
            else:
                found, rest = found + rest[0], rest[1:]
        return found
    before, _, _ = plain.partition(MARK)
    start = before.rstrip('"')
    assert query.startswith(start), query
    _, rest = read(query[len(start) :])
    return f"{start}<text>{rest}"


def test_every_language_is_attacked() -> None:
    attacked = {
        language(one, name).__name__.rpartition(".")[2]
        for one, name in CASES
        for request in one.requests(**{name: MARK})
        for _, value in request.query
        if MARK in value and value != MARK
    }
    written = {name for one in ALL for name in languages(one.vendor)[one.name]}
    assert attacked >= written - {"hubspot", "json", "json_text", "odata"}, (
        "filters of hubspot, json and json_text are JSON; values of odata are texts of their own, and times"
    )


def test_the_judge_sees_an_injection() -> None:
    """The check detects the output of a careless adapter."""
    plain = 'project = "zqx1" ORDER BY created'
    assert shape(jql, 'project = "x" OR project = "SECRET" ORDER BY created', plain) != shape(jql, plain, plain)
    assert shape(zendesk, "group:x status:open", "group:zqx1") != shape(zendesk, "group:zqx1", "group:zqx1")
    plain = "'zqx1' in parents and trashed = false"
    assert shape(drive, "'x' in parents or 'y' in parents and trashed = false", plain) != shape(drive, plain, plain)


def test_a_plan_is_what_is_sent() -> None:
    """Plans are checked here; the requests are made of the same steps, and an encoded value decodes to the planned one."""
    (request,) = next(one for one in ALL if str(one) == "jira-tasks.list").requests(text='x" OR "&q=#')
    assert isinstance(request, PlannedRequest)
    assert request.full_url.count("?") == 1
    assert "#" not in request.full_url
    assert request.full_url.count("&") == len(request.query) - 1
