"""Errors of codecs and query writers, as the caller gets them: from the tree of errors."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.runtime import tasks
from tests.unit.runtime.acme import tasks as adapter
from tests.unit.runtime.acme.models import Task
from tests.unit.runtime.callers import Caller
from tests.unit.runtime.server import Loopback, Reply
from tests.unit.runtime.test_statuses import ISSUE
from unified_runtime import Context, Steps, fetch
from unified_runtime.adapter_api.codecs import datetimes
from unified_runtime.adapter_api.query import jql
from unified_runtime.core import errors
from unified_runtime.core.operations import Adapter


def use(monkeypatch: pytest.MonkeyPatch, function: Any) -> None:
    monkeypatch.setitem(tasks.get._adapters, "acme", Adapter(function, {}))


def test_a_value_the_vendor_sends_wrongly_is_the_vendors_doing(monkeypatch: pytest.MonkeyPatch, simple: Caller, server: Loopback) -> None:
    def get(ctx: Context, id: str) -> Steps[Task]:
        issue, raw = yield from fetch(adapter.GET, path=(id,), schema=adapter.types.Issue)
        datetimes.decode("soon")
        return adapter.read_task(ctx, issue, raw)

    use(monkeypatch, get)
    server.answers(Reply.of(ISSUE))
    with pytest.raises(errors.VendorProtocolError, match="'soon' is not a date-time") as caught:
        simple.run(tasks.get, "P-1")
    assert (caught.value.vendor, caught.value.operation) == ("acme", "tasks.get")


@pytest.mark.parametrize("write", [lambda: jql.text("a\x00b"), lambda: datetimes.encode(datetimes.datetime(2026, 1, 1))])
def test_a_value_that_cannot_be_written_is_the_callers(
    monkeypatch: pytest.MonkeyPatch, simple: Caller, server: Loopback, write: Any
) -> None:
    def get(ctx: Context, id: str) -> Steps[Task]:
        write()
        issue, raw = yield from fetch(adapter.GET, path=(id,), schema=adapter.types.Issue)
        return adapter.read_task(ctx, issue, raw)

    use(monkeypatch, get)
    with pytest.raises(errors.InvalidInput) as caught:
        simple.run(tasks.get, "P-1")
    assert (caught.value.vendor, caught.value.operation) == ("acme", "tasks.get")
    assert caught.value.__context__ is None
    assert server.seen == []
    with pytest.raises(errors.InvalidInput) as planned:
        tasks.get.plan("P-1", via="acme")
    assert planned.value.message == caught.value.message
