"""Operations of several requests: saved values, searches, missing records; conditions; composite ids; the target of each input."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from tests.functional.compiled import Build, Catalog, call, diagnostics, document, model, obj
from unified_runtime import Conflict, InvalidInput, NotFound, Rejected, Unsupported, VendorProtocolError

FIELDS = "id: {type: id, read_only: true}\ntitle: {type: text, required: create}"
ONE = {"id": "1", "title": "T"}


def project(
    build: Build,
    operations: str,
    calls: list,
    steps: str,
    *,
    fields: str = FIELDS,
    mapped: str = "id: {read: id}\n  title: title",
    schemas: dict[str, Any] | None = None,
    vendor: str = "",
    more: str = "",
    values: dict[str, str] | None = None,
) -> Catalog:
    return build(
        values,
        model=model(fields, operations),
        document=document(calls, {"Thing": obj(id="string", title="string"), **(schemas or {})}),
        mapping=f"resource: things\nschema: Thing\nfields:\n  {mapped}\noperations:\n{steps}\n{more}",
        vendor=vendor,
    )


GET = call("getThing", "GET /things/{thingId}", returns="Thing")


# -------------------------------------------------------------------------------------------------------------- saved values
def test_the_response_of_a_step_leads_to_the_next(build: Build) -> None:
    catalog = project(
        build,
        "{create: {}}",
        [call("make", "POST /things", takes="Thing", returns=obj(ref=obj(key="string"))), GET],
        "  create:\n    - {operation: make, send: fields, save: created}\n    - {operation: getThing, params: {thingId: created.ref.key}}",
    )
    made = catalog.run("create", title="T", responses=[{"ref": {"key": "K/1"}}, ONE])
    assert made.sent == [("POST /things", {"title": "T"}), "GET /things/K%2F1"]
    assert made.value.id == "1"
    assert catalog.plan("create", title="T") == [("POST /things", {"title": "T"}), "GET /things/{created.ref.key}"]
    with pytest.raises(VendorProtocolError, match="lacks the thingId"):
        catalog.run("create", title="T", responses=[{}])
    with pytest.raises(NotFound) as caught:
        catalog.run("create", title="T", responses=[{"ref": {"key": "K"}}, 404])
    assert [each.request for each in caught.value.done] == ["POST /things"]


def test_a_saved_element_of_a_list_may_be_missing(build: Build) -> None:
    catalog = project(
        build,
        "{create: {}}",
        [
            call("lists", "GET /boards/{boardId}/lists", query={"filter": "string"}, returns=[obj(id="string", more=obj(key="string"))]),
            call("make", "POST /things", takes=obj(title="string", list="string", key="string"), returns="Thing"),
        ],
        """
  create:
    - {operation: lists, params: {boardId: board_id}, constants: {filter: open}, save: {list: "[0]"}, not_found: "board {board_id} has no open list"}
    - {operation: make, send: [title], params: {list: list.id, key: list.more.key}}""",
        fields=FIELDS + "\nboard_id: {type: id, required: create}",
        more="unsupported: {board_id: written only}\n",
    )
    made = catalog.run("create", title="T", board_id="B", responses=[[{"id": "L", "more": {"key": "K"}}, {"id": "M"}], ONE])
    assert made.sent == ["GET /boards/B/lists?filter=open", ("POST /things", {"list": "L", "key": "K", "title": "T"})]
    with pytest.raises(InvalidInput, match="board B has no open list"):
        catalog.run("create", title="T", board_id="B", responses=[[]])
    assert catalog.plan("create", title="T", board_id="B")[1] == (
        "POST /things",
        {"list": "{list[0].id}", "key": "{list[0].more.key}", "title": "T"},
    )


def test_values_in_an_absent_part_of_a_response_are_absent(build: Build) -> None:
    catalog = project(
        build,
        "{create: {}}",
        [
            call("me", "GET /me", returns=obj(team=obj(id="string"), tags=["string"], groups=[obj(id="string")])),
            call("make", "POST /things", takes=obj(title="string", team="string", tags=["string"], groups=["string"]), returns="Thing"),
        ],
        """
  create:
    - {operation: me, save: me}
    - {operation: make, send: fields, params: {team: me.team.id, tags: me.tags, groups: "me.groups[].id"}}""",
    )
    made = catalog.run("create", title="T", responses=[{"team": {"id": "x"}, "tags": ["a"], "groups": [{"id": "g"}, {"id": "h"}]}, ONE])
    assert made.sent[1] == ("POST /things", {"title": "T", "team": "x", "tags": ["a"], "groups": ["g", "h"]})
    made = catalog.run("create", title="T", responses=[{}, ONE])
    assert made.sent[1] in [("POST /things", {"title": "T"}), ("POST /things", {"title": "T", "groups": []})]


def test_saved_values_may_be_absent_from_the_response(build: Build) -> None:
    catalog = project(
        build,
        "{create: {}}",
        [
            call("me", "GET /me", returns=obj(data=obj(team="string"))),
            call("make", "POST /things", takes=obj(title="string", team="string"), returns="Thing"),
        ],
        "  create:\n    - {operation: me, save: {me: data}}\n    - {operation: make, send: fields, params: {team: me.team}}",
    )
    for response, team in (({"data": {"team": "x"}}, {"team": "x"}), ({"data": {}}, {}), ({"data": None}, {}), ({}, {})):
        assert catalog.run("create", title="T", responses=[response, ONE]).sent[1] == ("POST /things", {"title": "T"} | team)


def test_an_index_into_a_saved_value(build: Build) -> None:
    catalog = project(
        build,
        "{create: {}}",
        [
            call("me", "GET /me", returns=obj(teams=[obj(id="string")])),
            call("make", "POST /things", takes=obj(title="string", team="string"), returns="Thing"),
        ],
        '  create:\n    - {operation: me, save: me}\n    - {operation: make, send: fields, params: {team: "me.teams[0].id"}}',
    )
    made = catalog.run("create", title="T", responses=[{"teams": [{"id": "x"}, {"id": "y"}]}, ONE])
    assert made.sent[1] == ("POST /things", {"title": "T", "team": "x"})
    assert catalog.run("create", title="T", responses=[{"teams": []}, ONE]).sent[1] == ("POST /things", {"title": "T"})


STATES = """id: {type: id, read_only: true}
title: {type: text, required: create}
status: {type: enum, values: [open, done]}"""


def transitions(build: Build, where: str, *, status: str = "{read: status, enum: {open: O, done: D}}") -> Catalog:
    return project(
        build,
        "{update: {}, get: {}}",
        [
            GET,
            call(
                "options",
                "GET /things/{thingId}/options",
                returns=obj(options=[obj(id="integer", to=obj(status="string", closed="boolean"))]),
            ),
            call("change", "PUT /things/{thingId}", takes=obj(title="string"), status="204"),
            call("move", "POST /things/{thingId}/move", takes=obj(option=obj(id="integer")), status="204"),
        ],
        f"""
  get: {{operation: getThing, params: {{thingId: id}}}}
  update:
    - {{operation: options, if: status, params: {{thingId: id}}, save: {{option: options}}, where: {where}, not_found: "no way to {{status}}"}}
    - {{operation: change, params: {{thingId: id}}, send: fields}}
    - {{operation: move, if: status, params: {{thingId: id, option.id: option.id}}}}
    - {{operation: getThing, params: {{thingId: id}}}}""",
        fields=STATES,
        mapped=f"id: {{read: id}}\n  title: {{path: title, clear: never}}\n  status: {status}",
        schemas={"Thing": obj(id="string", title="string", status="string", closed="boolean")},
    )


OPTIONS = {"options": [{"id": 1}, {"id": 2, "to": {"status": "O"}}, {"id": 3, "to": {"status": "D"}}, {"id": 4, "to": {"status": "D"}}]}


def test_a_step_looks_up_how_to_do_the_next(build: Build) -> None:
    catalog = transitions(build, "{to.status: status}")
    both = catalog.run("update", "1", title="X", status="done", responses=[OPTIONS, 204, 204, ONE])
    assert both.sent == [
        "GET /things/1/options",
        ("PUT /things/1", {"title": "X"}),
        ("POST /things/1/move", {"option": {"id": 3}}),
        "GET /things/1",
    ]
    assert catalog.run("update", "1", title="X", responses=[204, ONE]).sent == [("PUT /things/1", {"title": "X"}), "GET /things/1"]
    only = catalog.run("update", "1", status="open", responses=[OPTIONS, 204, ONE])
    assert only.sent == ["GET /things/1/options", ("POST /things/1/move", {"option": {"id": 2}}), "GET /things/1"]
    with pytest.raises(Conflict, match="no way to done"):
        catalog.run("update", "1", title="X", status="done", responses=[{"options": []}])
    with pytest.raises(Conflict, match="no way to done"):
        catalog.run("update", "1", status="done", responses=[{}])
    with pytest.raises(Unsupported, match="cannot clear status"):
        catalog.run("update", "1", status=None)
    plan = catalog.plan("update", "1", title="X", status="done")
    assert plan[2] == ("POST /things/1/move", {"option": {"id": "{option.id}"}})


def test_an_element_that_reads_as_a_value_of_several_columns(build: Build) -> None:
    catalog = project(
        build,
        "{update: {}, get: {}}",
        [
            GET,
            call("options", "GET /options", returns=[obj(id="integer", closed="boolean", mark="string")]),
            call("move", "POST /things/{thingId}/move", takes=obj(option="integer"), returns="Thing"),
        ],
        """
  get: {operation: getThing, params: {thingId: id}}
  update:
    - {operation: options, save: {option: "@"}, where: {"@": status}, not_found: "no way to {status}"}
    - {operation: move, params: {thingId: id, option: option.id}}""",
        fields="id: {type: id, read_only: true}\nstatus: {type: enum, values: [open, done], required: update}",
        mapped="id: {read: id}\n  status: {enum: {open: {closed: false}, done: {closed: true, mark: tick}}}",
        schemas={"Thing": obj(id="string", closed="boolean", mark="string")},
    )
    options = [{"id": 1, "closed": True, "mark": "none"}, {"id": 2, "closed": True, "mark": "tick"}, {"id": 3, "closed": False}]
    assert catalog.run("update", "1", status="done", responses=[options, ONE]).sent[1] == ("POST /things/1/move", {"option": 2})
    assert catalog.run("update", "1", status="open", responses=[options, ONE]).sent[1] == ("POST /things/1/move", {"option": 3})


def test_an_element_found_by_two_values_one_of_them_a_number(build: Build) -> None:
    catalog = project(
        build,
        "{create: {}}",
        [
            call("boards", "GET /boards", returns=obj(boards=[obj(id="integer", key="string", owner=obj(id="integer"))])),
            call("make", "POST /things", takes=obj(title="string", board="integer"), returns="Thing"),
        ],
        """
  create:
    - {operation: boards, save: {board: boards}, where: {key: board_id, owner.id: owner_id}, not_found: "no board {board_id} of {owner_id}"}
    - {operation: make, send: [title], params: {board: board.id}}""",
        fields=FIELDS + "\nboard_id: {type: id, required: create}\nowner_id: {type: id, required: create}",
        more="unsupported: {board_id: x, owner_id: x}\n",
    )
    boards = {"boards": [{"id": 1, "key": "B", "owner": {"id": 4}}, {"id": 2, "key": "B", "owner": {"id": 5}}, {"id": 3}]}
    assert catalog.run("create", title="T", board_id="B", owner_id="5", responses=[boards, ONE]).sent[1] == (
        "POST /things",
        {"board": 2, "title": "T"},
    )
    with pytest.raises(InvalidInput, match="no board B of 6"):
        catalog.run("create", title="T", board_id="B", owner_id="6", responses=[boards])


# ----------------------------------------------------------------------------------------------------------------- conditions
@pytest.mark.parametrize(
    ("when", "runs"),
    [
        ("a", [{"a": "1"}, {"a": "1", "b": "2"}]),
        ("!a", [{}, {"b": "2"}]),
        ("a && b", [{"a": "1", "b": "2"}]),
        ("a || b", [{"a": "1"}, {"b": "2"}, {"a": "1", "b": "2"}]),
        ("!a && b || a && !b", [{"a": "1"}, {"b": "2"}]),
    ],
)
def test_conditions(build: Build, when: str, runs: list) -> None:
    catalog = project(
        build,
        "{create: {}}",
        [
            call("note", "POST /notes", takes=obj(a="string", b="string"), status="204"),
            call("make", "POST /things", takes=obj(title="string", a="string", b="string"), returns="Thing"),
        ],
        f"""
  create:
    - {{operation: note, if: {when!r}, params: {{a: a, b: b}}}}
    - {{operation: make, send: [title, a, b]}}""",
        fields=FIELDS + "\na: {type: text}\nb: {type: text}",
        mapped="id: {read: id}\n  title: title\n  a: {path: a}\n  b: {path: b}",
        schemas={"Thing": obj(id="string", title="string", a="string", b="string")},
    )
    for given in ({}, {"a": "1"}, {"b": "2"}, {"a": "1", "b": "2"}):
        responses = [204, ONE] if given in runs else [ONE]
        ran = catalog.run("create", title="T", responses=responses, **given)
        expected: list[Any] = [("POST /things", {"title": "T", **given})]
        if given in runs:
            expected.insert(0, ("POST /notes", given) if given else ("POST /notes", {}))
        assert ran.sent[-1] == expected[-1]
        assert len(ran.sent) == len(expected), given


def test_either_of_two_ways_to_create(build: Build) -> None:
    catalog = project(
        build,
        "{create: {}}",
        [
            call("sub", "POST /things/{parent}/children", takes=obj(title="string"), returns=obj(child="Thing")),
            call("make", "POST /things", takes=obj(title="string"), returns="Thing"),
        ],
        """
  create:
    either:
      - {operation: sub, if: parent_id, params: {parent: parent_id}, send: [title], record: child}
      - {operation: make, send: [title]}""",
        fields=FIELDS + "\nparent_id: {type: id}",
        more="unsupported: {parent_id: x}\n",
    )
    ran = catalog.run("create", title="T", parent_id="p", responses=[{"child": ONE}])
    assert (ran.sent, ran.value.raw) == ([("POST /things/p/children", {"title": "T"})], ONE)
    assert catalog.run("create", title="T", responses=[ONE]).sent == [("POST /things", {"title": "T"})]


def test_an_alternative_refuses_what_only_another_one_accepts(build: Build) -> None:
    catalog = project(
        build,
        "{list: {inputs: {text: {type: text, summary: S.}, title: {field: title}}}}",
        [
            call("search", "GET /search", query={"q": "string"}, returns=["Thing"]),
            call("all", "GET /things", query={"title": "string"}, returns=["Thing"]),
        ],
        """
  list:
    either:
      - {operation: search, if: text, params: {q: text}, items: "@"}
      - {operation: all, params: {title: title}, items: "@"}""",
        more="unsupported: {filter.title: a search looks into everything}\n",
    )
    assert catalog.run("list", title="T", responses=[[ONE]]).sent == ["GET /things?title=T"]
    assert catalog.run("list", text="w", responses=[[ONE]]).sent == ["GET /search?q=w"]
    with pytest.raises(Unsupported, match="a search looks into everything"):
        catalog.run("list", text="w", title="T")


def test_a_step_that_a_later_one_of_the_same_condition_follows_returns_nothing(build: Build) -> None:
    """Its result need not be a record, then."""
    catalog = project(
        build,
        "{create: {}}",
        [
            call("make", "POST /things", takes=obj(title="string"), returns="Thing"),
            call("move", "PUT /things/{id}/parent", takes=obj(parent="string"), returns=obj(ok="boolean")),
            call("read", "GET /things/{id}", returns="Thing"),
        ],
        """
  create:
    - {operation: make, send: [title], save: made}
    - {operation: move, if: parent_id, params: {id: made.id, parent: parent_id}}
    - {operation: read, if: parent_id, params: {id: made.id}}""",
        fields=FIELDS + "\nparent_id: {type: id}",
        more="unsupported: {parent_id: x}\n",
    )
    ran = catalog.run("create", title="T", parent_id="p", responses=[ONE, {"ok": True}, {**ONE, "title": "U"}])
    assert ran.sent[1:] == [("PUT /things/1/parent", {"parent": "p"}), "GET /things/1"]
    assert ran.value.title == "U"
    assert catalog.run("create", title="T", responses=[ONE]).value.title == "T"


# ------------------------------------------------------------------------------------------------------------------ responses
def test_the_record_in_a_list_and_inside_an_object(build: Build) -> None:
    catalog = project(
        build,
        "{get: {}, create: {}}",
        [
            call("history", "GET /history", query={"ts!": "string", "limit": "integer"}, returns=obj(messages=["Thing"])),
            call("post", "POST /post", takes="Thing", returns=obj(ok="boolean", message="Thing")),
        ],
        """
  get: {operation: history, params: {ts: id}, constants: {limit: 1}, record: "messages[0]"}
  create: {operation: post, send: fields, record: message}""",
    )
    got = catalog.run("get", "7", responses=[{"messages": [ONE]}])
    assert (got.sent, got.value.title, got.value.raw) == (["GET /history?ts=7&limit=1"], "T", ONE)
    for empty in ({"messages": []}, {}):
        with pytest.raises(NotFound, match="Acme has no such Thing"):
            catalog.run("get", "7", responses=[empty])
    made = catalog.run("create", title="T", responses=[{"ok": True, "message": ONE}])
    assert (made.value.title, made.value.raw) == ("T", ONE)


NOTED = """
  create:
    - {operation: me, save: {me: user}}
    - {operation: note, send: fields}
    - {operation: history, record: "found[-1]", where: {title: title, by: me.id}}"""


def test_the_record_is_the_element_that_was_written(build: Build) -> None:
    """Other clients may have written to the list since."""
    calls = [
        call("me", "GET /me", returns=obj(user=obj(id="integer"))),
        call("note", "POST /notes", takes=obj(title="string")),
        call("history", "GET /notes", returns=obj(found=["Thing"])),
    ]
    schemas = {"Thing": obj(id="string", title="string", by="integer")}
    catalog = project(build, "{create: {}}", calls, NOTED, schemas=schemas)
    mine, later = {"id": "3", "title": "T", "by": 5}, {"id": "4", "title": "U", "by": 6}
    before = {"id": "1", "title": "T", "by": 5}
    theirs = {"id": "5", "title": "T", "by": 6}
    ran = catalog.run("create", title="T", responses=[{"user": {"id": 5}}, {}, {"found": [before, mine, later, theirs]}])
    assert ran.sent == ["GET /me", ("POST /notes", {"title": "T"}), "GET /notes"]
    assert (ran.value.id, ran.value.raw["by"]) == ("3", 5)
    stored = {"id": "3", "title": " T\r\nU", "by": 5}
    assert catalog.run("create", title="T\nU", responses=[{"user": {"id": 5}}, {}, {"found": [stored]}]).value.id == "3"
    for found in ({"found": [later, theirs]}, {"found": []}, {}):
        with pytest.raises(NotFound) as caught:
            catalog.run("create", title="T", responses=[{"user": {"id": 5}}, {}, found])
        assert [done.request for done in caught.value.done] == ["POST /notes"]
    assert diagnostics(
        model=model(FIELDS, "{create: {}}"),
        document=document([*calls[:2], call("history", "GET /notes", returns=obj(found="Thing"))], schemas),
        mapping="resource: things\nschema: Thing\nfields:\n  id: {read: id}\n  title: title\noperations:" + NOTED.replace("[-1]", ""),
    ) == ["MAP212 `where` selects one element of a list, and `found` is not a list"]


def test_the_response_is_that_of_the_last_step_that_ran(build: Build) -> None:
    catalog = project(
        build,
        "{update: {}}",
        [
            call("change", "PATCH /things/{thingId}", takes=obj(title="string"), returns="Thing"),
            call("mark", "PUT /things/{thingId}/mark", takes=obj(mark="string"), returns="Thing"),
        ],
        """
  update:
    - {operation: change, params: {thingId: id}, send: [title]}
    - {operation: mark, if: mark, params: {thingId: id, mark: mark}}""",
        fields=FIELDS + "\nmark: {type: text}",
        mapped="id: {read: id}\n  title: {path: title, clear: never}\n  mark: {read: mark}",
        schemas={"Thing": obj(id="string", title="string", mark="string")},
    )
    assert catalog.run("update", "1", title="A", responses=[ONE | {"title": "A"}]).value.title == "A"
    assert catalog.run("update", "1", mark="m", responses=[ONE | {"title": "B"}]).value.title == "B"
    both = catalog.run("update", "1", title="A", mark="m", responses=[ONE | {"title": "A"}, ONE | {"title": "C", "mark": "m"}])
    assert (both.value.title, both.value.mark) == ("C", "m")


def test_a_field_that_the_response_does_not_repeat(build: Build) -> None:
    catalog = project(
        build,
        "{create: {}, get: {}}",
        [
            call("make", "POST /boards/{boardId}/things", takes=obj(title="string"), returns="Thing"),
            call("getThing", "GET /boards/{boardId}/things/{thingId}", returns="Thing"),
        ],
        """
  create: {operation: make, params: {boardId: board_id}, send: [title]}
  get: {operation: getThing, params: id}""",
        fields=FIELDS + "\nboard_id: {type: id, required: create}",
        mapped='id: {format: "{boardId}/{thingId}", parse: {id: "{thingId}"}}\n  title: title\n  board_id: {read: request.boardId}',
    )
    made = catalog.run("create", title="T", board_id="B", responses=[ONE])
    assert (made.sent, made.value.id, made.value.board_id) == ([("POST /boards/B/things", {"title": "T"})], "B/1", "B")
    got = catalog.run("get", "B/1", responses=[ONE])
    assert (got.sent, got.value.id, got.value.board_id) == (["GET /boards/B/things/1"], "B/1", "B")


def test_deleting_returns_nothing(build: Build) -> None:
    catalog = project(
        build,
        "{delete: {}}",
        [call("drop", "DELETE /things/{thingId}", status="204")],
        "  delete: {operation: drop, params: {thingId: id}}",
    )
    ran = catalog.run("delete", "a/b?c#d", responses=[204])
    assert (ran.value, ran.sent) == (None, ["DELETE /things/a%2Fb%3Fc%23d"])


# ------------------------------------------------------------------------------------------------------------------------ ids
def test_a_composite_id(build: Build) -> None:
    catalog = project(
        build,
        "{get: {}, list: {inputs: {project_id: {type: id, field: project_id, required: true}}}, update: {}}",
        [
            call("getThing", "GET /repos/{owner}/{repo}/things/{number}", path_schemas={"number": "integer"}, returns="Thing"),
            call("all", "GET /repos/{owner}/{repo}/things", returns=["Thing"]),
            call(
                "change",
                "PATCH /repos/{owner}/{repo}/things/{number}",
                path_schemas={"number": "integer"},
                takes=obj(title="string"),
                returns="Thing",
            ),
        ],
        """
  get: {operation: getThing, params: id}
  list: {operation: all, params: {owner: project_id.owner, repo: project_id.repo}}
  update: {operation: change, params: [id], send: fields}""",
        fields="id: {type: id, read_only: true}\ntitle: {type: text, required: create}\nproject_id: {type: id, read_only: true}",
        mapped="""id: {format: "{owner}/{repo}#{number}", parse: {number: "{number}", repository_url: "*/repos/{owner}/{repo}"}}
  title: {path: title, clear: never}
  project_id: {format: "{owner}/{repo}", parse: {repository_url: "*/repos/{owner}/{repo}"}}""",
        schemas={"Thing": obj(number="integer", repository_url="string", title="string")},
    )
    response = {"number": 7, "repository_url": "https://api.example/repos/o/r", "title": "T"}
    got = catalog.run("get", "o/r#7", responses=[response])
    assert (got.sent, got.value.id, got.value.project_id) == (["GET /repos/o/r/things/7"], "o/r#7", "o/r")
    listed = catalog.run("list", project_id="o/r", responses=[[response]])
    assert (listed.sent, [each.id for each in listed.value]) == (["GET /repos/o/r/things"], ["o/r#7"])
    assert catalog.run("update", "o/r#7", title="X", responses=[response]).sent == [("PATCH /repos/o/r/things/7", {"title": "X"})]
    for wrong in ("o", "o/r", "o/r#", "/r#7", "o/r#7x", "o/r#-1", "o/r#7/../8", "o/r#../../x"):
        with pytest.raises(InvalidInput):
            catalog.run("get", wrong)
    with pytest.raises(VendorProtocolError, match="lacks id"):
        catalog.run("get", "o/r#7", responses=[{"number": 7, "repository_url": "elsewhere"}])


# ---------------------------------------------------------------------------------------------------------- target of each input
def test_one_namespace_for_a_request(build: Build) -> None:
    catalog = project(
        build,
        "{create: {}}",
        [
            call(
                "make",
                "PUT /rooms/{roomId}/things/{txn}",
                query={"notify": "boolean", "id": "string"},
                headers={"X-Version": "string", "If-Match": "string"},
                takes=obj(title="string", id="string", meta=obj(site="string")),
                returns="Thing",
            )
        ],
        """
  create: {operation: make, params: [{roomId: room_id, txn: call.key, If-Match: version, meta.site: connection.site}, {query.id: room_id, body.id: version}],
    constants: {notify: false, X-Version: "3"}, send: [title]}""",
        fields=FIELDS + "\nroom_id: {type: id, required: create}\nversion: {type: text}",
        vendor="connection: {site: The site}\nbase_url: {default: 'https://acme.example'}\nheaders: {X-Constant: 'yes'}\n",
        values={"site": "s"},
        more="unsupported: {room_id: x, version: x}\n",
    )
    ran = catalog.run("create", title="T", room_id="R", version='"v1"', responses=[ONE])
    ((line, body),) = ran.sent
    assert (line.startswith("PUT /rooms/R/things/") and line.endswith("?notify=false&id=R")) or line.endswith("?id=R&notify=false")
    assert body == {"id": '"v1"', "title": "T", "meta": {"site": "s"}}
    assert ran.headers == [{"X-Constant": "yes", "If-Match": '"v1"', "X-Version": "3"}]
    ran = catalog.run("create", title="T", room_id="R", responses=[ONE])
    assert ran.headers == [{"X-Constant": "yes", "X-Version": "3"}]
    assert ran.sent[0][1] == {"title": "T", "meta": {"site": "s"}}
    with pytest.raises(InvalidInput, match="cannot be sent in the header"):
        catalog.run("create", title="T", room_id="R", version="a\r\nX-Evil: 1")


def test_literals_and_defaults(build: Build) -> None:
    catalog = project(
        build,
        "{create: {}}",
        [
            call(
                "make",
                "POST /things",
                query={"mode": "string", "expand": ["string"], "n": "integer"},
                headers={"X-Mode": "string"},
                takes=obj(title="string", kind=obj(name="string", id="integer"), tags=["string"], fixed="string", none="string?"),
                returns="Thing",
            )
        ],
        """
  create: {operation: make, send: fields, constants: {fixed: f, mode: m, expand: [a, b], none: null}, defaults: {kind.name: Task, tags: [t], n: 3, X-Mode: d}}""",
    )
    ran = catalog.run("create", title="T", responses=[ONE])
    assert ran.sent == [
        ("POST /things?mode=m&expand=a&expand=b&n=3", {"title": "T", "fixed": "f", "none": None, "kind": {"name": "Task"}, "tags": ["t"]})
    ]
    assert ran.headers == [{"X-Mode": "d"}]
    ran = catalog.run("create", title="T", extra={"acme": {"kind": {"id": 4}, "tags": []}}, responses=[ONE])
    assert ran.sent[0][1] == {"title": "T", "fixed": "f", "none": None, "kind": {"id": 4, "name": "Task"}, "tags": []}
    ran = catalog.run("create", title="T", extra={"acme": {"kind": {"name": "Bug"}}}, responses=[ONE])
    assert ran.sent[0][1]["kind"] == {"name": "Bug"}
    for wrong in ({"fixed": "x"}, {"title": "x"}, {"other": 1}, {"kind": "x"}):
        with pytest.raises(InvalidInput, match="extra"):
            catalog.run("create", title="T", extra={"acme": wrong})


def test_a_default_yields_to_a_field(build: Build) -> None:
    catalog = project(
        build,
        "{create: {}}",
        [call("make", "POST /things", takes=obj(title="string", kind="string"), returns="Thing")],
        "  create: {operation: make, send: fields, defaults: {kind: Task}}",
        fields=FIELDS + "\nkind: {type: text}",
        mapped="id: {read: id}\n  title: title\n  kind: kind",
        schemas={"Thing": obj(id="string", title="string", kind="string")},
    )
    assert catalog.run("create", title="T", responses=[ONE]).sent == [("POST /things", {"title": "T", "kind": "Task"})]
    assert catalog.run("create", title="T", kind="Bug", responses=[ONE]).sent == [("POST /things", {"title": "T", "kind": "Bug"})]


def test_extra_and_custom_fields(build: Build) -> None:
    catalog = project(
        build,
        "{create: {}, update: {}, get: {}}",
        [
            GET,
            call("make", "POST /things", takes=obj(fields="Fields"), returns="Thing"),
            call("change", "PUT /things/{thingId}", takes=obj(fields="Fields"), returns="Thing"),
        ],
        """
  get: {operation: getThing, params: {thingId: id}}
  create: {operation: make, send: fields}
  update: {operation: change, params: {thingId: id}, send: fields}""",
        fields=FIELDS + "\npoints: {type: text}",
        mapped="id: {read: id}\n  title: {path: fields.title, clear: never}\n  points: {path: fields.customfield_7.value, clear: never}",
        schemas={
            "Thing": obj(id="string", fields="Fields"),
            "Fields": {
                **obj(title="string", note="string"),
                "patternProperties": {r"^customfield_\d+$": obj(value="string")},
                "additionalProperties": {},
            },
        },
        more=r"custom_fields: {pattern: 'customfield_\d+', object: fields}" + "\n",
    )
    response = {"id": "1", "fields": {"title": "T", "customfield_7": {"value": "3"}}}
    assert catalog.run("get", "1", responses=[response]).value.points == "3"
    made = catalog.run(
        "create", title="T", points="5", extra={"acme": {"fields": {"note": "n", "customfield_8": {"value": "x"}}}}, responses=[response]
    )
    assert made.sent == [
        ("POST /things", {"fields": {"title": "T", "customfield_7": {"value": "5"}, "note": "n", "customfield_8": {"value": "x"}}})
    ]
    changed = catalog.run("update", "1", extra={"acme": {"fields": {"note": "n"}}}, responses=[response])
    assert changed.sent == [("PUT /things/1", {"fields": {"note": "n"}})]
    with pytest.raises(InvalidInput, match="extra"):
        catalog.run("create", title="T", extra={"acme": {"fields": {"title": "n"}}})
    with pytest.raises(InvalidInput, match="none that has"):
        catalog.run("create", title="T", extra={"acne": {}})


def test_send_lists_some_fields(build: Build) -> None:
    catalog = project(
        build,
        "{update: {}}",
        [
            call("change", "PATCH /things/{thingId}", takes=obj(title="string"), returns="Thing"),
            call("tag", "PUT /things/{thingId}/tags", takes=obj(tags=["string"]), returns="Thing"),
            call("getThing", "GET /things/{thingId}", returns="Thing"),
        ],
        """
  update:
    - {operation: change, params: {thingId: id}, send: [title]}
    - {operation: tag, params: {thingId: id}, send: [tags]}
    - {operation: getThing, params: {thingId: id}}""",
        fields=FIELDS + "\ntags: {type: [text]}",
        mapped="id: {read: id}\n  title: {path: title, clear: never}\n  tags: tags",
        schemas={"Thing": obj(id="string", title="string", tags=["string"])},
    )
    assert catalog.run("update", "1", tags=["a"], responses=[ONE, ONE]).sent == [("PUT /things/1/tags", {"tags": ["a"]}), "GET /things/1"]
    assert catalog.run("update", "1", title="T", responses=[ONE, ONE]).sent == [("PATCH /things/1", {"title": "T"}), "GET /things/1"]
    assert len(catalog.run("update", "1", title="T", tags=None, responses=[ONE, ONE, ONE]).sent) == 3


# -------------------------------------------------------------------------------------------------------------------- errors
def test_a_failure_is_reported_in_unified_names(build: Build) -> None:
    catalog = project(
        build,
        "{create: {}}",
        [call("make", "POST /things", takes=obj(fields=obj(summary="string", assignee=obj(id="string"))), returns="Thing")],
        "  create: {operation: make, send: fields}",
        fields=FIELDS + "\nowner_id: {type: id}",
        mapped="id: {read: id}\n  title: {read: title, write: fields.summary}\n  owner_id: {write: fields.assignee.id}",
        vendor="""errors:
  message: "messages[0]"
  code: code
  fields: {map: errors, prefix: fields}
  types: {Conflict: [busy], RateLimited: [slow]}
""",
        more="unsupported: {read.owner_id: x}\n",
    )
    with pytest.raises(Rejected) as caught:
        catalog.run("create", title="T", responses=[(400, {"messages": ["no"], "errors": {"summary": "too long", "assignee": "unknown"}})])
    assert caught.value.fields == {"title": "too long", "owner_id": "unknown"}
    with pytest.raises(Conflict, match="wait"):
        catalog.run("create", title="T", responses=[(400, {"messages": ["wait"], "code": "busy"})])


def test_a_failure_inside_a_success(build: Build) -> None:
    catalog = (
        project(
            build,
            "{get: {}}",
            [call("getThing", "GET /things/{thingId}", returns=obj(ok="boolean", error="string", thing="Thing"))],
            "  get: {operation: getThing, params: {thingId: id}, record: thing}",
            vendor='errors: {failed_if: "ok == `false` || errno > `3`", code: error, types: {NotFound: [no_thing]}}\n',
            more="unsupported: {write.title: x}\n",
        )
        if False
        else project(
            build,
            "{get: {}}",
            [call("getThing", "GET /things/{thingId}", returns=obj(ok="boolean", error="string", thing="Thing"))],
            "  get: {operation: getThing, params: {thingId: id}, record: thing}",
            fields="id: {type: id, read_only: true}\ntitle: {type: text, read_only: true}",
            mapped="id: {read: id}\n  title: {read: title}",
            vendor='errors: {failed_if: "ok == `false` || errno > `3`", code: error, types: {NotFound: [no_thing]}}\n',
        )
    )
    assert catalog.run("get", "1", responses=[{"ok": True, "thing": ONE}]).value.title == "T"
    assert catalog.run("get", "1", responses=[{"thing": ONE}]).value.title == "T"
    with pytest.raises(NotFound):
        catalog.run("get", "1", responses=[{"ok": False, "error": "no_thing"}])
    with pytest.raises(Rejected):
        catalog.run("get", "1", responses=[{"ok": True, "errno": 4}])
    assert catalog.run("get", "1", responses=[{"errno": "many", "thing": ONE}]).value.title == "T"


def test_a_date_in_a_missing_message(build: Build) -> None:
    catalog = project(
        build,
        "{create: {}}",
        [
            call("slots", "GET /slots", query={"at": "string:date-time"}, returns=[obj(id="string")]),
            call("make", "POST /things", takes=obj(title="string", slot="string"), returns="Thing"),
        ],
        """
  create:
    - {operation: slots, params: {at: start}, save: {slot: "[0]"}, not_found: "nothing is free at {start} {\\"} \\\\ {title}"}
    - {operation: make, send: [title], params: {slot: slot.id}}""".replace('{\\"} \\\\ ', "''\\\\ "),
        fields=FIELDS + "\nstart: {type: datetime, required: create}",
        more="unsupported: {start: x}\n",
    )
    with pytest.raises(InvalidInput, match="nothing is free at 2026"):
        catalog.run("create", title="T", start=datetime(2026, 1, 2, tzinfo=UTC), responses=[[]])


def test_records_in_a_list_that_a_literal_finds(build: Build) -> None:
    """The compared value is decoded as well, and `raw` is the path that was read."""
    catalog = project(
        build,
        "{list: {inputs: {}}, get: {}, create: {}}",
        [
            call("all", "GET /groups", returns=obj(groups=[obj(kind="string", things=["Thing"])])),
            call("one", "GET /things/{id}", returns=obj(found=[obj(of=obj(kind="string"), thing="Thing")])),
            call("look", "GET /look", returns=obj(groups=[obj(kind="string", key="string")])),
            call("make", "POST /things", takes=obj(title="string", group="string"), returns="Thing"),
        ],
        """
  list: {operation: all, items: "groups[?kind=='mine'] | [0].things"}
  get: {operation: one, params: {id: id}, record: "found[?of.kind=='thing'] | [0].thing"}
  create:
    - {operation: look, save: {group: "groups[?kind=='mine'] | [0]"}}
    - {operation: make, params: {group: group.key}, send: fields}""",
    )
    groups = {"groups": [{"kind": "theirs", "things": [{"id": "9", "title": "U"}]}, {"kind": "mine", "key": "k", "things": [ONE]}]}
    listed = catalog.run("list", responses=[groups]).value
    assert [(one.id, one.raw) for one in listed] == [("1", ONE)]
    assert catalog.run("list", responses=[{"groups": []}]).value == []
    got = catalog.run("get", "1", responses=[{"found": [{}, {"of": {"kind": "thing"}, "thing": ONE}]}]).value
    assert (got.title, got.raw) == ("T", ONE)
    with pytest.raises(NotFound):
        catalog.run("get", "1", responses=[{"found": [{"of": None}]}])
    assert catalog.run("create", title="T", responses=[groups, ONE]).sent[-1] == ("POST /things", {"title": "T", "group": "k"})


def test_literals_of_a_vendor_go_to_every_call_that_has_the_input(build: Build) -> None:
    catalog = project(
        build,
        "{get: {}, create: {}, delete: {}}",
        [
            call("read", "GET /things/{id}/as/{format}", query={"X-Mode": "string"}, returns="Thing"),
            call("make", "POST /things/as/{format}", takes=obj(title="string", mode="string"), returns="Thing"),
            call("drop", "DELETE /things/{id}"),
        ],
        """
  get: {operation: read, params: {id: id}, constants: {X-Mode: own}}
  create: {operation: make, params: {mode: title}, send: [title]}
  delete: {operation: drop, params: {id: id}}""",
        vendor="constants: {format: json, X-Mode: all, mode: all}",
    )
    assert catalog.run("get", "1", responses=[ONE]).sent == ["GET /things/1/as/json?X-Mode=own"]
    assert catalog.run("create", title="T", responses=[ONE]).sent == [("POST /things/as/json", {"title": "T", "mode": "T"})]
    assert catalog.run("delete", "1", responses=[None]).sent == ["DELETE /things/1"]


# ------------------------------------------------------------------------------------------------------------------- objects
def test_an_object_is_saved_only_if_it_matches(build: Build) -> None:
    catalog = project(
        build,
        "{update: {}}",
        [
            call("whoami", "GET /me", returns=obj(name="string")),
            call("getThing", "GET /things/{thingId}", returns=obj(id="string", title="string", owner="string")),
            call("change", "PATCH /things/{thingId}", takes=obj(title="string"), returns="Thing"),
        ],
        """
  update:
    - {operation: whoami, save: me}
    - {operation: getThing, params: {thingId: id}, save: seen, where: {owner: me.name}, not_found: only its owner changes a thing}
    - {operation: change, params: {thingId: id}, send: fields}
    - {operation: getThing, params: {thingId: id}}""",
        vendor="clear: never",
    )
    mine = {"id": "1", "title": "T", "owner": "ada"}
    made = catalog.run("update", "1", title="N", responses=[{"name": "ada"}, mine, {}, mine])
    assert made.sent == ["GET /me", "GET /things/1", ("PATCH /things/1", {"title": "N"}), "GET /things/1"]
    with pytest.raises(Conflict, match="only its owner"):
        catalog.run("update", "1", title="N", responses=[{"name": "wanda"}, mine])
    assert catalog.plan("update", "1", title="N")[-2] == ("PATCH /things/1", {"title": "N"})


def test_an_object_that_a_codec_writes_has_others_beside_it(build: Build) -> None:
    content = obj(
        body="string", format="string", formatted_body="string", kind="string", inner="Content", **{"m.mentions": {"type": "object"}}
    )
    catalog = project(
        build,
        "{create: {}, update: {}}",
        [
            call("say", "POST /things", takes="Content", returns="Thing"),
            call("change", "PUT /things/{thingId}", takes="Content", returns="Thing"),
        ],
        """
  create: {operation: say, constants: {kind: said}, send: fields}
  update: {operation: change, params: {thingId: id}, constants: {kind: changed, inner.kind: said}, send: fields}""",
        fields="id: {type: id, read_only: true}\ntitle: {type: markdown, required: [create, update]}",
        mapped='id: {read: id}\n  title: {read: "@", write: "@", also_write: {update: [inner]}, codec: matrix_text}',
        schemas={"Content": content, "Thing": obj(id="string", body="string")},
        vendor="clear: never",
    )
    plain = {"body": "Hello", "m.mentions": {}}
    made = catalog.run("create", title="Hello", responses=[{"id": "1", "body": "Hello"}])
    assert made.sent == [("POST /things", {"kind": "said", **plain})]
    assert made.value.title == "Hello"
    made = catalog.run("update", "1", title="Hello", responses=[{"id": "1", "body": "Hello"}])
    assert made.sent == [("PUT /things/1", {"kind": "changed", **plain, "inner": {"kind": "said", **plain}})]
