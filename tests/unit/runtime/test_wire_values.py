"""Records in the wire format between a broker and its clients."""

from __future__ import annotations

import msgspec
import pytest

from unified.models.projects import Project
from unified_runtime import Page, VendorProtocolError
from unified_runtime.core.wire import values
from unified_runtime.core.wire.protocol import CallResponse, Found


def test_records_are_read_back() -> None:
    projects = [Project(id="1", name="Website"), Project(id="2", name="App")]
    read = values.records(msgspec.json.decode(msgspec.json.encode(values.call_response(Page(projects))), type=CallResponse), "unified")
    assert [(type(one), one.id, one.name) for one in read] == [(Project, "1", "Website"), (Project, "2", "App")]


def test_a_record_that_is_not_valid_is_a_protocol_error_and_its_values_are_not_shown() -> None:
    sent = CallResponse(type="unified.models.projects:Project", records=[Found(msgspec.Raw(b'{"id": {"secret": 1}, "name": "x"}'))])
    with pytest.raises(VendorProtocolError, match="a Project that is not valid at 'id': compare its version") as caught:
        values.records(sent, "unified")
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("name", ["os:system", "unified.models.projects:nothing", "unified.models.projects:__name__", "", "unified"])
def test_only_models_of_the_operations_package_are_loaded(name: str) -> None:
    with pytest.raises(VendorProtocolError, match="not a model here"):
        values.records(CallResponse(type=name, records=[Found(msgspec.Raw(b"{}"))]), "unified")
