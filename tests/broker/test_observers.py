"""Calls through a broker as observers see them: one call in the agent's process, one with the requests in the broker."""

from __future__ import annotations

import pytest

from tests.broker.conftest import BrokerCaller
from tests.unit.runtime import tasks
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_observers import CREATED, Recorder, record_of
from tests.unit.runtime.test_statuses import ISSUE
from unified_runtime import acting, configure
from unified_runtime.core import errors


def test_both_sides_are_notified_of_a_call(caller: BrokerCaller, server: Loopback) -> None:
    server.answers(CREATED, Reply.of(ISSUE))
    observer = Recorder()
    configure(observers=observer)
    try:
        with acting(via="acme"):
            caller.run(tasks.create, title="x", project_id="P")
    finally:
        configure(observers=None)
    real, requested = observer.records  # the broker's ends first
    assert (real.through_broker, requested.through_broker) == (False, True)
    assert (real.agent, real.vendor, real.outcome, len(real.attempts)) == ("helper", "acme", "ok", 2)
    assert (requested.agent, requested.vendor, requested.outcome) == (None, "acme", "ok")
    (only,) = requested.attempts
    assert (only.method, only.endpoint, only.operation, only.status, only.vendor) == ("POST", "/v1/call", None, 200, None)
    assert real.result_bytes == only.bytes_received


def test_both_sides_are_notified_of_an_error(caller: BrokerCaller, server: Loopback) -> None:
    server.answers(Reply(404))
    observer = Recorder()
    configure(observers=observer)
    try:
        with pytest.raises(errors.NotFound):
            caller.run(tasks.get, "P-1")
    finally:
        configure(observers=None)
    real, requested = observer.records
    assert (real.outcome, requested.outcome, requested.vendor) == ("not_found", "not_found", "acme")


def test_each_page_is_a_call_on_both_sides(caller: BrokerCaller, server: Loopback) -> None:
    server.answers(Reply.of({"issues": [ISSUE], "next": "2"}), Reply.of({"issues": [ISSUE | {"key": "P-2"}]}))
    observer = Recorder()
    configure(observers=observer)
    try:
        assert len(caller.list(tasks.list)) == 2
    finally:
        configure(observers=None)
    assert [(record.through_broker, record.items) for record in observer.records] == [(False, 1), (True, 1), (False, 1), (True, 1)]


def test_a_broker_that_cannot_be_reached_is_reported(caller: BrokerCaller) -> None:
    caller.url = "http://127.0.0.1:1"
    record = record_of(caller, tasks.get, "P-1", fails=errors.Unavailable)
    assert (record.through_broker, record.outcome) == (True, "unavailable")
    assert [attempt.number for attempt in record.attempts] == [1, 2, 3, 4]
