"""Members that are added to lists of numbers: a member that is there already is not added twice."""

from __future__ import annotations

from unified_runtime.adapter_api import list_members


def test_a_number_is_the_member_of_its_text() -> None:
    body = list_members.change({}, ("reviewer_ids",), [7, 12], (), ["12", "15"], None)
    assert body == {"reviewer_ids": [7, 12, "15"]}


def test_a_number_is_removed_by_its_text() -> None:
    assert list_members.change({}, ("reviewer_ids",), [7, 12], (), None, ["7"]) == {"reviewer_ids": [12]}
