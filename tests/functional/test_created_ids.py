"""Id of a created record in later errors of the same call: the record exists, and must be found."""

from __future__ import annotations

from typing import Any

import pytest

from tests.functional.compiled import Build, Catalog, call, document, model, obj
from unified_runtime import Forbidden, UnifiedError, VendorProtocolError

FIELDS = "id: {type: id, read_only: true}\ntitle: {type: text, required: create}\nkind: {type: text}"
CALLS = [
    call("make", "POST /things", takes=obj(title="string", kind="string"), returns=obj(made=obj(no="integer", title="string"))),
    call("makeOf", "POST /{kind}/things", takes=obj(title="string"), returns=obj(no="integer")),
    call("getThing", "GET /things/{thingNo}", returns="Thing", path_schemas={"thingNo": "integer"}),
    call("getOf", "GET /{kind}/things/{no}", returns="Thing", path_schemas={"no": "integer"}),
    call("findThings", "GET /things", query={"q": "string"}, returns=obj(found=["Thing"])),
    call("renameThing", "PUT /things/{thingNo}", takes=obj(title="string"), path_schemas={"thingNo": "integer"}),
    call("lookUp", "POST /lookup", takes=obj(number="integer"), returns="Thing"),
]
DOCUMENT = document(CALLS, {"Thing": obj(no="integer", title="string", kind="string")})
PLAIN = "{read: no}"
READ_BACK = "{operation: getThing, params: {thingNo: made.no}}"
CREATE = "  create:\n    - {operation: make, send: fields, save: {made: made}}\n"


def project(build: Build, operations: str, id: str = PLAIN) -> Catalog:
    mapping = f"resource: things\nschema: Thing\nfields:\n  id: {id}\n  title: title\n  kind: kind\nunsupported: {{update: no}}\noperations:\n{operations}\n"
    return build(None, model=model(FIELDS, "{create: {}, get: {}, update: {}}"), document=DOCUMENT, mapping=mapping)


def failed(catalog: Catalog, responses: list[Any], **given: Any) -> UnifiedError:
    with pytest.raises(UnifiedError) as caught:
        catalog.run("create", title="T", responses=responses, **given)
    return caught.value


def test_it_is_what_the_record_is_read_back_by(build: Build) -> None:
    catalog = project(build, f"  get: {{operation: getThing, params: {{thingNo: id}}}}\n{CREATE}    - {READ_BACK}\n")
    error = failed(catalog, [{"made": {"no": 7}}, 403])
    assert (type(error), error.made, [done.request for done in error.done]) == (Forbidden, "7", ["POST /things"])
    assert "the response to the create reported the record '7'" in str(error)
    assert catalog.run("create", title="T", responses=[{"made": {"no": 7}}, {"no": 7}]).value.id == "7"


def test_id_is_known_before_later_requests(build: Build) -> None:
    more = "    - {operation: renameThing, params: {thingNo: made.no, title: title}}\n"
    catalog = project(build, f"  get: {{operation: getThing, params: {{thingNo: id}}}}\n{CREATE}{more}    - {READ_BACK}\n")
    assert failed(catalog, [{"made": {"no": 7}}, 403]).made == "7"
    error = failed(catalog, [{"made": {"no": 7}}, (204, b""), 403])
    assert [(done.request, done.again) for done in error.done] == [("POST /things", True), ("PUT /things/7", False)]


def test_a_response_that_does_not_report_it(build: Build) -> None:
    catalog = project(build, f"  get: {{operation: getThing, params: {{thingNo: id}}}}\n{CREATE}    - {READ_BACK}\n")
    for response in ({"made": {}}, {}):
        error = failed(catalog, [response])
        assert (type(error), error.made, len(error.done)) == (VendorProtocolError, None, 1)
    refused = failed(catalog, [400])
    assert (refused.made, refused.done) == (None, ())


def test_one_that_is_read_through_another_operation(build: Build) -> None:
    """The operation that reads a record by its id need not be `get`: here it is a search, and an update looks the record up."""
    get = "  get: {operation: lookUp, params: {number: id}}\n"
    create = CREATE + "    - {operation: lookUp, params: {number: made.no}}\n"
    assert failed(project(build, get + create), [{"made": {"no": 7}}, 403]).made == "7"


def test_an_id_of_parts(build: Build) -> None:
    id = '{format: "{kind}/{no}", parse: {no: "{no}"}}'
    operations = "  get: {operation: getOf, params: id}\n"
    operations += "  create:\n    - {operation: makeOf, requires: [kind], params: {kind: kind}, send: [title], save: made}\n"
    operations += "    - {operation: getOf, params: {kind: kind, no: made.no}}\n"
    catalog = project(build, operations, id)
    assert failed(catalog, [{"no": 7}, 403], kind="screw").made == "screw/7"
    assert failed(catalog, [{}], kind="screw").made is None


@pytest.mark.parametrize("by", ["made.title", "title"], ids=["by-what-is-kept", "what-is-kept-is-never-used"])
def test_ids_that_nothing_reads_are_not_reported(build: Build, by: str) -> None:
    create = f"{CREATE}    - {{operation: findThings, params: {{q: {by}}}, record: 'found[0]'}}\n"
    catalog = project(build, "  get: {operation: getThing, params: {thingNo: id}}\n" + create)
    error = failed(catalog, [{"made": {"no": 7, "title": "T"}}, 403])
    assert (error.made, len(error.done)) == (None, 1)
