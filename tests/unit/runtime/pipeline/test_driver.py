"""Execution of an adapter's steps."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.runtime.pipeline.stages import OK, Sent, finish, request, state
from unified_runtime import InvalidInput, NotFound, Unconfirmed, VendorProtocolError
from unified_runtime.adapter_api.steps import Steps
from unified_runtime.core.endpoints import Retry
from unified_runtime.core.messages import CreatedRecord, ExclusiveContent, Misdirected, Pause
from unified_runtime.core.responses import Response
from unified_runtime.execution.driver import drive


def test_each_request_is_sent_and_its_response_read() -> None:
    def steps() -> Steps[str]:
        first = yield request()
        second = yield request(Retry.NEVER)
        return f"{first.status} {second.status}"

    call, sent = state(), Sent()
    call.send = sent
    assert finish(drive(steps(), call)) == ("200 200", [])
    assert len(sent.requests) == 2
    assert [done.request for done in call.done] == ["POST /tasks/1"], "a read changes nothing"


def test_an_error_of_the_vendor_is_raised_in_the_adapter() -> None:
    def steps() -> Steps[str]:
        try:
            yield request()
        except NotFound:
            return "none"
        raise AssertionError("it was not raised")

    call = state()
    call.send = Sent(Response(404, (), b"{}", ""))
    assert finish(drive(steps(), call))[0] == "none"


def test_an_error_names_vendor_operation_and_what_was_executed() -> None:
    def steps() -> Steps[str]:
        yield request(Retry.NEVER)
        yield CreatedRecord("7")
        raise VendorProtocolError("not readable")

    call = state()
    call.send = Sent()
    with pytest.raises(VendorProtocolError) as found:
        finish(drive(steps(), call))
    assert (found.value.vendor, found.value.operation, found.value.made) == ("acme", "tasks.get", "7")
    assert [done.request for done in found.value.done] == ["POST /tasks/1"]
    assert not found.value.retry_safe


def test_a_pause_beyond_the_deadline_is_not_waited_for() -> None:
    def steps() -> Steps[bool]:
        pause = Pause(3600.0, 1, bounded=True)
        yield pause
        return pause.late

    assert finish(drive(steps(), state())) == (True, [])


def test_a_claim_on_an_exclusive_connection_needs_a_key() -> None:
    def steps() -> Steps[bool]:
        declared = ExclusiveContent()
        yield declared
        return declared.wanted

    assert finish(drive(steps(), state())) == (False, [])
    call = state()
    call.connection.exclusive = True
    with pytest.raises(InvalidInput, match="needs an idempotency_key"):
        finish(drive(steps(), call))
    call = state(is_only_writer=lambda: True)
    call.connection.exclusive = True
    assert finish(drive(steps(), call))[0] is True


def test_the_connection_is_given_up_if_the_record_is_that_of_another_request() -> None:
    class Task:
        id, title = "1", "another"

    def steps() -> Steps[Any]:
        yield request(Retry.NEVER)
        return Task()

    call = state(written_texts={"title": "one"})
    call.send = Sent()
    flow = drive(steps(), call)
    action = next(flow)
    assert isinstance(action, Misdirected)
    assert action.server == call.connection.server
    with pytest.raises(Unconfirmed):
        flow.send(OK)
