"""Search of calls by a text: by names, ids and errors, compared with a search through all of them, which is the judge."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from tests.support.usage import drawn, record
from tests.unit.platform.usage.test_usage_store import NOW, entries
from unified_platform.usage.call_search import CallSearch, words
from unified_platform.usage.calls import CallLog
from unified_platform.usage.store import UsageStore, open_usage_store
from unified_runtime.core.errors import InvalidInput
from unified_runtime.core.observers import CallRecord

DAY = 86400.0


def found(usage_store: UsageStore, wanted: str, *, count: int = 50) -> list[str]:
    """Return every call that is found, page by page."""
    search, ids, before = CallSearch(usage_store.database), [], None
    while True:
        page = search.find(wanted, before=before, count=count)
        assert len(page.calls) <= count
        ids += [one.id for one in page.calls]
        if page.older is None:
            return ids
        assert page.older != before, "it goes on"
        before = page.older


REPORTED = [
    record("call-1", NOW - 1, agent="Triage-Helper", user="ada@example.com", request_id="req-aaaa1", trace_id="7f3a" * 8),
    record("call-2", NOW - 2, agent="other", user="bob", vendor="hubspot", tool="contacts.list", request_id="req-aaab2", saga="saga-77"),
    record("call-3", NOW - 3, agent="other", user="bob", outcome="not_found", error="Jira has no issue PROJ-123, or none that Ada may see"),
    record("call-4", NOW - 4, agent="other", user="eve", outcome="rate_limited", error="too many requests: wait 30 s", approval="appr-9"),
    record("call-5", NOW - 5, agent="50%_off", user="Ünal", outcome="rejected", error="ÜBERMUT tut selten gut"),
]


@pytest.mark.parametrize(
    ("wanted", "ids"),
    [
        ("helper", [1]),
        ("TRIAGE", [1]),
        ("example.com", [1]),
        ("hub", [2]),
        ("contacts", [2]),
        ("rate_lim", [4]),
        ("50%", [5]),
        ("%", [5]),
        ("_off", [5]),
        ("ünal", [5]),
        ("req-aaa", [1, 2]),
        ("req-aaab", [2]),
        ("7f3a7f", [1]),
        ("saga-", [2]),
        ("appr-9", [4]),
        ("call-", [1, 2, 3, 4, 5]),
        ("all-1", []),
        ("PROJ-123", [3]),
        ("proj", [3]),
        ("issue has", [3]),
        ("issue requests", []),
        ("too many", [4]),
        ("übermut", [5]),
        ("bob", [2, 3]),
        ("ada", [1, 3]),
        ("  ada ", [1, 3]),
        ("", []),
        ("   ", []),
        ("'; DROP TABLE usage_calls --", []),
        ("nothing of it", []),
    ],
)
def test_a_call_is_found_by_what_it_holds(usage_store: UsageStore, wanted: str, ids: list[int]) -> None:
    usage_store.write(entries(REPORTED))
    assert found(usage_store, wanted) == [f"call-{number}" for number in ids]


def holds(one: CallRecord, wanted: str) -> bool:
    """The judge: reads the call itself."""
    names = (one.agent, one.user, one.tool, one.vendor, one.outcome)
    ids = (one.call_id, one.request_id, one.trace_id, one.approval, one.saga)
    inside = [*words(one.error or "")]
    return (
        any(wanted.casefold() in (name or "").casefold() for name in names)
        or (len(wanted) >= 4 and any((id or "").startswith(wanted) for id in ids))
        or all(any(part in word for word in inside) for part in words(wanted))
    )


@pytest.mark.parametrize("count", [3, 50])
def test_page_by_page_every_call_is_found_once_and_newest_first(
    usage_store: UsageStore, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Searches that stop early on some words or names neither lose calls nor change their order."""
    monkeypatch.setattr("unified_platform.usage.call_search._ERRORS", 7)
    draw = random.Random(5)
    texts = ("the vendor is failing", "the vendor has no such task", "too many tasks", "agent-1 may not", "gone")
    own_records = [record(f"own-{number:04}", NOW - number * 50, error=draw.choice((*texts, None, None))) for number in range(120)]
    calls = [*drawn(400, until=NOW, days=0.1, agents=12, users=20), *own_records]
    usage_store.write(entries(calls))
    newest = sorted(calls, key=lambda one: (one.started_at, one.call_id), reverse=True)
    for wanted in (
        "agent-1",
        "user-3",
        "task",
        "vendor",
        "the vendor",
        "vendor task",
        "list",
        "jira",
        "req-1-1",
        "own-00",
        "gone",
    ):
        expected = [one.call_id for one in newest if holds(one, wanted)]
        assert expected, wanted
        assert found(usage_store, wanted, count=count) == expected, wanted


def test_expired_calls_are_not_found(usage_store: UsageStore) -> None:
    usage_store.write(entries([record("old", NOW - 40 * DAY, agent="retired", error="obsolete"), record("new", NOW, agent="busy")]))
    usage_store.prune(now=NOW)
    assert (found(usage_store, "retired"), found(usage_store, "obsolete"), found(usage_store, "busy")) == ([], [], ["new"])
    with usage_store.database.reading() as session:
        assert session.rows("SELECT COUNT(*) FROM usage_words") == [(0,)]
        assert session.rows("SELECT COUNT(*) FROM usage_names WHERE name IN ('retired', 'obsolete')") == [(0,)]


def test_a_name_that_comes_again_is_remembered_to_its_last_day(url: str) -> None:
    """Two processes, each of which has stored the name."""
    first, second = open_usage_store(url), open_usage_store(url)
    first.write(entries([record("1", NOW - 2 * DAY)]))
    second.write(entries([record("2", NOW)]))
    first.write(entries([record("3", NOW - DAY)]))
    with first.database.reading() as session:
        assert session.rows("SELECT day FROM usage_names WHERE kind = 'agent'") == [(int(NOW // DAY),)]
    first.close()
    second.close()


def test_a_cursor_that_is_none_is_reported(usage_store: UsageStore) -> None:
    with pytest.raises(InvalidInput):
        CallSearch(usage_store.database).find("x", before="never")


def test_a_usage_store_of_an_earlier_version_is_searchable(url: str, steps: Callable[[int], None]) -> None:
    steps(1)
    before = open_usage_store(url)
    with before.database.reading() as session:
        assert not session.has("usage_names")
    with before.database.writing("usage") as session:
        session.run(
            "INSERT INTO usage_days (day, agent, person, tool, vendor, calls, errors, seconds, requests, sent, received, tokens, cost) "
            "VALUES (20000, 'Veteran', 'ada', 'tasks.get', 'jira', 1, 0, 0, 1, 0, 0, 0, 0), "
            "(20001, 'Veteran', '', 'x', 'y', 1, 0, 0, 1, 0, 0, 0, 0)"
        )
    before.close()
    steps(99)
    after = open_usage_store(url)
    with after.database.reading() as session:
        names = session.rows("SELECT kind, name, folded, day FROM usage_names ORDER BY kind, name")
    assert ("agent", "Veteran", "veteran", 20001) in names
    assert {kind for kind, *_ in names} == {"agent", "user", "tool", "vendor"}
    assert CallLog(after.database).newest().calls == ()
    after.close()


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Let stores be opened with only the first so many steps of their tables."""
    from unified_platform.usage.schema import MIGRATIONS

    return lambda count: monkeypatch.setattr("unified_platform.usage.store.MIGRATIONS", MIGRATIONS[:count])
