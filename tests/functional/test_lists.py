"""Lists: the path of the records, every kind of pagination, filters, queries in the vendor's language."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.functional.compiled import Build, Catalog, Refused, call, diagnostics, document, model, obj
from unified_runtime import InvalidInput, NotFound, Unsupported, VendorProtocolError

FIELDS = "id: {type: id, read_only: true}\ntitle: {type: text, read_only: true}"


def listing(
    build: Build,
    step: str,
    *,
    responses: Any,
    query: dict[str, Any] | None = None,
    paging: str = "",
    inputs: str = "{}",
    fields: str = FIELDS,
    mapped: str = "id: {read: id}\n  title: {read: title}",
    thing: dict | None = None,
    vendor: str = "",
    more: str = "",
    method: str = "GET",
    takes: Any = None,
    path: str = "/things",
    schemas: dict[str, Any] | None = None,
) -> Catalog:
    """Return a project with one list, `listThings`."""
    return build(
        model=model(fields, f"list: {{inputs: {inputs}}}"),
        document=document(
            [call("listThings", f"{method} {path}", returns=responses, query=query, takes=takes)],
            {"Thing": thing or obj(id="string", title="string"), **(schemas or {})},
        ),
        mapping=f"resource: things\nschema: Thing\nfields:\n  {mapped}\noperations:\n  list: {{operation: listThings, {step}}}\n{more}",
        vendor=vendor + (f"pagination: {{default: {paging}}}\n" if paging else ""),
    )


def ids(values: Any) -> list[str]:
    return [each.id for each in values]


ONE, TWO, THREE, FOUR = ({"id": str(number), "title": f"T{number}"} for number in (1, 2, 3, 4))


# --------------------------------------------------------------------------------------------------------- path of the records
def test_records_are_in_the_response_itself_or_deep_inside(build: Build) -> None:
    bare = listing(build, 'items: "@"', responses=["Thing"])
    ran = bare.run("list", responses=[[ONE, TWO]])
    assert (ids(ran.value), ran.sent) == (["1", "2"], ["GET /things"])
    assert ran.value[1].raw == TWO
    assert bare.run("list", responses=[[]]).value == []


def test_records_stand_deep_inside(build: Build) -> None:
    deep = listing(build, "items: data.page.things", responses=obj(data=obj(page=obj(things=["Thing"]))))
    ran = deep.run("list", responses=[{"data": {"page": {"things": [ONE, TWO]}}}])
    assert ids(ran.value) == ["1", "2"]
    assert ran.value[0].raw == ONE
    for empty in ({}, {"data": None}, {"data": {"page": {"things": None}}}):
        assert deep.run("list", responses=[empty]).value == []


def test_an_envelope_around_everything(build: Build) -> None:
    catalog = build(
        model=model(
            FIELDS.replace(", read_only: true}", "}").replace("id: {type: id}", "id: {type: id, read_only: true}"),
            "{list: {}, create: {}, get: {}}",
        ),
        document=document(
            [
                call("listThings", "GET /things", returns=obj(data=["Thing"], next="string")),
                call("makeThing", "POST /things", takes=obj("data", data="Thing"), returns=obj(data="Thing")),
                call("getThing", "GET /things/{thingId}", returns="Thing"),
            ],
            {"Thing": obj(id="string", title="string")},
        ),
        mapping="""
resource: things
schema: Thing
fields: {id: {read: id}, title: title}
operations:
  list: {operation: listThings}
  create: {operation: makeThing, send: fields}
  get: {operation: getThing, params: {thingId: id}, envelope: none}
""",
        vendor="envelope: data\n",
    )
    ran = catalog.run("list", responses=[{"data": [ONE, TWO]}])
    assert ids(ran.value) == ["1", "2"]
    assert ran.value[1].raw == TWO
    made = catalog.run("create", title="T", responses=[{"data": ONE}])
    assert made.sent == [("POST /things", {"data": {"title": "T"}})]
    assert (made.value.title, made.value.raw) == ("T1", ONE)
    assert catalog.run("get", "1", responses=[ONE]).value.title == "T1"
    with pytest.raises(VendorProtocolError, match="lacks data"):
        catalog.run("create", title="T", responses=[{}])


# ----------------------------------------------------------------------------------------------------------------- pagination
def test_a_token_in_the_query(build: Build) -> None:
    catalog = listing(
        build,
        "items: items",
        responses=obj(items=["Thing"], meta=obj(next="string")),
        query={"token": "string", "size": "integer"},
        paging="{token_param: token, next_token: meta.next, page_size_param: size, max_page_size: 50}",
    )
    ran = catalog.run("list", responses=[{"items": [ONE], "meta": {"next": "a b"}}, {"items": [TWO], "meta": {"next": ""}}])
    assert (ids(ran.value), ran.sent) == (["1", "2"], ["GET /things?size=50", "GET /things?size=50&token=a b"])
    ran, cursor = catalog.page("list", cursor="x", limit=7, responses=[{"items": [ONE], "meta": {"next": "y"}}])
    assert (ran.sent, cursor) == (["GET /things?size=7&token=x"], "y")
    assert catalog.page("list", limit=70, responses=[{}])[0].sent == ["GET /things?size=50"]
    assert catalog.plan("list", limit=3) == ["GET /things?size=3"]
    with pytest.raises(VendorProtocolError, match="does not advance"):
        catalog.run("list", responses=[{"meta": {"next": "a"}}, {"meta": {"next": "a"}}])


def test_a_token_in_the_body(build: Build) -> None:
    catalog = listing(
        build,
        "items: items, constants: {kind: all}",
        responses=obj(items=["Thing"], paging=obj(next=obj(after="string"))),
        takes=obj(paging=obj(after="string", size="integer"), kind="string"),
        method="POST",
        paging="{token_param: paging.after, next_token: paging.next.after, page_size_param: paging.size, max_page_size: 10}",
    )
    ran = catalog.run("list", responses=[{"items": [ONE], "paging": {"next": {"after": "a"}}}, {"items": [TWO]}])
    assert ids(ran.value) == ["1", "2"]
    assert ran.sent == [
        ("POST /things", {"kind": "all", "paging": {"size": 10}}),
        ("POST /things", {"kind": "all", "paging": {"size": 10, "after": "a"}}),
    ]


def test_a_token_and_a_flag_of_the_last_page(build: Build) -> None:
    catalog = listing(
        build,
        "items: items",
        responses=obj(items=["Thing"], next="string", last="boolean"),
        query={"token": "string"},
        paging="{token_param: token, next_token: next, last_page_if: last}",
    )
    assert catalog.page("list", responses=[{"items": [ONE], "next": "a", "last": True}])[1] is None
    assert catalog.page("list", responses=[{"items": [ONE], "next": "a", "last": False}])[1] == "a"


@pytest.mark.parametrize(
    ("paging", "response", "cursors"),
    [
        ("{offset_param: start, page_size_param: size, max_page_size: 2}", {}, {None: "2", "2": "4", "4": None}),
        ("{offset_param: start, page_size_param: size, max_page_size: 2, total: total}", {"total": 5}, {None: "2", "2": "4", "4": None}),
        ("{offset_param: start, page_size_param: size, max_page_size: 2, total: total}", {"total": 4}, {None: "2", "2": None}),
        ("{offset_param: start, page_size_param: size, max_page_size: 2, last_page_if: last}", {"last": True}, {None: None}),
        ("{offset_param: start, start_at: 1, page_size_param: size, max_page_size: 2}", {}, {None: "3", "3": "5", "5": None}),
        ("{page_param: start, page_size_param: size, max_page_size: 2}", {}, {None: "1", "1": "2", "2": None}),
        ("{page_param: start, start_at: 1, page_size_param: size, max_page_size: 2}", {}, {None: "2", "2": "3", "3": None}),
        (
            "{page_param: start, start_at: 1, page_size_param: size, max_page_size: 2, total: total}",
            {"total": 5},
            {None: "2", "2": "3", "3": None},
        ),
        ("{page_param: start, start_at: 1, page_size_param: size, max_page_size: 2, total: total}", {"total": 4}, {None: "2", "2": None}),
        ("{page_param: start, page_size_param: size, max_page_size: 2, total: total}", {"total": 4}, {None: "1", "1": None}),
        ("{page_param: start, start_at: 1, page_size_param: size, max_page_size: 2, last_page_if: last}", {"last": True}, {None: None}),
    ],
)
def test_counting_records_or_pages(build: Build, paging: str, response: dict, cursors: dict) -> None:
    catalog = listing(
        build,
        "items: items",
        responses=obj(items=["Thing"], total="integer", last="boolean"),
        query={"start": "integer", "size": "integer"},
        paging=paging,
    )
    first = int("start_at: 1" in paging)
    for number, (cursor, following) in enumerate(cursors.items()):
        full = number < len(cursors) - 1 or "total" in response or "last" in response
        ran, found = catalog.page("list", cursor=cursor, responses=[{"items": [ONE, TWO] if full else [ONE], **response}])
        assert ran.sent == [f"GET /things?start={cursor or first}&size=2"] or ran.sent == [f"GET /things?size=2&start={cursor or first}"]
        assert found == following, (cursor, paging)


def test_a_cursor_that_is_none_of_ours(build: Build) -> None:
    catalog = listing(build, "items: items", responses=obj(items=["Thing"]), query={"start": "integer"}, paging="{offset_param: start}")
    for cursor in ("x", "-1", "1e9", "9" * 40):
        with pytest.raises(InvalidInput, match="is not a cursor of this list"):
            catalog.page("list", cursor=cursor, responses=[])


def test_offset_without_a_size_goes_on_until_a_page_is_empty(build: Build) -> None:
    catalog = listing(build, "items: items", responses=obj(items=["Thing"]), query={"start": "integer"}, paging="{offset_param: start}")
    ran = catalog.run("list", responses=[{"items": [ONE, TWO]}, {"items": [THREE]}, {"items": []}])
    assert (ids(ran.value), ran.sent) == (["1", "2", "3"], ["GET /things?start=0", "GET /things?start=2", "GET /things?start=3"])


def test_the_link_header(build: Build) -> None:
    catalog = listing(
        build,
        'items: "@", constants: {kind: all}',
        responses=["Thing"],
        query={"size": "integer", "kind": "string"},
        paging="{link_header: next, added_params: [page], page_size_param: size, max_page_size: 30}",
    )
    link = {"Link": '<https://acme.example/things?page=2&size=30>; rel="next", <https://acme.example/things>; rel="first"'}
    ran = catalog.run("list", responses=[(200, [ONE], link), (200, [TWO], {"Link": '<https://acme.example/x>; rel="prev"'})])
    assert (ids(ran.value), ran.sent) == (["1", "2"], ["GET /things?kind=all&size=30", "GET /things?page=2&size=30&kind=all"])
    elsewhere = {"Link": '<https://evil.example/things?page=2>; rel="next"'}
    with pytest.raises(VendorProtocolError, match="another server"):
        catalog.run("list", responses=[(200, [ONE], elsewhere)])
    with pytest.raises(VendorProtocolError, match="another server"):
        catalog.page("list", cursor="https://evil.example/", responses=[])
    for cursor in ("/admin?page=2", "https://acme.example/admin/users?page=2", "/things/../admin?page=2", "/things/%2e%2e/admin?page=2#x"):
        assert catalog.page("list", cursor=cursor, responses=[[]])[0].sent == ["GET /things?page=2&kind=all"], (
            "a cursor is for this list only"
        )
    for cursor in ("/things?a=\x00", "/things?é", "/things?a b", "http://[::1"):
        with pytest.raises(InvalidInput, match="is not a cursor of this list"):
            catalog.page("list", cursor=cursor, responses=[])


def test_a_response_with_a_flag_of_further_pages(build: Build) -> None:
    catalog = listing(
        build,
        "items: items",
        responses=obj(items=["Thing"], meta=obj(after="string?", has_more="boolean")),
        query={"page[size]": "integer", "page[after]": "string"},
        paging='{token_param: "page[after]", next_token: meta.after, more_if: meta.has_more, page_size_param: "page[size]", max_page_size: 2}',
    )
    pages = [{"items": [ONE], "meta": {"after": "c1", "has_more": True}}, {"items": [TWO], "meta": {"after": "c2", "has_more": False}}]
    ran = catalog.run("list", responses=pages)
    assert (ids(ran.value), ran.sent) == (["1", "2"], ["GET /things?page[size]=2", "GET /things?page[size]=2&page[after]=c1"])
    assert catalog.run("list", responses=[{"items": [ONE]}]).sent == ["GET /things?page[size]=2"], (
        "a response that does not state it is the last"
    )


def test_an_address_in_the_response(build: Build) -> None:
    catalog = listing(
        build,
        "items: records",
        responses=obj(records=["Thing"], nextRecordsUrl="string", done="boolean"),
        query={"q": "string"},
        paging="{next_url: nextRecordsUrl, allow_subpaths: true, last_page_if: done}",
    )
    ran = catalog.run(
        "list",
        responses=[
            {"records": [ONE], "nextRecordsUrl": "/things/more/2000", "done": False},
            {"records": [TWO], "nextRecordsUrl": "/x", "done": True},
        ],
    )
    assert (ids(ran.value), ran.sent) == (["1", "2"], ["GET /things", "GET /things/more/2000"])


def test_the_last_record_holds_the_cursor_of_the_next_page(build: Build) -> None:
    catalog = listing(
        build,
        "items: things",
        responses=obj(things=["Thing"]),
        thing=obj(id="string", title="string", pos=obj(key="integer")),
        query={"after": "integer", "size": "integer"},
        paging="{last_record_param: after, next_token: pos.key, page_size_param: size, max_page_size: 2}",
    )
    first = {"things": [ONE | {"pos": {"key": 5}}, TWO | {"pos": {"key": 7}}]}
    ran = catalog.run("list", responses=[first, {"things": []}])
    assert (ids(ran.value), ran.sent) == (["1", "2"], ["GET /things?size=2", "GET /things?size=2&after=7"])


def test_the_last_record_holds_several_inputs_of_the_next_page(build: Build) -> None:
    catalog = listing(
        build,
        "items: things",
        responses=obj(things=["Thing"]),
        thing=obj(id="string", title="string", at="string"),
        query={"start": "integer", "start_id": "string"},
        paging="{last_record_param: {start: at, start_id: id}}",
    )
    first = {"things": [ONE | {"at": "5"}, TWO | {"at": "7"}]}
    ran = catalog.run("list", responses=[first, {"things": []}])
    assert (ids(ran.value), ran.sent) == (["1", "2"], ["GET /things", "GET /things?start=7&start_id=2"])
    _, cursor = catalog.page("list", responses=[first])
    assert catalog.run("list", cursor=cursor, responses=[{"things": []}]).sent == ["GET /things?start=7&start_id=2"]
    assert catalog.page("list", responses=[{"things": [ONE]}])[1] is None
    with pytest.raises(InvalidInput, match="is not a cursor of this list"):
        catalog.run("list", cursor="7", responses=[])


def test_several_inputs_to_page_by_are_looked_up() -> None:
    query = {"start": "integer", "start_id": "string"}

    def found(paging: str, step: str = "items: things") -> list[str]:
        return [
            line[:6]
            for line in diagnostics(
                model=model(FIELDS, "{list: {}}"),
                document=document(
                    [call("listThings", "GET /things", returns=obj(things=["Thing"]), query=query)],
                    {"Thing": obj(id="string", title="string", at="string")},
                ),
                mapping=f"""
resource: things
schema: Thing
fields: {{id: {{read: id}}, title: {{read: title}}}}
operations:
  list: {{operation: listThings, {step}}}
""",
                vendor=f"pagination: {{default: {paging}}}\n",
            )
        ]

    assert found("{last_record_param: {start: at, start_id: id}}") == []
    assert found("{last_record_param: {start: at, begin: id}}") == ["MAP107"]
    assert found("{last_record_param: {start: at, start_id: key}}") == ["MAP107"]
    assert found("{last_record_param: {start: at, start_id: id}}", "items: things, constants: {start_id: x}") == ["MAP107", "MAP105"]
    assert found("{last_record_param: {start: at, start_id: id}, next_token: id}") == ["MAP010"]


CLAUSES = "{last_record_clause: '{}', next_token: id, total: total}"


def test_a_clause_of_the_query_requests_the_next_page(build: Build) -> None:
    catalog = listing(
        build,
        "items: things, query: {q: {language: odata, all: ['title eq {text}']}}",
        responses=obj(things=["Thing"], total="integer"),
        query={"q": "string"},
        paging=CLAUSES.replace("{}", "id gt {cursor}"),
        inputs="{text: {type: text, summary: x}}",
    )
    pages = [{"things": [ONE, TWO], "total": 3}, {"things": [THREE], "total": 1}]
    ran = catalog.run("list", responses=pages)
    assert (ids(ran.value), ran.sent) == (["1", "2", "3"], ["GET /things", "GET /things?q=id gt '2'"])
    ran = catalog.run("list", text="a", cursor="x' or 'a", responses=[{"things": []}])
    assert ran.sent == ["GET /things?q=title eq 'a' and id gt 'x'' or ''a'"]


def test_a_clause_that_requests_pages_needs_a_query_and_the_cursor() -> None:
    def found(paging: str, step: str) -> list[str]:
        return [
            line[:6]
            for line in diagnostics(
                model=model(FIELDS, "{list: {}}"),
                document=document(
                    [
                        call(
                            "listThings",
                            "GET /things",
                            returns=obj(things=["Thing"], total="integer"),
                            query={"q": "string", "at": "integer"},
                        )
                    ],
                    {"Thing": obj(id="string", title="string")},
                ),
                mapping="resource: things\nschema: Thing\nfields: {id: {read: id}, title: {read: title}}\n"
                f"operations:\n  list: {{operation: listThings, items: things, {step}}}\n",
                vendor=f"pagination: {{default: {paging}}}\n",
            )
        ]

    query, clause = "query: {q: {language: odata, all: [title ne null]}}", CLAUSES.replace("{}", "id gt {cursor}")
    assert found(clause, query) == []
    assert found(clause, "pagination: default") == ["MAP107"]
    assert found(CLAUSES.replace("{}", "id gt 1"), query) == ["MAP002"]
    assert "MAP004" in found("{offset_param: at, total: total}", "query: {q: {language: odata, all: ['id gt {cursor}']}}")


def test_paging_none_and_one_by_name(build: Build) -> None:
    assert listing(build, 'items: "@", pagination: none', responses=["Thing"], paging="{token_param: x, next_token: y}").run(
        "list", responses=[[ONE]]
    ).sent == ["GET /things"]


def test_paging_by_another_name(build: Build) -> None:
    catalog = listing(
        build,
        "items: items, pagination: numbered",
        responses=obj(items=["Thing"]),
        query={"page": "integer"},
        vendor="pagination: {default: {token_param: x, next_token: y}, numbered: {page_param: page, start_at: 1}}\n",
    )
    ran = catalog.run("list", responses=[{"items": [ONE]}, {"items": []}])
    assert ran.sent == ["GET /things?page=1", "GET /things?page=2"]


# --------------------------------------------------------------------------------------------------------------------- filters
MANY = """id: {type: id, read_only: true}
title: {type: text, read_only: true}
status: {type: enum, values: [open, done], read_only: true}
tags: {type: [text], read_only: true}
due: {type: date, read_only: true}
updated_at: {type: datetime, read_only: true}
done: {type: boolean, read_only: true}"""
MAPPED = """id: {read: id}
  title: {read: title}
  status: {read: state, enum: {open: O, done: D}}
  tags: {read: tags}
  due: {read: due}
  updated_at: {read: updated}
  done: {read: finished}"""
THING = obj(id="string", title="string", state="string", tags=["string"], due="string:date", updated="string:date-time", finished="boolean")


def test_filters_applied_after_reading(build: Build) -> None:
    catalog = listing(
        build,
        'items: "@", local_filters: [status, tag, updated_after, due_before, ids, text, done]',
        responses=["Thing"],
        fields=MANY,
        mapped=MAPPED,
        thing=THING,
        inputs="""{status: {field: status}, tag: {type: text, field: tags}, updated_after: {type: datetime, field: updated_at},
          due_before: {type: date, field: due}, ids: {type: [id], field: id}, text: {type: text, searched_fields: [title, tags]}, done: {field: done}}""",
    )
    things = [
        {
            "id": "1",
            "title": "Apples",
            "state": "O",
            "tags": ["a", "b"],
            "due": "2026-01-01",
            "updated": "2026-01-01T00:00:00Z",
            "finished": False,
        },
        {
            "id": "2",
            "title": "pears",
            "state": "D",
            "tags": ["b"],
            "due": "2026-02-01",
            "updated": "2026-02-01T00:00:00Z",
            "finished": True,
        },
        {"id": "3"},
    ]

    def found(**given: Any) -> list[str]:
        return ids(catalog.run("list", responses=[things], **given).value)

    assert found() == ["1", "2", "3"]
    assert found(status="open") == ["1"]
    assert found(tag="b") == ["1", "2"]
    assert found(updated_after=datetime(2026, 1, 15, tzinfo=UTC)) == ["2"]
    assert found(updated_after=datetime(2026, 2, 1, tzinfo=UTC)) == ["2"]
    assert found(due_before=date(2026, 2, 1)) == ["1"]
    assert found(ids=["3", "1"]) == ["1", "3"]
    assert found(text="APP") == ["1"]
    assert found(done=False) == ["1"]
    assert found(done=True, status="open") == []


def test_a_filter_that_the_vendor_needs(build: Build) -> None:
    catalog = listing(
        build,
        'items: "@", params: {project: project_id}, requires: [project_id]',
        responses=["Thing"],
        query={"project!": "string"},
        inputs="{project_id: {type: id}}",
    )
    assert catalog.run("list", project_id="P", responses=[[ONE]]).sent == ["GET /things?project=P"]
    with pytest.raises(InvalidInput, match="Acme needs project_id"):
        catalog.run("list")


def test_a_filter_the_vendor_lacks_is_refused(build: Build) -> None:
    catalog = listing(
        build, 'items: "@"', responses=["Thing"], inputs="{text: {type: text}}", more="unsupported: {filter.text: no search}\n"
    )
    with pytest.raises(Unsupported, match="no search"):
        catalog.run("list", text="x")
    assert catalog.run("list", responses=[[ONE]]).sent == ["GET /things"]


def test_filters_in_the_query_carry_their_fields_words(build: Build) -> None:
    catalog = listing(
        build,
        'items: "@", params: {state: status, tags: tags, csv: ids, since: updated_after, day: day, done: done, n: count}',
        responses=["Thing"],
        fields=MANY,
        mapped=MAPPED,
        thing=THING,
        query={
            "state": "string",
            "tags": ["string"],
            "csv": {"schema": {"type": "array", "items": {"type": "string"}}, "explode": False},
            "since": "string:date-time",
            "day": "string:date",
            "done": "boolean",
            "n": {"schema": {"type": "integer", "minimum": 1, "maximum": 5}},
        },
        inputs="""{status: {field: status}, tags: {type: [text]}, ids: {type: [id]}, updated_after: {type: datetime}, day: {type: date},
          done: {type: boolean}, count: {type: integer}}""",
    )

    def sent(**given: Any) -> str:
        (line,) = catalog.run("list", responses=[[]], **given).sent
        return line

    assert sent() == "GET /things"
    assert sent(status="done") == "GET /things?state=D"
    assert sent(tags=["a", "b"]) == "GET /things?tags=a&tags=b"
    assert sent(ids=["a", "b"]) == "GET /things?csv=a,b"
    assert sent(updated_after=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)) == "GET /things?since=2026-01-02T03:04:05Z"
    assert sent(day=date(2026, 1, 2), done=False, count=5) == "GET /things?day=2026-01-02&done=false&n=5"
    with pytest.raises(InvalidInput, match="above 5"):
        catalog.run("list", count=6)


def test_except_leaves_records_out_of_lists_and_denies_them(build: Build) -> None:
    catalog = build(
        model=model(FIELDS, "{list: {}, get: {}}"),
        document=document(
            [call("listThings", "GET /things", returns=["Thing"]), call("getThing", "GET /things/{thingId}", returns="Thing")],
            {"Thing": obj(id="string", title="string", pull=obj(url="string"), kind="string", size="integer")},
        ),
        mapping="""
resource: things
schema: Thing
exclude: "pull || kind == 'join' && !(size > `3`)"
fields: {id: {read: id}, title: {read: title}}
operations:
  list: {operation: listThings}
  get: {operation: getThing, params: {thingId: id}}
""",
    )
    things = [
        ONE,
        TWO | {"pull": {"url": "x"}},
        THREE | {"kind": "join"},
        {"id": "4", "kind": "join", "size": 4},
        {"id": "5", "pull": None},
    ]
    ran = catalog.run("list", responses=[things])
    assert ids(ran.value) == ["1", "4", "5"]
    assert [each.raw["id"] for each in ran.value] == ["1", "4", "5"]
    with pytest.raises(NotFound):
        catalog.run("get", "2", responses=[things[1]])
    assert catalog.run("get", "4", responses=[things[3]]).value.id == "4"


def test_a_predicate_tests_the_end_of_a_text(build: Build) -> None:
    catalog = build(
        model=model(FIELDS, "{list: {}}"),
        document=document(
            [call("listThings", "GET /things", returns=["Thing"])],
            {"Thing": obj(id="string", title="string", kind="string")},
        ),
        mapping="""
resource: things
schema: Thing
exclude: "!ends_with(kind, '__c')"
fields: {id: {read: id}, title: {read: title}}
operations:
  list: {operation: listThings}
""",
    )
    kinds = ["a__c", "__c", "a__C", "__c ", "a__mdt", None]
    things = [{"id": str(number), "title": "t", "kind": kind} for number, kind in enumerate(kinds)]
    ran = catalog.run("list", responses=[things])
    assert ids(ran.value) == ["0", "1"]


def test_either_of_two_lists(build: Build) -> None:
    catalog = build(
        model=model(
            FIELDS + "\nemail: {type: email, read_only: true}",
            "{list: {inputs: {email: {type: email}, owner_id: {type: id}, text: {type: text}}}}",
        ),
        document=document(
            [
                call("find", "POST /find", takes=obj("mail", mail="string", owner="string"), returns=obj(hits=["Thing"], more="string")),
                call("all", "GET /things", returns=obj(things=["Other"]), query={"text!": "string"}),
            ],
            {
                "Thing": obj(id="string", title="string", email="string"),
                "Other": obj(id="string", title="string", email="string", x="string"),
            },
        ),
        mapping="""
resource: things
schema: Thing
fields: {id: {read: id}, title: {read: title}, email: {read: email}}
operations:
  list:
    either:
      - {operation: find, if: email && !text, params: {mail: email, owner: owner_id}, items: hits}
      - {operation: all, params: {text: text}, requires: [text], items: things, local_filters: [email]}
unsupported: {filter.owner_id: who looks for a text finds all owners}
""",
    )
    assert catalog.run("list", email="e", owner_id="o", responses=[{"hits": [ONE]}]).sent == [("POST /find", {"mail": "e", "owner": "o"})]
    assert catalog.run("list", email="e", responses=[{"hits": [ONE]}]).sent == [("POST /find", {"mail": "e"})]
    ran = catalog.run("list", text="t", email="e", responses=[{"things": [ONE | {"email": "e"}, TWO]}])
    assert (ran.sent, ids(ran.value)) == (["GET /things?text=t"], ["1"])
    with pytest.raises(InvalidInput, match="Acme needs text"):
        catalog.run("list")
    with pytest.raises(Unsupported, match="finds all owners"):
        catalog.run("list", text="t", owner_id="o")


def test_either_where_none_holds(build: Build) -> None:
    catalog = build(
        model=model(FIELDS, "{list: {inputs: {email: {type: email}, owner_id: {type: id}}}}"),
        document=document(
            [call("find", "GET /find", query={"mail!": "string"}, returns=["Thing"]), call("own", "GET /own/{owner}", returns=["Thing"])],
            {"Thing": obj(id="string", title="string")},
        ),
        mapping="""
resource: things
schema: Thing
fields: {id: {read: id}, title: {read: title}}
operations:
  list:
    either:
      - {operation: find, if: email, params: {mail: email}}
      - {operation: own, if: owner_id, params: {owner: owner_id}}
unsupported: {filter.owner_id: an address has one owner}
""",
    )
    assert catalog.run("list", owner_id="o", responses=[[ONE]]).sent == ["GET /own/o"]
    assert catalog.run("list", email="e", responses=[[ONE]]).sent == ["GET /find?mail=e"]
    with pytest.raises(Unsupported, match="an address has one owner"):
        catalog.run("list", owner_id="o", email="e")
    with pytest.raises(InvalidInput, match="Acme needs email or owner_id"):
        catalog.run("list")


# --------------------------------------------------------------------------------------------------------------------- queries
INPUTS = """{project_id: {type: id}, status: {field: status}, text: {type: text}, updated_after: {type: datetime}, day: {type: date},
  done: {type: boolean}, count: {type: integer}}"""


def querying(build: Build, query: str, **more: Any) -> Catalog:
    more.setdefault("query", {"q": "string"})
    return listing(
        build, f"items: '@', query: {{q: {query}}}", responses=["Thing"], fields=MANY, mapped=MAPPED, thing=THING, inputs=INPUTS, **more
    )


def sent(catalog: Catalog, **given: Any) -> str:
    (line,) = catalog.run("list", responses=[[]], **given).sent
    return str(line).removeprefix("GET /things").removeprefix("?q=")


ALL = ["updated_after", "day", "done", "count", "text", "status", "project_id"]


def unsupported(*used: str) -> str:
    return "unsupported: {" + ", ".join(f"filter.{name}: no" for name in ALL if name not in used) + "}\n"


def test_jql(build: Build) -> None:
    catalog = querying(
        build,
        '{language: jql, all: ["project = {project_id}", "state = {status}", "text ~ {text}", "updated >= {updated_after}", "n = {count}"], suffix: ORDER BY created}',
        more=unsupported("project_id", "status", "text", "updated_after", "count") + "allow: {MAP229: this record has not all of them}\n",
    )
    assert sent(catalog) == ""
    assert sent(catalog, project_id='A"B') == 'project = "A\\"B" ORDER BY created'
    assert sent(catalog, status="done", count=3) == 'state = "D" AND n = 3 ORDER BY created'
    assert sent(catalog, text="fox (or) hound").startswith("text ~ ")
    with pytest.raises(InvalidInput):
        catalog.run("list", project_id="a\x00b")


def test_a_clause_without_a_reference_always_stands(build: Build) -> None:
    catalog = querying(
        build,
        '{language: drive, all: ["{project_id} in parents", "name contains {text}", trashed = false]}',
        more=unsupported("project_id", "text") + "allow: {MAP229: this record has not all of them}\n",
    )
    assert sent(catalog) == "trashed = false"
    assert (
        sent(catalog, project_id="it's", text="x") == "'it\\'s' in parents and name contains 'x' and trashed = false"
        or sent(catalog, project_id="it's", text="x") == "trashed = false and 'it\\'s' in parents and name contains 'x'"
    )


def test_a_single_clause(build: Build) -> None:
    catalog = querying(build, '{language: odata, all: ["startswith(title, {text})"]}', more=unsupported("text"))
    assert sent(catalog) == ""
    assert sent(catalog, text="it's") == "startswith(title, 'it''s')"


def test_soql_with_the_columns_that_are_read(build: Build) -> None:
    catalog = querying(
        build,
        '{language: soql, prefix: "SELECT {columns} FROM Thing", all: ["Title = {text}", "Due > {day}", "Done = {done}"], suffix: ORDER BY Id}',
        more=unsupported("text", "day", "done") + "allow: {MAP229: this record has not all of them}\n",
        vendor='select: {fields: {columns: ","}}\n',
    )
    columns = "id,title,state,tags,due,updated,finished"
    assert sent(catalog) == f"SELECT {columns} FROM Thing ORDER BY Id"
    assert sent(catalog, text="it's") == f"SELECT {columns} FROM Thing WHERE Title = 'it\\'s' ORDER BY Id"
    assert (
        sent(catalog, day=date(2026, 1, 2), done=True) == f"SELECT {columns} FROM Thing WHERE Due > 2026-01-02 AND Done = true ORDER BY Id"
    )


def test_clauses_as_objects(build: Build) -> None:
    catalog = listing(
        build,
        """items: results, query: {"groups[0].filters": {language: json, all: [{name: email, value: "{text}"}, {name: state, values: ["{status}"]},
          {name: updated, op: GTE, value: "{updated_after}"}, {name: due, value: "{day}"}, {name: kind, value: all}]}}""",
        responses=obj(results=["Thing"]),
        fields=MANY,
        mapped=MAPPED,
        thing=THING,
        inputs=INPUTS,
        method="POST",
        takes=obj(groups=[obj(filters=[obj(name="string", op="string", value="string", values=["string"])])]),
        more=unsupported("text", "status", "updated_after", "day"),
    )

    def filters(**given: Any) -> Any:
        ((_, body),) = catalog.run("list", responses=[{}], **given).sent
        return body["groups"][0]["filters"]

    always = {"name": "kind", "value": "all"}
    assert filters() == [always]
    assert always in filters(text="t")
    assert {"name": "email", "value": "t"} in filters(text="t")
    assert {"name": "state", "values": ["D"]} in filters(status="done")
    assert {"name": "updated", "op": "GTE", "value": "2026-01-02T00:00:00Z"} in filters(updated_after=datetime(2026, 1, 2, tzinfo=UTC))
    assert {"name": "due", "value": "2026-01-02"} in filters(day=date(2026, 1, 2))


def test_clauses_as_objects_fall_away_with_what_they_refer_to(build: Build) -> None:
    catalog = listing(
        build,
        'items: results, query: {filters: {language: json, all: [{name: email, value: "{text}"}]}}',
        responses=obj(results=["Thing"]),
        inputs="{text: {type: text}}",
        method="POST",
        takes=obj(filters=[obj(name="string", value="string")]),
    )
    assert catalog.run("list", responses=[{}]).sent == [("POST /things", {})]
    assert catalog.run("list", text="x", responses=[{}]).sent == [("POST /things", {"filters": [{"name": "email", "value": "x"}]})]


def test_table_of_several_columns_is_not_allowed_in_a_clause() -> None:
    found = diagnostics(
        model=model(
            "id: {type: id, read_only: true}\nstatus: {type: enum, values: [a, b], read_only: true}",
            "{list: {inputs: {status: {field: status}}}}",
        ),
        document=document(
            [call("listThings", "GET /things", query={"q": "string"}, returns=["Thing"])],
            {"Thing": obj(id="string", x="boolean", y="boolean")},
        ),
        mapping="""
resource: things
schema: Thing
fields:
  id: {read: id}
  status: {enum: {a: {x: true}, b: {x: false, y: true}}}
operations:
  list: {operation: listThings, query: {q: {language: jql, all: ["status = {status}"]}}}
""",
    )
    assert any("columns" in each for each in found), found


def test_a_language_without_a_writer() -> None:
    found = diagnostics(
        model=model(FIELDS, "{list: {inputs: {text: {type: text}}}}"),
        document=document(
            [call("listThings", "GET /things", query={"q": "string"}, returns=["Thing"])], {"Thing": obj(id="string", title="string")}
        ),
        mapping="""
resource: things
schema: Thing
fields: {id: {read: id}, title: {read: title}}
operations:
  list: {operation: listThings, query: {q: {language: sql, all: ["t = {text}"]}}}
""",
    )
    assert any(each.startswith("MAP004") and "`sql`" in each for each in found), found


def test_a_list_that_the_vendor_ends_early_does_not_pass_for_complete(build: Build) -> None:
    catalog = listing(
        build,
        "items: things",
        responses=obj(things=["Thing"], next="string?", total="integer"),
        query={"after": "string", "limit": "integer"},
        paging="{token_param: after, next_token: next, total: total, max_records: 4, page_size_param: limit, max_page_size: 3}",
    )
    first, cursor = catalog.page("list", responses=[{"things": [ONE, TWO, THREE], "next": "3", "total": 9}])
    assert (first.sent, cursor) == (["GET /things?limit=3"], "3")
    last, cursor = catalog.page("list", cursor="3", responses=[{"things": [FOUR], "total": 9}])
    assert (last.sent, cursor) == (["GET /things?limit=1&after=3"], "4")  # no more than possible; and then there is more
    with pytest.raises(Unsupported, match="no more than the first 4 records"):
        catalog.run("list", responses=[{"things": [ONE, TWO, THREE], "next": "3", "total": 5}, {"things": [FOUR], "total": 5}])
    complete = catalog.run("list", responses=[{"things": [ONE, TWO, THREE], "next": "3", "total": 4}, {"things": [FOUR], "total": 4}])
    assert len(complete.value) == 4


# ------------------------------------------------------------------------------------------------ inputs that each record has
FOUND = obj(id="string", title="string", place=obj(id="string"))


def test_records_of_a_search_have_inputs_that_other_requests_send(build: Build) -> None:
    searched = listing(
        build,
        "items: things, items_inputs: {room: place.id}",
        responses=obj(things=["Thing"]),
        thing=FOUND,
        mapped="id: {read: id}\n  title: {read: request.room}",
    )
    ran = searched.run("list", responses=[{"things": [{"id": "1", "place": {"id": "a"}}, {"id": "2", "place": {"id": "b"}}]}])
    assert [(each.id, each.title) for each in ran.value] == [("1", "a"), ("2", "b")]
    with pytest.raises(VendorProtocolError, match="room"):
        searched.run("list", responses=[{"things": [{"id": "1"}]}])


def test_an_input_that_a_record_does_not_have_is_reported(build: Build) -> None:
    with pytest.raises(Refused, match="MAP201"):
        listing(
            build,
            "items: things, items_inputs: {room: place.key}",
            responses=obj(things=["Thing"]),
            thing=FOUND,
            mapped="id: {read: id}\n  title: {read: request.room}",
        )
