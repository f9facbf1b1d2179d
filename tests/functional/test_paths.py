"""Paths of values in responses and requests, reading and writing: lists in paths, `also`, the three states of an update."""

from __future__ import annotations

from datetime import date

import pytest

from tests.functional.compiled import Build, call, crud, diagnostics, document, model, obj
from unified_runtime import InvalidInput, Unsupported, VendorProtocolError

EMPTY = {"id": "1"}


def test_one_line_reads_and_writes_a_location_inside_objects(build: Build) -> None:
    catalog = crud(
        build,
        "title: {type: text, required: create}\nnote: {type: text}",
        "title: a.title\nnote: a.b.note",
        obj(a=obj(title="string", b={**obj(note="string"), "nullable": True})),
    )
    response = {"id": "1", "a": {"title": "T", "b": {"note": "N"}}}
    got = catalog.run("get", "1", responses=[response])
    assert (got.value.id, got.value.title, got.value.note) == ("1", "T", "N")
    assert got.sent == ["GET /things/1"]
    assert catalog.run("get", "1", responses=[EMPTY]).value.note is None
    assert catalog.run("get", "1", responses=[{"id": "1", "a": {"b": None}}]).value.note is None
    made = catalog.run("create", title="T", note="N", responses=[response])
    assert made.sent == [("POST /things", {"a": {"title": "T", "b": {"note": "N"}}})]
    assert made.value.note == "N"
    assert catalog.run("create", title="T", responses=[response]).sent == [("POST /things", {"a": {"title": "T"}})]
    assert catalog.run("create", title="T", note=None, responses=[response]).sent == [("POST /things", {"a": {"title": "T"}})]


def test_an_update_has_three_states_and_null_is_at_the_outermost_own_object(build: Build) -> None:
    catalog = crud(
        build,
        "title: {type: text, required: create}\nowner_id: {type: id}\nnote: {type: text}\nlabels: {type: [text]}",
        "title: f.title\nowner_id: f.owner.account.id\nnote: note\nlabels: f.labels",
        obj(
            f=obj(title="string", labels=["string"], owner={**obj(account=obj(id="string")), "nullable": True}),
            note="string?",
        ),
    )

    def sent(**given: object) -> object:
        ((line, body),) = catalog.run("update", "1", responses=[EMPTY], **given).sent
        assert line == "PATCH /things/1"
        return body

    assert sent(owner_id="u") == {"f": {"owner": {"account": {"id": "u"}}}}
    assert sent(owner_id=None) == {"f": {"owner": None}}
    assert sent(note=None) == {"note": None}
    assert sent(labels=None) == {"f": {"labels": []}}
    assert sent(labels=[]) == {"f": {"labels": []}}
    assert sent(title="T", labels=["a"], note="n") == {"f": {"title": "T", "labels": ["a"]}, "note": "n"}
    with pytest.raises(InvalidInput, match="nothing to change"):
        catalog.run("update", "1")
    with pytest.raises(Unsupported, match="cannot clear title"):
        catalog.run("update", "1", title=None)


def test_a_field_with_one_direction(build: Build) -> None:
    catalog = crud(
        build,
        "title: {type: text}\nsecret: {type: text}\nproject_id: {type: id}\nfolder_id: {type: id}",
        """
title: {read: shown.title, write: title}
secret: {write: secret}
project_id: {read: project.key, write: {create: project}}
folder_id: {read: "parents[0]", write: {create: "parents[0]", update: addParents}}""",
        obj(shown=obj(title="string"), project=obj(key="string"), parents=["string"]),
        takes=obj(title="string?", secret="string?", project="string", parents=["string"], addParents="string?"),
        more="unsupported: {update.project_id: stays, read.secret: write only}\n",
    )
    response = {"id": "1", "shown": {"title": "T"}, "project": {"key": "P"}, "parents": ["F", "G"]}
    made = catalog.run("create", title="t", secret="s", project_id="p", folder_id="f", responses=[response])
    assert made.sent == [("POST /things", {"title": "t", "secret": "s", "project": "p", "parents": ["f"]})]
    assert (made.value.title, made.value.project_id, made.value.folder_id, made.value.secret) == ("T", "P", "F", None)
    changed = catalog.run("update", "1", folder_id="g", secret=None, responses=[response])
    assert changed.sent == [("PATCH /things/1", {"secret": None, "addParents": "g"})]
    with pytest.raises(Unsupported, match=r"Acme cannot take project_id here .project_id: stays"):
        catalog.run("update", "1", project_id="p")
    assert catalog.run("get", "1", responses=[EMPTY]).value.folder_id is None
    assert catalog.run("get", "1", responses=[{"id": "1", "parents": []}]).value.folder_id is None


def test_a_list_of_objects_is_a_list_of_values(build: Build) -> None:
    catalog = crud(
        build,
        "labels: {type: [text]}\nmember_ids: {type: [id]}",
        "labels: tags[].name\nmember_ids: f.members[].user.id",
        obj(tags=[obj(name="string")], f=obj(members=[obj(user=obj(id="string"))])),
    )
    response = {
        "id": "1",
        "tags": [{"name": "a"}, {"color": "red"}, {"name": "b"}],
        "f": {"members": [{"user": {"id": "u"}}, {}, {"user": None}]},
    }
    got = catalog.run("get", "1", responses=[response]).value
    assert (got.labels, got.member_ids) == (["a", "b"], ["u"])
    assert catalog.run("get", "1", responses=[EMPTY]).value.labels == []
    assert catalog.run("get", "1", responses=[{"id": "1", "tags": None}]).value.labels == []
    made = catalog.run("create", labels=["x", "y"], member_ids=["u"], responses=[EMPTY])
    assert made.sent == [("POST /things", {"tags": [{"name": "x"}, {"name": "y"}], "f": {"members": [{"user": {"id": "u"}}]}})]
    assert catalog.run("update", "1", labels=None, responses=[EMPTY]).sent == [("PATCH /things/1", {"tags": []})]


def test_a_list_of_at_most_one(build: Build) -> None:
    catalog = crud(
        build,
        "title: {type: text}\nassignee_ids: {type: [id]}\nowner_ids: {type: [id]}",
        "title: f.title\nassignee_ids: [f.assignee.id]\nowner_ids: {read: [owner.gid], write: [owner]}",
        obj(f=obj(title="string?", assignee={**obj(id="string"), "nullable": True}), owner=obj(gid="string")),
        takes=obj(f=obj(title="string?", assignee={**obj(id="string"), "nullable": True}), owner="string?"),
    )
    got = catalog.run("get", "1", responses=[{"id": "1", "f": {"assignee": {"id": "u"}}, "owner": {"gid": "g"}}]).value
    assert (got.assignee_ids, got.owner_ids) == (["u"], ["g"])
    assert catalog.run("get", "1", responses=[{"id": "1", "f": {"assignee": None}}]).value.assignee_ids == []
    assert catalog.run("create", assignee_ids=["u"], owner_ids=["g"], responses=[EMPTY]).sent == [
        ("POST /things", {"f": {"assignee": {"id": "u"}}, "owner": "g"})
    ]
    assert catalog.run("create", assignee_ids=[], responses=[EMPTY]).sent == [("POST /things", {})]
    with pytest.raises(Unsupported, match="at most one of assignee_ids, not 2"):
        catalog.run("create", assignee_ids=["u", "v"])
    for empty in ([], None):
        assert catalog.run("update", "1", assignee_ids=empty, responses=[EMPTY]).sent == [("PATCH /things/1", {"f": {"assignee": None}})]


def test_the_first_element_and_the_last(build: Build) -> None:
    catalog = crud(
        build,
        "email: {type: email}\nphone: {type: text}\nlatest: {type: text, read_only: true}",
        """
email: emails[0].address
phone: phones[0]
latest: {read: "log[-1].text"}""",
        obj(emails=[obj(address="string")], phones=["string"], log=[obj(text="string")]),
    )
    got = catalog.run(
        "get", "1", responses=[{"id": "1", "emails": [{"address": "a"}, {"address": "b"}], "phones": ["p"], "log": [{}, {"text": "t"}]}]
    )
    assert (got.value.email, got.value.phone, got.value.latest) == ("a", "p", "t")
    for response in (EMPTY, {"id": "1", "emails": [], "phones": [], "log": []}, {"id": "1", "emails": None, "phones": None, "log": [{}]}):
        none = catalog.run("get", "1", responses=[response]).value
        assert (none.email, none.phone, none.latest) == (None, None, None)
    assert catalog.run("create", email="a", phone="p", responses=[EMPTY]).sent == [
        ("POST /things", {"emails": [{"address": "a"}], "phones": ["p"]})
    ]
    assert catalog.run("update", "1", email=None, phone=None, responses=[EMPTY]).sent == [("PATCH /things/1", {"emails": [], "phones": []})]


def test_two_fields_in_one_element_of_a_list(build: Build) -> None:
    catalog = crud(
        build,
        "email: {type: email, required: create}\nkind: {type: text, required: create}\nnote: {type: text}",
        "email: emails[0].address\nkind: emails[0].kind\nnote: emails[0].note",
        obj(emails=[obj(address="string", kind="string", note="string?")]),
    )
    made = catalog.run("create", email="a", kind="k", responses=[EMPTY])
    assert made.sent == [("POST /things", {"emails": [{"address": "a", "kind": "k"}]})]
    assert catalog.run("update", "1", kind="k", responses=[EMPTY]).sent == [("PATCH /things/1", {"emails": [{"kind": "k"}]})]
    assert catalog.run("update", "1", note=None, responses=[EMPTY]).sent == [("PATCH /things/1", {"emails": [{"note": None}]})]


def test_an_element_is_found_by_a_literal_and_written_with_it(build: Build) -> None:
    catalog = crud(
        build,
        "points: {type: text, required: create}\nteam: {type: text, required: create}\nsize: {type: text}\nunit: {type: text}\nothers: {type: [text], read_only: true}",
        """
points: "props[?name=='Points'] | [0].value"
team: "props[?name=='Team'] | [0].value"
size: "props[?name=='Size'] | [0].value"
unit: "props[?name=='Size'] | [0].unit"
others: {read: "props[?name=='Other'].value"}""",
        obj(props=[obj(name="string", value="string?", unit="string?")]),
    )
    props = [
        {"name": "Team", "value": "t"},
        {"name": "Points", "value": "3"},
        {"name": "Other", "value": "x"},
        {"name": "Other"},
        {"name": "Other", "value": "y"},
    ]
    got = catalog.run("get", "1", responses=[{"id": "1", "props": props}]).value
    assert (got.points, got.team, got.others) == ("3", "t", ["x", "y"])
    assert catalog.run("get", "1", responses=[EMPTY]).value.points is None
    made = catalog.run("create", points="3", team="t", responses=[EMPTY])
    assert made.sent == [("POST /things", {"props": [{"name": "Points", "value": "3"}, {"name": "Team", "value": "t"}]})]
    made = catalog.run("create", points="3", team="t", unit="kg", size="9", responses=[EMPTY])
    assert made.sent[0][1]["props"] == [
        {"name": "Points", "value": "3"},
        {"name": "Team", "value": "t"},
        {"name": "Size", "value": "9", "unit": "kg"},
    ]
    changed = catalog.run("update", "1", team="t", responses=[EMPTY])
    assert changed.sent == [("PATCH /things/1", {"props": [{"name": "Team", "value": "t"}]})]
    changed = catalog.run("update", "1", size=None, unit="g", responses=[EMPTY])
    assert changed.sent == [("PATCH /things/1", {"props": [{"name": "Size", "value": None, "unit": "g"}]})]


def test_the_same_value_once_more(build: Build) -> None:
    catalog = crud(
        build,
        "timezone: {type: text}",
        "timezone: {path: start.timeZone, also_write: [end.timeZone, zone]}",
        obj(start={**obj(timeZone="string"), "nullable": True}, end={**obj(timeZone="string"), "nullable": True}, zone="string?"),
    )
    made = catalog.run("create", timezone="UTC", responses=[EMPTY])
    assert made.sent == [("POST /things", {"start": {"timeZone": "UTC"}, "end": {"timeZone": "UTC"}, "zone": "UTC"})]
    cleared = catalog.run("update", "1", timezone=None, responses=[EMPTY])
    assert cleared.sent == [("PATCH /things/1", {"start": None, "end": None, "zone": None})]
    assert catalog.run("get", "1", responses=[{"id": "1", "start": {"timeZone": "a"}, "zone": "b"}]).value.timezone == "a"


def test_clear_is_a_literal_or_never_or_the_vendors_own(build: Build) -> None:
    catalog = crud(
        build,
        "note: {type: text}\nproject_id: {type: id}\ndue: {type: date}\nlabels: {type: [text]}\nmark: {type: text}\nteams: {type: [text]}",
        """
note: {path: note, clear: ""}
project_id: {path: project, clear: never}
due: {path: due, clear: 'none'}
labels: {path: labels, clear: null}
mark: {path: x.mark, clear: ""}
teams: y.teams[].name""",
        obj(
            note="string",
            project="string",
            due="string:date",
            labels={"type": "array", "items": {"type": "string"}, "nullable": True},
            x=obj(mark="string"),
            y=obj(teams=[obj(name="string")]),
        ),
    )
    ((_, body),) = catalog.run("update", "1", note=None, due=None, labels=None, mark=None, teams=None, responses=[EMPTY]).sent
    assert body == {"note": "", "due": "none", "labels": None, "x": {"mark": ""}, "y": {"teams": []}}
    with pytest.raises(Unsupported, match="Acme cannot clear project_id"):
        catalog.run("update", "1", project_id=None)


def test_a_list_of_nothing_clears_as_none_does(build: Build) -> None:
    catalog = crud(
        build,
        "owner_ids: {type: [id]}\nnote: {type: text}",
        "owner_ids: {path: [owner], clear: never}\nnote: {path: note, clear: never}",
        obj(owner="string", note="string"),
    )
    for nothing in (None, []):
        with pytest.raises(Unsupported, match="Acme cannot clear owner_ids"):
            catalog.run("update", "1", owner_ids=nothing)
    assert catalog.run("update", "1", owner_ids=["7"], responses=[EMPTY]).sent == [("PATCH /things/1", {"owner": "7"})]


def test_clear_may_have_its_own_paths(build: Build) -> None:
    catalog = crud(
        build,
        "due: {type: date}\nteam_ids: {type: [id]}\nnote: {type: text}",
        """
due: {path: due_date, clear: {due_string: no date}}
team_ids: {read: [team.id], write: [team.id], clear: {remove.team: true, remove.quietly: false}}
note: note""",
        obj(
            due_date="string:date",
            due_string="string",
            team=obj(id="string"),
            remove=obj(team="boolean", quietly="boolean"),
            note="string?",
        ),
    )
    made = catalog.run("create", due=date(2031, 5, 6), team_ids=["7"], responses=[EMPTY])
    assert made.sent == [("POST /things", {"due_date": "2031-05-06", "team": {"id": "7"}})]
    cleared = catalog.run("update", "1", due=None, team_ids=[], responses=[EMPTY])
    assert cleared.sent == [("PATCH /things/1", {"due_string": "no date", "remove": {"team": True, "quietly": False}})]
    changed = catalog.run("update", "1", due=date(2031, 5, 6), team_ids=None, note=None, responses=[EMPTY])
    ((_, body),) = changed.sent
    assert body == {"due_date": "2031-05-06", "remove": {"team": True, "quietly": False}, "note": None}


def test_clearing_values_are_checked_at_their_path() -> None:
    def found(clear: str, fields: str = "due_date: {type: date}", more: str = "") -> list[str]:
        return [
            line[:6]
            for line in diagnostics(
                model=model(f"id: {{type: id, read_only: true}}\n{fields}", "{update: {}}"),
                document=document(
                    [call("updateThing", "PATCH /things/{thingId}", takes="Thing", returns="Thing")],
                    {"Thing": obj(id="string", due_date="string:date", note="string?", word={"type": "string", "enum": ["none"]})},
                ),
                mapping=f"""
resource: things
schema: Thing
fields:
  id: {{read: id}}
  due_date: {{path: due_date, clear: {clear}}}
{more}
operations:
  update: {{operation: updateThing, params: {{thingId: id}}, send: fields}}
""",
            )
        ]

    assert found("{word: none}") == []
    assert found("{dew: none}") == ["MAP104"]
    assert found("{word: 5}") == ["MAP202", "MAP204"]
    assert found("{word: nothing}") == ["MAP204"]
    assert found("{}") == ["MAP002"]
    assert found("{note: none}", "due_date: {type: date}\nnote: {type: text}", "  note: note") == ["MAP105"]


def test_clear_for_all_operations_of_a_vendor(build: Build) -> None:
    catalog = crud(
        build,
        "note: {type: text}\nteam: {type: text}",
        "note: note\nteam: {path: team, clear: never}",
        obj(note="string", team="string"),
        vendor='clear: ""\n',
    )
    assert catalog.run("update", "1", note=None, responses=[EMPTY]).sent == [("PATCH /things/1", {"note": ""})]
    with pytest.raises(Unsupported, match="cannot clear team"):
        catalog.run("update", "1", team=None)


def test_a_response_without_an_id_is_against_the_description(build: Build) -> None:
    catalog = crud(build, "title: {type: text, required: create}", "title: title", obj(title="string"))
    with pytest.raises(VendorProtocolError, match="lacks id"):
        catalog.run("get", "1", responses=[{"title": "T"}])
    with pytest.raises(VendorProtocolError):
        catalog.run("get", "1", responses=[{"id": "1", "title": 5}])


def test_names_that_are_not_identifiers_are_quoted(build: Build) -> None:
    catalog = crud(
        build,
        "title: {type: text, required: create}",
        """title: '"x-meta"."the title"'""",
        obj(**{"x-meta": obj(**{"the title": "string"})}),
    )
    assert catalog.run("get", "1", responses=[{"id": "1", "x-meta": {"the title": "T"}}]).value.title == "T"
    assert catalog.run("create", title="T", responses=[EMPTY]).sent == [("POST /things", {"x-meta": {"the title": "T"}})]


def test_the_location_of_the_complete_record(build: Build) -> None:
    found = diagnostics(
        model=model("id: {type: id, read_only: true}\ntitle: {type: text}", "{get: {}}"),
        document=document([], {"Thing": obj(id="string")}),
        mapping="resource: things\nschema: Thing\nfields: {id: {read: id}, title: {read: '@'}}\nunsupported: {get: none}\noperations: {}\n",
    )
    assert any(each.startswith("MAP") for each in found)
