"""Changes since a cursor: sync tokens next to page cursors, addresses that are followed, deleted records, expired cursors."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functional.compiled import Build, Catalog, call, diagnostics, document, model, obj
from unified_runtime import Conflict, InvalidInput, StaleCursor, VendorProtocolError

ONE, TWO, GONE = {"id": "1"}, {"id": "2"}, {"id": "3", "gone": True}
THING = obj(id="string", gone="boolean")


def texts(cursor: str, paging: str, *, responses: dict[str, Any], query: dict[str, Any]) -> dict[str, Any]:
    return {
        "model": model("id: {type: id, read_only: true}", "{changes: {}}"),
        "document": document([call("all", "GET /things", query=query, returns=obj(items=["Thing"], **responses))], {"Thing": THING}),
        "mapping": f"""
resource: things
schema: Thing
fields: {{id: {{read: id}}}}
operations: {{changes: {{operation: all, items: items, sync_token: {cursor}}}}}
""",
        "vendor": f"pagination: {{default: {paging}}}",
    }


def tokens(**more: Any) -> dict[str, Any]:
    cursor = "{param: since, next: sync, expired_status: 410, removed_if: gone}"
    return texts(
        cursor,
        "{token_param: page, next_token: more}",
        responses={"more": "string", "sync": "string"},
        query={"page": "string", "since": "string"},
    )


@pytest.fixture
def catalog(build: Build) -> Catalog:
    return build(**tokens())


def pages(catalog: Catalog, responses: list[Any], cursor: str | None = None) -> tuple[list[Any], list[Any]]:
    """Return the pages, and the requests that fetched them."""
    ran = catalog.run("changes", cursor=cursor, responses=responses, as_pages=True)
    return ran.value, ran.sent


def test_a_token_of_changes_goes_beside_that_of_a_page(catalog: Catalog) -> None:
    first, sent = pages(catalog, [{"items": [ONE], "more": "p2"}, {"items": [TWO], "sync": "s1"}])
    assert sent == ["GET /things", "GET /things?page=p2"]
    assert [[one.id for one in page.items] for page in first] == [["1"], ["2"]]
    assert first[0].sync is None
    assert first[1].cursor is None
    later, sent = pages(catalog, [{"items": [GONE], "more": "p2"}, {"items": [ONE, GONE], "sync": "s2"}], first[1].sync)
    assert sent == ["GET /things?since=s1", "GET /things?page=p2&since=s1"]
    assert [([one.id for one in page.items], page.removed) for page in later] == [([], ["3"]), (["1"], ["3"])]


def test_an_expired_cursor_requires_a_new_start(catalog: Catalog) -> None:
    (page,), _ = pages(catalog, [{"items": [], "sync": "s1"}])
    with pytest.raises(StaleCursor, match="start over") as stale:
        pages(catalog, [410], page.sync)
    assert (stale.value.status, stale.value.vendor, stale.value.operation) == (410, "acme", "things.changes")
    with pytest.raises(Conflict):  # another status is another error
        pages(catalog, [409], page.sync)


@pytest.mark.parametrize("cursor", ["s1", "{}", "[]", '["s1"]', '["s1", 2]', '["", null]', "[null, null, null]"])
def test_a_cursor_of_something_else_is_refused(catalog: Catalog, cursor: str) -> None:
    with pytest.raises(InvalidInput, match="is not a cursor of changes"):
        pages(catalog, [], cursor)


def test_an_address_is_followed(build: Build) -> None:
    catalog = build(
        **texts(
            "{next: delta, removed_if: gone}",
            "{next_url: more, added_params: [skip, d]}",
            responses={"more": "string", "delta": "string"},
            query={},
        )
    )
    first, sent = pages(
        catalog,
        [{"items": [ONE], "more": "https://acme.example/things?skip=1"}, {"items": [TWO], "delta": "https://acme.example/things?d=1"}],
    )
    assert sent == ["GET /things", "GET /things?skip=1"]
    later, sent = pages(catalog, [{"items": [GONE], "delta": "https://acme.example/things?d=2"}], first[1].sync)
    assert sent == ["GET /things?d=1"]
    assert (later[0].items, later[0].removed, later[0].sync) == ([], ["3"], "https://acme.example/things?d=2")
    with pytest.raises(VendorProtocolError, match="another server"):
        pages(catalog, [], "https://elsewhere.example/things")


@pytest.mark.parametrize(
    ("slip", "code"),
    [
        ("{param: sinse, next: sync}", "MAP104"),
        ("{param: since, next: sink}", "MAP107"),
        ("{param: since, next: sync, removed_if: gonne}", "MAP201"),
        ("{param: since, next: number, removed_if: gone}", "MAP214"),
        ("{param: count, next: sync, removed_if: gone}", "MAP214"),
    ],
)
def test_names_in_a_cursor_are_looked_up(slip: str, code: str) -> None:
    found = diagnostics(
        **texts(slip, "{token_param: page, next_token: more}", responses={"more": "string", "sync": "string", "number": "integer"},
                query={"page": "string", "since": "string", "count": "integer"})
    )  # fmt: skip
    assert [each[:6] for each in found] == [code], found
