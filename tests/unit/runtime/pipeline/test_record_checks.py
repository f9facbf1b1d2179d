"""The check of the returned record."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from tests.unit.runtime.pipeline.stages import OK, request, state
from unified_runtime import Unconfirmed, VendorProtocolError
from unified_runtime.core.endpoints import Retry
from unified_runtime.execution.record_checks import wrong_record


@pytest.mark.parametrize(
    ("given", "record", "error"),
    [
        ({"requested_id": "PROJ-1"}, {"id": "PROJ-1"}, None),
        ({"requested_id": "PROJ-1"}, {"id": "PROJ-2"}, VendorProtocolError),
        ({"requested_id": "PROJ-1", "redirected": True}, {"id": "PROJ-2"}, None),
        ({"requested_id": "PROJ-1", "moves": True}, {"id": "OPSX-1"}, None),
        ({"made": "PROJ-1"}, {"id": "PROJ-2"}, Unconfirmed),
        ({"written_texts": {"title": "one"}}, {"id": "1", "title": "one"}, None),
        ({"written_texts": {"title": "one"}}, {"id": "1", "title": "another"}, Unconfirmed),
        ({"written_texts": {"title": "one"}}, {"id": "1"}, None),
    ],
)
def test_the_record_must_be_the_requested_one_as_it_was_written(
    given: dict[str, Any], record: dict[str, Any], error: type[Exception] | None
) -> None:
    found = wrong_record(SimpleNamespace(**record), state(**given))
    assert (None if found is None else type(found)) is error


def test_after_a_wrong_record_no_response_of_the_call_counts() -> None:
    call = state(written_texts={"title": "one"})
    call.note_done(request(Retry.NEVER), OK)
    assert wrong_record(SimpleNamespace(id="1", title="another"), call) is not None
    assert (call.done, call.made, call.lost) == ((), None, ("POST /tasks/1",))
