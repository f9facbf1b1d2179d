"""Pages of changes in a tool's result: the deleted records, and the cursor of later changes."""

from __future__ import annotations

from unified_platform.tools.page_collector import PageCollector
from unified_runtime import Page


def gathering(limit: int, cursor: str | None = None) -> PageCollector:
    return PageCollector(limit=limit, tokens=1000, text=100, cursor=cursor)


def test_changes_have_deleted_ids_and_a_cursor() -> None:
    found = gathering(10)
    assert found.add(Page([{"id": "1"}], "p2", removed=["7"]))
    assert not found.add(Page([{"id": "2"}], removed=["8"], sync="s1"))
    result = found.data
    assert result["items"] == [{"id": "1"}, {"id": "2"}]
    assert result["removed"] == ["7", "8"]
    assert "cursor" not in result
    assert gathering(10, result["sync"]).start == "s1"


def test_partly_shown_page_reports_deletions_once() -> None:
    page: Page[dict[str, str]] = Page([{"id": "1"}, {"id": "2"}], removed=["7"], sync="s1")
    first = gathering(1)
    assert not first.add(page)
    assert first.data.keys() == {"items", "cursor"}
    rest = gathering(5, first.data["cursor"])
    assert not rest.add(page)
    assert rest.data["items"] == [{"id": "2"}]
    assert rest.data["removed"] == ["7"]
    assert gathering(5, rest.data["sync"]).start == "s1"


def test_a_page_of_a_list_has_no_changes() -> None:
    found = gathering(10)
    found.add(Page([{"id": "1"}]))
    assert found.data == {"items": [{"id": "1"}]}
    assert Page([1, 2], "c", removed=["7"], sync="s").holding([2]).sync == "s"
