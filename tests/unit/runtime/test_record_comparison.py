"""Comparison of a record with its request: the id, and the text that was written."""

from __future__ import annotations

from typing import Any

import pytest

from unified import files, messages
from unified_runtime import bearer
from unified_runtime.adapter_api.response_comparison import another, differs
from unified_runtime.core.connection_registry import Connections
from unified_runtime.core.connections import Connection
from unified_runtime.core.vendors import load
from unified_runtime.execution.prepared import prepare


@pytest.mark.parametrize(
    ("requested", "found", "moves", "wanted"),
    [
        ("42", "42", False, False),
        ("42", "43", False, True),
        ("9", "10", False, True),  # numbers have no fixed length
        ("proj-7", "PROJ-7", False, False),
        ("PROJ-7", "PROJ-8", True, True),
        ("PROJ-7", "OPSX-1", True, False),  # moved to another project
        ("PROJ-7", "OPSX-1", False, True),
        ("10001", "PROJ-7", False, False),  # a key for an id
        ("me", "U024BE7LH", False, False),
        ("acme/site#7", "acme/site#8", False, True),
        ("acme/site#7", "acme/page#7", False, True),
        ("C0123456789:1700000000.000100", "C0123456789:1700000000.000200", False, True),
        ("root", "0AAbbccddeeffgghhiijj", False, False),
        ("001xx000003DGb2", "001xx000003DGb2AAG", False, False),  # the two lengths of a Salesforce id
        ("/reports/a.pdf", "id:a4ayc_80_OEAAAAAAAAAXw", False, False),
    ],
)
def test_ids_of_the_same_form_are_compared(requested: str, found: str, moves: bool, wanted: bool) -> None:
    assert another(requested, found, moves=moves) is wanted


@pytest.mark.parametrize(
    ("sent", "found", "wanted"),
    [
        ("Fix the bug", "Fix the bug", False),
        ("  Fix   the bug\n", "Fix the bug", False),
        ("Fix the bug", "Fix the bug 2", True),
        ("call 1", "call 12", True),
        ("Größe", "Gro\u0308ße", False),
        ("Tom & Jerry", "Tom &amp; Jerry", False),
        ("a < b", "a &lt; b", False),
        ("see https://x.example", "see <https://x.example>", False),  # the vendor may change markup
        ("*bold*", "bold", False),
        ("Party 🎉", "Party :tada:", False),
    ],
)
def test_texts_are_compared_after_what_vendors_do_to_them(sent: str, found: str, wanted: bool) -> None:
    assert differs(sent, found) is wanted


@pytest.mark.parametrize(
    ("operation", "given", "wanted"),
    [
        (messages.reply, {"id": "C1:1700000000.000100", "text": "x"}, None),
        (files.copy, {"id": "abc", "name": "x"}, None),
        (files.get, {"id": "abc"}, "abc"),
        (messages.get, {"id": "C1:1700000000.000100"}, "C1:1700000000.000100"),
        (messages.update, {"id": "C1:1700000000.000100", "text": "x"}, "C1:1700000000.000100"),
    ],
    ids=lambda value: getattr(value, "name", None) or "",
)
def test_a_record_made_of_another_has_an_id_of_its_own(
    operation: Any, given: dict[str, str], wanted: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reply names the message that it replies to, and a copy its source. Neither is the returned record."""
    monkeypatch.setattr("unified_runtime.execution.prepared._CHECKED", frozenset(("create", "get", "update")))
    connections, via = Connections(), "slack" if operation.resource == "messages" else "google-drive"
    connections.add(Connection(load(via), bearer("t"), {}))
    assert prepare(operation, operation.bind(given | {"via": via}), connections).requested_id == wanted
