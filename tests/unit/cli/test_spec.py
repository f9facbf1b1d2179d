"""Command `gen spec take`: facts of complete documents, and slices that are taken from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.conftest import Gen


def test_facts_are_written_and_then_slices_without_the_document(gen: Gen, project: Path) -> None:
    for name in ("openapi.yaml", "lock.json"):
        (project / "specs/acme" / name).unlink(missing_ok=True)
    first = gen("spec", "take", "acme", "getTask", "--document", "acme/api.yaml")
    assert "specs/acme/openapi.yaml" in first.stderr + first.stdout
    result = gen("spec", "take", "acme", "--all")
    assert (result.exit_code, "wrote specs/acme/facts.json.gz" in result.stderr + result.stdout) == (0, True)
    assert "no change" in (again := gen("spec", "take", "acme", "--all")).stderr + again.stdout
    (project / "documents/acme/api.yaml").unlink()
    result = gen("spec", "take", "acme", "updateTask")
    assert result.exit_code == 0, result.stderr
    assert "updateTask" in (project / "specs/acme/openapi.yaml").read_text()
    assert gen("spec", "check", "acme").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--all", "getTask"), "--all includes all operations"),
        (("--all", "--document", "other.yaml"), "there is no document other.yaml"),
        (("getTask",), "has no facts.json.gz: name the vendor's document with --document"),
    ],
)
def test_wrong_usage(gen: Gen, arguments: tuple[str, ...], message: str) -> None:
    result = gen("spec", "take", "acme", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def test_an_operation_of_no_document(gen: Gen) -> None:
    gen("spec", "take", "acme", "getTask", "--document", "acme/api.yaml")
    gen("spec", "take", "acme", "--all")
    result = gen("spec", "take", "acme", "getTaks")
    assert result.exit_code == 2
    assert "no document has getTaks: name one of acme/api.yaml with --document" in result.stderr
