"""Slots: a list whose elements are in numbered fields of the vendor, and fields whose text holds several."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.functional.compiled import Build, Catalog, crud, obj
from unified_runtime import InvalidInput, Unsupported

EMPTY = {"id": "1"}
PHONES = "phones: {type: [object], record: Phone, fields: {type: {type: enum, values: [work, mobile, home]}, primary: {type: boolean}, number: {type: text}}}"


def test_list_in_numbered_fields(build: Build) -> None:
    catalog = crud(
        build,
        PHONES,
        "phones: {slots: [{type: work, number: Phone}, {type: mobile, number: p.mobile}, {type: home, primary: {const: true}, number: Home}]}",
        obj(Phone="string?", Home={"type": "string", "maxLength": 4, "nullable": True}, p=obj(mobile="string?", fax="string")),
    )
    read = catalog.run("get", "1", responses=[{"id": "1", "Phone": "1", "p": {"mobile": "2"}, "Home": "3"}]).value.phones
    assert [(each.type, each.primary, each.number) for each in read] == [("work", None, "1"), ("mobile", None, "2"), ("home", True, "3")]
    assert catalog.run("get", "1", responses=[EMPTY]).value.phones == []
    phone = catalog.module("models.things").Phone
    assert catalog.run("create", phones=[phone(type="mobile", number="2")], responses=[EMPTY]).sent[0][1].get("p") == {"mobile": "2"}
    made = catalog.run("create", phones=[phone(type="work", number="1"), phone(type="home", primary=True, number="3")], responses=[EMPTY])
    assert {name: value for name, value in made.sent[0][1].items() if value not in (None, {}, {"mobile": None})} == {
        "Phone": "1",
        "Home": "3",
    }
    changed = catalog.run("update", "1", phones=[phone(type="work", number="1")], responses=[EMPTY])
    assert changed.sent == [("PATCH /things/1", {"Phone": "1", "Home": None, "p": {"mobile": None}})]
    assert catalog.run("update", "1", phones=None, responses=[EMPTY]).sent == [
        ("PATCH /things/1", {"Phone": None, "Home": None, "p": {"mobile": None}})
    ]
    with pytest.raises(Unsupported, match="no field for this one of phones"):
        catalog.run("create", phones=[phone(type="home", number="3")])
    with pytest.raises(Unsupported, match="single field for work"):
        catalog.run("create", phones=[phone(type="work", number="1"), phone(type="work", number="2")])
    with pytest.raises(InvalidInput, match="at most 4 characters"):
        catalog.run("create", phones=[phone(type="home", primary=True, number="12345")])


def test_a_new_record_is_not_sent_empty_slots(build: Build) -> None:
    catalog = crud(
        build,
        PHONES,
        "phones: {slots: [{type: work, number: Phone}, {type: mobile, number: Mobile}]}",
        obj(Phone="string", Mobile="string"),
        vendor='clear: ""\n',
        more="unsupported: {phones.type.home: it has none, phones.primary: it has none}\n",
    )
    phone = catalog.module("models.things").Phone
    assert catalog.run("create", phones=[phone(type="work", number="1")], responses=[EMPTY]).sent == [("POST /things", {"Phone": "1"})]
    assert catalog.run("update", "1", phones=[phone(type="work", number="1")], responses=[EMPTY]).sent == [
        ("PATCH /things/1", {"Phone": "1", "Mobile": ""})
    ]


# -------------------------------------------------------------------------------------------- several in one text
KINDS = ("work", "mobile", "home")
TEXTS = st.text(min_size=1, max_size=12).filter(lambda text: ";" not in text and text == text.strip())
"""Texts that a vendor returns unchanged: no separator inside, no white space around."""


def _several(build: Build) -> Catalog:
    return crud(
        build,
        PHONES,
        'phones: {slots: [{type: work, number: Phone}, {type: home, number: {path: p.others, separator: ";"}}]}',
        obj(Phone="string?", p=obj(others={"type": "string", "nullable": True, "maxLength": 80})),
        more="unsupported: {phones.type.mobile: it cannot be called on the way, phones.primary: it has none}\n",
    )


def test_field_whose_text_holds_several_values(build: Build) -> None:
    catalog = _several(build)
    phone = catalog.module("models.things").Phone
    read = catalog.run("get", "1", responses=[{"id": "1", "p": {"others": "1; 2;;3;"}}]).value.phones
    assert [(each.type, each.number) for each in read] == [("home", "1"), ("home", "2"), ("home", "3")]
    for nothing in (EMPTY, {"id": "1", "p": {}}, {"id": "1", "p": {"others": None}}, {"id": "1", "p": {"others": " ; "}}):
        assert catalog.run("get", "1", responses=[nothing]).value.phones == []
    several = [phone(type="home", number="1"), phone(type="work", number="0"), phone(type="home", number="2")]
    assert catalog.run("create", phones=several, responses=[EMPTY]).sent == [("POST /things", {"Phone": "0", "p": {"others": "1;2"}})]
    assert catalog.run("create", phones=[], responses=[EMPTY]).sent == [("POST /things", {})]
    one = catalog.run("update", "1", phones=several[1:2], responses=[EMPTY])
    assert one.sent == [("PATCH /things/1", {"Phone": "0", "p": {"others": None}})]
    none = catalog.run("update", "1", phones=None, responses=[EMPTY])
    assert none.sent == [("PATCH /things/1", {"Phone": None, "p": {"others": None}})]
    with pytest.raises(InvalidInput, match="joined by ';', so none can hold it"):
        catalog.run("create", phones=[phone(type="home", number="1;2")])
    with pytest.raises(InvalidInput, match="at most 80 characters"):
        catalog.run("create", phones=[phone(type="home", number="1" * 30)] * 3)
    with pytest.raises(Unsupported, match="no field for this one of phones: it cannot be called on the way; it has work, home"):
        catalog.run("create", phones=[phone(type="mobile", number="1")])


def test_a_list_in_slots_reads_as_it_was_written(build: Build) -> None:
    """The law of slots: an element with a slot is written and read back, in the order of the slots; one without is rejected."""
    catalog = _several(build)
    phone = catalog.module("models.things").Phone

    @settings(deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(st.sampled_from(KINDS), TEXTS), max_size=4), st.sampled_from(("create", "update")))
    def any_list(given: list[tuple[str, str]], operation: str) -> None:
        phones = [phone(type=kind, number=number) for kind, number in given]
        ids = ("1",) if operation == "update" else ()
        kinds = [kind for kind, _ in given]
        if "mobile" in kinds or kinds.count("work") > 1:
            with pytest.raises(Unsupported):
                catalog.run(operation, *ids, phones=phones)
            return
        ((_, body),) = catalog.run(operation, *ids, phones=phones, responses=[EMPTY]).sent
        read = catalog.run("get", "1", responses=[{"id": "1", **body}]).value.phones
        assert [(each.type, each.number) for each in read] == sorted(given, key=lambda each: each[0] != "work")

    any_list()
