"""Approved uploads: the bytes sent are the approved bytes, through the connection for which they were approved."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import unified
from tests.support.drives import Double, double_of
from tests.transfers.conftest import MIB, QUICK, noise
from tests.unit.runtime.policies import Engine, MemoryApprovals
from unified import files
from unified_runtime import ApprovalRequired, Client, Denied, PolicyEnforcer, acting, using
from unified_runtime.core.connection_registry import Connections
from unified_runtime.core.policy_decisions import Decision, PolicyRequest, allow, needs_approval
from unified_runtime.rate_limits.rate_limiter import Unlimited


def requesting(question: PolicyRequest) -> Decision:
    return allow() if question.approved or question.effect == "read" else needs_approval("a person looks")


@pytest.fixture
def double() -> Iterator[Double]:
    made = double_of("google-drive")
    with made.api.running(), made.elsewhere.running():
        yield made


class Uploading:
    """Agent whose uploads need approval."""

    def __init__(self, double: Double) -> None:
        self.saved = MemoryApprovals()
        self.double = double

    def client(self, *, rule: Callable[[PolicyRequest], Decision] = requesting, tenant: str = "default", **connection: Any) -> Client:
        connections = Connections()
        connections.tenant = tenant
        made = Client(
            connections=connections, rate_limiter=Unlimited(), settings=QUICK, policy=PolicyEnforcer(Engine(rule), approvals=self.saved)
        )
        user = connection.pop("user", None)
        found = made.connect("google-drive", unified.bearer("token"), server=self.double.servers(), user=user)
        for name, value in connection.items():
            setattr(found, name, value)
        return made

    def upload(self, content: Any, client: Client | None = None, **who: Any) -> Any:
        with using(client or self.client()), acting(agent="helper", **who):
            return files.upload(content, name="a.bin", mime_type="text/plain")

    def approve(self, content: Any) -> None:
        with pytest.raises(ApprovalRequired) as caught:
            self.upload(content)
        self.saved.approve(caught.value.approval)


@pytest.fixture
def uploading(double: Double) -> Uploading:
    return Uploading(double)


BUFFERS: dict[str, tuple[Callable[[bytes], Any], Callable[[Any, bytes], None]]] = {
    "bytearray": (bytearray, lambda buffer, data: buffer.__setitem__(slice(None), data)),
    "memoryview": (lambda data: memoryview(bytearray(data)), lambda buffer, data: buffer.__setitem__(slice(None), data)),
    "pieces": (lambda data: [data], lambda buffer, data: buffer.__setitem__(0, data)),
    "piece of a list": (lambda data: [bytearray(data)], lambda buffer, data: buffer[0].__setitem__(slice(None), data)),
}


@pytest.mark.parametrize("size", [7, 9 * MIB])
@pytest.mark.parametrize(("of", "alter"), BUFFERS.values(), ids=BUFFERS)
@pytest.mark.parametrize("phase", ["arguments", "request"])
@pytest.mark.parametrize("first", ["approved", "other"])
def test_a_buffer_that_is_altered_meanwhile_is_sent_as_approved_or_not_at_all(
    uploading: Uploading,
    double: Double,
    size: int,
    of: Callable[[bytes], Any],
    alter: Callable[[Any, bytes], None],
    phase: str,
    first: str,
) -> None:
    """The buffer is altered after the call was made and before its bytes are sent."""
    approved, other = noise(size), noise(size, seed=2)
    uploading.approve(of(approved))
    buffer = of(approved if first == "approved" else other)

    def rule(question: PolicyRequest) -> Decision:
        if question.phase == phase:
            alter(buffer, other if first == "approved" else approved)
        return requesting(question)

    if first == "other":
        with pytest.raises(ApprovalRequired):
            uploading.upload(buffer, uploading.client(rule=rule))
        assert double.contents() == 0
    else:
        made = uploading.upload(buffer, uploading.client(rule=rule))
        with using(uploading.client()):
            assert files.download(made.id).read() == approved


def test_content_that_is_not_fixed_is_not_requested(uploading: Uploading, double: Double, tmp_path: Path) -> None:
    """A stream, a file and content of which only the size is known: its bytes could differ by the time of the call."""
    data = noise(100)
    uploading.approve(data)
    (tmp_path / "a.bin").write_bytes(data)
    with (tmp_path / "a.bin").open("rb") as opened:
        for content in (tmp_path / "a.bin", opened, io.BytesIO(data), iter([data]), (part for part in [data])):
            with pytest.raises(Denied, match="cannot be bound"):
                uploading.upload(content)
    assert double.contents() == 0
    assert len(uploading.saved.pending) == 1


OTHERS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "tenant": ({"tenant": "beta"}, {}),
    "connection": ({"name": "prod"}, {}),
    "account": ({"account_id": "7"}, {}),
    "user": ({"user": "bob"}, {"user": "bob"}),
    "on behalf of": ({}, {"on_behalf_of": "bob"}),
}


@pytest.mark.parametrize(("connection", "who"), OTHERS.values(), ids=OTHERS)
def test_approved_bytes_go_through_no_other_connection(
    uploading: Uploading, double: Double, connection: dict[str, Any], who: dict[str, Any]
) -> None:
    data = noise(100)
    uploading.approve(data)
    with pytest.raises(ApprovalRequired):
        uploading.upload(data, uploading.client(**dict(connection)), **who)
    assert double.contents() == 0


def test_an_upload_in_pieces_spends_one_approval(uploading: Uploading, double: Double) -> None:
    """The parts of one upload are one call; the same upload again is another call."""
    data = noise(20 * MIB)
    uploading.approve(data)
    made = uploading.upload(data)
    with using(uploading.client()):
        assert files.download(made.id).read() == data
    with pytest.raises(ApprovalRequired):
        uploading.upload(data)
    assert double.contents() == 1
    assert uploading.saved.spent == ["a1"]
