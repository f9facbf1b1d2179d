"""What a tool makes of pages of changes: which records are gone, and the cursor of what comes later."""

from __future__ import annotations

from unified_platform.tools.gathering import Gathering
from unified_runtime import Page


def gathering(limit: int, cursor: str | None = None) -> Gathering:
    return Gathering(limit=limit, tokens=1000, text=100, cursor=cursor)


def test_changes_tell_what_is_gone_and_where_to_go_on() -> None:
    found = gathering(10)
    assert found.add(Page([{"id": "1"}], "p2", removed=["7"]))
    assert not found.add(Page([{"id": "2"}], removed=["8"], sync="s1"))
    told = found.data
    assert told["items"] == [{"id": "1"}, {"id": "2"}]
    assert told["removed"] == ["7", "8"]
    assert "cursor" not in told
    assert gathering(10, told["sync"]).start == "s1"


def test_a_page_shown_in_part_does_not_tell_twice_what_is_gone() -> None:
    page: Page[dict[str, str]] = Page([{"id": "1"}, {"id": "2"}], removed=["7"], sync="s1")
    first = gathering(1)
    assert not first.add(page)
    assert first.data.keys() == {"items", "cursor"}
    rest = gathering(5, first.data["cursor"])
    assert not rest.add(page)
    assert rest.data["items"] == [{"id": "2"}]
    assert rest.data["removed"] == ["7"]
    assert gathering(5, rest.data["sync"]).start == "s1"


def test_a_page_of_a_list_tells_nothing_of_changes() -> None:
    found = gathering(10)
    found.add(Page([{"id": "1"}]))
    assert found.data == {"items": [{"id": "1"}]}
    assert Page([1, 2], "c", removed=["7"], sync="s").holding([2]).sync == "s"
