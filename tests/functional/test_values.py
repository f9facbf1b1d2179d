"""Values in both directions: codecs, conversions, the vendor's bounds, encodings, connection values, undescribed fields."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.functional.compiled import Build, call, crud, diagnostics, document, model, obj
from unified_runtime import InvalidInput, VendorProtocolError

EMPTY = {"id": "1"}


def sent(catalog: Any, **given: Any) -> Any:
    ((_, body),) = catalog.run("create", responses=[EMPTY], **given).sent
    return body


# --------------------------------------------------------------------------------------------------------------------- codecs
def test_codecs_decode_what_is_read_and_encode_what_is_written(build: Build) -> None:
    catalog = crud(
        build,
        "text: {type: markdown}\nhtml: {type: markdown}\nwhen: {type: datetime}\nmillis: {type: datetime}\nday: {type: date}\nborn: {type: datetime, read_only: true}",
        """
text: {path: a.text, codec: adf}
html: {path: html, codec: html}
when: {path: when, codec: epoch_seconds}
millis: {path: millis, codec: epoch_ms_text}
day: {path: day, codec: date_in_datetime}
born: {read: oid, codec: objectid_time}""",
        obj(
            a={**obj(text={"type": "object", "nullable": True}, other="string"), "nullable": True},
            html="string?",
            when="integer?",
            millis="string?",
            day="string:date-time?",
            oid="string",
        ),
    )
    adf = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": [{"type": "text", "text": "hi"}]}]}
    response = {
        "id": "1",
        "oid": "507f1f77bcf86cd799439011",
        "a": {"text": adf},
        "html": "<p>hi</p>",
        "when": 60,
        "millis": "60000",
        "day": "2026-01-02T00:00:00Z",
    }
    value = catalog.run("get", "1", responses=[response]).value
    minute = datetime(1970, 1, 1, 0, 1, tzinfo=UTC)
    assert (value.text.strip(), value.html.strip(), value.when, value.millis, value.day) == ("hi", "hi", minute, minute, date(2026, 1, 2))
    assert value.born == datetime(2012, 10, 17, 21, 13, 27, tzinfo=UTC)
    body = sent(catalog, text="hi", html="hi", when=minute, millis=minute, day=date(2026, 1, 2))
    assert body["a"] == {"text": adf}
    assert (body["html"], body["when"], body["millis"]) == ("<p>hi</p>", 60, "60000")
    assert body["day"].startswith("2026-01-02")
    with pytest.raises(VendorProtocolError):
        catalog.run("get", "1", responses=[{"id": "1", "day": "someday"}])
    with pytest.raises(InvalidInput):
        catalog.run("create", when=datetime(2026, 1, 1))


def test_built_in_conversions(build: Build) -> None:
    catalog = crud(
        build,
        """number_id: {type: id}
count: {type: integer}
price: {type: decimal}
rate: {type: decimal}
day: {type: date}
at: {type: datetime}
on: {type: boolean}
any_id: {type: id}
dates: {type: [date]}
owner_ids: {type: [id]}""".replace("on:", "flag:"),
        """
number_id: number
count: count
price: price
rate: rate
day: day
at: at
flag: flag
any_id: any
dates: dates
owner_ids: owners""",
        obj(
            number="integer?",
            count="integer?",
            price="string?",
            rate="number?",
            day="string:date?",
            at="string:date-time?",
            flag="boolean?",
            any={"oneOf": [{"type": "string"}, {"type": "integer"}], "nullable": True},
            dates=["string:date"],
            owners=["integer"],
        ),
    )
    response = {
        "id": "1", "number": 7, "count": 0, "price": "1.50", "rate": 0.5, "day": "2026-01-02", "at": "2026-01-02T03:04:05+01:00",
        "flag": False, "any": 9, "dates": ["2026-01-02"], "owners": [1, 2],
    }  # fmt: skip
    value = catalog.run("get", "1", responses=[response]).value
    assert (value.number_id, value.count, value.price, value.rate) == ("7", 0, Decimal("1.50"), Decimal("0.5"))
    assert (value.day, value.at, value.flag, value.any_id) == (date(2026, 1, 2), datetime(2026, 1, 2, 2, 4, 5, tzinfo=UTC), False, "9")
    assert (value.dates, value.owner_ids) == ([date(2026, 1, 2)], ["1", "2"])
    body = sent(
        catalog, number_id="7", count=0, price=Decimal("1.50"), rate=Decimal("0.5"), day=date(2026, 1, 2), at=datetime(2026, 1, 2, tzinfo=UTC),
        flag=False, any_id="9", dates=[date(2026, 1, 2)], owner_ids=["1", "2"],
    )  # fmt: skip
    assert body == {
        "number": 7, "count": 0, "price": "1.50", "rate": 0.5, "day": "2026-01-02", "at": "2026-01-02T00:00:00Z", "flag": False, "any": "9",
        "dates": ["2026-01-02"], "owners": [1, 2],
    }  # fmt: skip
    for wrong in ("x", "7.0", "-1", "٣", "9" * 30):
        with pytest.raises(InvalidInput, match="number_id"):
            catalog.run("create", number_id=wrong)
        with pytest.raises(InvalidInput, match="owner_ids"):
            catalog.run("create", owner_ids=["1", wrong])


def test_a_link_to_what_is_known(build: Build) -> None:
    catalog = crud(
        build,
        "url: {type: url, read_only: true}\nplain: {type: url, read_only: true}",
        'url: {read: number, codec: {link: "https://{connection.site}.example/{connection.team}/{}"}}\nplain: {read: key, codec: {link: "/x/{}/{}"}}',
        obj(number="integer", key="string"),
        vendor="connection: {site: The site, team: {summary: The team, required: false}}\nbase_url: {default: 'https://acme.example'}\n",
        values={"site": "s", "team": "t"},
    )
    value = catalog.run("get", "1", responses=[{"id": "1", "number": 7, "key": "k"}]).value
    assert (value.url, value.plain) == ("https://s.example/t/7", "/x/k/k")
    assert catalog.run("get", "1", responses=[EMPTY]).value.url is None


def test_a_link_over_a_connection_value_that_is_not_there(build: Build) -> None:
    catalog = crud(
        build,
        "url: {type: url, read_only: true}",
        'url: {read: key, codec: {link: "https://{connection.team}.example/{}"}}',
        obj(key="string"),
        vendor="connection: {team: {summary: The team, required: false}}\nbase_url: {default: 'https://acme.example'}\n",
    )
    assert catalog.run("get", "1", responses=[{"id": "1", "key": "k"}]).value.url is None


def test_a_link_over_a_connection_value_that_does_not_exist() -> None:
    found = diagnostics(
        model=model("id: {type: id, read_only: true}\nurl: {type: url, read_only: true}", "{get: {}}"),
        document=document([call("getThing", "GET /things/{thingId}", returns="Thing")], {"Thing": obj(id="string")}),
        mapping="""
resource: things
schema: Thing
fields: {id: {read: id}, url: {read: id, codec: {link: "https://{connection.sight}.example/{}"}}}
operations: {get: {operation: getThing, params: {thingId: id}}}
""",
        vendor="connection: {site: The site}\n",
    )
    assert any(each.startswith("MAP004") and "sight" in each for each in found), found


# --------------------------------------------------------------------------------------------------------------------- bounds
def test_bounds_are_checked_before_anything_is_sent(build: Build) -> None:
    catalog = crud(
        build,
        """title: {type: text}
key: {type: text}
size: {type: integer}
rate: {type: decimal}
tags: {type: [text]}
kind: {type: text}
kinds: {type: [text]}
odd: {type: text}
one_ids: {type: [id]}""",
        """
title: title
key: key
size: size
rate: rate
tags: tags
kind: {path: kind, clear: never}
kinds: kinds
odd: odd
one_ids: [one]""",
        obj(
            title={"type": "string", "minLength": 2, "maxLength": 4, "nullable": True},
            key={"type": "string", "pattern": "^[A-Z]\\d+$", "nullable": True},
            size={"type": "integer", "minimum": 1, "maximum": 10, "nullable": True},
            rate={"type": "number", "minimum": 0, "exclusiveMaximum": True, "maximum": 1, "nullable": True},
            tags={"type": "array", "maxItems": 2, "items": {"type": "string", "maxLength": 3}},
            kind={"type": "string", "enum": ["Bug", "Task"]},
            kinds={"type": "array", "items": {"type": "string", "enum": ["Bug", "Task"]}},
            odd={"type": "string", "pattern": "^\\p{L}+$", "nullable": True},
            one={"type": "string", "maxLength": 3, "nullable": True},
        ),
    )
    good = {
        "title": "abc",
        "key": "A1",
        "size": 10,
        "rate": Decimal("0.5"),
        "tags": ["abc"],
        "kind": "Bug",
        "kinds": ["Task"],
        "odd": "äb",
        "one_ids": ["abc"],
    }
    body = sent(catalog, **good)
    assert body == {
        "title": "abc",
        "key": "A1",
        "size": 10,
        "rate": 0.5,
        "tags": ["abc"],
        "kind": "Bug",
        "kinds": ["Task"],
        "odd": "äb",
        "one": "abc",
    }
    for name, wrong in [
        ("title", "a"), ("title", "abcde"), ("key", "a1"), ("key", "A1\n"), ("key", "A١"), ("size", 0), ("size", 11), ("rate", Decimal("-0.1")),
        ("rate", Decimal(1)), ("rate", Decimal("1.1")), ("tags", ["a", "b", "c"]), ("tags", ["abcd"]), ("kind", "Bugs"), ("kinds", ["Bug", "x"]),
        ("one_ids", ["abcd"]),
    ]:  # fmt: skip
        with pytest.raises(InvalidInput) as caught:
            catalog.run("create", **{name: wrong})
        assert name in caught.value.fields, (name, wrong, caught.value)


def test_bounds_of_the_model_apply_to_every_vendor(build: Build) -> None:
    catalog = crud(build, "title: {type: text, required: create, max_length: 3}", "title: title", obj(title="string"))
    assert sent(catalog, title="abc") == {"title": "abc"}
    with pytest.raises(InvalidInput, match="at most 3"):
        catalog.run("create", title="abcd")
    with pytest.raises(InvalidInput):
        catalog.run("create", title="")
    with pytest.raises(InvalidInput, match="at most 3"):
        catalog.run("update", "1", title="abcd")


def test_required_locations_inside_objects(build: Build) -> None:
    catalog = crud(
        build,
        "title: {type: text, required: create}\nnote: {type: text}",
        "title: f.a.title\nnote: {path: f.b.note, clear: never}",
        obj(f=obj(a=obj(title="string"), b=obj(note="string"))),
        takes=obj("f", f=obj("a", a=obj("title", title="string"), b=obj("note", note="string"))),
    )
    assert sent(catalog, title="T") == {"f": {"a": {"title": "T"}}}
    assert sent(catalog, title="T", note="N") == {"f": {"a": {"title": "T"}, "b": {"note": "N"}}}


# ------------------------------------------------------------------------------------------------------------------ encodings
def test_a_form(build: Build) -> None:
    catalog = crud(
        build,
        "title: {type: text}\nflag: {type: boolean}\ntags: {type: [text]}\nnote: {type: text}",
        "title: title\nflag: {path: flag, clear: never}\ntags: tags\nnote: {path: meta.note, clear: ''}",
        obj(title="string?", flag="boolean", tags=["string"], meta=obj(note="string")),
        media="application/x-www-form-urlencoded",
    )
    assert sent(catalog, title="a&b=c d", flag=True) == "title=a&b=c d&flag=true"
    assert sent(catalog, tags=["a", "b"]) == "tags=a&tags=b"
    assert sent(catalog, note="n") == 'meta={"note":"n"}'


def test_json_inside_a_form(build: Build) -> None:
    catalog = crud(
        build,
        "title: {type: text}\ntags: {type: [text]}\nblocks: {type: [object], record: Block, fields: {text: {type: text}}}\nnote: {type: text}",
        "title: title\ntags: tags\nblocks: {items: blocks, fields: {text: text.text}}\nnote: {path: meta.note, clear: ''}",
        obj(title="string?", tags=["string"], meta=obj(note="string"), blocks=[obj(text=obj(text="string"))]),
        media="application/x-www-form-urlencoded",
        vendor="body_encoding: form-json\n",
    )
    block = catalog.module("models.things").Block
    assert sent(catalog, title="t", tags=["a", "b"]) == 'title=t&tags=["a","b"]'
    assert (
        sent(catalog, blocks=[block(text="x")], note="n") == 'blocks=[{"text":{"text":"x"}}]&meta={"note":"n"}'
        or sent(catalog, blocks=[block(text="x")], note="n") == 'meta={"note":"n"}&blocks=[{"text":{"text":"x"}}]'
    )


def test_a_form_where_the_document_also_accepts_json(build: Build) -> None:
    thing = obj(title="string?")
    catalog = build(
        model=model("id: {type: id, read_only: true}\ntitle: {type: text}", "{create: {}}"),
        document=document(
            [
                call(
                    "make",
                    "POST /things",
                    returns="Thing",
                    requestBody={
                        "content": {"application/json": {"schema": thing}, "application/x-www-form-urlencoded": {"schema": thing}}
                    },
                )
            ],
            {"Thing": obj(id="string", title="string")},
        ),
        mapping="resource: things\nschema: Thing\nfields: {id: {read: id}, title: title}\noperations: {create: {operation: make, send: fields}}\n",
        vendor="body_encoding: form\n",
    )
    assert catalog.run("create", title="t", responses=[EMPTY]).sent == [("POST /things", "title=t")]


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        ({"explode": True}, "tags=a&tags=b"),
        ({"explode": False}, "tags=a,b"),
        ({"style": "spaceDelimited", "explode": False}, "tags=a b"),
        ({"style": "pipeDelimited", "explode": False}, "tags=a|b"),
    ],
)
def test_lists_in_a_parameter(build: Build, style: dict, shown: str) -> None:
    parameter = {"schema": {"type": "array", "items": {"type": "string"}}, **style}
    catalog = build(
        model=model(
            "id: {type: id, read_only: true}\ntags: {type: [text], read_only: true}",
            "{list: {inputs: {tags: {type: [text]}}}, create: {}}".replace(", create: {}", ""),
        ),
        document=document(
            [call("all", "GET /things", query={"tags": parameter}, returns=["Thing"])], {"Thing": obj(id="string", tags=["string"])}
        ),
        mapping="resource: things\nschema: Thing\nfields: {id: {read: id}, tags: {read: tags}}\noperations: {list: {operation: all, params: [tags]}}\n",
    )
    assert catalog.run("list", tags=["a", "b"], responses=[[]]).sent == [f"GET /things?{shown}"]
    assert catalog.run("list", tags=[], responses=[[]]).sent in (["GET /things"], ["GET /things?tags="])


def test_fields_in_the_query(build: Build) -> None:
    joined = {"type": "string", "pattern": "^([a-z]+(,[a-z]+)*)?$"}
    catalog = build(
        model=model(
            "id: {type: id, read_only: true}\ntitle: {type: text, required: create}\nmember_ids: {type: [id]}\ndue: {type: date}\nopen: {type: boolean}",
            "{create: {}, update: {}}",
        ),
        document=document(
            [
                call(name, location, returns="Thing", query={"title": "string", "members": joined, "due": "string:date", "open": "boolean"})
                for name, location in (("make", "POST /things"), ("change", "PUT /things/{thingId}"))
            ],
            {"Thing": obj(id="string", title="string", members=["string"], due="string:date", open="boolean")},
        ),
        mapping="""
resource: things
schema: Thing
fields:
  id: {read: id}
  title: title
  member_ids: members
  due: {path: due, clear: 'null'}
  open: {path: open, clear: never}
operations:
  create: {operation: make, send: fields}
  update: {operation: change, params: {thingId: id}, send: fields}
""",
    )
    assert catalog.run("create", title="a b", member_ids=["x", "y"], open=False, responses=[EMPTY]).sent == [
        "POST /things?title=a b&members=x,y&open=false"
    ]
    assert catalog.run("update", "1", due=None, member_ids=None, responses=[EMPTY]).sent in (
        ["PUT /things/1?members=&due=null"],
        ["PUT /things/1?due=null&members="],
    )
    assert catalog.run("create", title="t", extra={"acme": {}}, responses=[EMPTY]).sent == ["POST /things?title=t"]


# --------------------------------------------------------------------------------------------------------- undescribed fields
def test_paths_that_the_document_does_not_describe(build: Build) -> None:
    catalog = crud(
        build,
        "title: {type: text}\ntags: {type: [text]}\nfirst: {type: text}\nkind: {type: enum, values: [a, b]}\nat: {type: datetime}",
        """
title: free.deep.title
tags: free.tags[].name
first: {read: "free.list[0].x"}
kind: {path: free.kind, enum: {a: A, b: B}}
at: free.at""",
        obj(free={}),
        more="unsupported: {write.first: read only}\n",
    )
    response = {
        "free": {
            "deep": {"title": "T"},
            "tags": [{"name": "a"}, {"x": 1}, 3],
            "list": [{"x": "y"}],
            "kind": "B",
            "at": "2026-01-02T00:00:00Z",
        }
    }
    value = catalog.run("get", "1", responses=[{"id": "1", **response}]).value
    assert (value.title, value.tags, value.first, value.kind, value.at) == ("T", ["a"], "y", "b", datetime(2026, 1, 2, tzinfo=UTC))
    for odd in ({}, {"free": None}, {"free": []}, {"free": {"deep": "x", "tags": "y", "list": {}, "kind": ["A"]}}, {"free": 5}):
        value = catalog.run("get", "1", responses=[{"id": "1", **odd}]).value
        assert (value.title, value.tags, value.first, value.kind) == (None, [], None, None)
    body = sent(catalog, title="T", tags=["a"], kind="b", at=datetime(2026, 1, 2, tzinfo=UTC))
    assert body == {"free": {"deep": {"title": "T"}, "tags": [{"name": "a"}], "kind": "B", "at": "2026-01-02T00:00:00Z"}}
    with pytest.raises(VendorProtocolError):
        catalog.run("get", "1", responses=[{"id": "1", "free": {"deep": {"title": ["no text"]}}}])


def test_a_path_read_completely_and_in_part(build: Build) -> None:
    catalog = crud(
        build,
        "text: {type: markdown, read_only: true}\nkind: {type: text, read_only: true}",
        "text: {read: body, codec: adf}\nkind: {read: body.type}",
        obj(body=obj(type="string", version="integer")),
    )
    value = catalog.run("get", "1", responses=[{"id": "1", "body": {"type": "doc", "version": 1, "content": []}}]).value
    assert (value.text, value.kind) == ("", "doc")
    assert catalog.run("get", "1", responses=[EMPTY]).value.kind is None


def test_alternatives_and_recursion_in_the_document(build: Build) -> None:
    catalog = crud(
        build,
        "title: {type: text}\nowner_id: {type: id, read_only: true}\nparent: {type: text, read_only: true}",
        "title: title\nowner_id: {read: owner.id}\nparent: {read: parent.parent.parent.title}",
        obj(
            title={"oneOf": [{"type": "string"}, {"type": "integer"}], "nullable": True},
            owner={"oneOf": [{"$ref": "#/components/schemas/Person"}, {"$ref": "#/components/schemas/Team"}, {"type": "string"}]},
            parent="Thing",
        ),
        schemas={"Person": obj(id="integer", name="string"), "Team": obj(id="string", slug="string")},
    )
    response = {"id": "1", "title": 5, "owner": {"id": 7}, "parent": {"parent": {"parent": {"title": "P"}}}}
    value = catalog.run("get", "1", responses=[response]).value
    assert (value.title, value.owner_id, value.parent) == ("5", "7", "P")
    assert catalog.run("get", "1", responses=[{"id": "1", "owner": {"id": "t"}}]).value.owner_id == "t"
    assert catalog.run("get", "1", responses=[{"id": "1", "owner": "o"}]).value.owner_id is None
    assert sent(catalog, title="T") == {"title": "T"}


def test_lists_in_lists_are_read_as_one_list(build: Build) -> None:
    catalog = crud(
        build,
        "names: {type: [text], read_only: true}\nbad: {type: [text], read_only: true}",
        "names: {read: 'groups[].members[].name'}\nbad: {read: \"groups[?open==`true`].members[].name\"}",
        obj(groups=[obj(open="boolean", members=[obj(name="string")])]),
    )
    groups = [{"open": True, "members": [{"name": "a"}, {}]}, {"members": None}, {"open": False, "members": [{"name": "b"}]}]
    value = catalog.run("get", "1", responses=[{"id": "1", "groups": groups}]).value
    assert (value.names, value.bad) == (["a", "b"], ["a"])


def test_values_that_mean_absent_are_none(build: Build) -> None:
    catalog = crud(
        build,
        "owner: {type: id}\nnote: {type: text}\ndue: {type: date}\ncount: {type: integer}\ntags: {type: [text]}",
        """
owner: {path: owner_id, absent: 0}
note: {path: a.note, absent: ["", "-"]}
due: {path: due, codec: epoch_date, absent: 0}
count: {path: count, absent: -1}
tags: tags""",
        obj(owner_id="integer?", a={**obj(note="string?"), "nullable": True}, due="integer?", count="integer?", tags=["string"]),
    )

    def read(**response: Any) -> tuple[Any, ...]:
        value = catalog.run("get", "1", responses=[{"id": "1", **response}]).value
        return value.owner, value.note, value.due, value.count

    assert read(owner_id=0, a={"note": ""}, due=0, count=-1) == (None, None, None, None)
    assert read(a={"note": "-"}) == (None, None, None, None)
    assert read(owner_id=7, a={"note": "0"}, due=86400, count=0) == ("7", "0", date(1970, 1, 2), 0)
    assert sent(catalog, owner="7", count=0, due=date(1970, 1, 2)) == {"owner_id": 7, "count": 0, "due": 86400}
